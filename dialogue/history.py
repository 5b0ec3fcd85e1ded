"""One dialogue's history as folded states: read from a shelf, extended by facts that are not saved yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol
from uuid import UUID

from dialogue.book import S, State
from dialogue.fact import Entry, Fact, Moment, Text, Unknown, made, named
from dialogue.kinds import fold
from dialogue.mandate import Counts, Dialogue
from dialogue.shape import may_hold
from dialogue.withheld import Contribution, final, without

LETTERS = {
    "participant": "N",
    "meeting": "M",
    "session": "S",
    "proposal": "P",
    "amendment": "A",
    "comment": "C",
    "call": "Q",
    "ruling": "R",
    "statement": "T",
    "document": "D",
    "circulation": "K",
    "joint": "J",
}  # handles: P7 is proposal 7


class Shelf(Protocol):
    """Where folded states stand at one head entry, with the version of their stream."""

    def state(self, kind: str, id: UUID) -> tuple[State | None, int]:
        """The state, and the version of its stream; (None, 0) where there is none."""

    def states(self, kind: str) -> Iterable[tuple[UUID, State]]:
        """All states of one kind."""

    def words(self, sha256: str) -> str:
        """The words of a stored text. Raises Unknown."""


class EmptyShelf:
    """Before the first entry: nothing at all. Also the base that a whole history is folded upon."""

    def state(self, kind: str, id: UUID) -> tuple[State | None, int]:
        return None, 0

    def states(self, kind: str) -> Iterable[tuple[UUID, State]]:
        return ()

    def words(self, sha256: str) -> str:
        raise Unknown("text with that digest")


class History:
    """The states of a dialogue at `head`, plus what has been applied since. It is the rules' `Book`.

    `waiting` gives what waited in the vault before, `speakers` who made a comment under the Rule.
    """

    def __init__(self, dialogue: UUID, source: str, head: int = 0, shelf: Shelf | None = None) -> None:
        self.dialogue = dialogue
        self.source = source
        self.head = head
        self.shelf = shelf or EmptyShelf()
        # by kind and the id's number, whose hash costs a fraction of what the id's own does
        self.folded: dict[tuple[str, int], tuple[State | None, int]] = {}
        self.texts: dict[str, str] = {}
        self.waiting: Callable[[], Sequence[Contribution]] = tuple
        self.speakers: Callable[[UUID], UUID | None] = lambda _: None
        self.said: list[tuple[str, Contribution]] = []  # by act, what was said since and is not recorded
        self.entered: list[Fact] = []  # what has since entered the record without its speaker

    @property
    def next_entry(self) -> int:
        return self.head + 1

    def find(self, kind: type[S], id: UUID) -> S | None:
        found: tuple[Any, int] = self.folded.get((kind.kind, id.int)) or self.at(kind.kind, id)
        state: S | None = found[0]  # what is folded under a kind is of that kind
        return state

    def one(self, kind: type[S], id: UUID) -> S:
        state = self.find(kind, id)
        if state is None:
            raise Unknown(kind.noun)
        return state

    def every(self, kind: type[S]) -> Iterator[tuple[UUID, S]]:
        seen = set()
        for (name, number), (state, _) in list(self.folded.items()):
            if name == kind.kind and isinstance(state, kind):
                seen.add(number)
                yield UUID(int=number), state
        for id, state in self.shelf.states(kind.kind):
            if id.int not in seen and isinstance(state, kind):
                yield id, state

    def words(self, text: Text) -> str:
        return self.texts.get(text.sha256) or text.words or self.shelf.words(text.sha256)

    def withheld(self) -> Sequence[Contribution]:
        return without(final([*self.waiting(), *(one for _, one in self.said)]), self.entered)

    def speaker(self, comment: UUID) -> UUID | None:
        return self.speakers(comment)

    def new(self, kind: str, ahead: int = 0) -> tuple[int, UUID]:
        dialogue = self.find(Dialogue, self.dialogue)
        counts = dialogue.counts if dialogue else Counts()
        number: int = getattr(counts, kind) + 1 + ahead
        return number, named(self.dialogue, f"{LETTERS[kind]}{number}")

    def at(self, kind: str, id: UUID) -> tuple[State | None, int]:
        """The state of that kind and id, and the version of its stream."""
        key = kind, id.int
        found = self.folded.get(key)
        if found is None:
            found = self.folded[key] = self.shelf.state(kind, id)
        return found

    def copy(self) -> History:
        """The same history, to try something out on."""
        other = History(self.dialogue, self.source, self.head, self.shelf)
        other.folded, other.texts = dict(self.folded), dict(self.texts)
        other.waiting, other.speakers = self.waiting, self.speakers
        other.said, other.entered = list(self.said), list(self.entered)
        return other

    def apply(self, entry: Entry) -> None:
        """Moves every state that the entry's fact moves."""
        own = True
        for kind, id in entry.moves():
            key = kind, id.int
            state, version = self.folded.get(key) or self.at(kind, id)
            self.folded[key] = fold(kind, state, entry), entry.version if own else version
            own = False
        self.head = entry.number

    def extend(self, facts: Iterable[Fact], moment: Moment) -> list[Entry]:
        """The entries that these facts become, applied but not saved. Their personal values are still open."""
        entries: list[Entry] = []
        for fact in facts:
            stream = self.dialogue if fact.stream == "dialogue" else getattr(fact, fact.stream)
            if hasattr(fact, "number"):  # it begins its stream, so there is nothing to look up
                self.folded.setdefault((fact.stream, stream.int), (None, 0))
            named = not fact.unattributed
            entry = made(
                Entry,
                {
                    "source": self.source,
                    "dialogue": self.dialogue,
                    "number": self.head + 1,
                    "version": self.at(fact.stream, stream)[1] + 1,
                    "fact": fact,
                    "time": moment.time,
                    "recordedtime": moment.recorded,
                    "actor": moment.actor if named else None,
                    "recordedby": moment.recordedby if named else None,
                    "act": moment.act if named else None,
                    "basis": moment.basis,
                    "sealed": (),
                },
            )
            for _, said in fact.entering:
                self.entered.append(said)
            for name in may_hold(fact, Text):
                text: Text | None = getattr(fact, name)
                if text is not None and text.words is not None:
                    self.texts[text.sha256] = text.words
            self.apply(entry)
            entries.append(entry)
        return entries
