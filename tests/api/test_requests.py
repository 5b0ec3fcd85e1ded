"""What every request can rely on: acts done once, versions seen, failures told as problems, nothing leaked."""

from __future__ import annotations

import ast
import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest

import dialogue
import projections
from api import limits
from api.app import BODY_LIMIT
from api.limits import Rates
from api.problem_types import TYPES
from door import GENEROUS, Door
from house import House

# What files and record are brought in with, on the command line only.
ELSEWHERE = ("applying.py", "importing.py", "importing_record.py")
HOTLINES = {"title": "Hotlines", "text": "Open one hotline."}


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house"))
    yield Door(house)
    house.close()


def submitted(door):
    """A new proposal of Tuya's: its handle."""
    return door.did("proposals", HOTLINES, by="Tuya")["entries"][0]["handle"]


def test_an_act_sent_twice_is_recorded_once_and_answered_alike(door):
    key = {"Idempotency-Key": "sent-twice"}
    first = door.post("proposals", HOTLINES, by="Tuya", headers=key)
    again = door.post("proposals", HOTLINES, by="Tuya", headers=key)
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    other = door.post("proposals", {**HOTLINES, "title": "Coldlines"}, by="Tuya", headers=key)
    assert (other.status_code, other.json["type"]) == (409, "/problems/conflict")
    assert door.post("proposals", HOTLINES, by="Tuya", headers={"Idempotency-Key": "a b"}).status_code == 422


def test_an_act_that_changes_nothing_is_answered_with_no_entries(door):
    handle = submitted(door)
    door.did("signing/opening", {"proposal": handle}, by="Rin")
    again = door.post("signing/opening", {"proposal": handle}, by="Rin")
    assert (again.status_code, again.json) == (200, {"entries": []})


def test_ones_dialogue_is_listed_as_it_stood(door):
    now = door.shown("/v1/dialogues", by="Tuya")["items"][0]
    before = door.shown("/v1/dialogues?as_of=2", by="Tuya")["items"][0]
    assert (before["id"], before["entries"]) == (now["id"], 2) != (now["id"], now["entries"])
    assert door.shown("/v1/dialogues?as_of=1999-01-01", by="Tuya")["items"] == [], "it was not there yet"


def test_what_was_meant_for_an_outdated_text_is_refused_with_the_current_version_and_what_changed(door):
    handle = submitted(door)
    seen = door.get(f"proposals/{handle}", by="Tuya").headers["ETag"]
    text = f"proposals/{handle}/text"
    assert door.put(text, {"text": "Open two."}, by="Tuya", headers={"If-Match": seen}).status_code == 201
    late = door.put(text, {"text": "Open three."}, by="Tuya", headers={"If-Match": seen})
    assert (late.status_code, late.json["type"], late.json["current"]) == (412, "/problems/outdated", 2)
    compared = door.shown(late.json["comparison"], by="Tuya")
    assert {"kind": "inserted", "words": "two"} in compared["changes"]
    amended = door.post(
        f"proposals/{handle}/amendments", {"text": "Open six."}, by="Pavel", headers={"If-Match": '"v1"'}
    )
    assert amended.status_code == 201, "an amendment merges; it is its acceptance that may be in conflict"
    door.did("signing/opening", {"proposal": handle}, by="Rin")
    signed = door.post("endorsements", {"proposal": handle, "version": 1}, by="Pavel")
    assert (signed.status_code, signed.json["current"]) == (412, 2)
    assert door.get(signed.json["comparison"], by="Pavel").status_code == 200


