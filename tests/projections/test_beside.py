"""What is said beside a text wherever it is shown, and which comments nobody has disposed of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dialogue.bracketing import BracketText, LiftBrackets
from dialogue.comment import DisposeComment, MakeComment
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.document import Group
from dialogue.drafting import SubmitProposal
from dialogue.issuing import DraftDocument, IssueEdition, OrderItems
from dialogue.proposal import Holding
from dialogue.statement import EnterStatement
from house import House
from projections.beside import beside


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    house.act(SubmitProposal("Hotlines", "Open one hotline.\n\nKeep it open."), by="Tuya")
    yield house
    house.close()


def test_alternatives_are_shown_with_their_holders_until_they_are_lifted(house: House) -> None:
    item = house.thing("P1")
    held = (Holding("one", (house.person("Bora"),)), Holding("two", (house.person("Lin"), house.person("Haneul"))))
    house.act(BracketText(item, "Open [one / two] hotlines. Keep [it].", held))
    shown = house.run("text", "P1").stdout
    assert "“one” is held by KIM Bora" in shown
    assert "“two” is held by 林 静海, KIM Haneul" in shown or "“two” is held by KIM Haneul, 林 静海" in shown
    house.act(LiftBrackets(item, 1, alternative=2))
    assert "is held by" not in house.run("text", "P1").stdout
    assert "“one” is held by KIM Bora" in house.run("text", "P1", "--version", "2").stdout


def test_dissociations_and_statements_are_printed_with_the_text_that_was_decided(house: House) -> None:
    item, call = house.thing("P1"), house.thing("Q1")
    house.act(CallConsensus(proposal=item))
    house.act(TakePosition(call, "agree-dissociating", "we have no boats", (2,)), by="Bora")
    house.act(DeclareOutcome(call))
    house.act(EnterStatement(call, "We read open as answered."), by="Lin")
    shown = house.run("text", "P1").stdout
    assert "KIM Bora dissociates from paragraph 2: we have no boats" in shown
    assert "Statement T1 of 林 静海: We read open as answered." in shown
    with house.reading() as reading:
        assert beside(reading, item, 1)["decision"]["call"] == "Q1"
    with house.reading(15) as reading:
        assert beside(reading, item, 1)["statements"] == []


def test_a_document_lists_the_comments_without_disposition_on_it_and_on_its_items(house: House) -> None:
    item, document = house.thing("P1"), house.thing("D1")
    house.act(DraftDocument("The document", preamble="We agree."), by="Office")
    house.act(OrderItems(document, (Group("", (item,)),)), by="Office")
    house.act(IssueEdition(document), by="Office")
    house.act(MakeComment("Who pays?", proposal=item), by="Bora")
    house.act(MakeComment("A fine title.", document=document), by="Lin")
    house.act(MakeComment("I do.", reply_to=house.thing("C1")), by="Lin")
    house.act(SubmitProposal("Other", "Something else."), by="Tuya")
    house.act(MakeComment("Not in the document.", proposal=house.thing("P2")), by="Bora")
    assert [one["handle"] for one in house.shown("comments", "D1", "--open")] == ["C2", "C1"]
    house.act(DisposeComment(house.thing("C1"), "noted", "for the budget"))
    house.act(DisposeComment(house.thing("C2"), "accepted", "thanks"))
    assert "Every comment has its disposition." in house.run("comments", "D1", "--open").stdout
    assert [one["handle"] for one in house.shown("comments", "--open")] == ["C4"]
