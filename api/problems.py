"""Every failure as application/problem+json (RFC 9457): what went wrong in a sentence, under a stable type.

`type` is a path of this API, /problems/<code>, which the documentation lists; the title of a refusal is the
domain's own sentence. Nothing internal is ever said.
"""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from dialogue.fact import Conflict, Refused, Unknown
from dialogue.record import Damaged
from projections.read import Broken

MEDIA_TYPE = "application/problem+json"
NOT_FOUND = "There is no such thing here."  # the same, byte for byte, for what is hidden and what is absent
log = logging.getLogger("dialogue.api")

# Refusals that are not simply 422: the code of the refusal, and the status that tells a client what to do next.
STATUS_OF = {
    "unknown": 404,
    "role": 403,
    "not-yours": 403,
    "not-entitled": 403,
    "outdated": 412,
    "in-conflict": 409,
    "ambiguous": 409,
    "clock": 503,
}


class ProblemSchema(Schema):
    """RFC 9457."""

    type = fields.String(required=True, metadata={"example": "/problems/outdated"})
    title = fields.String(required=True, metadata={"example": "The text now stands at version 3."})
    status = fields.Integer(required=True, metadata={"example": 412})
    detail = fields.String()
    errors = fields.Dict(metadata={"description": "By the path of the field: what is wrong with it."})
    current = fields.Integer(metadata={"description": "The version that is current, where an older one was meant."})
    comparison = fields.String(metadata={"description": "Where what changed can be read."})
    places = fields.List(fields.Dict(), metadata={"description": "Where words are in conflict: base and both."})


def problem(status: int, code: str, title: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """One problem answer."""
    body = {"type": f"/problems/{code}", "title": title, "status": status, **more}
    answer = Response(json.dumps(body, ensure_ascii=False), status, headers, content_type=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def of_refusal(refused: Refused) -> Response:
    """The domain says no."""
    status = STATUS_OF.get(refused.code, 422)
    if isinstance(refused, Unknown) or status == 404:
        return missing()
    known: dict[str, Any] = {
        name: refused.details[name] for name in ("current", "places", "comparison") if name in refused.details
    }
    if "path" in refused.details:
        known["errors"] = {str(refused.details["path"]): [str(refused)]}
    return problem(status, refused.code, str(refused), **known)


def missing() -> Response:
    """Not there, or not for this reader: nobody can tell which."""
    return problem(404, "unknown", NOT_FOUND)


def of_conflict(conflict: Conflict) -> Response:
    return problem(409, "conflict", str(conflict))


def of_damage(damage: Exception) -> Response:
    log.error("integrity failure: %s", damage)
    return problem(503, "damaged", "The record cannot be read just now; its keepers must look at it first.")


def of_http(error: HTTPException) -> Response:
    """What the framework found wrong with the request."""
    status = error.code or 500
    data = getattr(error, "data", None) or {}
    more: dict[str, Any] = {}
    if messages := data.get("messages") or data.get("errors"):
        more["errors"] = flattened(messages)
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    if status == 404:
        return missing()
    title = TITLES.get(status) or data.get("message") or HTTPStatus(status).phrase
    return problem(status, HTTPStatus(status).phrase.lower().replace(" ", "-"), title, headers, **more)


TITLES = {
    400: "This request cannot be understood.",
    401: "Say who you are: send a bearer token.",
    405: "That method is not for this address.",
    413: "This request is too large.",
    415: "Send JSON: Content-Type: application/json.",
    422: "Some fields are missing or misshapen.",
    429: "Too many requests; wait a little.",
    500: "Something went wrong here. Nothing was half done.",
}


def flattened(messages: Any, path: str = "") -> dict[str, list[str]]:
    """Nested validation messages by the path of their field: {"holders[0].alternative": ["…"]}."""
    if not isinstance(messages, dict):
        return {path or "body": [str(one) for one in (messages if isinstance(messages, list) else [messages])]}
    found: dict[str, list[str]] = {}
    for name, inner in messages.items():
        here = name if name not in ("json", "query", "headers") else ""
        step = f"[{here}]" if isinstance(here, int) else (f".{here}" if path and here else str(here))
        found |= flattened(inner, f"{path}{step}")
    return found


def of_fault(error: Exception) -> Response:
    """A fault of the program: logged without the request's content, and told to nobody."""
    log.error("unhandled %s", type(error).__name__, exc_info=error)
    return problem(500, "internal-server-error", TITLES[500])


HANDLERS: dict[type[Exception], Any] = {
    Refused: of_refusal,
    Conflict: of_conflict,
    Damaged: of_damage,
    Broken: of_damage,
    OperationalError: of_damage,
    HTTPException: of_http,
    Exception: of_fault,
}
