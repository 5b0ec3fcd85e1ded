"""Folded states as a view: what rules decide on, without folding a history again.

design.md, "An aggregate file": there are no snapshots; this disposable view stands in for them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from dialogue.book import State
from dialogue.fact import Entry
from dialogue.kinds import OWN, fold
from dialogue.record import Damaged, Head, Overtaken
from dialogue.record import Rows as RecordRows
from dialogue.shape import decode, encode, instant, stamp
from projections.prepared import Prepared
from projections.rows import REMEMBERED, Rows
from projections.schema import Tables

Folded = tuple[State | None, int]  # a state, and the version of its stream


class States:
    """The states that a run of facts moves, and the heads they stand at; in memory while there is room."""

    def __init__(self, tables: Tables) -> None:
        self.t = tables
        self.known: dict[tuple[UUID, str, UUID], Folded] = {}
        self.heads: dict[UUID, Head] = {}
        self.moved: set[tuple[UUID, str, UUID]] = set()
        self.prepared: Prepared | None = None
        self.looked: Prepared | None = None

    def begin(self) -> None:
        """Makes room between batches."""
        if len(self.known) > REMEMBERED:
            self.forget()

    def forget(self) -> None:
        self.known.clear()
        self.heads.clear()
        self.moved.clear()

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Folds the entry into every state that it moves."""
        dialogue, own = entry.dialogue, True
        for kind, id in entry.moves():
            if kind in OWN:
                first = own and entry.version == 1
                state, version = (None, 0) if first else self.at(dialogue, kind, id, rows.conn)
                self.known[dialogue, kind, id] = fold(kind, state, entry), entry.version if own else version
                self.moved.add((dialogue, kind, id))
            own = False
        self.heads[dialogue] = Head(entry.number, entry.recordedtime, entry.source)

    def flush(self, rows: Rows) -> None:
        """Hands over each state that the batch moved, as its last fact left it, and each dialogue's head."""
        heads = set()
        for key in self.moved:
            dialogue, kind, id = key
            state, version = self.known[key]
            row = {"dialogue": str(dialogue), "kind": kind, "id": str(id), "version": version, "body": to_body(state)}
            rows.replace(self.t.states, key, **row)
            heads.add(dialogue)
        for dialogue in heads:
            head = self.heads[dialogue]
            rows.replace(
                self.t.heads,
                dialogue,
                dialogue=str(dialogue),
                entry=head.number,
                recordedtime=stamp(head.recordedtime),
                happened=rows.until[dialogue],
                source=head.source,
            )
        self.moved.clear()

    def at(self, dialogue: UUID, kind: str, id: UUID, conn: Connection) -> Folded:
        """The state, remembered or read; (None, 0) where there is none."""
        key = dialogue, kind, id
        if key not in self.known:
            self.known[key] = self.load(dialogue, kind, id, conn)
        return self.known[key]

    def head(self, dialogue: UUID, conn: Connection) -> Head | None:
        """The head at which the states of a dialogue stand in this transaction; None before the first entry."""
        if self.looked is None:
            heads = self.t.heads.c
            query = select(heads.entry, heads.recordedtime, heads.source).where(heads.dialogue == bindparam("d"))
            self.looked = Prepared(query, conn.dialect)
        row = self.looked.run(conn, d=str(dialogue)).first()
        return None if row is None else Head(row[0], instant(row[1]), row[2])

    def load(self, dialogue: UUID, kind: str, id: UUID, conn: Connection) -> Folded:
        if self.prepared is None:
            states = self.t.states.c
            query = select(states.version, states.body).where(
                states.dialogue == bindparam("d"), states.kind == bindparam("k"), states.id == bindparam("i")
            )
            self.prepared = Prepared(query, conn.dialect)
        row = self.prepared.run(conn, d=str(dialogue), k=kind, i=str(id)).first()
        return (None, 0) if row is None else (from_body(kind, row[1]), row[0])


def to_body(state: State | None) -> str | None:
    return None if state is None else json.dumps(encode(state), ensure_ascii=False, separators=(",", ":"))


def from_body(kind: str, body: str | None) -> State | None:
    if body is None:
        return None
    state: State = decode(OWN[kind][0], json.loads(body))
    return state


class StateDesk:
    """The states of one dialogue as they are in one read transaction, with the head at which they stand."""

    def __init__(self, dialogue: UUID, view: States, conn: Connection, texts: RecordRows) -> None:
        self.dialogue = dialogue
        self.view = view
        self.conn = conn
        self.texts = texts
        self.head = self.read_head()

    def read_head(self) -> Head | None:
        return self.view.head(self.dialogue, self.conn)

    def state(self, kind: str, id: UUID) -> Folded:
        return self.view.load(self.dialogue, kind, id, self.conn)

    def states(self, kind: str) -> Iterable[tuple[UUID, State]]:
        table = self.view.t.states.c
        query = select(table.id, table.body).where(table.dialogue == str(self.dialogue), table.kind == kind)
        for row in self.conn.execute(query):
            state = from_body(kind, row.body)
            if state is not None:
                yield UUID(row.id), state

    def words(self, sha256: str) -> str:
        return stored_words(self.texts, sha256)


class WarmDesk(StateDesk):
    """The states as this process remembers them; what it does not remember is read.

    If others have moved the views on meanwhile, Overtaken is raised, and what was remembered is forgotten.
    """

    def __init__(
        self,
        dialogue: UUID,
        view: States,
        conn: Connection,
        texts: RecordRows,
        current: Callable[[Connection], Tables],
    ) -> None:
        self.dialogue = dialogue
        self.view = view
        self.conn = conn
        self.texts = texts
        self.head = view.heads[dialogue]
        self.current: Callable[[Connection], Tables] | None = current

    def check(self) -> None:
        """Makes sure that what is read stands where what is remembered stands. Raises Overtaken."""
        if self.current is not None:
            if self.current(self.conn) is not self.view.t or self.read_head() != self.head:
                self.view.forget()
                raise Overtaken
            self.current = None

    def state(self, kind: str, id: UUID) -> Folded:
        found = self.view.known.get((self.dialogue, kind, id))
        if found is not None:
            return found
        self.check()
        return super().state(kind, id)

    def states(self, kind: str) -> Iterable[tuple[UUID, State]]:
        self.check()
        return super().states(kind)


def stored_words(texts: RecordRows, sha256: str) -> str:
    """The words of a stored text. Raises Damaged where it is missing, or not the one of that digest."""
    content = texts.text(sha256)
    if content is None:
        raise Damaged(f"the record lacks the text {sha256}; restore it from a backup")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Damaged(f"the text {sha256} was changed behind the record's back; restore it from a backup")
    return content.decode()
