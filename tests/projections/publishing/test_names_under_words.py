"""Whose name stands under which words (domain.md, rule 1)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from accord import changed, corrected, names, page, signature, signed
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.fact import Personal, Refused, Unknown
from dialogue.releasing import IssueCorrection
from dialogue.ruling import ChallengeRuling, RuleOnChange
from dialogue.signing import ObjectToChange, ReaffirmEndorsement, WithdrawEndorsement
from door import Door
from house import House
from projections import documents, signatories
from projections.audience import PUBLIC
from projections.publishing import publication


def test_publication_waits_out_the_notice_of_an_editorial_change(house: House) -> None:
    signed(house, "Tuya")
    corrected(house)
    assert (page(house).edition, names(page(house))) == (1, ["Tuya ENKH"])
    with pytest.raises(Refused, match="may object to the changes of edition 2 until 2025-03-06 09"):
        page(house, edition=2)
    house.wait(hours=73)
    found = page(house)
    assert (found.edition, names(found)) == (2, ["Tuya ENKH"])
    assert found.corrections == ("Edition 2, recommendation 1: a stop too few",)


def test_whoever_signs_the_corrected_edition_need_not_be_waited_for(house: House) -> None:
    corrected(house)
    signed(house, "Tuya")
    assert (page(house).edition, names(page(house))) == (2, ["Tuya ENKH"])
    assert names(page(house, edition=1)) == []


def test_an_objection_in_time_lapses_that_one_signature_under_the_changed_edition_only(house: House) -> None:
    signed(house, "Tuya")
    signed(house, "Pavel")
    corrected(house)
    house.act(ObjectToChange(signature(house, "Tuya")), by="Tuya")
    house.wait(hours=73)
    assert names(page(house)) == ["Павел ОРЛИН"]
    assert names(page(house, edition=1)) == ["Tuya ENKH", "Павел ОРЛИН"]


def test_the_list_of_signatories_is_had_of_any_edition_with_who_may_still_object(house: House) -> None:
    for name in ("Tuya", "Pavel", "Lin"):
        signed(house, name)
    house.act(WithdrawEndorsement(signature(house, "Tuya")), by="Tuya")
    corrected(house)
    house.act(ReaffirmEndorsement(signature(house, "Lin")), by="Lin")
    changed(house)
    house.act(ReaffirmEndorsement(signature(house, "Lin")), by="Lin")
    signed(house, "Bora")

    def listed(edition: int | None = None, **more: Any) -> list[tuple[str, str, int]]:
        with house.reading() as reading:
            found = signatories.page(reading, house.thing("D1"), version=edition, **more).items
        return [(one["name"], one["standing"], one["version"]) for one in found]

    tuya, pavel = ("Tuya ENKH", "withdrawn", 1), ("Павел ОРЛИН", "stands", 1)
    assert listed(1) == [tuya, pavel, ("林 静海", "stands", 1)]
    assert listed(2) == [tuya, pavel, ("林 静海", "stands", 2)]
    assert listed(2, standing="withdrawn") == [tuya]
    assert listed(3) == listed() == [tuya, (pavel[0], "lapsed", 1), ("林 静海", "stands", 3), ("KIM Bora", "stands", 3)]
    for edition in (0, 4):
        with pytest.raises(Unknown):
            listed(edition)
    where = ("signatories", "--document", "D1", "--in", str(house.dialogue))
    with house.reading() as reading:
        bound = reading.bound(house.dialogue)
    told = house.run(*where, "--edition", "2", "--as-of", str(bound)).stdout
    assert "Павел ОРЛИН [personal; signed edition 1; may object to what changed until 2025-03-06 09:" in told
    assert "Withdrawn\nN5   Tuya ENKH – Former Envoy for Rivers [signed edition 1]" in told
    with house.reading(bound) as reading:
        reading.audience = PUBLIC
        public = [one["name"] for one in signatories.page(reading, house.thing("D1"), version=2).items]
    assert "林 静海" in public
    assert "Павел ОРЛИН" not in public, "the name stands there only once it can no longer be objected to"
    refused = house.run(*where, "--reader", "public")
    assert (refused.exit_code, "dialogue publish --reader public" in refused.stderr) == (1, True)
    door = Door(house)
    answer = door.shown("documents/D1/signatories?edition=2", by="Office")
    assert [one["until"] is None for one in answer["items"]] == [True, False, True]


def test_an_objection_while_two_notices_run_takes_the_name_from_both_editions(house: House) -> None:
    for name in ("Tuya", "Pavel"):
        signed(house, name)
    corrected(house)
    house.wait(hours=50)
    corrected(house, "Keep one line open?")
    house.act(ObjectToChange(signature(house, "Tuya")), by="Tuya")
    house.wait(hours=30)
    house.act(ObjectToChange(signature(house, "Pavel")), by="Pavel")  # the first notice is over
    house.wait(hours=50)
    assert names(page(house, edition=1)) == ["Tuya ENKH", "Павел ОРЛИН"]
    assert names(page(house, edition=2)) == ["Павел ОРЛИН"]
    assert names(page(house, edition=3)) == []


def test_a_substantive_change_takes_every_name_away_until_reaffirmed(house: House) -> None:
    signed(house, "Tuya")
    signed(house, "Pavel")
    changed(house)
    assert names(page(house)) == []
    house.act(ReaffirmEndorsement(signature(house, "Pavel")), by="Pavel")
    assert names(page(house)) == ["Павел ОРЛИН"]
    assert names(page(house, edition=1)) == ["Tuya ENKH", "Павел ОРЛИН"]


def test_under_an_older_edition_editorial_changes_count_as_they_were_ruled(house: House) -> None:
    signed(house, "Tuya")
    corrected(house)
    house.wait(hours=73)
    changed(house)
    assert names(page(house, edition=2)) == ["Tuya ENKH"]
    assert names(page(house, edition=3)) == []


def test_a_ruling_overturned_takes_the_names_away_that_rested_on_it(house: House) -> None:
    signed(house, "Tuya")
    corrected(house)
    house.wait(hours=73)
    house.act(ChallengeRuling(house.thing("R2"), "it says more"), by="Pavel")
    [called] = house.act(CallConsensus(about="ruling", ruling=house.thing("R2")))
    for name in ("Rin", "Maral", "Tuya", "Pavel", "Seoyun", "Haneul", "Bora", "Lin"):
        house.act(TakePosition(called.stream, "agree"), by=name)
    assert names(page(house)) == ["Tuya ENKH"]
    house.act(DeclareOutcome(called.stream))
    assert names(page(house)) == []


def test_an_edition_is_listed_by_the_kind_of_change_that_it_is_ruled_to_be(house: House) -> None:
    def changes() -> list[str | None]:
        with house.reading() as reading:
            return [one["change"] for one in documents.one(reading, house.thing("D1"))["editions"]]

    corrected(house)
    changed(house)
    assert changes() == [None, "editorial", "substantive"]
    house.act(RuleOnChange("substantive", "it says more", house.thing("P1"), version=2))
    assert changes() == [None, "substantive", "substantive"]


def test_a_withdrawn_signature_leaves_every_list(house: House) -> None:
    entry = signed(house, "Tuya")
    house.act(WithdrawEndorsement(signature(house, "Tuya")), by="Tuya")
    assert names(page(house)) == []
    assert names(page(house, as_of=entry)) == ["Tuya ENKH"]


def test_a_signature_reaffirmed_and_then_withdrawn_leaves_the_lists_of_all_editions(house: House) -> None:
    signed(house, "Tuya")
    changed(house)
    house.act(ReaffirmEndorsement(signature(house, "Tuya")), by="Tuya")
    assert [names(page(house, edition)) for edition in (1, 2)] == [["Tuya ENKH"], ["Tuya ENKH"]]
    house.act(WithdrawEndorsement(signature(house, "Tuya")), by="Tuya")
    assert [names(page(house, edition)) for edition in (1, 2)] == [[], []]


def test_a_corrected_line_is_printed_from_its_edition_on(house: House) -> None:
    entry = signed(house, "Tuya", descriptor=Personal("Former Envoi"))
    command = IssueCorrection(
        house.thing("D1"), "misspelt", endorsement=signature(house, "Tuya"), descriptor=Personal("Former Envoy")
    )
    house.act(command, by="Office")
    assert page(house).signatories[0].descriptor == "Former Envoy"
    assert page(house).corrections == ("Edition 2, list of signatories: misspelt",)
    assert page(house, edition=1).signatories[0].descriptor == "Former Envoi"
    assert page(house, as_of=entry).signatories[0].descriptor == "Former Envoi"


def test_a_list_under_an_editorial_change_does_not_walk_through_all_that_mentions_its_text(house: House) -> None:
    signed(house, "Tuya")
    corrected(house)
    asked: list[str] = []
    with house.reading() as reading:
        event.listen(reading.conn, "before_cursor_execute", lambda *said: asked.append(said[2]))
        for subject in ("P1", "D1"):
            signatories.page(reading, house.thing(subject))
        publication(reading, house.dialogue, house.thing("D1"), 1)
    assert any("endorsements" in one for one in asked)
    assert not [one for one in asked if "mentions" in one]
