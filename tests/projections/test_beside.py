"""What is said beside a text wherever it is shown, and which comments nobody has disposed of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dialogue.anchor import Quotation
from dialogue.bracketing import BracketText, LiftBrackets
from dialogue.comment import DisposeComment, MakeComment
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.document import Group
from dialogue.drafting import MergeProposals, Part, ReviseProposal, SplitProposal, SubmitProposal
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


def test_an_alternative_that_stands_twice_or_says_nothing_is_told_as_such(house: House) -> None:
    item, bora = house.thing("P1"), house.person("Bora")
    twice = "[Open / Keep] one hotline. [Open / Close] another[ now / ]."
    house.act(BracketText(item, twice, (Holding("Open", (bora,)), Holding("", (bora,)), Holding("Keep", (bora,)))))
    shown = house.run("text", "P1").stdout
    assert "“Open” (2 places) is held by KIM Bora" in shown
    assert "“” (no words) is held by KIM Bora" in shown
    house.act(LiftBrackets(item, 1, alternative=1))
    assert "“Open” is held by KIM Bora" in house.run("text", "P1").stdout
    house.act(BracketText(item, "Open one hotline. [Open / Close] another[ now / ].", (Holding("Open", ()),)))
    assert [one["alternative"] for one in house.shown("text", "P1")["holders"]] == [""]
    told = house.run("log").stdout
    assert "lifted bracket 1 of P1, for alternative 1 (version 3)" in told


def test_dissociations_and_statements_are_printed_with_the_text_that_was_decided(house: House) -> None:
    item, call = house.thing("P1"), house.thing("Q1")
    house.act(CallConsensus(proposal=item))
    house.act(TakePosition(call, "agree-dissociating", "we have no boats", (2,)), by="Bora")
    house.act(DeclareOutcome(call))
    house.act(EnterStatement(call, "We read open as answered."), by="Lin")
    shown = house.run("text", "P1").stdout
    assert "KIM Bora dissociates from paragraph 2: we have no boats" in shown
    assert "T1 statement on Q1 by N13 林 静海: We read open as answered." in shown
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


def test_a_comment_follows_its_words_across_a_merge_and_a_split(house: House) -> None:
    """And with them goes the question whether anybody disposed of it: a merged item hides no comment."""
    hotlines, towers, merged, air = (house.thing(handle) for handle in ("P1", "P2", "P3", "P5"))
    hotline = "The coast guards open one hotline between their centres."
    house.act(ReviseProposal(hotlines, f"{hotline}\n\nKeep it open."), by="Tuya")
    house.act(SubmitProposal("Towers", "Every tower shall answer within the hour."), by="Lin")
    house.act(MakeComment("By whom?", proposal=hotlines, quotation=Quotation("one hotline")), by="Bora")
    house.act(MakeComment("Too short.", proposal=towers, quotation=Quotation("within the hour")), by="Bora")
    house.act(MakeComment("Why keep?", proposal=hotlines, quotation=Quotation("Keep it open")), by="Bora")
    house.act(MakeComment("I like it.", proposal=towers), by="Bora")
    together = f"At sea: {hotline}\n\nEvery tower at sea shall answer within the hour."
    house.act(MergeProposals((hotlines, towers), "Answers", together))
    assert (together[30:41], together[98:113]) == ("one hotline", "within the hour")
    assert [(one["handle"], one["anchor"]) for one in house.shown("comments")] == [
        ("C1", {"item": "P3", "start": 30, "end": 41}),
        ("C2", {"item": "P3", "start": 98, "end": 113}),
        ("C3", None),
        ("C4", None),
    ]
    before = str(house.shown("text", "P3")["entry"] - 1)
    assert house.shown("comments", "--as-of", before)[0]["anchor"] == {"item": "P1", "start": 22, "end": 33}
    sea, sky = together.split("\n\n")
    house.act(SplitProposal(merged, (Part("Sea", sea), Part("Air", sky))))
    told = house.run("comments").stdout
    assert "“one hotline” (now in P4)" in told
    assert "“within the hour” (now in P5)" in told
    assert "“Keep it open” (orphaned: " in told
    house.act(DraftDocument("The document", preamble="We agree."), by="Office")
    house.act(OrderItems(house.thing("D1"), (Group("", (air,)),)), by="Office")
    assert [one["handle"] for one in house.shown("comments", "D1", "--open")] == ["C3", "C2", "C4"]
    house.act(IssueEdition(house.thing("D1")), by="Office")
    house.act(DisposeComment(house.thing("C3"), "accepted", "It is gone."))
    assert [one["handle"] for one in house.shown("comments", "D1", "--open")] == ["C2", "C4"]
    assert [one["handle"] for one in house.shown("comments", "P4", "--open")] == ["C1", "C4"]
