"""Two versions of an item side by side: which words went and which came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from dialogue.fact import Unknown
from projections import texts
from projections.compare import Change, compare
from projections.read import Reading, Shown


@dataclass(frozen=True)
class Comparison:
    """`before` and `after` are versions as `projections.texts.version` shows them."""

    before: Shown
    after: Shown
    changes: tuple[Change, ...]


def comparison(reading: Reading, item: UUID, since: str | None = None, until: str | None = None) -> Comparison:
    """What changed between two versions; by default from the one before to the current one.

    A version is named by its number (`2` or `v2`), or by an entry (`entry:40`): the text as it stood there. A bare
    number that is no version of the text means an entry. Raises Unknown.
    """
    row = reading.one(reading.t.proposals, item, "proposal")
    last = row["version"] if until is None else version_named(reading, item, until)
    first = max(1, last - 1) if since is None else version_named(reading, item, since)
    before, after = (texts.version(reading, item, number) for number in (first, last))
    return Comparison(before, after, compare(before["words"], after["words"]))


def version_named(reading: Reading, item: UUID, reference: str) -> int:
    """The version that a reference such as 2, v2, entry:40 or 40 means. Raises Unknown."""
    row = reading.one(reading.t.proposals, item, "proposal")
    match = re.fullmatch(r"(?i)\s*(v|version|entry)?[\s:.]*(\d{1,15})\s*", reference)
    if match is None:
        raise Unknown(f"version {reference}; name one by its number (2) or by an entry (entry:40)")
    kind, number = (match[1] or "").casefold(), int(match[2])
    if kind != "entry" and (kind or number <= row["version"]):
        return number
    table = reading.t.texts
    as_of = min(number, reading.bound(row["dialogue"]))
    query = select(func.max(table.c.version)).where(table.c.subject == str(item), table.c.entry <= as_of)
    found: int | None = reading.conn.execute(query).scalar()
    if found is None:
        raise Unknown(f"text of P{row['number']} at entry {number}; it began at entry {row['born']}")
    return found
