"""Founding an installation: the stores made once, the record introduced, the master key written.

design.md, "Rooms" and "Stores": on PostgreSQL the owner's role makes the tables and the application's role may
read and append; `init` is the only thing that the owner's role is for.
"""

from __future__ import annotations

import os
import secrets
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

from eventsourcing.persistence import OperationalError, ProgrammingError
from sqlalchemy import Connection, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from dialogue.record import Damaged, Record
from dialogue.vault import Sealed
from projections.custody import master_key
from projections.erasable import KeyTables, VaultTables
from projections.forgetting import forget_again
from projections.projector import begin
from projections.schema import Tables, pointer
from projections.secretariat import Secretariat
from projections.settings import Settings
from projections.stores import NoStore, StoreFailed, Stores, stores, told

FOUNDING = 7_461_001  # the advisory lock under which stores are made, one process at a time
FORMAT = "1"  # of the record and the vault; a newer one is refused


def found(settings: Settings, *, app_role: str | None = None) -> None:
    """Makes an installation at the place that the settings name. Safe to run again, and by several at once.

    On PostgreSQL the settings name the owner's role, and `app_role` the role that the application will use.
    Raises NoStore, StoreFailed, and Sealed for a master key that is none.
    """
    opened = stores(settings, create=True)
    try:
        with told(), opened.writing(opened.keys) as turn, turn.begin():
            one_at_a_time(turn, opened)
            if opened.schemas:
                prepare_postgres(opened)
            KeyTables(opened.schema("keys")).meta.create_all(turn)
        with told(), opened.writing(opened.keys) as turn, turn.begin():
            one_at_a_time(turn, opened)
            if turn.execute(select(KeyTables(opened.schema("keys")).keys).limit(1)).first() is None:
                make_master_key(settings)
            with opened.writing(opened.vault) as conn, conn.begin():
                VaultTables(opened.schema("vault")).meta.create_all(conn)
            introduce(settings, opened)
            if app_role is not None:
                grant(turn, app_role)
    finally:
        opened.close()


def one_at_a_time(conn: Connection, opened: Stores) -> None:
    """Keeps other processes from making stores until the transaction ends; SQLite's has done so by its beginning."""
    if opened.schemas:
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({FOUNDING})")


def introduce(settings: Settings, opened: Stores) -> None:
    """Makes an embedded record's tables and writes what the record is, unless that is there. Raises NoStore."""
    secretariat = assembled(settings, opened, read_master_key(settings))
    try:
        about = known(secretariat.record)
        checked(about)
        secretariat.record.rows.create_table()
        if not about:
            secretariat.record.rows.introduce({"origin": settings.source, "format": FORMAT})
    finally:
        secretariat.record.close()


def open_installation(settings: Settings) -> Secretariat:
    """The installation that is there; views that are not there yet are made, and whoever is forgotten stays so.

    Without its master key, or while vault or keys are damaged, it can be read, names withheld. Raises NoStore where
    there is none, or one of a newer version; StoreFailed.
    """
    opened = stores(settings)
    secretariat = None
    try:
        with told():
            secretariat = assembled(settings, opened, *key_or_trouble(settings))
            about = known(secretariat.record)
            if not about:
                raise NoStore("there is no dialogue record here yet; `dialogue init` makes one")
            checked(about)
            secretariat.record.origin = about["origin"]
            with opened.writing(opened.views) as conn, conn.begin():
                new = begin_views(conn, opened)
            if new:
                secretariat.catch_up()
            keep_forgotten(secretariat)
    except BaseException:
        (secretariat or opened).close()
        raise
    return secretariat


def keep_forgotten(secretariat: Secretariat) -> None:
    """Sees to it that whoever is forgotten stays so; while vault or keys are too damaged for that, all names are
    withheld, and the record is read on.
    """
    with suppress(Damaged):  # nothing can be read then until `dialogue rebuild`, which sees to it
        try:
            forget_again(secretariat)
        except DBAPIError as error:
            secretariat.custody.close(error)


