"""Many processes on one dialogue, and processes that are killed: nothing missed, nothing lost, no rule broken.

DIALOGUE_TESTS_ACTS sets how many acts each of the eight processes tries: 5000 keep them busy for about a minute.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from places import P1, Place, act, act_much, leaves, tail
from spec import CAST, DIALOGUE, MEMBERS

PROCESSES = 8
ACTS = int(os.environ.get("DIALOGUE_TESTS_ACTS", "12"))


@pytest.mark.slow
def test_eight_processes_on_one_dialogue_break_no_rule_and_no_reader_misses_an_entry(place: Place) -> None:
    spawn = multiprocessing.get_context("spawn")
    answers, seen, last, done = spawn.Queue(), spawn.Queue(), spawn.Value("q", 0), spawn.Event()
    first = place.numbers()[-1][0]
    names = [MEMBERS[n % len(MEMBERS)] for n in range(PROCESSES)]  # some act for the same participant
    writers = [spawn.Process(daemon=True, target=act_much, args=(place, name, ACTS, answers)) for name in names]
    reader = spawn.Process(daemon=True, target=tail, args=(place, seen, last, done))
    for process in (reader, *writers):
        process.start()
    acknowledged: dict[str, list[int]] = {}
    for _ in writers:
        told = answers.get(timeout=600)
        assert not isinstance(told, str), told
        acknowledged.update(told)
    last.value = place.numbers()[-1][0]
    done.set()
    ids = seen.get(timeout=600)
    for process in (reader, *writers):
        process.join()
        assert process.exitcode == 0

    numbers = place.numbers()
    assert numbers == [(n, n) for n in range(1, len(numbers) + 1)]
    assert ids == list(range(1, len(numbers) + 1)), "the reader missed an entry"
    assert len(numbers) - first >= PROCESSES * ACTS / 10, "hardly anything was done"
    with place.opened() as house:
        for name, entries in acknowledged.items():
            found = [n for n in entries if next(house.record.entries(DIALOGUE, n)).act == name]
            assert found == entries, f"{name} was acknowledged and is not there"
        assert_rules_hold(list(house.record.entries(DIALOGUE)))
        house.catch_up()
        with house.reading() as reading:
            assert reading.conn.execute(reading.t.broken.select()).all() == []
        assert house.compare() == []


def assert_rules_hold(entries: list[Any]) -> None:
    """What an independent reader of the record demands of every prefix of it."""
    version, positions, signed, versions, recorded = 1, {}, {}, {}, None
    for entry in entries:
        fact = entry.fact
        assert recorded is None or entry.recordedtime >= recorded, "recorded time ran backwards"
        recorded = entry.recordedtime
        versions[entry.stream] = versions.get(entry.stream, 0) + 1
        assert entry.version == versions[entry.stream], "a stream has a gap"
        match type(fact).__name__:
            case "ProposalRevised":
                if fact.proposal == P1:
                    assert fact.version == version + 1, "a version of the text has a gap"
                    version = fact.version
            case "EndorsementGiven" | "EndorsementReaffirmed":
                assert fact.version == version, "somebody signed a text that was not in force"
                assert signed.get(entry.actor) in {None, "withdrawn"} or signed[entry.actor] < version
                signed[entry.actor] = version
            case "EndorsementWithdrawn":
                assert signed[entry.actor] != "withdrawn"
                signed[entry.actor] = "withdrawn"
            case "PositionTaken":
                assert positions.setdefault(entry.actor, entry.stream) == entry.stream, "two positions of one"
    assert version > 1
    assert positions
    assert signed


@pytest.mark.parametrize("store", ["vault", "record", "views"])
def test_killed_after_a_store_committed_nothing_is_lost_and_the_retry_gets_the_same_answer(
    place: Place, store: str
) -> None:
    before = len(place.numbers())
    with place.opened() as house:
        act(house, CAST["Tuya"], "Office", named="acknowledged")
    path = os.pathsep.join(sys.path)
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "HOME": "/nowhere", **place.environ}
    program = [sys.executable, "-m", "places", store]
    died = subprocess.run(program, env=environ, check=False, capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    saved = store != "vault"
    assert [n for _, n in place.numbers()] == list(range(1, before + 1 + 1 + saved))
    with place.opened() as house:
        assert len(house.record.rows.act(DIALOGUE, "acknowledged")) == 1
        left = house.record.rows.act(DIALOGUE, "the last act")
        assert len(left) == saved
        again = act(house, CAST["Tuya"], "Office", named="the last act")
        assert leaves(house, again) == house.record.rows.act(DIALOGUE, "the last act")
        assert saved is False or leaves(house, again) == left
        assert house.custody.open(again[0].sealed)
        assert [n for _, n in place.numbers()] == list(range(1, before + 3))
        assert house.compare() == []
        with house.reading() as reading:
            assert reading.bound(DIALOGUE) == before + 2
