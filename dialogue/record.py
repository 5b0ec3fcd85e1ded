"""The record: an event-sourced application whose stored bytes are the leaves, and the one way to append to it.

design.md, "The one way through the house". Whoever decided on an older head cannot save: (dialogue, entry)
is unique in the table itself. The recorders of each engine are in recorders.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import IntegrityError, Mapper, StoredEvent
from eventsourcing.utils import Environment, EnvType

from dialogue.acts import act
from dialogue.envelope import from_leaf, to_leaf
from dialogue.fact import Command, Conflict, Entry, Moment, Refused, Text
from dialogue.history import History, Shelf
from dialogue.vault import Seal, seal_entry

CLOCK_TOLERANCE = timedelta(seconds=5)
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

    def keep(self, dialogue: UUID, act: str, content: bytes, seals: Sequence[Seal]) -> None:
        """Keeps what the act asks for and its seals, before the record refers to them.

        Raises Conflict where another act with that id asks for something else.
        """


@dataclass(frozen=True)
class Head:
    """The last entry of a dialogue: its number, when it was recorded, and the source of its leaves."""

    number: int
    recordedtime: datetime
    source: str


class Record(Application[UUID]):
    """Facts as immutable bytes. `env` names the recorder and the database, by the event store's own settings."""

    name = "record"

    def __init__(
        self,
        env: Mapping[str, str],
        *,
        origin: str,
        vault: Vault,
        clock: Callable[[], datetime],
        salt: Callable[[], bytes],
    ) -> None:
        super().__init__(env)
        self.origin = origin
        self.vault = vault
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
        command: Command,
        moment: Moment,
        content: bytes,
        shelf: Callable[[UUID, int], Shelf],
    ) -> list[Entry]:
        """The entries that the act became: now, or when an act of this id was done before; none if it changed nothing.

        `content` are the bytes that tell this act from another of the same id; `shelf(dialogue, head)` gives
        the folded states at the head. Raises Refused, and Conflict for an id that was used for another act.
        """
        for _ in range(ATTEMPTS):
            done = self.done(dialogue, moment.act, content)
            if done:
                return done
            head = self.head(dialogue)
            history = History(
                dialogue,
                head.source if head else f"{self.origin}/{dialogue}",
                head.number if head else 0,
                shelf(dialogue, head.number) if head else None,
            )
            entries = act(command, history, self.now(moment, head))
            if not entries:
                return []
            try:
                return self.save_act(entries, moment, content)
            except IntegrityError:
                continue  # somebody acted first: decide again on what is there now
        raise Conflict("others act on this dialogue faster than this act can be recorded; try again")

    def done(self, dialogue: UUID, act_id: str, content: bytes) -> list[Entry]:
        """The entries of an act recorded before. Raises Conflict if that act asked for something else."""
        leaves = self.rows.act(dialogue, act_id)
        if leaves and not self.vault.same_act(dialogue, act_id, content):
            raise Conflict(f"the act id {act_id} was used before, for something else; use a new one")
        return [from_leaf(leaf) for leaf in leaves]

    def head(self, dialogue: UUID) -> Head | None:
        """The head of a dialogue, read from the record; None for one that has not begun."""
        leaf = self.rows.last(dialogue)
        if leaf is None:
            return None
        entry = from_leaf(leaf)
        return Head(entry.number, entry.recordedtime, entry.source)

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

    def save_act(self, entries: list[Entry], moment: Moment, content: bytes) -> list[Entry]:
        """Seals, keeps and saves, all or nothing. Raises IntegrityError where somebody acted first."""
        sealed, seals = [], []
        for number, entry in enumerate(entries):
            closed, new = seal_entry(entry, moment.evidence if number == 0 else None, self.salt)
            sealed.append(closed)
            seals += new
        first = sealed[0]
        leaves = [to_leaf(entry) for entry in sealed]  # refuses what is too long before anything is kept
        del leaves
        self.vault.keep(first.dialogue, moment.act, content, seals)
        self.save(
            *sealed,
            dialogue=first.dialogue,
            head=first.number - 1,
            act=first.act,
            texts=texts_of(sealed),
        )
        return sealed

    def entries(self, dialogue: UUID, start: int = 1, stop: int | None = None) -> Iterator[Entry]:
        """The entries from `start` to `stop`, both included, a page at a time."""
        for leaf in self.leaves(dialogue, start, stop):
            yield from_leaf(leaf)

    def leaves(self, dialogue: UUID, start: int = 1, stop: int | None = None) -> Iterator[bytes]:
        """The leaves from `start` to `stop`, both included, a page at a time."""
        page = 20  # the first line at once, the rest in larger pages
        while rows := self.rows.leaves(dialogue, start, stop, page):
            yield from rows
            start, page = start + len(rows), 1000


def texts_of(entries: Sequence[Entry]) -> dict[str, bytes]:
    """The new texts that these entries' facts name, by digest."""
    return {
        value.sha256: value.words.encode()
        for entry in entries
        for value in vars(entry.fact).values()
        if isinstance(value, Text) and value.words is not None
    }


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

    def dialogues(self) -> list[UUID]:
        """All dialogues in the record."""
