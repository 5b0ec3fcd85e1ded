"""Folded states as a view: what rules decide on, without folding a history again.

design.md, "An aggregate file": there are no snapshots; this disposable view stands in for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, select

from dialogue.book import State
from dialogue.fact import Entry, Unknown
from dialogue.kinds import OWN, fold
from dialogue.record import Head
from dialogue.record import Rows as RecordRows
from dialogue.shape import decode, encode, instant
from projections.rows import REMEMBERED, Rows
from projections.schema import Tables


class States:
    """The states that a run of facts moves; in memory for as long as there is room."""

    def __init__(self, tables: Tables) -> None:
        self.t = tables
        self.known: dict[tuple[str, UUID], tuple[State | None, int]] = {}

    def begin(self) -> None:
        """Makes room between batches."""
        if len(self.known) > REMEMBERED:
            self.known.clear()

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Folds the entry into every state that it moves."""
        own = True
        for kind, id in entry.moves():
            if kind in OWN:
                state, version = self.at(kind, id, rows.conn)
                after = fold(kind, state, entry), entry.version if own else version
                self.known[kind, id] = after
                rows.replace(
                    self.t.states,
                    kind,
                    str(id),
                    kind=kind,
                    id=str(id),
                    dialogue=str(entry.dialogue),
                    version=after[1],
                    body=to_body(after[0]),
                )
            own = False

    def at(self, kind: str, id: UUID, conn: Connection) -> tuple[State | None, int]:
        key = kind, id
        if key not in self.known:
            self.known[key] = load(self.t, conn, kind, id)
        return self.known[key]


def to_body(state: State | None) -> str | None:
    return None if state is None else json.dumps(encode(state), ensure_ascii=False, separators=(",", ":"))


def from_body(kind: str, body: str | None) -> State | None:
    if body is None:
        return None
    state: State = decode(OWN[kind][0], json.loads(body))
    return state


def load(tables: Tables, conn: Connection, kind: str, id: UUID) -> tuple[State | None, int]:
    """The folded state and the version of its stream; (None, 0) where there is none."""
    states = tables.states
    query = select(states.c.version, states.c.body).where(states.c.kind == kind, states.c.id == str(id))
    row = conn.execute(query).first()
    return (None, 0) if row is None else (from_body(kind, row.body), row.version)


class StateDesk:
    """The states of one dialogue in one read transaction, with the head at which they stand."""

    def __init__(self, dialogue: UUID, tables: Tables, conn: Connection, texts: RecordRows) -> None:
        self.dialogue = dialogue
        self.t = tables
        self.conn = conn
        self.texts = texts
        heads = tables.heads
        row = conn.execute(
            select(heads.c.entry, heads.c.recordedtime, heads.c.source).where(heads.c.dialogue == str(dialogue))
        ).first()
        self.head = None if row is None else Head(row.entry, instant(row.recordedtime), row.source)

    def state(self, kind: str, id: UUID) -> tuple[State | None, int]:
        states = self.t.states
        query = select(states.c.version, states.c.body).where(
            states.c.kind == kind, states.c.id == str(id), states.c.dialogue == str(self.dialogue)
        )
        row = self.conn.execute(query).first()
        return (None, 0) if row is None else (from_body(kind, row.body), row.version)

    def states(self, kind: str) -> Iterable[tuple[UUID, State]]:
        states = self.t.states
        query = select(states.c.id, states.c.body).where(states.c.dialogue == str(self.dialogue), states.c.kind == kind)
        for row in self.conn.execute(query):
            state = from_body(kind, row.body)
            if state is not None:
                yield UUID(row.id), state

    def words(self, sha256: str) -> str:
        return stored_words(self.texts, sha256)


def stored_words(texts: RecordRows, sha256: str) -> str:
    """The words of a stored text. Raises Unknown."""
    content = texts.text(sha256)
    if content is None:
        raise Unknown("text with that digest")
    return content.decode()
