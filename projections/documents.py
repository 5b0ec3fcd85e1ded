"""Documents and their editions, and to whom they were circulated."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from dialogue.circulation import DocumentCirculated, ReceiptAcknowledged, ResponseReceived
from dialogue.document import (
    CorrectionIssued,
    Document,
    DocumentDrafted,
    DocumentPublished,
    EditionIssued,
    MinorityViewAttached,
)
from dialogue.fact import Entry, Unknown
from dialogue.shape import encode, stamp
from dialogue.voiding import EnteredInError
from projections.outcomes import on_text, statements
from projections.read import PAGE, Page, Reading, Row, Shown
from projections.rows import Rows
from projections.standing import ruled


def project(entry: Entry, rows: Rows) -> None:
    """What a fact changes in the documents that it moves, and among their editions."""
    table, fact = rows.t.documents, entry.fact
    if isinstance(fact, DocumentDrafted):
        rows.thing(entry, "document", fact.document, fact.number)
        state = rows.state(Document, fact.document)
        rows.add(
            table,
            entry,
            fact.document,
            number=fact.number,
            views=[],
            published_entry=None,
            stated=False,
            **columns(state),
        )
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
        "attribution": state.attribution,
        "groups": encode(state.groups),
        "edition": state.edition,
        **ruled(state.versions),
        "opened": state.opened,
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


def page(reading: Reading, dialogue: UUID, *, after: str | None = None, limit: int = PAGE) -> Page:
    """The documents, each with its latest edition and whether it is signed, published or held by an embargo."""
    rows, more = reading.page(reading.t.documents, "document", dialogue, after=after, limit=limit)
    return Page([described(reading, row) for row in rows], more)


def one(reading: Reading, document: UUID, edition: int | None = None) -> Shown:
    """One document with all its editions and the items of one, by default the latest. Raises Unknown."""
    row = reading.one(reading.t.documents, document, "document")
    shown = described(reading, row)
    chosen = row["edition"] if edition is None else edition
    issued = editions(reading, row)
    if edition is not None and edition not in {one["edition"] for one in issued}:
        raise Unknown(f"edition {edition} of D{row['number']}")
    return {
        **shown,
        "preamble": reading.words(row["preamble"]) if row["preamble"] else None,
        "acknowledgement": row["acknowledgement"],
        "disclaimer": row["disclaimer"],
        "editions": issued,
        "items": items(reading, document, chosen),
        "minority_views": views(reading, row),
        "statements": statements(reading, on_text(reading, row, chosen)),
        "circulations": circulations(reading, row),
    }


def described(reading: Reading, row: Row) -> Shown:
    people = reading.persons(row["authors"])
    handles = reading.handles([row["call"], row["decision"]])
    names = ("id", "kind", "title", "subtitle", "attribution", "edition", "substantive", "signing", "closes", "embargo",
             "published")  # fmt: skip
    return {
        "handle": f"D{row['number']}",
        "entry": row["born"],
        **{name: row[name] for name in names},
        "public": public(reading, row),
        "authors": [people[id].reference for id in row["authors"] if id in people],
        "call": handles.get(row["call"]),
        "decision": handles.get(row["decision"]),
        "decided_by": row["decided_by"],
        "notice_until": row["notice_until"],
    }


def public(reading: Reading, row: Row) -> bool:
    """Whether the document is out: published, and no embargo holds it at the instant asked for."""
    held = row["embargo"] is not None and stamp(reading.instant(row["dialogue"])) < row["embargo"]
    return row["published"] is not None and not held


def public_edition(reading: Reading, row: Row, number: int | None) -> int:
    """The edition of a document that the public reads: the one published last or, by number, one that ever was.

    Raises Unknown for one that was not, and for all of them while an embargo holds.
    """
    table = reading.t.documents
    query = select(table.c.published).where(
        table.c.id == row["id"], table.c.from_entry <= reading.bound(row["dialogue"])
    )
    wanted = row["published"] if number is None else number
    if not public(reading, row) or wanted not in set(reading.conn.execute(query).scalars()):
        raise Unknown("edition")
    return int(wanted)


def editions(reading: Reading, row: Row) -> list[Shown]:
    """The editions so far: digest, entry, and how each differs from the one before, as it is ruled on by now."""
    table = reading.t.editions
    query = (
        select(table).where(table.c.document == row["id"], table.c.edition <= row["edition"]).order_by(table.c.edition)
    )
    found = reading.conn.execute(query).mappings().all()
    times = reading.times(row["dialogue"], (one["entry"] for one in found))
    return [
        {
            "edition": one["edition"],
            "entry": one["entry"],
            "time": times[one["entry"]],
            "sha256": one["sha256"],
            "change": ("editorial" if one["edition"] in row["editorial"] else "substantive")
            if one["edition"] > 1
            else None,
            "correction": one["correction"]["reason"] if one["correction"] else None,
        }
        for one in found
    ]


def items(reading: Reading, document: UUID, edition: int) -> list[Shown]:
    """What an edition prints, in order: each item's number, theme, title, version and digest."""
    table = reading.t.editions
    query = select(table.c["items"]).where(table.c.document == str(document), table.c.edition == edition)
    listed = reading.conn.execute(query).scalar() or []
    handles = reading.handles(one["proposal"] for one in listed)
    return [
        {
            "id": one["proposal"],
            "handle": handles[one["proposal"]],
            "number": one["number"],
            "theme": one.get("theme", ""),
            "title": one["title"],
            "version": one["version"],
            "sha256": one["text"],
        }
        for one in listed
    ]


