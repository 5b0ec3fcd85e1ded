"""Dialogues and their mandates."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, tuple_

from dialogue.call import Call, OutcomeSetAside
from dialogue.fact import Entry
from dialogue.mandate import (
    Dialogue,
    DialogueConcluded,
    DialogueProposed,
    MandateDeclined,
    MandateExtended,
    MandateGranted,
    SettingsAgreed,
)
from dialogue.shape import encode
from projections.read import PAGE, Page, Reading, Shown
from projections.rows import Rows

COUNTED = (
    "participant",
    "meeting",
    "proposal",
    "amendment",
    "comment",
    "call",
    "ruling",
    "document",
    "circulation",
)


def project(entry: Entry, rows: Rows) -> None:
    """What a fact about the mandate changes in the list of dialogues."""
    table, id = rows.t.dialogues, entry.dialogue
    match entry.fact:
        case DialogueProposed() as fact:
            rows.thing(entry, "dialogue", id, entry.number)
            form = encode(fact)
            rows.add(
                table,
                entry,
                id,
                title=fact.title,
                track=fact.track,
                status="proposed",
                submitted=fact.submitted,
                applicant=fact.applicant,
                meetings=fact.meetings,
                start=fact.start,
                end=fact.end,
                sections=form["sections"],
                objectives=form["objectives"],
                predecessors=form["predecessors"],
                parent=fact.parent,
                settings=form["settings"],
                reason=None,
            )
        case SettingsAgreed() as fact:
            rows.revise(table, entry, id, settings=encode(fact.settings))
        case MandateGranted() as fact:
            given = {"start": fact.start, "end": fact.end, "meetings": fact.meetings}
            rows.revise(table, entry, id, status="granted", **{k: v for k, v in given.items() if v is not None})
        case MandateDeclined() as fact:
            rows.revise(table, entry, id, status="declined", reason=fact.reason)
        case MandateExtended() as fact:
            rows.revise(table, entry, id, end=fact.end, reason=fact.reason)
        case DialogueConcluded() as fact:
            rows.revise(table, entry, id, status="concluded", reason=fact.reason)
        case OutcomeSetAside() as fact if rows.state(Call, fact.call).about == "mandate":
            rows.revise(table, entry, id, status=rows.state(Dialogue, id).status)


def page(reading: Reading, *, after: str | None = None, limit: int = PAGE) -> Page:
    """All dialogues by title, each with its mandate's dates and how many entries it has; `broken` names a bad one."""
    table = reading.t.dialogues
    query = select(table.c.id, table.c.title).where(table.c.from_entry == 1).order_by(table.c.title, table.c.id)
    if after is not None:
        last = reading.conn.execute(select(table.c.title).where(table.c.id == after)).scalar()
        query = query.where(tuple_(table.c.title, table.c.id) > tuple_(last or "", after))
    found = reading.conn.execute(query.limit(limit + 1)).all()
    items = [one for row in found[:limit] if (one := line(reading, row.id, row.title)) is not None]
    return Page(items, found[limit - 1].id if len(found) > limit else None)


def line(reading: Reading, dialogue: str, title: str) -> Shown | None:
    """One dialogue in the list; None where it was not there yet."""
    broken = reading.broken(dialogue)
    if broken is not None:
        return {"id": dialogue, "title": title, "status": "broken", "entries": broken.entry - 1, "broken": str(broken)}
    bound = reading.bound(dialogue)
    row = reading.row(reading.t.dialogues, dialogue)
    if bound == 0 or row is None:
        return None
    kept = {name: row[name] for name in ("id", "title", "track", "status", "start", "end")}
    return {**kept, "entries": bound, "broken": None}


def card(reading: Reading, dialogue: UUID) -> Shown:
    """One dialogue: its mandate form, settings, officers, and how many things it holds. Raises Unknown, Broken."""
    bound = reading.bound(dialogue)
    row = reading.one(reading.t.dialogues, dialogue, "dialogue")
    people = reading.all(reading.t.participants, "participant", dialogue)
    officers = [one for one in people if {"co-chair", "secretariat"} & set(one["roles"]) and one["status"] != "void"]
    named = reading.persons(one["id"] for one in officers)
    return {
        **{name: value for name, value in row.items() if name not in ("from_entry", "dialogue", "born")},
        "entries": bound,
        "counts": {kind: reading.count(kind, dialogue) for kind in COUNTED},
        "cochairs": [named[one["id"]].reference for one in officers if "co-chair" in one["roles"]],
        "secretariat": [named[one["id"]].reference for one in officers if "secretariat" in one["roles"]],
    }
