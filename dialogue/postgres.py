"""The record on PostgreSQL 17 or later: a schema in which the application's role may only read and append.

Ids are MAX + 1 under the event store's own EXCLUSIVE lock, so they are dense and in commit order; taking that
lock needs the privilege MAINTAIN. Tables are made once, by the owner's role (`init`), never by a worker.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from eventsourcing import postgres
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from eventsourcing.utils import Environment, EnvType

from dialogue.adopted import IMPORTED, TAKEN_OVER, Adopted, Attested, read_only

LEAST_VERSION = 170000  # of the server: the privilege MAINTAIN came with 17
TABLES = (
    """CREATE TABLE IF NOT EXISTS record.record_events (
        notification_id bigint PRIMARY KEY, originator_id uuid NOT NULL, originator_version bigint NOT NULL,
        topic text NOT NULL, state bytea NOT NULL,
        dialogue uuid NOT NULL, entry bigint NOT NULL, act text, n bigint NOT NULL,
        UNIQUE (originator_id, originator_version), UNIQUE (dialogue, entry), UNIQUE (dialogue, act, n))""",
    "CREATE TABLE IF NOT EXISTS record.texts (sha256 text PRIMARY KEY, bytes bytea NOT NULL)",
    """CREATE TABLE IF NOT EXISTS record.attestations (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, dialogue uuid NOT NULL, size bigint NOT NULL,
        kind text NOT NULL, body bytea NOT NULL)""",
    """CREATE UNIQUE INDEX IF NOT EXISTS attestations_once
        ON record.attestations (dialogue, size, kind, sha256(body))""",
    "CREATE TABLE IF NOT EXISTS record.about (name text PRIMARY KEY, value text NOT NULL)",
    """CREATE OR REPLACE FUNCTION record.append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE EXCEPTION 'the record is append-only'; END$$""",
    *(
        f"""CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record.{table}
        FOR EACH STATEMENT EXECUTE FUNCTION record.append_only()"""
        for table in ("record_events", "texts", "attestations", "about")
    ),
)
INSERT = b"""INSERT INTO record.record_events
    (notification_id, originator_id, originator_version, topic, state, dialogue, entry, act, n)
    SELECT (SELECT COALESCE(MAX(notification_id), 0) FROM record.record_events) + e.n,
        e.id, e.version, e.topic, e.state, %s, %s + e.n, e.act, e.place
    FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[], %s::text[], %s::bigint[])
        WITH ORDINALITY AS e (id, version, topic, state, act, place, n)
    RETURNING notification_id"""

BROUGHT = f"""SELECT convert_from(a.body, 'UTF8')::bigint AS size FROM record.attestations a
    WHERE dialogue = %s AND size = 0 AND kind = '{IMPORTED}' AND NOT EXISTS (SELECT 1 FROM record.record_events e
    WHERE e.dialogue = a.dialogue AND e.entry = convert_from(a.body, 'UTF8')::bigint + 1)""".encode()  # noqa: S608


class PostgresFactory(postgres.PostgresFactory):
    """Connects by all that the database's URL says, TLS and several hosts included: POSTGRES_CONNECT, a JSON object."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        pool: Any = self.datastore.pool
        pool.kwargs = {"row_factory": pool.kwargs["row_factory"], **json.loads(self.env["POSTGRES_CONNECT"])}


