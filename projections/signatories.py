"""Endorsements. Whether one stands is not stored: it follows from its version and the text's last substantive one."""

from __future__ import annotations

from typing import Any

from dialogue.document import CorrectionIssued
from dialogue.endorsement import (
    ChangeObjected,
    Endorsement,
    EndorsementGiven,
    EndorsementReaffirmed,
    ReservationEntered,
    ReservationLifted,
)
from dialogue.fact import Entry
from dialogue.shape import encode, stamp
from projections.rows import Rows


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
                "excepting": [str(one) for one in fact.excepting],
                "reservations": [],
                "given": entry.number,
                "signed": stamp(entry.time),
                "sealed": list(entry.sealed),
            }
            (rows.add if first else rows.revise)(table, entry, id, **changes, **row)
            return
        case EndorsementReaffirmed():
            before = rows.row(table, id)
            changes |= {"sha256": fact.text.sha256, "given": entry.number, "signed": stamp(entry.time)}
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
        case ChangeObjected():
            changes |= {"objected": fact.version}
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
        "objected": state.objected,
    }
