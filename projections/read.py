"""One read: one transaction, one generation of the views, one place in the record ("as of").

design.md, "Views keep time". What holds now and what held then is the same question with another bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Table, and_, func, select

from dialogue.fact import Entry, Refused, Unknown
from dialogue.history import LETTERS
from dialogue.record import Record
from dialogue.shape import stamp
from projections.custody import Custody
from projections.schema import Tables
from projections.states import stored_words

PAGE = 100
Row = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """A participant as readers may name them; `name` is None where it was forgotten or may not be shown."""

    id: str
    number: int
    name: str | None
    body: bool
    roles: tuple[str, ...]
    capacity: str
    status: str
    family: str | None = None
    given: str | None = None
    order: str | None = None
    forms: str | None = None
    descriptor: str | None = None
    affiliation: str | None = None
    country: str | None = None
    email: str | None = None
    alternate: str | None = None
    represents: str | None = None

    @property
    def handle(self) -> str:
        return f"N{self.number}"

    @property
    def shown(self) -> str:
        """The name, or the handle where there is none to show."""
        return self.name or f"participant {self.number} (name withheld)"


@dataclass
class Reading:
    """What doors read through. `as_of` is an entry number, an instant, `happened:INSTANT`, or None for now."""

    conn: Connection
    t: Tables
    record: Record
    custody: Custody
    now: datetime
    as_of: str | int | None = None
    bounds: dict[str, int] = field(default_factory=dict)

    def bound(self, dialogue: UUID | str) -> int:
        """The entry as of which this dialogue is read. Raises Unknown, and Refused for what is no place in time."""
        key = str(dialogue)
        if key not in self.bounds:
            self.bounds[key] = self.located(key)
        return self.bounds[key]

    def located(self, dialogue: str) -> int:
        heads, timeline = self.t.heads, self.t.timeline
        head = self.conn.execute(select(heads.c.entry).where(heads.c.dialogue == dialogue)).scalar()
        if head is None:
            raise Unknown("dialogue")
        if self.as_of is None:
            return int(head)
        asked = str(self.as_of).strip()
        if asked.isascii() and asked.isdigit():
            return min(int(asked), int(head))
        happened = asked.startswith("happened:")
        instant = stamp(moment(asked.removeprefix("happened:")))
        column = timeline.c.happened if happened else timeline.c.recordedtime
        query = select(func.max(timeline.c.entry)).where(timeline.c.dialogue == dialogue, column <= instant)
        return int(self.conn.execute(query).scalar() or 0)

    def row(self, table: Table, id: UUID | str, *, bound: int | None = None) -> Row | None:
        """The id's row as of the bound; None where it was not there yet."""
        query = select(table).where(table.c.id == str(id)).order_by(table.c.from_entry.desc()).limit(1)
        if bound is None and self.as_of is not None:
            first = self.conn.execute(select(table.c.dialogue).where(table.c.id == str(id)).limit(1)).scalar()
            if first is None:
                return None
            bound = self.bound(first)
        if bound is not None:
            query = query.where(table.c.from_entry <= bound)
        found = self.conn.execute(query).mappings().first()
        return None if found is None else dict(found)

    def one(self, table: Table, id: UUID | str, noun: str) -> Row:
        """The same; raises Unknown where it was not there yet."""
        row = self.row(table, id)
        if row is None:
            raise Unknown(noun)
        return row

    def listed(
        self,
        table: Table,
        kind: str,
        dialogue: UUID | str,
        *,
        parent: UUID | str | None = None,
        after: tuple[int, str] = (-1, ""),
        limit: int = PAGE,
    ) -> list[Row]:
        """A page of a dialogue's things of one kind, or of those of one parent, in the order of their numbers.

        `after` is (number, id) of the last one seen; each row carries both as `place` and `id`.
        """
        things, bound = self.t.things, self.bound(dialogue)
        mine = things.c.parent == str(parent) if parent is not None else things.c.dialogue == str(dialogue)
        number, id = after
        beyond = (things.c.number > number) | and_(things.c.number == number, things.c.id > id)
        latest = (
            select(func.max(table.c.from_entry))
            .where(table.c.id == things.c.id, table.c.from_entry <= bound)
            .correlate(things)
            .scalar_subquery()
        )
        query: Select[Any] = (
            select(table, things.c.number.label("place"), things.c.entry.label("born"))
            .join(things, and_(table.c.id == things.c.id, table.c.from_entry == latest))
            .where(mine, things.c.kind == kind, things.c.entry <= bound, beyond)
            .order_by(things.c.number, things.c.id)
            .limit(limit)
        )
        return [dict(row) for row in self.conn.execute(query).mappings()]

    def all(self, table: Table, kind: str, dialogue: UUID | str, *, parent: UUID | str | None = None) -> Iterator[Row]:
        """The same without an end, a page at a time."""
        after = (-1, "")
        while rows := self.listed(table, kind, dialogue, parent=parent, after=after, limit=1000):
            yield from rows
            after = rows[-1]["place"], rows[-1]["id"]

    def person(self, id: UUID | str | None) -> Person | None:
        """The participant, named as far as may be."""
        return None if id is None else self.persons([str(id)]).get(str(id))

    def persons(self, ids: Iterable[UUID | str | None]) -> dict[str, Person]:
        """Participants by id, opened together."""
        wanted = {str(id) for id in ids if id is not None}
        rows = [row for id in wanted if (row := self.row(self.t.participants, id)) is not None]
        opened = self.custody.open(digest for row in rows for digest in row["sealed"])
        return {row["id"]: named(row, opened) for row in rows}

    def opened(self, sealed: Sequence[str]) -> dict[str, str]:
        """The personal values behind these digests, by name; later ones take the place of earlier ones."""
        values = self.custody.open(sealed)
        return dict(values[digest] for digest in sealed if digest in values)

    def handle(self, id: UUID | str | None) -> str | None:
        """P7, A3, N12 …: what people call the thing with this id; None for what has no handle."""
        if id is None:
            return None
        things = self.t.things
        row = self.conn.execute(select(things.c.kind, things.c.number).where(things.c.id == str(id))).first()
        return None if row is None or row.kind not in LETTERS else f"{LETTERS[row.kind]}{row.number}"

    def words(self, sha256: str) -> str:
        """The words of a stored text. Raises Unknown."""
        return stored_words(self.record.rows, sha256)

    def entries(self, dialogue: UUID, start: int = 1, stop: int | None = None) -> Iterator[Entry]:
        """The facts themselves, up to the bound."""
        bound = self.bound(dialogue)
        return self.record.entries(dialogue, start, bound if stop is None else min(stop, bound))

    def entry(self, dialogue: UUID, number: int) -> Entry:
        """One fact. Raises Unknown."""
        found = next(self.entries(dialogue, number, number), None)
        if found is None:
            raise Unknown(f"entry {number}")
        return found


def named(row: Row, opened: dict[str, tuple[str, str]]) -> Person:
    """A participant's row with its values opened, later ones in the place of earlier ones."""
    values = dict(opened[digest] for digest in row["sealed"] if digest in opened)
    return Person(
        id=row["id"],
        number=row["number"],
        name=row["body"] or values.get("name"),
        body=row["body"] is not None,
        roles=tuple(row["roles"]),
        capacity=row["capacity"],
        status=row["status"],
        order=row["name_order"],
        alternate=row["alternate"],
        represents=row["represents"],
        **{
            name: values.get(name)
            for name in ("family", "given", "forms", "descriptor", "affiliation", "country", "email")
        },
    )


def moment(text: str) -> datetime:
    """An instant from ISO 8601 text, a day standing for its beginning; UTC where no zone is given. Raises Refused."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            "unfit", f"{text} is no time: give an entry number, 2026-01-31T09:00Z or happened:2026-01-31T09:00Z"
        ) from None
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
