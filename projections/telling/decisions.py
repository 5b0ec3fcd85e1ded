"""Consensus calls, positions, outcomes, statements and joint acts, told."""

from __future__ import annotations

import re
from uuid import UUID

from dialogue.call import (
    CallVoided,
    ConsensusCalled,
    ConsensusNotReached,
    ConsensusReached,
    DeadlineExtended,
    ObjectionConveyed,
    OutcomeConfirmed,
    OutcomeContested,
    OutcomeSetAside,
    PositionsEntered,
    PositionTaken,
    PositionWithdrawn,
    SilenceBroken,
)
from dialogue.fact import Entry
from dialogue.joint import ActAssented, ActProposed
from dialogue.statement import InterpretativeStatementEntered
from projections.telling.names import Names
from projections.telling.wording import because, counted, entries, instant, listed, procedure, quoted, until

WHY_NOT = {
    "objection": "there is an objection",
    "nobody-active": "nobody is left who could take a position",
    "quorum": "too few took part",
    "awaiting": "agreements ad referendum are still to be confirmed",
    "no-votes": "nobody agrees or objects",
    "threshold": "too few agree",
    "no-yes": "there is no Yes",
    "two-thirds": "too few say Yes or No Objection",
    "ruling": "the co-chairs ruled against it",
}


def call(entry: Entry, names: Names) -> str:
    """A call from its opening to its outcome and what became of that."""
    who, thing = names.who(entry.actor), names.call(entry.stream)
    match entry.fact:
        case ConsensusCalled() as fact:
            session = f", in {names.thing(fact.session)}" if fact.session else ""
            question = f": {quoted(fact.question)}" if fact.question else ""
            return (
                f"{who} opened the call Q{fact.number} on {put(fact, names)}, {procedure(fact.procedure)} among "
                f"{len(fact.entitled)} entitled{until(fact.expires)}{session}{question}"
            )
        case ObjectionConveyed() as fact:
            late = ", too late to count" if fact.late else ""
            return f"{who} conveyed an objection in {thing}, its holder not named{late}{because(fact.reason)}"
        case PositionsEntered():
            return f"the positions in {thing} entered the record, sealed and without their holders"
        case DeadlineExtended() as fact:
            return f"{who} extended the deadline of {thing} to {instant(fact.expires)}"
        case SilenceBroken() as fact:
            return f"the silence in {thing} was broken by entry {fact.cause}"
        case ConsensusReached() | ConsensusNotReached():
            return declared(entry.fact, names)
        case OutcomeContested() as fact:
            return f"the outcome of {thing} was contested by entry {fact.cause}"
        case OutcomeConfirmed() as fact:
            return f"the co-chairs confirmed the outcome of {thing}{because(fact.reason)}"
        case OutcomeSetAside() as fact:
            return f"the co-chairs set aside the outcome of {thing}{because(fact.reason)}"
        case CallVoided() as fact:
            return f"the call {thing} is void: entry {fact.cause} changed or settled what it was about"
    raise TypeError(entry.fact)


def put(fact: ConsensusCalled, names: Names) -> str:
    """What is put to those entitled."""
    match fact.about:
        case "text":
            return names.versioned(fact.proposal, fact.version)
        case "reopening":
            return f"reopening {names.thing(fact.proposal)}"
        case "edition":
            return names.versioned(fact.document, fact.version)
        case "ruling":
            return f"overturning {names.thing(fact.ruling)}"
        case "amendment":
            return names.thing(fact.amendment)
        case "mandate":
            return "the mandate"


def declared(fact: ConsensusReached | ConsensusNotReached, names: Names) -> str:
    """The outcome with what it rests on, by entry number (domain.md, rule 5)."""
    reached = isinstance(fact, ConsensusReached)
    subject, done = outcome(fact, names)
    found = names.explanation(fact)
    parts = [f"{subject} {'' if reached else 'not '}{done} {procedure(fact.procedure)}"]
    if found and found.reason is not None and fact.procedure.name != "chair":
        parts[0] += f", as {WHY_NOT[found.reason]}"
    if found and found.blocked:
        parts.append(f"blocked by {entries(found.blocked)}")
    if found and found.counted:
        tally = listed(f"{one.number} {one.position}" for one in found.tally)
        parts.append(f"{entries(found.counted)} counted ({tally})")
    handle = names.thing(fact.call)
    # An automatic silence is declared by whoever acts next, so nobody is named for it.
    head = f"{handle} was declared" if fact.procedure.name == "silence" else f"the co-chairs declared {handle}"
    return f"{head}: {'; '.join(parts)}{because(fact.reason)}"


def outcome(fact: ConsensusReached | ConsensusNotReached, names: Names) -> tuple[str, str]:
    """What was decided on, and the word for deciding so."""
    subjects: dict[str, tuple[UUID | None, str]] = {
        "text": (fact.proposal, "adopted"),
        "reopening": (fact.proposal, "reopened"),
        "amendment": (fact.amendment, "accepted"),
        "edition": (fact.document, "adopted"),
        "ruling": (fact.ruling, "overturned"),
    }
    if fact.about not in subjects:
        return "the mandate", "agreed"
    id, done = subjects[fact.about]
    return names.versioned(id, fact.version), done


def position(entry: Entry, names: Names) -> str:
    """A position taken, or taken back."""
    match entry.fact:
        case PositionTaken() as fact:
            who = names.who(fact.participant)
            late = ", too late to count" if fact.late else ""
            from_what = listed(str(number) for number in fact.paragraphs)
            paragraphs = f" from {'paragraph' if len(fact.paragraphs) == 1 else 'paragraphs'} {from_what}"
            name = f"{fact.name}{paragraphs if fact.paragraphs else ''}"
            return f"{who} took the position {name} in {names.call(fact.call)}{late}{because(fact.reason)}"
        case PositionWithdrawn() as fact:
            return f"{names.who(entry.actor)} withdrew their position in {names.call(fact.call)}{because(fact.reason)}"
    raise TypeError(entry.fact)


def statement(entry: Entry, names: Names) -> str:
    """An interpretative statement."""
    fact = entry.fact
    assert isinstance(fact, InterpretativeStatementEntered)
    who = names.who(fact.participant)
    return f"{who} entered the statement T{fact.number} on the decision {names.call(fact.call)}: {quoted(fact.words)}"


def joint(entry: Entry, names: Names) -> str:
    """An act that several co-chairs take together."""
    who = names.who(entry.actor)
    match entry.fact:
        case ActProposed() as fact:
            act = re.sub(r"(?<!^)(?=[A-Z])", " ", fact.command).lower()
            return f"{who} proposed the joint act J{fact.number} ({act}); it needs {counted(fact.needed, 'co-chair')}"
        case ActAssented() as fact:
            now = f", which now needs {counted(fact.needed, 'co-chair')}" if fact.needed else ""
            return f"{who} assented to the joint act {names.thing(fact.joint)}{now}"
    raise TypeError(entry.fact)
