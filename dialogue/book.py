"""What a rule may ask of the history it decides on: folded states by id, texts by digest, the next numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Protocol, TypeVar
from uuid import UUID

from dialogue.fact import Text
from dialogue.withheld import Contribution


class State:
    """Base of all folded states, which are frozen dataclasses. `kind` is the stream kind they are folded from."""

    kind: ClassVar[str]
    noun: ClassVar[str]

    def __init_subclass__(cls, *, kind: str, noun: str) -> None:
        super().__init_subclass__()
        cls.kind, cls.noun = kind, noun


S = TypeVar("S", bound=State)


class Book(Protocol):
    """One dialogue's history up to its head, as the rules see it."""

    dialogue: UUID
    source: str  # of its leaves: the name of its log

    @property
    def next_entry(self) -> int:
        """The number that the next fact will have."""

    def find(self, kind: type[S], id: UUID) -> S | None:
        """The state of that kind with that id, or None."""

    def one(self, kind: type[S], id: UUID) -> S:
        """The same; raises Unknown where there is none."""

    def every(self, kind: type[S]) -> Iterator[tuple[UUID, S]]:
        """All states of a kind, by id; for the few rules that must look at all participants."""

    def words(self, text: Text) -> str:
        """The words of a text that some fact of this dialogue names."""

    def withheld(self) -> Sequence[Contribution]:
        """What was said under the Chatham House Rule and has not entered the record."""

    def speaker(self, comment: UUID) -> UUID | None:
        """Who made a comment under the Rule; None where that is no longer known."""

    def new(self, kind: str, ahead: int = 0) -> tuple[int, UUID]:
        """The next free number of a numbered kind (P, A, C, …) and the id that belongs to it."""
