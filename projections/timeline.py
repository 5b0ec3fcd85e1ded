"""The timeline: every fact in its place, by when it was recorded and when it happened, and what it mentions."""

from __future__ import annotations

from uuid import UUID

from dialogue.fact import Entry
from dialogue.shape import stamp
from projections.rows import Rows


def project(entry: Entry, rows: Rows, happened: str) -> None:
    """One line per fact; `happened` is the latest time of any act so far."""
    dialogue = str(entry.dialogue)
    rows.put(
        rows.t.timeline,
        dialogue=dialogue,
        entry=entry.number,
        type=type(entry.fact).__name__,
        time=stamp(entry.time),
        recordedtime=stamp(entry.recordedtime),
        happened=happened,
        actor=str(entry.actor) if entry.actor else None,
        recordedby=str(entry.recordedby) if entry.recordedby else None,
        outside=rows.outside,
    )
    for id in mentioned(entry):
        rows.put(rows.t.mentions, id=str(id), entry=entry.number, dialogue=dialogue)


def mentioned(entry: Entry) -> set[UUID]:
    """What a fact is about: its stream, and everything that its fields name singly; not the dialogue itself."""
    found = {value for value in vars(entry.fact).values() if isinstance(value, UUID)}
    for name in ("sources", "editions"):
        found |= set(getattr(entry.fact, name, ()))
    return found | {entry.stream} - {entry.dialogue}
