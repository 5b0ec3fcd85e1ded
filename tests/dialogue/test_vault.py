"""Sealing and opening: the disclosures of RFC 9901 under AES-256-GCM, each subject with a key of their own."""

import hashlib
import json
from base64 import urlsafe_b64decode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.envelope import to_leaf
from dialogue.fact import Entry, Personal
from dialogue.mandate import MandateDeclined
from dialogue.participant import ParticipantInvited
from dialogue.vault import (
    NONCE_BYTES,
    SALT_BYTES,
    Sealed,
    act_digest,
    decrypt,
    disclosure_digest,
    encrypt,
    seal,
    seal_entry,
    unwrap,
    wrap,
)
from shapes import SPACE, WORDS
from spec import DIALOGUE, START

SALT, KEY, NONCE = bytes(range(SALT_BYTES)), bytes(range(32)), bytes(range(NONCE_BYTES))
NAME = Personal("Tuya ENKH", SPACE)
INVITED = ParticipantInvited(SPACE, 1, ("participant",), name=NAME, descriptor=Personal("Former Envoy", SPACE))
ENTRY = Entry("name.example/x", DIALOGUE, 7, 1, INVITED, START, START, SPACE, SPACE, "act-1", "room")


def salts():
    numbers = iter(range(256))
    return lambda: bytes([next(numbers)]) * SALT_BYTES


def test_a_disclosure_is_salt_name_and_value_and_its_digest_is_over_what_is_sent():
    one = seal("name", NAME, SALT)
    array = json.loads(urlsafe_b64decode(one.disclosure + "=" * (-len(one.disclosure) % 4)))
    assert array == ["AAECAwQFBgcICQoLDA0ODw", "name", "Tuya ENKH"]
    assert hashlib.sha256(one.disclosure.encode()).digest() == urlsafe_b64decode(one.digest + "=")
    assert one.name_and_value == ("name", "Tuya ENKH")
    assert one.about == SPACE


def test_the_digest_of_the_example_in_rfc_9901_section_4_2_1_comes_out():
    disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert disclosure_digest(disclosure) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


@given(WORDS, st.binary(min_size=16, max_size=16))
def test_any_value_comes_back_from_its_disclosure(value, salt):
    assert seal("descriptor", Personal(value), salt).name_and_value == ("descriptor", value)


def test_the_same_value_under_another_salt_has_another_digest():
    assert seal("name", NAME, SALT).digest != seal("name", NAME, SALT[::-1]).digest


def test_an_entry_is_sealed_with_its_evidence_and_its_leaf_holds_digests_only():
    closed, seals = seal_entry(ENTRY, "e" * 64, salts())
    assert {one.name_and_value for one in seals} == {
        ("name", "Tuya ENKH"),
        ("descriptor", "Former Envoy"),
        ("evidence", "e" * 64),
    }
    assert closed.sealed == tuple(sorted(one.digest for one in seals))
    leaf = to_leaf(closed)
    assert all(words not in leaf for words in (b"ENKH", b"Envoy", b"e" * 64))
    assert all(one.digest.encode() in leaf for one in seals)
    assert len({one.disclosure[:20] for one in seals}) == 3, "each has a salt of its own"


def test_an_entry_without_personal_values_needs_no_salt():
    plain = replace(ENTRY, fact=MandateDeclined("No."))
    assert seal_entry(plain, None, lambda: pytest.fail("a salt was drawn")) == (plain, [])
    _, [evidence] = seal_entry(plain, "e" * 64, salts())
    assert evidence.about == SPACE, "it is the actor's"


def test_a_sealed_value_opens_under_its_key_for_its_digest_and_in_no_other_way():
    one = seal("name", NAME, SALT)
    sealed = encrypt(one.disclosure, KEY, NONCE, one.digest)
    assert decrypt(sealed, KEY, one.digest) == one.disclosure
    for opened in (
        lambda: decrypt(sealed, KEY[::-1], one.digest),
        lambda: decrypt(sealed, KEY, one.digest[::-1]),
        lambda: decrypt(sealed[:-1], KEY, one.digest),
        lambda: decrypt(sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:], KEY, one.digest),
        lambda: decrypt(bytes([sealed[0] ^ 1]) + sealed[1:], KEY, one.digest),
        lambda: decrypt(b"", KEY, one.digest),
    ):
        with pytest.raises(Sealed, match="cannot be opened"):
            opened()


def test_a_subject_s_key_is_wrapped_for_that_subject_under_that_master_key():
    master = bytes(32)
    wrapped = wrap(KEY, master, NONCE, SPACE)
    assert KEY not in wrapped
    assert unwrap(wrapped, master, SPACE) == KEY
    for opened in (
        lambda: unwrap(wrapped, KEY, SPACE),
        lambda: unwrap(wrapped, master, DIALOGUE),
        lambda: unwrap(wrapped[:-1], master, SPACE),
        lambda: unwrap(b"", master, SPACE),
    ):
        with pytest.raises(Sealed, match="master key"):
            opened()


def test_acts_are_compared_by_a_keyed_digest():
    assert act_digest(b"content", KEY) == act_digest(b"content", KEY)
    assert act_digest(b"content", KEY) != act_digest(b"Content", KEY)
    assert act_digest(b"content", KEY) != act_digest(b"content", KEY[::-1])
    assert act_digest(b"content", KEY) != hashlib.sha256(b"content").digest()
