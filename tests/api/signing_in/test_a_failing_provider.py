"""A provider that fails is said to, and is told nothing."""

from __future__ import annotations

import pytest

from api import signing_in
from door import Door
from idp import SECRET, identity_provider
from sign_ins import KEYS, METADATA, TOKEN, came_back, has_failed, left, provider, signs_in

FAILING = {
    "a fault of its own": (500, b"boom at 127.0.0.1"),
    "a page": (200, b"<html>"),
    "a list": (200, b"[]"),
    "not JSON's encoding": (200, b"\xff\xfe\xfd"),
    "sent elsewhere": (302, b""),
    "nothing": (404, b""),
}


@pytest.mark.parametrize("path", [METADATA, TOKEN, KEYS])
@pytest.mark.parametrize("what", FAILING)
def test_a_provider_that_fails_is_said_to_without_particulars(quiet, idp, path, what):
    back = idp.visit(left(quiet))
    idp.asked.clear()
    idp.answers[path] = FAILING[what]
    has_failed(came_back(quiet, back))
    if path == METADATA:
        has_failed(quiet.get("/v1/sign-in"))
    assert "/elsewhere" not in idp.asked, "neither code nor secret goes where the provider is not"


def test_a_provider_that_is_not_there_is_said_to_be_so(house, idp):
    with identity_provider() as gone:
        nowhere = Door(house, provider=provider(gone))
        back = gone.visit(left(nowhere))
    has_failed(nowhere.get("/v1/sign-in"))
    has_failed(came_back(nowhere, back))


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://another.example"},
        {"token_endpoint": None},
        {"token_endpoint": "http://evil.example/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": ["https://one.example"]},
    ],
)
def test_a_provider_that_says_strange_things_of_itself_is_sent_no_secret(quiet, idp, said):
    back = idp.visit(left(quiet))
    idp.metadata = said
    idp.asked.clear()
    has_failed(came_back(quiet, back))
    if "jwks_uri" not in said:
        assert idp.asked == [METADATA]


def test_people_are_sent_only_where_the_provider_may_be(quiet, idp):
    for address in ("http://evil.example/authorize", "javascript:alert(1)", "//evil.example", "", 7):
        idp.metadata = {"authorization_endpoint": address}
        has_failed(quiet.get("/v1/sign-in"))


def test_a_provider_that_does_not_know_this_server_fails_it(quiet, idp, caplog):
    idp.known = "another secret"
    has_failed(signs_in(quiet, idp))
    assert "invalid_client" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "keys", [b"{}", b'{"keys": {}}', b'{"keys": [{"kty": "RSA"}]}', b'{"keys": [7]}', b'{"keys": []}']
)
def test_keys_that_are_none_are_the_providers_failure(quiet, idp, keys):
    idp.answers[KEYS] = (200, keys)
    has_failed(signs_in(quiet, idp))


def test_a_slow_provider_does_not_keep_others_from_being_served(door, idp):
    places = door.app.extensions["places"]
    back = idp.visit(left(door))
    for _ in range(signing_in.AT_ONCE):
        assert places.acquire(blocking=False)
    for answer in (door.get("/v1/sign-in"), came_back(door, back)):
        assert (answer.status_code, answer.json["type"]) == (503, "/problems/busy")
        assert answer.headers["Retry-After"]
    places.release()
    assert came_back(door, back).status_code == 200, "who had to wait has lost nothing by it"
    for _ in range(signing_in.AT_ONCE + 1):
        idp.metadata = {"issuer": "another"}
        has_failed(door.get("/v1/sign-in"))
