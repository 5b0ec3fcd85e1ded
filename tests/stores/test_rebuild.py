"""Views that lag, break, are tampered with or belong to another record; and views made anew while others act."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest

from dialogue.amendment import AcceptAmendment
from dialogue.comment import MakeComment
from dialogue.fact import OPERATOR, Conflict, Entry, Personal, Refused
from dialogue.mandate import ProposeDialogue
from dialogue.participant import Invite
from dialogue.record import Damaged
from places import A1, P1, P2, Model, Place, act
from projections import comments, projector, views
from projections.projector import Rebuild
from projections.rows import Rows
from projections.secretariat import Secretariat
from spec import DIALOGUE, thing

POISON = "A comment that the view cannot take."


def break_view(patch: pytest.MonkeyPatch, failure: Callable[[Entry, Rows], None]) -> None:
    """Lets the view of comments fail for one comment."""

    def project(entry: Entry, rows: Rows) -> None:
        comments.project(entry, rows)
        if POISON in str(vars(entry.fact)):
            failure(entry, rows)

    patch.setitem(views.VIEWS, "comment", (project,))


def by_a_rule(entry: Entry, rows: Rows) -> None:
    raise LookupError("an invented fault")


def by_a_row(entry: Entry, rows: Rows) -> None:
    """A row that the program takes for good and the database does not."""
    for _ in range(2):
        rows.put(rows.t.mentions, id="x", entry=1, dialogue="x")


def other_dialogue(house: Secretariat) -> Any:
    dialogue = house.draw()
    form = ProposeDialogue("Another invented dialogue", "2", (Invite(("secretariat",), Personal("Jun HALE")),))
    house.execute(dialogue, form, house.moment(OPERATOR))
    return dialogue


@pytest.mark.parametrize("failure", [by_a_rule, by_a_row])
@pytest.mark.parametrize("lag", [False, True], ids=["live", "in a batch"])
def test_a_fact_that_a_view_cannot_take_breaks_its_dialogue_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch, failure: Any, lag: bool
) -> None:
    with place.opened() as house:
        with monkeypatch.context() as patch:
            break_view(patch, failure)
            if lag:
                patch.setattr(house, "catch_up", lambda: None)
            [bad] = act(house, MakeComment(POISON, proposal=P1), "Tuya")
            other = other_dialogue(house)
            act(house, MakeComment("After it.", proposal=P1), "Tuya")
            if lag:
                patch.undo()
                break_view(patch, failure)
                house.catch_up()
            with house.reading() as reading:
                assert reading.bound(other) >= 2
                broken = reading.conn.execute(reading.t.broken.select()).all()
            assert [(row.dialogue, row.entry) for row in broken] == [(str(DIALOGUE), bad.number)]
            with pytest.raises(Refused):  # what is broken is only the reading: rules see every fact
                act(house, MakeComment("On nothing.", proposal=thing("P9")), "Tuya")
            [last] = act(house, MakeComment("Still recorded.", proposal=P1), "Tuya")
            assert last.number == bad.number + 2
        house.rebuild()
        with house.reading() as reading:
            assert reading.bound(DIALOGUE) == last.number
            assert reading.conn.execute(reading.t.broken.select()).all() == []
        assert house.compare() == []


def test_what_was_folded_by_half_when_the_database_failed_is_not_folded_twice(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def fail(entry: Entry, rows: Rows) -> None:
        raise OperationalError("SELECT", {}, Exception("the connection is lost"))

    with place.opened() as house:
        act(house, MakeComment("So that this process remembers states.", proposal=P1), "Tuya")
        with monkeypatch.context() as patch:
            break_view(patch, fail)
            with pytest.raises(Exception, match="the connection"):
                act(house, MakeComment(POISON, proposal=P1), "Tuya")
        act(house, MakeComment("Again connected.", proposal=P1), "Tuya")
        assert house.compare() == []


def test_a_row_that_was_tampered_with_is_found(place: Place) -> None:
    with place.opened() as house:
        assert house.compare() == []
        place.sql("views", "UPDATE comments_a SET words = 'forged'")
        assert house.compare() == []  # there is no comment yet
        act(house, MakeComment("As it was said.", proposal=P1), "Tuya")
        place.sql("views", "UPDATE comments_a SET words = 'forged'")
        [found] = house.compare()
        assert found.startswith("comments: ")
        assert "forged" in found
        assert "As it was said." in found
        place.sql("views", "DELETE FROM comments_a")
        assert len(house.compare()) == 1
        house.rebuild()
        assert house.compare() == []


def test_rebuilt_views_are_the_live_ones_and_are_then_moved_on_by_all(place: Place) -> None:
    with place.opened() as one, place.opened() as other:
        act(other, MakeComment("Before.", proposal=P1), "Tuya")
        assert one.rebuild() == len(place.numbers())
        act(other, AcceptAmendment(A1))
        act(one, MakeComment("After.", proposal=P1), "Tuya")
        assert other.compare() == []
        one.rebuild()
        act(other, MakeComment("And again.", proposal=P2), "Tuya")
        assert one.compare() == other.compare() == []
        with other.reading() as reading:
            assert reading.bound(DIALOGUE) == len(place.numbers())


def test_a_read_that_began_before_a_rebuild_ends_as_it_began(place: Place) -> None:
    with place.opened() as reader, place.opened() as house, reader.reading() as reading:
        before = reading.bound(DIALOGUE)
        act(house, AcceptAmendment(A1))
        house.rebuild()
        assert reading.one(reading.t.proposals, P1, "proposal")["version"] == 1
        assert reading.count("proposal", DIALOGUE) == 2
        assert reading.bound(DIALOGUE) == before


@pytest.mark.parametrize("job", ["rebuild", "compare"])
def test_acts_go_on_during_a_rebuild_and_stand_in_it(place: Place, monkeypatch: pytest.MonkeyPatch, job: str) -> None:
    monkeypatch.setattr(projector, "BATCH", 4)  # so that there are many batches to act between
    with place.opened() as house, place.opened() as other:
        said: list[int] = []

        def progress(position: int) -> None:
            if len(said) < 5:
                said.append(act(other, MakeComment(f"Comment {len(said)}.", proposal=P1), "Tuya")[0].number)

        result = getattr(house, job)(progress)
        assert result == ([] if job == "compare" else place.numbers()[-1][0])
        with other.reading() as reading:
            assert reading.bound(DIALOGUE) == said[-1] == place.numbers()[-1][1]
        assert len(said) == 5
        assert other.compare() == []


def test_acts_of_another_thread_during_rebuilds_lose_nothing(place: Place) -> None:
    faults: list[BaseException] = []

    def chatter() -> None:
        try:
            with place.opened() as other:
                for turn in range(12):
                    act(other, MakeComment(f"Comment {turn}.", proposal=P1), "Tuya")
        except BaseException as fault:  # noqa: BLE001  # told to the test below
            faults.append(fault)

    with place.opened() as house:
        thread = Thread(target=chatter)
        thread.start()
        for _ in range(3):
            house.rebuild()
        thread.join()
        assert faults == []
        assert house.compare() == []
        with house.reading() as reading:
            assert reading.bound(DIALOGUE) == place.numbers()[-1][1]
            assert reading.count("comment", DIALOGUE) == 12


@pytest.mark.parametrize("first", ["rebuild", "compare"])
@pytest.mark.parametrize("second", ["rebuild", "compare"])
def test_of_two_rebuilds_at_once_the_earlier_is_told_of_the_later(place: Place, first: str, second: str) -> None:
    with place.opened() as one, place.opened() as other:
        waiting = [second]

        def progress(position: int) -> None:
            while waiting:
                getattr(other, waiting.pop())()

        with pytest.raises(Conflict, match="another rebuild"):
            getattr(one, first)(progress)
        act(one, MakeComment("All is well.", proposal=P1), "Tuya")
        assert one.compare() == []


def test_a_rebuild_that_was_killed_leaves_the_views_in_use_and_can_be_begun_again(place: Place) -> None:
    class Killed(BaseException):
        pass

    def kill(position: int) -> None:
        raise Killed

    with place.opened() as house:
        with pytest.raises(Killed):
            house.rebuild(kill)
        act(house, MakeComment("Meanwhile.", proposal=P1), "Tuya")
        assert house.rebuild() == place.numbers()[-1][0]
        assert house.compare() == []


def test_views_of_another_version_are_refused_until_they_are_rebuilt(place: Place) -> None:
    place.sql("views", "UPDATE progress_a SET version = 0")
    with place.opened() as house:
        with pytest.raises(Damaged, match="dialogue rebuild"), house.reading():
            pass
        with pytest.raises(Damaged, match="dialogue rebuild"):
            act(house, MakeComment("Shown?", proposal=P1), "Tuya", named="once")
        house.rebuild()
        [entry] = act(house, MakeComment("Shown?", proposal=P1), "Tuya", named="once")
        with house.reading() as reading:
            assert reading.bound(DIALOGUE) == entry.number == place.numbers()[-1][1]


@pytest.fixture
def restored(model: Model, place: Place) -> Place:
    """A place whose record is that of the model again, while its views and vault have gone on."""
    with place.opened() as house:
        act(house, MakeComment("Not in the backup.", proposal=P1), "Tuya")
        act(house, AcceptAmendment(A1))
    if place.postgres:
        query = f"DELETE FROM {place.events} WHERE entry > {model.place.numbers()[-1][1]}"
        for statement in ("DISABLE TRIGGER append_only", "ENABLE TRIGGER append_only"):
            place.sql("record", f"ALTER TABLE {place.events} {statement}", owner=True)
            if statement.startswith("DISABLE"):
                place.sql("record", query, owner=True)
    else:
        shutil.copy(model.place.folder / "record.db", place.folder / "record.db")
    assert place.numbers() == model.place.numbers()
    return place


def test_a_record_restored_from_an_older_backup_than_its_views_is_told_and_takes_no_act(restored: Place) -> None:
    before = restored.numbers()
    with restored.opened() as house:
        with pytest.raises(Damaged, match=r"older backup.*dialogue rebuild"):
            act(house, MakeComment("On what?", proposal=P1), "Tuya")
        with pytest.raises(Damaged, match=r"older backup.*dialogue rebuild"), house.reading():
            pass
        assert restored.numbers() == before
        house.rebuild()
        [entry] = act(house, MakeComment("On the record.", proposal=P1), "Tuya")
        assert entry.number == before[-1][1] + 1
        assert house.compare() == []


def test_a_comparison_with_a_restored_record_ends_and_says_so(restored: Place) -> None:
    with restored.opened() as house, pytest.raises(Damaged, match=r"older backup.*dialogue rebuild"):
        house.compare()


def test_a_restored_record_that_has_gone_on_is_told_from_the_one_that_was_seen(restored: Place) -> None:
    with restored.opened() as house:
        house.rebuild()
        for turn in range(5):  # past the place that the lost views had reached
            act(house, MakeComment(f"Comment {turn}.", proposal=P1), "Tuya")
        leaf = "0" * 64  # as the lost views would have it
        current = restored.sql("views", "SELECT current FROM generation")[0][0]
        restored.sql("views", f"UPDATE progress_{current} SET leaf = '{leaf}'")
        with pytest.raises(Damaged, match="older backup"):
            house.catch_up()


@pytest.mark.parametrize("model", ["postgres"], indirect=True)  # a file is not exchanged under a running process
def test_a_running_process_notices_that_the_record_under_it_was_restored(model: Model, place: Place) -> None:
    with place.opened() as house:
        [lost] = act(house, MakeComment("Lost in a failover.", proposal=P1), "Tuya")
        place.sql("record", f"ALTER TABLE {place.events} DISABLE TRIGGER append_only", owner=True)
        place.sql("record", f"DELETE FROM {place.events} WHERE entry = {lost.number}", owner=True)
        with pytest.raises(Damaged):
            act(house, MakeComment("On what was lost?", proposal=P1), "Tuya")
        assert place.numbers() == model.place.numbers()


def test_every_rebuild_has_a_name_of_its_own(place: Place) -> None:
    with place.opened() as house:
        names = {Rebuild(house.stores, house.pointer, house.generations, house.record).name for _ in range(50)}
    assert len(names) == 50
