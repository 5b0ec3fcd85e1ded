"""One stored line of each fact type is kept for ever: what was recorded once is read and written alike."""

import json
from pathlib import Path

import pytest

from dialogue.envelope import from_leaf, to_leaf
from dialogue.kinds import FACTS

GOLDEN = Path(__file__).parent.parent / "golden" / "facts.jsonl"
LINES = {json.loads(line)["type"]: line for line in GOLDEN.read_bytes().splitlines()}


def test_every_fact_type_has_its_line():
    assert set(LINES) >= set(FACTS), "run python tests/golden/make.py, which adds what is missing"
    assert set(LINES) <= set(FACTS), "a fact type once recorded is never given up"
    assert len(LINES) == len(GOLDEN.read_bytes().splitlines()), "one line each"


@pytest.mark.parametrize("name", sorted(LINES))
def test_a_stored_line_reads_and_writes_to_the_same_bytes(name):
    assert to_leaf(from_leaf(LINES[name])) == LINES[name]


@pytest.mark.parametrize("name", sorted(LINES))
def test_a_stored_line_loses_nothing_when_it_is_read(name):
    fact = from_leaf(LINES[name]).fact
    members = json.loads(LINES[name])["data"]
    assert {member for member in members if member != "_sd"} <= set(vars(fact))
    assert all(getattr(fact, member) is not None for member in members if member != "_sd")