def known(record: Record) -> dict[str, str]:
    """What the record says it is; nothing where its tables are not made yet."""
    try:
        return record.rows.about()
    except (OperationalError, ProgrammingError) as error:
        if "no such table" in str(error) or 'relation "record.about" does not exist' in str(error):
            return {}
        raise


def key_or_trouble(settings: Settings) -> tuple[bytes | None, str]:
    """The master key; or none, and what to say about that."""
    try:
        return read_master_key(settings), ""
    except (NoStore, Sealed) as error:
        return None, str(error)


def assembled(settings: Settings, opened: Stores, master: bytes | None, trouble: str = "") -> Secretariat:
    return Secretariat(
        opened,
        master,
        trouble=trouble,
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
    one_at_a_time(conn, opened)
    table.metadata.create_all(conn)
    if conn.execute(select(table.c.current)).first():
        return False
    begin(conn, Tables("a", opened.schema("views")))
    conn.execute(insert(table), {"name": "views", "current": "a"})
    return True


def make_master_key(settings: Settings) -> None:
    """A new master key in its file, for its owner only, unless there is one. Raises NoStore."""
    path = settings.master_key_file
    if settings.master_key is not None or path.exists():
        return
    unnamed = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(unnamed)  # whole at once, and never over another's
        finally:
            unnamed.unlink()
    except FileExistsError:
        return
    except OSError as error:
        raise NoStore(
            f"the master key cannot be written to {path} ({error.strerror}); name another place for it with "
            "DIALOGUE_MASTER_KEY_FILE"
        ) from error


def read_master_key(settings: Settings) -> bytes:
    """The master key from the environment or its file. Raises NoStore, or Sealed for one that is no key."""
    if settings.master_key is not None:
        return master_key(settings.master_key)
    path = Path(settings.master_key_file)
    try:
        return master_key(path.read_text("utf-8", "replace"))
    except OSError as error:
        raise NoStore(
            f"the master key cannot be read from {path} ({error.strerror}); set DIALOGUE_MASTER_KEY or restore the file"
        ) from error


def prepare_postgres(opened: Stores) -> None:
    """The schemas and the record's tables, by the owner's role. Raises NoStore before PostgreSQL 17."""
    from dialogue.postgres import LEAST_VERSION, TABLES  # whose driver is an extra: SQLite does without

    with opened.writing(opened.views) as conn, conn.begin():
        if int(conn.exec_driver_sql("SHOW server_version_num").scalar_one()) < LEAST_VERSION:
            raise NoStore("PostgreSQL 17 or later is needed, for its privilege MAINTAIN; upgrade the server")
        if inspect(conn).has_table("about", schema="record"):
            checked({row.name: row.value for row in conn.exec_driver_sql("SELECT name, value FROM record.about")})
        for schema in ("record", "vault", "keys", "views"):
            conn.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for statement in TABLES:
            conn.exec_driver_sql(statement)


def grant(conn: Connection, role: str) -> None:
    """What the application's role may do: read and append in the record, everything in its own stores.

    Raises StoreFailed where there is no such role.
    """
    if conn.exec_driver_sql("SELECT FROM pg_roles WHERE rolname = %(role)s", {"role": role}).first() is None:
        raise StoreFailed(f"there is no role {role} in this database; create it, then run `dialogue init` again")
    quoted = conn.dialect.identifier_preparer.quote_identifier(role)
    for statement in (
        f"GRANT USAGE ON SCHEMA record, vault, keys TO {quoted}",
        f"GRANT USAGE, CREATE ON SCHEMA views TO {quoted}",
        f"GRANT SELECT, INSERT, MAINTAIN ON ALL TABLES IN SCHEMA record TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON ALL TABLES IN SCHEMA vault, keys TO {quoted}",
    ):
        conn.exec_driver_sql(statement)
