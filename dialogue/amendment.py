"""Amendments: proposed for a version of a text, restated, accepted into it, rejected or withdrawn.

domain.md, rule 7: an amendment names its base version; when the text has moved it merges where paragraphs
or words do not overlap, and is otherwise a conflict that says where.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Literal
from uuid import UUID

from dialogue.book import Book, State
from dialogue.call import Call
from dialogue.fact import Command, Entry, Fact, Line, Moment, Prose, Refused, Text, Words
from dialogue.mandate import Dialogue
from dialogue.meeting import in_session
from dialogue.merge import Merged, Place, merge, merge_titles
from dialogue.participant import Participant
from dialogue.proposal import Proposal, ProposalRevised, TextAmended, composed, open_text, written
from dialogue.versions import Change, title_of, version_of


@dataclass(frozen=True)
class AmendmentProposed(Fact, stream="amendment", also={"dialogue": "dialogue"}):
    """`text` is the whole text as amended; `base` the version that it amends."""

    amendment: UUID
    number: int
    proposal: UUID
    base: int
    text: Text
    title: str | None = None
    reason: str | None = None
    session: UUID | None = None


@dataclass(frozen=True)
class AmendmentRestated(Fact, stream="amendment"):
    """The same amendment, put anew for a later version: its author and history stay."""

    amendment: UUID
    base: int
    text: Text
    title: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class AmendmentAccepted(Fact, stream="amendment"):
    """`version` is the version of the text that it led to."""

    amendment: UUID
    version: int
    reason: str | None = None


@dataclass(frozen=True)
class AmendmentRejected(Fact, stream="amendment"):
    amendment: UUID
    reason: str


@dataclass(frozen=True)
class AmendmentWithdrawn(Fact, stream="amendment"):
    amendment: UUID
    reason: str | None = None


@dataclass(frozen=True)
class Amendment(State, kind="amendment", noun="amendment"):
    """`call` is the consensus call now open on it; `version` what it led to, once accepted at entry `accepted`."""

    number: int
    proposal: UUID
    base: int
    text: Text
    title: str | None = None
    by: UUID | None = None
    status: Literal["open", "accepted", "rejected", "withdrawn"] = "open"
    call: UUID | None = None
    version: int | None = None
    accepted: int | None = None

    @property
    def handle(self) -> str:
        return f"A{self.number}"


def evolve(state: Amendment | None, entry: Entry) -> Amendment:
    fact = entry.fact
    if isinstance(fact, AmendmentProposed):
        return Amendment(fact.number, fact.proposal, fact.base, fact.text, fact.title, entry.actor)
    assert state is not None
    match fact:
        case AmendmentRestated():
            return replace(state, base=fact.base, text=fact.text, title=fact.title or state.title)
        case AmendmentAccepted():
            return replace(state, status="accepted", version=fact.version, accepted=entry.number)
        case AmendmentRejected():
            return replace(state, status="rejected")
        case AmendmentWithdrawn():
            return replace(state, status="withdrawn")
    return state


@dataclass(frozen=True)
class ProposeAmendment(Command):
    """The whole text as it should read; for the current version unless `base` names an earlier one."""

    proposal: UUID
    text: Words
    base: int | None = None
    title: Line | None = None
    reason: Prose | None = None
    session: UUID | None = None


@dataclass(frozen=True)
class RestateAmendment(Command):
    amendment: UUID
    text: Words
    base: int | None = None
    title: Line | None = None
    reason: Prose | None = None


@dataclass(frozen=True)
class AcceptAmendment(Command):
    """Takes the amendment into the text; with `change` and `reason` it is ruled on in the same act."""

    amendment: UUID
    change: Change | None = None
    reason: Prose | None = None


@dataclass(frozen=True)
class RejectAmendment(Command):
    amendment: UUID
    reason: Prose


@dataclass(frozen=True)
class WithdrawAmendment(Command):
    amendment: UUID
    reason: Prose | None = None


COMMANDS = (ProposeAmendment, RestateAmendment, AcceptAmendment, RejectAmendment, WithdrawAmendment)
FACTS = (AmendmentProposed, AmendmentRestated, AmendmentAccepted, AmendmentRejected, AmendmentWithdrawn)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about amendments. Raises Refused."""
    match command:
        case ProposeAmendment():
            return proposed(command, book, moment)
        case RestateAmendment():
            return restated(command, book, moment)
        case AcceptAmendment():
            by_the_chairs(command.amendment, book)
            return accepted(command.amendment, command.reason, book)
        case RejectAmendment():
            open_amendment(command.amendment, book)
            by_the_chairs(command.amendment, book)
            return [AmendmentRejected(command.amendment, command.reason)]
        case WithdrawAmendment():
            own(open_amendment(command.amendment, book), book, moment)
            return [AmendmentWithdrawn(command.amendment, command.reason)]
    raise TypeError(command)


def by_the_chairs(amendment: UUID, book: Book) -> None:
    """Demands that in this dialogue the co-chairs decide on amendments. Raises Refused."""
    procedure = book.one(Dialogue, book.dialogue).settings.amendment.name
    if procedure != "chair":
        handle = book.one(Amendment, amendment).handle
        raise Refused("procedure", f"here amendments are decided by {procedure}: call it on {handle}")


def open_amendment(amendment: UUID, book: Book) -> Amendment:
    """The amendment, if it still waits for an answer. Raises Refused."""
    state = book.one(Amendment, amendment)
    if state.status != "open":
        raise Refused("closed", f"{state.handle} has been {state.status}; propose a new amendment")
    return state


