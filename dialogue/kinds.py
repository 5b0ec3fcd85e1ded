"""The tables of the domain: every fact by its name, every state by its kind, and what moves which state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dialogue import (
    amendment,
    call,
    circulation,
    comment,
    document,
    endorsement,
    erasure,
    joint,
    keys,
    mandate,
    meeting,
    outcome,
    participant,
    proposal,
    ruling,
    statement,
    versions,
    voiding,
)
from dialogue.book import State
from dialogue.fact import Entry, Fact

FACTS: dict[str, type[Fact]] = {
    fact.__name__: fact
    for module in (
        mandate,
        participant,
        meeting,
        proposal,
        amendment,
        comment,
        call,
        ruling,
        statement,
        endorsement,
        document,
        circulation,
        voiding,
        joint,
        keys,
        erasure,
    )
    for fact in module.FACTS
}

# kind of state: the state, and how it evolves with the facts of its own stream
OWN: dict[str, tuple[type[State], Callable[[Any, Entry], State]]] = {
    "dialogue": (mandate.Dialogue, mandate.evolve),
    "participant": (participant.Participant, participant.evolve),
    "meeting": (meeting.Meeting, meeting.evolve_meeting),
    "attendance": (meeting.Attendance, meeting.evolve_attendance),
    "session": (meeting.Session, meeting.evolve_session),
    "proposal": (proposal.Proposal, proposal.evolve),
    "sponsorship": (proposal.Sponsorship, proposal.evolve_sponsorship),
    "version": (versions.Version, versions.evolve),
    "amendment": (amendment.Amendment, amendment.evolve),
    "comment": (comment.Comment, comment.evolve),
    "call": (call.Call, call.evolve),
    "position": (call.Position, call.evolve_position),
    "ruling": (ruling.Ruling, ruling.evolve),
    "endorsement": (endorsement.Endorsement, endorsement.evolve),
    "document": (document.Document, document.evolve),
    "circulation": (circulation.Circulation, circulation.evolve),
    "receipt": (circulation.Receipt, circulation.evolve_receipt),
    "response": (circulation.Response, circulation.evolve_response),
    "joint": (joint.Joint, joint.evolve),
    "log": (keys.Log, keys.evolve),
    "erasure": (erasure.Erasure, erasure.evolve),
}

# (kind of state, stream of fact): how facts of another stream move the state
OTHERS: dict[tuple[str, str], Callable[[Any, Fact], State]] = {
    ("dialogue", "call"): outcome.on_dialogue,
    ("proposal", "call"): outcome.on_proposal,
    ("document", "call"): outcome.on_document,
    ("amendment", "call"): outcome.on_amendment,
    ("ruling", "call"): outcome.on_ruling,
    ("proposal", "ruling"): ruling.on_proposal,
    ("document", "ruling"): ruling.on_document,
    ("dialogue", "error"): voiding.on_dialogue,
    ("dialogue", "erasure"): erasure.on_dialogue,
    ("participant", "erasure"): erasure.on_participant,
    **{(kind, "error"): voiding.void for kind in voiding.VOIDABLE},
}


def fold(kind: str, state: State | None, entry: Entry) -> State | None:
    """The state after the entry. Never refuses; None for a stream that keeps no state."""
    other = OTHERS.get((kind, entry.fact.stream))
    if other is not None:
        return other(state, entry.fact)
    own = OWN.get(kind)
    return own[1](state, entry) if own else state
