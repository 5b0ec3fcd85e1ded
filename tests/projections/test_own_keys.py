"""A signature with a signatory's own key: verified when it comes in, bound to one text, shown, and audited again."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dialogue.audit import Wrong
from dialogue.disclosure import check
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.endorsement import EndorsementGiven
from dialogue.fact import Personal, Refused
from dialogue.issuing import OpenForSignature
from dialogue.own_key import NAMESPACE
from dialogue.signing import GiveEndorsement, ReaffirmEndorsement, WithdrawEndorsement
from dialogue.sshsig import string
from house import House
from projections import signatories
from projections.disclosing import disclose
from projections.own_keys import to_sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = string(b"ssh-ed25519") + string(KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
FINGERPRINT = "SHA256:" + b64encode(hashlib.sha256(PUBLIC).digest()).rstrip(b"=").decode()


@pytest.fixture
def house(tmp_path: Path):
    house = House(tmp_path)
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
    house.act(OpenForSignature(proposal=house.thing("P1")))
    yield house
    house.close()


def signed(statement: bytes, key: Ed25519PrivateKey = KEY) -> Personal:
    """What ssh-keygen -Y sign makes of the statement."""
    fields = [NAMESPACE.encode(), b"", b"sha512"]
    body = key.sign(b"SSHSIG" + b"".join(map(string, [*fields, hashlib.sha512(statement).digest()])))
    signature = string(b"ssh-ed25519") + string(body)
    blob = b"SSHSIG\0\0\0\1" + b"".join(map(string, [PUBLIC, *fields, signature]))
    return Personal(f"-----BEGIN SSH SIGNATURE-----\n{b64encode(blob).decode()}\n-----END SSH SIGNATURE-----\n")


def statement(house: House, command: GiveEndorsement, by: str = "Tuya") -> bytes:
    return to_sign(house.secretariat, house.dialogue, command, house.secretariat.moment(house.person(by)))


def given(house: House, nonce: str = "n-1", **more):
    """Tuya's signature under P1 with her own key."""
    command = GiveEndorsement(proposal=house.thing("P1"), nonce=nonce, **more)
    return house.act(replace(command, signature=signed(statement(house, command))), by="Tuya")


def listed(house: House):
    with house.reading() as reading:
        return {one["name"]: one["recorded_by"] for one in signatories.page(reading, house.thing("P1")).items}


def test_the_statement_names_the_record_the_text_and_how_far_it_is_assented_to(house):
    command = GiveEndorsement(proposal=house.thing("P1"), nonce="n-1", assent="general thrust", capacity="personal")
    content = statement(house, command)
    assert content == rfc8785.dumps(json.loads(content))
    assert json.loads(content) == {
        "type": "dialogue-endorsement/v1",
        "origin": f"dialogue.localhost/{house.dialogue}",
        "proposal": str(house.thing("P1")),
        "version": 1,
        "text_sha256": hashlib.sha256(b"Open one hotline.").hexdigest(),
        "assent": "general thrust",
        "capacity": "personal",
        "excepting": [],
        "nonce": "n-1",
    }


def test_a_signature_that_holds_is_recorded_and_shown_apart_from_those_that_others_vouch_for(house):
    [entry] = given(house)
    assert isinstance(entry.fact, EndorsementGiven)
    assert entry.fact.nonce == "n-1"
    house.act(GiveEndorsement(proposal=house.thing("P1")), by="Pavel")
    house.act(GiveEndorsement(proposal=house.thing("P1")), by="Seoyun", recordedby="Office", basis="email")
    assert listed(house) == {"Tuya ENKH": "own key", "Павел ОРЛИН": "the server", "HAN Seo-yun": "the secretariat"}
    assert "Tuya ENKH – Former Envoy for Rivers [signed with their own key" in house.run("signatories", "P1").stdout
    assert "recorded by the secretariat" in house.run("signatories", "P1").stdout


def test_the_record_holds_neither_the_key_nor_the_signature(house):
    [entry] = given(house)
    [leaf] = house.secretariat.record.leaves(house.dialogue, entry.number, entry.number)
    assert b"SSH SIGNATURE" not in leaf
    assert b64encode(PUBLIC)[:40] not in leaf
    assert len(entry.sealed) == 1


