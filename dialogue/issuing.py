"""Drafting, issuing, opening, publishing and correcting documents: the commands and their rules.

domain.md, "Life of a dialogue", rules 1 to 3. Facts and state are in document.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from dialogue.book import Book
from dialogue.call import Call
from dialogue.document import (
    NEEDS_ASSENT,
    ClosedForSignature,
    CorrectionIssued,
    Document,
    DocumentDrafted,
    DocumentKind,
    DocumentPublished,
    DocumentRevised,
    EditionIssued,
    EmbargoSet,
    Group,
    ItemsOrdered,
    ItemsRenumbered,
    Listed,
    MinorityViewAttached,
    Numbered,
    OpenedForSignature,
    Rest,
    manifest,
)
from dialogue.endorsement import Endorsement
from dialogue.fact import Command, Fact, Line, Moment, Personal, Prose, Refused, Text, Words
from dialogue.participant import Participant
from dialogue.proposal import (
    ItemClosedForSignature,
    ItemOpenedForSignature,
    Proposal,
    TextCorrected,
    whole,
    written,
)
from dialogue.ruling import RulingGiven, notice
from dialogue.versions import Change


@dataclass(frozen=True)
class DraftDocument(Command):
    """`authors` and `disclaimer` are those of a summary or report, which needs no call and has both."""

    title: Line
    kind: DocumentKind = "recommendations"
    subtitle: Prose | None = None
    preamble: Words | None = None
    acknowledgement: Prose | None = None
    disclaimer: Prose | None = None
    authors: tuple[UUID, ...] = ()
    numbered: bool = True


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


@dataclass(frozen=True)
class SetEmbargo(Command):
    document: UUID
    until: datetime


@dataclass(frozen=True)
class PublishDocument(Command):
    document: UUID


@dataclass(frozen=True)
class IssueCorrection(Command):
    """An erratum: in an item's text (`proposal` and `text`), or in a signatory's line (`endorsement`, with
    the `name` or `descriptor` as it should have read).
    """

    document: UUID
    reason: Prose
    proposal: UUID | None = None
    text: Words | None = None
    title: Line | None = None
    endorsement: UUID | None = None
    name: Personal | None = None
    descriptor: Personal | None = None


COMMANDS = (
    DraftDocument,
    ReviseDocument,
    OrderItems,
    RenumberItems,
    AttachMinorityView,
    IssueEdition,
    OpenForSignature,
    CloseForSignature,
    SetEmbargo,
    PublishDocument,
    IssueCorrection,
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
        case SetEmbargo():
            return embargoed(command, book, moment)
        case PublishDocument():
            return published(command.document, book, moment)
        case IssueCorrection():
            return corrected(command, book, moment)
    raise TypeError(command)


def drafted(command: DraftDocument, book: Book) -> list[Fact]:
    if command.kind not in NEEDS_ASSENT and not (command.authors and command.disclaimer):
        raise Refused("unfit", f"a {command.kind} names its authors and carries a disclaimer")
    for author in command.authors:
        book.one(Participant, author)
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
        unbracketed(items, book)
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


def unbracketed(items: tuple[Listed, ...], book: Book) -> None:
    """Demands that no bracket is open in the items (domain.md, rule 6). Raises Refused, naming the first."""
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
        unbracketed(document.items, book)
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


def embargoed(command: SetEmbargo, book: Book, moment: Moment) -> list[Fact]:
    document = book.one(Document, command.document)
    if document.published is not None and (document.embargo is None or document.embargo <= moment.recorded):
        raise Refused("published", f"{document.handle} is public already; an embargo comes before publication")
    return [] if document.embargo == command.until else [EmbargoSet(command.document, command.until)]


def obstacles(document_id: UUID, book: Book, moment: Moment) -> list[str]:
    """Every reason why the document may not be published now; none if it may (domain.md, rules 1, 3, 6)."""
    document = book.one(Document, document_id)
    if document.versions is None:
        return [f"no edition of {document.handle} has been issued"]
    reasons = []
    if document.call is not None:
        reasons.append(f"consensus call {book.one(Call, document.call).handle} is open on it")
    for item in document.items:
        proposal = book.one(Proposal, item.proposal)
        if proposal.call is not None:
            reasons.append(f"consensus call {book.one(Call, proposal.call).handle} is open on {proposal.handle}")
        try:
            whole(f"item {item.number}", book.words(item.text))
        except Refused as refused:
            reasons.append(str(refused))
        if proposal.opened:
            reasons += noticed(f"signatories of {proposal.handle}", proposal.notice_until, moment)
    reasons += noticed("signatories", document.notice_until, moment)
    if document.document_kind in NEEDS_ASSENT and not assented(document, book):
        reasons.append("it has been neither adopted nor opened for signature")
    return reasons


def noticed(who: str, until: datetime | None, moment: Moment) -> list[str]:
    """The reason to wait while a notice of an editorial change runs (domain.md, rule 1)."""
    if until is None or moment.recorded > until:
        return []
    return [f"{who} may object to an editorial change until {until:%Y-%m-%d %H:%M} UTC"]


def assented(document: Document, book: Book) -> bool:
    """Adopted as a whole or item by item, or opened for signature, or signed."""
    items = [book.one(Proposal, item.proposal) for item in document.items]
    adopted = bool(items) and all(item.status == "adopted" for item in items)
    return document.decision is not None or adopted or document.signing or document.published is not None


def published(document_id: UUID, book: Book, moment: Moment) -> list[Fact]:
    document = book.one(Document, document_id)
    if document.published is not None and document.published == document.edition:
        return []
    reasons = obstacles(document_id, book, moment)
    if reasons:
        raise Refused("not-ready", f"{document.handle} may not be published yet: {'; '.join(reasons)}")
    return [DocumentPublished(document_id, document.edition)]


def corrected(command: IssueCorrection, book: Book, moment: Moment) -> list[Fact]:
    document = book.one(Document, command.document)
    if document.versions is None:
        raise Refused("no-edition", f"no edition of {document.handle} has been issued; revise the draft instead")
    edition = document.edition + 1
    if command.endorsement is not None:
        return line_corrected(command, document, edition, book)
    if command.proposal is None or command.text is None:
        raise Refused("unfit", "say what is corrected: an item and its text, or a signatory's line")
    before = next((item for item in document.items if item.proposal == command.proposal), None)
    state = book.one(Proposal, command.proposal)
    if before is None:
        raise Refused("unknown", f"{state.handle} is not in this edition")
    text, title = written(command.text), command.title or state.title
    if text == state.versions.text and title == state.title:
        return []
    if before.version != state.versions.current:
        raise Refused("outdated", f"{state.handle} has changed since this edition; issue a new edition instead")
    whole(state.handle, command.text)
    version = state.versions.current + 1
    item = replace(before, title=title, version=version, text=text)
    items = tuple(item if one.proposal == command.proposal else one for one in document.items)
    number, ruling = book.new("ruling")
    second, on_edition = book.new("ruling", 1)
    change: Change = "editorial"
    until = notice(change, book, moment)
    return [
        TextCorrected(command.proposal, version, title, text, command.reason),
        RulingGiven(ruling, number, version, change, command.reason, command.proposal, None, until),
        CorrectionIssued(
            command.document,
            edition,
            manifest(document, edition, items),
            items,
            change,
            command.reason,
            command.proposal,
            rests=(Rest(edition, command.proposal, version),),
        ),
        RulingGiven(on_edition, second, edition, change, command.reason, None, command.document, until),
    ]


def line_corrected(command: IssueCorrection, document: Document, edition: int, book: Book) -> list[Fact]:
    assert command.endorsement is not None
    signature = book.one(Endorsement, command.endorsement)
    if signature.document != command.document:
        raise Refused("unknown", "that signature does not stand under this document")
    if command.name is None and command.descriptor is None:
        raise Refused("unfit", "give the name or the descriptor as it should have read")
    who = signature.participant
    return [
        CorrectionIssued(
            command.document,
            edition,
            manifest(document, edition, document.items),
            document.items,
            "editorial",
            command.reason,
            endorsement=command.endorsement,
            name=command.name.of(who) if command.name else None,
            descriptor=command.descriptor.of(who) if command.descriptor else None,
        )
    ]
