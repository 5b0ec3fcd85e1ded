"""An installation examined: settings, keys, stores, disk, clock, views. Nothing is changed.

Each finding is ok, a warning (it works, and should be seen to) or a fault (it does not, or facts are in danger).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import Connection, func, select

from dialogue.record import CLOCK_TOLERANCE, Damaged
from dialogue.shape import instant
from dialogue.sqlite import TAKEN
from dialogue.vault import Sealed, unwrap
from projections.custody import FORGOTTEN, PURGED
from projections.disclosing import sealed_values
from projections.founding import open_installation, read_master_key
from projections.projector import digest
from projections.schema import PROJECTION_VERSION
from projections.secretariat import Secretariat
from projections.settings import Settings
from projections.stores import FILES, NoStore, StoreFailed, told

MEBIBYTE = 1 << 20
ENOUGH, TOO_LITTLE = 1024 * MEBIBYTE, 100 * MEBIBYTE  # free on the disk of the data folder
OTHERS = 0o077  # permissions of anybody but the owner


@dataclass(frozen=True)
class Finding:
    """`todo` is what to do about it; empty where all is well."""

    what: str
    status: Literal["ok", "warning", "fault"]
    sentence: str
    todo: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """What there is to say about the installation that the settings name, as far as it can be opened."""
    yield in_force(settings)
    key = master_key(settings)
    yield key
    if settings.log_key_file.exists():
        yield kept_to_its_owner(settings.log_key_file)
    if settings.database is None:
        files = list(embedded(settings.data))
        yield from files
        if any(one.status == "fault" for one in files):
            return
    if key.status == "fault":
        return
    try:
        with closing(open_installation(settings)) as secretariat, told():
            yield from opened(secretariat)
    except (NoStore, StoreFailed, Sealed, Damaged) as error:
        yield Finding("record", "fault", str(error), "see to what is said there, then run `dialogue doctor` again")


def in_force(settings: Settings) -> Finding:
    """Which settings somebody made, and where."""
    made = [f"{name} ({origin})" for name, _, origin in settings.rows() if origin != "default"]
    return Finding("settings", "ok", f"given: {', '.join(made)}" if made else "all are defaults")


def master_key(settings: Settings) -> Finding:
    """Whether the master key can be read, and by whom else."""
    try:
        read_master_key(settings)
    except (NoStore, Sealed) as error:
        return Finding("master key", "fault", str(error), "restore the key; without it no name can be read")
    if settings.master_key is not None:
        return Finding("master key", "ok", "it comes from the environment")
    path = settings.master_key_file
    if settings.database is None and settings.data.absolute() in path.absolute().parents:
        why = f"{path} lies in the data folder, so backups of the stores would carry it"
        return Finding("master key", "warning", why, "move it elsewhere and name its place with master_key_file")
    if os.name == "posix" and path.stat().st_mode & OTHERS:
        return Finding("master key", "warning", f"others than you can read {path}", f"run: chmod 600 {path}")
    return Finding("master key", "ok", f"{path} can be read, by its owner only")


def embedded(folder: Path) -> Iterator[Finding]:
    """The data folder and its files: whose they are, whether they are sound, and how much room is left."""
    if not (folder / "record.db").exists():
        yield Finding("stores", "fault", f"there is no dialogue record in {folder}", "run `dialogue init`, once")
        return
    for path in (folder, *(folder / f"{name}.db" for name in FILES)):
        if path.exists():
            yield kept_to_its_owner(path)
        elif path.name != "views.db":  # which is made anew
            yield Finding(path.name, "fault", f"{path} is missing", "restore it from its backup")
    for name in FILES:
        if (folder / f"{name}.db").exists():
            yield sound(folder / f"{name}.db")
    yield append_only(folder / "record.db")
    free = shutil.disk_usage(folder).free
    room = f"{free // MEBIBYTE:,} MiB are free on the disk of {folder}"
    if free >= ENOUGH:
        yield Finding("disk", "ok", room)
    else:
        yield Finding("disk", "warning" if free >= TOO_LITTLE else "fault", room, "make room on it")


def kept_to_its_owner(path: Path) -> Finding:
    """Whether the owner can read and write it, and nobody else can."""
    if not os.access(path, os.R_OK | os.W_OK):
        return Finding(path.name, "fault", f"you cannot read and write {path}", "act as its owner, or make it yours")
    if os.name == "posix" and path.stat().st_mode & OTHERS:
        mode = 700 if path.is_dir() else 600
        return Finding(path.name, "warning", f"others than its owner can reach {path}", f"run: chmod {mode} {path}")
    return Finding(path.name, "ok", f"{path} can be read and written, by its owner only")


def sound(path: Path) -> Finding:
    """What SQLite's own check says of the file."""
    try:
        with closing(reader(path)) as connection:
            said = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
    except sqlite3.Error as error:
        said = [str(error)]
    if said == ["ok"]:
        return Finding(f"{path.name} inside", "ok", "SQLite finds it sound")
    disposable = path.name == "views.db"
    todo = "remove it; it is made anew" if disposable else "restore it from its backup"
    return Finding(f"{path.name} inside", "fault", f"SQLite finds it damaged: {'; '.join(said)}", todo)


def append_only(path: Path) -> Finding:
    """Whether the record itself refuses to change or lose what is written in it."""
    wanted = {f"{table}_{verb}" for table in TAKEN for verb in ("update", "delete", "insert")}
    try:
        with closing(reader(path)) as connection:
            there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    except sqlite3.Error:
        there = set()
    if wanted <= there:
        return Finding("append-only", "ok", "the record refuses changes and deletions")
    missing = ", ".join(sorted(wanted - there))
    return Finding(
        "append-only",
        "fault",
        f"the record does not refuse every change; missing: {missing}",
        "run `dialogue init` again, and compare the record with its last backup",
    )


def reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)


def opened(secretariat: Secretariat) -> Iterator[Finding]:
    """What can be said once the stores are open."""
    about = secretariat.record.rows.about()
    facts = secretariat.record.recorder.max_notification_id() or 0
    yield Finding("record", "ok", f"{facts:,} facts, of origin {about['origin']}, format {about['format']}")
    yield unwraps(secretariat)
    with secretariat.stores.reading(secretariat.stores.views) as conn:
        yield clock(secretariat, conn)
        yield from views(secretariat, conn, facts)
        with suppress(Damaged):  # which was said of the views
            yield in_step(secretariat)
        if secretariat.stores.schemas:
            yield from postgres(conn)


def unwraps(secretariat: Secretariat) -> Finding:
    """Whether the master key is the one that these stores were made with."""
    if secretariat.custody.master is None:  # what is wrong with its file or a store is told besides
        return Finding("keys", "fault", secretariat.custody.trouble, "names stay unreadable until then")
    keys = secretariat.custody.k.keys
    with secretariat.custody.keys_engine.connect() as conn:
        row = conn.execute(select(keys).where(keys.c.wrapped.not_in((FORGOTTEN, PURGED))).limit(1)).first()
    try:
        if row is not None:
            unwrap(bytes(row.wrapped), secretariat.custody.present(), UUID(row.subject))
    except Sealed:
        return Finding(
            "keys",
            "fault",
            "the master key is not the one that these stores were made with",
            "restore that one; names stay unreadable until then",
        )
    return Finding("keys", "ok", "the master key opens them" if row else "none are kept yet")


def in_step(secretariat: Secretariat) -> Finding:
    """Whether the vault has every sealed value that no erasure tells of: it may be older than the record."""
    missing = 0
    with secretariat.reading() as reading:
        for dialogue in secretariat.record.rows.dialogues():
            missing += sum(one.disclosure is None and one.erased is None for one in sealed_values(reading, dialogue))
    if not missing:
        return Finding("vault", "ok", "it has every sealed value of the record that was not erased")
    said = f"{missing:,} sealed values of the record cannot be opened, and no entry tells of their erasure"
    return Finding("vault", "warning", said, "restore the backup of vault and keys that goes with the record")


def clock(secretariat: Secretariat, conn: Connection) -> Finding:
    """Whether this computer's clock is behind the last entry: then nothing can be recorded."""
    heads = secretariat.current(conn).heads
    last = conn.execute(select(func.max(heads.c.recordedtime))).scalar()
    ahead = instant(last) - secretariat.clock() if last else timedelta()
    if ahead <= timedelta():
        return Finding("clock", "ok", "it is not behind the last entry")
    said = f"the last entry lies {ahead.total_seconds():.0f} s ahead of this computer's clock"
    return Finding("clock", "fault" if ahead > CLOCK_TOLERANCE else "warning", said, "set the clock right")


def views(secretariat: Secretariat, conn: Connection, facts: int) -> Iterator[Finding]:
    """Whether what is shown is made from this record, by this version, and complete."""
    tables = secretariat.current(conn)
    progress = conn.execute(select(tables.progress)).one()
    last = secretariat.record.rows.at(progress.position) if progress.position else None
    todo = "run `dialogue rebuild`"
    if progress.version != PROJECTION_VERSION:
        yield Finding("views", "fault", "they were made by another version of this software", todo)
    elif progress.position and (last is None or digest(last) != progress.leaf):
        why = "they were not made from this record (was it restored from an older backup?)"
        yield Finding("views", "fault", why, f"if the record is the right one, {todo}")
    elif progress.position < facts:
        behind = f"they are {facts - progress.position:,} facts behind the record"
        yield Finding("views", "warning", behind, "the next act brings them up; or " + todo)
    else:
        yield Finding("views", "ok", "they are caught up with the record")
    for row in conn.execute(select(tables.broken)):
        why = f"dialogue {row.dialogue} cannot be shown from entry {row.entry} on: {row.reason}"
        yield Finding("views", "fault", why, f"upgrade this software, or restore the record; then {todo}")


def postgres(conn: Connection) -> Iterator[Finding]:
    """The server's version, what this role may do to the record, and what a failover would lose."""
    from dialogue.postgres import LEAST_VERSION  # whose driver is an extra: SQLite does without

    version = int(conn.exec_driver_sql("SHOW server_version_num").scalar_one())
    shown: str = conn.exec_driver_sql("SHOW server_version").scalar_one()
    if version < LEAST_VERSION:
        yield Finding("PostgreSQL", "fault", f"its version is {shown}", "upgrade it to 17 or later")
    else:
        yield Finding("PostgreSQL", "ok", f"its version is {shown}")
    query = (
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'record' AND "
        "has_table_privilege(schemaname || '.' || tablename, 'UPDATE, DELETE, TRUNCATE')"
    )
    if conn.exec_driver_sql(query).scalar_one():
        why = "this role may change the record, which only its triggers then refuse"
        yield Finding("append-only", "warning", why, "connect as the role that was named to `dialogue init`")
    else:
        yield Finding("append-only", "ok", "this role may read the record and append to it, no more")
    standbys = conn.exec_driver_sql("SHOW synchronous_standby_names").scalar_one()
    waits = conn.exec_driver_sql("SHOW synchronous_commit").scalar_one()
    if standbys and waits not in ("off", "local"):
        yield Finding("replication", "ok", f"synchronous: {standbys}")
    else:
        why = "it is not synchronous: a failover may lose facts that were acknowledged"
        yield Finding("replication", "warning", why, "set synchronous_standby_names on the server")
