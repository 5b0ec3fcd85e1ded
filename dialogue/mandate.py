"""A dialogue and its mandate: proposed with a form, granted or declined, extended, concluded.

domain.md, "Life of a dialogue". The dialogue's own settings are agreed here too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Literal, TypeAlias
from uuid import UUID

from dialogue.book import Book, State
from dialogue.fact import Command, Entry, Fact, Line, Moment, PartialDate, Prose, Refused, changed
from dialogue.participant import Invite, ParticipantInvited, invitation
from dialogue.procedure import Procedure, Unfit, sound

Attribution: TypeAlias = Literal["attributed", "chatham-house", "closed"]
Track: TypeAlias = Literal["1", "1.5", "2"]
Chairs: TypeAlias = int | Literal["any", "all"]


@dataclass(frozen=True)
class Section:
    """A headed section of a form's prose."""

    heading: Line
    text: Prose


@dataclass(frozen=True)
class Settings:
    """What a dialogue decides about itself. Periods are in hours. The defaults are those of domain.md."""

    outside_mandate: Literal["allow", "refuse"] = "allow"
    chairs: Chairs = "all"
    objection_needs_reason: bool = True
    observers_comment: bool = False
    notice_hours: int = 72
    silence_hours: int = 72
    automatic_silence: bool = False
    statement_hours: int = 168
    correction_hours: int = 168
    sessions: Attribution = "chatham-house"
    documents: Attribution = "attributed"
    attendance_public: bool = False
    batch: int = 5
    waiting_at_end: Literal["release", "destroy"] = "release"
    retention_days: int = 30
    text: Procedure = Procedure()
    amendment: Procedure = Procedure("chair")
    edition: Procedure = Procedure()
    mandate: Procedure = Procedure()
    ruling: Procedure = Procedure("majority", threshold=Fraction(1, 2))


@dataclass(frozen=True)
class DialogueProposed(Fact, stream="dialogue"):
    title: str
    track: Track
    settings: Settings
    submitted: PartialDate | None = None
    applicant: str | None = None
    meetings: int | None = None
    start: PartialDate | None = None
    end: PartialDate | None = None
    sections: tuple[Section, ...] = ()
    objectives: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    parent: UUID | None = None
    cochairs: tuple[UUID, ...] = ()
    secretariat: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class SettingsAgreed(Fact, stream="dialogue"):
    settings: Settings


@dataclass(frozen=True)
class MandateGranted(Fact, stream="dialogue"):
    """`decision` is the call that granted it, where one did."""

    start: PartialDate | None = None
    end: PartialDate | None = None
    meetings: int | None = None
    decision: UUID | None = None


@dataclass(frozen=True)
class MandateDeclined(Fact, stream="dialogue"):
    reason: str


@dataclass(frozen=True)
class MandateExtended(Fact, stream="dialogue"):
    end: PartialDate
    reason: str | None = None


@dataclass(frozen=True)
class DialogueConcluded(Fact, stream="dialogue"):
    reason: str | None = None


@dataclass(frozen=True)
class Counts:
    """The last number given of each numbered kind."""

    participant: int = 0
    meeting: int = 0
    session: int = 0
    proposal: int = 0
    amendment: int = 0
    comment: int = 0
    call: int = 0
    ruling: int = 0
    statement: int = 0
    document: int = 0
    circulation: int = 0
    joint: int = 0


@dataclass(frozen=True)
class Dialogue(State, kind="dialogue", noun="dialogue"):
    """`calls` are those that are open, `silences` those among them by silence; `decision` is the call that granted
    the mandate, if one did.
    """

    title: str
    track: Track
    settings: Settings
    status: Literal["proposed", "granted", "declined", "concluded"] = "proposed"
    start: str | None = None
    end: str | None = None
    meetings: int | None = None
    cochairs: tuple[UUID, ...] = ()
    calls: tuple[UUID, ...] = ()
    silences: tuple[UUID, ...] = ()
    counts: Counts = Counts()
    decision: UUID | None = None

    def outside_mandate(self, time: datetime) -> bool:
        """Whether an act at this time lies outside the mandate (no dates and no form: never)."""
        if self.start is None and self.end is None:
            return False
        day = time.date().isoformat()
        before = self.start is not None and day[: len(self.start)] < self.start
        after = self.end is not None and day[: len(self.end)] > self.end
        return self.status == "proposed" or before or after


def evolve(state: Dialogue | None, entry: Entry) -> Dialogue:
    fact = entry.fact
    if isinstance(fact, DialogueProposed):
        return Dialogue(
            fact.title,
            fact.track,
            fact.settings,
            start=fact.start,
            end=fact.end,
            meetings=fact.meetings,
            cochairs=fact.cochairs,
        )
    assert state is not None
    number = getattr(fact, "number", None)
    if number is not None:
        state = changed(state, counts=changed(state.counts, **{fact.stream: number}))
    if fact.stream == "participant":
        return replace(state, cochairs=chairs_after(state.cochairs, fact))
    if fact.stream != "dialogue":
        return state
    match fact:
        case SettingsAgreed():
            return replace(state, settings=fact.settings)
        case MandateGranted():
            return replace(
                state,
                status="granted",
                start=fact.start or state.start,
                end=fact.end or state.end,
                meetings=fact.meetings or state.meetings,
                decision=fact.decision,
            )
        case MandateDeclined():
            return replace(state, status="declined")
        case MandateExtended():
            return replace(state, end=fact.end)
        case DialogueConcluded():
            return replace(state, status="concluded")
    return state


