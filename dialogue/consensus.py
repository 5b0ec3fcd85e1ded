"""Calling for consensus, taking positions, declaring the outcome: the commands and their rules.

domain.md, rules 3 to 6 and "Decision procedures". The procedure itself is evaluated in procedure.py;
facts and states are in call.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

from dialogue.amendment import Amendment, open_amendment
from dialogue.book import Book
from dialogue.call import (
    About,
    Call,
    ConsensusCalled,
    DeadlineExtended,
    ObjectionConveyed,
    OutcomeConfirmed,
    OutcomeContested,
    Position,
    PositionTaken,
    PositionWithdrawn,
    SilenceBroken,
    position_id,
)
from dialogue.document import Document, preamble_in
from dialogue.fact import Command, Fact, Line, Moment, Prose, Refused, Text
from dialogue.issuing import unbracketed
from dialogue.mandate import Dialogue
from dialogue.meeting import under_the_rule
from dialogue.outcome import declared, late, set_aside
from dialogue.participant import Participant
from dialogue.procedure import PositionName, Procedure, Unfit, fit
from dialogue.proposal import Proposal, open_text, whole
from dialogue.ruling import Ruling
from dialogue.text import paragraphs

ENTITLED_AT_MOST = 1000  # their ids stand in one entry of at most 64 KiB
Electorate: TypeAlias = Literal["participants", "co-chairs", "steering-committee"]
ROLES_OF: dict[Electorate, frozenset[str]] = {
    "participants": frozenset({"participant", "co-chair"}),
    "co-chairs": frozenset({"co-chair"}),
    "steering-committee": frozenset({"steering-committee"}),
}
POSITION_ROLES = frozenset().union(*ROLES_OF.values())


@dataclass(frozen=True)
class CallConsensus(Command):
    """Puts a question to those entitled: named ones, or all of an electorate (all participants but observers).

    Without a procedure the dialogue's own for that kind of subject holds. A silence needs `expires`.
    """

    about: About = "text"
    proposal: UUID | None = None
    amendment: UUID | None = None
    document: UUID | None = None
    ruling: UUID | None = None
    procedure: Procedure | None = None
    entitled: tuple[UUID, ...] = ()
    electorate: Electorate = "participants"
    expires: datetime | None = None
    question: Line | None = None
    session: UUID | None = None


@dataclass(frozen=True)
class TakePosition(Command):
    call: UUID
    name: PositionName
    reason: Prose | None = None
    paragraphs: tuple[int, ...] = ()


@dataclass(frozen=True)
class WithdrawPosition(Command):
    call: UUID
    reason: Prose | None = None


@dataclass(frozen=True)
class ObjectThroughChair(Command):
    """A co-chair conveys somebody's objection: it is counted, and nobody is named."""

    call: UUID
    reason: Prose | None = None


@dataclass(frozen=True)
class ExtendDeadline(Command):
    call: UUID
    expires: datetime


@dataclass(frozen=True)
class DeclareOutcome(Command):
    """The co-chairs declare what the procedure makes of the positions; under `chair`, their own ruling."""

    call: UUID
    ruling: bool | None = None
    reason: Prose | None = None


@dataclass(frozen=True)
class ConfirmOutcome(Command):
    """A contested outcome holds all the same."""

    call: UUID
    reason: Prose


@dataclass(frozen=True)
class SetAsideOutcome(Command):
    """The outcome holds no more, and what followed from it is undone: an amendment is taken out of the text and waits
    again, a reopened text is as decided again, an overturned ruling is given anew.
    """

    call: UUID
    reason: Prose


