"""Embargo, publication and corrections of documents: the commands and their rules.

domain.md, "Life of a dialogue", rules 1 to 3. Facts and state are in document.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from dialogue.book import Book
from dialogue.call import Call
from dialogue.document import (
    NEEDS_ASSENT,
    CorrectionIssued,
    Document,
    DocumentPublished,
    EmbargoSet,
    Rest,
    manifest,
)
from dialogue.endorsement import Endorsement
from dialogue.fact import Command, Fact, Line, Moment, Personal, Prose, Refused, Words
from dialogue.mandate import Dialogue
from dialogue.proposal import (
    Proposal,
    TextCorrected,
    whole,
    written,
)
from dialogue.ruling import RulingGiven, notice
from dialogue.versions import Change


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


COMMANDS = (SetEmbargo, PublishDocument, IssueCorrection)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about publication. Raises Refused."""
    match command:
        case SetEmbargo():
            return embargoed(command, book, moment)
        case PublishDocument():
            return published(command.document, book, moment)
        case IssueCorrection():
            return corrected(command, book, moment)
    raise TypeError(command)


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
    if document.attribution == "closed":
        reasons.append("it is closed: it is for those inside, and can be circulated")
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
    heard(document, book, moment)
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


def heard(document: Document, book: Book, moment: Moment) -> None:
    """Demands that corrections of a summary or report are still heard (domain.md, "Life of a dialogue").

    Raises Refused once the period after its edition is over. What was adopted or signed is corrected at any time.
    """
    hours = book.one(Dialogue, book.dialogue).settings.correction_hours
    if document.document_kind in NEEDS_ASSENT or document.issued is None:
        return
    if moment.time > document.issued + timedelta(hours=hours):
        raise Refused(
            "too-late",
            f"corrections of {document.handle} were heard for {hours} hours after its edition; "
            "give the time and basis if this one was asked for in time, or issue a new edition",
        )


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
