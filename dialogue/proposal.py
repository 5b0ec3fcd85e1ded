"""A proposal, and the recommendation it becomes: one thing at two times, with numbered versions of its text.

domain.md, "Proposal and recommendation are one thing at two times", rules 3, 6 and 9.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID, uuid5

from dialogue.anchor import Quoted
from dialogue.book import Book, State
from dialogue.brackets import Malformed, open_brackets
from dialogue.fact import Command, Entry, Fact, Line, Moment, Prose, Refused, Text, Words
from dialogue.meeting import in_session
from dialogue.participant import Participant
from dialogue.text import digest
from dialogue.versions import Versions, current

Status: TypeAlias = Literal["open", "adopted", "withdrawn", "merged", "split"]

NEW = {"dialogue": "dialogue"}


@dataclass(frozen=True)
class ProposalSubmitted(Fact, stream="proposal", also=NEW, versioned=True):
    proposal: UUID
    number: int
    title: str
    text: Text
    theme: str | None = None
    session: UUID | None = None
    version: int = 1


@dataclass(frozen=True)
class ProposalRevised(Fact, stream="proposal", versioned=True):
    proposal: UUID
    version: int
    title: str
    text: Text
    reason: str | None = None


@dataclass(frozen=True)
class ProposalWithdrawn(Fact, stream="proposal"):
    proposal: UUID
    reason: str | None = None


@dataclass(frozen=True)
class ProposalCoSponsored(Fact, stream="sponsorship"):
    sponsorship: UUID
    proposal: UUID
    participant: UUID


@dataclass(frozen=True)
class ProposalsMerged(Fact, stream="proposal", also={**NEW, "sources": "proposal"}, versioned=True):
    """A new proposal takes the place of two or more; their sponsors and signatures do not come along."""

    proposal: UUID
    number: int
    sources: tuple[UUID, ...]
    title: str
    text: Text
    theme: str | None = None
    reason: str | None = None
    version: int = 1


@dataclass(frozen=True)
class ProposalSplit(Fact, stream="proposal", also={**NEW, "source": "proposal"}, versioned=True):
    """One part of a proposal that was split; each part is a new proposal."""

    proposal: UUID
    number: int
    source: UUID
    title: str
    text: Text
    theme: str | None = None
    reason: str | None = None
    version: int = 1


@dataclass(frozen=True)
class ItemMoved(Fact, stream="proposal", versioned=True):
    """Moved between themes, the same words: substantive unless ruled otherwise, as a theme may name the track."""

    proposal: UUID
    theme: str
    version: int
    text: Text
    reason: str | None = None


@dataclass(frozen=True)
class TextReopened(Fact, stream="proposal"):
    proposal: UUID
    reason: str
    decision: UUID | None = None


@dataclass(frozen=True)
class TextAmended(Fact, stream="proposal", versioned=True):
    """An accepted amendment moved the text; `base` is the version that the amendment was made for."""

    proposal: UUID
    version: int
    text: Text
    amendment: UUID
    base: int
    title: str | None = None


@dataclass(frozen=True)
class Holding:
    """An alternative as it is written in the text, and the participants who hold it."""

    alternative: Quoted
    participants: tuple[UUID, ...]


@dataclass(frozen=True)
class TextBracketed(Fact, stream="proposal", versioned=True):
    """Alternatives stand open in the text; `holders` says who holds which."""

    proposal: UUID
    version: int
    text: Text
    holders: tuple[Holding, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class BracketsLifted(Fact, stream="proposal", versioned=True):
    """One bracket gave way to the alternative with this number, or to new words."""

    proposal: UUID
    version: int
    text: Text
    bracket: int
    alternative: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ItemOpenedForSignature(Fact, stream="proposal"):
    """One item may be signed by itself; without a call it is then signed, never adopted."""

    proposal: UUID
    closes: datetime | None = None


@dataclass(frozen=True)
class ItemClosedForSignature(Fact, stream="proposal"):
    proposal: UUID


@dataclass(frozen=True)
class TextCorrected(Fact, stream="proposal", versioned=True):
    """An erratum of a decided text; it comes with the ruling that it is editorial."""

    proposal: UUID
    version: int
    title: str
    text: Text
    reason: str


@dataclass(frozen=True)
class Proposal(State, kind="proposal", noun="proposal"):
    """`by` is who submitted it; `call` the consensus call now open on it; `decision` the one that adopted it.

    `opened` is whether it was ever open for signature by itself.
    """

    number: int
    title: str
    versions: Versions
    theme: str | None = None
    status: Status = "open"
    by: UUID | None = None
    call: UUID | None = None
    decision: UUID | None = None
    decided_by: str | None = None
    opened: bool = False
    signing: bool = False
    closes: datetime | None = None
    notice_until: datetime | None = None
    holders: tuple[Holding, ...] = ()

    @property
    def handle(self) -> str:
        return f"P{self.number}"


@dataclass(frozen=True)
class Sponsorship(State, kind="sponsorship", noun="co-sponsorship"):
    proposal: UUID


def evolve_sponsorship(state: Sponsorship | None, entry: Entry) -> Sponsorship:
    assert isinstance(entry.fact, ProposalCoSponsored)
    return Sponsorship(entry.fact.proposal)


def evolve(state: Proposal | None, entry: Entry) -> Proposal:
    fact = entry.fact
    match fact:
        case ProposalSubmitted() | ProposalsMerged() | ProposalSplit() if state is None:
            return Proposal(fact.number, fact.title, Versions(1, fact.text), fact.theme, by=entry.actor)
    assert state is not None
    match fact:
        case ProposalsMerged():
            return replace(state, status="merged")
        case ProposalSplit():
            return replace(state, status="split")
        case ProposalWithdrawn():
            return replace(state, status="withdrawn")
        case ProposalRevised():
            return replace(state, title=fact.title, versions=state.versions.moved(fact.text))
        case TextAmended():
            return replace(state, title=fact.title or state.title, versions=state.versions.moved(fact.text))
        case TextBracketed():
            return replace(state, versions=state.versions.moved(fact.text), holders=fact.holders)
        case BracketsLifted():
            return replace(state, versions=state.versions.moved(fact.text))
        case TextCorrected():
            return replace(state, title=fact.title, versions=state.versions.moved(fact.text))
        case ItemOpenedForSignature():
            return replace(state, opened=True, signing=True, closes=fact.closes)
        case ItemClosedForSignature():
            return replace(state, signing=False, closes=None)
        case ItemMoved():
            return replace(state, theme=fact.theme, versions=state.versions.moved(fact.text))
        case TextReopened():
            return replace(state, status="open", decision=None, decided_by=None)
    return state


@dataclass(frozen=True)
class SubmitProposal(Command):
    title: Line
    text: Words
    theme: Line | None = None
    session: UUID | None = None


@dataclass(frozen=True)
class ReviseProposal(Command):
    """The submitter's own new words; `base`, where given, must be the current version."""

    proposal: UUID
    text: Words
    title: Line | None = None
    reason: Prose | None = None
    base: int | None = None