def test_what_has_no_text_is_matched_by_the_entry_that_changed_it_last(door):
    handle = submitted(door)
    door.did("comments", {"proposal": handle, "words": "Why?"}, by="Pavel")
    place = door.shown("comments?limit=500", by="Rin")["items"][-1]["handle"]
    seen = {"If-Match": door.get(f"comments/{place}", by="Rin").headers["ETag"]}
    disposed = {"disposition": "noted", "reason": "We heard it."}
    assert door.put(f"comments/{place}/disposition", disposed, by="Rin", headers=seen).status_code == 201
    again = door.put(f"comments/{place}/disposition", {**disposed, "disposition": "declined"}, by="Maral", headers=seen)
    assert (again.status_code, again.json["type"]) == (412, "/problems/outdated")
    withdrawn = door.post(f"proposals/{handle}/withdrawal", by="Tuya", headers={"If-Match": '"v9"'})
    assert (withdrawn.status_code, withdrawn.json["current"]) == (412, 1)
    assert door.post(f"proposals/{handle}/withdrawal", by="Tuya", headers={"If-Match": '"v1-abc"'}).status_code == 201
    nonsense = door.put(f"comments/{place}/disposition", disposed, by="Rin", headers={"If-Match": '"what"'})
    assert nonsense.status_code == 412
    mine = door.shown("me", by="Lin")["handle"]
    seen = door.get(f"participants/{mine}", by="Lin").headers["ETag"]
    moved = door.put("participants/me/affiliation", {"descriptor": "前 参事"}, by="Lin", headers={"If-Match": seen})
    assert moved.status_code == 201
    moved = door.put("participants/me/affiliation", {"descriptor": "参事"}, by="Lin", headers={"If-Match": seen})
    assert moved.status_code == 412


def test_a_precondition_sent_twice_with_its_act_is_answered_alike(door):
    handle = submitted(door)
    seen = {"If-Match": '"v1"', "Idempotency-Key": f"withdraw-{handle}"}
    first = door.post(f"proposals/{handle}/withdrawal", by="Tuya", headers=seen)
    again = door.post(f"proposals/{handle}/withdrawal", by="Tuya", headers=seen)
    assert (first.status_code, again.json) == (201, first.json)


@pytest.mark.parametrize("weak", ["", "W/"])
def test_what_the_reader_has_already_is_not_sent_again(door, weak):
    handle = submitted(door)
    tag = door.get(f"proposals/{handle}", by="Tuya").headers["ETag"]
    same = door.get(f"proposals/{handle}", by="Tuya", headers={"If-None-Match": weak + tag})
    assert (same.status_code, same.data) == (304, b"")
    door.did(f"proposals/{handle}/text", {"text": "Open two."}, by="Tuya", method="PUT")
    assert door.get(f"proposals/{handle}", by="Tuya", headers={"If-None-Match": weak + tag}).status_code == 200


def test_an_act_is_in_every_answer_after_it(door):
    handle = submitted(door)
    number = door.did(f"proposals/{handle}/text", {"text": "Open two."}, by="Tuya", method="PUT")["entry"]
    assert door.shown(f"proposals/{handle}", by="Pavel")["version"] == 2
    assert door.shown(f"entries?start={number}", by="Pavel")["items"][0]["entry"] == number
    assert door.shown(f"proposals/{handle}?as_of={number - 1}", by="Pavel")["version"] == 1


def test_lists_come_in_pages(door):
    for _ in range(3):
        submitted(door)
    seen, after = [], ""
    while after is not None:
        page = door.shown(f"proposals?limit=2{f'&after={after}' if after else ''}", by="Tuya")
        seen += [one["handle"] for one in page["items"]]
        after = page["after"]
    assert seen == [one["handle"] for one in door.shown("proposals?limit=500", by="Tuya")["items"]]
    lines, after = [], ""
    while after is not None:
        page = door.shown(f"entries?limit=7{f'&after={after}' if after else ''}", by="Tuya")
        lines += [one["entry"] for one in page["items"]]
        after = page["after"]
    assert lines == list(range(1, len(lines) + 1))


def test_entries_and_leaves_stream_as_lines(door):
    streamed = door.get("entries", by="Auditor", headers={"Accept": "application/x-ndjson"})
    assert streamed.mimetype == "application/x-ndjson"
    lines = [json.loads(line) for line in streamed.text.splitlines()]
    assert lines == door.shown("entries?limit=500", by="Auditor")["items"]
    leaves = door.get("leaves", by="Auditor").data.splitlines()
    assert len(leaves) == len(lines)
    assert json.loads(leaves[0])["type"] == "DialogueProposed"
    assert b"ENKH" not in b"".join(leaves)


