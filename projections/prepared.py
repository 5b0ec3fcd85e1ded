"""Statements compiled once: on the way of every act, building and compiling them anew costs more than the rows.

Only for writes, and for reads of plain text and numbers: values come back as the driver gives them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.sql import ClauseElement


class Prepared:
    """A statement in the driver's own words. Parameters are given by name."""

    def __init__(self, statement: ClauseElement, dialect: Dialect, documents: frozenset[str] = frozenset()) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self.order: list[str] | None = list(compiled.positiontup or ()) if compiled.positional else None  # type: ignore[attr-defined]
        self.documents = documents  # the parameters that are JSON

    def run(self, conn: Connection, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        return conn.exec_driver_sql(self.sql, self.values(values))

    def many(self, conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
        conn.exec_driver_sql(self.sql, [self.values(row) for row in rows])

    def values(self, row: dict[str, Any]) -> Any:
        if self.documents:
            row = {**row, **{name: dumped(row[name]) for name in self.documents}}
        return row if self.order is None else tuple([row[name] for name in self.order])


def dumped(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def insert(table: Table, dialect: Dialect) -> Prepared:
    """INSERT of a whole row."""
    return Prepared(table.insert(), dialect, documents(table))


def insert_once(table: Table, dialect: Dialect) -> Prepared:
    """INSERT of a whole row, unless its key is there."""
    statement = (sqlite if dialect.name == "sqlite" else postgresql).insert(table).on_conflict_do_nothing()
    return Prepared(statement, dialect, documents(table))


def upsert(table: Table, dialect: Dialect) -> Prepared:
    """INSERT of a whole row, or its replacement where the key is there."""
    statement = (sqlite if dialect.name == "sqlite" else postgresql).insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    return Prepared(statement.on_conflict_do_update(index_elements=keys, set_=changed), dialect, documents(table))


def documents(table: Table) -> frozenset[str]:
    return frozenset(column.name for column in table.c if isinstance(column.type, JSON))
