"""A dialogue, whoever takes part in it, and its meetings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import fields, validate

from api.asking import after, named, read
from api.callers import EVERYBODY, KEEPERS, myself
from api.record_shapes import MYSELF, NOTICES, WAITING
from api.shapes import DIALOGUE, MEETING, PARTICIPANT
from api.shaping import page
from projections import dialogues, meetings, participants
from projections.notices import draft, notices
from projections.read import Reading
from projections.waiting import waiting

blue = Blueprint("people", __name__, description="The dialogue, its people and its meetings.")


@read(blue, "", "A dialogue: its mandate, settings and officers.", DIALOGUE, kind="dialogue")
def dialogue(reading: Reading, dialogue: UUID, _: dict[str, Any]) -> Any:
    return dialogues.card(reading, dialogue)


@read(blue, "/me", "Who you are here, by your token.", MYSELF, roles=EVERYBODY)
def me(reading: Reading, dialogue: UUID, _: dict[str, Any]) -> Any:
    me = myself()
    return {
        "dialogue": str(dialogue),
        "participant": str(me.participant),
        "handle": reading.handle(me.participant),
        "roles": sorted(me.roles),
        "scopes": list(me.token.scopes),
    }


@read(blue, "/waiting", "What is open, and whom it waits for.", WAITING)
def waiting_list(reading: Reading, dialogue: UUID, _: dict[str, Any]) -> Any:
    return waiting(reading, dialogue)


@read(
    blue,
    "/notices",
    "What each participant must be told, each notice once.",
    NOTICES,
    roles=KEEPERS,
    more={
        "since": fields.Integer(validate=validate.Range(0, 2**53), metadata={"description": "After this entry."}),
        "drafts": fields.Boolean(load_default=False, metadata={"description": "Each as a mail draft too."}),
    },
)
def notices_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    told = list(notices(reading, dialogue, asked.get("since", 0)))
    if not asked["drafts"]:
        return {"items": [asdict(one) for one in told]}
    title = reading.one(reading.t.dialogues, dialogue, "dialogue")["title"]
    people = reading.persons(one.to for one in told)
    drafts = [draft(one, people[one.to], title) for one in told]
    items = [{**asdict(one), "draft": mail and mail.decode()} for one, mail in zip(told, drafts, strict=True)]
    return {"items": items}


@read(blue, "/participants", "Who takes part.", page("Participant", PARTICIPANT), paged=True)
def participants_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return participants.page(reading, dialogue, **after(reading, dialogue, asked))


@read(blue, "/participants/<participant>", "One participant.", PARTICIPANT, kind="participant")
def participant(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return participants.one(reading, named(reading, dialogue, "participant", asked["participant"]))


@read(blue, "/meetings", "Meetings, planned and held.", page("Meeting", MEETING), paged=True)
def meetings_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return meetings.page(reading, dialogue, **after(reading, dialogue, asked))


@read(blue, "/meetings/<meeting>", "One meeting; for the room, who attended.", MEETING, kind="meeting")
def meeting(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    found = meetings.one(reading, named(reading, dialogue, "meeting", asked["meeting"]))
    me = myself()
    room = {one["participant"]["id"] for one in found["attendance"] if one["participant"]}
    if me.roles & KEEPERS or str(me.participant) in room:
        return found
    return {name: value for name, value in found.items() if name != "attendance"}
