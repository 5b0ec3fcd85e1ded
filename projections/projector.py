"""Moves the views along the record: live, a batch at a time, and anew beside the old ones.

design.md, step 5 of "The one way through the house" and "Views keep time". The very same step serves both, so
live views and rebuilt ones cannot differ.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from itertools import chain, islice, zip_longest
from typing import Any, TypeAlias
from uuid import UUID

from eventsourcing.persistence import PersistenceError
from sqlalchemy import BigInteger, Connection, Dialect, String, Table, bindparam, func, insert, inspect, select, update
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from dialogue.envelope import from_leaf
from dialogue.fact import Conflict
from dialogue.record import ASTRAY, Damaged, Record
from projections.prepared import Prepared
from projections.rows import Rows
from projections.schema import PROJECTION_VERSION, Tables
from projections.states import States, stored_words
from projections.stores import Stores
from projections.views import project

BATCH = 1000
SHOWN = 20  # differences listed by a comparison
ATTEMPTS = 20  # of a comparison to find both generations at one position while others act
Broken: TypeAlias = dict[UUID, int]
UNFIT = (DataError, IntegrityError, ValueError, TypeError, LookupError, ArithmeticError)  # of writing a row


class Unprojectable(Exception):
    """A fact that a view cannot take."""

    def __init__(self, dialogue: UUID, entry: int, reason: str) -> None:
        super().__init__(reason)
        self.dialogue, self.entry, self.reason = dialogue, entry, reason


class Unfit(Exception):
    """Some row of a batch cannot be written; the same batch again finds out which, in another transaction."""


class Projector:
    """One generation of the views and what is remembered of it between batches."""

    def __init__(self, tables: Tables, record: Record, dialect: Dialect) -> None:
        self.t = tables
        self.record = record
        self.position = -1
        self.careful = False  # whether the next batch is written fact by fact
        progress, broken = tables.progress, select(func.count()).select_from(tables.broken).scalar_subquery()
        self.look = Prepared(select(progress.c.position, progress.c.leaf, progress.c.version, broken), dialect)
        moved = {"position": bindparam("to", type_=BigInteger), "leaf": bindparam("hash", type_=String)}
        self.move = Prepared(update(progress).values(moved), dialect)
        self.states = States(tables)
        self.rows = Rows(tables, self.states, lambda sha256: stored_words(record.rows, sha256))

    def step(self, conn: Connection, limit: int = BATCH) -> int:
        """Applies the next batch in the transaction at hand, which has claimed the views; how many facts it held.

        A fact that a view cannot take marks its dialogue as broken there; other dialogues go on.
        Raises Unfit where the transaction is to be begun again, and Damaged where the record is not the one
        that was read so far.
        """
        position, batch, faults = self.next(conn, limit)
        if position != self.position:
            self.forget()
        if not batch:
            return 0
        try:
            broken = self.faulty(conn) if faults else {}
            if self.careful:
                for _, leaf in batch:
                    self.project_alone(conn, leaf, broken)
            else:
                self.project(conn, [leaf for _, leaf in batch], broken)
        except BaseException:
            self.forget()  # what was folded by half must not be met again
            raise
        self.careful = False
        self.position, last = batch[-1]
        self.move.run(conn, to=self.position, hash=digest(last))
        return len(batch)

    def next(self, conn: Connection, limit: int) -> tuple[int, list[tuple[int, bytes]], int]:
        """Where the views stand, the facts that come next, and how many dialogues are broken. Raises Damaged."""
        row: tuple[int, str, int, int] = tuple(self.look.run(conn).one())
        position, leaf, version, faults = row
        if version != PROJECTION_VERSION:
            raise Damaged("the views were made by another version of this software; run `dialogue rebuild`")
        return position, self.after(position, leaf, limit), faults

    def faulty(self, conn: Connection) -> Broken:
        """The dialogues that are broken, each with the entry from which on it cannot be read."""
        table = self.t.broken
        return {UUID(row.dialogue): row.entry for row in conn.execute(select(table.c.dialogue, table.c.entry))}

    def project(self, conn: Connection, batch: list[bytes], broken: Broken) -> None:
        """Applies these facts. Raises Unfit where a row of theirs cannot be written."""
        while True:
            self.rows.begin(conn)
            self.states.begin()
            try:
                for leaf in batch:
                    self.one(leaf, broken)
            except Unprojectable as fault:
                self.set_aside(conn, fault, broken)
                continue
            try:
                self.rows.flush()
            except UNFIT as error:
                self.careful = True
                raise Unfit(f"{type(error).__name__}: {getattr(error, 'orig', error)}") from error
            return

    def project_alone(self, conn: Connection, leaf: bytes, broken: Broken) -> None:
        """Applies one fact, or marks its dialogue as broken where a row of its cannot be written."""
        try:
            with conn.begin_nested():
                self.project(conn, [leaf], broken)
        except Unfit as error:
            self.set_aside(conn, unprojectable(leaf, error), broken)

    def set_aside(self, conn: Connection, fault: Unprojectable, broken: Broken) -> None:
        """Marks a dialogue as broken; what was gathered since the last flush is gathered again up to the fault."""
        self.forget()
        broken[fault.dialogue] = fault.entry
        mark = {"dialogue": str(fault.dialogue), "entry": fault.entry, "reason": fault.reason}
        conn.execute(insert(self.t.broken), mark)

    def one(self, leaf: bytes, broken: Broken) -> None:
        """Applies one fact, unless its dialogue is broken by then. Raises Unprojectable, and Damaged for no fact."""
        try:
            entry = from_leaf(leaf)
        except ValueError as error:
            fault = unprojectable(leaf, error)
            if fault.dialogue not in broken:
                raise fault from error
            return
        if entry.dialogue in broken and entry.number >= broken[entry.dialogue]:
            return
        try:
            project(entry, leaf, self.rows)
        except (SQLAlchemyError, PersistenceError):
            raise
        except Exception as error:
            raise Unprojectable(entry.dialogue, entry.number, f"{type(error).__name__}: {error}") from error

    def after(self, position: int, leaf: str, limit: int) -> list[tuple[int, bytes]]:
        """The next facts. Raises Damaged where the last one seen is not in the record as it was."""
        if position == 0:
            return self.record.rows.after(0, limit)
        rows = self.record.rows.after(position - 1, limit + 1)
        if not rows or rows[0][0] != position or digest(rows[0][1]) != leaf:
            raise Damaged(ASTRAY)
        return rows[1:]

    def forget(self) -> None:
        self.rows.forget()
        self.states.forget()


def unprojectable(leaf: bytes, error: Exception) -> Unprojectable:
    """Where the fact of this leaf stands, and why a view cannot take it. Raises Damaged for what is no leaf."""
    try:
        envelope = json.loads(leaf)
        return Unprojectable(UUID(envelope["dialogue"]), envelope["entry"], str(error))
    except (ValueError, KeyError, TypeError) as fault:
        raise Damaged("the record holds what is no entry; restore it from a backup") from fault


def begin(conn: Connection, tables: Tables, name: str = "first") -> None:
    """Empty tables of one generation, at the record's beginning. `name` tells who fills them."""
    tables.meta.drop_all(conn)
    tables.meta.create_all(conn)
    conn.execute(insert(tables.progress), {"name": name, "position": 0, "leaf": "", "version": PROJECTION_VERSION})


