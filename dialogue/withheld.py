"""What is said under the Chatham House Rule, while it waits in the vault and as it enters the record.

design.md, "Under the Chatham House Rule". A contribution waits with who made it; the fact that it becomes says
what was said and nothing of who, when, or in which order.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from dialogue.fact import Entry, Fact, Personal
from dialogue.shape import encode

UNKNOWN_YET = UUID(int=0)  # the id of what will have one only when it enters the record
NAMES = ("comment", "number", "position")  # the fields that tell one contribution from another that says the same


@dataclass(frozen=True)
class Contribution:
    """One thing said in a session under the Rule. `fact` is what it will become, its words still open.

    `call` is the call that a position is taken in. `by` is None where it is no longer known, and of an objection
    that was conveyed by a co-chair.
    """

    fact: Fact
    session: UUID
    by: UUID | None = None
    call: UUID | None = None
    id: str = ""


@dataclass(frozen=True)
class Place:
    """Where a contribution is about to stand in the record; `token` is in that entry's bytes and in no other's."""

    id: str
    entry: int
    token: str
    thing: UUID


class Room(Protocol):
    """Where contributions wait, apart from the record."""

    def claim(self, dialogue: UUID, act: str) -> str:
        """The id under which what an act says is kept."""

    def knows(self, id: str) -> bool:
        """Whether that is kept already."""

    def hold(self, dialogue: UUID, said: Sequence[tuple[str, Contribution]]) -> None:
        """Keeps contributions by act id; a position takes the place of its holder's earlier one."""

    def waiting(self, dialogue: UUID, stands: Callable[[int, str], bool]) -> list[Contribution]:
        """What has not entered the record: `stands` tells whether an entry with such a token does."""

    def speaker(self, comment: UUID) -> UUID | None:
        """Who made a comment that has entered the record, while that is known."""

    def place(self, places: Sequence[Place]) -> None:
        """Notes, before the record is written, where contributions are about to stand."""

    def release(self, places: Sequence[Place]) -> None:
        """Takes note that they stand there."""

    def end(self, dialogue: UUID) -> None:
        """Destroys whatever still waits: the dialogue is over."""


def final(contributions: Iterable[Contribution]) -> list[Contribution]:
    """The contributions without the positions that their holders have since changed or withdrawn."""
    kept: dict[Any, Contribution] = {}
    for number, one in enumerate(contributions):
        key = (one.call, one.by) if one.call is not None and one.by is not None else number
        kept.pop(key, None)
        kept[key] = one
    return list(kept.values())


def shuffled(contributions: Iterable[Contribution], draw: Callable[[], UUID]) -> list[tuple[UUID, Contribution]]:
    """Each with an id drawn for it, in the order of these ids.

    They are sorted by a digest of what they say before any id is drawn, so that the order in which they came
    leaves no trace.
    """
    drawn = [(draw(), one) for one in by_digest(contributions)]
    return sorted(drawn, key=lambda pair: pair[0])


def by_digest(contributions: Iterable[Contribution]) -> list[Contribution]:
    return sorted(contributions, key=lambda one: sha256(content(one.fact)).digest())


def content(fact: Fact) -> bytes:
    """What a contribution says, whichever id and number it has got or will get."""
    words = getattr(fact, "words", None)
    if isinstance(words, Personal):
        fact = replace(fact, words=words.value)  # type: ignore[type-var]  # facts are dataclasses
    members = {name: value for name, value in encode(fact).items() if name not in NAMES}
    return json.dumps([type(fact).__name__, members], ensure_ascii=False, sort_keys=True).encode()


def without(contributions: Iterable[Contribution], entered: Iterable[Fact]) -> list[Contribution]:
    """Those that none of these facts is: of two that say the same, either may be the one."""
    gone: dict[bytes, int] = defaultdict(int)
    for fact in entered:
        gone[content(fact)] += 1
    left = []
    for one in contributions:
        said = content(one.fact)
        if gone[said]:
            gone[said] -= 1
        else:
            left.append(one)
    return left


def places(open_entries: Sequence[Entry], sealed: Sequence[Entry], waited: Iterable[Contribution]) -> list[Place]:
    """Where each contribution among these entries is about to stand; the entries open and sealed, in one order."""
    ids: dict[bytes, list[str]] = defaultdict(list)
    for one in waited:
        ids[content(one.fact)].append(one.id)
    return [
        Place(ids[content(said)].pop(0), entry.number, closed.sealed[0], thing)
        for entry, closed in zip(open_entries, sealed, strict=True)
        for thing, said in entry.fact.entering
    ]
