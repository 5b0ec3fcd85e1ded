"""Amendments: proposed, restated, answered."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import ColumnElement, select

from dialogue.amendment import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentRejected,
    AmendmentRestated,
    AmendmentWithdrawn,
)
from dialogue.call import OutcomeSetAside
from dialogue.fact import Entry
from dialogue.merge import Conflicted, Place, merge, merge_titles
from projections.compare import as_data, compare
from projections.outcomes import statements
from projections.outdated import words as words_of
from projections.read import PAGE, Page, Reading, Row, Shown
from projections.rows import Rows


def project(entry: Entry, rows: Rows) -> None:
    """What a fact about an amendment changes."""
    table, fact = rows.t.amendments, entry.fact
    match fact:
        case AmendmentProposed():
            rows.thing(entry, "amendment", fact.amendment, fact.number, fact.proposal)
            rows.add(
                table,
                entry,
                fact.amendment,
                number=fact.number,
                proposal=fact.proposal,
                status="open",
                base=fact.base,
                sha256=fact.text.sha256,
                title=fact.title,
                reason=fact.reason,
                answer=None,
                by=entry.actor,
                version=None,
                restated=0,
            )
        case AmendmentRestated():
            row = rows.row(table, fact.amendment)
            rows.revise(
                table,
                entry,
                fact.amendment,
                base=fact.base,
                sha256=fact.text.sha256,
                title=fact.title or row["title"],
                reason=fact.reason or row["reason"],
                restated=row["restated"] + 1,
            )
        case AmendmentAccepted():
            rows.revise(table, entry, fact.amendment, status="accepted", version=fact.version, answer=fact.reason)
        case AmendmentRejected():
            rows.revise(table, entry, fact.amendment, status="rejected", answer=fact.reason)
        case AmendmentWithdrawn():
            rows.revise(table, entry, fact.amendment, status="withdrawn", answer=fact.reason)
        case OutcomeSetAside() if fact.amendment is not None:
            rows.revise(table, entry, fact.amendment, status="open", version=None, answer=None)


def page(
    reading: Reading,
    dialogue: UUID,
    *,
    proposal: UUID | None = None,
    after: str | None = None,
    limit: int = PAGE,
    where: ColumnElement[bool] | None = None,
) -> Page:
    """The amendments of the dialogue, or of one item. An open one that no longer merges is `in conflict`."""
    table = reading.t.amendments
    rows, more = reading.page(table, "amendment", dialogue, parent=proposal, after=after, limit=limit, where=where)
    return Page(described(reading, rows), more)


def one(reading: Reading, amendment: UUID) -> Shown:
    """One amendment with its words, what they change in the version it was made for, how it read before, and how
    somebody understands a decision on it.

    Raises Unknown.
    """
    row = reading.one(reading.t.amendments, amendment, "amendment")
    [shown] = described(reading, [row])
    words = reading.words(row["sha256"])
    changes = as_data(compare(words_of(reading, row["proposal"], row["base"]), words))
    calls = reading.all(reading.t.calls, "call", row["dialogue"], parent=row["id"])
    stated = statements(reading, calls)
    return {**shown, "words": words, "changes": changes, "wordings": wordings(reading, row), "statements": stated}


def wordings(reading: Reading, row: Row) -> list[Shown]:
    """How the amendment was put, first and at each restating: by which entry, for which version, in which words."""
    table = reading.t.amendments
    query = select(table).where(table.c.id == row["id"], table.c.from_entry <= row["from_entry"])
    found: dict[int, Shown] = {}
    for one in reading.conn.execute(query.order_by(table.c.from_entry)).mappings():
        words = {"entry": one["from_entry"], **{name: one[name] for name in ("base", "title", "sha256")}}
        found.setdefault(one["restated"], words)
    return list(found.values())


def described(reading: Reading, rows: list[Row]) -> list[Shown]:
    people = reading.persons(row["by"] for row in rows)
    items = reading.several(reading.t.proposals, (row["proposal"] for row in rows))
    shown = []
    for row in rows:
        item = items[row["proposal"]]
        conflicts = places(reading, row, item) if row["status"] == "open" else []
        shown.append(
            {
                "id": row["id"],
                "handle": f"A{row['number']}",
                "item": {
                    "id": item["id"],
                    "handle": f"P{item['number']}",
                    "title": item["title"],
                    "status": item["status"],
                },
                "entry": row["born"],
                "status": "in conflict" if conflicts else row["status"],
                "base": row["base"],
                "current": item["version"],
                "conflicts": conflicts,
                "by": people[row["by"]].reference if row["by"] in people else None,
                **{name: row[name] for name in ("title", "reason", "answer", "version", "restated", "sha256")},
            }
        )
    return shown


def places(reading: Reading, row: Row, item: Row) -> list[Shown]:
    """Where an amendment made for an earlier version and the text as it stands changed the same words or title."""
    if row["base"] >= item["version"]:
        return []
    texts = reading.t.texts
    base = select(texts.c.sha256, texts.c.title).where(texts.c.subject == item["id"], texts.c.version == row["base"])
    before = reading.conn.execute(base).one()
    title = merge_titles(before.title, item["title"], row["title"] or before.title)
    found = [title] if isinstance(title, Place) else []
    outcome = merge(reading.words(before.sha256), reading.words(item["sha256"]), reading.words(row["sha256"]))
    return [asdict(place) for place in (*found, *(outcome.places if isinstance(outcome, Conflicted) else ()))]
