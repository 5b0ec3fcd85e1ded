"""What the documentation says of every operation alike: who may, and how it can fail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.problems import MEDIA_TYPE

FAILS = {
    400: "No JSON, or a host that is not served here.",
    401: "No token, or one that does not work.",
    403: "Not for your roles, or this token may only read.",
    404: "Not there, or not for you.",
    406: "Not in any of these formats.",
    409: "Somebody acted first, or the Idempotency-Key was used for something else.",
    412: "Meant for an outdated version: the problem names the current one and links the comparison.",
    413: "Too large.",
    415: "Not JSON.",
    422: "Fields are misshapen, or the rules of the dialogue refuse it.",
    429: "Too often; Retry-After says when to come back.",
    500: "A fault of this program; nothing was half done.",
    502: "The identity provider does not answer as it should just now.",
    503: "The stores cannot be read or written just now.",
}


NOT_MODIFIED = {"description": "You have it already: nothing changed since the ETag in If-None-Match."}


def with_headers(view: Any, *headers: dict[str, Any]) -> Any:
    """The view, documented to take these headers too; given to flask-smorest's `doc`, they would stand in the place
    of the parameters that its `arguments` documents.
    """
    view._apidoc["arguments"]["parameters"] += headers  # noqa: SLF001  # it has no other way to say both
    return view


def refusals(*statuses: int) -> dict[int, Any]:
    """The failing answers of an operation, each a problem; some can befall every operation."""
    every = sorted({400, *statuses, 500, 503})
    return {status: {"$ref": f"#/components/responses/{problem_name(status)}"} for status in every}


def problem_name(status: int) -> str:
    return f"Problem{status}"


def problem_answers() -> dict[str, Any]:
    """The answers that `refusals` refers to, by name."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {problem_name(status): {"description": words, "content": content} for status, words in FAILS.items()}


def words_of(roles: Iterable[str]) -> str:
    """The roles as a reader of the documentation wants them."""
    return "everybody" if "public" in roles else ", ".join(sorted(roles))
