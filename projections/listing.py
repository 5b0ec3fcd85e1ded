"""The list of signatories that an edition prints: who is named, with what limits, and who is only counted.

domain.md, rules 1 and 2. Whether a name may be shown at all (consent, erasure) is judged as of now, also where
the past is printed; all else as of the entry asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from projections.documents import published_at
from projections.publish.publication import CAPACITIES, LateSignatory, Note, SignatoryLine
from projections.read import AT_ONCE, Reading, Row, named
from projections.signatories import after_publication, given_after, histories
from projections.standing import Under, under

NOT_NAMED = "a signatory who is not named here"
Numbers = Mapping[str, int | str]  # by proposal, the number that the edition gives it


@dataclass
class Signature:
    """Somebody's signature under the edition; or, by several signatures with `ids`, under the items `only`.

    `besides` are their signatures under single items that the edition has too.
    """

    row: Row
    late: bool
    ids: tuple[str, ...] = ()
    only: tuple[int | str, ...] = ()
    reservations: list[dict[str, Any]] = field(default_factory=list)
    besides: list[Row] = field(default_factory=list)


@dataclass
class Listing:
    """The list: lines in order, those who signed after publication, and how many are not named.

    `named` are the participants whose names are printed; `covered` the items under which a signature stands, named
    or not; `notes` the reservations of those who have no line. `waiting` counts those who may still object to an
    editorial change, until the instant `until`: they cannot be printed yet.
    """

    lines: list[SignatoryLine] = field(default_factory=list)
    late: list[LateSignatory] = field(default_factory=list)
    unnamed: int = 0
    notes: list[Note] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    covered: set[str] = field(default_factory=set)
    waiting: int = 0
    until: str = ""


def listing(
    reading: Reading, document: Row, edition: int, items: Iterable[tuple[Row, int]], numbers: Numbers
) -> Listing:
    """The list of a document's edition. `items` are the proposals' rows, each with the version that is printed."""
    found = Listing()
    whole = counted(found, under(reading, document, edition))
    text = {**document, "substantive": whole.substantive}
    late = after_publication(reading, whole.rows, text)
    wholes = {
        row["participant"]: Signature(row, row["id"] in late, (row["id"],), (), row["reservations"])
        for row in whole.rows
    }
    for row in whole.rows:
        found.covered |= numbers.keys() - set(row["excepting"])
    singles = of_items(reading, items, wholes, numbers, text, found)
    printed(reading, later_words(reading, document, edition), [*wholes.values(), *singles], numbers, found)
    return found


def counted(found: Listing, those: Under) -> Under:
    """Takes note of who has still to be waited for."""
    found.waiting += those.waiting
    found.until = max(found.until, those.until)
    return those


def of_items(
    reading: Reading,
    items: Iterable[tuple[Row, int]],
    wholes: Mapping[str, Signature],
    numbers: Numbers,
    text: Row,
    found: Listing,
) -> list[Signature]:
    """One signature for each of those who signed single items and not the whole, in the order of signing.

    `wholes` are the signatures of the whole by participant: it says more than one of an item that it does not except.
    """
    published = published_at(reading, text)
    by_person: dict[str, Signature] = {}
    for proposal, version in items:
        those = counted(found, under(reading, proposal, version))
        after = set() if published is None else given_after(reading, those.rows, published, those.substantive)
        for row in those.rows:
            found.covered.add(proposal["id"])
            row["reservations"] = [held | {"item": held["item"] or proposal["id"]} for held in row["reservations"]]
            late = row["id"] in after
            whole = wholes.get(row["participant"])
            if whole is not None and proposal["id"] not in whole.row["excepting"]:
                whole.besides.append(row)
                continue
            one = by_person.setdefault(row["participant"], Signature(row, late))
            thrust = "general thrust" if "general thrust" in (row["assent"], one.row["assent"]) else "text"
            confirmed = row["confirmed"] and one.row["confirmed"]
            one.row = one.row | {"assent": thrust, "confirmed": confirmed}
            one.late = one.late and late
            one.ids = (*one.ids, row["id"])
            one.only = (*one.only, numbers[proposal["id"]])
            one.reservations = [*one.reservations, *row["reservations"]]
    return sorted(by_person.values(), key=lambda one: int(one.row["given"]))


def printed(reading: Reading, later: set[str], signatures: list[Signature], numbers: Numbers, found: Listing) -> None:
    """Writes the lines of those who agree, now, to be named."""
    agreed = consenting(reading, [id for one in signatures for id in (*one.ids, *(row["id"] for row in one.besides))])
    shown = []
    for one in signatures:
        named_here = agreed.issuperset(one.ids)
        for row in one.besides:
            if named_here and row["id"] in agreed:
                one.reservations = [*one.reservations, *row["reservations"]]
            else:
                found.notes += reservations(row["reservations"], numbers, NOT_NAMED)
        if named_here:
            shown.append(one)
        else:
            found.unnamed += 1
            found.notes += reservations(one.reservations, numbers, NOT_NAMED)
    rows = [one.row for one in shown]
    signers: dict[str, list[Row]] = {}
    for start in range(0, len(rows), AT_ONCE):
        signers |= histories(reading, rows[start : start + AT_ONCE], rows[0]["dialogue"])
    sealed = [row["sealed"] for row in (*rows, *(then for history in signers.values() for then in history))]
    opened = reading.custody.open(digest for digests in sealed for digest in digests)
    last = 0
    for one in sorted(shown, key=lambda one: one.late):
        row = one.row
        own = dict(opened[digest] for digest in row["sealed"] if digest in opened and digest not in later)
        history = signers[row["participant"]]
        name = own.get("name") or named(history[-1], opened).name
        # a descriptor stays as signed: where none was given for the list, the one that held then
        signing = next(then for then in reversed(history) if then["from_entry"] <= row["given"])
        descriptor = own.get("descriptor") or named(signing, opened).descriptor
        placed = row["ordinal"] != row["born"] and not one.only  # else they are listed by entry
        last = row["ordinal"] if placed else last + 1
        line = SignatoryLine(
            last,
            name or "",
            descriptor or "" if name else "",
            CAPACITIES[row["capacity"]] if name else "",
            row["assent"],
            tuple(numbers[item] for item in row["excepting"] if item in numbers),
            one.only,
            tuple(reservations(one.reservations, numbers)),
            unconfirmed=not row["confirmed"],
            withheld=not name,
        )
        if name:
            found.named.add(row["participant"])
        else:
            found.unnamed += 1
        if one.late:
            found.late.append(LateSignatory(line, row["signed"][:10]))
        else:
            found.lines.append(line)


def consenting(reading: Reading, ids: list[str]) -> set[str]:
    """The signatures whose owners agree to be named now, whatever entry is read; of one entered in error, nobody."""
    rows = reading.present.several(reading.t.endorsements, ids)
    return {id for id, row in rows.items() if row["publish"] and row["status"] != "void"}


def later_words(reading: Reading, document: Row, edition: int) -> set[str]:
    """The digests of names and descriptors that were corrected for a later edition than this one."""
    table = reading.t.editions
    query = select(table.c.sealed).where(table.c.document == document["id"], table.c.edition > edition)
    return {digest for sealed in reading.conn.execute(query).scalars() for digest in sealed}


def reservations(entered: Iterable[dict[str, Any]], numbers: Numbers, who: str = "") -> list[Note]:
    """The reservations that travel with a signature, but for those lifted."""
    return [
        Note(
            f"reservation on recommendation {numbers[held['item']]}" if held["item"] in numbers else "reservation",
            who,
            held["words"],
            held["quotation"]["exact"] if held["quotation"] else "",
        )
        for held in entered
        if not held["lifted"]
    ]
