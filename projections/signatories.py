"""Endorsements. Whether one stands is not stored: it follows from its version and the text's last substantive one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from dialogue.document import CorrectionIssued
from dialogue.endorsement import (
    Endorsement,
    EndorsementGiven,
    EndorsementReaffirmed,
    ReservationEntered,
    ReservationLifted,
    Standing,
)
from dialogue.fact import Entry, Unknown
from dialogue.shape import encode, stamp
from projections.documents import numbers, published_at
from projections.read import AT_ONCE, PAGE, Page, Reading, Row, Shown, named, rows_of
from projections.rows import Rows
from projections.standing import notices, standing, substantive_at, under_version

STANDINGS: tuple[Standing, ...] = get_args(Standing)


def project(entry: Entry, rows: Rows) -> None:
    """What a fact changes in the endorsement that it moves."""
    table, fact = rows.t.endorsements, entry.fact
    id = getattr(fact, "endorsement", None)
    if id is None:
        return
    changes: dict[str, Any] = columns(rows.state(Endorsement, id))
    match fact:
        case EndorsementGiven():
            first = entry.version == 1
            if first:
                place = fact.place or entry.number
                rows.thing(entry, "endorsement", id, place, fact.proposal or fact.document)
            row = {
                "subject": fact.proposal or fact.document,
                "participant": fact.participant,
                "sha256": fact.text.sha256,
                "capacity": fact.capacity,
                "reservations": [],
                "given": entry.number,
                "signed": stamp(entry.time),
                "sealed": list(entry.sealed),
                "own_key": fact.nonce is not None,
            }
            (rows.add if first else rows.revise)(table, entry, id, **changes, **row)
            return
        case EndorsementReaffirmed():
            before = rows.row(table, id)
            changes |= {"sha256": fact.text.sha256, "given": entry.number, "signed": stamp(entry.time)}
            changes |= {"own_key": False}  # which signed another text
            changes |= {"sealed": [*before["sealed"], *entry.sealed]}
        case ReservationEntered():
            reservation = {"number": fact.reservation, "words": fact.words, "entry": entry.number, "lifted": False}
            reservation["item"] = str(fact.item) if fact.item else None
            reservation["quotation"] = encode(fact.quotation) if fact.quotation else None
            changes |= {"reservations": [*rows.row(table, id)["reservations"], reservation]}
        case ReservationLifted():
            kept = rows.row(table, id)["reservations"]
            changes |= {
                "reservations": [{**one, "lifted": one["lifted"] or one["number"] == fact.reservation} for one in kept]
            }
        case CorrectionIssued():
            changes |= {"sealed": [*rows.row(table, id)["sealed"], *entry.sealed]}
    rows.revise(table, entry, id, **changes)


def columns(state: Endorsement) -> dict[str, Any]:
    """The part of the row that is folded state."""
    return {
        "status": state.status,
        "version": state.version,
        "assent": state.assent,
        "publish": state.publish,
        "confirmed": state.confirmed,
        "entered": state.entered,
        "excepting": [str(one) for one in state.excepting],
        "objected": state.objected,
        "since": state.since,
    }


def page(
    reading: Reading,
    subject: UUID,
    *,
    standing: Standing | None = None,
    version: int | None = None,
    after: str | None = None,
    limit: int = PAGE,
) -> Page:
    """Who signed an item or a document, in the order of the list, as of any entry; of one standing if named.

    Each line says what was signed (version and digest) and how far: a signature `stands` while the text has since
    moved by editorial changes only, to which its owner did not object (domain.md, rule 1); `until` is when the last
    of these could, or can, be objected to. `late` lines were signed after publication and stand in a list of their
    own. With a `version` (or edition) the list is the one under that: who signed a later one only is not on it, and
    a page may be short. Raises Unknown for what cannot be signed, and for a version that was not there.
    """
    on = signed(reading, subject)
    table, newest = reading.t.endorsements, current(on)
    if version is not None and not 1 <= version <= newest:
        raise Unknown(f"version {version} of that text")
    earlier = version is not None and version < newest
    rows, more = reading.page(
        table,
        "endorsement",
        on["dialogue"],
        parent=subject,
        after=after,
        limit=limit,
        where=None if standing is None or earlier else standing_is(reading, standing, on["substantive"]),
    )
    if version is None or not earlier:
        return Page(described(reading, rows, on), more)
    on |= {"substantive": substantive_at(on, version), "shown": version}
    found = described(reading, list(under_version(reading, rows, version, on["dialogue"])), on)
    return Page([line for line in found if standing in (None, line["standing"])], more)


def current(on: Row) -> int:
    """The version of an item, or edition of a document, that is shown."""
    return int(on["shown"] if "shown" in on else on["edition"] if "edition" in on else on["version"])


def kind_of(on: Row) -> str:
    return "document" if "edition" in on else "proposal"


def one(reading: Reading, subject: UUID, signature: UUID) -> Shown:
    """One signature under an item or document. Raises Unknown."""
    row = reading.one(reading.t.endorsements, signature, "signature")
    number = select(reading.t.things.c.number).where(reading.t.things.c.id == str(signature))
    row["ordinal"] = reading.conn.execute(number).scalar_one()
    [shown] = described(reading, [row], signed(reading, subject))
    return shown


def signed(reading: Reading, subject: UUID | str) -> Row:
    """The row of the item or document that is signed. Raises Unknown."""
    for table in (reading.t.proposals, reading.t.documents):
        row = reading.row(table, subject)
        if row is not None:
            return row
    raise Unknown("item or document with that id")


def standing_is(reading: Reading, wanted: Standing, substantive: int) -> ColumnElement[bool]:
    """The same as a condition on rows."""
    table = reading.t.endorsements
    if wanted in ("withdrawn", "void"):
        return table.c.status == wanted
    given = table.c.status == "given"
    if wanted == "lapsed":
        return and_(given, table.c.version < substantive)
    holds = and_(given, table.c.version >= substantive)
    if wanted == "objected":
        return and_(holds, table.c.objected > table.c.version)
    return and_(holds, or_(table.c.objected.is_(None), table.c.objected <= table.c.version))


def described(reading: Reading, rows: list[Row], on: Row) -> list[Shown]:
    signers = histories(reading, rows, on["dialogue"])
    newest = current(on)
    heard = notices(on) if any(row["version"] < newest for row in rows) else {}
    named_here = nameable(reading, rows, on, heard)
    opened = reading.custody.open(
        digest
        for row in rows
        if row["id"] in named_here
        for sealed in (row["sealed"], *(one["sealed"] for one in signers[row["participant"]]))
        for digest in sealed
    )
    printed = reading.handles(
        id for row in rows for id in (*row["excepting"], *(one["item"] for one in row["reservations"]))
    )
    late = after_publication(reading, rows, on)
    excepted = numbers(reading, on["dialogue"]) if any(row["excepting"] for row in rows) else {}
    shown = []
    for row in rows:
        history = signers[row["participant"]]
        person = named(history[-1], opened)
        # A descriptor stays as signed: where none was given for the list, the one that held when it was signed.
        signing = [one for one in history if one["from_entry"] <= row["given"]][-1]
        then = person if signing is history[-1] else named(signing, opened)
        own = dict(opened[one] for one in row["sealed"] if one in opened)
        stands = standing(row, on["substantive"])
        since = [until for to, until in heard.items() if row["version"] < to <= newest]
        shown.append(
            {
                "id": row["id"],
                "place": row["ordinal"],
                "participant": person.reference,
                "name": own.get("name") or person.shown,
                "descriptor": own.get("descriptor") or then.descriptor,
                "capacity": row["capacity"],
                "standing": stands,
                "version": row["version"],
                "until": max(since, default=None) if stands == "stands" else None,
                "sha256": row["sha256"],
                "signed": row["signed"],
                "entry": row["given"],
                "late": row["id"] in late,
                "confirmed": row["confirmed"],
                "entered": row["entered"],
                "recorded_by": recorded_by(row),
                "assent": row["assent"],
                "publish": row["publish"],
                "excepting": [
                    {"handle": printed[id], "number": next(iter(excepted.get(id, {}).values()), None)}
                    for id in row["excepting"]
                ],
                "reservations": [
                    {**one, "item": printed.get(one["item"])} for one in row["reservations"] if not one["lifted"]
                ],
                "died": person.status == "died",
            }
        )
    return shown


def recorded_by(row: Row) -> str:
    """Whose word it is that this was signed: the signatory's own key, or whoever recorded it."""
    if row["own_key"]:
        return "own key"
    return "the secretariat" if row["entered"] else "the server"


