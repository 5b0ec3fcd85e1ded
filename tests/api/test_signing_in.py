"""Signing in with an identity provider that the tests start on loopback, and have lie."""

from __future__ import annotations

import base64
import hmac
import http.client
import json
import logging
import shutil
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey

from api import signing_in
from api.limits import Rates
from dialogue.erasure import ConfirmErasure, RequestErasure
from dialogue.fact import Personal
from dialogue.participant import CorrectParticipant, Invite, LeaveDialogue, RecordDeath
from dialogue.vault import seal
from dialogue.voiding import MarkEnteredInError
from door import Door
from house import House
from idp import CLIENT, SECRET, identity_provider
from projections.access import hashed
from projections.founding import open_installation
from projections.provider import Provider
from projections.settings import load
from projections.signing_in import SignIns
from serving import GENEROUS, served

MAIL = "Sarnai.Bat@Example.org"
BASE = "http://localhost"


@pytest.fixture(scope="module")
def standing():
    with identity_provider() as idp:
        yield idp


@pytest.fixture
def idp(standing):
    """The provider, as honest as on its first day."""
    standing.honest()
    standing.person["email"] = MAIL
    return standing


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A house that is made once and copied for each test. Sarnai has an e-mail address, nobody else has."""
    house = House(tmp_path_factory.mktemp("model"))
    house.sarnai = invited(house, MAIL)
    house.close()
    return house


@pytest.fixture
def house(model, tmp_path, idp):
    """A copy of the model; the provider's clock is the house's."""
    house = copied(model, tmp_path / "house")
    idp.clock = lambda: house.now
    yield house
    house.close()


def copied(model, place):
    house = copy(model)
    shutil.copytree(Path(model.environ["DIALOGUE_DATA"]).parent, place)
    house.environ = {"DIALOGUE_DATA": str(place / "data"), "DIALOGUE_MASTER_KEY_FILE": str(place / "master.key")}
    house.secretariat = open_installation(load({}, house.environ))
    house.secretariat.clock = house.secretariat.record.clock = lambda: house.now
    return house


@pytest.fixture(scope="module")
def quiet_door(model, standing, tmp_path_factory):
    house = copied(model, tmp_path_factory.mktemp("quiet") / "house")
    yield Door(house, provider=provider(standing))
    house.close()


@pytest.fixture
def quiet(quiet_door, idp):
    """A door through which nobody has come yet, for tests in which nobody does."""
    idp.clock = lambda: quiet_door.house.now
    yield quiet_door
    assert tokens(quiet_door.house) == []


@pytest.fixture
def door(house, idp):
    return Door(house, provider=provider(idp))


def provider(idp, base=BASE, secret=SECRET):
    return Provider(idp.issuer, CLIENT, secret, base)


def invited(house, mail, name="BAT Sarnai"):
    """Somebody more, with this address."""
    command = Invite(("participant",), Personal(name), email=Personal(mail))
    return house.act(command, by="Office")[0].fact.participant


def left(door, dialogue=None, **more):
    """Where the browser is sent to sign in."""
    answer = door.get("/v1/sign-in" + (f"?dialogue={dialogue}" if dialogue else ""), **more)
    assert (answer.status_code, answer.data) == (302, b""), answer.text
    return answer.headers["Location"]


def came_back(door, address, **more):
    """The answer to the browser that comes back by this address."""
    where = urlsplit(address)
    return door.get(f"{where.path}?{where.query}", **more)


def signs_in(door, idp, dialogue=None, **more):
    return came_back(door, idp.visit(left(door, dialogue)), **more)


def changed(address, **parameters):
    """The address with other parameters; those that are None are left out."""
    known = {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}
    put = {name: value for name, value in {**known, **parameters}.items() if value is not None}
    return f"{address.partition('?')[0]}?{urlencode(put)}"


def asked_with(address):
    return {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}


def tokens(house):
    return house.secretariat.access.tokens()


def is_refused(answer):
    """It is the one refusal, byte for byte, and of no use to anybody."""
    assert answer.status_code == 403, answer.text
    assert answer.data == signing_in.problem(403, "sign-in", signing_in.REFUSED).data
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def has_failed(answer):
    assert (answer.status_code, answer.json["type"]) == (502, "/problems/provider")
    assert answer.json["title"] == signing_in.UNREACHABLE
    assert "127.0.0.1" not in answer.text


# ------------------------------------------------------------------ coming in


def test_who_has_a_verified_address_comes_in_as_the_participant_who_has_it(door, house, idp):
    answer = signs_in(door, idp)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    told = answer.json
    me = door.shown("me", headers={"Authorization": f"Bearer {told['token']}"})
    assert (me["participant"], me["scopes"]) == (str(house.sarnai), ["read", "act"])
    [token] = tokens(house)
    assert (token.label, token.id) == ("sign-in", told["id"])
    works = datetime.fromisoformat(token.expires) - datetime.fromisoformat(token.created)
    assert works == timedelta(hours=12)
    door.did("proposals", {"title": "Hotlines", "text": "Open one."}, by="Tuya")
    house.wait(hours=13)
    assert door.get("me", headers={"Authorization": f"Bearer {told['token']}"}).status_code == 401


@pytest.mark.parametrize("address", ["sarnai.bat@example.org", "SARNAI.BAT@EXAMPLE.ORG", f" {MAIL} "])
def test_capitals_and_blanks_in_an_address_do_not_matter(door, idp, address):
    idp.person["email"] = address
    assert signs_in(door, idp).status_code == 200


@pytest.mark.parametrize(
    "address", ["sarnai.bat@e\u212axample.org", "ſarnai.bat@example.org", "sarnai.bat@example.org.", ""]
)
def test_an_address_that_merely_looks_like_another_is_another(quiet, idp, address):
    idp.person["email"] = address
    is_refused(signs_in(quiet, idp))


def test_look_alikes_of_one_address_are_not_folded_into_it(door, house, idp):
    """KELVIN SIGN is K to a normalising reader, and K is k to a folding one."""
    invited(house, "mike@example.org", "Mike")
    idp.person["email"] = "mi\u212ae@example.org"
    is_refused(signs_in(door, idp))


def test_a_browser_that_asks_for_html_is_shown_a_page(door, house, idp):
    answer = signs_in(door, idp, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == ("no-store", "Accept")
    secret = answer.text.partition("<td>")[2].partition("</td>")[0]
    assert door.shown("me", headers={"Authorization": f"Bearer {secret}"})["participant"] == str(house.sarnai)


@pytest.mark.parametrize("key", ["rsa", "ec"])
def test_a_key_that_the_provider_has_changed_counts_at_once(door, idp, key):
    assert signs_in(door, idp).status_code == 200
    idp.rsa = RSAKey.generate_key(2048, {"kid": "third"})
    if key == "ec":
        idp.sign = lambda claims: idp.signed(claims, "ES256", idp.ec)
    assert signs_in(door, idp).status_code == 200


def test_a_provider_may_tell_the_address_apart_from_the_id_token(door, idp):
    idp.thin = True
    assert signs_in(door, idp).status_code == 200
    idp.subject = "2"
    is_refused(signs_in(door, idp))
    idp.subject, idp.person["email_verified"] = None, False
    is_refused(signs_in(door, idp))


def test_verified_and_address_are_never_taken_from_two_places(door, house, idp):
    """The ID token has an address that is not said to be verified; another one is verified."""
    idp.thin = True
    idp.claims = lambda claims: {**claims, "email": MAIL}
    idp.person["email"] = "somebody.else@example.org"
    is_refused(signs_in(door, idp))


@pytest.mark.parametrize("methods", [["client_secret_basic"], ["client_secret_post"]])
def test_the_secret_is_shown_as_the_provider_wants_it(door, idp, methods):
    idp.metadata["token_endpoint_auth_methods_supported"] = methods
    assert signs_in(door, idp).status_code == 200


def test_a_client_without_a_secret_rests_on_the_verifier_alone(house, idp):
    idp.known = ""
    assert signs_in(Door(house, provider=provider(idp, secret=None)), idp).status_code == 200


# ------------------------------------------------------------------ what a provider may say that is not so


STRANGE = RSAKey.generate_key(2048, {"kid": "first"})
NOBODYS = RSAKey.generate_key(2048, {"kid": "nobody's"})


def unsigned(idp, claims):
    """A token with the algorithm `none`, as a forger would send it."""
    _, body, _ = idp.signed(claims, "RS256", idp.rsa).split(".")
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    return f"{head}.{body}."


def with_public_key_as_secret(idp, claims):
    """HS256, keyed with what everybody knows: the oldest confusion of algorithms."""
    words, _, _ = idp.signed(claims, "HS256", OctKey.import_key("x" * 32), kid=idp.rsa.kid).rpartition(".")
    signature = hmac.digest(idp.rsa.as_pem(private=False), words.encode(), "sha256")
    return f"{words}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def tampered(idp, claims):
    """The words of one token under the signature of another."""
    other = idp.signed({**claims, "email": "other@example.org"}, "RS256", idp.rsa)
    words, _, _ = idp.signed(claims, "RS256", idp.rsa).rpartition(".")
    return f"{words}.{other.rpartition('.')[2]}"


CLAIMED = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "a list of nonces": {"nonce": ["another"]},
    "another issuer": {"iss": "http://127.0.0.1:1"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another-client"},
    "no audience": {"aud": None},
    "two audiences, and nobody it was made for": {"aud": [CLIENT, "another-client"]},
    "made for another": {"azp": "another-client"},
    "two audiences, made for another": {"aud": [CLIENT, "another-client"], "azp": "another-client"},
    "nobody": {"sub": None},
    "no end": {"exp": None},
    "an end that is none": {"exp": "tomorrow"},
    "an end that never comes": {"exp": float("nan")},
    "a beginning to come": {"iat": 2**40},
    "no beginning": {"iat": None},
    "not verified": {"email_verified": False},
    "not said whether verified": {"email_verified": None},
    "verified, in so many words": {"email_verified": "true"},
    "verified, as a number": {"email_verified": 1},
    "no address": {"email": None},
    "several addresses": {"email": [MAIL]},
}
SIGNED = {
    "no signature": unsigned,
    "a secret that is public": with_public_key_as_secret,
    "a secret of the two": lambda idp, claims: idp.signed(claims, "HS256", OctKey.import_key(SECRET), kid="first"),
    "an algorithm that is not asked for": lambda idp, claims: idp.signed(claims, "RS512", idp.rsa),
    "another's key by its name": lambda idp, claims: idp.signed(claims, "RS256", STRANGE),
    "a key of no name known": lambda idp, claims: idp.signed(claims, "RS256", NOBODYS),
    "a key that it brings along": lambda idp, claims: idp.signed(
        claims, "RS256", NOBODYS, jwk=NOBODYS.as_dict(private=False)
    ),
    "other words than were signed": tampered,
    "no token": lambda idp, claims: "nonsense",
    "an empty one": lambda idp, claims: "",
    "no JSON": lambda idp, claims: "e30.e30.e30",
    "a list": lambda idp, claims: "W10.W10.W10",
}


@pytest.mark.parametrize("what", CLAIMED)
def test_claims_that_are_not_for_this_sign_in_bring_nobody_in(quiet, idp, what):
    put = CLAIMED[what]
    idp.claims = lambda claims: {k: v for k, v in {**claims, **put}.items() if v is not None}
    idp.metadata["userinfo_endpoint"] = None
    if put.keys() & {"email", "email_verified"}:  # nor by asking further
        del idp.metadata["userinfo_endpoint"]
        idp.person = {**idp.person, **put}
    is_refused(signs_in(quiet, idp))


@pytest.mark.parametrize("what", SIGNED)
def test_tokens_that_the_provider_did_not_sign_bring_nobody_in(quiet, idp, what):
    idp.sign = lambda claims: SIGNED[what](idp, claims)
    is_refused(signs_in(quiet, idp))


def test_an_id_token_is_over_when_it_says(door, house, idp):
    idp.claims = lambda claims: {**claims, "exp": claims["iat"] - 61}
    is_refused(signs_in(door, idp))
    idp.claims = lambda claims: {**claims, "exp": claims["iat"] - 59}
    assert signs_in(door, idp).status_code == 200, "clocks may differ by a minute"


def test_several_audiences_are_fine_where_it_was_made_for_this_server(door, idp):
    idp.claims = lambda claims: {**claims, "aud": [CLIENT, "another-client"], "azp": CLIENT}
    assert signs_in(door, idp).status_code == 200


@pytest.mark.parametrize("issuer", ["https://another.example", None])
def test_an_answer_of_another_issuer_is_not_looked_into(quiet, idp, issuer):
    back = changed(idp.visit(left(quiet)), iss=issuer)
    idp.asked.clear()
    is_refused(came_back(quiet, back))
    assert "/token" not in idp.asked, "the code is not sent to anybody"


def test_a_provider_that_does_not_name_itself_in_its_answer_needs_not(door, idp):
    idp.metadata["authorization_response_iss_parameter_supported"] = False
    assert came_back(door, changed(idp.visit(left(door)), iss=None)).status_code == 200


# ------------------------------------------------------------------ what is put into the way back


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


# ------------------------------------------------------------------ who is let in


def test_a_correction_of_the_address_counts_at_once(door, house, idp):
    house.act(CorrectParticipant(house.sarnai, "It has changed.", email=Personal("new@example.org")), by="Office")
    is_refused(signs_in(door, idp))
    idp.person["email"] = "new@example.org"
    assert signs_in(door, idp).json["participant"] == str(house.sarnai)
    house.act(CorrectParticipant(house.sarnai, "Spelling.", forms=Personal("Сарнай")), by="Office")
    assert signs_in(door, idp).json["participant"] == str(house.sarnai)
    house.act(CorrectParticipant(house.sarnai, "It was right.", email=Personal(MAIL)), by="Office")
    is_refused(signs_in(door, idp))
    idp.person["email"] = MAIL
    assert signs_in(door, idp).status_code == 200


def test_an_address_that_was_kept_for_an_act_that_failed_counts_for_nothing(door, house, idp):
    value = seal("email", Personal("tuya@example.org", house.person("Tuya")), b"s" * 16)
    house.secretariat.custody.keep(house.dialogue, {}, [value])
    idp.person["email"] = "tuya@example.org"
    is_refused(signs_in(door, idp))


def test_everybody_who_is_not_let_in_is_refused_alike(door, house, idp):
    """Byte for byte, their headers too: unknown, twice there, gone, dead, entered in error, forgotten."""
    people = {name: invited(house, f"{name}@example.org", name) for name in ("left", "died", "void", "forgotten")}
    for _ in range(2):
        invited(house, "desk@example.org", "Somebody at the desk")
    for name in people:
        idp.person["email"] = f"{name}@example.org"
        assert signs_in(door, idp).status_code == 200
    office = house.person("Office")
    execute, moment = house.secretariat.execute, house.secretariat.moment
    execute(house.dialogue, LeaveDialogue(), moment(people["left"], recordedby=office, basis="email"))
    house.act(RecordDeath(people["died"]), by="Office")
    house.act(MarkEnteredInError("The wrong one.", participant=people["void"]), by="Office")
    house.act(RequestErasure(people["forgotten"]), by="Office")
    house.act(ConfirmErasure(people["forgotten"]), by="Rin")
    answers = []
    for name in ("unknown", "desk", *people):
        idp.person["email"] = f"{name}@example.org"
        answers.append(signs_in(door, idp))
        is_refused(answers[-1])
    assert len({(one.data, tuple(sorted(one.headers))) for one in answers}) == 1


def test_of_two_with_one_address_the_one_who_is_still_there_comes_in(door, house, idp):
    other = invited(house, MAIL, "BAT Sarnai the elder")
    is_refused(signs_in(door, idp))
    house.act(RecordDeath(other), by="Office")
    assert signs_in(door, idp).json["participant"] == str(house.sarnai)


def test_who_takes_part_in_several_dialogues_says_in_which(door, house, idp):
    first = house.dialogue
    second = house.open("Another Invented Dialogue")
    other = invited(house, MAIL)
    is_refused(signs_in(door, idp))
    assert signs_in(door, idp, first).json["participant"] == str(house.sarnai)
    assert signs_in(door, idp, second).json["participant"] == str(other)
    is_refused(signs_in(door, idp, house.secretariat.draw()))


def test_whoever_is_forgotten_is_not_found_by_their_address_and_no_trace_of_it_is_left(door, house, idp):
    custody = house.secretariat.custody
    mac = custody.address(MAIL)
    folder = Path(house.environ["DIALOGUE_DATA"])
    assert any(mac in path.read_bytes() for path in folder.iterdir())
    assert not any(MAIL.lower().encode() in path.read_bytes().lower() for path in folder.iterdir())
    house.act(RequestErasure(house.sarnai), by="Office")
    house.act(ConfirmErasure(house.sarnai), by="Rin")
    assert not any(mac in path.read_bytes() for path in folder.iterdir())
    is_refused(signs_in(door, idp))


def test_addresses_are_found_by_another_key_in_every_house(house, tmp_path_factory):
    other = House(tmp_path_factory.mktemp("other"))
    assert other.secretariat.custody.address(MAIL) != house.secretariat.custody.address(MAIL)
    other.close()


def test_without_the_master_key_nobody_is_looked_up_and_nothing_is_told(door, house, idp):
    custody = house.secretariat.custody
    custody.known.clear()
    custody.master, custody.trouble = None, "the master key cannot be read from /secret/place"
    answer = signs_in(door, idp)
    assert (answer.status_code, answer.json["type"], "/secret" in answer.text) == (503, "/problems/damaged", False)


# ------------------------------------------------------------------ when the provider fails


METADATA, TOKEN, KEYS = "/.well-known/openid-configuration", "/token", "/keys"
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


# ------------------------------------------------------------------ what everything here can rely on


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


# ------------------------------------------------------------------ several servers


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
