"""Where the stores are: four SQLite files in one folder, or four schemas of one PostgreSQL database.

design.md's table of stores: record (for ever), vault and keys (erasable), views (disposable).
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from projections.settings import Settings

LOCK_TIMEOUT = 30  # seconds; the library's default of 5 starves a writer now and then
SQLITE = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "APPLICATION_RECORDER_TOPIC": "dialogue.sqlite:SqliteRecord"}
POSTGRES = {
    "PERSISTENCE_MODULE": "eventsourcing.postgres",
    "APPLICATION_RECORDER_TOPIC": "dialogue.postgres:PostgresRecord",
    "POSTGRES_SCHEMA": "record",
    "CREATE_TABLE": "n",
}


class NoStore(Exception):
    """There is no record here, or one that this version cannot use; the message says what to do."""


@dataclass(frozen=True)
class Stores:
    """Open doors to the four stores. `record` are the event store's settings; `schemas` whether they are schemas."""

    record: dict[str, str]
    vault: Engine
    keys: Engine
    views: Engine
    schemas: bool

    def schema(self, name: str) -> str | None:
        return name if self.schemas else None

    def reading(self, engine: Engine) -> Connection:
        """A connection whose one transaction sees one state of the store throughout."""
        conn = engine.connect()
        return conn.execution_options(isolation_level="REPEATABLE READ") if self.schemas else conn

    def writing(self, engine: Engine) -> Connection:
        """A connection whose transaction waits for other writers from the start."""
        return engine.connect().execution_options(writing=True)

    def close(self) -> None:
        for engine in {self.vault, self.keys, self.views}:
            engine.dispose()


def stores(settings: Settings, *, create: bool = False) -> Stores:
    """The stores that the settings name. With `create`, an embedded data folder is made if need be.

    Raises NoStore where there is none, or it cannot be read or written.
    """
    if settings.database is not None:
        return postgres_stores(settings.database)
    return sqlite_stores(settings.data, create=create)


def sqlite_stores(folder: Path, *, create: bool) -> Stores:
    """Four files that only their owner can read."""
    if create:
        prepare(folder)
    elif not (folder / "record.db").exists():
        raise NoStore(f"there is no dialogue record in {folder}; `dialogue init` makes one, `dialogue demo` shows one")
    for name in ("record", "vault", "keys", "views"):
        if (folder / f"{name}.db").exists() and not os.access(folder / f"{name}.db", os.R_OK):
            raise NoStore(f"{folder / name}.db cannot be read by you; it belongs to another user")
    return Stores(
        {
            **SQLITE,
            "SQLITE_DBNAME": f"file:{quote(str(folder / 'record.db'))}",
            "SQLITE_LOCK_TIMEOUT": str(LOCK_TIMEOUT),
            "CREATE_TABLE": "y" if create else "n",
        },
        sqlite_engine(folder / "vault.db", "FULL"),
        sqlite_engine(folder / "keys.db", "FULL"),
        sqlite_engine(folder / "views.db", "NORMAL"),
        schemas=False,
    )


def prepare(folder: Path) -> None:
    """Makes the folder and its files, readable by their owner only. Raises NoStore."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        for name in ("record", "vault", "keys", "views"):
            (folder / f"{name}.db").touch(mode=0o600)
    except OSError as error:
        raise NoStore(f"{folder} cannot be used as a data folder: {error.strerror}") from error


def sqlite_engine(path: Path, synchronous: str) -> Engine:
    """An engine on one file: write-ahead log, foreign deletions overwritten, and explicit transactions."""
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": LOCK_TIMEOUT})

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        # A deferred transaction that first reads and then writes fails at once when another has written.
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def postgres_stores(url: str) -> Stores:
    """One database, a schema a store."""
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(url)
    record = {
        **POSTGRES,
        "POSTGRES_DBNAME": str(parts.get("dbname") or parts.get("user") or "postgres"),
        "POSTGRES_HOST": str(parts.get("host") or "localhost"),
        "POSTGRES_PORT": str(parts.get("port") or "5432"),
        "POSTGRES_USER": str(parts.get("user") or "postgres"),
        "POSTGRES_PASSWORD": str(parts.get("password") or ""),
        "POSTGRES_POOL_SIZE": "1",
        "POSTGRES_MAX_OVERFLOW": "40",
        "POSTGRES_LOCK_TIMEOUT": str(LOCK_TIMEOUT),
    }
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=5,
        max_overflow=40,
        isolation_level="REPEATABLE READ",
    )
    return Stores(record, engine, engine, engine, schemas=True)
