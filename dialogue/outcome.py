"""Outcomes: declared with their explanation, what follows from them, and what a call does to its subject.

domain.md, rules 3 to 6. The commands are in consensus.py, facts and states in call.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from dialogue.amendment import Amendment, accepted, taken_out
from dialogue.book import Book
from dialogue.call import (
    Call,
    ConsensusCalled,
    ConsensusNotReached,
    ConsensusReached,
    Explanation,
    ObjectionConveyed,
    OutcomeSetAside,
    Position,
    PositionsEntered,
    PositionTaken,
    Tally,
    Unnamed,
    position_id,
    unnamed_words,
)
from dialogue.document import Document
from dialogue.fact import Fact, Moment, Personal, Refused
from dialogue.mandate import Dialogue, MandateGranted
from dialogue.meeting import under_the_rule
from dialogue.procedure import Evaluation, Held, Procedure, evaluate
from dialogue.proposal import Proposal, TextReopened, whole
from dialogue.ruling import Ruling, RulingUpheld, given_again, overturned
from dialogue.withheld import Contribution, shuffled


def late(call: Call, moment: Moment) -> bool:
    """Whether a deadline was over when this happened. At the very instant it is still in time."""
    return call.expires is not None and moment.time > call.expires


def declared(
    call_id: UUID,
    call: Call,
    book: Book,
    moment: Moment,
    ruling: bool | None,
    reason: str | None,
) -> list[Fact]:
    """The outcome with its explanation, and what follows from it for the subject. Raises Refused."""
    chair = call.procedure.name == "chair"
    if chair != (ruling is not None):
        raise Refused("unfit", "under the procedure chair, and only there, say how the co-chairs rule")
    if chair and reason is None:
        raise Refused("no-reason", "the co-chairs give the reason for their ruling")
    if call.procedure.name == "silence" and not late(call, moment):
        raise Refused("too-soon", "the silence has not run out yet")
    entered: list[Fact] = []
    if under_the_rule(call.session, book):
        assert call.session is not None
        unnamed = entering(call_id, call, book, moment)
        entered = [PositionsEntered(call_id, Personal(unnamed_words(unnamed), call.session))]
        found = tallied(call.procedure, call.entitled, unnamed, book.next_entry, ruling)
        explanation = None
    else:
        found = evaluate(call.procedure, call.entitled, final(call_id, call, book), ruling=ruling)
        explanation = explained(found)
    if not found.reached:
        outcome: Fact = ConsensusNotReached(
            call_id,
            call.about,
            call.procedure,
            explanation,
            **call.subject,
            version=call.version,
            reason=reason,
        )
        return [*entered, outcome, *([RulingUpheld(call.ruling, call_id)] if call.ruling is not None else [])]
    if call.about == "text" and call.proposal is not None:
        proposal = book.one(Proposal, call.proposal)
        whole(proposal.handle, book.words(proposal.versions.text))
    outcome = ConsensusReached(
        call_id,
        call.about,
        call.procedure,
        explanation,
        **call.subject,
        version=call.version,
        effective=call.expires if call.procedure.name == "silence" else None,
        reason=reason,
    )
    return [*entered, outcome, *followed(call_id, call, book, moment)]


def followed(call_id: UUID, call: Call, book: Book, moment: Moment) -> list[Fact]:
    """What a reached outcome brings about besides: an amendment accepted, a text reopened, a ruling overturned,
    a mandate granted.
    """
    match call.about:
        case "amendment" if call.amendment is not None:
            return accepted(call.amendment, None, book)
        case "reopening" if call.proposal is not None:
            return [TextReopened(call.proposal, f"reopened by {call.handle}", call_id)]
        case "ruling" if call.ruling is not None:
            return [overturned(call.ruling, call_id, book, moment)]
        case "mandate" if book.one(Dialogue, book.dialogue).status == "proposed":
            return [MandateGranted(decision=call_id)]
    return []


def set_aside(call_id: UUID, reason: str, book: Book, moment: Moment) -> list[Fact]:
    """A contested outcome holds no more, and what followed from it is undone from here on. Raises Refused."""
    call = book.one(Call, call_id)
    why = f"the outcome of {call.handle} was set aside"
    undone: list[Fact] = []
    match call.about:
        case "amendment" if call.amendment is not None:
            undone = taken_out(call.amendment, why, book)
        case "ruling" if call.ruling is not None:
            undone = [given_again(call.ruling, why, book, moment)]
        case "reopening" if call.proposal is not None:
            as_decided(book.one(Proposal, call.proposal), call_id)
    return [OutcomeSetAside(call_id, reason, **call.subject), *undone]


def as_decided(proposal: Proposal, call: UUID) -> None:
    """Demands that a text which goes back to its decision reads as it was decided. Raises Refused."""
    was = proposal.reopened
    if was is None or was.call != call or proposal.status != "open":
        return
    if (was.text, was.title) != (proposal.versions.text, proposal.title):
        raise Refused(
            "moved",
            f"{proposal.handle} has changed since it was reopened: first give it back the words that were decided",
        )


def final(call_id: UUID, call: Call, book: Book) -> list[Held]:
    """The final positions of those entitled, late ones left out, and the objections through the chair."""
    held = []
    for person in call.entitled:
        position = book.find(Position, position_id(call_id, person))
        if position is not None and position.name is not None and not position.late:
            held.append(Held(person, position.name, position.entry))
    return held + [Held(None, "object", entry) for entry in call.conveyed]


def entering(call_id: UUID, call: Call, book: Book, moment: Moment) -> list[Unnamed]:
    """The final positions of a call under the Rule, shuffled and without holders; of those who are counted only."""
    mine = [one for one in book.withheld() if one.call == call_id and counts(one, call)]
    return [unnamed(position, one.fact) for position, one in shuffled(mine, moment.draw)]


def counts(one: Contribution, call: Call) -> bool:
    """Whether what was said in a call under the Rule is counted: not the position of whom the call leaves out."""
    if isinstance(one.fact, PositionTaken):
        return one.by in {*call.entitled, None} - {*call.procedure.excluded}
    return isinstance(one.fact, ObjectionConveyed)


def unnamed(position: UUID, fact: Fact) -> Unnamed:
    if isinstance(fact, ObjectionConveyed):
        return Unnamed(position, "object", fact.reason, conveyed=True)
    assert isinstance(fact, PositionTaken)
    return Unnamed(position, fact.name, fact.reason, fact.paragraphs)


def tallied(
    procedure: Procedure, entitled: Sequence[UUID], positions: Sequence[Unnamed], entry: int, ruling: bool | None = None
) -> Evaluation:
    """What the procedure makes of the positions of a call under the Rule, which all stand in one entry."""
    found = evaluate(procedure, entitled, [Held(None, one.name, entry) for one in positions], ruling=ruling)
    return replace(found, conveyed=sum(one.conveyed for one in positions))


def explained(found: Evaluation) -> Explanation:
    return Explanation(
        found.entitled,
        found.active,
        found.present,
        found.quorum_needed,
        tuple(Tally(position, number) for position, number in found.tally if number),
        found.conveyed,
        found.counted,
        found.blocked,
        found.pending,
        found.reason,
    )


def on_proposal(state: Proposal, fact: Fact) -> Proposal:
    """What a call's facts do to the proposal it is about."""
    was = state.reopened
    match fact:
        case ConsensusCalled(amendment=None, ruling=None):
            return replace(state, call=fact.call)
        case ConsensusReached(about="text"):
            return replace(state, call=None, status="adopted", decision=fact.call, decided_by=fact.procedure.name)
        case OutcomeSetAside() if state.decision == fact.call:
            return replace(state, status="open", decision=None, decided_by=None)
        case OutcomeSetAside() if was is not None and was.decision == fact.call:
            return replace(state, reopened=None)  # what is set aside is not gone back to
        case OutcomeSetAside() if was is not None and was.call == fact.call and state.status == "open":
            return replace(state, status="adopted", decision=was.decision, decided_by=was.decided_by, reopened=None)
    return replace(state, call=None) if ends(fact, state.call) else state


