"""What the ids in a page of entries are called: handles, people, and whose a signature or position is.

Names are opened when a page is told, all of a page together, and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select

from dialogue.call import ConsensusNotReached, ConsensusReached, Explanation
from dialogue.document import CorrectionIssued
from dialogue.fact import OPERATOR, Entry
from dialogue.history import LETTERS
from dialogue.meeting import AttendanceRecorded
from dialogue.outcome import explained
from dialogue.voiding import EnteredInError
from projections.read import Person, Reading
from projections.rule import attendance_open, told_tally
from projections.telling.wording import listed

AT_ONCE = 500  # ids in one IN (…)
REMEMBERED = 20_000  # things known before they are forgotten again
NAMED_AT_MOST = 5  # of several people or things in one fact; the others are counted


@dataclass(frozen=True)
class Thing:
    kind: str
    number: int
    parent: str


class Names:
    """Names and handles known to one reading of one dialogue; `learn` a page before telling it."""

    def __init__(self, reading: Reading, dialogue: UUID) -> None:
        self.reading = reading
        self.dialogue = str(dialogue)
        self.things: dict[str, Thing] = {}
        self.people: dict[str, Person] = {}
        self.owners: dict[str, str] = {}  # whose a signature, position, receipt, response or attendance is
        self.attended: dict[tuple[str, str | None], bool] = {}  # meeting and session: whether it may be told who came

    def learn(self, page: Sequence[Entry]) -> None:
        """Looks up everything that these entries mention; what earlier pages did may be forgotten."""
        if len(self.things) > REMEMBERED:
            self.things.clear()
            self.owners.clear()
            self.people.clear()
        self.look_up(id for entry in page for id in mentioned(entry))
        self.find_owners(page)
        self.find_attendees(page)
        people = [id for id, thing in self.things.items() if thing.kind == "participant"]
        self.people |= self.reading.persons(id for id in (*people, *self.owners.values()) if id not in self.people)

    def look_up(self, ids: Iterable[str]) -> None:
        """Kind, number and parent of what has these ids, and of their parents."""
        things = self.reading.t.things
        wanted = {id for id in ids if id not in self.things}
        while wanted:
            found = {
                row.id: Thing(row.kind, row.number, row.parent)
                for row in self.rows(wanted, things.c.id, things.c.kind, things.c.number, things.c.parent)
            }
            self.things |= found
            parents = {thing.parent for thing in found.values()} - {self.dialogue}
            wanted = {id for id in parents if id not in self.things}

    def find_owners(self, page: Sequence[Entry]) -> None:
        """Whose the thing is that was entered in error, or corrected by somebody else than its owner."""
        t = self.reading.t
        asked = [entry.fact for entry in page if isinstance(entry.fact, EnteredInError | CorrectionIssued)]
        for table, names in (
            (t.endorsements, ("endorsement",)),
            (t.positions, ("position",)),
            (t.answers, ("receipt", "response")),
        ):
            ids = {str(id) for fact in asked for name in names if (id := getattr(fact, name, None)) is not None}
            self.owners |= {row.id: row.participant for row in self.rows(ids, table.c.id, table.c.participant)}

    def explanation(self, fact: ConsensusReached | ConsensusNotReached) -> Explanation | None:
        """Why an outcome is what it is; None where this reader may not be told."""
        if fact.explanation is not None:
            return fact.explanation
        row = self.reading.row(self.reading.t.calls, fact.call)
        found = told_tally(self.reading, row) if row is not None else None
        return None if found is None else explained(found)

    def find_attendees(self, page: Sequence[Entry]) -> None:
        """Who attended, where this reader may know it."""
        t = self.reading.t
        ids = set()
        for entry in page:
            if isinstance(entry.fact, AttendanceRecorded | EnteredInError) and entry.fact.attendance is not None:
                ids.add(str(entry.fact.attendance))
        found = self.rows(ids, t.attendance.c.id, t.attendance.c.session, t.attendance.c.meeting, t.attendance.c.sealed)
        places: dict[str, set[str | None]] = {}
        for row in found:
            if (row.meeting, row.session) not in self.attended:
                places.setdefault(row.meeting, set()).add(row.session)
        for meeting, sessions in places.items():
            may = attendance_open(self.reading, {"dialogue": self.dialogue, "id": meeting}, sessions)
            self.attended |= {(meeting, session): one for session, one in may.items()}
        open_rows = [row for row in found if self.attended[row.meeting, row.session]]
        opened = self.reading.custody.open(digest for row in open_rows for digest in row.sealed)
        for row in open_rows:
            values = dict(opened[digest] for digest in row.sealed if digest in opened)
            if "attendee" in values:
                self.owners[row.id] = values["attendee"]

    def rows(self, ids: Iterable[str], id: ColumnElement[str], *columns: ColumnElement[Any]) -> list[Row[Any]]:
        """One row for each of the ids that is there, a few hundred at once."""
        wanted = sorted(ids)
        found: dict[str, Row[Any]] = {}
        for start in range(0, len(wanted), AT_ONCE):
            query = select(id, *columns).where(id.in_(wanted[start : start + AT_ONCE]))
            found |= {row[0]: row for row in self.reading.conn.execute(query)}
        return list(found.values())

    def who(self, id: UUID | str | None) -> str:
        """The person's or body's name; "participant 12" where it is withheld."""
        if id is None:
            return "a participant (not named)"
        if str(id) == str(OPERATOR):
            return "the operator"
        person = self.people.get(str(id))
        return "a participant (not named)" if person is None else person.name or f"participant {person.number}"

    def owner(self, id: UUID | None) -> str:
        """Whose this signature, position, receipt, response or attendance is."""
        return self.who(self.owners.get(str(id)))

    def handle(self, id: UUID | str | None) -> str | None:
        """P7, A3, N12 …; None for what has no handle."""
        thing = self.things.get(str(id))
        return None if thing is None or thing.kind not in LETTERS else f"{LETTERS[thing.kind]}{thing.number}"

    def thing(self, id: UUID | str | None) -> str:
        """What it is called in a sentence: P7, amendment A12 to P7, ruling R3 on P7."""
        thing, handle = self.things.get(str(id)), self.handle(id)
        if thing is None or handle is None:
            return "the dialogue" if str(id) == self.dialogue else "something unknown here"
        match thing.kind:
            case "amendment":
                return f"amendment {handle} to {self.thing(thing.parent)}"
            case "ruling":
                return f"ruling {handle} on {self.thing(thing.parent)}"
            case "comment":
                return f"comment {handle}" + (f" on {self.thing(thing.parent)}" if self.handle(thing.parent) else "")
            case "circulation":
                return f"circulation {handle} of {self.thing(thing.parent)}"
            case "session":
                return f"session {handle} of {self.thing(thing.parent)}"
            case "meeting":
                return f"meeting {handle}"
        return handle

    def several(self, called: Sequence[str]) -> str:
        """The first few of what was learnt, and how many more."""
        first, more = called[:NAMED_AT_MOST], len(called) - NAMED_AT_MOST
        return listed([*first, f"{more} more"] if more > 0 else first)

    def call(self, id: UUID | None) -> str:
        """A call with its subject: Q4 (on P7)."""
        return f"{self.thing(id)} (on {self.parent(id)})"

    def parent(self, id: UUID | None) -> str:
        """What a call, signature, amendment and so on is about."""
        thing = self.things.get(str(id))
        return "something unknown here" if thing is None else self.thing(thing.parent)

    def versioned(self, id: UUID | str | None, version: int | None) -> str:
        """A text with the version meant: P7 (version 3), D1 (edition 2)."""
        if version is None:
            return self.thing(id)
        thing = self.things.get(str(id))
        word = "edition" if thing is not None and thing.kind == "document" else "version"
        return f"{self.thing(id)} ({word} {version})"


def mentioned(entry: Entry) -> Iterator[str]:
    """Every id that a sentence about the entry may name."""
    for id in (entry.actor, entry.recordedby, *ids_in(entry.fact)):
        if id is not None and id != OPERATOR:
            yield str(id)


def ids_in(value: Any) -> Iterator[UUID]:
    if isinstance(value, UUID):
        yield value
    elif isinstance(value, tuple):
        for one in value[:NAMED_AT_MOST]:
            yield from ids_in(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from ids_in(getattr(value, field.name))
