"""What a secretary reads of a decision: who is awaited, what became of it, how it is understood."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from dialogue.consensus import (
    CallConsensus,
    ConfirmOutcome,
    DeclareOutcome,
    ObjectThroughChair,
    SetAsideOutcome,
    TakePosition,
)
from dialogue.document import Group
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.issuing import DraftDocument, IssueEdition, OpenForSignature, OrderItems
from dialogue.mandate import Settings
from dialogue.participant import LeaveDialogue, RecordDeath
from dialogue.procedure import Procedure
from dialogue.releasing import PublishDocument
from dialogue.ruling import ChallengeRuling, RuleOnChange
from dialogue.signing import GiveEndorsement
from dialogue.statement import EnterStatement
from house import House

SILENCE = Procedure("silence")


@pytest.fixture
def house(tmp_path: Path) -> Any:
    house = House(tmp_path)
    house.act(SubmitProposal("Hotlines", "Open one hotline.\n\nTest it."), by="Tuya")
    yield house
    house.close()


def handle(house: House, name: str) -> str:
    with house.reading() as reading:
        [person] = reading.persons([house.person(name)]).values()
        return f"{person.handle} {person.shown}"


def chased(house: House) -> dict[str, list[str]]:
    return {one["participant"]["name"]: one["what"] for one in house.shown("open")[0]["chase"]}


def test_an_agreement_ad_referendum_is_listed_as_awaited_and_its_holder_asked_until_they_have_died(
    house: House,
) -> None:
    entitled = tuple(map(house.person, ("Bora", "Lin")))
    house.act(CallConsensus(proposal=house.thing("P1"), entitled=entitled))
    house.act(TakePosition(house.thing("Q1"), "agree-ad-referendum"), by="Bora")
    [call] = house.shown("decisions")["calls"]
    assert [one["handle"] for one in call["awaited"]] == [handle(house, "Bora").split()[0]]
    awaited = f"Agreed ad referendum, and awaited: {handle(house, 'Bora')}."
    assert awaited in house.run("decisions").stdout
    assert awaited in house.run("explain", "Q1").stdout
    house.act(DeclareOutcome(house.thing("Q1")))
    assert awaited in house.run("explain", "Q1").stdout, "the decision stands, and the capital's word is still awaited"


def test_nothing_is_asked_of_who_has_left_or_died(house: House) -> None:
    entitled = tuple(map(house.person, ("Bora", "Lin", "Pavel")))
    house.act(CallConsensus(proposal=house.thing("P1"), entitled=entitled))
    house.act(TakePosition(house.thing("Q1"), "agree-ad-referendum"), by="Bora")
    before = chased(house)
    assert before[handle(house, "Bora").split(" ", 1)[1]] == ["say whether the agreement ad referendum in Q1 holds"]
    assert before[handle(house, "Lin").split(" ", 1)[1]] == ["take a position in Q1"]
    house.act(RecordDeath(house.person("Bora")), by="Office")
    house.act(LeaveDialogue(), by="Lin")
    assert list(chased(house)) == [handle(house, "Pavel").split(" ", 1)[1]]


def test_a_call_without_an_outcome_says_what_it_would_come_to_and_what_became_of_it(house: House) -> None:
    house.act(CallConsensus(proposal=house.thing("P1"), procedure=Procedure("consensus", Fraction(1, 2))))
    said = house.run("explain", "Q1").stdout
    assert said.startswith("Q1 is open; no outcome has been declared. If it were declared now: Not reached")
    assert f"Entitled: {handle(house, 'Rin')}, " in said
    [revised] = house.act(ReviseProposal(house.thing("P1"), "Open two hotlines."), by="Tuya")[:1]
    said = house.run("explain", "Q1").stdout
    assert said.startswith(f"Q1 is void: entry {revised.number} changed or settled what it was about.\nEntitled: ")
    expires = house.now + timedelta(hours=80)
    house.act(CallConsensus(proposal=house.thing("P1"), procedure=SILENCE, expires=expires))
    at_expiry = ("--as-of", expires.isoformat())
    running = "Q2 is open; no outcome has been declared. If the silence ran out now: Reached by silence"
    assert house.run("explain", "Q2", *at_expiry).stdout.startswith(running)
    assert "If the silence ran out now: Reached" in house.run("decisions", *at_expiry).stdout
    house.wait(hours=90)
    unbroken = "Q2 is unbroken so far; no outcome has been declared. If it were declared now: Reached by silence"
    assert house.run("explain", "Q2").stdout.startswith(unbroken)
    assert "Q2 on P1 version 2: unbroken so far" in house.run("decisions").stdout
    mailed = {"time": expires, "basis": "email", "recordedby": "Office"}
    [objection] = house.act(TakePosition(house.thing("Q2"), "object", "no"), by="Bora", **mailed)[:1]
    assert house.run("explain", "Q2").stdout.startswith(
        f"Q2 has no outcome: the silence was broken by entry {objection.number}."
    )
    assert f"Q2 on P1 version 2: broken by entry {objection.number}\n" in house.run("decisions").stdout


@pytest.mark.parametrize(("after", "words"), [(ConfirmOutcome, "confirmed"), (SetAsideOutcome, "set aside")])
def test_what_became_of_a_contested_outcome_is_told_with_its_reason(house: House, after: Any, words: str) -> None:
    call, expires = house.thing("Q1"), house.now + timedelta(hours=80)
    house.act(CallConsensus(proposal=house.thing("P1"), procedure=SILENCE, expires=expires))
    house.wait(hours=90)
    house.act(DeclareOutcome(call))
    mailed = {"time": expires, "basis": "email", "recordedby": "Office"}
    [objection] = house.act(ObjectThroughChair(call, "no"), time=expires, basis="email")[:1]
    house.act(TakePosition(call, "object", "no"), by="Bora", **mailed)
    told = f"It is contested by entry {objection.number}."
    assert told in house.run("explain", "Q1").stdout
    assert told in house.run("decisions").stdout
    assert "version 1 of 1, adopted; the outcome of Q1 is contested\n" in house.run("text", "P1").stdout
    house.act(after(call, "by telephone"))
    told = f"Contested by entry {objection.number}, it was {words}: by telephone"
    assert told in house.run("explain", "Q1").stdout
    listed = house.run("decisions").stdout
    assert told in listed
    assert f"{'reached' if after is ConfirmOutcome else 'set-aside'}\n" in listed.splitlines(keepends=True)[0]
    assert ("In effect since" in listed) == (after is ConfirmOutcome)
    assert "is contested" not in house.run("text", "P1").stdout


def test_a_mandate_granted_by_a_silence_that_is_set_aside_is_proposed_again_in_every_list(house: House) -> None:
    expires = house.now + timedelta(hours=80)
    house.act(CallConsensus("mandate", procedure=SILENCE, expires=expires))
    house.wait(hours=90)
    house.act(DeclareOutcome(house.thing("Q1")))
    assert house.shown("list")[0]["status"] == "granted"
    assert "the mandate was granted by Q1" in house.run("log").stdout
    mailed = {"time": expires, "basis": "email", "recordedby": "Office"}
    house.act(TakePosition(house.thing("Q1"), "object", "no"), by="Bora", **mailed)
    before = house.act(SetAsideOutcome(house.thing("Q1"), "timely"))[0].number - 1
    assert house.shown("list")[0]["status"] == "proposed"
    assert house.shown("list", "--as-of", str(before))[0]["status"] == "granted"
    assert house.secretariat.compare() == []
    assert house.run("verify").exit_code == 0


def test_a_statement_stands_wherever_the_decision_or_its_text_is_shown(house: House) -> None:
    house.act(DraftDocument("The document", preamble="We agree."), by="Office")
    house.act(OrderItems(house.thing("D1"), (Group("", (house.thing("P1"),)),)), by="Office")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    house.act(CallConsensus(proposal=house.thing("P1")))
    house.act(CallConsensus("edition", document=house.thing("D1")))
    for number, words in enumerate(("“Hotline” is any line.", "“We” is those present."), start=1):
        house.act(DeclareOutcome(house.thing(f"Q{number}")))
        house.act(EnterStatement(house.thing(f"Q{number}"), words), by="Lin")
        for shown in (("explain", f"Q{number}"), ("decisions",), ("publish", "--format", "markdown")):
            assert words in house.run(*shown).stdout, shown
    lin = handle(house, "Lin")
    assert f"T1 statement on Q1 by {lin}: “Hotline” is any line." in house.run("text", "P1").stdout
    assert f"T2 statement on Q2 by {lin}: “We” is those present." in house.run("documents", "D1").stdout
    assert [one["handle"] for one in house.shown("documents", "D1")["statements"]] == ["T2"]
    assert [one["handle"] for one in house.shown("explain", "Q1")["statements"]] == ["T1"]


def test_paragraphs_dissociated_from_are_told_with_the_position_and_with_the_text(house: House) -> None:
    house.act(CallConsensus(proposal=house.thing("P1")))
    house.act(TakePosition(house.thing("Q1"), "agree-dissociating", "no tests", (1, 2)), by="Lin")
    assert "agree-dissociating from paragraphs 1, 2" in house.run("decisions").stdout
    house.act(DeclareOutcome(house.thing("Q1")))
    told = f"{handle(house, 'Lin')} dissociates from paragraphs 1, 2: no tests"
    assert told in house.run("text", "P1").stdout


def test_a_ruling_overturned_after_publication_takes_the_names_off_what_is_printed_from_then_on(tmp_path: Path) -> None:
    house = House(tmp_path, settings=Settings(chairs="any", notice_hours=1))
    item, document = house.thing("P1"), house.thing("D1")
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
    house.act(DraftDocument("The document"), by="Office")
    house.act(OrderItems(document, (Group("", (item,)),)), by="Office")
    house.act(IssueEdition(document), by="Office")
    house.act(OpenForSignature(document))
    house.act(GiveEndorsement(document=document, publish=True), by="Lin")
    house.act(ReviseProposal(item, "Open a hotline."), by="Tuya")
    house.act(RuleOnChange("editorial", "style", item))
    house.act(IssueEdition(document), by="Office")
    house.wait(hours=2)
    published = house.act(PublishDocument(document), by="Office")[0].number
    print_it = ("publish", "--format", "markdown", "--reader", "public")
    name = handle(house, "Lin").split(" ", 1)[1]
    assert name in house.run(*print_it).stdout
    house.act(ChallengeRuling(house.thing("R1"), "“a” is not “one”"), by="Pavel")
    assert name in house.run(*print_it).stdout, "a challenge alone changes nothing"
    house.act(CallConsensus("ruling", ruling=house.thing("R1")))
    house.act(TakePosition(house.thing("Q1"), "agree"), by="Pavel")
    house.act(DeclareOutcome(house.thing("Q1")))
    assert name not in house.run(*print_it).stdout
    assert "Lapsed" in house.run("signatories", "--document", "D1").stdout
    assert "Lapsed" not in house.run("signatories", "--document", "D1", "--as-of", str(published)).stdout
    house.close()


def test_a_joint_act_is_completed_where_the_other_co_chair_has_died(tmp_path: Path) -> None:
    house = House(tmp_path, settings=Settings(chairs="all"))
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
    house.act(CallConsensus(proposal=house.thing("P1")))
    asked = house.run("--actor", "ASADA", "declare", "Q1").stdout
    assert f"waits for 1 more of: {handle(house, 'Maral')} (dialogue assent J1)" in asked
    assert f"J1 DeclareOutcome waits for 1 more of: {handle(house, 'Maral')}" in house.run("decisions").stdout
    assert "nothing to do" in house.run("--actor", "ASADA", "declare", "Q1").stdout
    house.run("death", "Maral")
    assert "waits for nobody else; whoever has assented completes it" in house.run("decisions").stdout
    assert house.shown("decisions")["joint_acts"][0]["needed"] == 1
    assert chased(house)["ASADA Rin"] == ["assent to J1 again, as nobody else is left to", "take a position in Q1"]
    done = house.run("--actor", "ASADA", "declare", "Q1").stdout
    assert "J1 act assented" in done
    assert "Q1 consensus reached" in done
    assert house.shown("decisions")["joint_acts"] == []
    assert "assented to the joint act J1, which now needs 1 co-chair" in house.run("log").stdout
    assert house.secretariat.compare() == []
    house.close()


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--position", "agree=²"), "agree=² is no position"),
        (("--position", "agree=" + "9" * 5000), "is no position"),
        (("--quorum", "1/0"), "1/0 is no quorum"),
        (("--quorum", "half"), "half is no quorum"),
        (("--threshold", "1/0"), "1/0 is no threshold"),
        (("--threshold", "0.5"), "give a number, or a fraction such as 1/2"),
    ],
)
def test_what_if_refuses_what_is_no_number_in_a_sentence(house: House, option: tuple[str, str], words: str) -> None:
    result = house.run("what-if", "--procedure", "majority", "--entitled", "3", *option)
    assert result.exit_code == 1
    assert words in result.stderr
