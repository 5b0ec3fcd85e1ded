"""The record itself: its entries, the deliberation told, the live feed, and what proves it."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint
from marshmallow import fields, validate

from api.asking import LARGEST, read
from api.callers import EVERYBODY, READERS, access, limits, myself, secretariat
from api.record_shapes import LINE, PROOF, STEP
from api.shaping import STRING, page
from api.streams import NDJSON, as_ndjson, feed, leaves, wants_ndjson
from dialogue.checkpoint import read_checkpoint
from dialogue.fact import Refused, Unknown
from projections.attesting import prove
from projections.read import Page, Reading
from projections.replay import replay
from projections.timeline import log

blue = Blueprint("history", __name__, description="The record: entries, replay, feed, proofs.")
PLACE = validate.Range(1, LARGEST)
RANGE = {"start": fields.Integer(validate=PLACE), "stop": fields.Integer(validate=PLACE)}


@read(
    blue,
    "/entries",
    "The entries, each in a sentence; as NDJSON all of them, streamed.",
    page("Entry", LINE),
    paged=True,
    more=RANGE,
    also={NDJSON: STRING},
)
def entries(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    start = begin(asked)
    if wants_ndjson():
        limits.export(access(), myself().token.id)
        bound = reading.bound(dialogue)
        return as_ndjson(dialogue, start, min(asked.get("stop", bound), bound))
    lines = list(log(reading, dialogue, start, asked.get("stop"), asked["limit"] + 1))
    return paged([asdict(line) for line in lines], asked["limit"], lambda line: line["entry"])


def begin(asked: dict[str, Any]) -> int:
    """The first entry of a page."""
    after = asked.get("after") or "0"
    if not (after.isascii() and after.isdigit() and len(after) < 16):
        raise Unknown("entry to go on after")
    start: int = asked.get("start", 1)
    return max(start, int(after) + 1)


def paged(found: list[Any], limit: int, place: Any) -> Page:
    """At most so many of these, and where to go on if there are more."""
    return Page(found[:limit], str(place(found[limit - 1])) if len(found) > limit else None)


@read(blue, "/entries/<int(max=2147483647):number>", "One entry in a sentence.", LINE)
def entry(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    number = asked["number"]
    found = next(log(reading, dialogue, max(number, 1), number, 1), None) if number else None
    if found is None:
        raise Unknown(f"entry {number}")
    return asdict(found)


@read(
    blue,
    "/replay",
    "The deliberation told between two entries, with marked-up texts and what became of signatures.",
    page("Step", STEP),
    paged=True,
    more=RANGE,
)
def replay_of(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    steps = replay(reading, dialogue, begin(asked), asked.get("stop"))
    found = [asdict(step) for step in islice(steps, asked["limit"] + 1)]
    return paged(found, asked["limit"], lambda step: step["line"]["entry"])


@read(
    blue,
    "/leaves",
    "The exact lines of the record (JSON Lines), for whoever audits it; personal values only as salted digests.",
    STRING,
    more=RANGE,
    media_type=NDJSON,
)
def leaves_of(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    limits.export(access(), myself().token.id)
    bound = reading.bound(dialogue)
    return leaves(dialogue, asked.get("start", 1), min(asked.get("stop", bound), bound))


@read(
    blue,
    "/feed",
    "New entries as they come (server-sent events); Last-Event-ID goes on where a reader was.",
    STRING,
    media_type="text/event-stream",
)
def live(reading: Reading, dialogue: UUID, _: dict[str, Any]) -> Any:
    return feed(dialogue, reading.bound(dialogue), request.headers.get("Last-Event-ID"))


@read(
    blue,
    "/entries/<int(max=2147483647):number>/proof",
    "The proof that an entry stands in the signed record, once a checkpoint covers it; to an addressee, of their own.",
    PROOF,
    roles=EVERYBODY,
)
def proof(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    number, me = asked["number"], myself()
    if not 1 <= number <= reading.bound(dialogue):
        raise Unknown(f"entry {number}")
    entry = reading.entry(dialogue, number)
    if not me.roles & READERS and me.participant not in (entry.actor, entry.recordedby):
        raise Unknown(f"entry {number}")
    try:
        found = prove(secretariat, dialogue, number)
    except Unknown:
        raise Refused("too-soon", "no checkpoint covers this entry yet; ask again when one has been signed") from None
    [leaf] = secretariat.record.leaves(dialogue, number, number)
    size = read_checkpoint(found.checkpoint).size
    return {"entry": number, "size": size, "leaf": leaf.decode(), "proof": found.file().decode()}
