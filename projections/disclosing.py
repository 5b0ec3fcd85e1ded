"""Disclosing: which sealed values are opened for whom, and whether every one can be opened or its erasure named."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from dialogue.disclosure import Disclosures, Shown
from dialogue.envelope import from_leaf
from dialogue.fact import Entry
from dialogue.record import Damaged
from projections.erasures import erasing_entries
from projections.read import Reading

PAGE = 500  # entries whose values are opened together
RANGE = re.compile(r"([1-9]\d{0,15})(?:-([1-9]\d{0,15}))?")
MOST = 100_000  # entries at once


@dataclass(frozen=True)
class Sealed:
    """A sealed value: its `disclosure` with its name, or the entry that records its erasure, or neither."""

    entry: int
    digest: str
    name: str | None = None
    disclosure: str | None = None
    erased: int | None = None


def sealed_values(reading: Reading, dialogue: UUID, numbers: Collection[int] | None = None) -> Iterator[Sealed]:
    """Every sealed value of the record, or of these entries, in the order of entries and digests."""
    erased = erasing_entries(reading, dialogue)
    entries = sealed_entries(reading, dialogue, numbers)
    while page := list(islice(entries, PAGE)):
        seals = reading.custody.seals(digest for entry in page for digest in entry.sealed)
        for entry in page:
            for digest in entry.sealed:
                seal = seals.get(digest)
                if seal is None:
                    yield Sealed(entry.number, digest, erased=erased.get(digest))
                else:
                    yield Sealed(entry.number, digest, seal.name_and_value[0], seal.disclosure)


def sealed_entries(reading: Reading, dialogue: UUID, numbers: Collection[int] | None) -> Iterator[Entry]:
    """The entries that hold sealed values, of all or of those with these numbers."""
    if numbers is not None:
        yield from (entry for number in sorted(numbers) if (entry := reading.entry(dialogue, number)).sealed)
        return
    for leaf in reading.record.leaves(dialogue, 1, reading.bound(dialogue)):
        if b'"_sd":' in leaf:
            entry = from_leaf(leaf)
            if entry.sealed:
                yield entry


def every_disclosure(reading: Reading, dialogue: UUID) -> Iterator[Sealed]:
    """Every sealed value with its disclosure or the entry of its erasure, for an export with full rights.

    Raises Damaged at a value that was removed in silence, or cannot be opened just now.
    """
    for one in sealed_values(reading, dialogue):
        if one.disclosure is None and one.erased is None:
            why = reading.custody.trouble or "it was removed, or the vault is older than the record"
            raise Damaged(
                f"a sealed value of entry {one.entry} cannot be opened, and no entry names its erasure: {why}"
            )
        yield one


def disclose(
    reading: Reading, dialogue: UUID, numbers: Collection[int], fields: Collection[str]
) -> tuple[Disclosures, list[Sealed]]:
    """The set that opens these fields of these entries, and what of them is erased. Raises Unknown for no entry."""
    found = list(sealed_values(reading, dialogue, numbers))
    shown = tuple(Shown(one.entry, one.disclosure) for one in found if one.disclosure and one.name in fields)
    source = reading.entry(dialogue, 1).source
    return Disclosures(str(dialogue), source, shown), [one for one in found if one.disclosure is None]


class Unnumbered(ValueError):
    """What does not name entries; the message says how they are named."""


def numbered(said: str) -> set[int]:
    """The entries in "5,9-12". Raises Unnumbered."""
    found: set[int] = set()
    for part in said.split(","):
        match = RANGE.fullmatch(part.strip())
        if match is None:
            raise Unnumbered(f'entries are named by numbers and ranges, such as "5,9-12", not {part}')
        first, last = int(match[1]), int(match[2] or match[1])
        if last - first + len(found) >= MOST:
            raise Unnumbered(f"name at most {MOST:,} entries at once")
        found |= set(range(first, last + 1))
    return found
