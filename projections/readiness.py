"""Whether a document may be published and, if not, every reason why: the same rules that PublishDocument keeps.

domain.md, rules 1 to 3 and 6. What only needs care, such as an unconfirmed signature, is said besides.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from dialogue.brackets import Malformed, open_brackets
from dialogue.document import NEEDS_ASSENT
from dialogue.shape import instant
from projections.read import Reading, Row, Shown


def ready(reading: Reading, dialogue: UUID, document: UUID) -> Shown:
    """`ready`, the `reasons` against, the `remarks` besides, and all of it as one `sentence`."""
    row = reading.one(reading.t.documents, document, "document")
    handle = f"D{row['number']}"
    if not row["edition"]:
        return answer(handle, row, [f"no edition of {handle} has been issued"], [])
    items = edition_items(reading, document, row["edition"])
    reasons = [*calls(reading, row, items), *brackets(reading, items), *running(reading, dialogue, row)]
    if row["kind"] in NEEDS_ASSENT and not assented(reading, row, items):
        reasons.append("it has been neither adopted nor opened for signature")
    return answer(handle, row, reasons, remarks(reading, dialogue, document, row))


def answer(handle: str, row: Row, reasons: list[str], besides: list[str]) -> Shown:
    edition = f"{handle}, edition {row['edition']}" if row["edition"] else handle
    if row["published"] is not None and row["published"] == row["edition"]:
        sentence = f"{edition} has been published"
    elif reasons:
        sentence = f"{edition} may not be published yet: {'; '.join(reasons)}"
    else:
        sentence = f"{edition} may be published"
    if besides:
        sentence += f" (note: {'; '.join(besides)})"
    return {
        "document": handle,
        "edition": row["edition"],
        "ready": not reasons,
        "reasons": reasons,
        "remarks": besides,
        "sentence": sentence + ".",
    }


def edition_items(reading: Reading, document: UUID, edition: int) -> list[dict[str, Any]]:
    editions = reading.t.editions
    query = select(editions.c["items"]).where(editions.c.document == str(document), editions.c.edition == edition)
    items: list[dict[str, Any]] = reading.conn.execute(query).scalar_one()
    return items


def calls(reading: Reading, row: Row, items: list[dict[str, Any]]) -> list[str]:
    """A consensus call that is open on the document, or on one of its items."""
    proposals = reading.several(reading.t.proposals, [item["proposal"] for item in items])
    open_on = [(row["call"], "it")] if row["call"] else []
    open_on += [(p["call"], f"P{p['number']}") for p in proposals.values() if p["call"]]
    handles = reading.handles(call for call, _ in open_on)
    return [f"consensus call {handles[call]} is open on {what}" for call, what in open_on]


def brackets(reading: Reading, items: list[dict[str, Any]]) -> list[str]:
    found = []
    for item in items:
        try:
            still = open_brackets(reading.words(item["text"]))
        except Malformed as malformed:
            found.append(f"item {item['number']}: {malformed}")
        else:
            if still:
                found.append(f"brackets are open in item {item['number']}: {'; '.join(still)}")
    return found


def running(reading: Reading, dialogue: UUID, row: Row) -> list[str]:
    until = row["notice_until"]
    if until is None or reading.instant(dialogue) >= instant(until):
        return []
    return [f"signatories may object to an editorial change until {instant(until):%Y-%m-%d %H:%M} UTC"]


def assented(reading: Reading, row: Row, items: list[dict[str, Any]]) -> bool:
    if row["decision"] is not None or row["signing"] or row["published"] is not None:
        return True
    proposals = reading.several(reading.t.proposals, [item["proposal"] for item in items])
    return bool(proposals) and all(p["status"] == "adopted" for p in proposals.values())


def remarks(reading: Reading, dialogue: UUID, document: UUID, row: Row) -> list[str]:
    """What does not stand in the way, but should be known before publishing."""
    table = reading.t.endorsements
    found = []
    unconfirmed = sum(
        1
        for signature in reading.all(table, "endorsement", dialogue, parent=document, where=~table.c.confirmed)
        if signature["status"] == "given" and signature["version"] >= row["substantive"]
    )
    if unconfirmed:
        found.append(f"{unconfirmed} {'signature is' if unconfirmed == 1 else 'signatures are'} unconfirmed")
    if row["embargo"] is not None and reading.instant(dialogue) < instant(row["embargo"]):
        found.append(f"under embargo, and public only from {instant(row['embargo']):%Y-%m-%d %H:%M} UTC")
    return found