class Rebuild:
    """The views made anew as the other generation. A rebuild that begins later takes over from an earlier one."""

    def __init__(self, stores: Stores, pointer: Table, generations: dict[str, Tables], record: Record) -> None:
        self.stores = stores
        self.pointer = pointer
        self.generations = generations
        self.record = record
        self.name = secrets.token_hex(8)

    def change_over(self, progress: Callable[[int], None]) -> int:
        """Fills the other generation, then makes it the one that is read; how many facts it holds.

        The old one is left to those who are still reading it, and dropped by the next rebuild. Raises Conflict.
        """
        new, _, projector = self.fill(progress)
        with self.stores.writing(self.stores.views) as conn, conn.begin():
            self.claim_own(conn, new)
            projector.careful = True  # as this transaction cannot be begun again
            while projector.step(conn):
                progress(projector.position)
                projector.careful = True
            conn.execute(update(self.pointer).values(current=new.generation))
        return projector.position

    def compare(self, progress: Callable[[int], None]) -> list[str]:
        """The first differences between the generation in use and one made anew at the same position.

        Others act on meanwhile. Raises Conflict, and Damaged where the record ends before the views do.
        """
        new, old, projector = self.fill(progress)
        at = [select(tables.progress.c.position).scalar_subquery() for tables in (old, new)]
        for _ in range(ATTEMPTS):
            with self.stores.reading(self.stores.views) as conn:
                self.own(conn, new)
                position, reached = conn.execute(select(*at)).one()
                if position == reached:
                    pairs = [pair for pair in zip(old.every(), new.every(), strict=True) if pair[0] is not old.progress]
                    found = list(islice(chain.from_iterable(differences(conn, *pair) for pair in pairs), SHOWN))
                    break
            with self.stores.writing(self.stores.views) as conn, conn.begin():
                self.claim_own(conn, new)
                position = conn.execute(select(old.progress.c.position)).scalar_one()
                projector.careful = True
                while projector.position < position:
                    if not projector.step(conn, min(BATCH, position - projector.position)):
                        raise Damaged(ASTRAY)  # the views in use have seen more than the record holds
        else:
            raise Conflict("others act faster than the views can be compared; try again when it is quieter")
        with self.stores.writing(self.stores.views) as conn, conn.begin():
            self.claim_own(conn, new)
            new.meta.drop_all(conn)
        return found

    def fill(self, progress: Callable[[int], None]) -> tuple[Tables, Tables, Projector]:
        """The other generation, made anew up to what the record holds now; the one in use; and its projector."""
        with self.stores.writing(self.stores.views) as conn, conn.begin():
            current = claim(conn, self.pointer)
            if self.stores.schemas:  # others act no longer than this for whoever still reads what is dropped here
                conn.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            new = self.generations["b" if current == "a" else "a"]
            begin(conn, new, self.name)
        projector = Projector(new, self.record, self.stores.views.dialect)
        while True:
            try:
                with self.stores.writing(self.stores.views) as conn, conn.begin():
                    self.claim_own(conn, new)
                    applied = projector.step(conn, BATCH)
            except Unfit:
                continue
            progress(max(projector.position, 0))
            if applied < BATCH:
                return new, self.generations[current], projector

    def claim_own(self, conn: Connection, tables: Tables) -> None:
        """Claims the views. Raises Conflict where another rebuild has taken these tables over."""
        claim(conn, self.pointer)
        self.own(conn, tables)

    def own(self, conn: Connection, tables: Tables) -> None:
        progress = tables.progress
        there = inspect(conn).has_table(progress.name, schema=progress.schema)
        if not there or conn.execute(select(progress.c.name)).scalar() != self.name:
            raise Conflict("another rebuild was begun after this one and has taken over; let it finish")


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
    rows = conn.execute(select(table).order_by(*keys), execution_options={"yield_per": BATCH})
    for row in rows.mappings():
        yield dict(row)


def digest(leaf: bytes) -> str:
    return hashlib.sha256(leaf).hexdigest()
