"""The record on SQLite: one file, whose own triggers refuse every change of what is written.

The rowid is a declared key, which VACUUM may not renumber; ids are dense and in commit order, as SQLite has
one writer. A trigger before INSERT is needed besides UNIQUE, for INSERT OR REPLACE would delete without
asking the DELETE trigger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteDatastore

from dialogue.adopted import IMPORTED, TAKEN_OVER, Adopted, Attested, read_only

APPEND_ONLY = "the record is append-only"
TABLES = (
    """CREATE TABLE IF NOT EXISTS stored_events (
        rowid INTEGER PRIMARY KEY, originator_id TEXT NOT NULL, originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL, state BLOB NOT NULL,
        dialogue TEXT NOT NULL, entry INTEGER NOT NULL, act TEXT, n INTEGER NOT NULL,
        UNIQUE (originator_id, originator_version), UNIQUE (dialogue, entry), UNIQUE (dialogue, act, n))""",
    "CREATE TABLE IF NOT EXISTS texts (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL)",
    """CREATE TABLE IF NOT EXISTS attestations (
        id INTEGER PRIMARY KEY, dialogue TEXT NOT NULL, size INTEGER NOT NULL, kind TEXT NOT NULL,
        body BLOB NOT NULL, UNIQUE (dialogue, size, kind, body))""",
    "CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)
TAKEN = {
    "stored_events": "rowid = NEW.rowid OR (originator_id = NEW.originator_id AND originator_version = "
    "NEW.originator_version) OR (dialogue = NEW.dialogue AND entry = NEW.entry)"
    " OR (dialogue = NEW.dialogue AND act = NEW.act AND n = NEW.n)",
    "texts": "sha256 = NEW.sha256",
    "attestations": "id = NEW.id OR (dialogue = NEW.dialogue AND size = NEW.size AND kind = NEW.kind"
    " AND body = NEW.body)",
    "about": "name = NEW.name",
}
TRIGGERS = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table} {when} "
    f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
    for table, taken in TAKEN.items()
    for verb, when in (
        ("UPDATE", ""),
        ("DELETE", ""),
        ("INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken})"),  # noqa: S608  # our own names only
    )
)

BROUGHT = f"""SELECT CAST(body AS INTEGER) FROM attestations a
    WHERE dialogue = ?1 AND size = 0 AND kind = '{IMPORTED}' AND NOT EXISTS
    (SELECT 1 FROM stored_events WHERE dialogue = ?1 AND entry = CAST(a.body AS INTEGER) + 1)"""  # noqa: S608  # our own


def at_once(c: SQLiteCursor) -> None:
    """Begins the transaction again, waiting for other writers now.

    As the event store begins it, one that reads before it writes fails where another has written meanwhile.
    """
    c.execute("ROLLBACK")
    c.execute("BEGIN IMMEDIATE")


class SqliteRecord(SQLiteApplicationRecorder):
    """The event store's recorder, with the columns dialogue, entry and act beside the leaf."""

    def __init__(self, datastore: SQLiteDatastore, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name)

    def construct_create_table_statements(self) -> list[str]:
        return [*TABLES, *TRIGGERS]

    def _insert_events(  # the event store passes `save`'s keywords on to here
        self,
        c: SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        *,
        dialogue: UUID | None = None,
        head: int = 0,
        acts: Sequence[str | None] = (),
        places: Sequence[int] = (),
        texts: Mapping[str, bytes] | None = None,
        **_: Any,
    ) -> Sequence[int] | None:
        assert dialogue is not None
        at_once(c)
        c.execute(BROUGHT, (dialogue.hex,))
        if c.fetchone() and stored_events[0].topic != TAKEN_OVER:
            raise read_only()
        ids = []
        for n, event in enumerate(stored_events):
            assert isinstance(event.originator_id, UUID)
            c.execute(
                "INSERT INTO stored_events (originator_id, originator_version, topic, state, dialogue, entry, act, n)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    event.originator_id.hex,
                    event.originator_version,
                    event.topic,
                    event.state,
                    dialogue.hex,
                    head + n + 1,
                    acts[n],
                    places[n],
                ),
            )
            ids.append(c.lastrowid)
        for sha256, content in (texts or {}).items():
            c.execute(
                "INSERT INTO texts SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM texts WHERE sha256 = ?1)",
                (sha256, content),
            )
        return ids

    def rows(self, statement: str, *values: object) -> list[Any]:
        with self.datastore.transaction(commit=False) as c:
            c.execute(statement, values)
            found: list[Any] = c.fetchall()
        return found

    # whoever edits the file may leave text where there were bytes, which SQLite allows; hence the casts

    def act(self, dialogue: UUID, act: str) -> list[bytes]:
        query = "SELECT CAST(state AS BLOB) FROM stored_events WHERE dialogue = ? AND act = ? ORDER BY n"
        return [row[0] for row in self.rows(query, dialogue.hex, act)]

    def last(self, dialogue: UUID) -> bytes | None:
        query = "SELECT CAST(state AS BLOB) FROM stored_events WHERE dialogue = ? ORDER BY entry DESC LIMIT 1"
        rows = self.rows(query, dialogue.hex)
        return rows[0][0] if rows else None

    def leaves(self, dialogue: UUID, start: int, stop: int | None, limit: int) -> list[bytes]:
        where = "dialogue = ? AND entry BETWEEN ? AND ?"
        query = f"SELECT CAST(state AS BLOB) FROM stored_events WHERE {where} ORDER BY entry LIMIT ?"  # noqa: S608
        last = 2**53 if stop is None else stop
        return [row[0] for row in self.rows(query, dialogue.hex, start, last, limit)]

    def after(self, position: int, limit: int) -> list[tuple[int, bytes]]:
        query = "SELECT rowid, CAST(state AS BLOB) FROM stored_events WHERE rowid > ? ORDER BY rowid LIMIT ?"
        return [(row[0], row[1]) for row in self.rows(query, position, limit)]

    def at(self, position: int) -> bytes | None:
        rows = self.rows("SELECT CAST(state AS BLOB) FROM stored_events WHERE rowid = ?", position)
        return rows[0][0] if rows else None

    def text(self, sha256: str) -> bytes | None:
        rows = self.rows("SELECT CAST(bytes AS BLOB) FROM texts WHERE sha256 = ?", sha256)
        return rows[0][0] if rows else None

    def attest(self, dialogue: UUID, size: int, kind: str, body: bytes) -> None:
        """Keeps an attestation, once."""
        with self.datastore.transaction(commit=True) as c:
            c.execute(
                "INSERT INTO attestations (dialogue, size, kind, body) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS"
                " (SELECT 1 FROM attestations WHERE dialogue = ?1 AND size = ?2 AND kind = ?3 AND body = ?4)",
                (dialogue.hex, size, kind, body),
            )

    def attestations(self, dialogue: UUID, kind: str, start: int, stop: int, limit: int) -> list[tuple[int, bytes]]:
        query = """SELECT size, body FROM attestations WHERE dialogue = ? AND kind = ? AND size BETWEEN ? AND ?
            ORDER BY size, id LIMIT ?"""
        return [(row[0], row[1]) for row in self.rows(query, dialogue.hex, kind, start, stop, limit)]

    def last_attested(self, dialogue: UUID, kind: str) -> int:
        query = "SELECT MAX(size) FROM attestations WHERE dialogue = ? AND kind = ?"
        return self.rows(query, dialogue.hex, kind)[0][0] or 0

    def adopt(
        self,
        dialogue: UUID,
        events: Iterable[Adopted],
        texts: Iterable[tuple[str, bytes]],
        attested: Iterable[Attested],
    ) -> None:
        """Takes a whole dialogue in, in one transaction. Whatever the arguments raise undoes it all."""
        with self.datastore.transaction(commit=True) as c:
            c.executemany(
                "INSERT INTO stored_events (originator_id, originator_version, topic, state, dialogue, entry, act, n)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (one.stream.hex, one.version, one.topic, one.leaf, dialogue.hex, one.entry, one.act, one.place)
                    for one in events
                ),
            )
            c.executemany(
                "INSERT INTO texts SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM texts WHERE sha256 = ?1)", texts
            )
            c.executemany(
                "INSERT INTO attestations (dialogue, size, kind, body) VALUES (?, ?, ?, ?)",
                ((dialogue.hex, *one) for one in attested),
            )

    def brought(self, dialogue: UUID) -> int | None:
        rows = self.rows(BROUGHT, dialogue.hex)
        return rows[0][0] if rows else None

    def settled(self) -> bool:
        """True: there is one copy, and what is committed is on its disk."""
        return True

    def dialogues(self) -> list[UUID]:
        query = "SELECT dialogue FROM stored_events WHERE entry = 1 ORDER BY rowid"
        return [UUID(row[0]) for row in self.rows(query)]

    def about(self) -> dict[str, str]:
        return {row[0]: row[1] for row in self.rows("SELECT name, value FROM about")}

    def introduce(self, about: Mapping[str, str]) -> None:
        """Writes what this record is, once."""
        with self.datastore.transaction(commit=True) as c:
            for name, value in about.items():
                c.execute("INSERT INTO about VALUES (?, ?)", (name, value))
