"""What is looked at in a body before anything reads it: that it is JSON, not deep, and of characters that exist."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from api.problems import problem

DEEPEST = 12  # an act's own members lie at most five deep


def checked() -> Response | None:
    """The problem with this request's body; None if there is none. Raises BadRequest and RequestEntityTooLarge."""
    if request.method not in ("POST", "PUT", "PATCH") or not request.content_length:
        return None
    if not request.is_json:
        return problem(415, "unsupported-media-type", "Send JSON: Content-Type: application/json.")
    try:
        body = request.get_json()
    except RecursionError:
        return too_deep()
    return amiss(body)


def amiss(body: Any) -> Response | None:
    """Looks at every member once."""
    waiting = [(body, 1)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEEPEST:
            return too_deep()
        if isinstance(one, str) and any(0xD800 <= ord(letter) < 0xE000 for letter in one):
            return problem(422, "misshapen", "Half of a character (a lone surrogate) cannot stand in a text.")
        if isinstance(one, dict):
            waiting += [(name, depth) for name in one]
            waiting += [(value, depth + 1) for value in one.values()]
        elif isinstance(one, list):
            waiting += [(value, depth + 1) for value in one]
    return None


def too_deep() -> Response:
    return problem(422, "too-deep", f"This JSON is nested deeper than {DEEPEST} levels; no act needs that.")
