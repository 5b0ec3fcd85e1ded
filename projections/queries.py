"""The questions that every read asks first, and the one for lists: built once, as building takes longer than asking."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Dialect, Select, Table, and_, bindparam, func, select, tuple_

from projections.prepared import Prepared
from projections.schema import Tables

STATEMENTS = 64  # kept: a few of each generation of each installation in this process


@lru_cache(STATEMENTS)
def head_query(t: Tables, dialect: Dialect) -> Prepared:
    """How many entries of a `dialogue` the views have taken in. Like the next two, it comes before every other read."""
    return Prepared(select(t.heads.c.entry).where(t.heads.c.dialogue == bindparam("dialogue")), dialect)


@lru_cache(STATEMENTS)
def broken_query(t: Tables, dialect: Dialect) -> Prepared:
    return Prepared(select(t.broken).where(t.broken.c.dialogue == bindparam("dialogue")), dialect)


@lru_cache(STATEMENTS)
def dialogue_query(table: Table, dialect: Dialect) -> Prepared:
    """The dialogue that the thing with this `id` is of; no row for what is not in the table."""
    return Prepared(select(table.c.dialogue).where(table.c.id == bindparam("id")), dialect)


@lru_cache(STATEMENTS)
def list_query(table: Table, things: Table, owner: Column[str]) -> Select[Any]:
    """A page of the things of a `kind` that the `owner` column says are `of` something, after a `number` and `id`."""
    number, bound = things.c.number.type, bindparam("bound", type_=things.c.entry.type)
    last = tuple_(bindparam("number", type_=number), bindparam("id", type_=things.c.id.type))
    latest = (
        select(func.max(table.c.from_entry))
        .where(table.c.id == things.c.id, table.c.from_entry <= bound)
        .correlate(things)
        .scalar_subquery()
    )
    beyond = tuple_(things.c.number, things.c.id) > last  # a range of the index, however deep
    return (
        select(table, things.c.number.label("ordinal"), things.c.entry.label("born"))
        .join(things, and_(table.c.id == things.c.id, table.c.from_entry == latest))
        .where(owner == bindparam("of"), things.c.kind == bindparam("kind"), things.c.entry <= bound, beyond)
        .order_by(things.c.number, things.c.id)
        .limit(bindparam("limit", type_=number))
    )