@pytest.mark.parametrize("change", [{"nonce": "n-2"}, {"assent": "general thrust"}, {"capacity": "personal"}])
def test_a_signature_of_another_statement_is_refused(house, change):
    asked = GiveEndorsement(proposal=house.thing("P1"), nonce="n-1")
    signature = signed(statement(house, asked))
    with pytest.raises(Refused, match="not of this statement"):
        house.act(replace(asked, signature=signature, **change), by="Tuya")
    assert listed(house) == {}


def test_a_signature_of_an_earlier_text_is_refused(house):
    asked = GiveEndorsement(proposal=house.thing("P1"), nonce="n-1")
    signature = signed(statement(house, asked))
    house.act(ReviseProposal(house.thing("P1"), "Open two hotlines."), by="Tuya")
    with pytest.raises(Refused, match="not of this statement"):
        house.act(replace(asked, signature=signature), by="Tuya")


def test_a_signature_made_with_another_key_is_refused(house):
    asked = GiveEndorsement(proposal=house.thing("P1"), nonce="n-1")
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(Refused, match="not accepted"):
        house.act(replace(asked, signature=signed(statement(house, asked), other)), by="Tuya")


def test_what_is_no_signature_is_refused_in_a_sentence(house):
    asked = GiveEndorsement(proposal=house.thing("P1"), nonce="n-1", signature=Personal("yours, Tuya"))
    with pytest.raises(Refused, match="no signature file of ssh-keygen"):
        house.act(asked, by="Tuya")


def test_what_was_withdrawn_is_not_given_again_with_the_old_signature(house):
    given(house)
    house.act(WithdrawEndorsement(house.signature("Tuya", "P1")), by="Tuya")
    with pytest.raises(Refused, match="given before"):
        given(house)
    assert given(house, "n-2")


def test_it_says_nothing_of_a_later_text(house):
    given(house)
    house.act(ReviseProposal(house.thing("P1"), "Open two hotlines."), by="Tuya")
    house.act(ReaffirmEndorsement(house.signature("Tuya", "P1")), by="Tuya")
    assert listed(house) == {"Tuya ENKH": "the server"}


def test_the_same_act_again_is_answered_alike(house):
    command = GiveEndorsement(proposal=house.thing("P1"), nonce="n-1")
    command = replace(command, signature=signed(statement(house, command)))
    [first] = house.act(command, by="Tuya", act="mine")
    [again] = house.act(command, by="Tuya", act="mine")
    assert (again.number, again.sealed) == (first.number, first.sealed)


def test_an_auditor_to_whom_it_is_disclosed_verifies_it_again(house, tmp_path):
    [entry] = given(house)
    with house.reading() as reading:
        shown, _ = disclose(reading, house.dialogue, [entry.number], ["signature"])
    entries = list(house.secretariat.record.entries(house.dialogue))
    assert [one.key for one in check(shown, entries)] == [FINGERPRINT]
    (tmp_path / "shown").write_bytes(shown.file())
    assert f"signed with the key {FINGERPRINT}" in house.run("verify", "--disclosures", str(tmp_path / "shown")).stdout
    changed = replace(entries[-1], fact=replace(entries[-1].fact, nonce="n-2"))
    with pytest.raises(Wrong, match="does not hold"):
        check(shown, [*entries[:-1], changed])


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_a_signatory_signs_with_what_is_on_every_laptop(house, tmp_path):
    printed = house.run("--actor", "Tuya", "sign", "P1", "--statement", "--publish")
    assert printed.exit_code == 0, printed.stderr
    nonce = json.loads(printed.stdout)["nonce"]
    assert nonce in printed.stderr
    (tmp_path / "statement").write_bytes(printed.stdout_bytes)
    key = str(tmp_path / "key")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    sign = ["ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", key, str(tmp_path / "statement")]
    subprocess.run(sign, check=True, capture_output=True)
    signature = str(tmp_path / "statement.sig")
    wrong = house.run("--actor", "N6", "sign", "P1", "--nonce", "another", "--signature", signature)
    assert wrong.exit_code == 1
    assert "not of this statement" in wrong.stderr
    done = house.run("--actor", "Tuya", "sign", "P1", "--publish", "--nonce", nonce, "--signature", signature)
    assert done.exit_code == 0, done.stderr
    assert listed(house) == {"Tuya ENKH": "own key"}
