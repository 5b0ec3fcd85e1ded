"""Founding an installation: the stores made once, the record introduced, the master key written.

design.md, "Rooms" and "Stores": on PostgreSQL the owner's role makes the tables and the application's role may
read and append; `init` is the only thing that the owner's role is for.
"""

from __future__ import annotations

import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

from eventsourcing.persistence import PersistenceError
from sqlalchemy import Connection, insert, inspect, select, text

from dialogue.postgres import TABLES
from projections.custody import master_key
from projections.projector import begin
from projections.schema import KeyTables, Tables, VaultTables, pointer
from projections.secretariat import Secretariat
from projections.settings import Settings
from projections.stores import NoStore, Stores, stores

MAKING_VIEWS = 7_461_001  # the advisory lock under which the views are first made
FORMAT = "1"  # of the record and the vault; a newer one is refused


def found(settings: Settings, *, app_role: str | None = None) -> None:
    """Makes an installation at the place that the settings name. Safe to run again.

    On PostgreSQL the settings name the owner's role, and `app_role` the role that the application will use.
    Raises NoStore.
    """
    make_master_key(settings)
    if settings.database is not None:
        prepare_postgres(settings.database)
    opened = stores(settings, create=True)
    secretariat = assembled(settings, opened)
    for engine, tables in ((opened.vault, VaultTables), (opened.keys, KeyTables)):
        with opened.writing(engine) as conn, conn.begin():
            tables(opened.schema(tables.name)).meta.create_all(conn)
    about = secretariat.record.rows.about()
    checked(about)
    if not about:
        secretariat.record.rows.introduce({"origin": settings.source, "format": FORMAT})
    if app_role is not None:
        grant(opened, app_role)
    secretariat.close()


def open_installation(settings: Settings) -> Secretariat:
    """The installation that is there; views that are not there yet are made.

    Raises NoStore where there is none, or one of a newer version.
    """
    opened = stores(settings)
    try:
        secretariat = assembled(settings, opened)
        about = secretariat.record.rows.about()
    except PersistenceError as error:
        raise NoStore(f"the record cannot be read: {error}") from error
    if not about:
        raise NoStore("there is no dialogue record here yet; `dialogue init` makes one")
    checked(about)
    secretariat.record.origin = about["origin"]
    with opened.writing(opened.views) as conn, conn.begin():
        new = begin_views(conn, opened)
    if new:
        secretariat.catch_up()
    return secretariat


def assembled(settings: Settings, opened: Stores) -> Secretariat:
    return Secretariat(
        opened,
        read_master_key(settings),
        origin=settings.source,
        log_key_file=settings.log_key_file,
        checkpoint_every=settings.checkpoint_every,
    )


def checked(about: dict[str, str]) -> None:
    if about and int(about["format"]) > int(FORMAT):
        raise NoStore("this record was written by a newer version of the software; upgrade before you open it")


def begin_views(conn: Connection, opened: Stores) -> bool:
    """The first generation of the views, unless there is one; whether it was made now."""
    table = pointer(opened.schema("views"))
    if inspect(conn).has_table(table.name, schema=table.schema):
        return False
    if opened.schemas:
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MAKING_VIEWS})")
    table.metadata.create_all(conn)
    if conn.execute(select(table.c.current)).first():
        return False
    begin(conn, Tables("a", opened.schema("views")))
    conn.execute(insert(table), {"name": "views", "current": "a"})
    return True


def make_master_key(settings: Settings) -> None:
    """A new master key in its file, for its owner only, unless there is one."""
    path = settings.master_key_file
    if settings.master_key is not None or path.exists():
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    except OSError as error:
        raise NoStore(f"the master key cannot be written to {path}: {error.strerror}") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=") + b"\n")


def read_master_key(settings: Settings) -> bytes:
    """The master key from the environment or its file. Raises NoStore, or Sealed for one that is no key."""
    if settings.master_key is not None:
        return master_key(settings.master_key)
    path = Path(settings.master_key_file)
    try:
        return master_key(path.read_text())
    except OSError as error:
        raise NoStore(
            f"the master key cannot be read from {path} ({error.strerror}); set DIALOGUE_MASTER_KEY or restore the file"
        ) from error


def prepare_postgres(url: str) -> None:
    """The schemas and the record's tables, by the owner's role. Raises NoStore before PostgreSQL 17."""
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url

    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as conn:
        version: int = conn.exec_driver_sql("SHOW server_version_num").scalar_one()
        if int(version) < 170000:
            raise NoStore("PostgreSQL 17 or later is needed: the application's role needs the privilege MAINTAIN")
        for schema in ("record", "vault", "keys", "views"):
            conn.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
        for statement in TABLES:
            conn.exec_driver_sql(statement)
    engine.dispose()


def grant(opened: Stores, role: str) -> None:
    """What the application's role may do: read and append in the record, everything in its own stores."""
    quoted = '"' + role.replace('"', '""') + '"'
    with opened.views.begin() as conn:
        for statement in (
            f"GRANT USAGE ON SCHEMA record, vault, keys TO {quoted}",
            f"GRANT USAGE, CREATE ON SCHEMA views TO {quoted}",
            f"GRANT SELECT, INSERT, MAINTAIN ON ALL TABLES IN SCHEMA record TO {quoted}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA vault, keys TO {quoted}",
        ):
            conn.exec_driver_sql(statement)