FAILURES = {
    "no such address": ("GET", "/v1/nothing", {}, 404),
    "no such thing": ("GET", "proposals/P999", {}, 404),
    "another method": ("DELETE", "proposals", {}, 405),
    "no JSON": ("POST", "proposals", {"data": "title=Hot", "content_type": "text/plain"}, 415),
    "broken JSON": ("POST", "proposals", {"data": "{", "content_type": "application/json"}, 400),
    "not UTF-8": ("POST", "proposals", {"data": b'{"title": "\xff"}', "content_type": "application/json"}, 400),
    "a list": ("POST", "proposals", {"json": []}, 422),
    "an unknown member": ("POST", "proposals", {"json": {**HOTLINES, "colour": "red"}}, 422),
    "a missing member": ("POST", "proposals", {"json": {"title": "Hotlines"}}, 422),
    "half a character": ("POST", "proposals", {"data": '{"title": "\\ud800", "text": "x"}'}, 422),
    "a null character": ("POST", "proposals", {"json": {**HOTLINES, "title": "Hot\x00lines"}}, 422),
    "too large": ("POST", "proposals", {"json": {**HOTLINES, "text": "x" * BODY_LIMIT}}, 413),
    "too long a text": ("POST", "proposals", {"json": {**HOTLINES, "text": "x" * 100_001}}, 422),
    "too deep": ("POST", "proposals", {"data": "[" * 13 + "]" * 13}, 422),
    "far too deep": ("POST", "proposals", {"data": "[" * 400_000 + "]" * 400_000}, 422),
    "too long a page": ("GET", "proposals?limit=501", {}, 422),
    "no place in time": ("GET", "proposals?as_of=yesterday", {}, 422),
    "before all time": ("GET", "proposals?as_of=0001-01-01T00:00%2B14:00", {}, 422),
    "an unknown question": ("GET", "proposals?colour=red", {}, 422),
    "too great a number": ("GET", f"entries/{2**70}", {}, 404),
    "not for this role": ("POST", "proposals/P1/reopening", {"json": {"reason": "I want it."}}, 403),
    "the rules refuse it": ("POST", "endorsements", {"json": {"proposal": "P1"}}, 422),
}


@pytest.mark.parametrize("what", FAILURES)
def test_every_failure_is_a_problem(door, what):
    method, path, more, status = FAILURES[what]
    submitted(door)
    if "data" in more:
        more = {"content_type": "application/json", **more}
    answer = door.ask(method, path, by="Tuya", **more)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    told = answer.json
    assert told["status"] == status
    assert told["title"]
    assert told["type"].removeprefix("/problems/") in TYPES
    if status == 405:
        assert "GET" in answer.headers["Allow"]
        assert "POST" in answer.headers["Allow"]


def test_misshapen_fields_are_named_by_their_paths(door):
    groups = [{"theme": "Sea", "items": ["P1"]}, {"theme": "Air", "items": [7], "more": 1}]
    answer = door.put("documents/D1/items", {"groups": groups}, by="Office")
    assert set(answer.json["errors"]) == {"groups[1].items[0]", "groups[1].more"}
    answer = door.get("proposals?limit=none", by="Office")
    assert list(answer.json["errors"]) == ["limit"]
    answer = door.post("comments", {"words": "x", "moment": {"time": "2026-01-01T00:00"}}, by="Office")
    assert answer.status_code == 422


def test_a_fault_of_the_program_tells_nothing_of_it(door, monkeypatch, caplog):
    def fails(*_, **__):
        raise ZeroDivisionError("the secret inside")

    monkeypatch.setattr("api.texts.texts.page", fails)
    with caplog.at_level(logging.ERROR):
        answer = door.get("proposals", by="Tuya")
    assert (answer.status_code, answer.json["type"]) == (500, "/problems/fault")
    assert "secret" not in answer.text
    assert "ZeroDivision" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_what_the_stores_cannot_do_just_now_is_said_without_particulars(door, monkeypatch):
    from projections.stores import StoreFailed

    def fails(*_, **__):
        raise StoreFailed("the disk of the host db.internal is full")

    monkeypatch.setattr("api.texts.texts.page", fails)
    answer = door.get("proposals", by="Tuya")
    assert (answer.status_code, "db.internal" in answer.text) == (503, False)
    assert answer.headers["Retry-After"]


