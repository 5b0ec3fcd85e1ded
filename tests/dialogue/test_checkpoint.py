"""Signed notes and checkpoints: exact bytes, strict reading, and what other people's tools make of them."""

import shutil
import subprocess
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.checkpoint import (
    BadCheckpoint,
    Checkpoint,
    SplitView,
    WentBackwards,
    open_checkpoint,
    read_checkpoint,
    refuse_contradiction,
    sign_checkpoint,
)
from dialogue.merkle import EMPTY
from dialogue.note import BadKey, BadNote, Signature, Signer, VerifierKey, is_key_name, open_note, sign, split_note
from ledger_vectors import FOLDER, policy, reason, refusal, vectors
from logs import ORIGIN, WITNESSES, Log, seed

# signed-note 1.0, Verifier keys, Example
PUBLISHED_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
PUBLISHED_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()


@pytest.mark.parametrize("name", vectors("checkpoint"))
def test_a_checkpoint_is_refused_for_its_lie_and_only_for_one(name):
    assert refusal(FOLDER / name) == reason(name)


def test_the_vectors_hold_as_many_lies_as_ever():
    assert sum(reason(name) is not None for name in vectors("checkpoint")) >= 30


def test_the_published_note_verifies():
    opened = open_note(PUBLISHED_NOTE, [VerifierKey.parse(PUBLISHED_KEY)])
    assert opened.text == "This is an example message.\n"
    assert [signature.name for signature in opened.signatures] == ["example.com/foo"]


def test_a_key_is_written_as_it_was_read():
    key = VerifierKey.parse(PUBLISHED_KEY)
    assert str(key) == PUBLISHED_KEY
    assert key.key_id.hex() == "530d903a"
    signer = Signer(ORIGIN, seed("log"))
    assert Signer.parse(signer.secret()) == signer
    assert signer.secret().startswith(f"PRIVATE+KEY+{ORIGIN}+{signer.key.key_id.hex()}+")


def test_a_secret_key_does_not_show_itself():
    assert repr(seed("log")) not in repr(Signer(ORIGIN, seed("log")))


@pytest.mark.parametrize(
    ("vkey", "why"),
    [
        (PUBLISHED_KEY.replace("530d903a", "530d903b"), "does not belong"),
        (PUBLISHED_KEY.replace("530d903a", "530D903A"), "does not belong"),
        (PUBLISHED_KEY.replace("example.com/foo", "example.com/bar"), "does not belong"),
        (PUBLISHED_KEY + "=", "base64"),
        (PUBLISHED_KEY[:-4], "not an Ed25519 key"),
        ("example.com foo" + PUBLISHED_KEY.removeprefix("example.com/foo"), "name"),
        ("example.com/foo", "name"),
        (str(WITNESSES[0].key), "signature type 0x01"),
    ],
)
def test_a_key_that_is_not_what_it_says_is_refused(vkey, why):
    with pytest.raises(BadKey, match=why):
        VerifierKey.parse(vkey)


@pytest.mark.parametrize(
    ("change", "why"),
    [(("PRIVATE", "SECRET"), "begins with PRIVATE"), ((ORIGIN, "another.example"), "does not belong")],
)
def test_a_secret_key_that_is_not_what_it_says_is_refused(change, why):
    with pytest.raises(BadKey, match=why):
        Signer.parse(Signer(ORIGIN, seed("any")).secret().replace(*change))


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("record.example/1", True),
        ("기록.example", True),
        ("\ue000", True),
        ("", False),
        ("two words", False),
        ("wide\u3000space", False),
        ("plus+plus", False),
        ("\x1b", False),
        ("lone\ud800", False),
    ],
)
def test_a_key_has_a_name_that_fits_on_a_signature_line(name, fit):
    assert is_key_name(name) == fit


def test_a_note_has_an_end():
    signer = Signer("s", seed("log"))
    longest = 1_000_000 - len(sign("\n", signer)) + 1
    assert len(sign("a" * (longest - 1) + "\n", signer)) == 1_000_000
    assert open_note(sign("a" * (longest - 1) + "\n", signer), [signer.key])
    with pytest.raises(BadNote, match="longer than 1000000 bytes"):
        open_note(sign("a" * longest + "\n", signer), [signer.key])
    assert len(open_note(sign("Words.\n", *[signer] * 100), [signer.key]).signatures) == 100
    with pytest.raises(BadNote, match="more than 100"):
        open_note(sign("Words.\n", *[signer] * 101), [signer.key])


