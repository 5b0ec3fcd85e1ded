"""Acts that need several co-chairs: proposed by one, assented to by the others.

domain.md, "People and bodies": acts of the co-chairs need any, all or a number of them. The assent that
completes the number carries the act's own facts in the same save.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from dialogue.book import State
from dialogue.fact import Command, Entry, Fact
from dialogue.mandate import Chairs

NEEDS_CHAIRS = ("AgreeSettings", "RuleOnChange", "DeclareOutcome", "ConfirmOutcome", "SetAsideOutcome", "ReopenText")


def needed(chairs: Chairs, there: int) -> int:
    """How many must act together of so many co-chairs, as the dialogue's setting has it."""
    match chairs:
        case "any":
            return 1
        case "all":
            return there
        case number:
            return min(number, there)


@dataclass(frozen=True)
class ActProposed(Fact, stream="joint", also={"dialogue": "dialogue"}):
    """`fields` is the command's JSON; who proposes it assents to it."""

    joint: UUID
    number: int
    command: str
    fields: str
    needed: int


@dataclass(frozen=True)
class ActAssented(Fact, stream="joint"):
    """`needed` is how many co-chairs are needed by now, where it is not the number that was said before."""

    joint: UUID
    needed: int | None = None


@dataclass(frozen=True)
class Joint(State, kind="joint", noun="joint act"):
    number: int
    command: str
    fields: str
    needed: int
    assents: tuple[UUID, ...] = ()
    status: Literal["proposed", "done"] = "proposed"


def evolve(state: Joint | None, entry: Entry) -> Joint:
    fact = entry.fact
    by = (entry.actor,) if entry.actor is not None else ()
    if isinstance(fact, ActProposed):
        return Joint(fact.number, fact.command, fact.fields, fact.needed, by)
    assert state is not None
    needed = state.needed if not isinstance(fact, ActAssented) or fact.needed is None else fact.needed
    assents = tuple(dict.fromkeys((*state.assents, *by)))
    status: Literal["proposed", "done"] = "done" if len(assents) >= needed else "proposed"
    return replace(state, assents=assents, needed=needed, status=status)


@dataclass(frozen=True)
class AssentToAct(Command):
    joint: UUID


@dataclass(frozen=True)
class Settle(Command):
    """Declares the silences that have run out, where the dialogue says that this is automatic."""


COMMANDS = (AssentToAct, Settle)
FACTS = (ActProposed, ActAssented)