def test_hidden_foreign_and_absent_things_are_answered_byte_for_byte_alike(door):
    handle = submitted(door)
    mine = door.shown(f"proposals/{handle}", by="Tuya")["id"]
    own = door.house.dialogue
    secret = door.secret("Tuya")
    door.house.open("Another Invented Dialogue")
    theirs = door.did("proposals", HOTLINES, by="Pavel")["entries"][0]["id"]
    other, door.house.dialogue = door.house.dialogue, own
    me = {"Authorization": f"Bearer {secret}"}
    absent = door.get("proposals/P999", headers=me)
    answers = [
        door.get("proposals", headers=me, dialogue=other),
        door.get("proposals/P1", headers=me, dialogue=other),
        door.get(f"proposals/{theirs}", headers=me),
        door.get(f"proposals/{theirs}/trace", headers=me),
        door.get(f"proposals?after={theirs}", headers=me),
        door.get("notices", headers=me),
        door.get("tokens", headers=me),
        door.get("calls/Q1/what-if?procedure=silence", headers=me),
        door.get("documents/D77/editions/1", headers=me),
        door.get("documents/D1/editions/1", headers=me, dialogue=other),
        door.post("proposals", HOTLINES, headers=me, dialogue=other),
        door.post("proposals", {"no": "schema"}, headers=me, dialogue=other),
        door.put(f"proposals/{theirs}/text", {"text": "Open two."}, headers=me),
        door.put(f"proposals/{theirs}/text", {"text": "Open two."}, headers={**me, "If-Match": '"e1"'}),
        door.get("/v1/nothing", headers=me),
    ]
    for answer in answers:
        assert (answer.status_code, answer.data, sorted(answer.headers)) == (404, absent.data, sorted(absent.headers))
    assert door.get(f"proposals/{mine}", headers=me).status_code == 200


def test_a_token_that_does_not_work_opens_nothing(door):
    house, access = door.house, door.house.secretariat.access
    secret, token = access.create(house.dialogue, house.person("Seoyun"), lifetime=timedelta(hours=1))
    good = {"Authorization": f"Bearer {secret}"}
    assert door.get("proposals", headers=good).status_code == 200
    for bad in (f"Bearer {secret[:-1]}", f"Basic {secret}", secret, "Bearer drt_", "Bearer "):
        answer = door.get("proposals", headers={"Authorization": bad})
        assert (answer.status_code, "WWW-Authenticate" in answer.headers) == (401, True)
    assert door.get("/v1/published", headers={"Authorization": "Bearer drt_no"}).status_code == 401
    assert door.ask("DELETE", f"/v1/tokens/{token.id}", headers=good).status_code == 204
    assert door.get("proposals", headers=good).status_code == 401
    brief, _ = access.create(house.dialogue, house.person("Seoyun"), lifetime=timedelta(minutes=1))
    house.wait(minutes=2)
    assert door.get("proposals", headers={"Authorization": f"Bearer {brief}"}).status_code == 401


def test_a_token_that_may_only_read_does_not_act_and_makes_none_that_does(door):
    read = door.post("/v1/tokens", {"label": "reader", "scopes": ["read"]}, by="Tuya")
    assert read.status_code == 201
    only = {"Authorization": f"Bearer {read.json['token']}"}
    assert door.get("proposals", headers=only).status_code == 200
    for answer in (
        door.post("proposals", HOTLINES, headers=only),
        door.post("/v1/tokens", {"scopes": ["act"]}, headers=only),
    ):
        assert (answer.status_code, answer.json["type"]) == (403, "/problems/scope")
    listed = door.shown("/v1/tokens", by="Tuya")["items"]
    assert "reader" in {one["label"] for one in listed}
    assert all("token" not in one for one in listed)
    assert door.ask("DELETE", f"/v1/tokens/{read.json['id']}", by="Pavel").status_code == 404
    assert read.json["id"] in {one["id"] for one in door.shown("tokens", by="Office")["items"]}
    assert door.ask("DELETE", f"/v1/tokens/{read.json['id']}", by="Office").status_code == 204
    assert door.get("proposals", headers=only).status_code == 401


