"""Moves the views along the record: live, a batch at a time, and anew beside the old ones.

design.md, step 5 of "The one way through the house" and "Views keep time". The very same step serves both, so
live views and rebuilt ones cannot differ.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Connection, Dialect, String, Table, bindparam, func, insert, select, update

from dialogue.envelope import from_leaf
from dialogue.fact import Conflict
from dialogue.record import Record
from projections.prepared import Prepared
from projections.rows import Rows
from projections.schema import PROJECTION_VERSION, Tables
from projections.states import States, stored_words
from projections.stores import Stores
from projections.views import project

BATCH = 1000
SHOWN = 20  # differences listed by a comparison


class Damaged(Exception):
    """The views do not belong to this record, or were made by another version; the message says what to do."""


class Unprojectable(Exception):
    """A fact that a view cannot take."""

    def __init__(self, dialogue: UUID, entry: int, reason: str) -> None:
        super().__init__(reason)
        self.dialogue, self.entry, self.reason = dialogue, entry, reason


class Projector:
    """One generation of the views and what is remembered of it between batches."""

    def __init__(self, tables: Tables, record: Record, dialect: Dialect) -> None:
        self.t = tables
        self.record = record
        self.position = -1
        progress, broken = tables.progress, select(func.count()).select_from(tables.broken).scalar_subquery()
        self.look = Prepared(select(progress.c.position, progress.c.leaf, progress.c.version, broken), dialect)
        moved = {"position": bindparam("to", type_=BigInteger), "leaf": bindparam("hash", type_=String)}
        self.move = Prepared(update(progress).values(moved), dialect)
        self.states = States(tables)
        self.rows = Rows(tables, self.states, lambda sha256: stored_words(record.rows, sha256))

    def step(self, conn: Connection, limit: int = BATCH) -> int:
        """Applies the next batch in the transaction at hand, which has claimed the views; how many facts it held.

        A fact that a view cannot take marks its dialogue as broken there; other dialogues go on.
        Raises Damaged where the record is not the one that was read so far.
        """
        row: tuple[int, str, int, int] = tuple(self.look.run(conn).one())
        position, leaf, version, faults = row
        if version != PROJECTION_VERSION:
            raise Damaged("the views were made by another version of this software; run `dialogue rebuild`")
        if position != self.position:
            self.forget()
        batch = self.after(position, leaf, limit)
        if batch:
            self.project(conn, batch, self.faulty(conn) if faults else set())
            self.position, last = batch[-1]
            self.move.run(conn, to=self.position, hash=digest(last))
        return len(batch)

    def faulty(self, conn: Connection) -> set[UUID]:
        """The dialogues that are broken."""
        return {UUID(one) for one in conn.execute(select(self.t.broken.c.dialogue)).scalars()}

    def project(self, conn: Connection, batch: list[tuple[int, bytes]], broken: set[UUID]) -> None:
        while True:
            self.rows.begin(conn)
            self.states.begin()
            try:
                for _, leaf in batch:
                    self.one(leaf, broken)
                self.rows.flush()
                return
            except Unprojectable as fault:
                self.forget()
                broken.add(fault.dialogue)
                mark = {"dialogue": str(fault.dialogue), "entry": fault.entry, "reason": fault.reason}
                conn.execute(insert(self.t.broken), mark)

    def one(self, leaf: bytes, broken: set[UUID]) -> None:
        """Applies one fact, unless its dialogue is broken. Raises Unprojectable."""
        try:
            entry = from_leaf(leaf)
        except ValueError as error:
            envelope = json.loads(leaf)
            if UUID(envelope["dialogue"]) not in broken:
                raise Unprojectable(UUID(envelope["dialogue"]), envelope["entry"], str(error)) from error
            return
        if entry.dialogue in broken:
            return
        try:
            project(entry, leaf, self.rows)
        except (KeyError, ValueError, AssertionError, TypeError, AttributeError) as error:
            raise Unprojectable(entry.dialogue, entry.number, f"{type(error).__name__}: {error}") from error

    def after(self, position: int, leaf: str, limit: int) -> list[tuple[int, bytes]]:
        """The next facts. Raises Damaged where the last one seen is not in the record as it was."""
        if position == 0:
            return self.record.rows.after(0, limit)
        rows = self.record.rows.after(position - 1, limit + 1)
        if not rows or rows[0][0] != position or digest(rows[0][1]) != leaf:
            raise Damaged(
                "the record is not the one that the views were made from (restored from an older backup?); "
                "if it is the right one, run `dialogue rebuild`"
            )
        return rows[1:]

    def forget(self) -> None:
        self.rows.forget()
        self.states.forget()


def begin(conn: Connection, tables: Tables) -> None:
    """Empty tables of one generation, at the record's beginning."""
    tables.meta.drop_all(conn)
    tables.meta.create_all(conn)
    conn.execute(insert(tables.progress), {"name": "all", "position": 0, "leaf": "", "version": PROJECTION_VERSION})


