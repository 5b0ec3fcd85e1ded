"""What acts and reads are answered with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from flask import Response, request

from dialogue.fact import Entry
from dialogue.history import LETTERS

PRIVATE = "private, no-cache"
VARY = "Authorization, Accept"


def acted(entries: Sequence[Entry], *, dry_run: bool = False) -> Response:
    """The answer to an act: 201 with its entries, or 200 where nothing had to be recorded, or would only have been."""
    told = [told_of(entry) for entry in entries]
    body: dict[str, Any] = {"entries": told, **({"entry": told[-1]["entry"]} if told else {})}
    if dry_run:
        body["dry_run"] = True
    return told_once(body, 201 if told and not dry_run else 200)


def held(ticket: str) -> Response:
    """The answer to what was said under the Chatham House Rule: 202 with a ticket, and no entry yet."""
    return told_once({"entries": [], "ticket": ticket}, 202)


def told_of(entry: Entry) -> dict[str, Any]:
    fact = entry.fact
    told: dict[str, Any] = {"entry": entry.number, "fact": type(fact).__name__, "id": str(entry.stream)}
    if hasattr(fact, "number") and fact.stream in LETTERS:
        told["handle"] = f"{LETTERS[fact.stream]}{fact.number}"
    if getattr(fact, "version", None) is not None:
        told["version"] = getattr(fact, "version")  # noqa: B009  # facts are of many kinds
    return {**told, "proof": f"/v1/dialogues/{entry.dialogue}/entries/{entry.number}/proof"}


def told_once(body: Any, status: int = 200) -> Response:
    """An answer that nobody keeps."""
    answer = Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def shown(body: Any, version: str | None = None) -> Response:
    """The answer to a read as JSON; what can be edited has its version in the ETag, so that If-Match can name it."""
    content = json.dumps(body, ensure_ascii=False, default=str).encode()
    return validated(Response(content, mimetype="application/json"), content, version)


def validated(answer: Response, content: bytes, version: str | None = None) -> Response:
    """The answer with a validator made of exactly these bytes; 304 where the reader has them already."""
    mark = hashlib.sha256(content).hexdigest()[:32]
    answer.set_etag(f"{version}-{mark}" if version is not None else mark)
    answer.headers["Cache-Control"] = PRIVATE
    answer.headers["Vary"] = VARY
    answer.make_conditional(request)
    return answer
