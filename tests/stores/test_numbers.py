"""Entry numbers, ids and acts: dense, in commit order, and once."""

from __future__ import annotations

from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError

from dialogue.comment import MakeComment
from dialogue.drafting import SubmitProposal
from dialogue.fact import OPERATOR, Conflict, Personal, Refused
from dialogue.mandate import ProposeDialogue
from dialogue.participant import Invite
from places import P1, SECRET, WORDS, Place, act, leaves, types
from projections.stores import StoreFailed
from spec import DIALOGUE, who


def office(name: str) -> tuple[Invite, ...]:
    """The one officer of a small dialogue."""
    return (Invite(("secretariat",), Personal(name)),)


def test_entries_count_from_one_and_ids_from_one_over_all_dialogues(place: Place) -> None:
    with place.opened() as house:
        other = house.draw()
        for turn in range(3):
            if not turn:
                moment = house.moment(OPERATOR)
                house.execute(other, ProposeDialogue("Another invented dialogue", "2", office("Jun HALE")), moment)
            act(house, MakeComment(f"Comment {turn}.", proposal=P1), "Tuya")
    ids = [id for (id,) in place.sql("record", f"SELECT {place.position} FROM {place.events} ORDER BY 1")]
    assert ids == list(range(1, len(ids) + 1))
    mine = [entry for _, entry in place.numbers()]
    assert mine == list(range(1, len(mine) + 1))
    assert len(mine) < len(ids)


