"""The composition root: the only place that knows all stores. It executes acts, keeps the views, lends reads.

design.md, "The one way through the house" and "Views keep time".
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from dialogue.erasure import ConfirmErasure
from dialogue.fact import Command, Entry, Moment, Personal
from dialogue.record import Asked, Record
from dialogue.shape import encode, stamp
from dialogue.vault import SALT_BYTES
from projections.access import Access
from projections.attesting import due
from projections.audience import SECRETARIAT, Audience
from projections.custody import Custody
from projections.forgetting import confirm, forget_again
from projections.own_keys import with_own_keys
from projections.prepared import Prepared
from projections.projector import BATCH, Projector, Rebuild, Unfit
from projections.read import Reading
from projections.room import Room
from projections.schema import Tables, pointer
from projections.states import StateDesk, States, WarmDesk
from projections.stores import StoreFailed, Stores, told


class Secretariat:
    """One installation. A checkpoint is signed after so many entries, where there is a key.

    `clock` gives the time, `random(n)` n random bytes.
    """

    def __init__(
        self,
        stores: Stores,
        master: bytes | None,
        *,
        trouble: str = "",
        origin: str,
        log_key_file: Path | None = None,
        checkpoint_every: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.stores = stores
        self.log_key_file = log_key_file
        self.checkpoint_every = checkpoint_every
        self.clock = clock
        self.random = random
        self.custody = Custody(stores, master, random, trouble)
        self.room = Room(stores, self.custody, self.now)
        self.record = Record(
            stores.record,
            origin=origin,
            vault=self.custody,
            room=self.room,
            clock=clock,
            salt=lambda: self.random(SALT_BYTES),
        )
        self.pointer = pointer(stores.schema("views"))
        self.access = Access(stores, self.now, random)
        self.read_now = Prepared(select(self.pointer.c.current), stores.views.dialect)
        self.claim = Prepared(select(self.pointer.c.current).with_for_update(), stores.views.dialect)
        self.turn = Lock()
        self.projector: Projector | None = None
        self.met = False  # whether the views were seen to be of this record
        self.generations = {name: Tables(name, stores.schema("views")) for name in ("a", "b")}

    def now(self) -> datetime:
        """What the clock says."""
        return self.clock()

    def draw(self) -> UUID:
        """A fresh random id (version 4)."""
        return UUID(bytes=self.random(16), version=4)

    def moment(self, actor: UUID, **given: Any) -> Moment:
        """A moment that is now, unless `time` is given."""
        now = self.clock()
        fields = {"recordedby": actor, "time": now, "recorded": now, "act": str(self.draw()), "draw": self.draw}
        return Moment(actor=actor, **{**fields, **{k: v for k, v in given.items() if v is not None}})

    def execute(self, dialogue: UUID, command: Command, moment: Moment) -> list[Entry]:
        """The entries that the act became, with every view caught up; none if it changes nothing.

        The same act id again gives the same answer. Raises Refused, Conflict, StoreFailed and Damaged.
        """
        return self.execute_all(dialogue, [(command, moment)])[0]

    def execute_all(
        self,
        dialogue: UUID,
        acts: Sequence[tuple[Command, Moment]],
        *,
        dry_run: bool = False,
        at: int | None = None,
    ) -> list[list[Entry]]:
        """All acts or none, in one save; with `dry_run` nothing is recorded. `at` is the head that they hold for.

        Raises Refused, Conflict, StoreFailed and Damaged.
        """
        asked = [Asked(command, moment, content(command, moment)) for command, moment in acts]
        asked = with_own_keys(self, dialogue, asked)
        if any(isinstance(command, ConfirmErasure) for command, _ in acts):
            return confirm(self, dialogue, asked, dry_run=dry_run)
        return self.perform(dialogue, asked, dry_run=dry_run, at=at)

    def perform(
        self, dialogue: UUID, asked: Sequence[Asked], *, dry_run: bool = False, at: int | None = None
    ) -> list[list[Entry]]:
        """Acts as they are put to the record, with every view caught up then."""
        with told():
            answers = self.record.execute(dialogue, asked, self.desk, dry_run=dry_run, at=at)
        if not dry_run and any(answers):
            try:
                with told():
                    self.catch_up()
                    due(self, dialogue, [entry for entries in answers for entry in entries])
            except StoreFailed as error:
                raise StoreFailed(f"it is recorded, but cannot be shown yet: {error}") from error
        return answers

    @contextmanager
    def desk(self, dialogue: UUID) -> Iterator[StateDesk]:
        """The folded states of a dialogue: as remembered since this process last caught up, or as read."""
        with self.turn, self.stores.reading(self.stores.views) as conn:
            states = self.projector.states if self.projector else None
            if states is None or dialogue not in states.heads:
                yield StateDesk(dialogue, States(self.current(conn)), conn, self.record.rows)
            else:
                yield WarmDesk(dialogue, states, conn, self.record.rows, self.current)

    @contextmanager
    def reading(self, as_of: str | int | None = None, audience: Audience = SECRETARIAT) -> Iterator[Reading]:
        """A read of the views in one transaction, as of an entry, an instant or now, for an audience.

        Raises StoreFailed, and Damaged where the views are not of this record.
        """
        with told(), self.stores.reading(self.stores.views) as conn:
            tables = self.current(conn)
            if not self.met:
                Projector(tables, self.record, conn.dialect).next(conn, 0)
                self.met = True
            yield Reading(conn, tables, self.record, self.custody, self.room, self.clock(), as_of, audience)

    def current(self, conn: Connection) -> Tables:
        """The tables of the generation that is read now."""
        return self.generations[self.read_now.run(conn).scalar_one()]

    def catch_up(self) -> None:
        """Applies every fact that the views have not seen yet, a batch a transaction. Raises Damaged."""
        with self.turn:
            while True:
                try:
                    with self.stores.writing(self.stores.views) as conn, conn.begin():
                        tables = self.generations[self.claim.run(conn).scalar_one()]
                        if self.projector is None or self.projector.t is not tables:
                            self.projector = Projector(tables, self.record, conn.dialect)
                        applied = self.projector.step(conn)
                except Unfit:
                    continue
                if applied < BATCH:
                    return

    def rebuild(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """Makes the views anew beside the old ones and changes over; how many facts they hold. Raises Damaged."""
        with told():
            facts = Rebuild(self.stores, self.pointer, self.generations, self.record).change_over(progress)
            forget_again(self)
        return facts

    def compare(self, progress: Callable[[int], None] = lambda _: None) -> list[str]:
        """What differs between the views and views made anew at the same entry; nothing, if all is well."""
        with told():
            return Rebuild(self.stores, self.pointer, self.generations, self.record).compare(progress)

    def close(self) -> None:
        self.record.close()
        self.stores.close()


def content(command: Command, moment: Moment) -> bytes:
    """What tells an act from another of the same id: its command, actor and basis, and the time if one is given."""
    asked = {
        "command": type(command).__name__,
        **spelled(command),
        "actor": str(moment.actor),
        "basis": moment.basis,
        "time": None if moment.time == moment.recorded else stamp(moment.time),
    }
    # words that cannot stand in a record are refused by the rules, in a sentence, so they must come that far
    return json.dumps(asked, ensure_ascii=False, sort_keys=True).encode(errors="surrogatepass")


def spelled(command: Command) -> dict[str, Any]:
    """The command's fields, and its personal values in clear by their place; seen by the digest of the act only."""
    return {"fields": encode(command), "personal": dict(personal(command, ""))}


def personal(value: object, path: str) -> Iterator[tuple[str, str]]:
    """The place and value of everything personal in a command, however deep it lies."""
    if isinstance(value, Personal):
        yield path, value.value
    elif isinstance(value, tuple):
        for n, one in enumerate(value):
            yield from personal(one, f"{path}[{n}]")
    elif is_dataclass(value):
        for field in fields(value):
            yield from personal(getattr(value, field.name), f"{path}.{field.name}")
