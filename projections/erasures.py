"""Who is forgotten, or is to be: what was asked, and the digests of what was erased, by the entries that say so."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from dialogue.erasure import ErasureConfirmed, ErasureRequested, MoreErased
from dialogue.fact import Entry
from projections.read import Reading, Shown
from projections.rows import Rows


def project(entry: Entry, rows: Rows) -> None:
    """What a fact about an erasure changes."""
    table, fact = rows.t.erasures, entry.fact
    match fact:
        case ErasureRequested():
            rows.thing(entry, "erasure", fact.erasure, entry.number, fact.participant)
            asked = {one for one in (entry.actor, entry.recordedby) if one is not None}
            row = {"participant": fact.participant, "askers": sorted(map(str, asked)), "digests": [], "sealed": []}
            rows.add(table, entry, fact.erasure, status="requested", **row)
        case ErasureConfirmed():
            erased = {"digests": list(fact.digests), "sealed": list(entry.sealed)}
            rows.revise(table, entry, fact.erasure, status="confirmed", **erased)
        case MoreErased():
            before = rows.row(table, fact.erasure)
            rows.revise(table, entry, fact.erasure, digests=[*before["digests"], *fact.digests])


def forgotten(reading: Reading) -> Iterator[tuple[UUID, UUID]]:
    """(dialogue, participant) of everybody who is forgotten, in all dialogues."""
    table = reading.t.erasures
    query = select(table.c.dialogue, table.c.participant).where(table.c.status == "confirmed").distinct()
    for dialogue, participant in reading.conn.execute(query):
        yield UUID(dialogue), UUID(participant)


def waiting(reading: Reading, dialogue: UUID) -> list[Shown]:
    """Erasures that were asked for and that another person has to confirm."""
    table = reading.t.erasures
    rows = list(reading.all(table, "erasure", dialogue, where=table.c.status == "requested"))
    people = reading.persons(row["participant"] for row in rows)
    return [{"participant": people[row["participant"]].reference, "entry": row["born"]} for row in rows]


def erasing_entries(reading: Reading, dialogue: UUID) -> dict[str, int]:
    """By digest the entry in which its erasure is recorded, those of the sealed lists included."""
    table = reading.t.erasures
    found: dict[str, int] = {}
    for row in reading.all(table, "erasure", dialogue, where=table.c.status == "confirmed"):
        listed = {*row["digests"], *reading.opened(row["sealed"]).get("others", "").split()}
        confirmed = select(table.c.from_entry).where(table.c.id == row["id"], table.c.status == "confirmed")
        entry = int(reading.conn.execute(confirmed.order_by(table.c.from_entry).limit(1)).scalar_one())
        found |= dict.fromkeys(listed, entry)
    return found
