"""Where the stores are: four SQLite files in one folder, or four schemas of one PostgreSQL database.

design.md's table of stores: record (for ever), vault and keys (erasable), views (disposable).
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from eventsourcing import persistence
from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import URL

from projections.settings import Settings

LOCK_TIMEOUT = 30  # seconds; the library's default of 5 starves a writer now and then
SQLITE = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "APPLICATION_RECORDER_TOPIC": "dialogue.sqlite:SqliteRecord"}
POSTGRES = {
    "PERSISTENCE_MODULE": "dialogue.postgres:PostgresFactory",
    "APPLICATION_RECORDER_TOPIC": "dialogue.postgres:PostgresRecord",
    "POSTGRES_SCHEMA": "record",
    "CREATE_TABLE": "n",
}
AS_WRITTEN = json.JSONDecoder()  # our columns begin with their value: there is no space to pass over
FILES = ("record", "vault", "keys", "views")
# What the databases say when nothing is wrong but their surroundings: part of their message, and what to tell.
TROUBLES = {
    "is full": "there is no room left on the disk; make some and try again",
    "No space left": "there is no room left on the database server's disk; make some and try again",
    "readonly": "the stores can only be read here; make their folder and files writable for you",
    "read-only": "the database takes no writing; connect to its primary server",
    "unable to open": "a store cannot be opened; make its folder and files readable and writable for you",
    "is locked": "another process keeps a store busy; try again",
    "lock timeout": "another process keeps a store busy; try again",
    "not a database": "a file in the data folder is no store, or damaged; restore it from a backup (views.db may "
    "be removed instead: it is made anew)",
    "malformed": "a store is damaged; restore it from a backup (views.db may be removed instead: it is made anew)",
    "no such table": "a store is not complete; run `dialogue init` once",
    "does not exist": "the database has no dialogue record, or not all of it; run `dialogue init` as its owner",
    "permission denied": "this role may not use the stores; use the one that was named to `dialogue init`",
    "get a connection": "the database server cannot be reached or takes no more connections; see to it and try again",
    "connection": "the connection to the database server failed; see to it and try again",
}


class NoStore(Exception):
    """There is no record here, or one that this version cannot use; the message says what to do."""


class StoreFailed(Exception):
    """A store cannot be read or written just now; the message says what to do."""


@contextmanager
def told() -> Iterator[None]:
    """Turns what the databases say of their surroundings into StoreFailed; faults of this program pass as they are."""
    try:
        yield
    except (persistence.DatabaseError, persistence.InterfaceError, exc.DBAPIError, sqlite3.DatabaseError) as error:
        said = str(getattr(error, "orig", None) or error).strip()
        for words, sentence in TROUBLES.items():
            if words in said:
                raise StoreFailed(f"{sentence} ({said.splitlines()[0]})") from error
        raise


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
        """A connection whose transaction waits for other writers, and then sees what they wrote."""
        # In a snapshot of before the wait, PostgreSQL would refuse to touch what others have written meanwhile.
        level = {"isolation_level": "READ COMMITTED"} if self.schemas else {}
        return engine.connect().execution_options(writing=True, **level)

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
    """Four files that only their owner can read. Raises NoStore."""
    folder = folder.absolute()
    try:
        if create:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        for name in FILES:
            prepare(folder / f"{name}.db", create=create or name == "views")
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise NoStore(f"{folder} cannot be used as a data folder ({why}); name another, or mend this one") from error
    return Stores(
        {
            **SQLITE,
            "SQLITE_DBNAME": f"file:{quote(str(folder / 'record.db'))}?mode=rw",
            "SQLITE_LOCK_TIMEOUT": str(LOCK_TIMEOUT),
            "CREATE_TABLE": "n",
        },
        sqlite_engine(folder / "vault.db", "FULL"),
        sqlite_engine(folder / "keys.db", "FULL"),
        sqlite_engine(folder / "views.db", "NORMAL"),
        schemas=False,
    )


def prepare(path: Path, *, create: bool) -> None:
    """Sees that the store is there, if need be made empty, and is its owner's only.

    Raises NoStore, OSError, and sqlite3.Error for a file that is none.
    """
    if not os.path.exists(path):  # noqa: PTH110  # says no, and does not raise, for what may not be seen
        if path.name == "record.db" and not create:
            where = path.parent
            raise NoStore(
                f"there is no dialogue record in {where}; `dialogue init` makes one, `dialogue demo` shows one"
            )
        if not create:
            raise NoStore(
                f"{path} is missing: restore it from its backup, or run `dialogue init` to go on without what it held"
            )
        path.touch(mode=0o600)
    elif not os.access(path, os.R_OK | os.W_OK) or not os.access(path.parent, os.W_OK):
        raise NoStore(f"{path} and its folder must be readable and writable for you, even if you only read")
    if path.stat().st_mode & 0o077:  # a copy from a backup, say; the files beside it are made with the same mode
        path.chmod(0o600)
    if path.stat().st_size == 0:
        log_ahead(path)


def log_ahead(path: Path) -> None:
    """Sets an empty store to write ahead to a log, which lasts."""
    with closing(sqlite3.connect(path, LOCK_TIMEOUT, isolation_level=None)) as connection:
        while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("BEGIN IMMEDIATE")  # another may be doing the same: this waits, the next does not
            connection.execute("ROLLBACK")
            with suppress_locked():
                connection.execute("PRAGMA journal_mode = WAL")


@contextmanager
def suppress_locked() -> Iterator[None]:
    """Passes over SQLite's word that another process is at it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise


def sqlite_engine(path: Path, synchronous: str) -> Engine:
    """An engine on one file, which overwrites what is deleted, with explicit transactions."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": LOCK_TIMEOUT},
        json_deserializer=decoded,
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        # A deferred transaction that first reads and then writes fails at once when another has written.
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def decoded(text: str) -> Any:
    """A JSON column's value. Quicker than json.loads, which a page of lists would call five hundred times."""
    return AS_WRITTEN.raw_decode(text)[0]


def postgres_stores(url: str) -> Stores:
    """One database, a schema a store."""
    try:
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise NoStore("PostgreSQL needs its driver: pip install 'dialogue-record[postgres]'") from error

    parts = {"connect_timeout": "10", **conninfo_to_dict(url)}
    record = {
        **POSTGRES,
        **dict.fromkeys(("POSTGRES_DBNAME", "POSTGRES_HOST", "POSTGRES_USER", "POSTGRES_PASSWORD"), ""),
        "POSTGRES_CONNECT": json.dumps(parts),
        "POSTGRES_CONNECT_TIMEOUT": str(parts["connect_timeout"]),
        "POSTGRES_POOL_SIZE": "1",
        "POSTGRES_MAX_OVERFLOW": "40",
        "POSTGRES_LOCK_TIMEOUT": str(LOCK_TIMEOUT),
    }
    engine = create_engine(
        "postgresql+psycopg://",
        connect_args=parts,
        pool_size=5,
        max_overflow=40,
        isolation_level="REPEATABLE READ",
    )
    return Stores(record, engine, engine, engine, schemas=True)
