"""Real practice as stories, told through the whole house: acts, views and what readers see."""

import re
from datetime import timedelta
from fractions import Fraction
from html import unescape as html_unescaped
from pathlib import Path
from typing import Any

import pytest

from dialogue.acts import COMMANDS
from dialogue.amendment import AcceptAmendment, ProposeAmendment
from dialogue.consensus import CallConsensus, DeclareOutcome, SetAsideOutcome, TakePosition
from dialogue.document import Group
from dialogue.drafting import MergeProposals, SubmitProposal
from dialogue.endorsement import endorsement_id
from dialogue.fact import Personal, Refused
from dialogue.issuing import (
    AttachMinorityView,
    DraftDocument,
    IssueEdition,
    OpenForSignature,
    OrderItems,
    ReviseDocument,
)
from dialogue.mandate import Settings
from dialogue.participant import Invite
from dialogue.procedure import Procedure
from dialogue.releasing import PublishDocument
from dialogue.ruling import RuleOnChange
from dialogue.signing import ConfirmEndorsement, GiveEndorsement, ObjectToChange
from house import House
from projections.explaining import explained
from projections.publish import html, json_, markdown
from projections.publish.publication import Publication
from projections.publishing import publication
from projections.readiness import ready
from projections.standing import standing

SILENCE = Procedure("silence")
FORMATS = (markdown.render, html.render, json_.render)


@pytest.fixture
def house(tmp_path: Path) -> Any:
    house = House(tmp_path)
    house.act(SubmitProposal("Hotlines", "Open one hotline.\n\nKeep it open at all times."), by="Tuya")
    yield house
    house.close()


def call_silence(house: House) -> Any:
    expires = house.now + timedelta(hours=73)
    house.act(CallConsensus(proposal=house.thing("P1"), procedure=SILENCE, expires=expires))
    return expires


def status(house: House, table: str, handle: str) -> Any:
    with house.reading() as reading:
        row = reading.row(getattr(reading.t, table), house.thing(handle))
        assert row is not None
        return row["status"]


def names(house: House, subject: Any) -> dict[str, str]:
    """Who signed the subject, and whether each signature stands."""
    with house.reading() as reading:
        on = reading.row(reading.t.proposals, subject) or reading.row(reading.t.documents, subject)
        assert on is not None
        rows = list(reading.all(reading.t.endorsements, "endorsement", house.dialogue, parent=subject))
        return {row["participant"]: standing(row, on["substantive"]) for row in rows}


def published(house: House, document: Any, edition: int | None = None) -> Publication:
    """The document as anybody is sent it."""
    with house.reading() as reading:
        return publication(reading, house.dialogue, document, edition)


def test_an_amendment_breaks_the_silence_on_the_text_it_amends(house: House) -> None:
    call_silence(house)
    house.act(ProposeAmendment(house.thing("P1"), "Open two hotlines.\n\nKeep it open at all times."), by="Haneul")
    assert status(house, "calls", "Q1") == "broken"
    with house.reading() as reading:
        assert "broken by entry" in explained(reading, house.thing("Q1"))["sentence"]


def test_an_objection_mailed_before_expiry_and_entered_before_the_declaration_breaks_the_silence(house: House) -> None:
    expires = call_silence(house)
    house.wait(hours=80)
    mailed = {"time": expires, "basis": "email", "recordedby": "Office"}
    house.act(TakePosition(house.thing("Q1"), "object", "not our position"), by="Haneul", **mailed)
    assert status(house, "calls", "Q1") == "broken"
    with pytest.raises(Refused, match="broken"):
        house.act(DeclareOutcome(house.thing("Q1")))


def test_the_same_objection_entered_after_the_declaration_contests_it_until_it_is_set_aside(house: House) -> None:
    expires = call_silence(house)
    house.wait(hours=80)
    house.act(DeclareOutcome(house.thing("Q1")))
    assert status(house, "proposals", "P1") == "adopted"
    mailed = {"time": expires, "basis": "email", "recordedby": "Office"}
    house.act(TakePosition(house.thing("Q1"), "object", "not our position"), by="Haneul", **mailed)
    assert status(house, "calls", "Q1") == "contested"
    assert status(house, "proposals", "P1") == "adopted"
    house.act(SetAsideOutcome(house.thing("Q1"), "the objection came in time"))
    assert status(house, "calls", "Q1") == "set-aside"
    assert status(house, "proposals", "P1") == "open"


def test_an_objection_a_second_late_is_recorded_and_has_no_effect(house: House) -> None:
    expires = call_silence(house)
    house.wait(hours=80)
    mailed = {"time": expires + timedelta(seconds=1), "basis": "email", "recordedby": "Office"}
    house.act(TakePosition(house.thing("Q1"), "object", "too late"), by="Haneul", **mailed)
    house.act(DeclareOutcome(house.thing("Q1")))
    assert status(house, "proposals", "P1") == "adopted"


