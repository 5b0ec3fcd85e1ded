"""Participants. Names and descriptors are not here: the row keeps the digests, the reader opens them."""

from __future__ import annotations

from uuid import UUID

from dialogue.erasure import ErasureConfirmed
from dialogue.fact import Entry
from dialogue.participant import (
    AffiliationChanged,
    AlternateNamed,
    DeathRecorded,
    InvitationAccepted,
    Participant,
    ParticipantCorrected,
    ParticipantInvited,
    ParticipantLeft,
    RegretsSent,
    RolesAssigned,
)
from dialogue.voiding import EnteredInError
from projections.read import PAGE, Page, Person, Reading, Shown
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
        case ErasureConfirmed():
            rows.revise(table, entry, fact.participant, status=rows.state(Participant, fact.participant).status)


def page(reading: Reading, dialogue: UUID, *, after: str | None = None, limit: int = PAGE) -> Page:
    """Who takes part, in the order of their numbers; those invited in error have the status `void`."""
    rows, more = reading.page(reading.t.participants, "participant", dialogue, after=after, limit=limit)
    ids = [row["id"] for row in rows]
    people = reading.persons([*ids, *(row[name] for row in rows for name in ("alternate", "represents"))])
    return Page([described(people[id], people) for id in ids], more)


def one(reading: Reading, participant: UUID) -> Shown:
    """One participant. Raises Unknown."""
    row = reading.one(reading.t.participants, participant, "participant")
    people = reading.persons([participant, row["alternate"], row["represents"]])
    return described(people[str(participant)], people)


def described(person: Person, people: dict[str, Person]) -> Shown:
    """A participant's own page: every name they gave, as printed, in parts and in other scripts."""

    def other(id: str | None) -> Shown | None:
        return people[id].reference if id in people else None

    return {
        **person.reference,
        "body": person.body,
        "roles": list(person.roles),
        "capacity": person.capacity,
        "status": person.status,
        "family": person.family,
        "given": person.given,
        "order": person.order,
        "forms": person.forms,
        "descriptor": person.descriptor,
        "affiliation": person.affiliation,
        "country": person.country,
        "alternate": other(person.alternate),
        "represents": other(person.represents),
    }
