"""Which signatures stand under one version of an item, or one edition of a document, as of any entry.

domain.md, rule 1: a name stands only under the text its owner signed, or one that differs from it solely by
changes ruled editorial of which they had notice and to which they did not object within the period. A signature
under a later version says nothing of an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from dialogue.endorsement import Standing
from dialogue.shape import stamp
from dialogue.versions import Versions
from projections.read import AT_ONCE, Reading, Row


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


def under(reading: Reading, on: Row, version: int) -> Under:
    """The signatures that stand under a version. `on` is the row of the item or document as of the bound."""
    substantive = substantive_at(on, version)
    now = stamp(reading.instant(on["dialogue"]))
    running = {after: until for after, until in notices(on, now).items() if after <= version}
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


def substantive_at(on: Row, version: int) -> int:
    """The last version up to this one that came by a substantive change, by the rulings as of the bound."""
    while version in on["editorial"]:
        version -= 1
    return version


def notices(on: Row, now: str = "") -> dict[int, str]:
    """By version, until when signatories may object to the editorial change that led to it, if not over by `now`."""
    running: dict[int, str] = {}
    for version, until in on["heard"]:
        if until >= now:
            running[version] = max(until, running.get(version, ""))
    return running


def ruled(versions: Versions | None) -> dict[str, Any]:
    """What the row of an item or document keeps of the rulings on its versions."""
    if versions is None:
        return {"substantive": 0, "editorial": [], "heard": []}
    return {
        "substantive": versions.substantive,
        "editorial": sorted(versions.editorial),
        "heard": [[one.version, stamp(one.until)] for one in versions.heard],
    }
