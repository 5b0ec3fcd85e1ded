"""A proposal, and the recommendation it becomes: one thing at two times, with numbered versions of its text.

domain.md, "Proposal and recommendation are one thing at two times". The commands are in drafting.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from dialogue.anchor import Quoted
from dialogue.book import Book, State
from dialogue.brackets import Malformed, open_brackets
from dialogue.fact import Entry, Fact, Moment, Refused, Text
from dialogue.participant import Participant
from dialogue.text import Unfit, digest, prose
from dialogue.versions import Versions

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
class Reopened:
    """What was reopened: the decision that stood until then and its procedure, and the call that reopened it."""

    call: UUID | None
    decision: UUID | None
    decided_by: str | None
    text: Text
    title: str


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
    reopened: Reopened | None = None

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
            was = Reopened(fact.decision, state.decision, state.decided_by, state.versions.text, state.title)
            return replace(state, status="open", decision=None, decided_by=None, reopened=was)
    return state


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


def written(words: str) -> Text:
    """The text, under its digest."""
    return Text(digest(words), words)


def composed(words: str) -> Text:
    """A text put together from several, tidied as if somebody had written it. Raises Refused."""
    try:
        return written(prose(words))
    except Unfit as unfit:
        raise Refused("unfit", f"the text that this leads to: {unfit}") from None


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