def test_a_role_that_is_lost_is_lost_at_the_next_request(door):
    house = door.house
    invited = door.did("participants", {"name": "BAT Sarnai", "roles": ["participant"]}, by="Office")["entries"][0]
    secret, _ = house.secretariat.access.create(house.dialogue, house.thing(invited["handle"]))
    me = {"Authorization": f"Bearer {secret}"}
    assert door.post("proposals", HOTLINES, headers=me).status_code == 201
    door.did(f"participants/{invited['handle']}/roles", {"roles": ["observer"]}, by="Office", method="PUT")
    assert door.post("proposals", HOTLINES, headers=me).status_code == 403
    assert door.post("participants/me/departure", headers=me).status_code == 201
    assert door.get("proposals", headers=me).status_code == 401


def test_who_asks_too_often_is_told_when_to_come_back(door, monkeypatch):
    rates = Rates(acts_a_minute=2, logins_a_minute=2, exports_a_minute=1, reads_a_second=5)
    slow = Door(door.house, rates=rates)
    acts = [slow.post("comments", {"nonsense": 1}, by="Bora") for _ in range(3)]
    assert [one.status_code for one in acts] == [422, 422, 429]
    assert 1 <= int(acts[-1].headers["Retry-After"]) <= 60
    other_process = Door(door.house, rates=rates)
    other_process.secrets = slow.secrets
    assert other_process.post("comments", {"nonsense": 1}, by="Bora").status_code == 429
    logins = [slow.post("/v1/invitations", {"code": "guess"}) for _ in range(3)]
    assert [one.status_code for one in logins] == [404, 404, 429]
    exports = [slow.get("leaves", by="Haneul") for _ in range(2)]
    assert [one.status_code for one in exports] == [200, 429]
    clock = [0.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: clock[0])
    reads = [slow.get("me", by="Lin").status_code for _ in range(6)]
    assert reads == [200] * 5 + [429]
    clock[0] = 1.0
    assert slow.get("me", by="Lin").status_code == 200


