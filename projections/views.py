"""One fact into all views: the table of which view reads which stream."""

from __future__ import annotations

from collections.abc import Callable

from dialogue.fact import Entry
from dialogue.mandate import Dialogue
from projections import (
    amendments,
    comments,
    decisions,
    dialogues,
    documents,
    erasures,
    ledger,
    meetings,
    participants,
    signatories,
    texts,
    timeline,
)
from projections.rows import Rows

VIEWS: dict[str, tuple[Callable[[Entry, Rows], None], ...]] = {
    "dialogue": (dialogues.project,),
    "participant": (participants.project,),
    "meeting": (meetings.project,),
    "session": (meetings.project,),
    "attendance": (meetings.project,),
    "proposal": (texts.project,),
    "sponsorship": (texts.project,),
    "amendment": (amendments.project,),
    "comment": (comments.project,),
    "call": (decisions.project_call, dialogues.project, amendments.project, texts.project, documents.project),
    "position": (decisions.project_position,),
    "statement": (decisions.project_statement,),
    "ruling": (decisions.project_ruling, texts.project, documents.project),
    "joint": (decisions.project_joint,),
    "endorsement": (signatories.project,),
    "document": (documents.project, signatories.project),
    "circulation": (documents.project_circulation,),
    "receipt": (documents.project_circulation,),
    "response": (documents.project_circulation,),
    "log": (),
    "erasure": (erasures.project, participants.project),
    "error": (
        participants.project,
        meetings.project,
        decisions.project_position,
        signatories.project,
        documents.project_circulation,
    ),
}


def project(entry: Entry, leaf: bytes, rows: Rows) -> None:
    """Applies the fact, and the leaf that holds it, to every view that reads its stream."""
    rows.turn_to(entry)
    rows.states.apply(entry, rows)
    rows.outside = rows.state(Dialogue, entry.dialogue).outside_mandate(entry.time)
    for view in VIEWS[entry.fact.stream]:
        view(entry, rows)
    timeline.project(entry, rows)
    ledger.project(entry, leaf, rows)
