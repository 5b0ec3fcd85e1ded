"""One read: one transaction, one generation of the views, one place in the record ("as of").

design.md, "Views keep time". What holds now and what held then is the same question with another bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Result,
    Table,
    func,
    select,
)

from dialogue.fact import Entry, Refused, Unknown
from dialogue.history import LETTERS
from dialogue.record import Damaged, Record
from dialogue.shape import instant, stamp
from projections.audience import SECRETARIAT, Audience
from projections.custody import Custody
from projections.queries import broken_query, dialogue_query, head_query, list_query
from projections.room import Room
from projections.schema import Tables
from projections.states import stored_words

PAGE = 100
AT_ONCE = 500  # ids in one IN (…)
Row = dict[str, Any]
Shown = dict[str, Any]  # what a door prints or sends as JSON


class Broken(Damaged):
    """A fact that the views could not take: what came after it in its dialogue cannot be read."""

    def __init__(self, title: str, entry: int, reason: str) -> None:
        super().__init__(
            f"{title} cannot be read: entry {entry} does not fit the views ({reason}); run `dialogue doctor`, "
            f"upgrade and run `dialogue rebuild`, or read what came before it with --as-of {entry - 1}"
        )
        self.entry = entry


@dataclass(frozen=True)
class Page:
    """A page of a list. `after` is the id to go on after, None where nothing more follows."""

    items: list[Shown]
    after: str | None = None


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

    @property
    def reference(self) -> Shown:
        """What names the person inside something else."""
        return {"id": self.id, "handle": self.handle, "name": self.shown}


@dataclass
class Reading:
    """What doors read through. `as_of` is an entry number, an instant, `happened:INSTANT`, or None for now."""

    conn: Connection
    t: Tables
    record: Record
    custody: Custody
    room: Room
    now: datetime
    as_of: str | int | None = None
    audience: Audience = SECRETARIAT
    bounds: dict[str, int] = field(default_factory=dict)

    @property
    def present(self) -> Reading:
        """The same as of now: by it rights, consent and attribution are judged, whatever entry is read."""
        return self if self.as_of is None else replace(self, as_of=None, bounds={})

    def bound(self, dialogue: UUID | str) -> int:
        """The entry as of which this dialogue is read. Raises Unknown, and Refused for what is no place in time."""
        key = str(dialogue)
        if key not in self.bounds:
            self.bounds[key] = self.located(key)
        return self.bounds[key]

    def located(self, dialogue: str) -> int:
        timeline = self.t.timeline
        head = head_query(self.t, self.conn.dialect).run(self.conn, dialogue=dialogue).scalar()
        broken = self.broken(dialogue)
        if head is None and broken is None:
            raise Unknown("dialogue")
        asked = "" if self.as_of is None else str(self.as_of).strip()
        if broken is not None and not (asked.isascii() and asked.isdigit() and int(asked) < broken.entry):
            raise broken
        if not asked:
            return int(head or 0)
        if asked.isascii() and asked.isdigit():
            return min(int(asked), int(head or 0))
        happened = asked.startswith("happened:")
        until = stamp(moment(asked.removeprefix("happened:")))
        column = timeline.c.happened if happened else timeline.c.recordedtime
        query = select(func.max(timeline.c.entry)).where(timeline.c.dialogue == dialogue, column <= until)
        return int(self.conn.execute(query).scalar() or 0)

    def broken(self, dialogue: UUID | str) -> Broken | None:
        """What to say where the dialogue has a fact that the views could not take."""
        dialogues = self.t.dialogues
        row = broken_query(self.t, self.conn.dialect).run(self.conn, dialogue=str(dialogue)).first()
        if row is None:
            return None
        titled = select(dialogues.c.title).where(dialogues.c.id == str(dialogue)).limit(1)
        return Broken(self.conn.execute(titled).scalar() or f"dialogue {dialogue}", row.entry, row.reason)

    def all_broken(self) -> list[Broken]:
        """The same for every dialogue of which it is so."""
        table = self.t.broken
        ids = self.conn.execute(select(table.c.dialogue).order_by(table.c.dialogue)).scalars().all()
        return [found for id in ids if (found := self.broken(id)) is not None]

    def instant(self, dialogue: UUID | str) -> datetime:
        """The instant asked for, against which deadlines are held: now, or when the entry asked for was recorded."""
        asked = "" if self.as_of is None else str(self.as_of).strip()
        if not asked:
            return self.now
        if not (asked.isascii() and asked.isdigit()):
            return min(self.now, moment(asked.removeprefix("happened:")))
        timeline = self.t.timeline
        query = select(timeline.c.recordedtime).where(
            timeline.c.dialogue == str(dialogue), timeline.c.entry == self.bound(dialogue)
        )
        recorded = self.conn.execute(query).scalar()
        return self.now if recorded is None else instant(recorded)

    def row(self, table: Table, id: UUID | str, *, bound: int | None = None) -> Row | None:
        """The id's row as of the bound; None where it was not there yet."""
        query = select(table).where(table.c.id == str(id)).order_by(table.c.from_entry.desc()).limit(1)
        if bound is None and self.as_of is not None:
            dialogue = dialogue_query(table, self.conn.dialect).run(self.conn, id=str(id)).scalar()
            if dialogue is None:
                return None
            bound = self.bound(dialogue)
        if bound is not None:
            query = query.where(table.c.from_entry <= bound)
        found = self.conn.execute(query).mappings().first()
        return None if found is None else dict(found)

    def one(self, table: Table, id: UUID | str, noun: str) -> Row:
        """The same, with the entry in which it was `born`; raises Unknown where it was not there yet."""
        row = self.row(table, id)
        if row is None:
            raise Unknown(noun)
        things = self.t.things
        row["born"] = self.conn.execute(select(things.c.entry).where(things.c.id == str(id))).scalar_one()
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
        where: ColumnElement[bool] | None = None,
    ) -> list[Row]:
        """A page of a dialogue's things of one kind, or of those of one parent, in the order of their numbers.

        `after` is (number, id) of the last one seen; each row carries both as `ordinal` and `id`. `where` is a
        further condition on the table's columns.
        """
        things = self.t.things
        query = list_query(table, things, things.c.dialogue if parent is None else things.c.parent)
        if where is not None:
            query = query.where(where)
        number, id = after
        asked = {"of": str(parent or dialogue), "kind": kind, "bound": self.bound(dialogue), "limit": limit}
        return rows_of(self.conn.execute(query, {**asked, "number": number, "id": id}))

    def page(
        self,
        table: Table,
        kind: str,
        dialogue: UUID | str,
        *,
        parent: UUID | str | None = None,
        after: UUID | str | None = None,
        limit: int = PAGE,
        where: ColumnElement[bool] | None = None,
    ) -> tuple[list[Row], str | None]:
        """The same, after the thing with this id; with the id to go on after, None at the end. Raises Unknown."""
        place = (-1, "") if after is None else self.place(after)
        rows = self.listed(table, kind, dialogue, parent=parent, after=place, limit=limit + 1, where=where)
        return rows[:limit], rows[limit - 1]["id"] if len(rows) > limit else None

    def place(self, id: UUID | str) -> tuple[int, str]:
        """Where a thing stands in its lists. Raises Unknown."""
        things = self.t.things
        number = self.conn.execute(select(things.c.number).where(things.c.id == str(id))).scalar()
        if number is None:
            raise Unknown("thing with that id to go on after")
        return int(number), str(id)

    def all(
        self,
        table: Table,
        kind: str,
        dialogue: UUID | str,
        *,
        parent: UUID | str | None = None,
        where: ColumnElement[bool] | None = None,
    ) -> Iterator[Row]:
        """The same without an end, a page at a time."""
        after = (-1, "")
        while rows := self.listed(table, kind, dialogue, parent=parent, after=after, limit=1000, where=where):
            yield from rows
            after = rows[-1]["ordinal"], rows[-1]["id"]

    def count(self, kind: str, dialogue: UUID | str) -> int:
        """How many things of a numbered kind there were. Their numbers are dense, so the last one says it."""
        things, bound = self.t.things, self.bound(dialogue)
        mine = select(things.c.number, things.c.entry).where(things.c.dialogue == str(dialogue), things.c.kind == kind)
        last = self.conn.execute(mine.order_by(things.c.number.desc()).limit(1)).first()
        if last is None or last.entry <= bound:
            return 0 if last is None else int(last.number)
        low, high = 0, int(last.number)  # number `low` was there, number `high` was not yet
        while high - low > 1:
            middle = (low + high) // 2
            row = self.conn.execute(mine.where(things.c.number == middle)).one()
            low, high = (middle, high) if row.entry <= bound else (low, middle)
        return low

    def several(self, table: Table, ids: Iterable[UUID | str | None]) -> dict[str, Row]:
        """The rows of several ids of one dialogue as of the bound; those that were not there yet are left out."""
        wanted = sorted({str(id) for id in ids if id is not None})
        found: dict[str, Row] = {}
        bound = None
        for start in range(0, len(wanted), AT_ONCE):
            part = table.c.id.in_(wanted[start : start + AT_ONCE])
            if self.as_of is not None and bound is None:
                dialogue = self.conn.execute(select(table.c.dialogue).where(part).limit(1)).scalar()
                if dialogue is None:
                    continue
                bound = self.bound(dialogue)
            inner = table.alias()
            latest = select(func.max(inner.c.from_entry)).where(inner.c.id == table.c.id)
            if bound is not None:
                latest = latest.where(inner.c.from_entry <= bound)
            query = select(table).where(part, table.c.from_entry == latest.correlate(table).scalar_subquery())
            found |= {row["id"]: row for row in rows_of(self.conn.execute(query))}
        return found

    def person(self, id: UUID | str | None) -> Person | None:
        """The participant, named as far as may be."""
        return None if id is None else self.persons([id]).get(str(id))

    def persons(self, ids: Iterable[UUID | str | None]) -> dict[str, Person]:
        """Participants by id, opened together as far as they may be."""
        rows = self.several(self.t.participants, ids)
        may = self.audience.may("people")
        opened = self.custody.open(digest for row in rows.values() if may for digest in row["sealed"])
        found = {id: named(row, opened) for id, row in rows.items()}
        if self.audience.may("e-mail"):
            return found
        me = self.audience.participant
        return {id: person if id == me else replace(person, email=None) for id, person in found.items()}

    def opened(self, sealed: Sequence[str]) -> dict[str, str]:
        """The personal values behind these digests, by name; later ones take the place of earlier ones."""
        values = self.custody.open(sealed)
        return dict(values[digest] for digest in sealed if digest in values)

    def handle(self, id: UUID | str | None) -> str | None:
        """P7, A3, N12 …: what people call the thing with this id; None for what has no handle."""
        return None if id is None else self.handles([id]).get(str(id))

    def handles(self, ids: Iterable[UUID | str | None]) -> dict[str, str]:
        """The same for several; what has no handle is left out."""
        things = self.t.things
        wanted = sorted({str(id) for id in ids if id is not None})
        found: dict[str, str] = {}
        for start in range(0, len(wanted), AT_ONCE):
            query = select(things.c.id, things.c.kind, things.c.number).where(
                things.c.id.in_(wanted[start : start + AT_ONCE])
            )
            for row in self.conn.execute(query):
                if row.kind in LETTERS:
                    found[row.id] = f"{LETTERS[row.kind]}{row.number}"
        return found

    def times(self, dialogue: UUID | str, entries: Iterable[int]) -> dict[int, str]:
        """When each of these entries happened."""
        timeline = self.t.timeline
        wanted = sorted(set(entries))
        found: dict[int, str] = {}
        for start in range(0, len(wanted), AT_ONCE):
            query = select(timeline.c.entry, timeline.c.time).where(
                timeline.c.dialogue == str(dialogue), timeline.c.entry.in_(wanted[start : start + AT_ONCE])
            )
            found |= {row.entry: row.time for row in self.conn.execute(query)}
        return found

    def words(self, sha256: str) -> str:
        """The words of a stored text. Raises Damaged."""
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


def rows_of(result: Result[*tuple[Any, ...]]) -> list[Row]:
    """The rows as dictionaries; quicker than asking each for its mapping."""
    names = list(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result.all()]  # fetched at once, not one by one


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
        family=values.get("family"),
        given=values.get("given"),
        forms=values.get("forms"),
        descriptor=values.get("descriptor"),
        affiliation=values.get("affiliation"),
        country=values.get("country"),
        email=values.get("email"),
    )


def moment(text: str) -> datetime:
    """An instant from ISO 8601 text, a day standing for its beginning; UTC where no zone is given. Raises Refused."""
    try:
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(
            "unfit", f"{text} is no time: give an entry number, 2026-01-31T09:00Z or happened:2026-01-31T09:00Z"
        ) from None
