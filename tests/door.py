"""The API's door in a house of the tests: asked by name, each answer held against the API's own description.

    door = Door(house)
    answer = door.post("proposals", {"title": "Hotlines", "text": "Open one."}, by="Tuya")
    assert answer.status_code == 201

An answer that the description does not foresee (its status, its media type, its shape, the type of its problem)
fails the test that asked for it.
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from flask import Flask, Request
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from api.app import Options, create_app
from api.limits import Rates
from api.problem_types import TYPES
from house import House

GENEROUS = Rates(acts_a_minute=100_000, logins_a_minute=10_000, exports_a_minute=10_000, reads_a_second=100_000)


class Described:
    """What the API's description says of answers."""

    def __init__(self, app: Flask) -> None:
        self.spec = json.loads(app.test_client().get("/openapi.json").data)
        self.validator = cache(self._validator)

    def operation(self, rule: str | None, method: str) -> dict[str, Any] | None:
        """The operation of a Flask rule, or None for what is not of the API."""
        path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule or "")
        found: dict[str, Any] | None = self.spec["paths"].get(path, {}).get(method.lower())
        return found

    def hold(self, rule: str | None, method: str, status: int, media_type: str, body: bytes) -> None:
        """Fails where the description foresees no such answer."""
        operation = self.operation(rule, method)
        if operation is None:
            return
        where = f"{method} {rule} → {status}"
        assert str(status) in operation["responses"], f"{where} is not described"
        said = operation["responses"][str(status)]
        if "$ref" in said:
            said = self.spec["components"]["responses"][said["$ref"].rpartition("/")[2]]
        content = said.get("content", {})
        if not body and not content:
            return
        assert media_type in content, f"{where}: {media_type} is not described, only {list(content)}"
        if media_type in ("application/json", "application/problem+json"):
            value = json.loads(body)
            validator = self.validator(json.dumps(content[media_type]))
            problems = [f"{one.json_path}: {one.message}" for one in validator.iter_errors(value)]
            assert not problems, f"{where}: {problems}"
            if media_type == "application/problem+json":
                assert value["type"].removeprefix("/problems/") in TYPES, f"{where}: {value['type']} is not listed"
                assert value["status"] == status

    def _validator(self, content: str) -> Draft202012Validator:
        schema = {**json.loads(content)["schema"], "components": self.spec["components"]}
        return Draft202012Validator(schema, format_checker=FormatChecker())


class Door:
    """A client of the API in a house."""

    def __init__(self, house: House, **options: Any) -> None:
        self.house = house
        self.app = create_app(house.secretariat, Options(**{"rates": GENEROUS, **options}))
        self.client = self.app.test_client()
        self.described = described(self.app)
        self.secrets: dict[tuple[str, UUID], str] = {}

    def secret(self, name: str) -> str:
        """A token of one of the people, of the dialogue that is acted in."""
        key = name, self.house.dialogue
        if key not in self.secrets:
            self.secrets[key], _ = self.house.secretariat.access.create(self.house.dialogue, self.house.person(name))
        return self.secrets[key]

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: str | None = None,
        headers: Mapping[str, str] | None = None,
        dialogue: UUID | None = None,
        **more: Any,
    ) -> TestResponse:
        """The answer. A path without a leading slash is of the dialogue that is acted in."""
        place = path if path.startswith("/") else f"/v1/dialogues/{dialogue or self.house.dialogue}/{path}".rstrip("/")
        sent = {**({"Authorization": f"Bearer {self.secret(by)}"} if by else {}), **(headers or {})}
        if body is not None:
            more["json"] = body
        answer = self.opened(place, method, sent, more)
        self.described.hold(self.rule(place, method), method, answer.status_code, answer.mimetype, answer.data)
        return answer

    def opened(self, place: str, method: str, headers: dict[str, str], more: dict[str, Any]) -> TestResponse:
        return self.client.open(place, method=method, headers=headers, **more)

    @property
    def now(self) -> datetime:
        """The time by the clock that the API goes by."""
        return self.house.now

    def rule(self, place: str, method: str) -> str | None:
        """The rule that an address is answered by, if there is one."""
        try:
            rule, _ = self.app.url_map.bind("localhost").match(place.partition("?")[0], method, return_rule=True)
        except HTTPException:
            return None
        return str(rule.rule)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.ask("POST", path, {} if body is None else body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.ask("PUT", path, {} if body is None else body, **more)

    def did(self, path: str, body: Any = None, *, by: str, method: str = "POST", **more: Any) -> dict[str, Any]:
        """What an act became; it must have been recorded."""
        answer = self.ask(method, path, {} if body is None else body, by=by, **more)
        assert answer.status_code == 201, (answer.status_code, answer.text)
        return dict(answer.json or {})

    def shown(self, path: str, *, by: str | None = None, **more: Any) -> Any:
        """What a read shows; it must be there."""
        answer = self.get(path, by=by, **more)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer.json


class Doors(Door):
    """The same over real HTTP, through several servers of the house, which are asked in turn.

    Their clock is the machine's, which no test can move.
    """

    def __init__(self, house: House, urls: Sequence[str]) -> None:
        super().__init__(house)
        self.urls = cycle(urls)

    def opened(self, place: str, method: str, headers: dict[str, str], more: dict[str, Any]) -> TestResponse:
        where = urlsplit(next(self.urls))
        content = json.dumps(more["json"]).encode() if "json" in more else None
        sent = {**headers, **({"Content-Type": "application/json"} if content is not None else {})}
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        connection.request(method, quote(place, safe="/?&=%:"), content, sent)
        answer = connection.getresponse()
        told = TestResponse([answer.read()], str(answer.status), Headers(answer.getheaders()), Request({}))
        connection.close()
        return told

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)


KNOWN: list[Described] = []


def described(app: Flask) -> Described:
    """The description, read once: it is the same for every installation."""
    if not KNOWN:
        KNOWN.append(Described(app))
    return KNOWN[0]
