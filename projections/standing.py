"""Which signatures stand under one version of an item, or one edition of a document, as of any entry.

domain.md, rule 1: a name stands only under the text its owner signed, or one that differs from it solely by
changes ruled editorial of which they had notice and to which they did not object within the period. A signature
under a later version says nothing of an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
from uuid import UUID

from sqlalchemy import select

from dialogue.document import Document, EditionIssued
from dialogue.endorsement import Standing
from dialogue.fact import Entry
from dialogue.kinds import FACTS, fold
from dialogue.proposal import Proposal
from dialogue.ruling import RulingGiven, RulingOverturned
from dialogue.shape import stamp
from projections.read import AT_ONCE, Reading, Row

Kind: TypeAlias = Literal["proposal", "document"]


@dataclass(frozen=True)
class Under:
    """The signatures that stand under a version, in the order of the list, as rows.

    Those of whom `waiting` tells stand once the notice of an editorial change has run out, at the instant `until`,
    if their owners do not object; none of them is among `rows`.
    """

    rows: tuple[Row, ...]
    substantive: int
    waiting: int = 0
    until: str = ""


def under(reading: Reading, kind: Kind, on: Row, version: int) -> Under:
    """The signatures that stand under a version. `on` is the row of the item or document as of the bound."""
    substantive = substantive_at(reading, kind, on, version)
    now = stamp(reading.instant(on["dialogue"]))
    running = {after: until for after, until in notices(reading, kind, on, now).items() if after <= version}
    found: list[Row] = []
    waits: list[str] = []
    for row in signatures(reading, on, version):
        if standing(row, substantive) == "stands":
            heard = max((until for after, until in running.items() if after > row["version"]), default="")
            if heard:
                waits.append(heard)
            else:
                found.append(row)
    return Under(tuple(found), substantive, len(waits), max(waits, default=""))


def standing(row: Row, substantive: int) -> Standing:
    """Whether a name stands under a text whose last substantive version is this (domain.md, rule 1)."""
    if row["status"] == "withdrawn" or row["status"] == "void":
        return "withdrawn" if row["status"] == "withdrawn" else "void"
    if substantive > row["version"]:
        return "lapsed"
    objected = row["objected"] is not None and row["objected"] > row["version"]
    return "objected" if objected else "stands"


def signatures(reading: Reading, on: Row, version: int) -> Iterator[Row]:
    """The signatures that were not withdrawn, each as it was under this version or the last one before."""
    table = reading.t.endorsements
    given = table.c.status == "given"
    rows = list(reading.all(table, "endorsement", on["dialogue"], parent=on["id"], where=given))
    for row in under_version(reading, rows, version, on["dialogue"]):
        if row["status"] == "given":
            yield row


def under_version(reading: Reading, rows: list[Row], version: int, dialogue: str) -> Iterator[Row]:
    """Signatures as they were under this version; without those that were given under later ones only."""
    table, bound = reading.t.endorsements, reading.bound(dialogue)
    later = [row["id"] for row in rows if row["version"] > version]
    before: dict[str, Row] = {}
    for start in range(0, len(later), AT_ONCE):
        query = select(table).where(
            table.c.id.in_(later[start : start + AT_ONCE]), table.c.version <= version, table.c.from_entry <= bound
        )
        before |= {row["id"]: dict(row) for row in reading.conn.execute(query.order_by(table.c.from_entry)).mappings()}
    for row in rows:
        if row["version"] <= version:
            yield row | {"objected": within(row, version)}
        elif row["id"] in before:
            then = before[row["id"]]
            status = then["status"] if row["status"] == "given" else row["status"]
            yield row | then | {"objected": within(then, version), "status": status}


def within(row: Row, version: int) -> int | None:
    """The last change up to this version that was objected to; an objection to later ones does not touch it."""
    return None if row["since"] is None or row["since"] > version else min(row["objected"], version)


def substantive_at(reading: Reading, kind: Kind, on: Row, version: int) -> int:
    """The last version up to this one that came by a substantive change, by the rulings as of the bound."""
    if version >= on["substantive"]:
        return int(on["substantive"])
    state = None
    for entry in moves(reading, kind, on):
        state = fold(kind, state, entry)
    assert isinstance(state, Proposal | Document)
    assert state.versions is not None
    return replace(state.versions, current=version).substantive


def notices(reading: Reading, kind: Kind, on: Row, now: str = "") -> dict[int, str]:
    """By version, until when signatories may object to the editorial change that led to it, if not over by `now`."""
    if on["notice_until"] is None or on["notice_until"] < now:
        return {}
    running: dict[int, str] = {}
    for entry in moves(reading, kind, on):
        fact = entry.fact
        if not isinstance(fact, EditionIssued | RulingGiven | RulingOverturned) or fact.notice_until is None:
            continue
        if str(getattr(fact, kind, None)) == on["id"] and stamp(fact.notice_until) >= now:
            running[fact.version] = max(stamp(fact.notice_until), running.get(fact.version, ""))
    return running


def moves(reading: Reading, kind: Kind, on: Row) -> Iterator[Entry]:
    """The entries up to the bound that moved the item or document itself."""
    movers = [name for name, fact in FACTS.items() if fact.stream == kind or kind in fact.also.values()]
    mentions, timeline = reading.t.mentions, reading.t.timeline
    query = (
        select(mentions.c.entry)
        .join(timeline, (timeline.c.dialogue == mentions.c.dialogue) & (timeline.c.entry == mentions.c.entry))
        .where(
            mentions.c.id == on["id"], timeline.c.type.in_(movers), mentions.c.entry <= reading.bound(on["dialogue"])
        )
        .order_by(mentions.c.entry)
    )
    for number in reading.conn.execute(query).scalars().all():
        yield reading.entry(UUID(on["dialogue"]), number)