def chairs_after(cochairs: tuple[UUID, ...], fact: Fact) -> tuple[UUID, ...]:
    """The co-chairs after a fact about a participant."""
    who: UUID = getattr(fact, "participant")  # noqa: B009  # every fact of that stream names its participant
    roles = getattr(fact, "roles", ())
    rest = tuple(chair for chair in cochairs if chair != who)
    if "co-chair" in roles:
        return cochairs if who in cochairs else (*rest, who)
    return rest


@dataclass(frozen=True)
class ProposeDialogue(Command):
    """The form that asks for a dialogue, with its first co-chairs and secretariat. Entered by the operator."""

    title: Line
    track: Track = "2"
    officers: tuple[Invite, ...] = ()
    settings: Settings = Settings()
    submitted: PartialDate | None = None
    applicant: Line | None = None
    meetings: int | None = None
    start: PartialDate | None = None
    end: PartialDate | None = None
    sections: tuple[Section, ...] = ()
    objectives: tuple[Prose, ...] = ()
    predecessors: tuple[Line, ...] = ()
    parent: UUID | None = None


@dataclass(frozen=True)
class AgreeSettings(Command):
    settings: Settings


@dataclass(frozen=True)
class GrantMandate(Command):
    start: PartialDate | None = None
    end: PartialDate | None = None
    meetings: int | None = None


@dataclass(frozen=True)
class DeclineMandate(Command):
    reason: Prose


@dataclass(frozen=True)
class ExtendMandate(Command):
    end: PartialDate
    reason: Prose | None = None


@dataclass(frozen=True)
class ConcludeDialogue(Command):
    reason: Prose | None = None


COMMANDS = (ProposeDialogue, AgreeSettings, GrantMandate, DeclineMandate, ExtendMandate, ConcludeDialogue)
FACTS = (
    DialogueProposed,
    SettingsAgreed,
    MandateGranted,
    MandateDeclined,
    MandateExtended,
    DialogueConcluded,
)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about the mandate. Raises Refused."""
    if isinstance(command, ProposeDialogue):
        return proposed(command, book)
    dialogue = book.one(Dialogue, book.dialogue)
    match command:
        case AgreeSettings():
            return [] if command.settings == dialogue.settings else [SettingsAgreed(checked(command.settings))]
        case GrantMandate():
            if dialogue.status != "proposed":
                raise Refused("mandate-decided", f"the mandate has been {dialogue.status} already")
            dates_in_order(command.start or dialogue.start, command.end or dialogue.end)
            return [MandateGranted(command.start, command.end, command.meetings)]
        case DeclineMandate():
            if dialogue.status != "proposed":
                raise Refused("mandate-decided", f"the mandate has been {dialogue.status} already")
            return [MandateDeclined(command.reason)]
        case ExtendMandate():
            if dialogue.status != "granted":
                raise Refused("no-mandate", "only a mandate that was granted can be extended")
            if dialogue.end is not None and last_day(command.end) <= last_day(dialogue.end):
                raise Refused("not-later", f"the mandate runs to {dialogue.end} already; give a later date")
            return [MandateExtended(command.end, command.reason)]
        case ConcludeDialogue():
            return [] if dialogue.status == "concluded" else [DialogueConcluded(command.reason)]
    raise TypeError(command)


def proposed(command: ProposeDialogue, book: Book) -> list[Fact]:
    """A dialogue's first facts: the form, and an invitation for each of its officers."""
    if book.find(Dialogue, book.dialogue):
        raise Refused("exists", "this dialogue has been proposed already")
    dates_in_order(command.start, command.end)
    if command.meetings is not None and command.meetings < 1:
        raise Refused("unfit", "the number of meetings is one or more")
    if not any("secretariat" in officer.roles for officer in command.officers):
        raise Refused("no-secretariat", "name who keeps the record: an officer with the role secretariat")
    invitations = [
        invitation(officer, *book.new("participant", ahead)) for ahead, officer in enumerate(command.officers)
    ]
    form = DialogueProposed(
        command.title,
        command.track,
        checked(command.settings),
        command.submitted,
        command.applicant,
        command.meetings,
        command.start,
        command.end,
        command.sections,
        command.objectives,
        command.predecessors,
        command.parent,
        cochairs=holding("co-chair", invitations),
        secretariat=holding("secretariat", invitations),
    )
    return [form, *invitations]


def holding(role: str, invitations: list[ParticipantInvited]) -> tuple[UUID, ...]:
    return tuple(fact.participant for fact in invitations if role in fact.roles)


def last_day(date: str) -> str:
    """A key that orders partial dates by the day on which they end: 2025 is later than 2025-06."""
    return date + "-99-99"[len(date) - 4 :]


def dates_in_order(start: str | None, end: str | None) -> None:
    if start is not None and end is not None and end < start[: len(end)]:
        raise Refused("unfit", f"the mandate would end ({end}) before it starts ({start})")


def checked(settings: Settings) -> Settings:
    """The settings, if they make sense. A period of 0 hours is allowed: then nobody is waited for."""
    for name in ("notice_hours", "silence_hours", "statement_hours", "correction_hours", "retention_days"):
        if not 0 <= getattr(settings, name) <= 24 * 366:
            raise Refused("unfit", f"{name} is at least 0 and at most a year")
    if isinstance(settings.chairs, int) and settings.chairs < 1:
        raise Refused("unfit", "at least one co-chair must act: chairs is any, all, or a number from 1")
    if not 2 <= settings.batch <= 100:
        raise Refused("unfit", "batch, the fewest contributions released together, is from 2 to 100")
    for name in ("text", "amendment", "edition", "mandate", "ruling"):
        try:
            sound(getattr(settings, name))
        except Unfit as unfit:
            raise Refused("unfit", f"{name}: {unfit}") from None
    return settings
