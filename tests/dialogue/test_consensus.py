from dataclasses import asdict
from datetime import timedelta
from fractions import Fraction

import pytest

from dialogue.amendment import Amendment, ProposeAmendment
from dialogue.call import (
    Call,
    CallVoided,
    ConsensusCalled,
    ConsensusNotReached,
    ConsensusReached,
    DeadlineExtended,
    ObjectionConveyed,
    Position,
    PositionTaken,
    PositionWithdrawn,
    Tally,
)
from dialogue.consensus import (
    CallConsensus,
    DeclareOutcome,
    ExtendDeadline,
    ObjectThroughChair,
    TakePosition,
    WithdrawPosition,
)
from dialogue.document import Document, Group
from dialogue.drafting import ReopenText, ReviseProposal, SubmitProposal
from dialogue.fact import Personal, Text
from dialogue.issuing import DraftDocument, IssueEdition, OrderItems
from dialogue.participant import AssignRoles, Invite, LeaveDialogue, RecordDeath
from dialogue.procedure import POSITIONS, Procedure
from dialogue.proposal import Proposal, ProposalSubmitted, TextReopened
from dialogue.releasing import PublishDocument
from dialogue.ruling import ChallengeRuling, RuleOnChange
from dialogue.text import digest
from spec import MEMBERS, did, given, hours, position, thing, who

P1, P2, D1, Q1, Q2, A1, A2, R1 = (thing(handle) for handle in ("P1", "P2", "D1", "Q1", "Q2", "A1", "A2", "R1"))
WORDS = "Open one hotline.\n\nTest it.\n\nPublish the results."
SUBMITTED = did("Tuya", SubmitProposal("Hotlines", WORDS))
CALLED = did("Rin", CallConsensus(proposal=P1))
OPEN = (SUBMITTED, CALLED)
OBJECTED = did("Pavel", TakePosition(Q1, "object", "too soon"))


def test_a_call_binds_the_version_and_digest_and_all_members_entitled_then():
    called = given(SUBMITTED, did("Tuya", ReviseProposal(P1, "Open two."))).when(CallConsensus(proposal=P1))
    called.then(ConsensusCalled, call="Q1", version=2, text="Open two.", entitled=MEMBERS).then_nothing()
    joined = called.when(Invite(name=Personal("Late COMER")), by="Office").then_accepted()
    joined.when(TakePosition(Q1, "agree"), by="N11").refused("not-entitled", "Q1")
    assert len(joined.find(Call, Q1).entitled) == 5


