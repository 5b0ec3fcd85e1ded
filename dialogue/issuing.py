"""Drafting, issuing, opening, publishing and correcting documents: the commands and their rules.

domain.md, "Life of a dialogue", rules 1 to 3. Facts and state are in document.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dialogue.book import Book
from dialogue.document import (
    NEEDS_ASSENT,
    ClosedForSignature,
    Document,
    DocumentDrafted,
    DocumentKind,
    DocumentRevised,
    EditionIssued,
    Group,
    ItemsOrdered,
    ItemsRenumbered,
    Listed,
    MinorityViewAttached,
    Numbered,
    OpenedForSignature,
    Rest,
    manifest,
    preamble_in,
)
from dialogue.fact import Command, Fact, Line, Moment, Prose, Refused, Text, Words
from dialogue.mandate import Attribution, Dialogue
from dialogue.participant import Participant
from dialogue.proposal import (
    ItemClosedForSignature,
    ItemOpenedForSignature,
    Proposal,
    whole,
    written,
)
from dialogue.ruling import notice
from dialogue.versions import Change


@dataclass(frozen=True)
class DraftDocument(Command):
    """`authors` and `disclaimer` are those of a summary or report, which needs no call and has both.

    Without an `attribution` the dialogue's own for documents holds.
    """

    title: Line
    kind: DocumentKind = "recommendations"
    subtitle: Prose | None = None
    preamble: Words | None = None
    acknowledgement: Prose | None = None
    disclaimer: Prose | None = None
    authors: tuple[UUID, ...] = ()
    numbered: bool = True
    attribution: Attribution | None = None


@dataclass(frozen=True)
class ReviseDocument(Command):
    """New words for what stands around the items; what is not given stays."""

    document: UUID
    title: Line | None = None
    subtitle: Prose | None = None
    preamble: Words | None = None
    acknowledgement: Prose | None = None
    disclaimer: Prose | None = None
    reason: Prose | None = None


@dataclass(frozen=True)
class OrderItems(Command):
    document: UUID
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class RenumberItems(Command):
    document: UUID
    numbers: tuple[Numbered, ...]


@dataclass(frozen=True)
class AttachMinorityView(Command):
    """Words of those who do not share the document, bound to it as an annex; the actor's own without holders."""

    document: UUID
    words: Prose
    title: Line | None = None
    holders: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class IssueEdition(Command):
    document: UUID


@dataclass(frozen=True)
class OpenForSignature(Command):
    document: UUID | None = None
    proposal: UUID | None = None
    closes: datetime | None = None


@dataclass(frozen=True)
class CloseForSignature(Command):
    document: UUID | None = None
    proposal: UUID | None = None