@dataclass(frozen=True)
class WithdrawProposal(Command):
    proposal: UUID
    reason: Prose | None = None


@dataclass(frozen=True)
class CoSponsorProposal(Command):
    proposal: UUID


@dataclass(frozen=True)
class MergeProposals(Command):
    sources: tuple[UUID, ...]
    title: Line
    text: Words
    theme: Line | None = None
    reason: Prose | None = None


@dataclass(frozen=True)
class Part:
    """One part of a split proposal."""

    title: Line
    text: Words


@dataclass(frozen=True)
class SplitProposal(Command):
    proposal: UUID
    parts: tuple[Part, ...]
    reason: Prose | None = None


@dataclass(frozen=True)
class MoveItem(Command):
    proposal: UUID
    theme: Line
    reason: Prose | None = None


@dataclass(frozen=True)
class ReopenText(Command):
    """A text that the co-chairs decided alone is open again; any other decision needs a call to reopen."""

    proposal: UUID
    reason: Prose


COMMANDS = (
    SubmitProposal,
    ReviseProposal,
    WithdrawProposal,
    CoSponsorProposal,
    MergeProposals,
    SplitProposal,
    MoveItem,
    ReopenText,
)
FACTS = (
    ProposalSubmitted,
    ProposalRevised,
    ProposalWithdrawn,
    ProposalCoSponsored,
    ProposalsMerged,
    ProposalSplit,
    ItemMoved,
    TextReopened,
    TextAmended,
    TextBracketed,
    BracketsLifted,
    TextCorrected,
    ItemOpenedForSignature,
    ItemClosedForSignature,
)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about proposals. Raises Refused."""
    match command:
        case SubmitProposal():
            in_session(command.session, book)
            number, proposal = book.new("proposal")
            text = written(command.text)
            return [ProposalSubmitted(proposal, number, command.title, text, command.theme, command.session)]
        case ReviseProposal():
            return revised(command, book, moment)
        case WithdrawProposal():
            state = open_text(command.proposal, book)
            own(state, book, moment)
            return [ProposalWithdrawn(command.proposal, command.reason)]
        case CoSponsorProposal():
            return co_sponsored(command, book, moment)
        case MergeProposals():
            return merged(command, book)
        case SplitProposal():
            return split(command, book)
        case MoveItem():
            return moved(command, book)
        case ReopenText():
            return reopened(command, book)
    raise TypeError(command)


def written(words: str) -> Text:
    """The text, under its digest."""
    return Text(digest(words), words)


def open_text(proposal: UUID, book: Book) -> Proposal:
    """The proposal, if its text may still move. Raises Refused."""
    state = book.one(Proposal, proposal)
    match state.status:
        case "adopted":
            raise Refused("decided", f"{state.handle} has been adopted; its text is frozen until it is reopened")
        case "withdrawn" | "merged" | "split":
            raise Refused("closed", f"{state.handle} has been {state.status}; nothing more can be done with it")
    return state


def whole(handle: str, words: str) -> None:
    """Demands that no bracket is open in a text (domain.md, rule 6). Raises Refused, naming them."""
    try:
        brackets = open_brackets(words)
    except Malformed as malformed:
        raise Refused("brackets", f"{handle}: {malformed}") from None
    if brackets:
        raise Refused(
            "brackets",
            f"brackets are open in {handle}: {'; '.join(brackets)}; lift them first",
            brackets=list(brackets),
        )


def own(state: Proposal, book: Book, moment: Moment) -> None:
    """Demands that the actor submitted the proposal, or is a co-chair. Raises Refused."""
    if moment.actor != state.by and "co-chair" not in book.one(Participant, moment.actor).roles:
        raise Refused(
            "not-yours",
            f"only who submitted {state.handle}, or a co-chair, may do that; propose an amendment",
        )


def revised(command: ReviseProposal, book: Book, moment: Moment) -> list[Fact]:
    state = open_text(command.proposal, book)
    own(state, book, moment)
    current(state.versions, command.base)
    text, title = written(command.text), command.title or state.title
    if text == state.versions.text and title == state.title:
        return []
    return [ProposalRevised(command.proposal, state.versions.current + 1, title, text, command.reason)]


def co_sponsored(command: CoSponsorProposal, book: Book, moment: Moment) -> list[Fact]:
    state = open_text(command.proposal, book)
    if moment.actor == state.by:
        raise Refused("already", f"you submitted {state.handle} yourself")
    sponsorship = uuid5(command.proposal, f"sponsor {moment.actor}")
    if book.find(Sponsorship, sponsorship):
        return []
    return [ProposalCoSponsored(sponsorship, command.proposal, moment.actor)]


def merged(command: MergeProposals, book: Book) -> list[Fact]:
    sources = tuple(dict.fromkeys(command.sources))
    if len(sources) < 2:
        raise Refused("unfit", "a merge needs two proposals or more")
    states = [open_text(source, book) for source in sources]
    number, proposal = book.new("proposal")
    text, theme = written(command.text), command.theme or states[0].theme
    return [ProposalsMerged(proposal, number, sources, command.title, text, theme, command.reason)]


def split(command: SplitProposal, book: Book) -> list[Fact]:
    state = open_text(command.proposal, book)
    if len(command.parts) < 2:
        raise Refused("unfit", "a split needs two parts or more")
    return [
        ProposalSplit(proposal, number, command.proposal, part.title, written(part.text), state.theme, command.reason)
        for part, (number, proposal) in (
            (part, book.new("proposal", ahead)) for ahead, part in enumerate(command.parts)
        )
    ]


def moved(command: MoveItem, book: Book) -> list[Fact]:
    state = open_text(command.proposal, book)
    if state.theme == command.theme:
        return []
    text = Text(state.versions.text.sha256)
    return [ItemMoved(command.proposal, command.theme, state.versions.current + 1, text, command.reason)]


def reopened(command: ReopenText, book: Book) -> list[Fact]:
    state = book.one(Proposal, command.proposal)
    if state.status != "adopted":
        raise Refused("not-decided", f"{state.handle} is not decided; there is nothing to reopen")
    if state.decided_by != "chair":
        raise Refused(
            "reopen", f"{state.handle} was adopted by {state.decided_by}: call that procedure on reopening it"
        )
    return [TextReopened(command.proposal, command.reason, state.decision)]
