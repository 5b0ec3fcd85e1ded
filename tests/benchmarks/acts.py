"""An act through `execute` against a floor that writes the same rows in the same commits with the bare driver.

Run by hand: PYTHONPATH=.:tests python tests/benchmarks/acts.py [acts] [postgres]. Prints ratios; both sides are
measured in the same run, in turn, so that a noisy machine disturbs both.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from dialogue.comment import MakeComment
from dialogue.drafting import SubmitProposal
from dialogue.fact import OPERATOR, Personal, named
from dialogue.issuing import OpenForSignature
from dialogue.mandate import ProposeDialogue
from dialogue.mandate import Settings as Terms
from dialogue.participant import Invite
from dialogue.signing import GiveEndorsement
from projections.founding import found, open_installation
from projections.secretariat import Secretariat
from projections.settings import load
from stores import postgres_server

BLOCK = 25  # acts measured in turn


def installation(folder: Path) -> Secretariat:
    settings = load({"data": str(folder)}, {"DIALOGUE_MASTER_KEY_FILE": str(folder.parent / "master.key")})
    found(settings)
    return open_installation(settings)


class Floor:
    """The rows that an installation wrote, written again by the bare driver into files of the same schema."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.source = source
        self.files = {}
        for name, synchronous in (("vault", "FULL"), ("record", "FULL"), ("views", "NORMAL")):
            origin = sqlite3.connect(source / f"{name}.db")
            copy = sqlite3.connect(folder / f"{name}.db", isolation_level=None)
            copy.execute("PRAGMA journal_mode = WAL")
            copy.execute(f"PRAGMA synchronous = {synchronous}")
            for (statement,) in origin.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
                copy.execute(statement)
            self.files[name] = origin, copy
        self.macs = list(self.files["vault"][0].execute("SELECT * FROM acts"))

    def rows(self, entry: int) -> list[tuple[str, str, tuple[Any, ...]]]:
        """(file, statement, values) of everything that belongs to one entry."""
        found = [("vault", "INSERT INTO acts VALUES (?, ?, ?)", self.macs[entry % len(self.macs)])]
        found[0] = ("vault", found[0][1], (found[0][2][0], f"floor {entry}", found[0][2][2]))
        origin = self.files["record"][0]
        for row in origin.execute("SELECT * FROM stored_events WHERE entry = ?", (entry,)):
            found.append(("record", f"INSERT INTO stored_events VALUES ({marks(row)})", row))
        views = self.files["views"][0]
        for (table,) in list(views.execute("SELECT name FROM sqlite_master WHERE type = 'table'")):
            columns = [row[1] for row in views.execute(f"PRAGMA table_info({table})")]
            by = "from_entry" if "from_entry" in columns else "entry" if "entry" in columns else None
            if by is None or table.startswith(("heads", "broken")):
                continue
            for row in views.execute(f"SELECT * FROM {table} WHERE {by} = ?", (entry,)):
                found.append(("views", f"INSERT INTO {table} VALUES ({marks(row)})", row))
        for table, count in (("states_a", 2), ("heads_a", 1), ("progress_a", 1)):
            for row in views.execute(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT {count}"):
                found.append(("views", f"INSERT OR REPLACE INTO {table} VALUES ({marks(row)})", row))
        return found

    def write(self, rows: list[tuple[str, str, tuple[Any, ...]]]) -> None:
        by_file = defaultdict(list)
        for name, statement, values in rows:
            by_file[name].append((statement, values))
        for name in ("vault", "record", "views"):
            copy = self.files[name][1]
            copy.execute("BEGIN IMMEDIATE")
            for statement, values in by_file[name]:
                copy.execute(statement, values)
            copy.execute("COMMIT")


def marks(row: tuple[Any, ...]) -> str:
    return ", ".join("?" * len(row))


class PostgresFloor:
    """The same on PostgreSQL: the rows written again into copies of the tables, indexes included."""

    TABLES = ("vault.acts", "record.record_events")

    def __init__(self, url: str) -> None:
        self.conn = psycopg.connect(url, autocommit=True)
        names = self.conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'views'").fetchall()
        self.views = [name for (name,) in names if name.endswith("_a")]
        for table in (*self.TABLES, *(f"views.{name}" for name in self.views)):
            copy = table.partition(".")[2]
            self.conn.execute(f"CREATE TABLE IF NOT EXISTS public.{copy} (LIKE {table} INCLUDING ALL)".encode())

    def rows(self, entry: int) -> list[tuple[str, str, tuple[Any, ...]]]:
        found: list[tuple[str, str, tuple[Any, ...]]] = []
        row = self.conn.execute("SELECT * FROM vault.acts LIMIT 1").fetchone()
        assert row is not None
        found.append(("vault", "INSERT INTO acts VALUES (%s, %s, %s)", (row[0], f"floor {entry}", row[2])))
        for row in self.conn.execute("SELECT * FROM record.record_events WHERE entry = %s", (entry,)):
            found.append(("record", f"INSERT INTO record_events VALUES ({self.marks(row)})", row))
        for table in self.views:
            columns = self.conn.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'views' AND table_name = %s",
                (table,),
            ).fetchall()
            names = {name for (name,) in columns}
            by = "from_entry" if "from_entry" in names else "entry" if "entry" in names else None
            if by is None or table.startswith(("heads", "broken")):
                continue
            for row in self.conn.execute(f"SELECT * FROM views.{table} WHERE {by} = %s".encode(), (entry,)):
                found.append(("views", f"INSERT INTO {table} VALUES ({self.marks(row)})", self.plain(row)))
        for table, count in (("states_a", 2), ("heads_a", 1), ("progress_a", 1)):
            for row in self.conn.execute(f"SELECT * FROM views.{table} LIMIT {count}".encode()):
                statement = f"INSERT INTO {table} VALUES ({self.marks(row)}) ON CONFLICT DO NOTHING"
                found.append(("views", statement, self.plain(row)))
        return found

    def marks(self, row: tuple[Any, ...]) -> str:
        return ", ".join(["%s"] * len(row))

    def plain(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(json.dumps(one) if isinstance(one, list | dict) else one for one in row)

    def write(self, rows: list[tuple[str, str, tuple[Any, ...]]]) -> None:
        for name in ("vault", "record", "views"):
            with self.conn.transaction():
                for store, statement, values in rows:
                    if store == name:
                        self.conn.execute(statement.encode(), values)


def main(count: int, postgres: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if not postgres:
            source = Path(folder, "data")
            measure(installation(source), count, lambda: Floor(source, Path(tempfile.mkdtemp(dir=folder))))
            return
        with postgres_server(durable=True) as server:
            database = server.fresh()
            environ = {"DIALOGUE_MASTER_KEY_FILE": str(Path(folder, "master.key"))}
            found(load({"database": database.owner_url}, environ), app_role=database.app_role)
            house = open_installation(load({"database": database.app_url}, environ))
            with psycopg.connect(server.superuser_url, autocommit=True) as conn:
                conn.execute("ALTER ROLE dialogue_owner SUPERUSER")
            measure(house, count, lambda: PostgresFloor(database.owner_url))
            house.close()


def measure(house: Secretariat, count: int, floor_of: Callable[[], Floor | PostgresFloor]) -> None:
    dialogue = uuid4()
    officers = (Invite(("secretariat",), body="Secretariat"), Invite(("co-chair",), name=Personal("CHAIR One")))
    form = ProposeDialogue("A benchmark", officers=officers, settings=Terms(chairs="any"))
    house.execute(dialogue, form, house.moment(OPERATOR))
    secretariat, chair = named(dialogue, "N1"), named(dialogue, "N2")
    house.execute(dialogue, SubmitProposal("A title", "A text of some words."), house.moment(chair))
    proposal = named(dialogue, "P1")
    house.execute(dialogue, OpenForSignature(proposal=proposal), house.moment(chair))
    signers = []
    for number in range(count):
        [entry] = house.execute(dialogue, Invite(name=Personal(f"SIGNER {number}")), house.moment(secretariat))
        signers.append(entry.stream)
    acts = {
        "a comment": [(MakeComment(f"Comment {n}.", proposal=proposal), chair) for n in range(count)],
        "a signature": [(GiveEndorsement(proposal=proposal, publish=True), who) for who in signers],
    }
    print(f"{'act':<14}{'execute':>12}{'floor':>12}{'ratio':>8}")
    for name, todo in acts.items():
        ours, floors = [], []
        for start in range(0, count, BLOCK):
            entries = []
            begun = time.perf_counter()
            for command, who in todo[start : start + BLOCK]:
                entries += house.execute(dialogue, command, house.moment(who))
            ours.append((time.perf_counter() - begun) / BLOCK)
            floor = floor_of()
            rows = [floor.rows(entry.number) for entry in entries]
            begun = time.perf_counter()
            for one in rows:
                floor.write(one)
            floors.append((time.perf_counter() - begun) / BLOCK)
        mine, least = statistics.median(ours), statistics.median(floors)
        print(f"{name:<14}{mine * 1000:>9.2f} ms{least * 1000:>9.2f} ms{least / mine:>8.2f}")


if __name__ == "__main__":
    words = sys.argv[1:]
    main(next((int(word) for word in words if word.isdigit()), 200), "postgres" in words)