def own(state: Amendment, book: Book, moment: Moment) -> None:
    if moment.actor != state.by and "co-chair" not in book.one(Participant, moment.actor).roles:
        raise Refused("not-yours", f"only who proposed {state.handle} may do that")


def changing(text: Text, title: str | None, proposal: Proposal, base: Text) -> None:
    """Demands that an amendment changes something. Raises Refused."""
    if text == base and title in (None, proposal.title):
        raise Refused("no-change", "that is the text as it stands; write it as it should read")


def amendable(proposal: UUID, book: Book, moment: Moment) -> Proposal:
    """The proposal, if its text may still be amended. Raises Refused.

    A text adopted by silence may be, by an amendment made before the silence ran out and entered late:
    it contests the outcome.
    """
    state = book.one(Proposal, proposal)
    if state.status == "adopted" and state.decided_by == "silence" and state.decision is not None:
        expires = book.one(Call, state.decision).expires
        if expires is not None and moment.time <= expires:
            return state
    return open_text(proposal, book)


def proposed(command: ProposeAmendment, book: Book, moment: Moment) -> list[Fact]:
    in_session(command.session, book)
    proposal = amendable(command.proposal, book, moment)
    base = proposal.versions.current if command.base is None else command.base
    text = written(command.text)
    changing(text, command.title, proposal, version_of(command.proposal, base, book).text)
    number, amendment = book.new("amendment")
    return [
        AmendmentProposed(
            amendment, number, command.proposal, base, text, command.title, command.reason, command.session
        )
    ]


def restated(command: RestateAmendment, book: Book, moment: Moment) -> list[Fact]:
    state = open_amendment(command.amendment, book)
    own(state, book, moment)
    proposal = open_text(state.proposal, book)
    base = proposal.versions.current if command.base is None else command.base
    text, title = written(command.text), command.title or state.title
    if (base, text, title) == (state.base, state.text, state.title):
        return []
    changing(text, title, proposal, version_of(state.proposal, base, book).text)
    return [AmendmentRestated(command.amendment, base, text, command.title, command.reason)]


def accepted(amendment: UUID, reason: str | None, book: Book) -> list[Fact]:
    """The acceptance, and the text's next version where the words move. Raises Refused at a conflict."""
    state = open_amendment(amendment, book)
    proposal = open_text(state.proposal, book)
    title, text = merged(state, proposal, book)
    version = proposal.versions.current
    if text == proposal.versions.text and title == proposal.title:
        return [AmendmentAccepted(amendment, version, reason)]
    moved = TextAmended(
        state.proposal, version + 1, text, amendment, state.base, title if title == state.title else None
    )
    return [AmendmentAccepted(amendment, version + 1, reason), moved]


def taken_out(amendment: UUID, why: str, book: Book) -> list[Fact]:
    """The text without an amendment whose acceptance holds no more: what it changed reads as before, the rest stays.

    Nothing, where the text did not move or has ended. Raises Refused where those words have changed since.
    """
    state = book.one(Amendment, amendment)
    proposal = book.one(Proposal, state.proposal)
    assert state.version is not None
    assert state.accepted is not None
    after = version_of(state.proposal, state.version, book)
    if after.entry < state.accepted or proposal.status in ("withdrawn", "merged", "split"):
        return []
    open_text(state.proposal, book)
    before = version_of(state.proposal, state.version - 1, book)
    outcome = merge(book.words(after.text), book.words(proposal.versions.text), book.words(before.text))
    titles = [title_of(state.proposal, number, book) for number in (state.version, state.version - 1)]
    title = merge_titles(titles[0], proposal.title, titles[1])
    if not isinstance(outcome, Merged) or isinstance(title, Place):
        raise Refused(
            "in-conflict",
            f"what {state.handle} changed in {proposal.handle} has changed again since: first give these words back "
            f"their reading in version {state.version - 1}",
            places=[asdict(place) for place in getattr(outcome, "places", ())],
            current=proposal.versions.current,
        )
    text = composed(outcome.words)
    if (text, title) == (proposal.versions.text, proposal.title):
        return []
    return [ProposalRevised(state.proposal, proposal.versions.current + 1, title, text, why)]


def merged(state: Amendment, proposal: Proposal, book: Book) -> tuple[str, Text]:
    """The current title and text with the amendment in them. Raises Refused where both changed the same words."""
    if state.base == proposal.versions.current:
        return state.title or proposal.title, Text(state.text.sha256, book.words(state.text))
    base = version_of(state.proposal, state.base, book).text
    outcome = merge(book.words(base), book.words(proposal.versions.text), book.words(state.text))
    title: str | Place = proposal.title
    if state.title is not None:
        title = merge_titles(title_of(state.proposal, state.base, book), proposal.title, state.title)
    places = [*([title] if isinstance(title, Place) else []), *(getattr(outcome, "places", ()))]
    if isinstance(outcome, Merged) and not isinstance(title, Place):
        return title, composed(outcome.words)
    where = ", ".join(f"paragraph {place.paragraph}" if place.paragraph else "the title" for place in places)
    raise Refused(
        "in-conflict",
        f"{state.handle} was made for version {state.base} of {proposal.handle}, which has changed since in the "
        f"same words ({where}); restate it for version {proposal.versions.current}",
        places=[asdict(place) for place in places],
        current=proposal.versions.current,
    )
