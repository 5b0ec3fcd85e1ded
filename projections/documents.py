"""Documents and their editions, and to whom they were circulated."""

from __future__ import annotations

from typing import Any

from dialogue.circulation import DocumentCirculated, ReceiptAcknowledged, ResponseReceived
from dialogue.document import (
    CorrectionIssued,
    Document,
    DocumentDrafted,
    DocumentPublished,
    EditionIssued,
    MinorityViewAttached,
)
from dialogue.fact import Entry
from dialogue.shape import encode, stamp
from dialogue.voiding import EnteredInError
from projections.rows import Rows


def project(entry: Entry, rows: Rows) -> None:
    """What a fact changes in the documents that it moves, and among their editions."""
    table, fact = rows.t.documents, entry.fact
    if isinstance(fact, DocumentDrafted):
        rows.thing(entry, "document", fact.document, fact.number)
        state = rows.state(Document, fact.document)
        rows.add(table, entry, fact.document, number=fact.number, views=[], published_entry=None, **columns(state))
        return
    for kind, id in entry.moves():
        if kind != "document":
            continue
        changes = columns(rows.state(Document, id))
        match fact:
            case MinorityViewAttached():
                view = encode(fact) | {"entry": entry.number}
                changes["views"] = [*rows.row(table, id)["views"], view]
            case DocumentPublished() if rows.row(table, id)["published_entry"] is None:
                changes["published_entry"] = entry.number
            case EditionIssued() | CorrectionIssued():
                edition_added(entry, rows)
        rows.revise(table, entry, id, **changes)


def columns(state: Document) -> dict[str, Any]:
    """The part of the row that is folded state."""
    return {
        "kind": state.document_kind,
        "title": state.title,
        "subtitle": state.subtitle,
        "preamble": state.preamble.sha256 if state.preamble else None,
        "acknowledgement": state.acknowledgement,
        "disclaimer": state.disclaimer,
        "authors": [str(one) for one in state.authors],
        "numbered": state.numbered,
        "groups": encode(state.groups),
        "edition": state.edition,
        "substantive": state.versions.substantive if state.versions else 0,
        "signing": state.signing,
        "closes": stamp(state.closes) if state.closes else None,
        "embargo": stamp(state.embargo) if state.embargo else None,
        "published": state.published,
        "call": state.call,
        "decision": state.decision,
        "decided_by": state.decided_by,
        "notice_until": stamp(state.notice_until) if state.notice_until else None,
    }


def edition_added(entry: Entry, rows: Rows) -> None:
    """The edition as it was issued: what stands around its items, and the items by version."""
    fact = entry.fact
    assert isinstance(fact, EditionIssued | CorrectionIssued)
    state = rows.state(Document, fact.document)
    correction = None
    if isinstance(fact, CorrectionIssued):
        about = fact.proposal or fact.endorsement
        correction = {"reason": fact.reason, "about": str(about) if about else None}
    frame = columns(state)
    rows.put(
        rows.t.editions,
        document=str(fact.document),
        edition=fact.version,
        dialogue=str(entry.dialogue),
        entry=entry.number,
        sha256=fact.text.sha256,
        frame={
            name: frame[name]
            for name in (
                "kind",
                "title",
                "subtitle",
                "preamble",
                "acknowledgement",
                "disclaimer",
                "authors",
                "numbered",
            )
        },
        items=encode(fact.items),
        change=fact.change,
        correction=correction,
        sealed=list(entry.sealed),
    )


def project_circulation(entry: Entry, rows: Rows) -> None:
    """What went to whom, and what came back."""
    fact = entry.fact
    match fact:
        case DocumentCirculated():
            rows.thing(entry, "circulation", fact.circulation, fact.number, fact.document)
            rows.add(
                rows.t.circulations,
                entry,
                fact.circulation,
                number=fact.number,
                document=fact.document,
                edition=fact.edition,
                addressees=[str(one) for one in fact.addressees],
                note=fact.note,
                sent=stamp(entry.time),
            )
        case ReceiptAcknowledged():
            answered(entry, rows, fact, None)
        case ResponseReceived():
            answered(entry, rows, fact, fact.words)
        case EnteredInError():
            for id in (fact.receipt, fact.response):
                if id is not None:
                    rows.revise(rows.t.answers, entry, id, status="void")


def answered(entry: Entry, rows: Rows, fact: ReceiptAcknowledged | ResponseReceived, words: str | None) -> None:
    if entry.version > 1:  # a receipt that was entered in error, acknowledged after all
        rows.revise(rows.t.answers, entry, entry.stream, status="valid", time=stamp(entry.time))
        return
    rows.thing(entry, fact.stream, entry.stream, entry.number, fact.circulation)
    rows.add(
        rows.t.answers,
        entry,
        entry.stream,
        kind=fact.stream,
        circulation=fact.circulation,
        participant=fact.participant,
        words=words,
        time=stamp(entry.time),
        status="valid",
    )
