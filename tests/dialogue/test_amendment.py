import pytest

from dialogue.amendment import (
    AcceptAmendment,
    Amendment,
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentRejected,
    AmendmentRestated,
    AmendmentWithdrawn,
    ProposeAmendment,
    RejectAmendment,
    RestateAmendment,
    WithdrawAmendment,
)
from dialogue.call import CallVoided, ConsensusCalled, ConsensusReached
from dialogue.consensus import CallConsensus, DeclareOutcome
from dialogue.drafting import (
    MergeProposals,
    MoveItem,
    Part,
    ReviseProposal,
    SplitProposal,
    SubmitProposal,
    WithdrawProposal,
)
from dialogue.joint import ActAssented, ActProposed, AssentToAct
from dialogue.proposal import Proposal, TextAmended
from dialogue.ruling import RulingGiven
from spec import did, given, hours, thing, who

P1, P2, A1, A2, Q1, Q2 = (thing(handle) for handle in ("P1", "P2", "A1", "A2", "Q1", "Q2"))
WORDS = "Open one hotline between the coast guards.\n\nTest it every month.\n\nReport once a year."
DAILY = WORDS.replace("every month", "every day")
TWO = WORDS.replace("one hotline", "two hotlines")
SUBMITTED = did("Tuya", SubmitProposal("Hotlines", WORDS))
AMENDED = did("Pavel", ProposeAmendment(P1, DAILY, reason="storms"))


def test_an_amendment_is_the_whole_text_as_it_should_read_for_the_current_version():
    proposed = given(SUBMITTED).when(ProposeAmendment(P1, DAILY), by="Pavel")
    proposed.then(AmendmentProposed, amendment="A1", number=1, base=1, text=DAILY).then_nothing()
    assert proposed.find(Proposal, P1).versions.current == 1, "it is only proposed"


def test_an_amendment_may_be_made_for_an_earlier_version_but_for_none_that_never_was():
    story = given(SUBMITTED, did("Tuya", ReviseProposal(P1, TWO)))
    story.when(ProposeAmendment(P1, DAILY, base=1), by="Pavel").then(AmendmentProposed, base=1)
    for base in (0, -1, 3):
        story.when(ProposeAmendment(P1, DAILY, base=base), by="Pavel").refused("no-version", f"version {base}")


def test_an_amendment_changes_something():
    given(SUBMITTED).when(ProposeAmendment(P1, WORDS), by="Pavel").refused("no-change", "as it should read")
    given(SUBMITTED).when(ProposeAmendment(P1, WORDS, title="Lines"), by="Pavel").then(AmendmentProposed, title="Lines")
    given().when(ProposeAmendment(P1, DAILY), by="Pavel").refused("unknown", "proposal")
    given(SUBMITTED).when(ProposeAmendment(P1, DAILY, session=thing("S1")), by="Pavel").refused("unknown", "session")


def test_a_closed_text_takes_no_amendment():
    withdrawn = given(SUBMITTED, did("Tuya", WithdrawProposal(P1)))
    withdrawn.when(ProposeAmendment(P1, DAILY), by="Pavel").refused("closed")
    adopted = given(SUBMITTED, did("Rin", CallConsensus(proposal=P1)), did("Rin", DeclareOutcome(Q1)))
    adopted.when(ProposeAmendment(P1, DAILY), by="Pavel").refused("decided", "frozen")
    with_deadline = did("Rin", CallConsensus(proposal=P1, expires=hours(50)))
    early = given(SUBMITTED, with_deadline, did("Rin", DeclareOutcome(Q1)))
    early.when(ProposeAmendment(P1, DAILY), by="Pavel").refused("decided")


def test_an_accepted_amendment_is_the_text_s_next_version():
    accepted = given(SUBMITTED, AMENDED).when(AcceptAmendment(A1, reason="storms are frequent"))
    accepted.then(AmendmentAccepted, version=2, reason="storms are frequent")
    accepted.then(TextAmended, version=2, base=1, amendment="A1", text=DAILY).then_nothing()
    assert accepted.find(Proposal, P1).versions.substantive == 2, "nobody ruled on it"


@pytest.mark.parametrize("change", ["editorial", "substantive"])
def test_an_acceptance_may_carry_its_ruling_which_gives_its_reason(change):
    story = given(SUBMITTED, AMENDED)
    accepted = story.when(AcceptAmendment(A1, change, "no other meaning")).then(AmendmentAccepted).then(TextAmended)
    accepted.then(RulingGiven, version=2, change=change, reason="no other meaning").then_nothing()
    story.when(AcceptAmendment(A1, change)).refused("no-reason", change)


def test_an_acceptance_with_a_ruling_needs_the_co_chairs_and_one_without_does_not():
    story = given(SUBMITTED, AMENDED, chairs="all")
    story.when(AcceptAmendment(A1)).then(AmendmentAccepted)
    joint = story.when(AcceptAmendment(A1, "editorial", "a word")).then(ActProposed, needed=2).then_nothing()
    agreed = joint.when(AssentToAct(thing("J1")), by="Maral")
    agreed.then(ActAssented).then(AmendmentAccepted).then(TextAmended).then(RulingGiven).then_nothing()


