"""Drafting proposals: submitting, revising, withdrawing, merging, splitting, moving: the commands and their rules.

domain.md, rules 3, 6 and 9. Facts and state are in proposal.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from dialogue.book import Book
from dialogue.fact import Command, Fact, Line, Moment, Prose, Refused, Text, Words
from dialogue.meeting import in_session
from dialogue.proposal import (
    ItemMoved,
    Proposal,
    ProposalCoSponsored,
    ProposalRevised,
    ProposalsMerged,
    ProposalSplit,
    ProposalSubmitted,
    ProposalWithdrawn,
    Sponsorship,
    TextReopened,
    open_text,
    own,
    written,
)
from dialogue.versions import current


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