COMMANDS = (
    CallConsensus,
    TakePosition,
    WithdrawPosition,
    ObjectThroughChair,
    ExtendDeadline,
    DeclareOutcome,
    ConfirmOutcome,
    SetAsideOutcome,
)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about a consensus call. Raises Refused."""
    if isinstance(command, CallConsensus):
        return called(command, book, moment)
    call_id: UUID = getattr(command, "call")  # noqa: B009  # every other command here names its call
    call = book.one(Call, call_id)
    match command:
        case TakePosition():
            return taken(command, call, book, moment)
        case WithdrawPosition():
            return position_withdrawn(command, call, book, moment)
        case ObjectThroughChair():
            return conveyed(command, call, book, moment)
        case ExtendDeadline():
            return extended(command, call, moment)
        case DeclareOutcome():
            undeclared(call)
            return declared(call_id, call, book, moment, command.ruling, command.reason)
        case ConfirmOutcome():
            contested(call)
            return [OutcomeConfirmed(command.call, command.reason)]
        case SetAsideOutcome():
            contested(call)
            return set_aside(command.call, command.reason, book, moment)
    raise TypeError(command)


def called(command: CallConsensus, book: Book, moment: Moment) -> list[Fact]:
    settings = book.one(Dialogue, book.dialogue).settings
    version, text, busy = subject(command, book)
    if busy is not None:
        raise Refused("call-open", f"a consensus call is open on this already: {book.one(Call, busy).handle}")
    private = under_the_rule(command.session, book)
    if command.about == "reopening":
        procedure = reopening(command, book)
    else:
        procedure = command.procedure or getattr(settings, command.about)
    entitled = command.entitled or electorate(command.electorate, book)
    for person in entitled:
        state = book.one(Participant, person)
        if not state.active:
            raise Refused("inactive", "somebody named as entitled is no longer in this dialogue")
        if not POSITION_ROLES & set(state.roles):
            raise Refused("unfit", f"N{state.number} takes part as {', '.join(state.roles)}, who take no position")
    if len(entitled) > ENTITLED_AT_MOST:
        raise Refused("too-many", f"at most {ENTITLED_AT_MOST} can be entitled in one call; name fewer")
    try:
        fit(procedure, entitled)
    except Unfit as unfit:
        raise Refused("unfit", str(unfit)) from None
    if private and procedure.name == "silence":
        raise Refused("unfit", "a silence runs in writing, not in a session under the Chatham House Rule")
    expiry(command, procedure, settings.silence_hours, moment)
    number, call = book.new("call")
    return [
        ConsensusCalled(
            call,
            number,
            command.about,
            procedure,
            entitled,
            command.proposal,
            command.amendment,
            command.document,
            command.ruling,
            version,
            text,
            command.expires,
            command.question,
            command.session,
        )
    ]


def reopening(command: CallConsensus, book: Book) -> Procedure:
    """The procedure that decided a text, which alone reopens it (domain.md, rule 3). Raises Refused for another.

    Whom a consensus-minus leaves out is named anew with each call.
    """
    assert command.proposal is not None
    state = book.one(Proposal, command.proposal)
    assert state.decision is not None
    decided = book.one(Call, state.decision).procedure
    if command.procedure is None:
        return decided
    if replace(command.procedure, excluded=decided.excluded) != decided:
        raise Refused("reopen", f"{state.handle} was adopted by {decided.name}: only that procedure reopens it")
    return command.procedure


def subject(command: CallConsensus, book: Book) -> tuple[int | None, Text | None, UUID | None]:
    """Version and digest that the call binds, and the call already open on the subject. Raises Refused."""
    named = {
        "text": command.proposal,
        "reopening": command.proposal,
        "amendment": command.amendment,
        "edition": command.document,
        "ruling": command.ruling,
        "mandate": book.dialogue,
    }[command.about]
    others = (command.proposal, command.amendment, command.document, command.ruling)
    given = sum(one is not None for one in others)
    if named is None or given != (command.about != "mandate"):
        raise Refused("unfit", f"a call about {command.about} names its one subject and nothing else")
    match command.about:
        case "text":
            proposal = open_text(named, book)
            whole(proposal.handle, book.words(proposal.versions.text))
            return proposal.versions.current, proposal.versions.text, proposal.call
        case "reopening":
            proposal = book.one(Proposal, named)
            if proposal.status != "adopted":
                raise Refused("not-decided", f"{proposal.handle} is not decided; there is nothing to reopen")
            return proposal.versions.current, proposal.versions.text, proposal.call
        case "amendment":
            amendment = open_amendment(named, book)
            open_text(amendment.proposal, book)
            return None, Text(amendment.text.sha256), amendment.call
        case "edition":
            document = book.one(Document, named)
            if document.versions is None:
                raise Refused("no-edition", f"no edition of {document.handle} has been issued yet")
            unbracketed(preamble_in(book.words(document.versions.text)), document.items, book)
            return document.versions.current, document.versions.text, document.call
        case "ruling":
            ruling = book.one(Ruling, named)
            if ruling.status != "challenged":
                raise Refused("not-challenged", f"ruling {ruling.handle} has not been challenged")
            return None, None, ruling.call
        case "mandate":
            return None, None, None


def electorate(name: Electorate, book: Book) -> tuple[UUID, ...]:
    """All who are active in one of the electorate's roles, in the order of their numbers."""
    members = (
        (person.number, id)
        for id, person in book.every(Participant)
        if person.active and ROLES_OF[name] & set(person.roles)
    )
    return tuple(id for _, id in sorted(members))


def expiry(command: CallConsensus, procedure: Procedure, hours: int, moment: Moment) -> None:
    """Demands an expiry of a silence, and that no deadline comes too soon. Raises Refused."""
    expires = command.expires
    if expires is None:
        if procedure.name == "silence":
            raise Refused("no-expiry", "a silence needs the exact instant at which it expires")
        return
    if expires <= moment.time:
        raise Refused("unfit", "the deadline lies before the call")
    if procedure.name == "silence" and expires - moment.time < timedelta(hours=hours):
        raise Refused("too-soon", f"silence lasts at least {hours} hours in this dialogue; give a later expiry")


