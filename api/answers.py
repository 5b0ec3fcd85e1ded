"""What acts and reads are answered with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields

from dialogue.fact import Entry
from dialogue.history import LETTERS

NO_STORE = "private, no-cache"


class EntrySchema(Schema):
    """One entry that an act became."""

    entry = fields.Integer(required=True, metadata={"example": 142})
    fact = fields.String(required=True, metadata={"example": "ProposalSubmitted"})
    id = fields.String(required=True)
    handle = fields.String(metadata={"example": "P7"})
    version = fields.Integer(metadata={"example": 1})


class ActSchema(Schema):
    """What was recorded; nothing, where it was so already."""

    entry = fields.Integer(metadata={"description": "The last entry of the act."})
    entries = fields.List(fields.Nested(EntrySchema), required=True)


def acted(entries: Sequence[Entry]) -> Response:
    """The answer to an act: 201 with its entries, or 200 where nothing had to be recorded."""
    told = [told_of(entry) for entry in entries]
    body: dict[str, Any] = {"entries": told, **({"entry": told[-1]["entry"]} if told else {})}
    answer = Response(json.dumps(body, ensure_ascii=False), 201 if told else 200, mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    versions = [one["version"] for one in told if "version" in one]
    if versions:
        answer.headers["ETag"] = f'"v{versions[-1]}"'
    return answer


def told_of(entry: Entry) -> dict[str, Any]:
    fact = entry.fact
    told: dict[str, Any] = {"entry": entry.number, "fact": type(fact).__name__, "id": str(entry.stream)}
    if hasattr(fact, "number") and fact.stream in LETTERS:
        told["handle"] = f"{LETTERS[fact.stream]}{fact.number}"
    if hasattr(fact, "version"):
        told["version"] = fact.version
    return told


def shown(body: Any, version: int | None = None) -> Response:
    """The answer to a read, with a validator made of exactly these bytes; 304 where the reader has them already.

    A thing with versions has its version in the ETag, so that If-Match can name it.
    """
    content = json.dumps(body, ensure_ascii=False, default=str).encode()
    mark = hashlib.sha256(content).hexdigest()[:32]
    answer = Response(content, mimetype="application/json")
    answer.set_etag(f"v{version}-{mark}" if version is not None else mark)
    answer.headers["Cache-Control"] = NO_STORE
    answer.headers["Vary"] = "Authorization, Accept"
    answer.make_conditional(request)
    return answer
