"""Consensus calls with their positions and outcomes, statements on them, rulings, and joint acts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from dialogue.amendment import Amendment
from dialogue.call import (
    Call,
    CallVoided,
    ConsensusCalled,
    ConsensusNotReached,
    ConsensusReached,
    OutcomeConfirmed,
    OutcomeContested,
    OutcomeSetAside,
    PositionsEntered,
    PositionTaken,
    PositionWithdrawn,
    SilenceBroken,
)
from dialogue.fact import Entry
from dialogue.joint import ActAssented, ActProposed, Joint
from dialogue.ruling import Ruling, RulingChallenged, RulingGiven, RulingOverturned
from dialogue.shape import encode, stamp
from dialogue.statement import InterpretativeStatementEntered
from dialogue.voiding import EnteredInError
from projections.rows import Rows, subject_of


def project_call(entry: Entry, rows: Rows) -> None:
    """What a call's own facts change in it."""
    table, fact = rows.t.calls, entry.fact
    if isinstance(fact, ConsensusCalled):
        subject = subject_of(fact) or entry.dialogue
        rows.thing(entry, "call", fact.call, fact.number, subject)
        rows.add(
            table,
            entry,
            fact.call,
            number=fact.number,
            about=fact.about,
            subject=subject,
            version=fact.version,
            sha256=fact.text.sha256 if fact.text else None,
            procedure=encode(fact.procedure),
            entitled=[str(one) for one in fact.entitled],
            question=fact.question,
            opened=stamp(entry.time),
            declared=None,
            effective=None,
            outcome_entry=None,
            explanation=None,
            reason=None,
            cause=None,
            session=fact.session,
            entered=None,
            sealed=[],
            **columns(rows.state(Call, fact.call)),
        )
        return
    assert fact.stream == "call"
    changes: dict[str, Any] = {}
    match fact:
        case ConsensusReached() | ConsensusNotReached():
            effective = getattr(fact, "effective", None)
            changes = {
                "declared": stamp(entry.time),
                "effective": stamp(effective) if effective else None,
                "outcome_entry": entry.number,
                "explanation": encode(fact.explanation) if fact.explanation else None,
                "reason": fact.reason,
            }
        case PositionsEntered():
            changes = {"entered": entry.number, "sealed": list(entry.sealed)}
        case SilenceBroken() | OutcomeContested() | CallVoided():
            changes = {"cause": fact.cause}
        case OutcomeConfirmed() | OutcomeSetAside():
            changes = {"reason": fact.reason}
    rows.revise(table, entry, entry.stream, **columns(rows.state(Call, entry.stream)), **changes)


def columns(state: Call) -> dict[str, Any]:
    """The part of a call's row that is folded state."""
    return {
        "status": state.status,
        "expires": stamp(state.expires) if state.expires else None,
        "conveyed": list(state.conveyed),
    }


def project_position(entry: Entry, rows: Rows) -> None:
    """Each position taken stays; a late one beside one that counts does not take its place."""
    table, fact = rows.t.positions, entry.fact
    match fact:
        case PositionTaken():
            changes = {
                "name": fact.name,
                "reason": fact.reason,
                "paragraphs": list(fact.paragraphs),
                "late": fact.late,
                "taken": entry.number,
            }
            if entry.version > 1:
                if not fact.late:
                    rows.revise(table, entry, fact.position, **changes)
                return
            rows.thing(entry, "position", fact.position, entry.number, fact.call)
            rows.add(table, entry, fact.position, call=fact.call, participant=fact.participant, **changes)
        case PositionWithdrawn():
            rows.revise(table, entry, fact.position, name=None, reason=fact.reason, taken=entry.number)
        case EnteredInError() if fact.position is not None:
            rows.revise(table, entry, fact.position, name=None, reason=fact.reason, taken=entry.number)


def project_statement(entry: Entry, rows: Rows) -> None:
    fact = entry.fact
    assert isinstance(fact, InterpretativeStatementEntered)
    rows.thing(entry, "statement", fact.statement, fact.number, fact.call)
    rows.add(
        rows.t.statements,
        entry,
        fact.statement,
        number=fact.number,
        call=fact.call,
        participant=fact.participant,
        words=fact.words,
    )
    match rows.state(Call, fact.call):
        case Call(amendment=UUID() as amendment):
            rows.revise(rows.t.proposals, entry, rows.state(Amendment, amendment).proposal, stated=True)
        case Call(proposal=UUID() as proposal):
            rows.revise(rows.t.proposals, entry, proposal, stated=True)
        case Call(document=UUID() as document):
            rows.revise(rows.t.documents, entry, document, stated=True)


def project_ruling(entry: Entry, rows: Rows) -> None:
    """A ruling and what became of it."""
    table, fact = rows.t.rulings, entry.fact
    match fact:
        case RulingGiven():
            subject = fact.proposal or fact.document
            rows.thing(entry, "ruling", fact.ruling, fact.number, subject)
            rows.add(
                table,
                entry,
                fact.ruling,
                number=fact.number,
                subject=subject,
                version=fact.version,
                change=fact.change,
                reason=fact.reason,
                status="given",
                challenge=None,
                notice_until=stamp(fact.notice_until) if fact.notice_until else None,
            )
        case RulingChallenged():
            rows.revise(table, entry, fact.ruling, status="challenged", challenge=fact.reason)
        case RulingOverturned():
            rows.revise(table, entry, fact.ruling, status="overturned")
        case _:
            rows.revise(table, entry, entry.stream, status=rows.state(Ruling, entry.stream).status)


def project_joint(entry: Entry, rows: Rows) -> None:
    """An act that several co-chairs must take together."""
    table, fact = rows.t.joints, entry.fact
    assert isinstance(fact, ActProposed | ActAssented)
    state = rows.state(Joint, fact.joint)
    now = {"assents": [str(one) for one in state.assents], "status": state.status, "needed": state.needed}
    if isinstance(fact, ActAssented):
        rows.revise(table, entry, fact.joint, **now)
        return
    rows.thing(entry, "joint", fact.joint, fact.number)
    rows.add(
        table,
        entry,
        fact.joint,
        number=fact.number,
        command=fact.command,
        fields=fact.fields,
        **now,
    )