class PostgresRecord(PostgresApplicationRecorder):
    """The event store's recorder, with the columns dialogue, entry and act beside the leaf."""

    def create_table(self) -> None:
        """Nothing: `init` makes the tables, by the owner's role."""

    def _insert_events(
        self,
        curs: Any,
        stored_events: Sequence[StoredEvent],
        *,
        texts: Mapping[str, bytes] | None = None,
        **_: Any,
    ) -> None:
        if texts:
            in_one_order = sorted(texts.items())  # so that two who save the same texts do not wait for each other
            curs.executemany(b"INSERT INTO record.texts VALUES (%s, %s) ON CONFLICT DO NOTHING", in_one_order)

    def _insert_stored_events(
        self,
        curs: Any,
        stored_events: Sequence[StoredEvent],
        *,
        dialogue: UUID | None = None,
        head: int = 0,
        acts: Sequence[str | None] = (),
        places: Sequence[int] = (),
        **_: Any,
    ) -> None:
        assert dialogue is not None
        self._lock_table(curs)
        curs.execute(BROUGHT, (dialogue,), prepare=True)
        if curs.fetchone() and stored_events[0].topic != TAKEN_OVER:
            raise read_only()
        columns = (
            [event.originator_id for event in stored_events],
            [event.originator_version for event in stored_events],
            [event.topic for event in stored_events],
            [event.state for event in stored_events],
            list(acts),
            list(places),
        )
        curs.execute(INSERT, (dialogue, head, *columns), prepare=True)

    def rows(self, statement: bytes, *values: object) -> list[Any]:
        with self.datastore.get_connection() as conn, conn.cursor() as curs:
            curs.execute(statement, values, prepare=True)
            return curs.fetchall()

    def act(self, dialogue: UUID, act: str) -> list[bytes]:
        query = b"SELECT state FROM record.record_events WHERE dialogue = %s AND act = %s ORDER BY n"
        return [bytes(row["state"]) for row in self.rows(query, dialogue, act)]

    def last(self, dialogue: UUID) -> bytes | None:
        query = b"SELECT state FROM record.record_events WHERE dialogue = %s ORDER BY entry DESC LIMIT 1"
        rows = self.rows(query, dialogue)
        return bytes(rows[0]["state"]) if rows else None

    def leaves(self, dialogue: UUID, start: int, stop: int | None, limit: int) -> list[bytes]:
        query = b"""SELECT state FROM record.record_events WHERE dialogue = %s AND entry BETWEEN %s AND %s
            ORDER BY entry LIMIT %s"""
        last = 2**53 if stop is None else stop
        return [bytes(row["state"]) for row in self.rows(query, dialogue, start, last, limit)]

    def after(self, position: int, limit: int) -> list[tuple[int, bytes]]:
        query = b"""SELECT notification_id, state FROM record.record_events WHERE notification_id > %s
            ORDER BY notification_id LIMIT %s"""
        return [(row["notification_id"], bytes(row["state"])) for row in self.rows(query, position, limit)]

    def at(self, position: int) -> bytes | None:
        query = b"SELECT state FROM record.record_events WHERE notification_id = %s"
        rows = self.rows(query, position)
        return bytes(rows[0]["state"]) if rows else None

    def text(self, sha256: str) -> bytes | None:
        rows = self.rows(b"SELECT bytes FROM record.texts WHERE sha256 = %s", sha256)
        return bytes(rows[0]["bytes"]) if rows else None

    def attest(self, dialogue: UUID, size: int, kind: str, body: bytes) -> None:
        """Keeps an attestation, once."""
        with self.datastore.transaction(commit=True) as curs:
            curs.execute(
                b"INSERT INTO record.attestations (dialogue, size, kind, body) VALUES (%s, %s, %s, %s)"
                b" ON CONFLICT DO NOTHING",
                (dialogue, size, kind, body),
            )

    def attestations(self, dialogue: UUID, kind: str, start: int, stop: int, limit: int) -> list[tuple[int, bytes]]:
        query = b"""SELECT size, body FROM record.attestations WHERE dialogue = %s AND kind = %s
            AND size BETWEEN %s AND %s ORDER BY size, id LIMIT %s"""
        return [(row["size"], bytes(row["body"])) for row in self.rows(query, dialogue, kind, start, stop, limit)]

    def last_attested(self, dialogue: UUID, kind: str) -> int:
        query = b"SELECT MAX(size) AS size FROM record.attestations WHERE dialogue = %s AND kind = %s"
        return self.rows(query, dialogue, kind)[0]["size"] or 0

    def adopt(
        self,
        dialogue: UUID,
        events: Iterable[Adopted],
        texts: Iterable[tuple[str, bytes]],
        attested: Iterable[Attested],
    ) -> None:
        """Takes a whole dialogue in, in one transaction. Whatever the arguments raise undoes it all."""
        with self.datastore.transaction(commit=True) as curs:
            self._lock_table(curs)
            curs.execute(b"SELECT COALESCE(MAX(notification_id), 0) AS last FROM record.record_events")
            [row] = curs.fetchall()
            last = row["last"]
            curs.executemany(
                b"INSERT INTO record.record_events (notification_id, originator_id, originator_version, topic, state,"
                b" dialogue, entry, act, n) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    (last + n, one.stream, one.version, one.topic, one.leaf, dialogue, one.entry, one.act, one.place)
                    for n, one in enumerate(events, start=1)
                ),
            )
            curs.executemany(b"INSERT INTO record.texts VALUES (%s, %s) ON CONFLICT DO NOTHING", texts)
            curs.executemany(
                b"INSERT INTO record.attestations (dialogue, size, kind, body) VALUES (%s, %s, %s, %s)",
                ((dialogue, *one) for one in attested),
            )

    def brought(self, dialogue: UUID) -> int | None:
        rows = self.rows(BROUGHT, dialogue)
        return rows[0]["size"] if rows else None

    def settled(self) -> bool:
        """Whether a synchronous standby has what is committed, where there are standbys.

        The empty message is a commit of its own, which waits for the standby as every act does; it comes after
        all that is visible. Asynchronous standbys alone do not count: a failover to one loses entries.
        """
        [row] = self.rows(
            b"SELECT current_setting('synchronous_standby_names') <> '' AS synchronous,"
            b" EXISTS (SELECT 1 FROM pg_stat_replication) AS replicated"
        )
        if row["synchronous"]:
            with self.datastore.transaction(commit=True) as curs:
                curs.execute(b"SET LOCAL synchronous_commit = on")
                curs.execute(b"SELECT pg_logical_emit_message(true, 'dialogue', '')")
        return bool(row["synchronous"] or not row["replicated"])

    def dialogues(self) -> list[UUID]:
        query = b"SELECT dialogue FROM record.record_events WHERE entry = 1 ORDER BY notification_id"
        return [row["dialogue"] for row in self.rows(query)]

    def about(self) -> dict[str, str]:
        return {row["name"]: row["value"] for row in self.rows(b"SELECT name, value FROM record.about")}

    def introduce(self, about: Mapping[str, str]) -> None:
        """Writes what this record is, once."""
        with self.datastore.transaction(commit=True) as curs:
            curs.executemany(b"INSERT INTO record.about VALUES (%s, %s)", list(about.items()))
