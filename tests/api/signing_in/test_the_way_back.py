"""What is put into the way back from the provider is of no use to anybody else."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from urllib.parse import urlsplit

import pytest

from door import Door
from house import House
from idp import CLIENT, SECRET
from projections.signing_in import SignIns
from serving import GENEROUS, served
from sign_ins import BASE, MAIL, asked_with, came_back, changed, invited, is_refused, left, provider, tokens


def test_a_sign_in_ends_once(door, house, idp):
    idp.once = False  # the provider would not mind
    back = idp.visit(left(door))
    browser = door.client.get_cookie("sign-in")
    assert came_back(door, back).status_code == 200
    door.client.set_cookie("sign-in", browser.value)
    is_refused(came_back(door, back))
    assert len(tokens(house)) == 1


def test_a_code_works_once(door, house, idp):
    first = idp.visit(left(door))
    assert came_back(door, first).status_code == 200
    again = changed(idp.visit(left(door)), code=asked_with(first)["code"])
    is_refused(came_back(door, again))


@pytest.mark.parametrize("state", ["", "another", None])
def test_a_state_that_was_not_given_out_is_of_no_use(door, idp, state):
    back = idp.visit(left(door))
    idp.asked.clear()
    is_refused(came_back(door, changed(back, state=state)))
    assert idp.asked == [], "the provider is not even asked"
    assert came_back(door, back).status_code == 200, "and whoever was signing in still does"


def test_nobody_is_signed_in_as_somebody_else_by_a_link(door, house, idp):
    """Login CSRF: the way back of one browser does not work in another, nor use it up."""
    others = Door(house, provider=provider(idp))
    back = idp.visit(left(others))
    idp.asked.clear()
    is_refused(came_back(door, back))
    left(door)
    idp.asked.clear()
    is_refused(came_back(door, back))
    assert idp.asked == []
    assert came_back(others, back).status_code == 200


@pytest.mark.parametrize("minds", [True, False])
def test_a_stolen_code_is_of_no_use_in_another_sign_in(door, house, idp, minds):
    """PKCE refuses it; and the nonce does, where the provider does not mind."""
    idp.pkce = minds
    stolen = idp.visit(left(Door(house, provider=provider(idp))))
    mine = changed(idp.visit(left(door)), code=asked_with(stolen)["code"])
    is_refused(came_back(door, mine))
    assert tokens(house) == []


@pytest.mark.parametrize("challenge", [None, "A" * 43])
def test_a_sign_in_whose_challenge_was_taken_away_comes_to_nothing(quiet, idp, challenge):
    is_refused(came_back(quiet, idp.visit(changed(left(quiet), code_challenge=challenge))))


def test_the_challenge_is_of_the_kind_that_does_not_tell_the_verifier(quiet):
    sent = asked_with(left(quiet))
    assert (sent["code_challenge_method"], len(sent["code_challenge"])) == ("S256", 43)
    again = asked_with(left(quiet))
    assert not {sent[name] for name in ("state", "nonce", "code_challenge")} & set(again.values())


def test_a_sign_in_waits_for_ten_minutes(door, house, idp):
    back = idp.visit(left(door))
    house.wait(minutes=10)
    is_refused(came_back(door, back))
    back = idp.visit(left(door))
    house.wait(minutes=9)
    assert came_back(door, back).status_code == 200


def test_sign_ins_that_came_to_no_end_are_swept(door, house):
    for _ in range(3):
        left(door)
    house.wait(minutes=11)
    left(door)
    with house.secretariat.stores.vault.connect() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM sign_ins").scalar() == 1


def test_who_says_no_at_the_provider_is_not_let_in(quiet, idp):
    back = changed(idp.visit(left(quiet)), code=None, error="access_denied", error_description="no")
    is_refused(came_back(quiet, back))


def test_people_are_sent_back_to_the_configured_address_and_to_no_other(door, idp):
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    answer = door.get("/v1/sign-in", headers=forged)
    assert asked_with(answer.headers["Location"])["redirect_uri"] == f"{BASE}/v1/sign-in/callback"
    for name in ("next", "redirect_uri", "return_to"):
        assert door.get(f"/v1/sign-in?{name}=https://evil.example").status_code == 422
    back = changed(idp.visit(left(door)), next="https://evil.example", redirect_uri="https://evil.example")
    answer = came_back(door, back)
    assert (answer.status_code, "Location" in answer.headers, "evil" in answer.text) == (200, False, False)


def over_http(url, path, **headers):
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


@pytest.mark.slow
@pytest.mark.postgres
def test_a_sign_in_that_one_server_began_is_ended_once_by_another(idp, tmp_path, fresh_postgres):
    house = House(tmp_path, database=fresh_postgres)
    sarnai = invited(house, MAIL)
    house.now = datetime.now(UTC)  # the servers' clock is the machine's
    idp.once = False  # the provider would give as many tokens as it is asked for
    (tmp_path / "secret").write_text(SECRET + "\n", encoding="utf-8")
    config = tmp_path / "config.toml"
    named = {"oidc_issuer": idp.issuer, "oidc_client": CLIENT, "oidc_secret_file": "secret", "public_url": f"{BASE}/"}
    config.write_text("".join(f'{name} = "{value}"\n' for name, value in named.items()), encoding="utf-8")
    environ = {**house.environ, "DIALOGUE_CONFIG": str(config)}
    with served(environ, *GENEROUS) as one, served(environ, *GENEROUS) as other:
        status, headers, _ = over_http(one.url, "/v1/sign-in")
        assert status == 302
        back = urlsplit(idp.visit(headers["Location"]))
        cookie = headers["Set-Cookie"].partition(";")[0]
        together = Barrier(8, timeout=60)

        def comes_back(n):
            together.wait()
            return over_http((one, other)[n % 2].url, f"{back.path}?{back.query}", Cookie=cookie)

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(comes_back, range(8)))
        assert min(status for status, _, _ in answers) == 200
        assert {status for status, _, _ in answers} <= {200, 403, 503}
        [told] = [json.loads(body) for status, _, body in answers if status == 200]
        me = over_http(other.url, f"/v1/dialogues/{house.dialogue}/me", Authorization=f"Bearer {told['token']}")
        assert json.loads(me[2])["participant"] == str(sarnai)
        logs = one.log.read_text(encoding="utf-8") + other.log.read_text(encoding="utf-8")
    assert [token.label for token in tokens(house)] == ["sign-in"]
    assert "Traceback" not in logs
    assert told["token"] not in logs
    house.close()


def test_of_two_who_come_with_the_same_one_finds_it(house):
    sign_ins = SignIns(house.secretariat)
    begun = sign_ins.begin(house.dialogue)
    together = Barrier(4, timeout=60)

    def ends(_):
        together.wait()
        return sign_ins.end(begun)

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(ends, range(4)), key=str)
    assert found == [(False, None)] * 3 + [(True, house.dialogue)]
