"""What a provider may say that is not so brings nobody in."""

from __future__ import annotations

import base64
import hmac
import json

import pytest
from joserfc.jwk import OctKey, RSAKey

from idp import CLIENT, SECRET
from sign_ins import MAIL, came_back, changed, is_refused, left, signs_in

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