def undeclared(call: Call) -> None:
    if call.status != "open":
        raise Refused("closed", f"consensus call {call.handle} is {call.status}; it takes nothing more")


def in_time(call: Call, moment: Moment) -> None:
    if late(call, moment):
        raise Refused("too-late", f"the deadline of {call.handle} is over")


def contested(call: Call) -> None:
    if call.status != "contested":
        raise Refused("not-contested", f"the outcome of {call.handle} is not contested; it is {call.status}")


def taken(command: TakePosition, call: Call, book: Book, moment: Moment) -> list[Fact]:
    me = moment.actor
    silence = call.procedure.name == "silence"
    after = silence and call.status in ("reached", "contested")
    if not after:
        undeclared(call)
    if me not in call.entitled:
        raise Refused("not-entitled", f"you are not among those entitled in {call.handle}")
    if silence and command.name not in ("object", "agree", "recuse"):
        raise Refused("unfit", "in a silence one objects, or keeps silent")
    if command.name == "object" and command.reason is None:
        if book.one(Dialogue, book.dialogue).settings.objection_needs_reason:
            raise Refused("no-reason", "in this dialogue an objection gives its reason")
    if command.paragraphs and command.name != "agree-dissociating":
        raise Refused("unfit", "only a dissociation names paragraphs")
    if command.name == "agree-dissociating" and not command.paragraphs:
        raise Refused("unfit", "name the paragraphs that you dissociate yourself from")
    in_the_text(command.paragraphs, call, book)
    is_late = late(call, moment)
    if not silence:
        in_time(call, moment)
    if after and not is_late and command.name != "object":
        raise Refused("closed", f"the outcome of {call.handle} is declared; only a timely objection is heard")
    position = position_id(command.call, me)
    before = book.find(Position, position)
    same = before is not None and before.name == command.name and before.late == is_late
    if same and command.reason is None and not command.paragraphs:
        return []
    fact = PositionTaken(position, command.call, command.name, me, command.reason, command.paragraphs, is_late)
    breaks = silence and command.name == "object" and not is_late
    return [fact, *(broken(command.call, call, book.next_entry) if breaks else [])]


def in_the_text(numbers: Sequence[int], call: Call, book: Book) -> None:
    """Demands that the text put to a call has paragraphs with these numbers. Raises Refused."""
    text = None
    if call.amendment is not None:
        text = book.one(Amendment, call.amendment).text
    elif call.proposal is not None:
        text = book.one(Proposal, call.proposal).versions.text
    last = len(paragraphs(book.words(text))) if numbers and text is not None else None
    for number in numbers:
        if number < 1 or (last is not None and number > last):
            bound = f" to {last}" if last is not None else ""
            raise Refused("no-paragraph", f"there is no paragraph {number}; paragraphs count from 1{bound}")


def broken(call_id: UUID, call: Call, cause: int) -> list[Fact]:
    """What a timely objection or amendment does to a silence: breaks it, or contests what was declared."""
    if call.status == "open":
        return [SilenceBroken(call_id, cause, **call.subject)]
    return [OutcomeContested(call_id, cause)] if call.status == "reached" else []


def position_withdrawn(command: WithdrawPosition, call: Call, book: Book, moment: Moment) -> list[Fact]:
    undeclared(call)
    in_time(call, moment)
    position = position_id(command.call, moment.actor)
    before = book.find(Position, position)
    if before is None:
        raise Refused("unknown", f"you have taken no position in {call.handle}")
    return [] if before.name is None else [PositionWithdrawn(position, command.call, command.reason)]


def conveyed(command: ObjectThroughChair, call: Call, book: Book, moment: Moment) -> list[Fact]:
    silence = call.procedure.name == "silence"
    if not (silence and call.status in ("reached", "contested")):
        undeclared(call)
    if command.reason is None and book.one(Dialogue, book.dialogue).settings.objection_needs_reason:
        raise Refused("no-reason", "in this dialogue an objection gives its reason")
    is_late = late(call, moment)
    if not silence:
        in_time(call, moment)
    breaks = silence and not is_late
    fact = ObjectionConveyed(command.call, command.reason, is_late)
    return [fact, *(broken(command.call, call, book.next_entry) if breaks else [])]


def extended(command: ExtendDeadline, call: Call, moment: Moment) -> list[Fact]:
    undeclared(call)
    if call.expires is None:
        raise Refused("no-expiry", f"{call.handle} has no deadline")
    if moment.time > call.expires:
        raise Refused("too-late", f"the deadline of {call.handle} is over; it can no longer be extended")
    if command.expires <= call.expires:
        raise Refused("not-later", "an extension gives a later instant than the one now set")
    return [DeadlineExtended(command.call, command.expires)]
