"""The deliberation told entry by entry, with texts and signatories that moved; and lines that come at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dialogue.amendment import AcceptAmendment, ProposeAmendment
from dialogue.document import Group
from dialogue.drafting import MergeProposals, ReviseProposal, SubmitProposal
from dialogue.endorsement import endorsement_id
from dialogue.issuing import DraftDocument, IssueEdition, OpenForSignature, OrderItems, ReviseDocument
from dialogue.mandate import GrantMandate
from dialogue.ruling import RuleOnChange
from dialogue.signing import GiveEndorsement, ObjectToChange, ReaffirmEndorsement, WithdrawEndorsement
from house import House
from projections.compare import marked_up_plain
from projections.replay import Step, replay
from projections.sentences import FIRST_PAGE
from projections.timeline import log

WORDS = "Open one hotline."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def steps(house: House, start: int = 1, stop: int | None = None) -> list[Step]:
    with house.reading() as reading:
        return list(replay(reading, house.dialogue, start, stop))


def head(house: House) -> int:
    with house.reading() as reading:
        return reading.bound(house.dialogue)


def lists(house: House, start: int) -> list[tuple[str, str, int, tuple[str, ...]]]:
    return [
        (one.subject, one.movement, one.number, one.names) for step in steps(house, start) for one in step.signatories
    ]


def movements(house: House, start: int, stop: int | None = None) -> list[tuple[str, str | None, str]]:
    found = [step.moved for step in steps(house, start, stop) if step.moved]
    return [(moved.what, moved.before, marked_up_plain(moved.changes)) for moved in found]


def signed(house: House, *people: str) -> None:
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.act(OpenForSignature(proposal=house.thing("P1")))
    for person in people:
        house.act(GiveEndorsement(proposal=house.thing("P1")), by=person)


def signature(house: House, person: str, handle: str = "P1") -> Any:
    return endorsement_id(house.dialogue, house.person(person), house.thing(handle))


def test_a_text_that_moved_is_shown_marked_up(house: House) -> None:
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    last = head(house)
    house.act(ProposeAmendment(house.thing("P1"), "Open two hotlines."), by="Lin")
    house.act(AcceptAmendment(house.thing("A1")))
    [begun] = movements(house, last, last)
    assert begun == ("P1 (version 1)", None, "{+Open one hotline.+}")
    changed = "Open [-one hotline-]{+two hotlines+}."
    assert movements(house, last + 1) == [
        ("amendment A1 to P1", "P1 (version 1)", changed),
        ("P1 (version 2)", "P1 (version 1)", changed),
    ]


def test_a_merged_text_is_compared_with_all_that_went_into_it(house: House) -> None:
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.act(SubmitProposal("Drills", "Hold drills."), by="Lin")
    house.act(MergeProposals((house.thing("P1"), house.thing("P2")), "Both", f"{WORDS}\n\nHold yearly drills."))
    moved = steps(house, head(house))[0].moved
    assert moved is not None
    assert (moved.before, marked_up_plain(moved.changes)) == ("P1 and P2", f"{WORDS}\n\nHold {{+yearly +}}drills.")


def test_a_preamble_that_moved_is_shown_marked_up(house: House) -> None:
    house.act(DraftDocument("Waters", preamble="We met."), by="Office")
    house.act(ReviseDocument(house.thing("D1"), preamble="We met twice."), by="Office")
    moved = steps(house, head(house))[0].moved
    assert moved is not None
    assert (moved.what, marked_up_plain(moved.changes)) == ("the preamble of D1", "We met{+ twice+}.")


def test_signatories_are_told_as_they_join_reaffirm_and_withdraw(house: House) -> None:
    signed(house)
    last = head(house)
    house.act(GiveEndorsement(proposal=house.thing("P1")), by="Haneul")
    house.act(ReviseProposal(house.thing("P1"), "Open two hotlines."), by="Tuya")
    house.act(ReaffirmEndorsement(signature(house, "Haneul")), by="Haneul")
    house.act(WithdrawEndorsement(signature(house, "Haneul")), by="Haneul")
    assert lists(house, last + 1) == [
        ("P1", "joined", 1, ("KIM Haneul",)),
        ("P1", "lapsed", 1, ("KIM Haneul",)),
        ("P1", "reaffirmed", 1, ("KIM Haneul",)),
        ("P1", "withdrew", 1, ("KIM Haneul",)),
    ]


def test_a_change_ruled_editorial_in_the_same_act_makes_no_signature_lapse(house: House) -> None:
    signed(house, "Haneul", "Bora")
    last = head(house)
    house.act(ProposeAmendment(house.thing("P1"), "Open 1 hotline."), by="Lin")
    house.act(AcceptAmendment(house.thing("A1"), change="editorial", reason="a figure"))
    assert lists(house, last + 1) == []


def test_only_signatures_that_stood_lapse_and_a_later_ruling_lets_them_stand_again(house: House) -> None:
    signed(house, "Haneul", "Bora", "Lin")
    house.act(WithdrawEndorsement(signature(house, "Lin")), by="Lin")
    last = head(house)
    house.act(ReviseProposal(house.thing("P1"), "Open 1 hotline."), by="Tuya")
    house.act(RuleOnChange("editorial", "a figure", house.thing("P1")))
    house.act(ObjectToChange(signature(house, "Bora")), by="Bora")
    house.act(ReviseProposal(house.thing("P1"), "Open 2 hotlines."), by="Tuya")
    assert lists(house, last + 1) == [
        ("P1", "lapsed", 2, ("KIM Haneul", "KIM Bora")),
        ("P1", "stand again", 2, ("KIM Haneul", "KIM Bora")),
        ("P1", "objected", 1, ("KIM Bora",)),
        ("P1", "lapsed", 1, ("KIM Haneul",)),
    ]


def test_signatures_of_a_document_lapse_with_an_edition_that_differs_in_substance(house: House) -> None:
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.act(DraftDocument("Waters"), by="Office")
    house.act(OrderItems(house.thing("D1"), (Group("Seas", (house.thing("P1"),)),)), by="Office")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    house.act(OpenForSignature(house.thing("D1")))
    house.act(GiveEndorsement(document=house.thing("D1")), by="Haneul")
    house.act(ReviseProposal(house.thing("P1"), "Open two hotlines."), by="Tuya")
    last = head(house)
    house.act(IssueEdition(house.thing("D1")), by="Office")
    assert lists(house, last + 1) == [("D1", "lapsed", 1, ("KIM Haneul",))]


def test_a_line_shows_both_times_who_entered_it_and_on_what_basis(house: House) -> None:
    signed(house)
    house.wait(hours=50)
    house.act(
        GiveEndorsement(proposal=house.thing("P1")),
        by="Haneul",
        recordedby="Office",
        basis="letter",
        time=house.now - timedelta(hours=20),
    )
    with house.reading() as reading:
        before, line = list(log(reading, house.dialogue))[-2:]
    assert (line.actor, line.enteredby, line.basis) == ("KIM Haneul", "Jonas HOLT", "letter")
    assert line.recordedtime is not None
    assert line.time < line.recordedtime
    assert (before.recordedtime, before.enteredby, before.basis) == (None, None, None)


def test_an_act_outside_the_mandate_is_flagged(house: House) -> None:
    house.act(GrantMandate("2025-02", "2025-03"), by="Steering")
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.wait(days=60)
    house.act(SubmitProposal("Drills", "Hold drills."), by="Tuya")
    with house.reading() as reading:
        assert [line.outside for line in log(reading, house.dialogue)][-2:] == [False, True]


@pytest.mark.parametrize("told", [log, replay])
def test_the_first_line_comes_after_one_small_page_of_the_record(
    house: House, told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2 * FIRST_PAGE):
        house.act(SubmitProposal(f"Item {number}", WORDS), by="Tuya")
    recorder: Any = house.secretariat.record.recorder
    honest, read = recorder.leaves, []

    def counting(*asked: Any) -> Any:
        leaves = honest(*asked)
        read.append(len(leaves))
        return leaves

    monkeypatch.setattr(recorder, "leaves", counting)
    with house.reading() as reading:
        lines = told(reading, house.dialogue)
        next(lines)
        assert read == [FIRST_PAGE]
        assert len(list(lines)) == head(house) - 1
    assert len(read) > 1


def test_a_log_can_be_asked_for_by_entries_and_in_the_past(house: House) -> None:
    signed(house)
    last = head(house)
    with house.reading() as reading:
        assert [line.entry for line in log(reading, house.dialogue, last - 3, last - 1)] == [
            last - 3,
            last - 2,
            last - 1,
        ]
        assert [line.entry for line in log(reading, house.dialogue, 3, limit=2)] == [3, 4]
    with house.reading(last - 2) as reading:
        assert [line.entry for line in log(reading, house.dialogue, last - 3)] == [last - 3, last - 2]
