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
    DocumentKind,
    DocumentPublished,
    EmbargoSet,
    Rest,
    manifest,
    preamble_in,
)
from dialogue.endorsement import Endorsement
from dialogue.fact import Command, Fact, Line, Moment, Personal, Prose, Refused, Words
from dialogue.mandate import Attribution, Dialogue
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


@dataclass(frozen=True)
class Candidate:
    """What an edition is to the rules of publication, whoever asks: the recorder now, or a reader of any entry.

    `call` is the handle of the call that is open on the document; objections to an editorial change of it are heard
    until `notice_until`. `assented` is whether the whole was adopted or opened for signature.
    """

    kind: DocumentKind
    attribution: Attribution
    preamble: str | None
    call: str | None
    notice_until: datetime | None
    assented: bool
    items: tuple[CandidateItem, ...]


@dataclass(frozen=True)
class CandidateItem:
    """An item of it; `notice_until` is None where nobody could sign the item by itself."""

    handle: str
    number: str
    words: str
    call: str | None
    notice_until: datetime | None
    adopted: bool


def obstacles(edition: Candidate, now: datetime) -> list[str]:
    """Every reason why an edition may not be published now; none if it may (domain.md, rules 1, 3, 6)."""
    reasons = []
    if edition.attribution == "closed":
        reasons.append("it is closed: it is for those inside, and can be circulated")
    if edition.call is not None:
        reasons.append(f"consensus call {edition.call} is open on it")
    if edition.preamble is not None:
        reasons += bracketed("the preamble", edition.preamble)
    for item in edition.items:
        if item.call is not None:
            reasons.append(f"consensus call {item.call} is open on {item.handle}")
        reasons += bracketed(f"item {item.number}", item.words)
        reasons += noticed(f"signatories of {item.handle}", item.notice_until, now)
    reasons += noticed("signatories", edition.notice_until, now)
    adopted = bool(edition.items) and all(item.adopted for item in edition.items)
    if edition.kind in NEEDS_ASSENT and not (edition.assented or adopted):
        reasons.append("it has been neither adopted nor opened for signature")
    return reasons


def bracketed(where: str, words: str) -> list[str]:
    try:
        whole(where, words)
    except Refused as refused:
        return [str(refused)]
    return []


def noticed(who: str, until: datetime | None, now: datetime) -> list[str]:
    """The reason to wait while a notice of an editorial change runs, to its last instant (domain.md, rule 1)."""
    if until is None or now > until:
        return []
    return [f"{who} may object to an editorial change until {until:%Y-%m-%d %H:%M} UTC"]


def assented(decision: UUID | None, opened: int, published: int | None, substantive: int) -> bool:
    """Whether the text that a document now has in substance was adopted as a whole, or could be signed."""
    return decision is not None or max(opened, published or 0) >= substantive


def candidate(document: Document, book: Book) -> Candidate:
    """The current edition of a document that has one."""
    assert document.versions is not None
    preamble = preamble_in(book.words(document.versions.text))
    items = [(one, book.one(Proposal, one.proposal)) for one in document.items]
    return Candidate(
        document.document_kind,
        document.attribution,
        None if preamble is None else book.words(preamble),
        called(document.call, book),
        document.notice_until,
        assented(document.decision, document.opened, document.published, document.versions.substantive),
        tuple(
            CandidateItem(
                state.handle,
                one.number,
                book.words(one.text),
                called(state.call, book),
                state.notice_until if state.opened else None,
                state.status == "adopted",
            )
            for one, state in items
        ),
    )


def called(call: UUID | None, book: Book) -> str | None:
    return None if call is None else book.one(Call, call).handle


def published(document_id: UUID, book: Book, moment: Moment) -> list[Fact]:
    document = book.one(Document, document_id)
    if document.published is not None and document.published == document.edition:
        return []
    if document.versions is None:
        raise Refused("not-ready", f"no edition of {document.handle} has been issued; issue one first")
    reasons = obstacles(candidate(document, book), moment.recorded)
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