class Rebuild:
    """The views made anew as the other generation."""

    def __init__(self, stores: Stores, pointer: Table, generations: dict[str, Tables], record: Record) -> None:
        self.stores = stores
        self.pointer = pointer
        self.generations = generations
        self.record = record

    def change_over(self, progress: Callable[[int], None]) -> int:
        """Fills the other generation, then makes it the one that is read, in one transaction."""
        new, old, projector = self.fill(progress)
        with self.stores.writing(self.stores.views) as conn, conn.begin():
            claim(conn, self.pointer)
            while projector.step(conn):
                progress(projector.position)
            conn.execute(update(self.pointer).values(current=new.generation))
        with self.stores.writing(self.stores.views) as conn, conn.begin():
            old.meta.drop_all(conn)
        return projector.position

    def compare(self, progress: Callable[[int], None]) -> list[str]:
        """The first differences between the generation in use and one made anew at the same position."""
        new, old, projector = self.fill(progress)
        with self.stores.writing(self.stores.views) as conn, conn.begin():
            claim(conn, self.pointer)
            position = conn.execute(select(old.progress.c.position)).scalar_one()
            while projector.position < position:
                projector.step(conn, min(BATCH, position - projector.position))
            found = [one for pair in zip(old.every(), new.every(), strict=True) for one in differences(conn, *pair)]
            new.meta.drop_all(conn)
        return found[:SHOWN]

    def fill(self, progress: Callable[[int], None]) -> tuple[Tables, Tables, Projector]:
        """The other generation, made anew up to what the record holds now; the one in use; and its projector."""
        with self.stores.writing(self.stores.views) as conn, conn.begin():
            current = claim(conn, self.pointer)
            new = self.generations["b" if current == "a" else "a"]
            begin(conn, new)
        projector = Projector(new, self.record, self.stores.views.dialect)
        projector.position = 0
        while True:
            with self.stores.writing(self.stores.views) as conn, conn.begin():
                claim(conn, self.pointer)
                reached = conn.execute(select(new.progress.c.position)).scalar_one()
                if reached != projector.position:
                    raise Conflict("another rebuild is under way; let it finish")
                applied = projector.step(conn)
            progress(projector.position)
            if applied < BATCH:
                return new, self.generations[current], projector


def claim(conn: Connection, pointer: Table) -> str:
    """Keeps all others from writing to the views until this transaction ends; the generation in use."""
    return str(conn.execute(select(pointer.c.current).with_for_update()).scalar_one())


def differences(conn: Connection, old: Table, new: Table) -> Iterator[str]:
    """Where two tables of the same shape differ, row by row in the order of their keys."""
    name = old.name.removesuffix("_a").removesuffix("_b")
    for one, other in zip_longest(ordered(conn, old), ordered(conn, new)):
        if one != other:
            yield f"{name}: {one} where a rebuild has {other}"


def ordered(conn: Connection, table: Table) -> Iterator[dict[str, Any]]:
    keys = list(table.primary_key)
    for row in conn.execute(select(table).order_by(*keys)).mappings():
        yield dict(row)


def digest(leaf: bytes) -> str:
    return hashlib.sha256(leaf).hexdigest()
