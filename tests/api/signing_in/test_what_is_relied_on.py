"""What everything about signing in can rely on: cookies, logs, what is kept, limits."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from api.limits import Rates
from door import Door
from idp import SECRET
from projections.access import hashed
from sign_ins import BASE, TOKEN, asked_with, came_back, has_failed, is_refused, left, provider, signs_in


def test_without_a_provider_the_addresses_are_as_absent_ones(house):
    door = Door(house)
    absent = door.get("/v1/nothing")
    for path in ("/v1/sign-in", "/v1/sign-in?dialogue=7", "/v1/sign-in/callback?state=a&code=b"):
        for headers in ({}, {"Authorization": "Bearer drt_no"}):
            answer = door.get(path, headers=headers)
            assert (answer.status_code, answer.data) == (404, absent.data)
            assert sorted(answer.headers) == sorted(absent.headers)


@pytest.mark.parametrize(("base", "name"), [("https://record.example", "__Host-sign-in"), (BASE, "sign-in")])
def test_the_cookie_stays_with_this_server_and_out_of_reach_of_scripts(house, idp, base, name):
    door = Door(house, provider=provider(idp, base))
    answer = door.get("/v1/sign-in", base_url=base)
    value, *rest = answer.headers["Set-Cookie"].split("; ")
    assert value.startswith(f"{name}=")
    expected = {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} | ({"Secure"} if base != BASE else set())
    assert {one for one in rest if not one.startswith("Expires")} == expected
    assert answer.headers["Cache-Control"] == "no-store"
    back = idp.visit(answer.headers["Location"])
    ended = came_back(door, back, base_url=base)
    assert ended.status_code == 200
    assert "Max-Age=0" in ended.headers["Set-Cookie"]


def test_the_cookie_authorises_nothing(door, idp):
    left(door)
    assert door.client.get_cookie("sign-in") is not None
    assert door.get("me").status_code == 401
    assert signs_in(door, idp).status_code == 200
    assert door.get("me").status_code == 401


def test_nothing_with_which_one_could_sign_in_is_kept(door, house, idp):
    sent = asked_with(left(door))
    browser = door.client.get_cookie("sign-in").value
    kept = b"".join(path.read_bytes() for path in Path(house.environ["DIALOGUE_DATA"]).iterdir())
    assert hashed(browser).encode() in kept
    for secret in (sent["state"], sent["nonce"], sent["code_challenge"], browser):
        assert secret.encode() not in kept


def test_no_address_code_state_or_token_is_in_the_log(door, idp, caplog):
    with caplog.at_level(logging.INFO):
        back = idp.visit(left(door))
        told = came_back(door, back).json
        idp.person["email"] = "stranger@example.org"
        is_refused(signs_in(door, idp))
        idp.answers[TOKEN] = (500, b"boom")
        has_failed(signs_in(door, idp))
    secrets = {*asked_with(back).values(), told["token"], "example.org", SECRET} - {idp.issuer, "of the provider"}
    assert not [one for one in secrets if one in caplog.text]
    assert "sign-in refused: the address is that of no one participant" in caplog.text


def test_signing_in_is_counted_as_coming_in_is(house, idp):
    slow = Door(house, provider=provider(idp), rates=Rates(logins_a_minute=3))
    assert signs_in(slow, idp).status_code == 200
    answers = [slow.get("/v1/sign-in").status_code for _ in range(2)]
    assert answers == [302, 429]
    assert slow.get("/v1/sign-in/callback").status_code == 429
    assert slow.post("/v1/invitations", {"code": "guess"}).status_code == 429
