"""Rulings: the co-chairs say whether a change of a text is editorial or substantive, with the reason.

domain.md, rules 1 and 9. A change that nobody ruled on is substantive. A ruling can be challenged by any
participant; it stands unless it is overturned by the dialogue's procedure, from that entry on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from dialogue.book import Book, State
from dialogue.document import Document
from dialogue.fact import Command, Entry, Fact, Moment, Prose, Refused
from dialogue.mandate import Dialogue
from dialogue.proposal import Proposal
from dialogue.versions import Change, Versions

TEXTS = {"proposal": "proposal", "document": "document"}


@dataclass(frozen=True)
class RulingGiven(Fact, stream="ruling", also={"dialogue": "dialogue", **TEXTS, "editions": "document"}):
    """`version` is the version (or edition) that the change led to. Objections to an editorial change
    are heard until `notice_until`. A change ruled editorial before may be ruled substantive after all:
    then `editions` are documents whose editions rested on it.
    """

    ruling: UUID
    number: int
    version: int
    change: Change
    reason: str
    proposal: UUID | None = None
    document: UUID | None = None
    notice_until: datetime | None = None
    editions: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class RulingChallenged(Fact, stream="ruling"):
    ruling: UUID
    reason: str


@dataclass(frozen=True)
class RulingUpheld(Fact, stream="ruling"):
    ruling: UUID
    decision: UUID | None = None


@dataclass(frozen=True)
class RulingOverturned(Fact, stream="ruling", also={**TEXTS, "editions": "document"}):
    """From here on the change is the other kind; `editions` are documents whose editions rested on it."""

    ruling: UUID
    version: int
    change: Change
    proposal: UUID | None = None
    document: UUID | None = None
    editions: tuple[UUID, ...] = ()
    decision: UUID | None = None
    notice_until: datetime | None = None


@dataclass(frozen=True)
class Ruling(State, kind="ruling", noun="ruling"):
    number: int
    version: int
    change: Change
    proposal: UUID | None = None
    document: UUID | None = None
    status: Literal["given", "challenged", "upheld", "overturned"] = "given"
    call: UUID | None = None

    @property
    def handle(self) -> str:
        return f"R{self.number}"


def evolve(state: Ruling | None, entry: Entry) -> Ruling:
    fact = entry.fact
    if isinstance(fact, RulingGiven):
        return Ruling(fact.number, fact.version, fact.change, fact.proposal, fact.document)
    assert state is not None
    match fact:
        case RulingChallenged():
            return replace(state, status="challenged")
        case RulingUpheld():
            return replace(state, status="upheld")
        case RulingOverturned():
            return replace(state, status="overturned")
    return state


def on_proposal(state: Proposal, fact: Fact) -> Proposal:
    """What a ruling does to the proposal it is about."""
    match fact:
        case RulingGiven() | RulingOverturned():
            until = later(state.notice_until, fact.notice_until)
            versions = state.versions.ruled(fact.version, fact.change, fact.notice_until)
            return replace(state, versions=versions, notice_until=until)
    return state


def on_document(state: Document, fact: Fact) -> Document:
    """What a ruling does to a document: to its own edition, or to editions that rested on an item's change.

    An edition that rested on a change found substantive stays substantive, for others may have been among them.
    """
    assert state.versions is not None
    match fact:
        case RulingGiven(document=None) | RulingOverturned(document=None):
            versions = state.versions
            for rest in state.rests if fact.change == "substantive" else ():
                if (rest.proposal, rest.version) == (fact.proposal, fact.version):
                    versions = versions.ruled(rest.edition, "substantive")
            return replace(state, versions=versions)
        case RulingGiven() | RulingOverturned():
            until = later(state.notice_until, fact.notice_until)
            versions = state.versions.ruled(fact.version, fact.change, fact.notice_until)
            return replace(state, versions=versions, notice_until=until)
    return state


@dataclass(frozen=True)
class RuleOnChange(Command):
    """On the change that led to this version of an item, or to this edition of a document; the current
    one where no version is given.
    """

    change: Change
    reason: Prose
    proposal: UUID | None = None
    document: UUID | None = None
    version: int | None = None


@dataclass(frozen=True)
class ChallengeRuling(Command):
    ruling: UUID
    reason: Prose


COMMANDS = (RuleOnChange, ChallengeRuling)
FACTS = (RulingGiven, RulingChallenged, RulingUpheld, RulingOverturned)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about rulings. Raises Refused."""
    match command:
        case RuleOnChange():
            return ruled(command, book, moment)
        case ChallengeRuling():
            ruling = book.one(Ruling, command.ruling)
            if ruling.status == "challenged":
                return []
            if ruling.status != "given":
                raise Refused("decided", f"ruling {ruling.handle} has been {ruling.status}")
            last = last_on(ruling.proposal, ruling.document, ruling.version, book)
            if last is not None and last.number != ruling.number:
                raise Refused("replaced", f"{last.handle} has taken the place of {ruling.handle}; challenge that one")
            return [RulingChallenged(command.ruling, command.reason)]
    raise TypeError(command)


