"""A consensus call and the positions taken in it: their facts and states. Its rules are in consensus.py.

domain.md, rules 3 to 5. A call binds one version and digest of its subject; an outcome explains itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID, uuid5

from dialogue.book import State
from dialogue.fact import Entry, Fact, Personal, Text
from dialogue.procedure import PositionName, Procedure, Reason
from dialogue.shape import decode, encode

About: TypeAlias = Literal["text", "reopening", "amendment", "edition", "mandate", "ruling"]
SUBJECTS = {"dialogue": "dialogue", "proposal": "proposal", "amendment": "amendment", "document": "document",
            "ruling": "ruling"}  # fmt: skip


@dataclass(frozen=True)
class ConsensusCalled(Fact, stream="call", also=SUBJECTS):
    """`entitled` is fixed here; whoever is invited later does not enter it."""

    call: UUID
    number: int
    about: About
    procedure: Procedure
    entitled: tuple[UUID, ...]
    proposal: UUID | None = None
    amendment: UUID | None = None
    document: UUID | None = None
    ruling: UUID | None = None
    version: int | None = None
    text: Text | None = None
    expires: datetime | None = None
    question: str | None = None
    session: UUID | None = None


@dataclass(frozen=True)
class PositionTaken(Fact, stream="position"):
    """`late` is a position on a silence that had run out: recorded, without effect.

    `participant` is absent only while it waits under the Chatham House Rule, where it is no entry yet.
    """

    position: UUID
    call: UUID
    name: PositionName
    participant: UUID | None = None
    reason: str | None = None
    paragraphs: tuple[int, ...] = ()
    late: bool = False


@dataclass(frozen=True)
class PositionWithdrawn(Fact, stream="position"):
    position: UUID
    call: UUID
    reason: str | None = None


@dataclass(frozen=True)
class ObjectionConveyed(Fact, stream="call"):
    """An objection through the chair: counted, unnamed."""

    call: UUID
    reason: str | None = None
    late: bool = False


@dataclass(frozen=True)
class Unnamed:
    """A final position in a call under the Rule, or an objection conveyed there, without its holder."""

    position: UUID
    name: PositionName
    reason: str | None = None
    paragraphs: tuple[int, ...] = ()
    conveyed: bool = False


@dataclass(frozen=True)
class PositionsEntered(Fact, stream="call"):
    """The final positions of a call under the Rule, all in one sealed value: nobody can count what they cannot open.

    It is always there, also where nobody took a position.
    """

    call: UUID
    positions: Personal | None = None

    @property
    def entering(self) -> tuple[tuple[UUID, Fact], ...]:
        shown = () if self.positions is None else unnamed_from(self.positions.value)
        return tuple((one.position, held(self.call, one)) for one in shown)


def unnamed_words(positions: Sequence[Unnamed]) -> str:
    """The positions as they are sealed: a JSON list, in their order."""
    return json.dumps([encode(one) for one in positions], ensure_ascii=False, sort_keys=True)


def unnamed_from(words: str) -> tuple[Unnamed, ...]:
    """The positions again. Raises ValueError for what is no such list."""
    found = json.loads(words)
    if not isinstance(found, list):
        raise ValueError("the positions are no list")
    return tuple(decode(Unnamed, one) for one in found)


def held(call: UUID, one: Unnamed) -> PositionTaken | ObjectionConveyed:
    """The position as it was held until it entered the record."""
    if one.conveyed:
        return ObjectionConveyed(call, one.reason)
    return PositionTaken(one.position, call, one.name, None, one.reason, one.paragraphs)


@dataclass(frozen=True)
class DeadlineExtended(Fact, stream="call"):
    call: UUID
    expires: datetime


@dataclass(frozen=True)
class SilenceBroken(Fact, stream="call", also=SUBJECTS):
    """`cause` is the entry of the objection or amendment that broke it."""

    call: UUID
    cause: int
    proposal: UUID | None = None
    amendment: UUID | None = None
    document: UUID | None = None
    ruling: UUID | None = None


@dataclass(frozen=True)
class Tally:
    position: PositionName
    number: int


@dataclass(frozen=True)
class Explanation:
    """Why the outcome is what it is (domain.md, rule 5). Numbers of entries, and numbers of participants."""

    entitled: int
    active: int
    present: int
    quorum: int
    tally: tuple[Tally, ...]
    conveyed: int
    counted: tuple[int, ...]
    blocked: tuple[int, ...]
    pending: tuple[int, ...]
    reason: Reason | None = None


@dataclass(frozen=True)
class ConsensusReached(Fact, stream="call", also=SUBJECTS):
    """`effective` is when it took effect, where that is not when it was declared (a silence that ran out).

    There is no explanation of a call under the Rule, which would count its positions: it follows from them.
    """

    call: UUID
    about: About
    procedure: Procedure
    explanation: Explanation | None = None
    proposal: UUID | None = None
    amendment: UUID | None = None
    document: UUID | None = None
    ruling: UUID | None = None
    version: int | None = None
    effective: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ConsensusNotReached(Fact, stream="call", also=SUBJECTS):
    """As ConsensusReached."""

    call: UUID
    about: About
    procedure: Procedure
    explanation: Explanation | None = None
    proposal: UUID | None = None
    amendment: UUID | None = None
    document: UUID | None = None
    ruling: UUID | None = None
    version: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class OutcomeContested(Fact, stream="call"):
    """A timely objection was entered after the outcome was declared; `cause` is its entry."""

    call: UUID
    cause: int


@dataclass(frozen=True)
class OutcomeConfirmed(Fact, stream="call"):
    call: UUID
    reason: str


@dataclass(frozen=True)
class OutcomeSetAside(Fact, stream="call", also=SUBJECTS):
    call: UUID
    reason: str
    proposal: UUID | None = None
    amendment: UUID | None = None
    document: UUID | None = None
    ruling: UUID | None = None


@dataclass(frozen=True)
class CallVoided(Fact, stream="call", also=SUBJECTS):
    """The text that the call was about moved or fell away; `cause` is the entry that did it."""

    call: UUID
    cause: int
    proposal: UUID | None = None
    amendment: UUID | None = None
    document: UUID | None = None
    ruling: UUID | None = None


CallStatus: TypeAlias = Literal["open", "reached", "not-reached", "broken", "contested", "set-aside", "void"]


@dataclass(frozen=True)
class Call(State, kind="call", noun="consensus call"):
    """`conveyed` are the entries of objections through the chair that came in time."""

    number: int
    about: About
    procedure: Procedure
    entitled: tuple[UUID, ...]
    proposal: UUID | None = None
    amendment: UUID | None = None
    document: UUID | None = None
    ruling: UUID | None = None
    version: int | None = None
    expires: datetime | None = None
    status: CallStatus = "open"
    conveyed: tuple[int, ...] = ()
    declared: datetime | None = None
    session: UUID | None = None

    @property
    def handle(self) -> str:
        return f"Q{self.number}"

    @property
    def subject(self) -> dict[str, UUID | None]:
        """The fields that name the subject, for the facts that move it."""
        return {
            "proposal": self.proposal,
            "amendment": self.amendment,
            "document": self.document,
            "ruling": self.ruling,
        }


@dataclass(frozen=True)
class Position(State, kind="position", noun="position"):
    """`entry` is that of the position now held; `name` is None when it was withdrawn or voided."""

    call: UUID
    name: PositionName | None
    entry: int
    participant: UUID | None = None
    late: bool = False
    entered: bool = False


def evolve(state: Call | None, entry: Entry) -> Call:
    fact = entry.fact
    if isinstance(fact, ConsensusCalled):
        return Call(
            fact.number,
            fact.about,
            fact.procedure,
            fact.entitled,
            fact.proposal,
            fact.amendment,
            fact.document,
            fact.ruling,
            fact.version,
            fact.expires,
            session=fact.session,
        )
    assert state is not None
    match fact:
        case ObjectionConveyed():
            return state if fact.late else replace(state, conveyed=(*state.conveyed, entry.number))
        case DeadlineExtended():
            return replace(state, expires=fact.expires)
        case SilenceBroken():
            return replace(state, status="broken")
        case ConsensusReached():
            return replace(state, status="reached", declared=entry.time)
        case ConsensusNotReached():
            return replace(state, status="not-reached", declared=entry.time)
        case OutcomeContested():
            return replace(state, status="contested")
        case OutcomeConfirmed():
            return replace(state, status="reached")
        case OutcomeSetAside():
            return replace(state, status="set-aside")
        case CallVoided():
            return replace(state, status="void")
    return state


def evolve_position(state: Position | None, entry: Entry) -> Position:
    match entry.fact:
        case PositionTaken() as fact if not (fact.late and state is not None):
            entered = entry.recordedby != entry.actor
            return Position(fact.call, fact.name, entry.number, fact.participant, fact.late, entered)
    assert state is not None
    match entry.fact:
        case PositionWithdrawn():
            return replace(state, name=None, entry=entry.number)
    return state


def position_id(call: UUID, participant: UUID) -> UUID:
    """The id of a participant's one position in a call."""
    return uuid5(call, f"position {participant}")


FACTS = (
    ConsensusCalled,
    PositionTaken,
    PositionWithdrawn,
    ObjectionConveyed,
    PositionsEntered,
    DeadlineExtended,
    SilenceBroken,
    ConsensusReached,
    ConsensusNotReached,
    OutcomeContested,
    OutcomeConfirmed,
    OutcomeSetAside,
    CallVoided,
)
