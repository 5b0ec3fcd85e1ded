"""Participants. Names and descriptors are not here: the row keeps the digests, the reader opens them."""

from __future__ import annotations

from dialogue.fact import Entry
from dialogue.participant import (
    AffiliationChanged,
    AlternateNamed,
    DeathRecorded,
    InvitationAccepted,
    ParticipantCorrected,
    ParticipantInvited,
    ParticipantLeft,
    RegretsSent,
    RolesAssigned,
)
from dialogue.voiding import EnteredInError
from projections.rows import Rows


def project(entry: Entry, rows: Rows) -> None:
    """What a fact about a participant changes."""
    table, fact = rows.t.participants, entry.fact
    match fact:
        case ParticipantInvited():
            rows.thing(entry, "participant", fact.participant, fact.number)
            rows.add(
                table,
                entry,
                fact.participant,
                number=fact.number,
                roles=list(fact.roles),
                capacity=fact.capacity,
                status="invited",
                body=fact.body,
                name_order=fact.order,
                alternate=None,
                represents=fact.represents,
                sealed=list(entry.sealed),
            )
        case InvitationAccepted():
            rows.revise(table, entry, fact.participant, status="accepted")
        case RegretsSent():
            rows.revise(table, entry, fact.participant, status="regrets")
        case AlternateNamed():
            rows.revise(table, entry, fact.participant, alternate=fact.alternate)
        case RolesAssigned():
            rows.revise(table, entry, fact.participant, roles=list(fact.roles))
        case AffiliationChanged():
            row = rows.row(table, fact.participant)
            rows.revise(
                table,
                entry,
                fact.participant,
                capacity=fact.capacity or row["capacity"],
                sealed=[*row["sealed"], *entry.sealed],
            )
        case ParticipantCorrected():
            row = rows.row(table, fact.participant)
            rows.revise(
                table,
                entry,
                fact.participant,
                body=fact.body or row["body"],
                name_order=fact.order or row["name_order"],
                sealed=[*row["sealed"], *entry.sealed],
            )
        case ParticipantLeft():
            rows.revise(table, entry, fact.participant, status="left")
        case DeathRecorded():
            rows.revise(table, entry, fact.participant, status="died")
        case EnteredInError() if fact.participant is not None:
            rows.revise(table, entry, fact.participant, status="void")
