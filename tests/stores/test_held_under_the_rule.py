"""What is said under the Chatham House Rule enters the record exactly once, whoever dies or acts in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dialogue.call import PositionsEntered, unnamed_from
from dialogue.comment import CommentMade, MakeComment
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.fact import Conflict, Entry, Fact
from dialogue.mandate import AgreeSettings, ConcludeDialogue, Settings
from dialogue.meeting import CloseSession, OpenSession, PlanMeeting
from places import P1, Place, act
from projections.secretariat import Secretariat
from spec import DIALOGUE, MEMBERS, thing

M1, S1, S2, Q2 = (thing(handle) for handle in ("M1", "S1", "S2", "Q2"))
SAID = [f"Said in the room, {number}." for number in range(5)]


class Killed(BaseException):
    """The process is gone: nothing of it runs any more."""


def sit(house: Secretariat, sessions: int = 1) -> None:
    act(house, PlanMeeting(), "Office")
    for _ in range(sessions):
        act(house, OpenSession(M1))


def say(house: Secretariat, name: str, words: str, session: Any = S1, named: str | None = None) -> list[Entry]:
    return act(house, MakeComment(words, proposal=P1, session=session), name, named=named)


def everybody_speaks(house: Secretariat) -> None:
    for name, words in zip(MEMBERS, SAID, strict=True):
        assert say(house, name, words) == []


def entered(house: Secretariat, kind: type[Fact] = CommentMade) -> list[Entry]:
    found = [entry for entry in house.record.entries(DIALOGUE) if isinstance(entry.fact, kind)]
    return [entry for entry in found if entry.fact.unattributed]


def words(house: Secretariat) -> list[str]:
    """What has entered, opened."""
    opened = house.custody.open(digest for entry in entered(house) for digest in entry.sealed)
    return sorted(value for _, value in opened.values())


def waiting(house: Secretariat) -> int:
    return len(house.room.waiting(DIALOGUE, lambda entry, token: house.record.stands(DIALOGUE, entry, token)))


def killed_at(house: Secretariat, place: str) -> None:
    """The next act dies there."""
    record: Any = house.record
    kept = {"before the save": record.save, "after the save": record.save, "before the note": record.room.place}[place]

    def die(*what: Any, **more: Any) -> None:
        if place == "after the save":
            kept(*what, **more)
        raise Killed

    if place == "before the note":
        record.room.place = die
    else:
        record.save = die


@pytest.mark.parametrize("place_of_death", ["before the note", "before the save", "after the save"])
@pytest.mark.parametrize("retried", [True, False], ids=["the same act again", "somebody else's act"])
def test_a_batch_cut_short_enters_once(place: Place, place_of_death: str, retried: bool) -> None:
    with place.opened() as house:
        sit(house)
        everybody_speaks(house)
        killed_at(house, place_of_death)
        with pytest.raises(Killed):
            act(house, CloseSession(S1), named="the end")
    with place.opened() as house:
        house.catch_up()
        act(house, CloseSession(S1), "Rin" if retried else "Maral", named="the end" if retried else None)
        act(house, OpenSession(M1))
        act(house, CloseSession(S2))
        assert words(house) == SAID
        assert waiting(house) == 0
        assert house.compare() == []


def test_positions_cut_short_enter_once(place: Place) -> None:
    with place.opened() as house:
        sit(house)
        act(house, CallConsensus(proposal=P1, session=S1))
        for name in MEMBERS:
            act(house, TakePosition(Q2, "agree"), name)
        killed_at(house, "after the save")
        with pytest.raises(Killed):
            act(house, DeclareOutcome(Q2), named="the end")
    with place.opened() as house:
        house.catch_up()
        act(house, DeclareOutcome(Q2), named="the end")
        [entry] = [one for one in house.record.entries(DIALOGUE) if isinstance(one.fact, PositionsEntered)]
        [(_, positions)] = house.custody.open(entry.sealed).values()
        assert len(unnamed_from(positions)) == len(MEMBERS)
        assert waiting(house) == 0


def test_sent_again_it_waits_once_under_the_same_ticket(place: Place) -> None:
    with place.opened() as house:
        sit(house)
        say(house, "Tuya", SAID[0], named="once")
        ticket = house.room.ticket(DIALOGUE, "once")
    with place.opened() as house:
        assert say(house, "Tuya", SAID[0], named="once") == []
        assert house.room.ticket(DIALOGUE, "once") == ticket
        assert waiting(house) == 1
        with pytest.raises(Conflict):
            say(house, "Tuya", SAID[1], named="once")
        with pytest.raises(Conflict):
            say(house, "Pavel", SAID[0], named="once")


def test_a_ticket_can_be_typed_after_a_command(place: Place) -> None:
    """None begins with a hyphen, which would make it an option."""
    with place.opened() as house:
        assert all(house.room.ticket(DIALOGUE, f"act {n}").isalnum() for n in range(200))


def test_what_is_said_while_the_session_is_closing_waits_for_the_next(place: Place) -> None:
    with place.opened() as one, place.opened() as other:
        sit(one)
        everybody_speaks(one)
        meanwhile(one, lambda: say(other, "Tuya", "And one more."))
        act(one, CloseSession(S1))
        assert words(one) == SAID
        assert waiting(other) == 1


def test_two_sessions_closed_at_once_let_everything_in_once(place: Place) -> None:
    with place.opened() as one, place.opened() as other:
        sit(one, sessions=2)
        everybody_speaks(one)
        for name, said in zip(MEMBERS, SAID, strict=True):
            say(one, name, f"{said} Again.", session=S2)
        meanwhile(one, lambda: act(other, CloseSession(S2)))
        act(one, CloseSession(S1))
        assert words(one) == sorted([*SAID, *(f"{said} Again." for said in SAID)])
        assert waiting(one) == 0


def test_a_dialogue_that_ends_destroys_what_waits_if_it_said_so(place: Place) -> None:
    with place.opened() as house:
        sit(house)
        say(house, "Tuya", SAID[0], named="once")
        act(house, AgreeSettings(Settings(chairs="any", waiting_at_end="destroy")))
        act(house, ConcludeDialogue())
        assert words(house) == []
        assert waiting(house) == 0
        held = house.room.receipt(house.room.ticket(DIALOGUE, "once"))
        assert held is not None
        assert held.state == "destroyed"


def meanwhile(house: Secretariat, something: Callable[[], object]) -> None:
    """Once, between the next act's decision and its saving."""
    save, left = house.record.save_acts, [something]

    def save_acts(*what: Any) -> Any:
        while left:
            left.pop()()
        return save(*what)

    house.record.save_acts = save_acts  # type: ignore[assignment,method-assign]
