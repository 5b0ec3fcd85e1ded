"""The timeline: every fact in its place, by when it was recorded and when it happened, and what it mentions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from sqlalchemy import select

from dialogue.fact import Entry
from dialogue.shape import stamp
from projections.read import Reading
from projections.rows import Rows
from projections.sentences import paged, sentence
from projections.telling.names import Names


def project(entry: Entry, rows: Rows) -> None:
    """One line per fact; `happened` is the latest time of any act so far."""
    rows.put(
        rows.t.timeline,
        dialogue=rows.here,
        entry=entry.number,
        type=type(entry.fact).__name__,
        time=rows.time,
        recordedtime=rows.recordedtime,
        happened=rows.until[entry.dialogue],
        actor=str(entry.actor) if entry.actor else None,
        recordedby=str(entry.recordedby) if entry.recordedby else None,
        outside=rows.outside,
    )
    for id in mentioned(entry):
        rows.put(rows.t.mentions, id=str(id), entry=entry.number, dialogue=rows.here)


def mentioned(entry: Entry) -> set[UUID]:
    """What a fact is about: its stream, and everything that its fields name singly; not the dialogue itself."""
    found = {value for value in vars(entry.fact).values() if isinstance(value, UUID)}
    for name in ("sources", "editions"):
        found |= set(getattr(entry.fact, name, ()))
    return found | {entry.stream} - {entry.dialogue}


@dataclass(frozen=True)
class Line:
    """One entry as it is told. `recordedtime` only where it differs from `time`, `enteredby` where not the actor."""

    entry: int
    time: str
    recordedtime: str | None
    actor: str | None
    enteredby: str | None
    basis: str | None
    outside: bool
    type: str
    sentence: str


def log(
    reading: Reading, dialogue: UUID, start: int = 1, stop: int | None = None, limit: int | None = None
) -> Iterator[Line]:
    """The entries from `start` to `stop`, at most `limit`, each in a line; the first at once, however long the history.

    The next page starts after the last entry seen. Raises Unknown where there is no such dialogue.
    """
    return (line for _, line in told(Names(reading, dialogue), reading.entries(dialogue, start, stop), limit))


def told(names: Names, entries: Iterable[Entry], limit: int | None = None) -> Iterator[tuple[Entry, Line]]:
    """Each entry with its line, read and named a page at a time."""
    for page in paged(islice(entries, limit), names):
        outside = outside_mandate(names.reading, page)
        for entry in page:
            by = entry.recordedby if entry.recordedby != entry.actor else None
            yield (
                entry,
                Line(
                    entry.number,
                    stamp(entry.time),
                    stamp(entry.recordedtime) if entry.recordedtime != entry.time else None,
                    names.who(entry.actor) if entry.actor else None,
                    names.who(by) if by else None,
                    entry.basis,
                    entry.number in outside,
                    type(entry.fact).__name__,
                    sentence(entry, names),
                ),
            )


def outside_mandate(reading: Reading, page: Sequence[Entry]) -> set[int]:
    """Which of these entries lie outside the dates of the mandate."""
    timeline = reading.t.timeline
    query = select(timeline.c.entry).where(
        timeline.c.dialogue == str(page[0].dialogue),
        timeline.c.entry.between(page[0].number, page[-1].number),
        timeline.c.outside,
    )
    return set(reading.conn.execute(query).scalars())
