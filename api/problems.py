"""Every failure as application/problem+json (RFC 9457): what went wrong in a sentence, under a stable type.

`type` is a path of this API, /problems/<code>, where what it means is said; the title of a refusal is the
domain's own sentence. Nothing internal is ever said.
"""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from flask import Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as Exhausted
from werkzeug.exceptions import HTTPException

from api.problem_types import BY_STATUS, NOT_FOUND, TITLES, TYPES, UNREADABLE
from dialogue.fact import Conflict, Refused, Unknown
from dialogue.record import Damaged
from dialogue.vault import Sealed
from projections.stores import StoreFailed

MEDIA_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="dialogue"'
log = logging.getLogger("dialogue.api")


def problem(status: int, code: str, title: str, **more: Any) -> Response:
    """One problem answer."""
    body = {"type": f"/problems/{code}", "title": title, "status": status, **more}
    answer = Response(json.dumps(body, ensure_ascii=False), status, content_type=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def of_refusal(refused: Refused) -> Response:
    """The domain says no."""
    if isinstance(refused, Unknown):
        return missing()
    status = TYPES[refused.code].status if refused.code in TYPES else 422
    known: dict[str, Any] = {
        name: refused.details[name] for name in ("current", "places", "comparison") if name in refused.details
    }
    if "path" in refused.details:
        known["errors"] = {str(refused.details["path"]) or "body": [str(refused)]}
    return problem(status, refused.code, str(refused), **known)


def missing() -> Response:
    """Not there, or not for this reader: nobody can tell which."""
    return problem(404, "unknown", NOT_FOUND)


def of_conflict(conflict: Conflict) -> Response:
    return problem(409, "conflict", str(conflict))


def of_damage(damage: Exception) -> Response:
    """The stores or the master key are not as they must be: logged for the keepers, and told without particulars."""
    log.error("stores: %s: %s", type(damage).__name__, damage)
    answer = problem(503, "damaged", UNREADABLE)
    answer.headers["Retry-After"] = "30"
    return answer


def of_http(error: HTTPException) -> Response:
    """What the framework found wrong with the request."""
    status = error.code or 500
    if status == 404:
        return missing()
    data = getattr(error, "data", None) or {}
    messages = data.get("messages")
    more = {"errors": flattened(messages)} if messages else {}
    answer = problem(status, BY_STATUS.get(status, "bad-request"), title(status), **more)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    if status == 401:
        answer.headers["WWW-Authenticate"] = CHALLENGE
    return answer


def title(status: int) -> str:
    return TITLES.get(status) or HTTPStatus(status).phrase


def flattened(messages: Any, path: str = "") -> dict[str, list[str]]:
    """Nested validation messages by the path of their field: {"holders[0].alternative": ["…"]}."""
    if not isinstance(messages, dict):
        said = messages if isinstance(messages, list) else [messages]
        return {path or "body": [str(one) for one in said]}
    found: dict[str, list[str]] = {}
    for name, inner in messages.items():
        if not path and name in ("json", "query", "headers", "_schema"):
            found |= flattened(inner)
        elif name == "_schema":
            found |= flattened(inner, path)
        elif isinstance(name, int):
            found |= flattened(inner, f"{path}[{name}]")
        else:
            found |= flattened(inner, f"{path}.{name}" if path else str(name))
    return found


def of_fault(error: Exception) -> Response:
    """A fault of the program: logged without the request's content, and told to nobody."""
    log.error("unhandled %s", type(error).__name__, exc_info=error)
    return problem(500, "fault", TITLES[500])


HANDLERS: dict[type[Exception], Any] = {
    Refused: of_refusal,
    Conflict: of_conflict,
    Damaged: of_damage,
    StoreFailed: of_damage,
    Sealed: of_damage,
    OperationalError: of_damage,
    Exhausted: of_damage,
    HTTPException: of_http,
    Exception: of_fault,
}
