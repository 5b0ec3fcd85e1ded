"""Purging: what was deleted from vault and keys leaves no byte in any file of theirs.

SQLite (sqlite.org/pragma.html#pragma_secure_delete, /wal.html): deleted content is overwritten with zeros, but old
pages stay in the write-ahead log until it is truncated, and VACUUM gives free pages back. On PostgreSQL the tables
are written anew; its own write-ahead log and any archive or backup of it are the operator's to let expire.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from projections.erasable import KeyTables, VaultTables
from projections.stores import Stores

LATER = (
    "another process is reading the stores, so traces of what was erased may be left in their files; "
    "run `dialogue forget --finish` when it has ended"
)
OWNER = "this role may not write the tables anew: run `dialogue init` as their owner, then `dialogue forget --finish`"
PATIENCE = "10s"  # for those who are reading a table on PostgreSQL


def purge(stores: Stores) -> str:
    """Writes vault and keys anew without what was deleted; what is left to do, "" if nothing is."""
    if stores.schemas:
        return purge_tables(stores)
    done = [purge_file(engine) for engine in (stores.vault, stores.keys)]
    return "" if all(done) else LATER


def purge_file(engine: Engine) -> bool:
    """Whether the file was written anew and its log emptied; not while others are reading it."""
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        try:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            row = cursor.fetchone()  # (whether others kept it from being done, …)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            return False
    return row is not None and row[0] == 0


def purge_tables(stores: Stores) -> str:
    """The same with tables of PostgreSQL, one after the other."""
    tables = [*VaultTables("vault").meta.sorted_tables, *KeyTables("keys").meta.sorted_tables]
    with stores.vault.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql(f"SET lock_timeout = '{PATIENCE}'")
        try:
            for table in tables:
                may = "SELECT has_table_privilege(%(name)s, 'MAINTAIN')"
                if not conn.exec_driver_sql(may, {"name": f"{table.schema}.{table.name}"}).scalar():
                    return OWNER
                conn.exec_driver_sql(f"VACUUM FULL {table.schema}.{table.name}")
        except OperationalError as error:
            if "lock timeout" not in str(error.orig):
                raise
            return LATER
        finally:
            conn.exec_driver_sql("RESET lock_timeout")
    return ""