def on_document(state: Document, fact: Fact) -> Document:
    """What a call's facts do to the document it is about."""
    match fact:
        case ConsensusCalled():
            return replace(state, call=fact.call)
        case ConsensusReached():
            return replace(state, call=None, decision=fact.call, decided_by=fact.procedure.name)
        case OutcomeSetAside() if state.decision == fact.call:
            return replace(state, decision=None, decided_by=None)
    return replace(state, call=None) if ends(fact, state.call) else state


def on_amendment(state: Amendment, fact: Fact) -> Amendment:
    if isinstance(fact, ConsensusCalled):
        return replace(state, call=fact.call)
    if isinstance(fact, OutcomeSetAside) and state.status == "accepted":
        return replace(state, status="open", version=None, accepted=None)
    return replace(state, call=None) if ends(fact, state.call) else state


def on_ruling(state: Ruling, fact: Fact) -> Ruling:
    if isinstance(fact, ConsensusCalled):
        return replace(state, call=fact.call)
    return replace(state, call=None) if ends(fact, state.call) else state


def on_dialogue(state: Dialogue, fact: Fact) -> Dialogue:
    """The dialogue keeps the numbers of its calls, and which are open, silences among them. A mandate is as it was
    asked for again when the outcome that granted it is set aside.
    """
    if isinstance(fact, ConsensusCalled):
        silences = (*state.silences, fact.call) if fact.procedure.name == "silence" else state.silences
        counts = replace(state.counts, call=fact.number)
        return replace(state, counts=counts, calls=(*state.calls, fact.call), silences=silences)
    if isinstance(fact, OutcomeSetAside) and state.decision == fact.call and state.status == "granted":
        return replace(state, status="proposed", decision=None)
    calls, silences = (tuple(one for one in those if not ends(fact, one)) for those in (state.calls, state.silences))
    return replace(state, calls=calls, silences=silences)


def ends(fact: Fact, call: UUID | None) -> bool:
    """Whether this fact closes the call, in whatever way."""
    return call is not None and getattr(fact, "call", None) == call
