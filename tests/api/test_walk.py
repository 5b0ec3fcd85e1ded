"""Every route, walked by every role, on an own, a foreign and an absent thing, and held against the tables.

The domain's table of roles says who may act, the set that each read was declared with who may read. A route that
is in neither table, and not in the short list of pages here, fails the test.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from api.acts import ACTS
from api.callers import PUBLIC
from api.examples import example
from dialogue.acts import COMMANDS
from dialogue.fact import Personal
from dialogue.mandate import ConcludeDialogue, DeclineMandate, GrantMandate
from dialogue.participant import Invite, LeaveDialogue
from dialogue.roles import MAY
from door import Door
from house import House
from idp import CLIENT, SECRET, identity_provider
from projections.provider import Provider

# Nobody has to say who they are for these, which show nothing of any dialogue.
PAGES = {"/health", "/ready", "/docs", "/docs.css", "/problems", "/problems/<code>", "/openapi.json"}
CALLERS = {
    "co-chair": "Rin",
    "secretariat": "Office",
    "steering-committee": "Steering",
    "participant": "Tuya",
    "observer": "Observer",
    "auditor": "Auditor",
    "addressee": "Committee",
    "public": None,
}
# The way to the identity provider leads away from here, and nobody walks it to its end.
AWAY = {"/v1/sign-in": (302,), "/v1/sign-in/callback": (403,)}
HERE = "/v1/dialogues/<uuid:dialogue>"
QUERIES = {
    "disclosures": "?entries=1-3&fields=name",
    "what_if": "?procedure=consensus&entitled=3",
    "what_if_of": "?procedure=consensus",
    "editions_compared": "?since=1&until=1",
}


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    """A dialogue with one of everything, and another with the same people that has nothing."""
    house = House(tmp_path_factory.mktemp("house"))
    foreign = house.dialogue
    house.open("Another Invented Dialogue")
    with identity_provider() as idp:
        yield furnished(house, foreign, Provider(idp.issuer, CLIENT, SECRET, "https://record.example"))
    house.close()


def furnished(house: House, foreign: UUID, provider: Provider) -> Door:
    door = Door(house, provider=provider)
    door.foreign = foreign
    door.did("proposals", {"title": "Hotlines", "text": "Open one."}, by="Tuya")
    door.did("proposals/P1/text", {"text": "Open one line."}, by="Tuya", method="PUT")
    door.did("rulings", {"proposal": "P1", "change": "editorial", "reason": "The same."}, by="Rin")
    door.did("proposals/P1/amendments", {"text": "Open two lines."}, by="Pavel")
    door.did("comments", {"proposal": "P1", "words": "Why?"}, by="Pavel")
    door.did("meetings", {"title": "First"}, by="Office")
    door.did("documents", {"title": "Quiet Waters", "preamble": "We met."}, by="Office")
    door.did("documents/D1/items", {"groups": [{"theme": "", "items": ["P1"]}]}, by="Office", method="PUT")
    door.did("documents/D1/editions", by="Office")
    door.did("documents/D1/circulations", {"addressees": ["N10"]}, by="Office")
    door.did("signing/opening", {"document": "D1"}, by="Rin")
    door.did("signing/opening", {"proposal": "P1"}, by="Rin")
    for where in ({"document": "D1"}, {"proposal": "P1"}):
        door.did("endorsements", where, by="Tuya")
    door.did("proposals", {"title": "Drills", "text": "Hold one drill."}, by="Pavel")
    door.did("calls", {"proposal": "P2"}, by="Rin")
    return door


THINGS = {
    "participant": "N5",
    "meeting": "M1",
    "session": "S1",
    "proposal": "P1",
    "amendment": "A1",
    "comment": "C1",
    "call": "Q1",
    "ruling": "R1",
    "document": "D1",
    "endorsement": "P1",
    "circulation": "K1",
    "joint": "J1",
    "number": "1",
    "reservation": "1",
    "id": "nonsense",
    "code": "outdated",
}
ABSENT = {**{name: f"{handle[0]}999" for name, handle in THINGS.items()}, "number": "999", "reservation": "999"}


def routes(door: Door) -> list[tuple[str, str, Any]]:
    """(method, rule, view) of everything that can be asked for."""
    found = []
    for rule in door.app.url_map.iter_rules():
        view = door.app.view_functions[rule.endpoint]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            cls = getattr(view, "view_class", None)
            found.append((method, rule.rule, getattr(cls, method.lower()) if cls else view))
    return found


def place(rule: str, things: dict[str, str]) -> str:
    path = rule.removeprefix(HERE).removeprefix("/") if rule.startswith(HERE) else rule
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda match: things[match[1]], path)


def test_every_route_is_in_a_table(door):
    acts = {(act.method, f"{HERE}/{act.path}") for act in ACTS}
    for method, rule, view in routes(door):
        if rule in PAGES:
            continue
        if getattr(view, "acts", False):
            assert (method, rule) in acts
        else:
            assert hasattr(view, "readers"), f"{method} {rule} says nowhere who may"


def test_every_read_of_a_dialogue_can_be_asked_for_as_of_any_entry(door):
    for path, methods in door.described.spec["paths"].items():
        if "{dialogue}" in path and "get" in methods and not path.endswith("/tokens"):
            taken = [one["name"] for one in methods["get"]["parameters"] if one["in"] == "query"]
            assert "as_of" in taken, path


def test_every_operation_is_described_with_its_summary_roles_answers_and_an_example(door):
    shapes = door.described.spec["components"]["schemas"]
    for path, methods in door.described.spec["paths"].items():
        for method in methods.keys() & {"get", "post", "put", "delete"}:
            operation, where = methods[method], f"{method} {path}"
            assert re.search(r"\(for: [a-z, -]+\)$", operation["summary"]), where
            assert {"400", "500", "503"} < set(operation["responses"]), where
            names = {one["name"] for one in operation.get("parameters", ())}
            if operation["operationId"] in COMMANDS:
                assert {"dry_run", "Idempotency-Key"} <= names, where
            elif method == "get" and "{dialogue}" in path and not path.endswith("/tokens"):
                assert "If-None-Match" in names, where
            if "requestBody" in operation:
                body = operation["requestBody"]["content"]["application/json"]
                members = shapes[body["schema"]["$ref"].rpartition("/")[2]].get("properties", {})
                assert "example" in body or any("example" in one for one in members.values()), where


def test_every_command_of_the_domain_can_be_asked_for_but_the_operators(door):
    assert set(COMMANDS) - {act.command.__name__ for act in ACTS} == {"ProposeDialogue"}
    described = {
        operation["operationId"]
        for methods in door.described.spec["paths"].values()
        for operation in methods.values()
        if isinstance(operation, dict)
    }
    assert {act.command.__name__ for act in ACTS} <= described


@pytest.mark.parametrize("role", CALLERS)
def test_reads_are_answered_to_their_readers_and_to_nobody_else(door, role):
    name = CALLERS[role]
    for method, rule, view in routes(door):
        allowed = getattr(view, "readers", None)
        if allowed is None or method != "GET" or rule.endswith("/feed"):
            continue
        query = QUERIES.get(view.__name__, "")
        own = door.get(place(rule, THINGS) + query, by=name)
        if allowed == PUBLIC and rule.startswith(HERE) and role in ("public", "addressee"):
            assert own.status_code == 404, f"{rule} shows {role} what is not published"
        elif role in allowed or "public" in allowed:
            # what there is none of, or not yet, is said to be so: nothing is published, signed or joint here
            none_yet = "checkpoint" in rule or rule.endswith("/notes")
            fine = (200, 404) if none_yet else (200, 422) if "proof" in rule else AWAY.get(rule, (200,))
            if "proof" in rule and role == "addressee":
                fine = (404,)  # this entry is not one of theirs
            assert own.status_code in fine, f"{rule} for {role}: {own.text}"
        else:
            assert own.status_code == (401 if role == "public" else 404), f"{rule} is open to {role}: {own.text}"
        if rule.startswith(HERE):
            refused = 401 if role == "public" and "public" not in allowed else 404
            foreign = door.get(place(rule, THINGS) + query, by=name, dialogue=door.foreign)
            assert foreign.status_code == refused, f"{rule} shows {role} another dialogue: {foreign.text}"
            if re.search(r"<(?!uuid)", rule):
                absent = door.get(place(rule, ABSENT) + query, by=name)
                assert (absent.status_code, absent.data) == (refused, foreign.data), rule


@pytest.mark.parametrize("role", CALLERS)
def test_acts_are_open_to_the_roles_of_the_table_and_to_nobody_else(door, role):
    """Whoever may not is refused for their role, whatever they send; whoever may comes as far as the rules.

    Nothing may have happened after all of it. That a role which may is not refused for it, the test below shows.
    """
    name = CALLERS[role]
    before = door.shown("", by="Office")["entries"]
    for act in ACTS:
        path = place(f"{HERE}/{act.path}", THINGS)
        body = example(act)
        foreign = door.ask(act.method, path, body, by=name, dialogue=door.foreign)
        assert foreign.status_code == (401 if name is None else 404), f"{act.path}: {foreign.text}"
        if name is None:
            assert door.ask(act.method, path, body).status_code == 401
            continue
        if role in MAY[act.command]:
            continue
        own = door.ask(act.method, path, resolvable(body), by=name)
        assert (own.status_code, own.json["type"]) == (403, "/problems/role"), f"{act.path} for {role}: {own.text}"
    assert door.shown("", by="Office")["entries"] == before, f"something happened that {role} may not do"


@pytest.mark.parametrize("role", CALLERS)
def test_deeds_beside_the_record_are_done_for_their_roles_and_for_nobody_else(door, role):
    """Whoever may not, and whoever is of another dialogue, gets the answer for what is not there."""
    deeds = [
        (method, rule, view.readers)
        for method, rule, view in routes(door)
        if method != "GET" and rule.startswith(HERE) and hasattr(view, "readers")
    ]
    assert len(deeds) > 5
    absent = door.get("proposals/P999", by=CALLERS[role])
    for method, rule, allowed in deeds:
        foreign = door.ask(method, place(rule, THINGS), {}, by=CALLERS[role], dialogue=door.foreign)
        refused = (401, foreign.data) if role == "public" else (404, absent.data)
        assert (foreign.status_code, foreign.data) == refused, f"{rule} for {role}: {foreign.text}"
        own = door.ask(method, place(rule, THINGS), {"nonsense": 1}, by=CALLERS[role])
        if role in allowed:
            assert own.status_code in (200, 201, 422), f"{rule} for {role}: {own.text}"
        else:
            assert (own.status_code, own.data) == refused, f"{rule} is open to {role}: {own.text}"


def resolvable(body: dict[str, Any]) -> dict[str, Any]:
    """The example with references to things that are there, so that only the role is in the way."""
    swapped = {"P7": "P1", "N7": "N5", "Q7": "Q1", "D7": "D1", "A7": "A1", "C7": "C1", "R7": "R1"}

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: walk(one) for name, one in value.items()}
        if isinstance(value, list):
            return [walk(one) for one in value]
        return swapped.get(value, value) if isinstance(value, str) else value

    return walk(body)


def test_where_a_role_may_act_its_role_is_never_in_the_way(door):
    """In a dialogue that nothing else depends on; the rules may refuse for another reason, or the act be done."""
    house = door.house
    walked = house.dialogue
    house.open("A Dialogue to be Walked Through")
    known: dict[str, dict[str, str]] = {}
    try:
        for act in ACTS:
            for role in sorted(MAY[act.command]):
                headers = known.get(role) or somebody(house, role)
                answer = door.ask(
                    act.method, place(f"{HERE}/{act.path}", ABSENT), resolvable(example(act)), headers=headers
                )
                assert answer.status_code != 401, f"{role}, {act.path}: {answer.text}"
                assert answer.json.get("type") != "/problems/role", f"{role}, {act.path}: {answer.text}"
                known[role] = headers
                if act.command is LeaveDialogue:
                    del known[role]
            if act.command in (ConcludeDialogue, DeclineMandate, GrantMandate):
                house.open("Another to be Walked Through")
                known.clear()
    finally:
        house.dialogue = walked


def somebody(house: House, role: str) -> dict[str, str]:
    """Invites somebody who has this role only: the headers of their requests."""
    number = house.act(Invite((role,), Personal(f"Somebody, {role}")), by="Office")[0].fact.number
    secret, _ = house.secretariat.access.create(house.dialogue, house.thing(f"N{number}"))
    return {"Authorization": f"Bearer {secret}"}


def test_the_examples_of_the_documentation_fit_what_they_are_examples_of(door):
    from api.schemas import command_schema

    for act in ACTS:
        assert command_schema(act.command, act.given)().validate(example(act)) == {}, act.command.__name__
