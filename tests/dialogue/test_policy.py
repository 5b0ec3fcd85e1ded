"""Policies: strict reading, quorums of groups of groups, and what a checkpoint must carry."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.cosignature import WitnessSigner
from dialogue.policy import BadPolicy, NotWitnessed, Policy, format_policy
from ledger_vectors import FOLDER, policy, reason, refusal, vectors
from logs import WITNESSES, Log, seed

KEYS = [WitnessSigner(f"witness.example/{name}", seed(name)).key for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")]
# The example of the specification, with keys
EXAMPLE = f"""
# two organisations
log {Log(0).signer.key} https://log.example/

witness X1 {KEYS[0]} https://x1.example/
\twitness  X2\t{KEYS[1]}
witness X3 {KEYS[2]}
group X-witnesses 2 X1 X2 X3

witness Y1 {KEYS[3]}
witness Y2 {KEYS[4]}
witness Y3 {KEYS[5]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
""".encode()


@pytest.mark.parametrize("name", vectors("policy"))
def test_a_policy_is_refused_for_its_fault_and_only_for_one(name):
    assert refusal(FOLDER / name) == reason(name)


def test_the_vectors_hold_as_many_faults_as_ever():
    assert sum(reason(name) is not None for name in vectors("policy")) >= 18


@settings(deadline=None, max_examples=64)
@given(st.sets(st.sampled_from(["X1", "X2", "X3", "Y1", "Y2", "Y3"])))
def test_groups_of_groups_are_met_as_the_specification_says(cosigners):
    x = sum(name.startswith("X") for name in cosigners)
    y = sum(name.startswith("Y") for name in cosigners)
    assert Policy.parse(EXAMPLE).is_met(cosigners) == (x >= 2 and y >= 1)


def test_an_address_is_found_by_its_key():
    assert Policy.parse(EXAMPLE).urls == {
        str(Log(0).signer.key): "https://log.example/",
        str(KEYS[0]): "https://x1.example/",
    }


def test_no_quorum_asks_for_no_witness_and_one_witness_can_be_the_quorum():
    assert Policy.parse(b"quorum none\n").is_met([])
    alone = Policy.parse(f"witness X1 {KEYS[0]}\nquorum X1".encode())
    assert alone.is_met(["X1"])
    assert not alone.is_met([])


def test_names_are_opaque_bytes():
    # KELVIN SIGN is not K, and bytes that are not UTF-8 are names as good as any
    lines = [b"witness K %s", "witness \u212a %s".encode(), b"witness \xff %s"]
    data = b"".join(line % str(key).encode() + b"\n" for line, key in zip(lines, KEYS, strict=False))
    read = Policy.parse(data + b"group all all K \xff\nquorum all\n")
    assert len(read.witnesses) == 3
    assert not read.is_met(["K", "\u212a"])
    assert read.is_met(["K", b"\xff".decode(errors="surrogateescape")])


@given(st.integers(0, 6), st.sets(st.sampled_from(range(6))))
@settings(deadline=None, max_examples=60)
def test_k_of_n_is_written_and_read(k, cosigners):
    named = {f"w{number}": key for number, key in enumerate(KEYS)}
    data = format_policy([Log(0).signer.key], named, k, {str(KEYS[0]): "https://w0.example/"})
    read = Policy.parse(data)
    assert dict(read.witnesses) == named
    assert list(read.logs) == [Log(0).signer.key]
    assert read.urls == {str(KEYS[0]): "https://w0.example/"}
    assert read.is_met([f"w{number}" for number in cosigners]) == (len(cosigners) >= k)


def test_a_policy_that_could_not_be_read_is_not_written():
    with pytest.raises(BadPolicy, match="from 1 to 1"):
        format_policy([], {"one": KEYS[0]}, 2)
    for name in ("two words", "", "line\nquorum", "none"):
        with pytest.raises(ValueError, match=r"one word|taken"):
            format_policy([], {name: KEYS[0]}, 0)


@pytest.mark.parametrize("cosigners", range(4))
def test_a_checkpoint_needs_the_cosignatures_of_the_quorum(cosigners):
    note = Log(5).signed(5, WITNESSES[:cosigners])
    if cosigners >= 2:
        assert policy().check(note).checkpoint == Log(5).head(5)
    else:
        with pytest.raises(NotWitnessed, match="quorum witnesses"):
            policy().check(note)
