"""Installations on either engine, for the tests of the stores: made once, copied for each test, and looked behind.

The model's dialogue has the people of spec.py; P1 is open for signature with amendment A1 proposed, and a call Q1 is
open on P2, to which A2 is proposed and all but Pavel agree. All of it is invented. What other processes run stands
here too, where they can import it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue.amendment import ProposeAmendment
from dialogue.comment import MakeComment
from dialogue.consensus import CallConsensus, TakePosition
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.fact import OPERATOR, Command, Conflict, Entry, Refused
from dialogue.issuing import OpenForSignature
from dialogue.mandate import ProposeDialogue, Settings
from dialogue.signing import GiveEndorsement, WithdrawEndorsement
from projections.founding import found, open_installation
from projections.secretariat import Secretariat
from projections.settings import load
from spec import CAST, DIALOGUE, MEMBERS, OFFICERS, signature, thing, who
from stores import Database, Server

P1, P2, A1, A2, Q1 = (thing(handle) for handle in ("P1", "P2", "A1", "A2", "Q1"))
WORDS = "Open one hotline between the coast guards."
SECRET = "An0ther-invented-name"  # a personal value that must stand in no store in clear


@dataclass(frozen=True)
class Place:
    """Where an installation is: the settings of the application, and those of the role that made it."""

    environ: Mapping[str, str]
    owner: Mapping[str, str]

    @property
    def folder(self) -> Path:
        """The data folder; beside it lies the master key."""
        return Path(self.environ["DIALOGUE_DATA"])

    @property
    def postgres(self) -> bool:
        return "DIALOGUE_DATABASE" in self.environ

    def open(self) -> Secretariat:
        """The installation, as another process would open it."""
        return open_installation(load({}, self.environ))

    @contextmanager
    def opened(self) -> Iterator[Secretariat]:
        with closing(self.open()) as secretariat:
            yield secretariat

    def init(self) -> None:
        """What `dialogue init` does."""
        found(load({}, self.owner), app_role="dialogue_app" if self.postgres else None)

    @contextmanager
    def driver(self, store: str, *, owner: bool = False) -> Iterator[Any]:
        """The bare driver's connection to one store, in a transaction a statement."""
        if self.postgres:
            import psycopg

            url = (self.owner if owner else self.environ)["DIALOGUE_DATABASE"]
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"SET search_path = {store}")
                yield connection
        else:
            with closing(sqlite3.connect(self.folder / f"{store}.db", isolation_level=None)) as connection:
                yield connection

    def sql(self, store: str, statement: str, *values: object, owner: bool = False) -> list[tuple[Any, ...]]:
        """What a statement gives, by the bare driver; ? stands for a value."""
        with self.driver(store, owner=owner) as connection:
            cursor = connection.execute(statement.replace("?", "%s") if self.postgres else statement, values)
            return cursor.fetchall() if cursor.description else []

    @property
    def events(self) -> str:
        """The table of facts."""
        return "record_events" if self.postgres else "stored_events"

    @property
    def position(self) -> str:
        """Its column of ids, which are dense over all dialogues."""
        return "notification_id" if self.postgres else "rowid"

    def numbers(self) -> list[tuple[int, int]]:
        """(id, entry) of every fact of the dialogue, in the order of ids."""
        dialogue = str(DIALOGUE) if self.postgres else DIALOGUE.hex
        query = f"SELECT {self.position}, entry FROM {self.events} WHERE dialogue = ? ORDER BY 1"
        return [(id, entry) for id, entry in self.sql("record", query, dialogue)]


def act(
    secretariat: Secretariat, command: Command, by: str = "Rin", *, named: str | None = None, **moment: Any
) -> list[Entry]:
    """The entries of an act in the model's dialogue; `named` is its id, and `by` somebody of spec.py's."""
    actor = OPERATOR if by == "Operator" else who(by)
    return secretariat.execute(DIALOGUE, command, secretariat.moment(actor, act=named, **moment))


def types(entries: list[Entry]) -> list[str]:
    """The names of the facts."""
    return [type(entry.fact).__name__ for entry in entries]


