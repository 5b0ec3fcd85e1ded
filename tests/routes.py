"""The API's addresses, filled in: every route that is declared, whatever is added later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from door import Door

HERE = "/v1/dialogues/<uuid:dialogue>"
QUERIES = {
    "what_if": "?procedure=consensus&entitled=3",
    "what_if_of": "?procedure=consensus",
    "editions_compared": "?since=1&until=1",
}


def routes(door: Door) -> Iterator[tuple[str, str, Any]]:
    """(method, rule, view) of everything that can be asked for."""
    for rule in door.app.url_map.iter_rules():
        view = door.app.view_functions[rule.endpoint]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            cls = getattr(view, "view_class", None)
            yield method, rule.rule, getattr(cls, method.lower()) if cls else view


def place(rule: str, things: Mapping[str, str]) -> str:
    """The address of a rule, for these things."""
    path = rule.removeprefix(HERE).removeprefix("/") if rule.startswith(HERE) else rule
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda match: things[match[1]], path)


def reads(door: Door, things: Mapping[str, str]) -> list[str]:
    """The address of every read of a dialogue that ends by itself."""
    return [
        place(rule, things) + QUERIES.get(view.__name__, "")
        for method, rule, view in routes(door)
        if method == "GET" and rule.startswith(HERE) and not rule.endswith("/feed")
    ]