def test_two_amendments_of_different_words_both_stand_in_either_order():
    both = DAILY.replace("one hotline", "two hotlines")
    for first, second in ((A1, A2), (A2, A1)):
        story = given(SUBMITTED, AMENDED, did("Seoyun", ProposeAmendment(P1, TWO)), did("Rin", AcceptAmendment(first)))
        merged = story.when(AcceptAmendment(second)).then(AmendmentAccepted, version=3)
        merged.then(TextAmended, version=3, base=1, text=both).then_nothing()


def test_what_two_amendments_lead_to_is_a_text_like_any_other():
    long = "word " * 10_500
    grown = [did("Pavel", ProposeAmendment(P1, words)) for words in (f"{long}.\n\n{WORDS}", f"{WORDS}\n\n{long}.")]
    too_long = given(SUBMITTED, *grown, did("Rin", AcceptAmendment(A1))).when(AcceptAmendment(A2))
    too_long.refused("unfit", "characters long and 100,000 are allowed")
    sides = ("We [meet in the] hall each year.", "We meet [in the hall] each year.")
    bracketed = [did("Pavel", ProposeAmendment(P1, words)) for words in sides]
    told = did("Tuya", SubmitProposal("T", "We meet in the hall each year."))
    crossing = given(told, *bracketed, did("Rin", AcceptAmendment(A1))).when(AcceptAmendment(A2))
    [place] = crossing.refused("in-conflict", "paragraph 1").refusal.details["places"]
    assert (place["theirs"], place["mine"]) == sides


def test_two_amendments_of_the_same_words_are_in_conflict_which_says_where():
    weekly = WORDS.replace("every month", "every week")
    story = given(SUBMITTED, AMENDED, did("Seoyun", ProposeAmendment(P1, weekly)), did("Rin", AcceptAmendment(A1)))
    refusal = story.when(AcceptAmendment(A2)).refused("in-conflict", "A2", "paragraph 2", "restate it for version 2")
    [place] = refusal.refusal.details["places"]
    assert place["paragraph"] == 2
    assert [place[side] for side in ("base", "theirs", "mine")] == [
        f"Test it every {word}." for word in ("month", "day", "week")
    ]


def test_two_amendments_of_the_title_are_in_conflict_and_one_that_kept_it_takes_the_new_one():
    def story(title, rest=TWO):
        second = did("Seoyun", ProposeAmendment(P1, rest, title=title))
        return given(SUBMITTED, did("Pavel", ProposeAmendment(P1, DAILY, title="Lines")), second)

    first = story("Cables").when(AcceptAmendment(A1)).then(AmendmentAccepted).then(TextAmended, title="Lines")
    refused = first.when(AcceptAmendment(A2)).refused("in-conflict", "A2", "the title", "restate it for version 2")
    [place] = refused.refusal.details["places"]
    assert (place["paragraph"], place["base"], place["theirs"], place["mine"]) == (0, "Hotlines", "Lines", "Cables")
    for kept in ("Hotlines", "Lines", None):
        merged = story(kept).when(AcceptAmendment(A1)).then_accepted().when(AcceptAmendment(A2))
        merged.then(AmendmentAccepted).then(TextAmended)
        assert merged.find(Proposal, P1).title == "Lines"
    both = story("Cables", WORDS.replace("every month", "every week")).when(AcceptAmendment(A1)).then_accepted()
    both.when(AcceptAmendment(A2)).refused("in-conflict", "the title, paragraph 2")
    moved = story("Cables").when(MoveItem(P1, "Air")).then_accepted()
    moved.when(AcceptAmendment(A2)).then(AmendmentAccepted).then(TextAmended, title="Cables")


def test_an_amendment_that_says_what_the_text_says_by_now_is_accepted_without_a_new_version():
    story = given(SUBMITTED, AMENDED, did("Tuya", ReviseProposal(P1, DAILY)))
    story.when(AcceptAmendment(A1)).then(AmendmentAccepted, version=2).then_nothing()
    ruled = story.when(AcceptAmendment(A1, "editorial", "a word")).then(AmendmentAccepted, version=2).then_nothing()
    assert ruled.find(Proposal, P1).versions.editorial == (), "the revision was not ruled on by the way"


def test_a_restated_amendment_keeps_its_handle_and_its_author():
    story = given(SUBMITTED, AMENDED, did("Tuya", ReviseProposal(P1, TWO)))
    restated = story.when(RestateAmendment(A1, TWO.replace("month", "day")), by="Pavel")
    restated.then(AmendmentRestated, base=2).then_nothing()
    assert (restated.find(Amendment, A1).by, restated.find(Amendment, A1).base) == (who("Pavel"), 2)
    restated.when(RestateAmendment(A1, TWO.replace("month", "day")), by="Pavel").then_nothing()
    story.when(RestateAmendment(A1, DAILY), by="Seoyun").refused("not-yours")
    retitled = restated.when(RestateAmendment(A1, TWO, title="Lines"), by="Pavel").then(
        AmendmentRestated, title="Lines"
    )
    retitled.when(RestateAmendment(A1, TWO), by="Pavel").then_nothing()
    story.when(RestateAmendment(A1, TWO), by="Pavel").refused("no-change")


