"""Witnesses' cosignatures: their bytes, and what other people's tools make of them."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dialogue.checkpoint import open_checkpoint, read_checkpoint
from dialogue.cosignature import WitnessKey, WitnessSigner, add_cosignatures, cosign, timestamp
from dialogue.note import BadKey, BadNote, Signature, Signer, ed25519_verifies
from logs import NOON, ORIGIN, WITNESSES, Log, seed

NOTE = Log(7).signed(7)
HEAD = read_checkpoint(NOTE)


def test_a_cosignature_covers_the_lines_of_the_specification():
    signature = WITNESSES[0].cosign(HEAD.text(), NOON)
    assert len(signature.body) == 72
    assert timestamp(signature.body) == NOON
    message = f"cosignature/v1\ntime {NOON}\n{HEAD.text()}".encode()
    assert ed25519_verifies(WITNESSES[0].key.public, message, signature.body[8:])


def test_a_cosigned_note_opens_with_the_log_and_its_witnesses():
    note = cosign(cosign(NOTE, WITNESSES[0], NOON), WITNESSES[1], NOON + 1)
    opened = open_checkpoint(note, [Log(0).signer.key], [witness.key for witness in WITNESSES])
    assert [signature.name for signature in opened.signatures] == [
        ORIGIN,
        WITNESSES[0].name,
        WITNESSES[1].name,
    ]
    assert note.startswith(NOTE)


@pytest.mark.parametrize("body", [b"", bytes(71), bytes(72), bytes(73)])
def test_what_is_no_cosignature_does_not_verify(body):
    assert not WITNESSES[0].key.verifies(HEAD.text(), body)


def test_a_cosignature_needs_a_time_that_its_format_can_hold():
    late = WITNESSES[0].cosign(HEAD.text(), 2**63 - 1)
    assert WITNESSES[0].key.verifies(HEAD.text(), late.body)
    for time in (0, 2**63, -1):
        with pytest.raises(ValueError, match="needs the time"):
            WITNESSES[0].cosign(HEAD.text(), time)


def test_a_cosignature_does_not_verify_at_another_time_nor_for_another_head():
    signature = WITNESSES[0].cosign(HEAD.text(), NOON)
    assert WITNESSES[0].key.verifies(HEAD.text(), signature.body)
    assert not WITNESSES[0].key.verifies(HEAD.text(), (NOON + 1).to_bytes(8, "big") + signature.body[8:])
    assert not WITNESSES[0].key.verifies(Log(8).head(8).text(), signature.body)


def test_a_key_of_a_log_is_none_of_a_witness_even_with_the_same_bytes():
    signer = Signer("one.example", seed("one"))
    with pytest.raises(BadKey, match="signature type 0x04"):
        WitnessKey.parse(str(signer.key))
    with pytest.raises(BadKey):
        WitnessSigner.parse(signer.secret())
    assert WitnessSigner("one.example", seed("one")).key.key_id != signer.key.key_id


def test_a_witness_key_is_written_as_it_was_read():
    assert WitnessKey.parse(str(WITNESSES[0].key)) == WITNESSES[0].key
    assert WitnessSigner.parse(WITNESSES[0].secret()) == WITNESSES[0]


def test_an_answer_gives_only_what_known_witnesses_signed_and_only_once():
    mine = WITNESSES[0].cosign(HEAD.text(), NOON).line()
    strangers = WitnessSigner("stranger.example", seed("stranger")).cosign(HEAD.text(), NOON).line()
    known = [witness.key for witness in WITNESSES]
    cosigned = add_cosignatures(NOTE, (strangers + mine + mine).encode(), known)
    assert cosigned == cosign(NOTE, WITNESSES[0], NOON)
    assert add_cosignatures(cosigned, mine.encode(), known) == cosigned


def test_an_answer_that_lies_is_refused():
    known = [witness.key for witness in WITNESSES]
    false = Signature(WITNESSES[0].name, known[0].key_id, WITNESSES[0].cosign(Log(8).head(8).text(), NOON).body)
    with pytest.raises(BadNote, match="does not verify"):
        add_cosignatures(NOTE, false.line().encode(), known)
    with pytest.raises(BadNote, match="not signed by any known key"):
        add_cosignatures(NOTE, WitnessSigner("s.example", seed("s")).cosign(HEAD.text(), NOON).line().encode(), known)
    for answer in (b"", b"20\n", WITNESSES[0].cosign(HEAD.text(), NOON).line().encode()[:-1]):
        with pytest.raises(BadNote):
            add_cosignatures(NOTE, answer, known)


def test_an_answer_cannot_move_the_end_of_the_text():
    witness = WITNESSES[0]
    moved = b"\n" + witness.cosign(NOTE.decode(), NOON).line().encode()
    with pytest.raises(BadNote, match="not made of signature lines"):
        add_cosignatures(NOTE, moved, [witness.key])


def test_proofbundle_writes_the_same_cosignature():
    theirs = pytest.importorskip("proofbundle.checkpoint")
    witness = WITNESSES[0]
    key = Ed25519PrivateKey.from_private_bytes(witness.seed)
    assert theirs.cosign_vkey(witness.name, witness.key.public) == str(witness.key)
    note = cosign(NOTE, witness, NOON)
    assert theirs.cosign_checkpoint(NOTE.decode(), key, witness.name, NOON).encode() == note
    found = theirs.verify_cosignature(note.decode(), str(witness.key))
    assert (found["ok"], found["timestamp"]) == (True, NOON)


def test_tlog_scales_verifies_the_cosignatures():
    signing, tlog = pytest.importorskip("tlog_scales.signing"), pytest.importorskip("tlog_scales.tlog")
    head = tlog.Checkpoint.from_text(Log(7).signed(7, WITNESSES).decode())
    keys = signing.VkeySet(*(signing.Vkey.from_string(str(witness.key)) for witness in WITNESSES))
    assert {key.name for key, _ in keys.verify(head.signatures, head)} == {witness.name for witness in WITNESSES}