def nameable(reading: Reading, rows: list[Row], on: Row, heard: Mapping[int, str]) -> set[str]:
    """The signatures whose owners may be named to this reader.

    To the public only as signatories: by their consent as it stands now, and under the text that they signed or one
    that they can no longer object to (domain.md, rule 1).
    """
    if reading.audience.may("people"):
        return {str(row["id"]) for row in rows}
    now = stamp(reading.instant(on["dialogue"]))
    running = [version for version, until in heard.items() if until >= now and version <= current(on)]
    ids = {
        str(row["id"])
        for row in rows
        if standing(row, on["substantive"]) == "stands" and row["version"] >= max(running, default=0)
    }
    agreed = reading.present.several(reading.t.endorsements, ids)
    return {id for id, row in agreed.items() if row["publish"] and row["status"] == "given"}


def histories(reading: Reading, rows: list[Row], dialogue: str) -> dict[str, list[Row]]:
    """By participant: all their rows up to the bound, the latest last."""
    table = reading.t.participants
    query = select(table).where(
        table.c.id.in_({row["participant"] for row in rows}), table.c.from_entry <= reading.bound(dialogue)
    )
    found: dict[str, list[Row]] = {}
    for row in rows_of(reading.conn.execute(query.order_by(table.c.from_entry))):
        found.setdefault(row["id"], []).append(row)
    return found