def test_refused_conflicting_and_failed_acts_burn_no_number(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = place.numbers()[-1]
    with place.opened() as house:
        act(house, MakeComment("One.", proposal=P1), "Tuya", named="used")
        with pytest.raises(Refused):
            act(house, SubmitProposal("", ""), "Tuya")
        with pytest.raises(Conflict):
            act(house, MakeComment("Another.", proposal=P1), "Tuya", named="used")
        entry = next(house.record.entries(DIALOGUE, before[1]))
        with pytest.raises(IntegrityError):  # decided on an older head: the database itself says no
            house.record.save(
                entry, dialogue=DIALOGUE, head=before[1] - 1, acts=["late"], places=[1], texts={"0" * 64: b"never"}
            )
        assert house.record.rows.text("0" * 64) is None
        act(house, MakeComment("Two.", proposal=P1), "Tuya")
    assert place.numbers()[-1] == (before[0] + 2, before[1] + 2)


def test_versions_of_a_stream_count_from_one(place: Place) -> None:
    query = f"SELECT originator_id, originator_version FROM {place.events} ORDER BY {place.position}"
    streams: dict[object, int] = {}
    for stream, version in place.sql("record", query):
        streams[stream] = streams.get(stream, 0) + 1
        assert version == streams[stream]
    assert max(streams.values()) > 1


def test_several_acts_in_one_save_are_numbered_in_their_order(place: Place) -> None:
    start = place.numbers()[-1]
    with place.opened() as house:
        acts = [(MakeComment(f"Comment {n}.", proposal=P1), house.moment(who("Tuya"))) for n in range(25)]
        answers = house.execute_all(DIALOGUE, acts)
    assert [entry.number for [entry] in answers] == list(range(start[1] + 1, start[1] + 26))
    assert place.numbers()[-25:] == [(start[0] + n, start[1] + n) for n in range(1, 26)]


def test_all_of_several_acts_or_none(place: Place) -> None:
    before = place.numbers()
    with place.opened() as house:
        good = (MakeComment("Good.", proposal=P1), house.moment(who("Tuya")))
        bad = (MakeComment("Bad.", proposal=house.draw()), house.moment(who("Tuya")))
        with pytest.raises(Refused):
            house.execute_all(DIALOGUE, [good, bad])
        assert place.numbers() == before
        assert house.compare() == []


def test_the_same_act_again_gives_the_same_answer_and_records_nothing(place: Place) -> None:
    proposal = SubmitProposal("Lamps", "Light the lamps.")
    with place.opened() as house:
        first = act(house, proposal, "Tuya", named="lamps")
        count = len(place.numbers())
        again = act(house, proposal, "Tuya", named="lamps")
        assert leaves(house, again) == leaves(house, first)
        assert types(again) == types(first)
    with place.opened() as another:
        assert [e.number for e in act(another, proposal, "Tuya", named="lamps")] == [e.number for e in first]
    assert len(place.numbers()) == count


@pytest.mark.parametrize(
    ("command", "by", "given"),
    [
        (SubmitProposal("Lamps", "Put out the lamps."), "Tuya", {}),
        (SubmitProposal("Lamps", "Light the lamps."), "Pavel", {}),
        (SubmitProposal("Lamps", "Light the lamps."), "Tuya", {"basis": "letter"}),
        (MakeComment("Light the lamps.", proposal=P1), "Tuya", {}),
    ],
    ids=["other words", "another actor", "another basis", "another command"],
)
def test_the_same_act_id_for_something_else_is_a_conflict(place: Place, command: Any, by: str, given: Any) -> None:
    with place.opened() as house:
        act(house, SubmitProposal("Lamps", "Light the lamps."), "Tuya", named="lamps")
        count = len(place.numbers())
        with pytest.raises(Conflict, match="lamps"):
            act(house, command, by, named="lamps", **given)
    assert len(place.numbers()) == count


def test_an_act_with_another_name_in_it_is_another_act(place: Place) -> None:
    with place.opened() as house:
        act(house, Invite(name=Personal(SECRET)), "Office", named="invitation")
        with pytest.raises(Conflict):
            act(house, Invite(name=Personal("Somebody else")), "Office", named="invitation")
        with pytest.raises(Conflict):
            act(house, Invite(family=Personal(SECRET)), "Office", named="invitation")
        dialogue, moment = house.draw(), house.moment(OPERATOR, act="form")
        house.execute(dialogue, ProposeDialogue("One", "2", office(SECRET)), moment)
        with pytest.raises(Conflict):
            house.execute(dialogue, ProposeDialogue("One", "2", office("Not they")), moment)


def test_an_act_whose_acknowledgement_was_lost_is_answered_and_recorded_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.opened() as house:
        recorder: Any = house.record.recorder
        insert, lost = type(recorder).insert_events, ["once"]

        def insert_events(self: Any, *facts: Any, **kept: Any) -> Any:
            ids = insert(self, *facts, **kept)
            if lost:
                raise OperationalError(lost.pop())
            return ids

        monkeypatch.setattr(type(recorder), "insert_events", insert_events)
        before = len(place.numbers())
        [entry] = act(house, MakeComment("Heard?", proposal=P1), "Tuya", named="lost")
        assert entry.number == before + 1 == len(place.numbers())
        assert leaves(house, [entry]) == house.record.rows.act(DIALOGUE, "lost")
        assert house.compare() == []


def test_an_act_that_could_not_be_saved_is_not_acknowledged(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with place.opened() as house:
        before = place.numbers()

        def insert_events(*facts: Any, **kept: Any) -> Any:
            raise OperationalError("database or disk is full")

        with monkeypatch.context() as full:
            full.setattr(type(house.record.recorder), "insert_events", insert_events)
            with pytest.raises(StoreFailed, match="make some and try again"):
                act(house, MakeComment("Room?", proposal=P1), "Tuya", named="full")
        assert place.numbers() == before
        [entry] = act(house, MakeComment("Room?", proposal=P1), "Tuya", named="full")
        assert entry.number == before[-1][1] + 1


def test_a_text_stands_in_the_store_of_texts_once(place: Place) -> None:
    with place.opened() as house:
        act(house, SubmitProposal("Again", WORDS), "Pavel")
    assert len({row[0] for row in place.sql("record", "SELECT sha256 FROM texts")}) == len(
        place.sql("record", "SELECT sha256 FROM texts")
    )