def test_a_rejection_gives_its_reason_and_closes_the_amendment():
    story = given(SUBMITTED, AMENDED)
    rejected = story.when(RejectAmendment(A1, "too often")).then(AmendmentRejected, reason="too often")
    for command in (AcceptAmendment(A1), RejectAmendment(A1, "no"), WithdrawAmendment(A1), RestateAmendment(A1, TWO)):
        rejected.when(command).refused("closed", "A1 has been rejected")
    story.when(RejectAmendment(A1, "\n")).refused("unfit", "reason")


def test_an_amendment_is_withdrawn_by_who_proposed_it_or_a_co_chair():
    story = given(SUBMITTED, AMENDED)
    story.when(WithdrawAmendment(A1, "settled"), by="Pavel").then(AmendmentWithdrawn, reason="settled")
    story.when(WithdrawAmendment(A1), by="Maral").then(AmendmentWithdrawn)
    story.when(WithdrawAmendment(A1), by="Tuya").refused("not-yours")


def test_an_amendment_of_a_withdrawn_proposal_is_not_accepted_into_it():
    given(SUBMITTED, AMENDED, did("Tuya", WithdrawProposal(P1))).when(AcceptAmendment(A1)).refused("closed", "P1")


def test_a_call_on_the_text_is_void_when_an_amendment_is_accepted_and_names_the_entry_that_moved_it():
    story = given(SUBMITTED, AMENDED, did("Rin", CallConsensus(proposal=P1)))
    accepted = story.when(AcceptAmendment(A1)).then(AmendmentAccepted).then(TextAmended)
    accepted.then(CallVoided, call="Q1", cause=len(story.entries) + 2).then_nothing()


@pytest.mark.parametrize(
    ("by", "command"),
    [
        ("Pavel", RestateAmendment(A1, TWO)),
        ("Pavel", WithdrawAmendment(A1)),
        ("Rin", AcceptAmendment(A1)),
        ("Rin", RejectAmendment(A1, "no")),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_call_on_an_amendment_is_void_when_the_amendment_moves_or_is_answered(by, command):
    story = given(SUBMITTED, AMENDED, did("Rin", CallConsensus("amendment", amendment=A1)))
    moved = story.when(command, by=by)
    assert moved.left[-1].fact == CallVoided(Q1, len(story.entries) + 1, amendment=A1)


@pytest.mark.parametrize(
    "ending",
    [WithdrawProposal(P1), MergeProposals((P1, P2), "T", "x"), SplitProposal(P1, (Part("a", "a"), Part("b", "b")))],
    ids=lambda command: type(command).__name__,
)
def test_calls_on_the_amendments_of_a_proposal_are_void_when_it_ends(ending):
    other = did("Tuya", SubmitProposal("Other", WORDS))
    elsewhere = did("Pavel", ProposeAmendment(P2, TWO)) if isinstance(ending, WithdrawProposal) else AMENDED
    calls = [did("Rin", CallConsensus("amendment", amendment=one)) for one in (A2, A1)]
    story = given(SUBMITTED, other, AMENDED, elsewhere, *calls)
    ended = story.when(ending)
    voided = [entry.fact for entry in ended.left if isinstance(entry.fact, CallVoided)]
    about = [A1] if isinstance(ending, WithdrawProposal) else [A2, A1]
    assert [fact.amendment for fact in voided] == about
    assert all(story.entries[-1].number < fact.cause <= ended.entries[-1].number for fact in voided)
    assert ended.find(Amendment, A1).call is None


def test_a_call_on_an_amendment_that_is_reached_takes_it_into_the_text_and_voids_the_call_on_that():
    both = (did("Rin", CallConsensus("amendment", amendment=A1)), did("Rin", CallConsensus(proposal=P1)))
    story = given(SUBMITTED, AMENDED, *both)
    reached = story.when(DeclareOutcome(Q1, True, "as agreed")).then(
        ConsensusReached, about="amendment", amendment="A1"
    )
    reached.then(AmendmentAccepted).then(TextAmended, text=DAILY).then(CallVoided, call="Q2").then_nothing()
    assert reached.find(Amendment, A1).status == "accepted"


def test_amendments_are_decided_by_the_co_chairs_unless_the_dialogue_says_otherwise():
    story = given(SUBMITTED, AMENDED)
    called = story.when(CallConsensus("amendment", amendment=A1)).then(ConsensusCalled, text=DAILY, version=None)
    assert called.entries[-1].fact.procedure.name == "chair"
