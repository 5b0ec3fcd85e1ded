"""Endorsements: who signs which exact text, to what extent, with which reservations; and how that lapses.

domain.md, rules 1 and 2. Lapse is derived: an endorsement names a version, and stands while the text has
moved since by editorial changes only, to which its owner did not object. The commands are in signing.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
from uuid import UUID, uuid5

from dialogue.anchor import Quotation
from dialogue.book import State
from dialogue.fact import Entry, Fact, Personal, Text
from dialogue.participant import Capacity
from dialogue.versions import Versions

Assent: TypeAlias = Literal["text", "general thrust"]
Standing: TypeAlias = Literal["stands", "lapsed", "objected", "withdrawn", "void"]


@dataclass(frozen=True)
class EndorsementGiven(Fact, stream="endorsement"):
    """`text` is the digest signed; `publish` the signatory's consent to be named; `place` their place in the list.

    `nonce` is there where the owner signed with a key of their own (own_key.py); `signature` is that signature.
    """

    endorsement: UUID
    participant: UUID
    version: int
    text: Text
    publish: bool
    proposal: UUID | None = None
    document: UUID | None = None
    assent: Assent = "text"
    capacity: Capacity = "unstated"
    excepting: tuple[UUID, ...] = ()
    place: int | None = None
    name: Personal | None = None
    descriptor: Personal | None = None
    nonce: str | None = None
    signature: Personal | None = None


@dataclass(frozen=True)
class EndorsementConfirmed(Fact, stream="endorsement"):
    endorsement: UUID


@dataclass(frozen=True)
class EndorsementReaffirmed(Fact, stream="endorsement"):
    """`excepting` takes the place of the items excepted before; without it these stay excepted."""

    endorsement: UUID
    version: int
    text: Text
    assent: Assent = "text"
    descriptor: Personal | None = None
    excepting: tuple[UUID, ...] | None = None


@dataclass(frozen=True)
class EndorsementWithdrawn(Fact, stream="endorsement"):
    endorsement: UUID
    reason: str | None = None


@dataclass(frozen=True)
class ChangeObjected(Fact, stream="endorsement"):
    """The owner objects to an editorial change in time: this one signature lapses.

    `version` was current then; `since` is there where an earlier change, after which more followed, is objected to.
    """

    endorsement: UUID
    version: int
    reason: str | None = None
    since: int | None = None


@dataclass(frozen=True)
class PublicationConsented(Fact, stream="endorsement"):
    endorsement: UUID


@dataclass(frozen=True)
class PublicationConsentWithdrawn(Fact, stream="endorsement"):
    endorsement: UUID


@dataclass(frozen=True)
class ReservationEntered(Fact, stream="endorsement"):
    endorsement: UUID
    reservation: int
    words: str
    item: UUID | None = None
    quotation: Quotation | None = None


@dataclass(frozen=True)
class ReservationLifted(Fact, stream="endorsement"):
    endorsement: UUID
    reservation: int


@dataclass(frozen=True)
class Endorsement(State, kind="endorsement", noun="signature"):
    """`objected` is the version of an editorial change that its owner did not accept; the first of them is `since`."""

    participant: UUID
    version: int
    proposal: UUID | None = None
    document: UUID | None = None
    status: Literal["given", "withdrawn", "void"] = "given"
    confirmed: bool = True
    entered: bool = False
    publish: bool = False
    assent: Assent = "text"
    objected: int | None = None
    since: int | None = None
    excepting: tuple[UUID, ...] = ()
    reservations: int = 0
    lifted: tuple[int, ...] = ()
    nonces: tuple[str, ...] = ()

    def standing(self, versions: Versions) -> Standing:
        """Whether the name stands under the current version (domain.md, rule 1)."""
        if self.status != "given":
            return self.status
        if versions.substantive > self.version:
            return "lapsed"
        if self.objected is not None and self.objected > self.version:
            return "objected"
        return "stands"


def evolve(state: Endorsement | None, entry: Entry) -> Endorsement:
    fact = entry.fact
    if isinstance(fact, EndorsementGiven):
        entered = entry.recordedby != entry.actor
        return Endorsement(
            fact.participant,
            fact.version,
            fact.proposal,
            fact.document,
            confirmed=not for_another(entry),
            entered=entered,
            publish=fact.publish,
            assent=fact.assent,
            excepting=fact.excepting,
            reservations=state.reservations if state else 0,
            lifted=tuple(range(1, state.reservations + 1)) if state else (),
            nonces=(*(state.nonces if state else ()), *((fact.nonce,) if fact.nonce else ())),
        )
    assert state is not None
    match fact:
        case EndorsementConfirmed():
            return replace(state, confirmed=True)
        case EndorsementReaffirmed():
            confirmed = not for_another(entry)
            return replace(
                state,
                version=fact.version,
                status="given",
                confirmed=confirmed,
                entered=entry.recordedby != entry.actor,
                assent=fact.assent,
                excepting=state.excepting if fact.excepting is None else fact.excepting,
            )
        case EndorsementWithdrawn():
            return replace(state, status="withdrawn")
        case ChangeObjected():
            return replace(state, objected=fact.version, since=fact.since or fact.version)
        case PublicationConsented():
            return replace(state, publish=True)
        case PublicationConsentWithdrawn():
            return replace(state, publish=False)
        case ReservationEntered():
            return replace(state, reservations=fact.reservation)
        case ReservationLifted():
            return replace(state, lifted=(*state.lifted, fact.reservation))
    return state


def for_another(entry: Entry) -> bool:
    """Whether the secretariat entered it for its owner, who has then still to confirm it (domain.md, rule 2)."""
    return entry.basis is not None and entry.recordedby != entry.actor


def endorsement_id(dialogue: UUID, participant: UUID, subject: UUID) -> UUID:
    """The id of somebody's one endorsement of a proposal or document."""
    return uuid5(dialogue, f"endorsement {participant} {subject}")


FACTS = (
    EndorsementGiven,
    EndorsementConfirmed,
    EndorsementReaffirmed,
    EndorsementWithdrawn,
    ChangeObjected,
    PublicationConsented,
    PublicationConsentWithdrawn,
    ReservationEntered,
    ReservationLifted,
)
