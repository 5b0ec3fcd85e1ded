"""Signing in as a browser does it: there, at the provider (idp.py), and back again."""

from __future__ import annotations

import shutil
from copy import copy
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from api import signing_in
from dialogue.fact import Personal
from dialogue.participant import Invite
from idp import CLIENT, SECRET
from projections.founding import open_installation
from projections.provider import Provider
from projections.settings import load

MAIL = "Sarnai.Bat@Example.org"
BASE = "http://localhost"
METADATA, TOKEN, KEYS = "/.well-known/openid-configuration", "/token", "/keys"


def copied(model, place):
    house = copy(model)
    shutil.copytree(Path(model.environ["DIALOGUE_DATA"]).parent, place)
    house.environ = {"DIALOGUE_DATA": str(place / "data"), "DIALOGUE_MASTER_KEY_FILE": str(place / "master.key")}
    house.secretariat = open_installation(load({}, house.environ))
    house.secretariat.clock = house.secretariat.record.clock = lambda: house.now
    return house


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