@pytest.mark.parametrize(
    ("electorate", "entitled"),
    [("participants", MEMBERS), ("co-chairs", ("Rin", "Maral")), ("steering-committee", ("Steering",))],
)
def test_who_is_entitled_is_an_electorate_without_those_who_left(electorate, entitled):
    story = given(SUBMITTED, did("Office", Invite(name=Personal("A"))), did("N11", LeaveDialogue()))
    story.when(CallConsensus(proposal=P1, electorate=electorate)).then(ConsensusCalled, entitled=entitled)


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (CallConsensus(), "unfit", "names its one subject"),
        (CallConsensus(proposal=P1, document=D1), "unfit", "names its one subject"),
        (CallConsensus("edition", proposal=P1), "unfit", "names its one subject"),
        (CallConsensus("mandate", proposal=P1), "unfit", "names its one subject"),
        (CallConsensus(proposal=thing("P9")), "unknown", "proposal"),
        (CallConsensus(proposal=P1, session=thing("S9")), "unknown", "session"),
        (CallConsensus(proposal=P1, entitled=(who("N99"),)), "unknown", "participant"),
        (CallConsensus(proposal=P1, entitled=(who("Tuya"), who("Tuya"))), "unfit", "named twice"),
        (CallConsensus(proposal=P1, entitled=(who("Tuya"), who("Observer"))), "unfit", "observer, who take no"),
        (CallConsensus(proposal=P1, expires=hours(-1)), "unfit", "before the call"),
        (CallConsensus(proposal=P1, procedure=Procedure("silence")), "no-expiry", "exact instant"),
        (CallConsensus(proposal=P1, procedure=Procedure("consensus-minus")), "unfit", "not counted"),
        (CallConsensus("ruling", ruling=R1), "unknown", "ruling"),
        (CallConsensus("edition", document=D1), "no-edition", "D1"),
        (CallConsensus("amendment", amendment=A1), "unknown", "amendment"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(command, code, words):
    given(SUBMITTED, did("Office", DraftDocument("Recommendations"))).when(command).refused(code, words)


def test_one_call_at_a_time_is_open_on_a_thing():
    given(*OPEN).when(CallConsensus(proposal=P1)).refused("call-open", "Q1")
    given(*OPEN, did("Rin", DeclareOutcome(Q1))).when(CallConsensus(proposal=P1)).refused("decided")


def test_nobody_who_left_is_entitled_by_name():
    story = given(SUBMITTED, did("Pavel", LeaveDialogue()))
    story.when(CallConsensus(proposal=P1, entitled=(who("Pavel"),))).refused("inactive")


@pytest.mark.parametrize("words", ["Open [one / two] hotlines.", "Open [one hotline."])
def test_no_call_on_adoption_opens_while_a_bracket_does(words):
    given(did("Tuya", SubmitProposal("H", words))).when(CallConsensus(proposal=P1)).refused("brackets", "P1")


def test_nothing_bracketed_is_adopted_by_a_call_that_was_recorded_all_the_same():
    text = Text(digest("Open [one / two] hotlines."), "Open [one / two] hotlines.")
    recorded = ConsensusCalled(Q1, 1, "text", Procedure(), (who("Tuya"),), P1, version=1, text=text)
    story = given(ProposalSubmitted(P1, 1, "Hotlines", text), recorded)
    story.when(DeclareOutcome(Q1)).refused("brackets", "[one / two]")


@pytest.mark.parametrize(
    ("preamble", "item", "words"),
    [("We met.", "Open [one / two] lines.", "item 1: "), ("We [met / parted].", "Open one.", "the preamble")],
)
def test_no_edition_with_an_open_bracket_is_adopted(preamble, item, words):
    story = given(
        did("Tuya", SubmitProposal("H", item)),
        did("Office", DraftDocument("Recommendations", preamble=preamble)),
        did("Office", OrderItems(D1, (Group("", (P1,)),))),
        did("Office", IssueEdition(D1)),
    )
    refusal = story.when(CallConsensus("edition", document=D1)).refused("brackets").refusal
    assert words.rstrip(": ") in str(refusal)


def test_a_call_on_an_edition_adopts_the_document_and_moves_with_it():
    story = given(
        SUBMITTED,
        did("Office", DraftDocument("Recommendations", preamble="We met.")),
        did("Office", OrderItems(D1, (Group("", (P1,)),))),
        did("Office", IssueEdition(D1)),
        did("Rin", CallConsensus("edition", document=D1)),
    )
    reached = story.when(DeclareOutcome(Q1)).then(ConsensusReached, about="edition", document="D1", version=1)
    assert reached.find(Document, D1).decision == Q1
    revised = story.when(ReviseProposal(P1, "Open two."), by="Tuya").then_accepted()
    issued = revised.when(IssueEdition(D1), by="Office").then_accepted()
    assert issued.left[-1].fact == CallVoided(Q1, len(issued.entries) - 1, document=D1)
    story.when(PublishDocument(D1), by="Office").refused("not-ready", "Q1 is open on it")


@pytest.mark.parametrize("name", POSITIONS)
def test_every_position_can_be_taken_and_stays_in_the_history_when_it_changes(name):
    reason = "because" if name == "object" else None
    paragraphs = (2, 3) if name == "agree-dissociating" else ()
    taken = given(*OPEN).when(TakePosition(Q1, name, reason, paragraphs), by="Tuya")
    taken.then(PositionTaken, name=name, participant="Tuya", paragraphs=paragraphs, late=False).then_nothing()
    other = "abstain" if name != "abstain" else "agree"
    changed = taken.when(TakePosition(Q1, other), by="Tuya").then(PositionTaken, name=other)
    assert changed.find(Position, position("Tuya")).name == other
    assert [e.fact.name for e in changed.entries if isinstance(e.fact, PositionTaken)] == [name, other]


def test_taking_the_same_position_again_changes_nothing_unless_a_reason_is_given():
    story = given(*OPEN, did("Tuya", TakePosition(Q1, "agree")))
    story.when(TakePosition(Q1, "agree"), by="Tuya").then_nothing()
    story.when(TakePosition(Q1, "agree", "gladly"), by="Tuya").then(PositionTaken, reason="gladly")


def test_an_objection_gives_its_reason_unless_the_dialogue_needs_none():
    given(*OPEN).when(TakePosition(Q1, "object"), by="Tuya").refused("no-reason")
    given(*OPEN).when(ObjectThroughChair(Q1)).refused("no-reason")
    free = given(*OPEN, objection_needs_reason=False)
    free.when(TakePosition(Q1, "object"), by="Tuya").then(PositionTaken, reason=None)
    free.when(ObjectThroughChair(Q1)).then(ObjectionConveyed, reason=None)


def test_paragraphs_are_named_with_a_dissociation_and_with_nothing_else():
    given(*OPEN).when(TakePosition(Q1, "agree-dissociating"), by="Tuya").refused("unfit", "name the paragraphs")
    given(*OPEN).when(TakePosition(Q1, "agree", paragraphs=(1,)), by="Tuya").refused("unfit", "only a dissociation")
    one = given(*OPEN, did("Tuya", TakePosition(Q1, "agree-dissociating", paragraphs=(1,))))
    one.when(TakePosition(Q1, "agree-dissociating", paragraphs=(1, 2)), by="Tuya").then(PositionTaken)


def test_a_dissociation_is_from_paragraphs_that_are_there():
    three = given(*OPEN)
    three.when(TakePosition(Q1, "agree-dissociating", paragraphs=(3,)), by="Tuya").then(PositionTaken)
    for number in (-1, 0, 4):
        wrong = TakePosition(Q1, "agree-dissociating", paragraphs=(1, number))
        three.when(wrong, by="Tuya").refused("no-paragraph", f"no paragraph {number};", "from 1 to 3")
    amended = given(SUBMITTED, did("Pavel", ProposeAmendment(P1, "One.\n\nTwo.")),
                    did("Rin", CallConsensus("amendment", amendment=A1, procedure=Procedure())))  # fmt: skip
    amended.when(TakePosition(Q1, "agree-dissociating", paragraphs=(2,)), by="Tuya").then(PositionTaken)
    amended.when(TakePosition(Q1, "agree-dissociating", paragraphs=(3,)), by="Tuya").refused("no-paragraph", "to 2")
    mandate = given(did("Rin", CallConsensus("mandate")))
    mandate.when(TakePosition(Q1, "agree-dissociating", paragraphs=(7,)), by="Tuya").then(PositionTaken)
    mandate.when(TakePosition(Q1, "agree-dissociating", paragraphs=(0,)), by="Tuya").refused("no-paragraph")


def test_a_position_is_withdrawn_by_who_took_it():
    story = given(*OPEN, OBJECTED)
    withdrawn = story.when(WithdrawPosition(Q1, "convinced"), by="Pavel").then(PositionWithdrawn, reason="convinced")
    withdrawn.when(WithdrawPosition(Q1), by="Pavel").then_nothing()
    withdrawn.when(DeclareOutcome(Q1)).then(ConsensusReached)
    story.when(WithdrawPosition(Q1), by="Tuya").refused("unknown", "no position in Q1")


def test_a_declared_call_takes_nothing_more():
    declared = given(*OPEN, did("Tuya", TakePosition(Q1, "agree")), did("Rin", DeclareOutcome(Q1)))
    declared.when(TakePosition(Q1, "object", "late"), by="Pavel").refused("closed", "Q1 is reached")
    declared.when(WithdrawPosition(Q1), by="Tuya").refused("closed")
    declared.when(ObjectThroughChair(Q1, "late")).refused("closed")
    declared.when(DeclareOutcome(Q1)).refused("closed")
    declared.when(ExtendDeadline(Q1, hours(99))).refused("closed")
    declared.when(TakePosition(thing("Q9"), "agree"), by="Tuya").refused("unknown", "consensus call")


def test_a_deadline_holds_to_the_instant_and_is_extended_only_before_it_is_over():
    story = given(SUBMITTED, did("Rin", CallConsensus(proposal=P1, expires=hours(10))))
    moment = timedelta(microseconds=1)
    story.when(TakePosition(Q1, "agree"), by="Tuya", at=hours(10)).then(PositionTaken, late=False)
    story.when(TakePosition(Q1, "agree"), by="Tuya", at=hours(10) + moment).refused("too-late", "Q1")
    story.when(ObjectThroughChair(Q1, "no"), at=hours(10) + moment).refused("too-late")
    objected = story.when(TakePosition(Q1, "object", "no"), by="Tuya", at=hours(9)).then(PositionTaken)
    objected.when(WithdrawPosition(Q1), by="Tuya", at=hours(10)).then(PositionWithdrawn)
    objected.when(WithdrawPosition(Q1), by="Tuya", at=hours(10) + moment).refused("too-late", "Q1")
    objected.when(TakePosition(Q1, "agree"), by="Tuya", at=hours(10)).then(PositionTaken, name="agree")
    longer = story.when(ExtendDeadline(Q1, hours(20)), at=hours(10)).then(DeadlineExtended, expires=hours(20))
    longer.when(TakePosition(Q1, "agree"), by="Tuya", at=hours(20)).then(PositionTaken)
    story.when(ExtendDeadline(Q1, hours(20)), at=hours(10) + moment).refused("too-late")
    story.when(ExtendDeadline(Q1, hours(10))).refused("not-later")
    given(*OPEN).when(ExtendDeadline(Q1, hours(10))).refused("no-expiry", "no deadline")


def test_an_adopted_proposal_is_a_recommendation_by_the_decision_that_names_it():
    reached = given(*OPEN, did("Tuya", TakePosition(Q1, "agree"))).when(DeclareOutcome(Q1, reason="heard"))
    reached.then(ConsensusReached, proposal="P1", version=1, procedure=Procedure(), reason="heard", effective=None)
    proposal = reached.find(Proposal, P1)
    assert (proposal.status, proposal.decision, proposal.decided_by, proposal.call) == (
        "adopted",
        Q1,
        "consensus",
        None,
    )


def test_an_outcome_explains_itself_by_the_numbers_of_entries():
    story = given(
        *OPEN,
        did("Tuya", TakePosition(Q1, "object", "at first")),
        did("Tuya", TakePosition(Q1, "agree")),
        did("Seoyun", TakePosition(Q1, "agree-ad-referendum")),
        did("Maral", TakePosition(Q1, "recuse")),
        OBJECTED,
        did("Rin", ObjectThroughChair(Q1, "somebody minds")),
    )
    first = next(e.number for e in story.entries if isinstance(e.fact, PositionTaken))
    outcome = story.when(DeclareOutcome(Q1)).then(ConsensusNotReached, call="Q1", proposal="P1").then_nothing()
    assert asdict(outcome.entries[-1].fact.explanation) == {
        "entitled": 5,
        "active": 4,
        "present": 4,
        "quorum": 0,
        "tally": tuple(
            {"position": name, "number": number}
            for name, number in (("agree", 1), ("agree-ad-referendum", 1), ("object", 2), ("recuse", 1))
        ),
        "conveyed": 1,
        "counted": (first + 1, first + 2, first + 3, first + 4, first + 5),
        "blocked": (first + 4, first + 5),
        "pending": (first + 2,),
        "reason": "objection",
    }
    assert outcome.find(Proposal, P1).status == "open"


def test_an_objection_through_the_chair_blocks_and_names_nobody():
    conveyed = given(*OPEN).when(ObjectThroughChair(Q1, "too soon"), by="Maral")
    conveyed.then(ObjectionConveyed, reason="too soon", late=False).then_nothing()
    outcome = conveyed.when(DeclareOutcome(Q1)).then(ConsensusNotReached)
    explanation = outcome.entries[-1].fact.explanation
    assert (explanation.conveyed, explanation.blocked) == (1, (len(conveyed.entries),))
    assert explanation.tally == (Tally("object", 1),)


def test_consensus_needs_its_quorum():
    story = given(SUBMITTED, did("Rin", CallConsensus(proposal=P1, procedure=Procedure(quorum=Fraction(1, 2)))))
    two = story.when(TakePosition(Q1, "agree"), by="Tuya").when(TakePosition(Q1, "abstain"), by="Rin")
    assert two.when(DeclareOutcome(Q1)).then(ConsensusNotReached).entries[-1].fact.explanation.reason == "quorum"
    two.when(TakePosition(Q1, "abstain"), by="Maral").when(DeclareOutcome(Q1)).then(ConsensusReached)


def test_consensus_minus_does_not_count_those_named_when_the_call_opened():
    minus = Procedure("consensus-minus", excluded=(who("Pavel"),))
    story = given(SUBMITTED, did("Rin", CallConsensus(proposal=P1, procedure=minus)), OBJECTED)
    reached = story.when(DeclareOutcome(Q1)).then(ConsensusReached, procedure=minus)
    assert reached.entries[-1].fact.explanation.counted == ()
    story.when(TakePosition(Q1, "object", "no"), by="Tuya").when(DeclareOutcome(Q1)).then(ConsensusNotReached)


def test_a_text_adopted_by_consensus_minus_is_reopened_by_it_whomever_that_leaves_out():
    minus = Procedure("consensus-minus", excluded=(who("Pavel"),))
    called = did("Rin", CallConsensus(proposal=P1, procedure=minus))
    story = given(SUBMITTED, called, did("Rin", DeclareOutcome(Q1)))
    other = Procedure("consensus-minus", excluded=(who("Tuya"),))
    story.when(CallConsensus("reopening", P1, procedure=other)).then(ConsensusCalled, procedure=other)
    story.when(CallConsensus("reopening", P1)).then(ConsensusCalled, procedure=minus)
    with_quorum = Procedure("consensus-minus", 2, excluded=(who("Tuya"),))
    story.when(CallConsensus("reopening", P1, procedure=with_quorum)).refused("reopen")


def test_a_call_to_reopen_a_text_is_void_once_it_is_open_again_in_another_way():
    alone = did("Rin", CallConsensus(proposal=P1, procedure=Procedure("chair")))
    adopted = given(SUBMITTED, alone, did("Rin", DeclareOutcome(Q1, True, "as agreed")))
    called = adopted.when(CallConsensus("reopening", P1)).then(ConsensusCalled)
    reopened = called.when(ReopenText(P1, "on reflection")).then(TextReopened)
    reopened.then(CallVoided, call="Q2", proposal="P1", cause=len(reopened.entries) - 1).then_nothing()
    assert reopened.find(Proposal, P1).call is None
    reopened.when(DeclareOutcome(Q2, True)).refused("closed", "Q2 is void")


@pytest.mark.parametrize(("ruling", "outcome"), [(True, ConsensusReached), (False, ConsensusNotReached)])
def test_under_the_procedure_chair_the_co_chairs_say_how_they_rule_and_elsewhere_they_do_not(ruling, outcome):
    story = given(SUBMITTED, did("Rin", CallConsensus(proposal=P1, procedure=Procedure("chair"))))
    story.when(DeclareOutcome(Q1, ruling, "editorial only")).then(outcome, reason="editorial only")
    story.when(DeclareOutcome(Q1)).refused("unfit", "say how the co-chairs rule")
    story.when(DeclareOutcome(Q1, ruling)).refused("no-reason", "give the reason")
    given(*OPEN).when(DeclareOutcome(Q1, ruling)).refused("unfit")


def test_who_no_longer_has_a_part_takes_no_position_but_one_taken_stays():
    story = given(*OPEN, OBJECTED, did("Office", AssignRoles(who("Pavel"), ("observer",))))
    story.when(TakePosition(Q1, "agree"), by="Pavel").refused("role")
    story.when(DeclareOutcome(Q1)).then(ConsensusNotReached)


def test_who_is_entitled_stays_so_whoever_leaves_dies_or_changes_roles_before_the_outcome():
    """Two of three needed, of five: those who left count as entitled, and what they said stays said."""
    named = tuple(map(who, ("Maral", "Tuya", "Pavel")))
    two_thirds = CallConsensus(proposal=P1, entitled=named, procedure=Procedure("consensus", Fraction(2, 3)))
    called = (SUBMITTED, did("Rin", two_thirds))
    agreed = (did("Tuya", TakePosition(Q1, "agree")), did("Pavel", TakePosition(Q1, "agree")))
    gone = (did("Tuya", LeaveDialogue()), did("Office", RecordDeath(who("Pavel"))),
            did("Office", AssignRoles(who("Maral"), ("observer",))))  # fmt: skip
    reached = given(*called, *agreed, *gone).when(DeclareOutcome(Q1)).then(ConsensusReached)
    explanation = reached.entries[-1].fact.explanation
    assert (explanation.entitled, explanation.active, explanation.present, explanation.quorum) == (3, 3, 2, 2)
    short = given(*called, agreed[0], *gone).when(DeclareOutcome(Q1)).then(ConsensusNotReached)
    assert short.entries[-1].fact.explanation.reason == "quorum", "the empty places are places"
    given(*called, *gone).when(TakePosition(Q1, "object", "no"), by="Pavel").refused("inactive")


@pytest.mark.parametrize(("quorum", "needed"), [(Fraction(1, 2), 2), (Fraction(3, 5), 3), (Fraction(1), 4), (4, 4)])
def test_a_quorum_is_a_count_or_a_fraction_of_those_entitled_who_did_not_recuse(quorum, needed):
    called = did("Rin", CallConsensus(proposal=P1, procedure=Procedure("consensus", quorum)))
    story = given(SUBMITTED, called, did("Pavel", TakePosition(Q1, "recuse")))
    for number, name in enumerate(("Rin", "Maral", "Tuya", "Seoyun"), start=1):
        story = story.when(TakePosition(Q1, "abstain"), by=name).then(PositionTaken)
        outcome = story.when(DeclareOutcome(Q1)).then(ConsensusReached if number >= needed else ConsensusNotReached)
        assert outcome.entries[-1].fact.explanation.quorum == needed


def test_adopting_a_text_voids_the_calls_on_its_amendments_and_no_other_opens_until_it_is_open_again():
    on_one = did("Rin", CallConsensus("amendment", amendment=A1, procedure=Procedure()))
    other = (did("Tuya", SubmitProposal("Other", "Other words.")), did("Tuya", ProposeAmendment(P2, "Others.")))
    elsewhere = did("Rin", CallConsensus("amendment", amendment=A2, procedure=Procedure()))
    chairs = did("Rin", CallConsensus(proposal=P1, procedure=Procedure("chair")))
    story = given(SUBMITTED, did("Pavel", ProposeAmendment(P1, "Open two.")), *other, on_one, elsewhere, chairs)
    against = story.when(DeclareOutcome(thing("Q3"), False, "not yet")).then(ConsensusNotReached).then_nothing()
    assert against.find(Call, Q1).status == "open", "it was not decided"
    adopted = story.when(DeclareOutcome(thing("Q3"), True, "as agreed")).then(ConsensusReached)
    adopted.then(CallVoided, call="Q1", cause=len(adopted.entries) - 1, amendment="A1").then_nothing()
    assert adopted.find(Amendment, A1).call is None
    adopted.when(DeclareOutcome(Q1)).refused("closed", "Q1 is void")
    adopted.when(CallConsensus("amendment", amendment=A1)).refused("decided", "P1 has been adopted")
    reopened = adopted.when(ReopenText(P1, "on reflection")).then(TextReopened)
    reopened.when(CallConsensus("amendment", amendment=A1)).then(ConsensusCalled)


def test_the_steering_committee_is_asked_about_the_mandate():
    called = given().when(CallConsensus("mandate", electorate="steering-committee", question="Two years more?"))
    called.then(ConsensusCalled, about="mandate", entitled=("Steering",), version=None)
    called.when(TakePosition(Q1, "agree"), by="Steering").then(PositionTaken)


def test_a_call_on_a_ruling_waits_for_its_challenge():
    ruled = (SUBMITTED, did("Tuya", ReviseProposal(P1, "Open two.")), did("Rin", RuleOnChange("editorial", "a", P1)))
    given(*ruled).when(CallConsensus("ruling", ruling=R1)).refused("not-challenged")
    challenged = given(*ruled, did("Tuya", ChallengeRuling(R1, "no")))
    challenged.when(CallConsensus("ruling", ruling=R1)).then(ConsensusCalled, ruling="R1")