def after_publication(reading: Reading, rows: Iterable[Row], on: Row) -> set[str]:
    """The signatures that were given after the text was published, and not merely reaffirmed since."""
    published = published_at(reading, on) if "published" in on else None
    return set() if published is None else given_after(reading, rows, published, on["substantive"])


def given_after(reading: Reading, rows: Iterable[Row], published: int, substantive: int) -> set[str]:
    """Those of the signatures that did not stand then, or were given anew since."""
    later = [row for row in rows if row["given"] > published]
    found = {row["id"] for row in later}
    table = reading.t.endorsements
    columns = (table.c.id, table.c.from_entry, table.c.status, table.c.version, table.c.objected)
    for start in range(0, len(later), AT_ONCE):
        part = later[start : start + AT_ONCE]
        query = select(*columns).where(
            table.c.id.in_(row["id"] for row in part), table.c.from_entry <= reading.bound(part[0]["dialogue"])
        )
        history = rows_of(reading.conn.execute(query.order_by(table.c.id, table.c.from_entry)))
        for id, moves in groupby(history, lambda row: row["id"]):
            rows_then = list(moves)
            before = [row for row in rows_then if row["from_entry"] <= published]
            stood = bool(before) and standing(before[-1], substantive) == "stands"
            if stood and all(row["status"] == "given" for row in rows_then[len(before) :]):
                found.remove(id)
    return found


def unsettled(reading: Reading, on: Row, *, limit: int = PAGE) -> Page:
    """The signatures that somebody has still to do something about: lapsed ones, and unconfirmed ones.

    `on` is the row of the item or document that was signed.
    """
    table = reading.t.endorsements
    lapsed = standing_is(reading, "lapsed", on["substantive"])
    unconfirmed = and_(table.c.status == "given", table.c.confirmed.is_(False))
    where = or_(lapsed, unconfirmed)
    rows, more = reading.page(table, "endorsement", on["dialogue"], parent=on["id"], limit=limit, where=where)
    return Page(described(reading, rows, on) if rows else [], more)
