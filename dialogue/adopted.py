"""A dialogue brought in from another installation's export: what of it is stored, and that it can only be read.

It goes on where it was brought to once a fact takes it over (keys.py); until then nothing else is recorded in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from uuid import UUID

from dialogue.fact import Refused

IMPORTED = "imported"  # the kind of attestation, of size 0, whose body is the number of entries brought in
TAKEN_OVER = "RecordTakenOver"  # the fact that comes next, if any does


@dataclass(frozen=True)
class Adopted:
    """A leaf with what is stored beside it; `place` is its place in its act, from 1."""

    stream: UUID
    version: int
    topic: str
    leaf: bytes
    entry: int
    act: str | None
    place: int


Attested: TypeAlias = tuple[int, str, bytes]  # size, kind and body of an attestation


class Adopting(Protocol):
    """What an import asks of the recorder."""

    def adopt(
        self,
        dialogue: UUID,
        events: Iterable[Adopted],
        texts: Iterable[tuple[str, bytes]],
        attested: Iterable[Attested],
    ) -> None:
        """Takes a whole dialogue in, in one transaction. Whatever the arguments raise undoes it all."""

    def brought(self, dialogue: UUID) -> int | None:
        """How many entries were brought in, of a dialogue that nobody has taken over yet; None for all others."""


def read_only() -> Refused:
    return Refused(
        "read-only",
        "this record was brought here from elsewhere and is only read here; `dialogue keys take-over` goes on with it",
    )