COMMANDS = (
    DraftDocument,
    ReviseDocument,
    OrderItems,
    RenumberItems,
    AttachMinorityView,
    IssueEdition,
    OpenForSignature,
    CloseForSignature,
)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about documents. Raises Refused."""
    match command:
        case DraftDocument():
            return drafted(command, book)
        case ReviseDocument():
            return revised(command, book)
        case OrderItems():
            return ordered(command, book)
        case RenumberItems():
            return renumbered(command, book)
        case AttachMinorityView():
            document = book.one(Document, command.document)
            holders = command.holders or (moment.actor,)
            for holder in holders:
                book.one(Participant, holder)
            if moment.actor not in holders:
                raise Refused("not-yours", "a minority view is attached by one of those who hold it")
            return [MinorityViewAttached(command.document, document.views + 1, command.words, holders, command.title)]
        case IssueEdition():
            return issued(command.document, book, moment)
        case OpenForSignature():
            return opened(command, book, moment)
        case CloseForSignature():
            return closed(command, book)
    raise TypeError(command)


def drafted(command: DraftDocument, book: Book) -> list[Fact]:
    if command.kind not in NEEDS_ASSENT and not (command.authors and command.disclaimer):
        raise Refused("unfit", f"a {command.kind} names its authors and carries a disclaimer")
    for author in command.authors:
        book.one(Participant, author)
    attribution = command.attribution or book.one(Dialogue, book.dialogue).settings.documents
    number, document = book.new("document")
    return [
        DocumentDrafted(
            document,
            number,
            command.kind,
            command.title,
            command.subtitle,
            written(command.preamble) if command.preamble else None,
            command.acknowledgement,
            command.disclaimer,
            command.authors,
            command.numbered,
            None if attribution == "attributed" else attribution,
        )
    ]


def revised(command: ReviseDocument, book: Book) -> list[Fact]:
    document = book.one(Document, command.document)
    undecided(document)
    fact = DocumentRevised(
        command.document,
        command.title or document.title,
        command.subtitle or document.subtitle,
        written(command.preamble) if command.preamble else kept(document.preamble, book),
        command.acknowledgement or document.acknowledgement,
        command.disclaimer or document.disclaimer,
        command.reason,
    )
    before = DocumentRevised(
        command.document,
        document.title,
        document.subtitle,
        document.preamble,
        document.acknowledgement,
        document.disclaimer,
        command.reason,
    )
    return [] if fact == before else [fact]


def kept(text: Text | None, book: Book) -> Text | None:
    return None if text is None else Text(text.sha256, book.words(text))


def undecided(document: Document) -> None:
    """Demands that a document may change in substance (domain.md, rule 3). Raises Refused."""
    if document.decision is not None:
        raise Refused("decided", f"{document.handle} has been adopted; issue a correction instead")


def ordered(command: OrderItems, book: Book) -> list[Fact]:
    document = book.one(Document, command.document)
    undecided(document)
    items = [proposal for group in command.groups for proposal in group.items]
    if len(set(items)) < len(items):
        raise Refused("unfit", "an item stands in a document once; one of them is named twice")
    for proposal in items:
        state = book.one(Proposal, proposal)
        if state.status not in ("open", "adopted"):
            raise Refused("closed", f"{state.handle} has been {state.status}; it cannot stand in a document")
    return [] if command.groups == document.groups else [ItemsOrdered(command.document, command.groups)]


def renumbered(command: RenumberItems, book: Book) -> list[Fact]:
    document = book.one(Document, command.document)
    items = {proposal for group in document.groups for proposal in group.items}
    numbers = [one.number for one in command.numbers]
    for one in command.numbers:
        if one.proposal not in items:
            raise Refused("unknown", f"{book.one(Proposal, one.proposal).handle} is not in this document")
        if not one.number.strip() or len(one.number) > 16:
            raise Refused("unfit", "a number is up to 16 characters, such as 4 or 4 bis")
    if len(set(numbers)) < len(numbers):
        raise Refused("unfit", "two items would have the same number")
    return [] if command.numbers == document.numbers else [ItemsRenumbered(command.document, command.numbers)]


def listed(document: Document, book: Book) -> tuple[Listed, ...]:
    """The items as the next edition prints them: in order, numbered from 1 unless renumbered."""
    numbers = {one.proposal: one.number for one in document.numbers}
    items: list[Listed] = []
    for group in document.groups:
        for proposal in group.items:
            state = book.one(Proposal, proposal)
            if state.status not in ("open", "adopted"):
                raise Refused("closed", f"{state.handle} has been {state.status}; order the items anew first")
            number = numbers.get(proposal, str(len(items) + 1))
            items.append(
                Listed(
                    proposal,
                    number,
                    state.title,
                    state.versions.current,
                    Text(state.versions.text.sha256),
                    group.theme,
                )
            )
    return tuple(items)


def issued(document_id: UUID, book: Book, moment: Moment) -> list[Fact]:
    document = book.one(Document, document_id)
    items = listed(document, book)
    if not items and document.preamble is None:
        raise Refused("empty", f"{document.handle} has neither items nor a preamble; there is nothing to issue")
    edition = document.edition + 1
    text = manifest(document, edition, items)
    if document.versions is not None:
        if manifest(document, document.edition, items).sha256 == document.versions.text.sha256:
            return []
    change, rests = compared(document, edition, items, book)
    if change == "substantive":
        undecided(document)
    if document.decision is not None:
        unbracketed(document.preamble, items, book)
    until = notice(change, book, moment) if edition > 1 else None
    return [EditionIssued(document_id, edition, text, items, change, rests, until)]


def compared(
    document: Document, edition: int, items: tuple[Listed, ...], book: Book
) -> tuple[Change, tuple[Rest, ...]]:
    """What kind of change leads to this edition: editorial only if nothing but editorial changes of items,
    and their numbers, differ from the edition before; with the rulings it rests on.
    """
    if document.versions is None:
        return "substantive", ()
    before = {one.proposal: one for one in document.items}
    same_frame = manifest(document, document.edition, document.items).sha256 == document.versions.text.sha256
    if not same_frame or [(one.proposal, one.theme) for one in items] != [
        (one.proposal, one.theme) for one in document.items
    ]:
        return "substantive", ()
    rests = []
    for item in items:
        versions = book.one(Proposal, item.proposal).versions
        for version in range(before[item.proposal].version + 1, item.version + 1):
            if version not in versions.editorial:
                return "substantive", ()
            rests.append(Rest(edition, item.proposal, version))
    return "editorial", tuple(rests)


def unbracketed(preamble: Text | None, items: tuple[Listed, ...], book: Book) -> None:
    """Demands that no bracket is open in preamble and items (domain.md, rule 6). Raises Refused, naming them."""
    if preamble is not None:
        whole("the preamble", book.words(preamble))
    for item in items:
        whole(f"item {item.number}", book.words(item.text))


def opened(command: OpenForSignature, book: Book, moment: Moment) -> list[Fact]:
    if (command.document is None) == (command.proposal is None):
        raise Refused("unfit", "open one item, or one document, for signature")
    if command.closes is not None and command.closes <= moment.time:
        raise Refused("unfit", "the closing instant lies before the opening")
    if command.document is not None:
        document = book.one(Document, command.document)
        if document.versions is None:
            raise Refused("no-edition", f"issue an edition of {document.handle} first; signatures name one")
        unbracketed(preamble_in(book.words(document.versions.text)), document.items, book)
        same = document.signing and document.closes == command.closes
        return [] if same else [OpenedForSignature(command.document, command.closes)]
    assert command.proposal is not None
    proposal = book.one(Proposal, command.proposal)
    if proposal.status not in ("open", "adopted"):
        raise Refused("closed", f"{proposal.handle} has been {proposal.status}; nothing more can be done with it")
    whole(proposal.handle, book.words(proposal.versions.text))
    same = proposal.signing and proposal.closes == command.closes
    return [] if same else [ItemOpenedForSignature(command.proposal, command.closes)]


def closed(command: CloseForSignature, book: Book) -> list[Fact]:
    if (command.document is None) == (command.proposal is None):
        raise Refused("unfit", "close one item, or one document, for signature")
    if command.document is not None:
        signing = book.one(Document, command.document).signing
        return [ClosedForSignature(command.document)] if signing else []
    assert command.proposal is not None
    signing = book.one(Proposal, command.proposal).signing
    return [ItemClosedForSignature(command.proposal)] if signing else []
