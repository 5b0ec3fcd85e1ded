"""Whether a document may be published and, if not, every reason why: the same rules that PublishDocument keeps.

domain.md, rules 1 to 3 and 6. What only needs care, such as an unconfirmed signature, is said besides.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dialogue.releasing import Candidate, CandidateItem, assented, obstacles
from dialogue.shape import instant
from projections.read import Reading, Row, Shown
from projections.standing import standing


def ready(reading: Reading, dialogue: UUID, document: UUID) -> Shown:
    """`ready`, the `reasons` against, the `remarks` besides, and all of it as one `sentence`."""
    row = reading.one(reading.t.documents, document, "document")
    handle = f"D{row['number']}"
    if not row["edition"]:
        return answer(handle, row, [f"no edition of {handle} has been issued"], [])
    reasons = []
    if row["published"] != row["edition"]:
        reasons = obstacles(candidate(reading, row), reading.instant(dialogue))
    return answer(handle, row, reasons, remarks(reading, dialogue, row))


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


def candidate(reading: Reading, row: Row) -> Candidate:
    """The current edition as of the entry asked for, as the rules of publication see it."""
    issued = edition_of(reading, row)
    listed: list[dict[str, Any]] = issued["items"]
    proposals = reading.several(reading.t.proposals, (one["proposal"] for one in listed))
    handles = reading.handles([row["call"], *(one["call"] for one in proposals.values())])
    preamble = issued["frame"]["preamble"]
    return Candidate(
        row["kind"],
        row["attribution"],
        reading.words(preamble) if preamble else None,
        handles.get(row["call"]),
        until(row["notice_until"]),
        assented(row["decision"], row["opened"], row["published"], row["substantive"]),
        tuple(item(reading, one, proposals[one["proposal"]], handles) for one in listed),
    )


def item(reading: Reading, one: dict[str, Any], proposal: Row, handles: dict[str, str]) -> CandidateItem:
    return CandidateItem(
        f"P{proposal['number']}",
        one["number"],
        reading.words(one["text"]),
        handles.get(proposal["call"]),
        until(proposal["notice_until"]) if proposal["opened"] else None,
        proposal["status"] == "adopted",
    )


def until(stamp: str | None) -> datetime | None:
    return None if stamp is None else instant(stamp)


def edition_of(reading: Reading, row: Row) -> Row:
    table = reading.t.editions
    query = select(table.c["items"], table.c.frame).where(
        table.c.document == row["id"], table.c.edition == row["edition"]
    )
    return dict(reading.conn.execute(query).mappings().one())


def remarks(reading: Reading, dialogue: UUID, row: Row) -> list[str]:
    """What does not stand in the way, but should be known before publishing."""
    found = []
    proposals = reading.several(reading.t.proposals, (one["proposal"] for one in edition_of(reading, row)["items"]))
    unconfirmed = sum(unconfirmed_under(reading, dialogue, one) for one in (row, *proposals.values()))
    if unconfirmed:
        found.append(f"{unconfirmed} {'signature is' if unconfirmed == 1 else 'signatures are'} unconfirmed")
    if row["embargo"] is not None and reading.instant(dialogue) < instant(row["embargo"]):
        found.append(f"under embargo, and public only from {instant(row['embargo']):%Y-%m-%d %H:%M} UTC")
    return found


def unconfirmed_under(reading: Reading, dialogue: UUID, on: Row) -> int:
    """How many signatures under a document or an item were entered for their owners, stand, and wait for their word."""
    table = reading.t.endorsements
    entered = reading.all(table, "endorsement", dialogue, parent=on["id"], where=~table.c.confirmed)
    return sum(standing(one, on["substantive"]) == "stands" for one in entered)
