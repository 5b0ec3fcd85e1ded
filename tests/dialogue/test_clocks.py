"""Two clocks: when an act happened, and when it was recorded (domain.md)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dialogue.fact import OPERATOR, Moment, Refused
from dialogue.record import Head, Record
from dialogue.shape import instant, stamp

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def now(time, *, clock=NOON, head=None, basis=None, recorded=None):
    record = object.__new__(Record)  # its clock is all that is asked
    record.clock = lambda: clock
    moment = Moment(OPERATOR, OPERATOR, time, recorded or time, "act", lambda: OPERATOR, basis)
    return record.now(moment, Head(7, head, "source") if head else None)


def test_an_act_that_says_no_time_happens_when_it_is_recorded():
    set_ = now(NOON - 9 * SECOND)
    assert (set_.time, set_.recorded) == (NOON, NOON)


def test_an_act_may_have_happened_before_it_is_recorded():
    set_ = now(NOON - 9 * SECOND, recorded=NOON, basis="letter", head=NOON - SECOND)
    assert (set_.time, set_.recorded) == (NOON - 9 * SECOND, NOON)


def test_nothing_happens_in_the_future():
    with pytest.raises(Refused, match="lies in the future") as refused:
        now(NOON + timedelta(microseconds=1), recorded=NOON)
    assert refused.value.code == "future"


def test_what_happened_before_the_last_entry_needs_a_basis():
    with pytest.raises(Refused, match="on what basis") as refused:
        now(NOON - 2 * SECOND, recorded=NOON, head=NOON - SECOND)
    assert refused.value.code == "no-basis"
    assert now(NOON - SECOND, recorded=NOON, head=NOON - SECOND).time == NOON - SECOND
    assert now(NOON - 2 * SECOND, recorded=NOON, head=NOON - SECOND, basis="room").time == NOON - 2 * SECOND


def test_recording_never_runs_backwards_but_waits_for_a_clock_that_is_a_little_behind():
    assert now(NOON, head=NOON + 5 * SECOND).recorded == NOON + 5 * SECOND
    with pytest.raises(Refused, match="set it right first") as refused:
        now(NOON, head=NOON + 5 * SECOND + timedelta(microseconds=1))
    assert refused.value.code == "clock"


def test_instants_are_written_in_utc_to_the_microsecond_and_read_back():
    seoul = datetime(2026, 3, 2, 21, 0, 0, 5, tzinfo=timezone(timedelta(hours=9)))
    assert stamp(seoul) == "2026-03-02T12:00:00.000005Z"
    assert instant(stamp(seoul)) == seoul
