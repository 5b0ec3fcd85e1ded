"""Who takes part: persons and bodies, their roles and capacity, how they come and go.

domain.md, "People and bodies". Every personal value is sealed; the record knows a participant by number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
from uuid import UUID

from dialogue.book import Book, State
from dialogue.fact import Command, Entry, Fact, Line, Moment, PartialDate, Personal, Prose, Refused

Role: TypeAlias = Literal[
    "participant", "observer", "co-chair", "secretariat", "steering-committee", "auditor", "addressee"
]
Capacity: TypeAlias = Literal["unstated", "personal", "institutional", "official in private capacity"]
NameOrder: TypeAlias = Literal["family-first", "given-first"]

ALSO = {"dialogue": "dialogue"}


@dataclass(frozen=True)
class ParticipantInvited(Fact, stream="participant", also=ALSO):
    participant: UUID
    number: int
    roles: tuple[Role, ...]
    capacity: Capacity = "unstated"
    body: str | None = None
    name: Personal | None = None
    family: Personal | None = None
    given: Personal | None = None
    order: NameOrder | None = None
    forms: Personal | None = None
    descriptor: Personal | None = None
    affiliation: Personal | None = None
    country: Personal | None = None
    email: Personal | None = None
    represents: UUID | None = None


@dataclass(frozen=True)
class InvitationAccepted(Fact, stream="participant"):
    participant: UUID


@dataclass(frozen=True)
class RegretsSent(Fact, stream="participant"):
    participant: UUID
    reason: str | None = None


@dataclass(frozen=True)
class AlternateNamed(Fact, stream="participant"):
    participant: UUID
    alternate: UUID


@dataclass(frozen=True)
class RolesAssigned(Fact, stream="participant", also=ALSO):
    participant: UUID
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class AffiliationChanged(Fact, stream="participant"):
    participant: UUID
    capacity: Capacity | None = None
    descriptor: Personal | None = None
    affiliation: Personal | None = None
    country: Personal | None = None


@dataclass(frozen=True)
class ParticipantCorrected(Fact, stream="participant"):
    participant: UUID
    reason: str
    body: str | None = None
    name: Personal | None = None
    family: Personal | None = None
    given: Personal | None = None
    order: NameOrder | None = None
    forms: Personal | None = None
    email: Personal | None = None


@dataclass(frozen=True)
class ParticipantLeft(Fact, stream="participant", also=ALSO):
    participant: UUID
    reason: str | None = None


@dataclass(frozen=True)
class DeathRecorded(Fact, stream="participant", also=ALSO):
    participant: UUID
    on: PartialDate | None = None


@dataclass(frozen=True)
class Participant(State, kind="participant", noun="participant"):
    number: int
    roles: tuple[Role, ...]
    capacity: Capacity = "unstated"
    body: bool = False
    status: Literal["invited", "accepted", "regrets", "left", "died", "void"] = "invited"
    alternate: UUID | None = None
    forgotten: bool = False

    @property
    def active(self) -> bool:
        """May act, be counted and be told things; regrets concern a meeting, not the dialogue."""
        return self.status in ("invited", "accepted", "regrets")


def evolve(state: Participant | None, entry: Entry) -> Participant:
    fact = entry.fact
    if isinstance(fact, ParticipantInvited):
        return Participant(fact.number, fact.roles, fact.capacity, body=fact.body is not None)
    assert state is not None
    match fact:
        case InvitationAccepted():
            return replace(state, status="accepted")
        case RegretsSent():
            return replace(state, status="regrets")
        case AlternateNamed():
            return replace(state, alternate=fact.alternate)
        case RolesAssigned():
            return replace(state, roles=fact.roles)
        case AffiliationChanged():
            return replace(state, capacity=fact.capacity or state.capacity)
        case ParticipantLeft():
            return replace(state, status="left")
        case DeathRecorded():
            return replace(state, status="died")
    return state


@dataclass(frozen=True)
class Invite(Command):
    """Somebody is invited: a person by `name`, or an institution as `body`, which is not a personal value."""

    roles: tuple[Role, ...] = ("participant",)
    name: Personal | None = None
    body: Line | None = None
    family: Personal | None = None
    given: Personal | None = None
    order: NameOrder | None = None
    forms: Personal | None = None
    descriptor: Personal | None = None
    affiliation: Personal | None = None
    country: Personal | None = None
    email: Personal | None = None
    capacity: Capacity = "unstated"
    represents: UUID | None = None


@dataclass(frozen=True)
class AcceptInvitation(Command):
    pass


@dataclass(frozen=True)
class SendRegrets(Command):
    reason: Prose | None = None


@dataclass(frozen=True)
class NameAlternate(Command):
    alternate: UUID


@dataclass(frozen=True)
class AssignRoles(Command):
    participant: UUID
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class ChangeAffiliation(Command):
    """The actor's own new affiliation, or descriptor, or capacity. What they signed stays as signed."""

    capacity: Capacity | None = None
    descriptor: Personal | None = None
    affiliation: Personal | None = None
    country: Personal | None = None