def test_a_silence_of_72_hours_that_nobody_broke_is_unbroken_until_a_chair_declares_it(house: House) -> None:
    call_silence(house)
    with pytest.raises(Refused, match="not run out"):
        house.act(DeclareOutcome(house.thing("Q1")))
    house.wait(hours=74)
    assert status(house, "calls", "Q1") == "open"
    house.act(DeclareOutcome(house.thing("Q1")))
    assert status(house, "proposals", "P1") == "adopted"
    with house.reading() as reading:
        assert "nothing broke the silence" in explained(reading, house.thing("Q1"))["sentence"]


def test_a_silence_shorter_than_72_hours_is_refused(house: House) -> None:
    with pytest.raises(Refused, match="at least 72 hours"):
        house.act(CallConsensus(proposal=house.thing("P1"), procedure=SILENCE, expires=house.now + timedelta(hours=71)))


def test_consensus_minus_does_not_count_who_was_named_when_the_call_opened(house: House) -> None:
    concerned = house.person("Haneul")
    people = tuple(house.person(name) for name in ("Tuya", "Haneul", "Bora"))
    house.act(
        CallConsensus(
            proposal=house.thing("P1"), procedure=Procedure("consensus-minus", excluded=(concerned,)), entitled=people
        )
    )
    house.act(TakePosition(house.thing("Q1"), "object", "never"), by="Haneul")
    house.act(TakePosition(house.thing("Q1"), "agree"), by="Bora")
    house.act(DeclareOutcome(house.thing("Q1")))
    assert status(house, "proposals", "P1") == "adopted"


def test_a_ballot_passes_once_its_discuss_is_cleared(house: House) -> None:
    people = tuple(house.person(name) for name in ("Tuya", "Haneul", "Bora"))
    house.act(CallConsensus(proposal=house.thing("P1"), procedure=Procedure("ballot"), entitled=people))
    house.act(TakePosition(house.thing("Q1"), "agree"), by="Tuya")
    house.act(TakePosition(house.thing("Q1"), "stand-aside"), by="Bora")
    [discuss] = house.act(TakePosition(house.thing("Q1"), "object", "say who pays"), by="Haneul")
    declare, moment = DeclareOutcome(house.thing("Q1")), house.secretariat.moment(house.person("Rin"))
    [[would_be]] = house.secretariat.execute_all(house.dialogue, [(declare, moment)], dry_run=True)
    assert type(would_be.fact).__name__ == "ConsensusNotReached"
    assert would_be.fact.explanation.blocked == (discuss.number,)
    house.act(TakePosition(house.thing("Q1"), "agree", "answered"), by="Haneul")
    [reached] = house.act(declare)
    assert status(house, "proposals", "P1") == "adopted"
    assert discuss.number not in reached.fact.explanation.counted
    kept = house.secretariat.record.entries(house.dialogue, discuss.number, discuss.number)
    assert [entry.fact for entry in kept] == [discuss.fact], "what was said first stays in the record"


@pytest.mark.parametrize("change", ["editorial", "substantive"])
def test_a_letter_whose_preamble_changes_under_many_signatures(house: House, change: str) -> None:
    house.act(DraftDocument("A letter", preamble="We who sign this lettre agree."), by="Office")
    letter = house.thing("D1")
    house.act(IssueEdition(letter), by="Office")
    house.act(OpenForSignature(letter))
    signers = []
    for number in range(200):
        [entry] = house.act(Invite(name=Personal(f"SIGNER {number}")), by="Office")
        moment = house.secretariat.moment(entry.stream)
        house.secretariat.execute(house.dialogue, GiveEndorsement(document=letter, publish=True), moment)
        signers.append(entry.stream)
    new = "We who sign this letter agree." if change == "editorial" else "We who sign this letter demand."
    house.act(ReviseDocument(letter, preamble=new), by="Office")
    house.act(IssueEdition(letter), by="Office")
    assert set(names(house, letter).values()) == {"lapsed"}
    if change == "editorial":
        [_] = house.act(RuleOnChange("editorial", "a spelling", document=letter))
        assert set(names(house, letter).values()) == {"stands"}
        objector = signers[7]
        mine = endorsement_id(house.dialogue, objector, letter)
        moment = house.secretariat.moment(objector)
        house.secretariat.execute(house.dialogue, ObjectToChange(mine, "it is not the same"), moment)
        after = names(house, letter)
        assert after.pop(str(objector)) == "objected"
        assert set(after.values()) == {"stands"}
        with pytest.raises(Refused, match="may object to an editorial change until"):
            house.act(PublishDocument(letter), by="Office")
        house.wait(hours=73)
    with house.reading() as reading:
        assert ready(reading, house.dialogue, letter)["ready"]
    house.act(PublishDocument(letter), by="Office")
    found = published(house, letter)
    printed = [line.name for line in found.signatories]
    everybody = [f"SIGNER {number}" for number in range(200)]
    assert printed == ([name for name in everybody if name != "SIGNER 7"] if change == "editorial" else [])
    assert found.preamble == new
    for render in FORMATS:
        assert [name for name in everybody if re.search(rf"{name}\b", render(found))] == printed
    assert [line.name for line in published(house, letter, 1).signatories] == everybody


