"""The record: an event-sourced application whose stored bytes are the leaves, and the one way to append to it.

design.md, "The one way through the house". Whoever decided on an older head cannot save: (dialogue, entry)
is unique in the table itself. The recorders of each engine are in recorders.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import DatabaseError, IntegrityError, InterfaceError, Mapper, StoredEvent
from eventsourcing.utils import Environment, EnvType

from dialogue.acts import act
from dialogue.call import Call
from dialogue.envelope import Unreadable, from_leaf, to_leaf
from dialogue.fact import Command, Conflict, Entry, Moment, Refused, Text
from dialogue.history import History, Shelf
from dialogue.mandate import DialogueConcluded
from dialogue.outcome import counts
from dialogue.speaking import heard_in, said
from dialogue.vault import Seal, seal_entry
from dialogue.withheld import Place, Room, final, places

CLOCK_TOLERANCE = timedelta(seconds=5)
ASTRAY = (
    "the record is not the one that the views were made from (restored from an older backup?); "
    "if it is the right one, run `dialogue rebuild`"
)
ATTEMPTS = 200  # each lost race means that somebody else's act was recorded


class LeafMapper(Mapper[UUID]):
    """Entries to leaves and back. The topic is the bare fact name, so files may move; no cipher, no pickles."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        assert isinstance(domain_event, Entry)
        return StoredEvent(
            originator_id=domain_event.stream,
            originator_version=domain_event.version,
            topic=type(domain_event.fact).__name__,
            state=to_leaf(domain_event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Entry:
        return from_leaf(bytes(stored_event.state))


class Vault(Protocol):
    """Where personal values and what an act asked for are kept, apart from the record."""

    def same_act(self, dialogue: UUID, act: str, content: bytes) -> bool:
        """Whether the act with this id asked for the same."""

    def keep(self, dialogue: UUID, asked: Mapping[str, bytes], seals: Sequence[Seal]) -> None:
        """Keeps what acts ask for, by act id, and their seals, before the record refers to them.

        Raises Conflict where another act with such an id asks for something else.
        """


@dataclass(frozen=True)
class Head:
    """The last entry of a dialogue: its number, when it was recorded, and the source of its leaves."""

    number: int
    recordedtime: datetime
    source: str


class Damaged(Exception):
    """The record was changed behind its back, or the views are not of this record or version; the message says
    what to do.
    """


class Overtaken(Exception):
    """Others have acted while states were lent; decide again."""


class Desk(Shelf, Protocol):
    """A shelf that knows the entry at which its states stand; None before the first."""

    head: Head | None


@dataclass(frozen=True)
class Asked:
    """One act as it is asked for. `content` are the bytes that tell it from another of the same id."""

    command: Command
    moment: Moment
    content: bytes


class Record(Application[UUID]):
    """Facts as immutable bytes. `env` names the recorder and the database, by the event store's own settings."""

    name = "record"

    def __init__(
        self,
        env: Mapping[str, str],
        *,
        origin: str,
        vault: Vault,
        room: Room,
        clock: Callable[[], datetime],
        salt: Callable[[], bytes],
    ) -> None:
        super().__init__(env)
        self.origin = origin
        self.vault = vault
        self.room = room
        self.clock = clock
        self.salt = salt

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """The settings that came in and nothing else: not the process's environment, as is the library's way."""
        return Environment(name, {**(env or {}), "MAPPER_TOPIC": f"{__name__}:{LeafMapper.__name__}"})

    @property
    def rows(self) -> Rows:
        """The recorder, by what this record asks of it."""
        return self.recorder  # type: ignore[return-value]  # both recorders keep this protocol

    def execute(
        self,
        dialogue: UUID,
        asked: Sequence[Asked],
        desk: Callable[[UUID], AbstractContextManager[Desk]],
        *,
        dry_run: bool = False,
        at: int | None = None,
    ) -> list[list[Entry]]:
        """The entries that each act became, now or when an act of its id was done before; none if it changes nothing,
        or if it is something said under the Chatham House Rule, which waits.

        All acts or none are recorded, in one save. `desk` lends the folded states of a dialogue for as long
        as is decided on them; `at` is the head that the acts hold for, where they name by its number what they
        bring in themselves. Raises Refused, and Conflict for an id that was used for another act or a head that moved.
        """
        for _ in range(ATTEMPTS):
            new: list[Entry] = []
            try:
                with desk(dialogue) as shelf:
                    history, head = self.history(dialogue, shelf)
                    if at not in (None, history.head) and not self.rows.act(dialogue, asked[0].moment.act):
                        raise Conflict("somebody has acted in this dialogue meanwhile; look at it and try again")
                    done, new = self.decide(history, head, asked)
                if dry_run:
                    return done
                self.hold(history, asked)
                if not new:
                    return done
                saved = {entry.number: entry for entry in self.save_acts(new, asked, history)}
            except (IntegrityError, Overtaken):
                continue  # somebody acted first: decide again on what is there now
            except (DatabaseError, InterfaceError):
                if not any(entry.act and self.rows.act(dialogue, entry.act) for entry in new[:1]):
                    raise
                continue  # it was saved, and only the database's answer was lost: it is found when deciding again
            return [[saved.get(one.number, one) for one in entries] for entries in done]
        raise Conflict("others act on this dialogue faster than this act can be recorded; try again")

    def history(self, dialogue: UUID, shelf: Desk) -> tuple[History, Head | None]:
        """The dialogue's history at its head: the folded states, and the facts recorded since they were folded.

        Raises Damaged where the states were folded from entries that this record does not have.
        """
        head = shelf.head
        source = head.source if head else f"{self.origin}/{dialogue}"
        history = History(dialogue, source, head.number if head else 0, shelf)
        history.waiting = cache(lambda: self.room.waiting(dialogue, lambda n, token: self.stands(dialogue, n, token)))
        history.speakers = self.room.speaker
        entries = self.entries(dialogue, max(history.head, 1))
        if head is not None and next(map(head_of, entries), None) != head:
            raise Damaged(ASTRAY)
        for entry in entries:
            history.source = entry.source
            history.apply(entry)
            head = head_of(entry)
        return history, head

    def decide(
        self, history: History, head: Head | None, asked: Sequence[Asked]
    ) -> tuple[list[list[Entry]], list[Entry]]:
        """Per act its entries, and all entries that are new, applied to the history. Raises Refused, Conflict.

        What enters without its speaker is not among an act's own.
        """
        ids = [ask.moment.act for ask in asked]
        if len(set(ids)) < len(ids):
            raise Conflict("two of these acts have the same id; give each its own")
        answers, new = [], []
        for ask in asked:
            entries = self.done(history.dialogue, ask)
            if not entries:
                moment = self.now(ask.moment, head)
                session = heard_in(ask.command, history)
                if session is not None:
                    self.hear(ask, session, history, moment)
                else:
                    entries = act(ask.command, history, moment)
                new += entries
            if entries:
                last = entries[-1]
                head = head_of(last) if last.number == history.head else head
            answers.append([entry for entry in entries if not entry.fact.unattributed])
        return answers, new

    def hear(self, ask: Asked, session: UUID, history: History, moment: Moment) -> None:
        """Lets what is said under the Rule wait, once. Raises Refused, and Conflict for an id used before."""
        id = self.room.claim(history.dialogue, ask.moment.act)
        if self.room.knows(id):
            self.demand_same(history.dialogue, ask)
        else:
            contribution = said(ask.command, session, history, moment)
            history.said.append((ask.moment.act, replace(contribution, id=id)))

    def hold(self, history: History, asked: Sequence[Asked]) -> None:
        """Keeps what was said under the Rule."""
        if history.said:
            acts = {name for name, _ in history.said}
            contents = {ask.moment.act: ask.content for ask in asked if ask.moment.act in acts}
            self.vault.keep(history.dialogue, contents, [])
            self.room.hold(history.dialogue, history.said)

    def stands(self, dialogue: UUID, number: int, token: str) -> bool:
        """Whether the entry with this number has that token in its bytes."""
        return any(token.encode() in leaf for leaf in self.rows.leaves(dialogue, number, number, 1))

    def done(self, dialogue: UUID, ask: Asked) -> list[Entry]:
        """The entries of an act recorded before. Raises Conflict if that act asked for something else."""
        leaves = self.rows.act(dialogue, ask.moment.act)
        if leaves:
            self.demand_same(dialogue, ask)
        return [from_leaf(leaf) for leaf in leaves]

    def demand_same(self, dialogue: UUID, ask: Asked) -> None:
        """Demands that the act of this id asked for the same before. Raises Conflict."""
        if not self.vault.same_act(dialogue, ask.moment.act, ask.content):
            raise Conflict(f"the act id {ask.moment.act} was used before, for something else; use a new one")

    def now(self, moment: Moment, head: Head | None) -> Moment:
        """The moment with its clocks set: recorded never before the head, time never in the future.

        Raises Refused (domain.md, "Two clocks").
        """
        clock = self.clock()
        if head is not None and head.recordedtime - clock > CLOCK_TOLERANCE:
            raise Refused("clock", "this computer's clock is behind the record's last entry; set it right first")
        recorded = max(clock, head.recordedtime) if head else clock
        time = recorded if moment.time == moment.recorded else moment.time
        if time > recorded:
            raise Refused("future", "that time lies in the future; give the time at which it happened")
        if head is not None and time < head.recordedtime and moment.basis is None:
            raise Refused(
                "no-basis",
                "that happened before the last entry was recorded: say on what basis you enter it now "
                "(room, email, letter, telephone or document)",
            )
        return replace(moment, time=time, recorded=recorded)

    def save_acts(self, entries: Sequence[Entry], asked: Sequence[Asked], history: History) -> list[Entry]:
        """Seals, keeps and saves, all or nothing. Raises IntegrityError where somebody acted first."""
        evidence = {ask.moment.act: ask.moment.evidence for ask in asked}
        sealed, seals = [], []
        for entry in entries:
            closed, new = seal_entry(entry, evidence.pop(entry.act or "", None), self.salt)
            to_leaf(closed)  # refuses what is too long before anything is kept
            sealed.append(closed)
            seals += new
        acts = {entry.act for entry in entries}
        first = sealed[0]
        contents = {ask.moment.act: ask.content for ask in asked if ask.moment.act in acts}
        self.vault.keep(first.dialogue, contents, seals)
        entering = self.entering(entries, sealed, history)
        self.save(
            *sealed,
            dialogue=first.dialogue,
            head=first.number - 1,
            acts=[entry.act for entry in sealed],
            places=numbered([entry.act for entry in sealed]),
            texts=texts_of(entries),
        )
        self.room.release(entering)
        if any(isinstance(entry.fact, DialogueConcluded) for entry in entries):
            self.room.end(first.dialogue)
        return sealed

    def entering(self, entries: Sequence[Entry], sealed: Sequence[Entry], history: History) -> list[Place]:
        """Notes what is about to enter the record without its speaker; if the save is cut short, the record tells."""
        if not history.entered:
            return []
        waited = final([*history.waiting(), *(one for _, one in history.said)])
        calls = {id: history.one(Call, id) for entry in entries for id in [getattr(entry.fact, "call", None)] if id}
        mine = [one for one in waited if one.call is None or (one.call in calls and counts(one, calls[one.call]))]
        found = places(entries, sealed, mine)
        self.room.place(found)
        return found

    def entries(self, dialogue: UUID, start: int = 1, stop: int | None = None) -> Iterator[Entry]:
        """The entries from `start` to `stop`, both included, a page at a time. Raises Damaged at what is none."""
        for number, leaf in enumerate(self.leaves(dialogue, start, stop), start):
            try:
                yield from_leaf(leaf)
            except Unreadable as error:
                raise Damaged(f"entry {number} cannot be read: {error}; restore the record from a backup") from error

    def leaves(self, dialogue: UUID, start: int = 1, stop: int | None = None) -> Iterator[bytes]:
        """The leaves from `start` to `stop`, both included, a page at a time."""
        page = 20  # the first line at once, the rest in larger pages
        while rows := self.rows.leaves(dialogue, start, stop, page):
            yield from rows
            start, page = start + len(rows), 1000


def head_of(entry: Entry) -> Head:
    """The head of a dialogue whose last entry this is."""
    return Head(entry.number, entry.recordedtime, entry.source)


def texts_of(entries: Sequence[Entry]) -> dict[str, bytes]:
    """The new texts that these entries' facts name, by digest."""
    return {
        value.sha256: value.words.encode()
        for entry in entries
        for value in vars(entry.fact).values()
        if isinstance(value, Text) and value.words is not None
    }


def numbered(acts: Sequence[str | None]) -> list[int]:
    """The place of each entry within its act, from 1; entries without an act are counted together."""
    seen: Counter[str | None] = Counter()
    places = []
    for name in acts:
        seen[name] += 1
        places.append(seen[name])
    return places


class Rows(Protocol):
    """What the record asks of its recorder, besides the event store's own protocol."""

    def act(self, dialogue: UUID, act: str) -> list[bytes]:
        """The leaves of an act, in order."""

    def last(self, dialogue: UUID) -> bytes | None:
        """The last leaf of a dialogue."""

    def leaves(self, dialogue: UUID, start: int, stop: int | None, limit: int) -> list[bytes]:
        """Leaves in entry order."""

    def after(self, position: int, limit: int) -> list[tuple[int, bytes]]:
        """(position, leaf) of all dialogues, in the order in which they were saved."""

    def at(self, position: int) -> bytes | None:
        """The leaf saved at this position."""

    def text(self, sha256: str) -> bytes | None:
        """The bytes of a stored text."""

    def attest(self, dialogue: UUID, size: int, kind: str, body: bytes) -> None:
        """Keeps an attestation of the first `size` entries, once. None is ever replaced."""

    def attestations(self, dialogue: UUID, kind: str, start: int, stop: int, limit: int) -> list[tuple[int, bytes]]:
        """(size, body) of the attestations of one kind, in the order of size, then as they came."""

    def last_attested(self, dialogue: UUID, kind: str) -> int:
        """The largest size of an attestation of that kind; 0 where there is none."""

    def settled(self) -> bool:
        """Whether what is committed outlives the loss of this machine, as far as it is replicated at all."""

    def dialogues(self) -> list[UUID]:
        """All dialogues in the record."""

    def create_table(self) -> None:
        """Makes the record's tables where that is the application's to do."""

    def about(self) -> dict[str, str]:
        """What this record is: its origin and its format; empty before it was introduced."""

    def introduce(self, about: Mapping[str, str]) -> None:
        """Writes what this record is, once."""
