"""Who signs in at the provider comes in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from joserfc.jwk import RSAKey

from door import Door
from sign_ins import MAIL, invited, is_refused, provider, signs_in, tokens


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