def numbers(reading: Reading, dialogue: UUID) -> dict[str, dict[str, str]]:
    """For each item its number in the latest edition of each document that prints it, the newest document first."""
    found: dict[str, dict[str, str]] = {}
    rows = list(reading.all(reading.t.documents, "document", dialogue))
    for row in reversed(rows):
        table = reading.t.editions
        query = select(table.c["items"]).where(table.c.document == row["id"], table.c.edition == row["edition"])
        for item in reading.conn.execute(query).scalar() or []:
            found.setdefault(item["proposal"], {})[f"D{row['number']}"] = item["number"]
    return found


def views(reading: Reading, row: Row) -> list[Shown]:
    """The minority views bound to a document, with who holds them."""
    people = reading.persons(holder for view in row["views"] for holder in view["holders"])
    return [
        {
            "view": view["view"],
            "title": view.get("title"),
            "words": view["words"],
            "entry": view["entry"],
            "holders": [people[holder].reference for holder in view["holders"] if holder in people],
        }
        for view in row["views"]
    ]


def circulations(reading: Reading, row: Row) -> list[Shown]:
    """To whom the document went, who acknowledged receipt, and what was answered."""
    table, answers = reading.t.circulations, reading.t.answers
    shown = []
    for sent in reading.all(table, "circulation", row["dialogue"], parent=row["id"]):
        valid = answers.c.status == "valid"
        back = [
            one
            for kind in ("receipt", "response")
            for one in reading.all(answers, kind, row["dialogue"], parent=sent["id"], where=valid)
        ]
        people = reading.persons([*sent["addressees"], *(one["participant"] for one in back)])
        shown.append(
            {
                "id": sent["id"],
                "handle": f"K{sent['number']}",
                "edition": sent["edition"],
                "sent": sent["sent"],
                "note": sent["note"],
                "addressees": [people[id].reference for id in sent["addressees"] if id in people],
                "answers": [
                    {
                        "kind": one["kind"],
                        "participant": people[one["participant"]].reference,
                        "time": one["time"],
                        "words": one["words"],
                    }
                    for one in back
                ],
            }
        )
    return shown


def published_at(reading: Reading, row: Row) -> int | None:
    """The entry that first published the text that the document now has in substance; None while it has not been."""
    if row["published"] is None or row["published"] < row["substantive"]:
        return None
    table = reading.t.documents
    first = select(func.min(table.c.from_entry)).where(
        table.c.id == row["id"],
        table.c.published >= row["substantive"],
        table.c.from_entry <= reading.bound(row["dialogue"]),
    )
    return reading.conn.execute(first).scalar()