def furnish(place: Place) -> None:
    """Makes the model's dialogue."""
    place.init()
    people = list(CAST.items())
    with place.opened() as house:
        officers = tuple(invitation for _, invitation in people[:OFFICERS])
        act(house, ProposeDialogue("An invented dialogue", "1.5", officers, Settings(chairs="any")), "Operator")
        for _, invitation in people[OFFICERS:]:
            act(house, invitation, "Office")
        act(house, SubmitProposal("Hotlines", WORDS), "Tuya")
        act(house, OpenForSignature(proposal=P1))
        act(house, ProposeAmendment(P1, WORDS.replace("one", "two")), "Pavel")
        act(house, SubmitProposal("Buoys", "Share the places of buoys."), "Pavel")
        act(house, ProposeAmendment(P2, "Share the places of all buoys."), "Seoyun")
        act(house, CallConsensus(proposal=P2))
        for name in MEMBERS:
            if name != "Pavel":
                act(house, TakePosition(Q1, "agree"), name)


class Model:
    """A furnished installation on one engine, and as many copies of it as are asked for."""

    def __init__(self, folder: Path, server: Server | None) -> None:
        self.server = server
        self.database = server.fresh() if server else None
        self.place = placed(folder, self.database)
        self.copies: list[Database] = []
        furnish(self.place)

    def copy(self, folder: Path) -> Place:
        shutil.copytree(self.place.folder.parent, folder)
        if self.server is None:
            return placed(folder, None)
        self.copies.append(self.server.fresh(like=self.database))
        return placed(folder, self.copies[-1])

    def empty(self, folder: Path) -> Place:
        """A place where nothing is yet."""
        if self.server is None:
            return placed(folder, None)
        self.copies.append(self.server.fresh())
        return placed(folder, self.copies[-1])

    def clear(self) -> None:
        while self.server and self.copies:
            self.server.drop(self.copies.pop())


def placed(folder: Path, database: Database | None) -> Place:
    files = {"DIALOGUE_DATA": str(folder / "data"), "DIALOGUE_MASTER_KEY_FILE": str(folder / "master.key")}
    if database is None:
        return Place(files, files)
    return Place({**files, "DIALOGUE_DATABASE": database.app_url}, {**files, "DIALOGUE_DATABASE": database.owner_url})


def leaves(secretariat: Secretariat, entries: list[Entry]) -> list[bytes]:
    """What stands in the record in the places of these entries."""
    return [next(secretariat.record.leaves(DIALOGUE, entry.number)) for entry in entries]


# ---------------------------------------------------------------- run by other processes


def act_much(place: Place, name: str, acts: int, answers: Any) -> None:
    """One process of many: acts that meet the others' in every aggregate. Answers with what was acknowledged, or
    with the fault that ended it.
    """
    told: list[tuple[str, list[int]]] = []
    try:
        with place.opened() as house:
            for turn in range(acts):
                command: Command = (
                    ReviseProposal(P1, f"{WORDS} In the words of {name}, turn {turn}."),
                    GiveEndorsement(proposal=P1, publish=True),
                    TakePosition(Q1, "agree" if turn % 2 else "abstain"),
                    WithdrawEndorsement(signature(name, "P1")),
                    MakeComment(f"A comment of {name}'s, turn {turn}.", proposal=P1),
                )[turn % 5]
                id = f"{name} {os.getpid()} {turn}"
                try:
                    entries = act(house, command, "Tuya" if turn % 5 == 0 else name, named=id)
                except (Refused, Conflict):
                    continue
                told.append((id, [entry.number for entry in entries]))
    except Exception as fault:
        answers.put(f"{name}: {type(fault).__name__}: {fault}")
        raise
    answers.put(told)


def tail(place: Place, seen: Any, last: Any, done: Any) -> None:
    """A process that reads on until all is done and it has seen `last`: answers with the ids that it saw."""
    ids: list[int] = []
    with place.opened() as house:
        while not done.wait(0.003) or (ids[-1] if ids else 0) < last.value:
            ids += [id for id, _ in house.record.rows.after(ids[-1] if ids else 0, 7)]
    seen.put(ids)


def die_after(store: str, place: Place) -> None:
    """Acts, and is killed as soon as that store has committed what the act brings."""

    def die(*_: object) -> None:
        os.kill(os.getpid(), 9)

    house = place.open()
    if store == "record":
        save = house.record.save
        house.record.save = lambda *facts, **kept: (save(*facts, **kept), die())  # type: ignore[assignment,method-assign]
    else:
        keep, move = house.custody.keep, house.catch_up
        if store == "vault":
            house.custody.keep = lambda *kept: (keep(*kept), die())  # type: ignore[assignment,method-assign]
        else:
            house.catch_up = lambda: (move(), die())  # type: ignore[assignment,method-assign]
    act(house, CAST["Tuya"], "Office", named="the last act")


if __name__ == "__main__":
    die_after(sys.argv[1], Place(dict(os.environ), dict(os.environ)))
