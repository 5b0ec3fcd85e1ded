"""Circulation: which edition went to whom and when, who acknowledged receipt, who answered what.

domain.md, rule 8: who had seen which text when the silence expired?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID, uuid5

from dialogue.book import Book, State
from dialogue.document import Document
from dialogue.fact import Command, Entry, Fact, Moment, Prose, Refused
from dialogue.participant import Participant
from dialogue.versions import version_of

ADDRESSEES_AT_MOST = 1000  # their ids stand in one entry of at most 64 KiB


@dataclass(frozen=True)
class DocumentCirculated(Fact, stream="circulation", also={"dialogue": "dialogue"}):
    circulation: UUID
    number: int
    document: UUID
    edition: int
    addressees: tuple[UUID, ...]
    note: str | None = None


@dataclass(frozen=True)
class ReceiptAcknowledged(Fact, stream="receipt"):
    receipt: UUID
    circulation: UUID
    participant: UUID


@dataclass(frozen=True)
class ResponseReceived(Fact, stream="response"):
    response: UUID
    circulation: UUID
    participant: UUID
    words: str


@dataclass(frozen=True)
class Circulation(State, kind="circulation", noun="circulation"):
    number: int
    document: UUID
    edition: int
    addressees: tuple[UUID, ...]


@dataclass(frozen=True)
class Receipt(State, kind="receipt", noun="receipt"):
    circulation: UUID
    entered: bool
    status: Literal["acknowledged", "void"] = "acknowledged"


@dataclass(frozen=True)
class Response(State, kind="response", noun="response"):
    circulation: UUID
    entered: bool
    status: Literal["received", "void"] = "received"


def evolve(state: Circulation | None, entry: Entry) -> Circulation:
    match entry.fact:
        case DocumentCirculated() as fact:
            return Circulation(fact.number, fact.document, fact.edition, fact.addressees)
    assert state is not None
    return state


def evolve_receipt(state: Receipt | None, entry: Entry) -> Receipt:
    assert isinstance(entry.fact, ReceiptAcknowledged)
    return Receipt(entry.fact.circulation, entry.recordedby != entry.actor)


def evolve_response(state: Response | None, entry: Entry) -> Response:
    assert isinstance(entry.fact, ResponseReceived)
    return Response(entry.fact.circulation, entry.recordedby != entry.actor)


@dataclass(frozen=True)
class Circulate(Command):
    """The current edition, or the one named, goes to these participants and bodies."""

    document: UUID
    addressees: tuple[UUID, ...]
    edition: int | None = None
    note: Prose | None = None


@dataclass(frozen=True)
class AcknowledgeReceipt(Command):
    circulation: UUID


@dataclass(frozen=True)
class RespondToCirculation(Command):
    circulation: UUID
    words: Prose


COMMANDS = (Circulate, AcknowledgeReceipt, RespondToCirculation)
FACTS = (DocumentCirculated, ReceiptAcknowledged, ResponseReceived)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about circulation. Raises Refused."""
    match command:
        case Circulate():
            return circulated(command, book)
        case AcknowledgeReceipt():
            addressed(command.circulation, book, moment)
            receipt = uuid5(command.circulation, f"receipt {moment.actor}")
            before = book.find(Receipt, receipt)
            if before is not None and before.status == "acknowledged":
                return []
            return [ReceiptAcknowledged(receipt, command.circulation, moment.actor)]
        case RespondToCirculation():
            addressed(command.circulation, book, moment)
            return [ResponseReceived(moment.draw(), command.circulation, moment.actor, command.words)]
    raise TypeError(command)


def circulated(command: Circulate, book: Book) -> list[Fact]:
    document = book.one(Document, command.document)
    if document.versions is None:
        raise Refused("no-edition", f"issue an edition of {document.handle} first; circulation names one")
    edition = document.edition if command.edition is None else command.edition
    version_of(command.document, edition, book)
    addressees = tuple(dict.fromkeys(command.addressees))
    if not addressees:
        raise Refused("unfit", "name at least one addressee")
    if len(addressees) > ADDRESSEES_AT_MOST:
        raise Refused("too-many", f"at most {ADDRESSEES_AT_MOST} addressees in one circulation; circulate twice")
    for addressee in addressees:
        if not book.one(Participant, addressee).active:
            raise Refused("inactive", "an addressee is no longer in this dialogue")
    number, circulation = book.new("circulation")
    return [DocumentCirculated(circulation, number, command.document, edition, addressees, command.note)]


def addressed(circulation: UUID, book: Book, moment: Moment) -> None:
    if moment.actor not in book.one(Circulation, circulation).addressees:
        raise Refused("not-addressed", "that circulation was not addressed to you")