def test_a_signature_of_an_unknown_key_is_ignored_even_if_it_shares_a_name():
    signer, stranger = Signer(ORIGIN, seed("log")), Signer(ORIGIN, seed("stranger"))
    note = sign("Words.\n", stranger, signer)
    assert [found.key_id for found in open_note(note, [signer.key]).signatures] == [signer.key.key_id]
    with pytest.raises(BadNote, match="not signed by any known key"):
        open_note(note, [])


def test_a_bad_signature_of_a_known_key_is_fatal_beside_a_good_one():
    one, two = Signer("one.example", seed("1")), Signer("two.example", seed("2"))
    good = sign("Words.\n", one)
    bad = good + Signature("two.example", two.key.key_id, two.sign("Other words.\n").body).line().encode()
    assert open_note(bad, [one.key]).text == "Words.\n"
    with pytest.raises(BadNote, match=r"the signature of two\.example does not verify"):
        open_note(bad, [one.key, two.key])


def test_a_text_may_hold_empty_lines_and_any_script():
    text = "제안 1\n\n— not a signature\n\nПредложение, 提案\n"
    signer = Signer("기록.example/대화", seed("한국어"))
    assert open_note(sign(text, signer), [VerifierKey.parse(str(signer.key))]).text == text


@pytest.mark.parametrize("text", ["no newline", "a tab\tis a control character\n", ""])
def test_what_is_no_text_of_a_note_is_not_signed(text):
    with pytest.raises(ValueError, match="newline"):
        sign(text, Signer(ORIGIN, seed("log")))


