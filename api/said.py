"""What was said under the Chatham House Rule and waits, and what is held about a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import fields, validate

from api.asking import named, read
from api.callers import EVERYBODY, KEEPERS, audience, myself, secretariat
from api.deeds import deed
from api.schemas import Strict, clean
from api.shapes import NOTES, RECEIPT, REMOVED, SUBJECT_ACCESS
from projections.notes import notes, receipt
from projections.read import Reading
from projections.retention import retire
from projections.subject import subject_access

blue = Blueprint("said", __name__, description="Said under the Chatham House Rule; and what is held about a person.")


@read(blue, "/sessions/<session>/notes", "What was said and waits, for those recorded as present, unattributed.", NOTES)
def session_notes(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return notes(reading, named(reading, dialogue, "session", asked["session"]))


class Ticket(Strict):
    """What the speaker was answered with."""

    ticket = fields.String(
        required=True,
        validate=[validate.Length(1, 100), clean],
        metadata={"example": "5a31f8d09f3b4c6e8d7a60b1c2d3e4f5"},
    )


@deed(
    blue,
    "/receipts",
    "What became of what was said with this ticket, which stands in no address.",
    RECEIPT,
    body=Ticket,
    roles=EVERYBODY,
    only_asks=True,
)
def receipt_of(dialogue: UUID, asked: dict[str, Any]) -> Any:
    with secretariat.reading(None, audience(dialogue)) as reading:
        return receipt(reading, asked["ticket"], dialogue)


@deed(blue, "/retention", "Remove who said what under the Rule longer ago than the dialogue keeps it.", REMOVED)
def retention(dialogue: UUID, _: dict[str, Any]) -> Any:
    removed, left = retire(secretariat, dialogue)
    return {"removed": removed, "left": left or None}


@read(blue, "/me/data", "Everything that is held about you.", SUBJECT_ACCESS, roles=EVERYBODY)
def own_data(reading: Reading, dialogue: UUID, _: dict[str, Any]) -> Any:
    return subject_access(secretariat, reading, dialogue, myself().participant)


@read(
    blue,
    "/participants/<participant>/data",
    "Everything that is held about a person, to be shown to them.",
    SUBJECT_ACCESS,
    roles=KEEPERS,
)
def data_about(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return subject_access(secretariat, reading, dialogue, named(reading, dialogue, "participant", asked["participant"]))
