"""Streams: all entries as NDJSON, and new ones as server-sent events."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from threading import BoundedSemaphore
from uuid import UUID

from flask import Response, current_app, request
from werkzeug.exceptions import ServiceUnavailable

from api.callers import secretariat
from dialogue.fact import Refused
from projections.secretariat import Secretariat
from projections.timeline import log

NDJSON = "application/x-ndjson"
HEARTBEAT = 15.0  # seconds; a disconnected reader shows only when something is written
POLL = 0.5


def wants_ndjson() -> bool:
    return request.accept_mimetypes.best_match(["application/json", NDJSON], default="application/json") == NDJSON


def as_ndjson(dialogue: UUID, as_of: str | None, start: int, stop: int | None) -> Response:
    """The entries, one JSON object a line, the first at once."""
    house = secretariat()

    def lines() -> Iterator[str]:
        with house.reading(as_of) as reading:
            for line in log(reading, dialogue, start, stop):
                yield json.dumps(asdict(line), ensure_ascii=False) + "\n"

    answer = Response(lines(), mimetype=NDJSON)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def feed(dialogue: UUID, last: str | None) -> Response:
    """New entries as they come; with Last-Event-ID, those since. Raises ServiceUnavailable when all places are taken."""
    places: BoundedSemaphore = current_app.extensions["streams"]
    closing = current_app.extensions["closing"]
    house = secretariat()
    if last is not None and not last.isdigit():
        raise Refused("unfit", "Last-Event-ID is the number of an entry", path="Last-Event-ID")
    if not places.acquire(blocking=False):
        raise ServiceUnavailable("All places for streams are taken; ask for the entries instead.", retry_after=30)

    def events() -> Iterator[str]:
        try:
            yield from tail(house, dialogue, int(last) if last is not None else None, closing.is_set)
        finally:
            places.release()

    answer = Response(events(), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    answer.call_on_close(lambda: None)
    return answer


def tail(house: Secretariat, dialogue: UUID, seen: int | None, closing: object) -> Iterator[str]:
    """Events of entries after `seen` (by default, after the last), and a comment when nothing came for a while."""
    assert callable(closing)
    quiet = time.monotonic()
    yield ": welcome\n\n"
    while not closing():
        with house.reading() as reading:
            bound = reading.bound(dialogue)
            seen = bound if seen is None else seen
            lines = list(log(reading, dialogue, seen + 1, None, 100)) if bound > seen else []
        for line in lines:
            seen = line.entry
            yield f"id: {line.entry}\nevent: entry\ndata: {json.dumps(asdict(line), ensure_ascii=False)}\n\n"
        now = time.monotonic()
        if lines:
            quiet = now
        elif now - quiet >= HEARTBEAT:
            quiet = now
            yield ": still here\n\n"
        time.sleep(POLL)
