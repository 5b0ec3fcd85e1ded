import pytest

from dialogue.anchor import Quotation
from dialogue.comment import (
    Comment,
    CommentDisposed,
    CommentMade,
    CommentRetracted,
    DisposeComment,
    MakeComment,
    RetractComment,
)
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.issuing import DraftDocument, IssueEdition
from spec import did, given, thing, who

P1, C1, D1 = thing("P1"), thing("C1"), thing("D1")
WORDS = "水 is shared. The water is cold, the water is deep."
SUBMITTED = did("Tuya", SubmitProposal("Water", WORDS))
COMMENTED = did("Pavel", MakeComment("Whose water?", P1))
DRAFTED = did("Office", DraftDocument("Recommendations", preamble="We met."))


def test_a_comment_is_about_the_version_that_its_author_saw():
    made = given(SUBMITTED).when(MakeComment("Whose water?", P1), by="Pavel")
    made.then(CommentMade, comment="C1", number=1, proposal="P1", version=1, words="Whose water?").then_nothing()
    assert made.find(Comment, C1).by == who("Pavel")
    revised = given(SUBMITTED, did("Tuya", ReviseProposal(P1, "Ice.")))
    revised.when(MakeComment("Older.", P1, version=1), by="Pavel").then(CommentMade, version=1)
    for version in (0, 3):
        revised.when(MakeComment("Newer.", P1, version=version), by="Pavel").refused("no-version")


def test_a_comment_may_be_about_a_document_or_the_dialogue_but_not_two_things():
    story = given(SUBMITTED, DRAFTED)
    story.when(MakeComment("Early.", document=D1), by="Pavel").then(CommentMade, document="D1", version=None)
    story.when(MakeComment("On all."), by="Pavel").then(CommentMade, proposal=None, document=None)
    story.when(MakeComment("Both.", P1, D1), by="Pavel").refused("unfit", "not on both")
    story.when(MakeComment("What?", version=1), by="Pavel").refused("unfit", "name the item")
    story.when(MakeComment("What?", thing("P9")), by="Pavel").refused("unknown")
    story.when(MakeComment("Where?", session=thing("S1")), by="Pavel").refused("unknown", "session")
    issued = given(SUBMITTED, DRAFTED, did("Office", IssueEdition(D1)))
    issued.when(MakeComment("Late.", document=D1), by="Pavel").then(CommentMade, version=1)


def test_a_quotation_is_exact_and_told_from_others_by_what_stands_around_it():
    story = given(SUBMITTED)
    made = story.when(MakeComment("Is it?", P1, quotation=Quotation("water", before="The ")), by="Pavel")
    made.then(CommentMade, quotation=Quotation("water", "水 is shared. The ", " is cold, the water is deep."))
    story.when(MakeComment("Is it?", P1, quotation=Quotation("shared. ")), by="Pavel").then(CommentMade)
    story.when(MakeComment("Is it?", P1, quotation=Quotation("water")), by="Pavel").refused("not-quoted", "2 times")
    story.when(MakeComment("Is it?", P1, quotation=Quotation("ice")), by="Pavel").refused("not-quoted", "exactly")
    story.when(MakeComment("Is it?", P1, quotation=Quotation(" ")), by="Pavel").refused("not-quoted")
    story.when(MakeComment("Is it?", P1, quotation=Quotation("a\x00")), by="Pavel").refused("unfit", "quotation.exact")


def test_words_are_quoted_from_an_item_in_the_version_commented_on():
    story = given(SUBMITTED, did("Tuya", ReviseProposal(P1, "Ice.")), DRAFTED, did("Office", IssueEdition(D1)))
    story.when(MakeComment("Was it?", P1, version=1, quotation=Quotation("cold")), by="Pavel").then(CommentMade)
    story.when(MakeComment("Is it?", P1, quotation=Quotation("cold")), by="Pavel").refused("not-quoted")
    story.when(MakeComment("Is it?", document=D1, quotation=Quotation("met")), by="Pavel").refused("unfit", "an item")


def test_an_answer_is_about_what_the_comment_is_about():
    story = given(SUBMITTED, DRAFTED, COMMENTED)
    story.when(MakeComment("Ours.", reply_to=C1), by="Tuya").then(CommentMade, proposal="P1", reply_to="C1")
    story.when(MakeComment("Ours.", document=D1, reply_to=C1), by="Tuya").refused("unfit", "the same thing")
    story.when(MakeComment("Ours.", reply_to=thing("C9")), by="Tuya").refused("unknown", "comment")


def test_observers_comment_where_the_dialogue_lets_them():
    given(SUBMITTED).when(MakeComment("I see.", P1), by="Observer").refused("observers")
    given(SUBMITTED, observers_comment=True).when(MakeComment("I see.", P1), by="Observer").then(CommentMade)


def test_a_comment_is_retracted_by_who_made_it_and_takes_nothing_more():
    story = given(SUBMITTED, COMMENTED)
    retracted = story.when(RetractComment(C1, "answered"), by="Pavel").then(CommentRetracted, reason="answered")
    story.when(RetractComment(C1), by="Rin").refused("not-yours", "C1")
    retracted.when(RetractComment(C1), by="Pavel").refused("closed", "retracted")
    retracted.when(DisposeComment(C1, "noted", "thanks")).refused("closed")
    retracted.when(MakeComment("But?", reply_to=C1), by="Tuya").refused("closed")


@pytest.mark.parametrize("disposition", ["accepted", "partly", "noted", "declined"])
def test_a_comment_is_disposed_of_with_the_reason_and_anew_when_that_changes(disposition):
    story = given(SUBMITTED, COMMENTED)
    disposed = story.when(DisposeComment(C1, disposition, "as agreed"), by="Office")
    disposed.then(CommentDisposed, disposition=disposition, reason="as agreed")
    disposed.when(DisposeComment(C1, disposition, "as agreed"), by="Rin").then_nothing()
    disposed.when(DisposeComment(C1, disposition, "after all"), by="Rin").then(CommentDisposed)
    story.when(DisposeComment(C1, disposition, ""), by="Office").refused("unfit", "reason")
