"""Proofs that travel: their bytes, strict reading, and what proofbundle says of them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.merkle import BadProof
from dialogue.proof import Proof
from ledger_vectors import FOLDER, policy, reason, refusal, vectors
from logs import ORIGIN, WITNESSES, Log

LOG = Log(40)


@pytest.mark.parametrize("name", vectors("tlog-proof"))
def test_a_proof_is_refused_for_its_lie_and_only_for_one(name):
    assert refusal(FOLDER / name) == reason(name)


def test_the_vectors_hold_as_many_lies_as_ever():
    assert sum(reason(name) is not None for name in vectors("tlog-proof")) >= 17


def test_a_proof_is_spelt_as_the_specification_says():
    lines = LOG.proof(2, 3).file().decode().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 2"]
    assert (len(lines[2]), lines[3], lines[4], lines[5]) == (44, "", ORIGIN, "3")
    extra = replace(LOG.proof(2, 3), extra=b"extra").file().decode().split("\n")
    assert extra[1:3] == ["extra ZXh0cmE=", "index 2"]


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 40), st.data())
def test_every_proof_reads_as_written_and_verifies(size, data):
    index = data.draw(st.integers(0, size - 1))
    extra = data.draw(st.none() | st.binary(max_size=40))
    proof = replace(LOG.proof(index, size, WITNESSES[:2]), extra=extra)
    read = Proof.parse(proof.file())
    assert read == proof
    assert read.verify(LOG.leaves[index], policy()).checkpoint == LOG.head(size)
    with pytest.raises(BadProof):
        read.verify(LOG.leaves[index] + b" ", policy())


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_proof_with_any_one_bit_flipped_proves_nothing_else(data):
    file = bytearray(LOG.proof(11, 20, WITNESSES[:2]).file())
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        Proof.parse(bytes(file)).verify(LOG.leaves[11], policy())


def test_a_proof_that_is_far_too_long_is_not_read():
    with pytest.raises(BadProof, match="longer than"):
        Proof.parse(bytes(2_000_001))


def test_a_proof_has_at_most_the_hashes_a_tree_can_ask_for():
    honest = LOG.proof(11, 20)
    longest = replace(honest, path=honest.path[:1] * 63)
    assert Proof.parse(longest.file()) == longest
    with pytest.raises(BadProof, match="more than 63"):
        Proof.parse(replace(honest, path=honest.path[:1] * 64).file())


def proofbundle_says(name):
    theirs = pytest.importorskip("proofbundle.tlogproof")
    return theirs.verify_tlog_proof(
        (FOLDER / name).read_bytes().decode(),
        (FOLDER / "leaf.json").read_bytes(),
        str(policy().logs[0]),
        [str(key) for key in policy().witnesses.values()],
        threshold=2,
        expected_origin=ORIGIN,
    )["ok"]


@pytest.mark.parametrize("name", vectors("tlog-proof"))
def test_proofbundle_takes_and_refuses_the_same_proofs(name):
    assert proofbundle_says(name) == (reason(name) is None)


def test_proofbundle_writes_the_same_bytes():
    theirs = pytest.importorskip("proofbundle.tlogproof")
    proof = LOG.proof(11, 20, WITNESSES)
    assert theirs.format_tlog_proof(11, proof.path, proof.checkpoint.decode()).encode() == proof.file()