def test_a_yes_that_answers_an_older_version_is_recorded_for_that_version_and_lapses(house: House) -> None:
    item = house.thing("P1")
    house.act(OpenForSignature(proposal=item))
    house.act(ProposeAmendment(item, "Open two hotlines.\n\nKeep it open at all times."), by="Haneul")
    house.act(AcceptAmendment(house.thing("A1")))
    with pytest.raises(Refused, match="current one is version 2"):
        house.act(GiveEndorsement(proposal=item, version=1), by="Bora")
    answered = {"basis": "email", "recordedby": "Office", "evidence": "ab" * 32}
    [entry] = house.act(GiveEndorsement(proposal=item, version=1, publish=True), by="Bora", **answered)
    assert names(house, item) == {str(house.person("Bora")): "lapsed"}
    house.act(ConfirmEndorsement(entry.stream), by="Bora")
    house.act(RuleOnChange("editorial", "the number was a slip", proposal=item))
    assert names(house, item) == {str(house.person("Bora")): "stands"}


def test_a_merge_leaves_what_was_signed_behind(house: House) -> None:
    house.act(SubmitProposal("Lines", "Keep lines open."), by="Bora")
    item = house.thing("P1")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item, publish=True), by="Bora")
    house.act(MergeProposals((item, house.thing("P2")), "Lines", "Open one hotline, and keep lines open."))
    assert status(house, "proposals", "P1") == "merged"
    assert names(house, house.thing("P3")) == {}
    with pytest.raises(Refused, match="merged"):
        house.act(GiveEndorsement(proposal=item), by="Haneul")


def test_a_dialogue_without_consensus_ends_in_a_summary_with_a_minority_view(house: House) -> None:
    house.act(CallConsensus(proposal=house.thing("P1")))
    house.act(TakePosition(house.thing("Q1"), "object", "too early"), by="Haneul")
    house.act(DeclareOutcome(house.thing("Q1")))
    assert status(house, "calls", "Q1") == "not-reached"
    chairs = (house.person("Rin"),)
    with pytest.raises(Refused, match="disclaimer"):
        house.act(DraftDocument("Summary", kind="co-chairs' summary", authors=chairs), by="Office")
    house.act(
        DraftDocument(
            "Summary", kind="co-chairs' summary", authors=chairs, disclaimer="The co-chairs' own.", preamble="We met."
        ),
        by="Office",
    )
    summary = house.thing("D1")
    house.act(OrderItems(summary, (Group("Discussed", (house.thing("P1"),)),)), by="Office")
    house.act(AttachMinorityView(summary, "We would go further."), by="Haneul")
    house.act(IssueEdition(summary), by="Office")
    house.act(PublishDocument(summary), by="Office")
    with house.reading() as reading:
        row = reading.row(reading.t.documents, summary)
        assert row is not None
        assert row["published"] == 1
    found = published(house, summary)
    [item] = found.themes[0].items
    assert (item.title, item.decision) == ("Hotlines", None), "it was discussed, and neither adopted nor signed"
    for render in FORMATS:
        for words in ("ASADA Rin", "The co-chairs' own.", "We met.", "We would go further."):
            assert words in html_unescaped(render(found))
        assert "adopted" not in render(found)


def test_where_silence_is_automatic_the_next_act_declares_it_with_the_expiry_as_its_instant(tmp_path: Path) -> None:
    house = House(tmp_path, settings=Settings(chairs="any", automatic_silence=True))
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
    expires = call_silence(house)
    house.wait(days=30)
    house.act(COMMANDS["Settle"]())
    assert status(house, "proposals", "P1") == "adopted"
    with house.reading() as reading:
        row = reading.row(reading.t.calls, house.thing("Q1"))
        assert row is not None
        assert row["effective"][:19] == f"{expires:%Y-%m-%dT%H:%M:%S}"
    house.close()


def test_a_majority_of_two_thirds_counts_only_those_who_agree_or_object(house: House) -> None:
    people = tuple(house.person(name) for name in ("Tuya", "Haneul", "Bora", "Lin"))
    terms = Procedure("majority", quorum=Fraction(1, 2), threshold=Fraction(2, 3))
    house.act(CallConsensus(proposal=house.thing("P1"), procedure=terms, entitled=people))
    for name, position in (("Tuya", "agree"), ("Bora", "agree"), ("Lin", "abstain"), ("Haneul", "object")):
        house.act(TakePosition(house.thing("Q1"), position, "because"), by=name)  # type: ignore[arg-type]
    house.act(DeclareOutcome(house.thing("Q1")))
    assert status(house, "proposals", "P1") == "adopted"