def test_every_answer_has_its_security_headers_and_nothing_is_shared_between_origins(door):
    for path in ("/health", "/docs", "/openapi.json", "/v1/nothing", "/v1/published", "proposals"):
        answer = door.get(path, by="Tuya", headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert "no-cache" in door.get("proposals", by="Tuya").headers["Cache-Control"]
    assert door.client.open("/v1/published", method="TRACE").status_code == 405


def test_origins_and_hosts_are_those_that_are_configured(door):
    house = door.house
    narrow = Door(house, origins=("https://desk.example",), hosts=("record.example",))
    here = {"base_url": "http://record.example"}
    shared = narrow.get("proposals", by="Tuya", headers={"Origin": "https://desk.example"}, **here)
    assert shared.headers["Access-Control-Allow-Origin"] == "https://desk.example"
    asked = narrow.ask("OPTIONS", "proposals", headers={"Origin": "https://desk.example"}, **here)
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    assert (
        "Access-Control-Allow-Origin"
        not in narrow.get("proposals", headers={"Origin": "https://evil.example"}, **here).headers
    )
    for path in ("/health", "/v1/published"):
        refused = narrow.get(path, base_url="http://evil.example")
        assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
    assert narrow.get("/health", **here).status_code == 200


def test_no_token_and_no_name_is_in_the_log(door, caplog):
    secret, handle = door.secret("Tuya"), submitted(door)
    with caplog.at_level(logging.INFO):
        door.get(f"proposals/{handle}", by="Tuya")
        door.get("participants/Tuya%20ENKH", by="Tuya")
        door.get("/v1/published", headers={"Authorization": f"Bearer {secret}x"})
    lines = [json.loads(record.message) for record in caplog.records if record.name == "dialogue.access"]
    assert lines[0] | {"ms": 0} == {
        "method": "GET",
        "route": "/v1/dialogues/<uuid:dialogue>/proposals/<proposal>",
        "status": 200,
        "ms": 0,
    }
    assert secret not in caplog.text
    assert "ENKH" not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_the_database_holds_no_token_that_could_be_used(door):
    secret = door.secret("Tuya")
    folder = Path(door.house.environ["DIALOGUE_DATA"])
    assert not any(secret.encode() in file.read_bytes() for file in folder.iterdir())


def test_every_code_with_which_a_rule_refuses_is_a_listed_type_of_problem(door):
    listed = {one["type"] for one in door.shown("/problems")["items"]}
    rooms = (Path(dialogue.__file__).parent, Path(projections.__file__).parent)
    found = {
        call.args[0].value
        for room in rooms
        for file in room.glob("*.py")
        if file.name not in ELSEWHERE
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Refused" and call.args
        if isinstance(call.args[0], ast.Constant)
    } - {"unknown", "no-command", "exists", "retired", "alone", "not-empty", "damaged"}
    assert found, "no refusal was found"
    assert {f"/problems/{code}" for code in found} <= listed
    for code in ("outdated", "role"):
        assert door.shown(f"/problems/{code}")["status"] == TYPES[code].status
        assert TYPES[code].meaning in door.get(f"/problems/{code}", headers={"Accept": "text/html"}).text
    assert door.get("/problems/nonsense").status_code == 404


def test_the_pages_fetch_nothing_from_elsewhere(door):
    for path in ("/docs", "/problems"):
        page = door.get(path, headers={"Accept": "text/html"}).text
        assert "<table>" in page
        assert "http" not in page.replace("https://dialogue", "")
    assert GENEROUS.reads_a_second > Rates().reads_a_second


def test_an_answer_that_is_remembered_is_never_older_than_the_dialogue(door):
    handle = submitted(door)
    door.house.wait(hours=1)  # answers are remembered once a dialogue is quiet
    first = door.get(f"proposals/{handle}", by="Tuya")
    assert door.get(f"proposals/{handle}", by="Tuya").data == first.data
    other_process = Door(door.house)
    other_process.secrets = door.secrets
    other_process.did(f"proposals/{handle}/text", {"text": "Open two."}, by="Tuya", method="PUT")
    assert door.shown(f"proposals/{handle}", by="Tuya")["version"] == 2
    door.house.wait(hours=1)
    assert door.shown(f"proposals/{handle}", by="Tuya")["version"] == 2
    door.house.secretariat.rebuild()
    assert door.shown(f"proposals/{handle}", by="Tuya")["version"] == 2
    assert door.get(f"proposals/{handle}", by="Tuya").headers["ETag"] != first.headers["ETag"]


def test_an_answer_that_is_remembered_is_only_for_who_asked_it(door):
    handle = submitted(door)
    door.house.wait(hours=1)
    for _ in range(2):
        assert door.get(f"proposals/{handle}", by="Tuya").status_code == 200
        assert door.get(f"proposals/{handle}", by="Committee").status_code == 404
        assert door.get(f"proposals/{handle}").status_code == 401


def test_a_stream_of_entries_reads_no_further_than_its_reader(door, monkeypatch):
    from api import streams

    read = []

    def counted(reading, dialogue, start, stop):
        read.append((start, stop))
        return log(reading, dialogue, start, stop)

    log = streams.log
    monkeypatch.setattr(streams, "log", counted)
    monkeypatch.setattr(streams, "FIRST", 2)
    monkeypatch.setattr(streams, "AT_ONCE", 3)
    headers = {"Authorization": f"Bearer {door.secret('Tuya')}", "Accept": "application/x-ndjson"}
    answer = door.client.get(f"/v1/dialogues/{door.house.dialogue}/entries", headers=headers, buffered=False)
    lines = iter(answer.iter_encoded())
    assert json.loads(next(lines))["entry"] == 1
    assert read == [(1, 2)], "the first entries come before the others are read"
    assert [json.loads(line)["entry"] for line in lines][:4] == [2, 3, 4, 5]
    assert read[1] == (3, 5)
    answer.close()