@settings(deadline=None, max_examples=200)
@given(st.integers(min_value=0, max_value=2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_reads_as_it_was_written(size, root):
    head = Checkpoint(ORIGIN, size, root if size else EMPTY)
    signer = Signer(ORIGIN, seed("log"))
    note = sign_checkpoint(head, signer)
    assert open_checkpoint(note, [signer.key]).checkpoint == head == read_checkpoint(note)
    assert split_note(note)[0] == head.text()


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_checkpoint_with_any_one_bit_flipped_is_refused(data):
    note = bytearray(Log(9).signed(9, WITNESSES))
    at = data.draw(st.integers(0, len(note) - 1))
    note[at] ^= 1 << data.draw(st.integers(0, 7))
    log, witnesses = [Log(0).signer.key], [witness.key for witness in WITNESSES]
    try:
        opened = open_checkpoint(bytes(note), log, witnesses)
    except (BadNote, BadCheckpoint):
        return
    # a flip in a name or key id makes one witness a stranger; what is left still says the same
    assert opened.checkpoint == Log(9).head(9)
    assert len(opened.signatures) == 3


def test_a_signer_does_not_sign_for_a_log_of_another_name():
    with pytest.raises(ValueError, match="cannot sign for the log"):
        sign_checkpoint(Log(1).head(1), Signer("other.example", seed("log")))


def test_another_log_that_is_also_trusted_cannot_speak_for_this_one():
    other = Signer("other.example", seed("other"))
    note = sign(Log(3).head(3).text(), other)
    with pytest.raises(BadCheckpoint, match=f"not signed by a known key of the log {ORIGIN}"):
        open_checkpoint(note, [Log(0).signer.key, other.key])


def test_a_log_may_change_its_key():
    new = Signer(ORIGIN, seed("new log key"))
    note = sign_checkpoint(Log(3).head(3), Signer(ORIGIN, seed("log")), new)
    for keys in ([new.key], [Log(0).signer.key], [new.key, Log(0).signer.key]):
        assert len(open_checkpoint(note, keys).signatures) == len(keys)


def test_heads_that_contradict_each_other_are_told_apart():
    kept = Log(20).head(10)
    refuse_contradiction(kept, kept)
    refuse_contradiction(kept, Log(20).head(20))
    with pytest.raises(SplitView, match="two different trees of 10 leaves"):
        refuse_contradiction(kept, Log(20, word="forged").head(10))
    with pytest.raises(WentBackwards, match="from 10 leaves to 9"):
        refuse_contradiction(kept, Log(20).head(9))
    with pytest.raises(BadCheckpoint, match="not of"):
        refuse_contradiction(kept, replace(kept, origin="other.example"))


# Proof by others

AUDIT = r"""
set -eu
# the checkpoint's signature, with openssl: the text is the first three lines
head -n 3 checkpoint > text
origin=$(head -n 1 checkpoint)
grep -F -- "— $origin " checkpoint | cut -d' ' -f3 | base64 -d | tail -c +5 > signature
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'
  cut -d+ -f3- key | base64 -d | tail -c +2; } > key.der
openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text -sigfile signature

# the root, with coreutils: SHA-256(0x00 || leaf), SHA-256(0x01 || left || right)
hash() { sha256sum | cut -c 1-64 | tr a-f A-F; }
peaks=(); size=0
while IFS= read -r leaf; do
    digest=$({ printf '\000'; printf %s "$leaf"; } | hash)
    for ((n = size; n & 1; n >>= 1)); do
        digest=$({ printf '\001'; printf %s "${peaks[-1]}$digest" | basenc --base16 -d; } | hash)
        unset 'peaks[-1]'
    done
    peaks+=("$digest"); size=$((size + 1))
done < leaves.jsonl
root=${peaks[-1]}
for ((n = ${#peaks[@]} - 2; n >= 0; n--)); do
    root=$({ printf '\001'; printf %s "${peaks[n]}$root" | basenc --base16 -d; } | hash)
done
printf '%s\n%s\n%s\n' "$origin" "$size" "$(printf %s "$root" | basenc --base16 -d | base64)" | cmp - text
echo the record is the one the checkpoint speaks of
"""


@pytest.mark.skipif(not all(map(shutil.which, ["bash", "openssl", "basenc"])), reason="needs openssl and coreutils")
def test_openssl_and_coreutils_alone_check_signature_and_root(tmp_path):
    log = Log(11, word="слово 말")
    (tmp_path / "leaves.jsonl").write_bytes(b"".join(leaf + b"\n" for leaf in log.leaves))
    (tmp_path / "checkpoint").write_bytes(log.signed(11, WITNESSES))
    (tmp_path / "key").write_text(str(log.signer.key))

    def audit():
        return subprocess.run(["bash", "-c", AUDIT], cwd=tmp_path, capture_output=True, text=True, check=False)

    found = audit()
    assert found.returncode == 0, found.stderr
    assert "Signature Verified Successfully" in found.stdout
    assert found.stdout.endswith("the record is the one the checkpoint speaks of\n")
    lines = (tmp_path / "leaves.jsonl").read_bytes()
    (tmp_path / "leaves.jsonl").write_bytes(lines.replace(b'"entry":7', b'"entry":8'))
    assert audit().returncode != 0
    (tmp_path / "leaves.jsonl").write_bytes(lines)
    (tmp_path / "checkpoint").write_bytes(log.signed(11).replace(b"\n11\n", b"\n12\n"))
    assert audit().returncode != 0


def test_proofbundle_writes_the_same_checkpoint():
    theirs = pytest.importorskip("proofbundle.checkpoint")
    log = Log(7)
    key, head = Ed25519PrivateKey.from_private_bytes(log.signer.seed), log.head(7)
    assert theirs.vkey(ORIGIN, log.signer.key.public) == str(log.signer.key)
    note = theirs.sign_checkpoint(ORIGIN, head.size, head.root, key, ORIGIN)
    assert note.encode() == log.signed(7)
    assert theirs.verify_checkpoint(note, str(log.signer.key))["ok"]


def test_tlog_scales_verifies_the_checkpoint():
    signing, tlog = pytest.importorskip("tlog_scales.signing"), pytest.importorskip("tlog_scales.tlog")
    head = tlog.Checkpoint.from_text(Log(7).signed(7, WITNESSES).decode())
    head.verify(signing.Vkey.from_string(str(policy().logs[0])))
    assert (head.size, head.root_hash) == (7, Log(7).head(7).root)
