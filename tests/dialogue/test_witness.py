"""What a witness decides: it cosigns growth, and keeps both heads where the log is to blame."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.checkpoint import Checkpoint, refuse_contradiction, sign_checkpoint
from dialogue.merkle import EMPTY
from dialogue.witness import BadRequest, Refusal, Request, decide
from ledger_vectors import FOLDER, reason, refusal, vectors
from logs import ORIGIN, WITNESSES, Log

LOG, FORGED = Log(40), Log(40, word="forged")
KEYS = [LOG.signer.key]


@pytest.mark.parametrize("name", vectors("add-checkpoint"))
def test_a_request_is_refused_for_its_lie_and_only_for_one(name):
    assert refusal(FOLDER / name) == reason(name)


def test_the_vectors_hold_as_many_lies_as_ever():
    assert sum(reason(name) is not None for name in vectors("add-checkpoint")) >= 17


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(0, 40))
def test_a_request_reads_as_it_was_written(old, new):
    request = LOG.request(min(old, new), max(old, new))
    assert Request.parse(request.body()) == request
    assert request.checkpoint == LOG.head(max(old, new))


def test_a_request_is_spelt_as_the_specification_says():
    request = LOG.request(2, 3)
    old, proof, empty, origin, *_ = request.body().decode().split("\n")
    assert (old, len(proof), empty, origin) == ("old 2", 44, "", ORIGIN)


def test_a_request_has_at_most_the_hashes_the_specification_allows():
    longest = replace(LOG.request(2, 3), proof=(EMPTY,) * 63)
    assert Request.parse(longest.body()) == longest
    with pytest.raises(BadRequest, match="at most 63"):
        Request.parse(replace(longest, proof=(EMPTY,) * 64).body())


def test_a_first_request_is_believed_from_nothing_on():
    assert decide(None, LOG.request(0, 20), KEYS) == LOG.head(20)
    assert decide(None, LOG.request(0, 0), KEYS) == Checkpoint(ORIGIN, 0, EMPTY)
    answer = decide(None, replace(LOG.request(0, 20), proof=(EMPTY,)), KEYS)
    assert isinstance(answer, Refusal)
    assert (answer.kind, answer.evidence) == ("inconsistent", ())


def test_growth_is_cosigned_and_so_is_the_same_head_again():
    kept = LOG.signed(20, WITNESSES[:1])
    assert decide(kept, LOG.request(20, 33), KEYS) == LOG.head(33)
    assert decide(kept, LOG.request(20, 20), KEYS) == LOG.head(20)


@pytest.mark.parametrize("request_", [FORGED.request(20, 20), FORGED.request(0, 20)])
def test_a_fork_leaves_both_signed_heads_as_evidence(request_):
    kept = LOG.signed(20, WITNESSES[:1])
    answer = decide(kept, request_, KEYS)
    assert isinstance(answer, Refusal)
    assert answer.evidence == (kept, FORGED.signed(20))
    assert "split view" in answer.reason


def test_a_log_that_went_backwards_leaves_both_signed_heads_as_evidence():
    kept = LOG.signed(20, WITNESSES[:1])
    answer = decide(kept, LOG.request(10, 15), KEYS)
    assert isinstance(answer, Refusal)
    assert (answer.kind, answer.size) == ("outdated", 20)
    assert answer.evidence == (kept, LOG.signed(15))


def test_a_history_rewritten_behind_the_kept_head_leaves_both_as_evidence():
    kept = LOG.signed(20)
    answer = decide(kept, FORGED.request(20, 33), KEYS)
    assert isinstance(answer, Refusal)
    assert (answer.kind, answer.evidence) == ("inconsistent", (kept, FORGED.signed(33)))


def test_a_log_that_has_lost_count_is_told_the_size_and_not_accused():
    answer = decide(LOG.signed(20), LOG.request(10, 33), KEYS)
    assert answer == Refusal("outdated", "this witness last cosigned 20 leaves, not 10", 20)


def test_strangers_and_forgers_learn_nothing_and_leave_no_evidence():
    kept = LOG.signed(20)
    unknown = decide(kept, LOG.request(20, 33), [])
    assert isinstance(unknown, Refusal)
    assert (unknown.kind, unknown.size, unknown.evidence) == ("unknown", 0, ())
    forger = replace(LOG.signer, seed=bytes(32))
    unsigned = decide(kept, replace(LOG.request(20, 33), note=sign_checkpoint(LOG.head(33), forger)), KEYS)
    assert isinstance(unsigned, Refusal)
    assert (unsigned.kind, unsigned.size, unsigned.evidence) == ("unsigned", 0, ())


@pytest.mark.parametrize(
    "body", [b"", b"old 0\n\n", b"\n\n", b"old 0\n\xff\n\n" + LOG.signed(1), b"old\n\n" + LOG.signed(1)]
)
def test_what_is_no_request_is_refused(body):
    with pytest.raises(BadRequest):
        Request.parse(body)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40), st.integers(0, 40), st.booleans()), max_size=12))
def test_whatever_is_asked_the_heads_cosigned_are_one_growing_history(asked):
    kept, cosigned = None, [Checkpoint(ORIGIN, 0, EMPTY)]
    for honest, old, new, knows in asked:
        log = LOG if honest else FORGED
        last = cosigned[-1].size
        start = last if knows else old
        if start > new:
            continue
        request = log.request(start, new)
        answer = decide(kept, request, KEYS)
        if isinstance(answer, Checkpoint):
            refuse_contradiction(cosigned[-1], answer)
            cosigned.append(answer)
            kept = request.note
    histories = [[log.head(head.size) for head in cosigned] for log in (LOG, FORGED)]
    assert cosigned in histories