@dataclass(frozen=True)
class CorrectParticipant(Command):
    """A name taken down wrongly is put right, with the reason."""

    participant: UUID
    reason: Prose
    body: Line | None = None
    name: Personal | None = None
    family: Personal | None = None
    given: Personal | None = None
    order: NameOrder | None = None
    forms: Personal | None = None
    email: Personal | None = None


@dataclass(frozen=True)
class LeaveDialogue(Command):
    reason: Prose | None = None


@dataclass(frozen=True)
class RecordDeath(Command):
    participant: UUID
    on: PartialDate | None = None


COMMANDS = (
    Invite,
    AcceptInvitation,
    SendRegrets,
    NameAlternate,
    AssignRoles,
    ChangeAffiliation,
    CorrectParticipant,
    LeaveDialogue,
    RecordDeath,
)
FACTS = (
    ParticipantInvited,
    InvitationAccepted,
    RegretsSent,
    AlternateNamed,
    RolesAssigned,
    AffiliationChanged,
    ParticipantCorrected,
    ParticipantLeft,
    DeathRecorded,
)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about a participant. Raises Refused."""
    me = moment.actor
    match command:
        case Invite():
            if command.represents is not None:
                book.one(Participant, command.represents)
            return [invitation(command, *book.new("participant"))]
        case AcceptInvitation():
            return [] if book.one(Participant, me).status == "accepted" else [InvitationAccepted(me)]
        case SendRegrets():
            return [RegretsSent(me, command.reason)]
        case NameAlternate():
            return named_alternate(command, book, me)
        case AssignRoles():
            return assigned(command, book)
        case ChangeAffiliation():
            if command == ChangeAffiliation():
                raise Refused("unfit", "say what has changed: the capacity, descriptor, affiliation or country")
            return [
                AffiliationChanged(
                    me,
                    command.capacity,
                    about(me, command.descriptor),
                    about(me, command.affiliation),
                    about(me, command.country),
                )
            ]
        case CorrectParticipant():
            return corrected(command, book)
        case LeaveDialogue():
            return [ParticipantLeft(me, command.reason)]
        case RecordDeath():
            match book.one(Participant, command.participant).status:
                case "died":
                    return []
                case "void":
                    raise Refused("inactive", "that invitation was entered in error; there is nobody to record it of")
            return [DeathRecorded(command.participant, command.on)]
    raise TypeError(command)


def invitation(command: Invite, number: int, participant: UUID) -> ParticipantInvited:
    """The invitation of the participant with this number. Raises Refused for one without a name or a role."""
    if (command.name is None) == (command.body is None):
        raise Refused("unfit", "invite either a person, by name, or a body")
    return ParticipantInvited(
        participant,
        number,
        some_role(command.roles),
        command.capacity,
        command.body,
        about(participant, command.name),
        about(participant, command.family),
        about(participant, command.given),
        command.order,
        about(participant, command.forms),
        about(participant, command.descriptor),
        about(participant, command.affiliation),
        about(participant, command.country),
        about(participant, command.email),
        command.represents,
    )


def about(person: UUID, value: Personal | None) -> Personal | None:
    return None if value is None else value.of(person)


def some_role(roles: tuple[Role, ...]) -> tuple[Role, ...]:
    """The roles, each once, in order; at least one."""
    if not roles:
        raise Refused("unfit", "give at least one role")
    return tuple(dict.fromkeys(roles))


def named_alternate(command: NameAlternate, book: Book, me: UUID) -> list[Fact]:
    if command.alternate == me:
        raise Refused("unfit", "nobody can be their own alternate")
    if not book.one(Participant, command.alternate).active:
        raise Refused("inactive", "the alternate is no longer in this dialogue")
    if book.one(Participant, me).alternate == command.alternate:
        return []
    return [AlternateNamed(me, command.alternate)]


def assigned(command: AssignRoles, book: Book) -> list[Fact]:
    person = book.one(Participant, command.participant)
    if not person.active:
        raise Refused("inactive", "that participant is no longer in this dialogue")
    roles = some_role(command.roles)
    if set(roles) == set(person.roles):
        return []
    if "secretariat" in person.roles and "secretariat" not in roles:
        others = (p for id, p in book.every(Participant) if id != command.participant)
        if not any(p.active and "secretariat" in p.roles for p in others):
            raise Refused("no-secretariat", "somebody must keep the record: name another secretariat first")
    return [RolesAssigned(command.participant, roles)]


def corrected(command: CorrectParticipant, book: Book) -> list[Fact]:
    who = command.participant
    person = book.one(Participant, who)
    if (command.body if not person.body else command.name) is not None:
        raise Refused("unfit", "a person has a name and a body has a body's name; one cannot become the other")
    if command == CorrectParticipant(who, command.reason):
        raise Refused("unfit", "say what is corrected: the name, its parts, their order or the address")
    return [
        ParticipantCorrected(
            who,
            command.reason,
            command.body,
            about(who, command.name),
            about(who, command.family),
            about(who, command.given),
            command.order,
            about(who, command.forms),
            about(who, command.email),
        )
    ]
