"""Streams: all entries or leaves as NDJSON, and new entries as server-sent events.

Each holds a thread of the server for as long as it lasts, so there are fewer places for them than threads.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from threading import BoundedSemaphore, Event
from uuid import UUID

from flask import Response, current_app, request
from werkzeug.exceptions import ServiceUnavailable

from api.callers import EVERYBODY, audience
from dialogue.fact import Refused
from projections.admission import Admission
from projections.audience import Audience
from projections.secretariat import Secretariat
from projections.timeline import log

NDJSON = "application/x-ndjson"
HEARTBEAT = 15.0  # seconds; a disconnected reader shows only when something is written
POLL = 0.5
FIRST = 10
AT_ONCE = 500  # entries read in one go; the first ones are fewer, so that they come at once


def wants_ndjson() -> bool:
    return request.accept_mimetypes.best_match(["application/json", NDJSON], default="application/json") == NDJSON


def streamed(lines: Iterator[bytes], mimetype: str) -> Response:
    """A stream, as long as there is a place for it. Raises ServiceUnavailable."""
    places: BoundedSemaphore = current_app.extensions["streams"]
    if not places.acquire(blocking=False):
        raise ServiceUnavailable(retry_after=30)
    answer = Response(lines, mimetype=mimetype)
    answer.call_on_close(places.release)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def as_ndjson(dialogue: UUID, start: int, stop: int) -> Response:
    """The entries, one JSON object a line, the first ones at once. No view is held open in between."""
    house: Secretariat = current_app.extensions["secretariat"]
    reader = audience(dialogue)

    def lines() -> Iterator[bytes]:
        place, length = start, FIRST
        while place <= stop:
            with house.reading(None, reader) as reading:
                page = list(log(reading, dialogue, place, min(place + length - 1, stop)))
            for line in page:
                yield json.dumps(asdict(line), ensure_ascii=False).encode() + b"\n"
            place, length = place + length, AT_ONCE

    return streamed(lines(), NDJSON)


def leaves(dialogue: UUID, start: int, stop: int) -> Response:
    """The exact lines of the record, as an export has them."""
    house: Secretariat = current_app.extensions["secretariat"]
    return streamed((leaf + b"\n" for leaf in house.record.leaves(dialogue, start, stop)), NDJSON)


def feed(dialogue: UUID, bound: int, last: str | None) -> Response:
    """New entries as they come: those after `bound` or, with Last-Event-ID, after that one. It ends with the token."""
    if last is not None and not (last.isascii() and last.isdigit() and len(last) < 16):
        raise Refused("unfit", "Last-Event-ID is the number of an entry", path="Last-Event-ID")
    house: Secretariat = current_app.extensions["secretariat"]
    admission: Admission = current_app.extensions["admission"]
    closing: Event = current_app.extensions["closing"]
    header = request.headers.get("Authorization", "")

    def goes_on() -> bool:
        who = None if closing.is_set() else admission.admit(header)
        return who is not None and who.dialogue == dialogue and bool(who.roles & EVERYBODY)

    seen = int(last) if last is not None else bound
    lines = tail(house, dialogue, seen, goes_on, closing.wait, audience(dialogue))
    return streamed(lines, "text/event-stream")


def tail(
    house: Secretariat,
    dialogue: UUID,
    seen: int,
    goes_on: Callable[[], bool],
    wait: Callable[[float], object],
    reader: Audience,
) -> Iterator[bytes]:
    """Events of entries after `seen`, and a comment when nothing came for a while."""
    yield b": welcome\n\n"
    written = time.monotonic()
    while goes_on():
        with house.reading(None, reader) as reading:
            lines = list(log(reading, dialogue, seen + 1, None, AT_ONCE)) if reading.bound(dialogue) > seen else []
        for line in lines:
            seen = line.entry
            yield f"id: {line.entry}\nevent: entry\ndata: {json.dumps(asdict(line), ensure_ascii=False)}\n\n".encode()
        quiet = not lines and time.monotonic() - written >= HEARTBEAT
        if quiet:
            yield b": still here\n\n"
        if lines or quiet:
            written = time.monotonic()
        if len(lines) < AT_ONCE:
            wait(POLL)
