"""What a batch of facts writes to the views: gathered in memory, written at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Table, select

from dialogue.book import S
from dialogue.fact import Entry, Fact
from dialogue.merkle import Frontier
from dialogue.shape import stamp
from projections.prepared import Prepared, insert, upsert
from projections.schema import Tables

if TYPE_CHECKING:
    from projections.states import States

REMEMBERED = 50_000  # rows kept in memory between batches of a rebuild


class Rows:
    """The rows of one batch. `add` and `revise` keep time: a row holds until the next one of its id."""

    def __init__(self, tables: Tables, states: States, words: Callable[[str], str]) -> None:
        self.t = tables
        self.states = states  # as the fact at hand leaves them
        self.words = words  # a stored text by its digest
        self.outside = False  # whether the fact at hand lies outside the mandate
        self.pending: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        self.upserts: dict[Table, dict[tuple[Any, ...], dict[str, Any]]] = defaultdict(dict)
        self.latest: dict[tuple[Table, str], dict[str, Any]] = {}
        self.until: dict[UUID, str] = {}
        self.trees: dict[UUID, Frontier] = {}  # the tree of hashes over each dialogue's entries
        self.prepared: dict[tuple[str, str], Prepared] = {}
        self.dialogue: UUID  # of the fact at hand, which is also
        self.here: str  # its dialogue as text, and
        self.time: str  # when it happened, and
        self.recordedtime: str  # when it was recorded
        self.conn: Connection

    def begin(self, conn: Connection) -> None:
        """Starts a batch in this transaction."""
        self.conn = conn
        if len(self.latest) > REMEMBERED:
            self.latest.clear()
            self.until.clear()
            self.trees.clear()

    def turn_to(self, entry: Entry) -> None:
        """Takes up the next fact."""
        self.dialogue, self.here = entry.dialogue, str(entry.dialogue)
        self.recordedtime = stamp(entry.recordedtime)
        self.time = self.recordedtime if entry.time == entry.recordedtime else stamp(entry.time)
        self.until[entry.dialogue] = max(self.time, self.happened(entry.dialogue))

    def put(self, table: Table, **row: Any) -> None:
        """One more row of a table that only grows."""
        self.pending[table].append(row)

    def replace(self, table: Table, *key: Any, **row: Any) -> None:
        """The one row that this key has from now on."""
        self.upserts[table][key] = row

    def thing(self, entry: Entry, kind: str, id: UUID, number: int, parent: UUID | None = None) -> None:
        """Makes an id listable: by dialogue and kind, and by parent, in the order of its number."""
        self.put(
            self.t.things,
            id=str(id),
            dialogue=self.here,
            kind=kind,
            parent=str(parent) if parent else self.here,
            number=number,
            entry=entry.number,
        )

    def add(self, table: Table, entry: Entry, id: UUID, **row: Any) -> None:
        """The first row of an id."""
        full = {"id": str(id), "from_entry": entry.number, "dialogue": self.here, **plain(row)}
        self.pending[table].append(full)
        self.latest[table, str(id)] = full

    def revise(self, table: Table, entry: Entry, id: UUID, **changes: Any) -> None:
        """The id's row with these changes, holding from this entry on."""
        before = self.row(table, id)
        changes = plain(changes)
        if before["from_entry"] == entry.number:
            before.update(changes)
            return
        full = {**before, **changes, "from_entry": entry.number}
        self.pending[table].append(full)
        self.latest[table, str(id)] = full

    def row(self, table: Table, id: UUID) -> dict[str, Any]:
        """The id's row as it holds now. Raises KeyError where there is none."""
        key = table, str(id)
        if key not in self.latest:
            query = select(table).where(table.c.id == str(id)).order_by(table.c.from_entry.desc()).limit(1)
            found = self.conn.execute(query).mappings().first()
            if found is None:
                raise KeyError(f"{table.name} has no row {id}")
            self.latest[key] = dict(found)
        return self.latest[key]

    def state(self, kind: type[S], id: UUID) -> S:
        """The folded state as the fact at hand leaves it."""
        state, _ = self.states.at(self.dialogue, kind.kind, id, self.conn)
        assert isinstance(state, kind)
        return state

    def happened(self, dialogue: UUID) -> str:
        """The latest time of any act of the dialogue so far; "" before the first."""
        if dialogue not in self.until:
            heads = self.t.heads
            query = select(heads.c.happened).where(heads.c.dialogue == str(dialogue))
            self.until[dialogue] = self.conn.execute(query).scalar() or ""
        return self.until[dialogue]

    def flush(self) -> None:
        """Writes the batch."""
        self.states.flush(self)
        for table, rows in self.pending.items():
            if rows:
                self.statement("insert", table).many(self.conn, rows)
        for table, keyed in self.upserts.items():
            if keyed:
                self.statement("upsert", table).many(self.conn, list(keyed.values()))
        self.pending.clear()
        self.upserts.clear()

    def statement(self, verb: Literal["insert", "upsert"], table: Table) -> Prepared:
        key = verb, table.name
        if key not in self.prepared:
            self.prepared[key] = (insert if verb == "insert" else upsert)(table, self.conn.dialect)
        return self.prepared[key]

    def forget(self) -> None:
        """Drops everything gathered and remembered: it was rolled back, or others have written since."""
        self.pending.clear()
        self.upserts.clear()
        self.latest.clear()
        self.until.clear()
        self.trees.clear()


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Ids as text; the rest as it is."""
    return {name: str(value) if isinstance(value, UUID) else value for name, value in row.items()}


def subject_of(fact: Fact) -> UUID | None:
    """The proposal, amendment, document or ruling that a fact is about."""
    for name in ("proposal", "amendment", "document", "ruling"):
        value = getattr(fact, name, None)
        if isinstance(value, UUID):
            return value
    return None
