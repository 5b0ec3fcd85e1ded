"""Bad interleavings, forced: somebody acts between another's decision and its saving, or before the views know.

Each of two processes is an installation opened by itself, so that nothing is shared but the stores.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from dialogue.amendment import AcceptAmendment, ProposeAmendment
from dialogue.comment import MakeComment
from dialogue.consensus import DeclareOutcome, TakePosition
from dialogue.drafting import ReviseProposal
from dialogue.fact import Command, Conflict, Refused
from dialogue.signing import GiveEndorsement
from places import A1, A2, P1, P2, Q1, WORDS, Place, act, leaves, types
from projections.secretariat import Secretariat
from spec import DIALOGUE, thing


def before_saving(secretariat: Secretariat, meanwhile: Callable[[], object]) -> None:
    """Once, when the next act has been decided and is about to be saved, something happens meanwhile."""
    save = secretariat.record.save_acts
    waiting = [meanwhile]

    def save_acts(*what: object) -> object:
        while waiting:
            waiting.pop()()
        return save(*what)  # type: ignore[arg-type]

    secretariat.record.save_acts = save_acts  # type: ignore[assignment,method-assign]


def without_views(secretariat: Secretariat) -> Secretariat:
    """A process that dies, each time, between saving and the views."""
    secretariat.catch_up = lambda: None  # type: ignore[method-assign]
    return secretariat


@pytest.mark.parametrize(
    ("by", "command", "meanwhile", "code"),
    [
        ("Tuya", GiveEndorsement(proposal=P1, version=1, publish=True), AcceptAmendment(A1), "outdated"),
        ("Pavel", TakePosition(Q1, "agree"), AcceptAmendment(A2), "closed"),
        ("Rin", DeclareOutcome(Q1), AcceptAmendment(A2), "closed"),
    ],
    ids=["a signature", "a position", "a declaration"],
)
def test_what_was_decided_before_an_amendment_was_accepted_is_decided_again_and_refused(
    place: Place, by: str, command: Command, meanwhile: Command, code: str
) -> None:
    with place.opened() as one, place.opened() as other:
        before_saving(one, lambda: act(other, meanwhile))
        with pytest.raises(Refused) as refusal:
            act(one, command, by)
    assert refusal.value.code == code
    last = place.numbers()[-1][1]
    with place.opened() as later:
        assert "TextAmended" in types(list(later.record.entries(DIALOGUE, last - 2)))
        assert later.compare() == []


def test_a_signature_for_whatever_is_current_is_decided_again_for_the_new_text(place: Place) -> None:
    with place.opened() as one, place.opened() as other:
        before_saving(one, lambda: act(other, AcceptAmendment(A1)))
        [entry] = act(one, GiveEndorsement(proposal=P1, publish=True), "Tuya")
    assert entry.fact.version == 2
    assert [n for _, n in place.numbers()] == list(range(1, entry.number + 1))


def test_an_objection_that_comes_before_the_declaration_is_saved_is_counted(place: Place) -> None:
    with place.opened() as one, place.opened() as other:
        before_saving(one, lambda: act(other, TakePosition(Q1, "object", "They would be stolen."), "Pavel"))
        entries = act(one, DeclareOutcome(Q1))
    assert types(entries) == ["ConsensusNotReached"]


def test_two_positions_of_one_participant_are_a_position_and_its_change(place: Place) -> None:
    with place.opened() as one, place.opened() as other:
        before_saving(one, lambda: act(other, TakePosition(Q1, "abstain"), "Pavel"))
        [changed] = act(one, TakePosition(Q1, "agree"), "Pavel")
        assert changed.version == 2
        with one.reading() as reading:
            assert reading.one(reading.t.positions, changed.stream, "position")["name"] == "agree"


def test_an_act_that_is_overtaken_again_and_again_is_decided_each_time(place: Place) -> None:
    with place.opened() as one, place.opened() as other:

        def overtake(times: int) -> None:
            act(other, MakeComment(f"Comment {times}.", proposal=P2), "Seoyun")
            if times > 1:
                before_saving(one, lambda: overtake(times - 1))

        before_saving(one, lambda: overtake(3))
        [mine] = act(one, MakeComment("The last.", proposal=P1), "Tuya")
    numbers = [entry for _, entry in place.numbers()]
    assert numbers == list(range(1, mine.number + 1))


def test_acts_see_what_others_saved_though_the_views_do_not_yet(place: Place) -> None:
    with place.opened() as other, place.opened() as one:
        act(one, MakeComment("So that this process remembers states.", proposal=P1), "Seoyun")
        act(without_views(other), AcceptAmendment(A1))
        with pytest.raises(Refused) as refusal:
            act(one, GiveEndorsement(proposal=P1, version=1, publish=True), "Tuya")
        assert refusal.value.code == "outdated"
        [entry] = act(one, GiveEndorsement(proposal=P1, publish=True), "Tuya")
        assert entry.fact.version == 2
        assert one.compare() == []


def test_reads_after_an_act_show_what_others_saved_before_it(place: Place) -> None:
    with place.opened() as other, place.opened() as one:
        [hidden] = act(without_views(other), ProposeAmendment(P2, "Share no places of buoys."), "Tuya")
        [mine] = act(one, MakeComment("Seen.", proposal=P2), "Seoyun")
        assert mine.number == hidden.number + 1
        with one.reading() as reading:
            assert reading.bound(DIALOGUE) == mine.number
            assert reading.row(reading.t.amendments, thing("A3")) is not None


def test_what_two_processes_save_by_turns_without_views_is_decided_on_the_record(place: Place) -> None:
    with place.opened() as first, place.opened() as second:
        houses = [without_views(first), without_views(second)]
        for turn in range(6):
            act(houses[turn % 2], ReviseProposal(P1, f"{WORDS} Turn {turn}."), "Tuya")
        with pytest.raises(Refused):
            act(houses[0], ReviseProposal(P1, f"{WORDS} Turn 5."), "Pavel")
    with place.opened() as later:
        later.catch_up()
        assert later.compare() == []
        with later.reading() as reading:
            assert reading.one(reading.t.proposals, P1, "proposal")["version"] == 7


def test_an_act_saved_by_two_processes_under_one_id_is_recorded_once(place: Place) -> None:
    comment = MakeComment("Said once.", proposal=P1)
    with place.opened() as one, place.opened() as other:
        answers = []
        before_saving(one, lambda: answers.append(act(other, comment, "Tuya", named="one id")))
        answers.append(act(one, comment, "Tuya", named="one id"))
        assert leaves(one, answers[0]) == leaves(other, answers[1])
        assert [e.number for e in answers[0]] == [e.number for e in answers[1]]
    query = f"SELECT count(*) FROM {place.events} WHERE act = ?"
    assert place.sql("record", query, "one id") == [(1,)]


def test_an_act_kept_by_two_processes_under_one_id_with_other_content_is_a_conflict(place: Place) -> None:
    with closing(place.open()) as one, closing(place.open()) as other:
        before_saving(one, lambda: act(other, MakeComment("One thing.", proposal=P1), "Tuya", named="one id"))
        with pytest.raises(Conflict, match="one id"):
            act(one, MakeComment("Another thing.", proposal=P1), "Tuya", named="one id")
    assert place.sql("record", f"SELECT count(*) FROM {place.events} WHERE act = ?", "one id") == [(1,)]