def ruled(command: RuleOnChange, book: Book, moment: Moment) -> list[Fact]:
    versions = ruled_on(command, book)
    version = versions.current if command.version is None else command.version
    if not 1 < version <= versions.current:
        there = f"rule on one of the versions 2 to {versions.current}" if versions.current > 1 else "it never changed"
        raise Refused("no-version", f"no change led to version {version} of this text; {there}")
    before = last_on(command.proposal, command.document, version, book)
    if before is not None and before.status == "challenged":
        raise Refused("challenged", f"ruling {before.handle} has been challenged: call it, and the dialogue decides")
    if before is not None and before.status in ("upheld", "overturned"):
        raise Refused("decided", f"ruling {before.handle} on that change was {before.status}; it is ruled on no more")
    editorial = version in versions.editorial
    if (command.change == "editorial") == editorial and (editorial or before is not None):
        return []
    number, ruling = book.new("ruling")
    return [
        RulingGiven(
            ruling,
            number,
            version,
            command.change,
            command.reason,
            command.proposal,
            command.document,
            notice(command.change, book, moment),
            resting(command.proposal, version, book) if editorial else (),
        )
    ]


def last_on(proposal: UUID | None, document: UUID | None, version: int, book: Book) -> Ruling | None:
    """The last ruling given on the change that led to that version."""
    on = [
        ruling
        for _, ruling in book.every(Ruling)
        if (ruling.proposal, ruling.document, ruling.version) == (proposal, document, version)
    ]
    return max(on, key=lambda ruling: ruling.number, default=None)


def notice(change: Change, book: Book, moment: Moment) -> datetime | None:
    """Until when signatories may object to an editorial change; nobody has to object to a substantive one."""
    if change == "substantive":
        return None
    return moment.time + timedelta(hours=book.one(Dialogue, book.dialogue).settings.notice_hours)


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two instants; a notice that runs is never cut short by another."""
    return max((instant for instant in (one, other) if instant is not None), default=None)


def ruled_on(command: RuleOnChange, book: Book) -> Versions:
    """The versions that the ruling is about. Raises Refused."""
    if (command.proposal is None) == (command.document is None):
        raise Refused("unfit", "rule on a change of one item, or of one document")
    if command.proposal is not None:
        return book.one(Proposal, command.proposal).versions
    assert command.document is not None
    document = book.one(Document, command.document)
    if document.versions is None:
        raise Refused("no-edition", f"no edition of {document.handle} has been issued")
    return document.versions


def overturned(ruling_id: UUID, decision: UUID | None, book: Book, moment: Moment) -> RulingOverturned:
    """The ruling's opposite, from here on, with the documents whose editions rested on it."""
    ruling = book.one(Ruling, ruling_id)
    change: Change = "substantive" if ruling.change == "editorial" else "editorial"
    editions = resting(ruling.proposal, ruling.version, book) if change == "substantive" else ()
    return RulingOverturned(
        ruling_id,
        ruling.version,
        change,
        ruling.proposal,
        ruling.document,
        editions,
        decision,
        notice(change, book, moment),
    )


def given_again(ruling_id: UUID, why: str, book: Book, moment: Moment) -> RulingGiven:
    """A ruling as it was before it was overturned, given anew: it can be challenged like any other."""
    before = book.one(Ruling, ruling_id)
    number, ruling = book.new("ruling")
    rested = resting(before.proposal, before.version, book) if before.change == "substantive" else ()
    return RulingGiven(
        ruling,
        number,
        before.version,
        before.change,
        why,
        before.proposal,
        before.document,
        notice(before.change, book, moment),
        rested,
    )


def resting(proposal: UUID | None, version: int, book: Book) -> tuple[UUID, ...]:
    """The documents whose editorial editions rest on this change of an item."""
    return tuple(
        id
        for id, document in book.every(Document)
        if any((rest.proposal, rest.version) == (proposal, version) for rest in document.rests)
    )
