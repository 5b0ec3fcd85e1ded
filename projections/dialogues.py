"""Dialogues and their mandates."""

from __future__ import annotations

from dialogue.fact import Entry
from dialogue.mandate import (
    DialogueConcluded,
    DialogueProposed,
    MandateDeclined,
    MandateExtended,
    MandateGranted,
    SettingsAgreed,
)
from dialogue.shape import encode
from projections.rows import Rows


def project(entry: Entry, rows: Rows) -> None:
    """What a fact about the mandate changes in the list of dialogues."""
    table, id = rows.t.dialogues, entry.dialogue
    match entry.fact:
        case DialogueProposed() as fact:
            rows.thing(entry, "dialogue", id, entry.number)
            form = encode(fact)
            rows.add(
                table,
                entry,
                id,
                title=fact.title,
                track=fact.track,
                status="proposed",
                submitted=fact.submitted,
                applicant=fact.applicant,
                meetings=fact.meetings,
                start=fact.start,
                end=fact.end,
                sections=form["sections"],
                objectives=form["objectives"],
                predecessors=form["predecessors"],
                parent=fact.parent,
                settings=form["settings"],
                reason=None,
            )
        case SettingsAgreed() as fact:
            rows.revise(table, entry, id, settings=encode(fact.settings))
        case MandateGranted() as fact:
            given = {"start": fact.start, "end": fact.end, "meetings": fact.meetings}
            rows.revise(table, entry, id, status="granted", **{k: v for k, v in given.items() if v is not None})
        case MandateDeclined() as fact:
            rows.revise(table, entry, id, status="declined", reason=fact.reason)
        case MandateExtended() as fact:
            rows.revise(table, entry, id, end=fact.end, reason=fact.reason)
        case DialogueConcluded() as fact:
            rows.revise(table, entry, id, status="concluded", reason=fact.reason)
