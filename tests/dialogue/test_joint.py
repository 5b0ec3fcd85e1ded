"""Acts of the co-chairs: any, all or a number of them (domain.md, "People and bodies")."""

import json

import pytest

from dialogue.amendment import AcceptAmendment
from dialogue.call import ConsensusReached
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.joint import ActAssented, ActProposed, AssentToAct, Joint, Settle
from dialogue.mandate import AgreeSettings, Settings, SettingsAgreed
from dialogue.participant import AssignRoles, LeaveDialogue, RecordDeath, RolesAssigned
from dialogue.proposal import Proposal
from dialogue.ruling import RuleOnChange, RulingGiven
from spec import did, given, thing, who

P1, Q1, J1 = thing("P1"), thing("Q1"), thing("J1")
OPEN = (did("Tuya", SubmitProposal("Hotlines", "Open one hotline.")), did("Rin", CallConsensus(proposal=P1)))
PROPOSED = (*OPEN, did("Rin", DeclareOutcome(Q1, reason="heard")))
THIRD = did("Office", AssignRoles(who("Tuya"), ("participant", "co-chair")))


def test_where_any_co_chair_may_act_one_does():
    given(*OPEN, chairs="any").when(DeclareOutcome(Q1)).then(ConsensusReached).then_nothing()


def test_where_all_co_chairs_act_the_last_assent_carries_the_act():
    story = given(*OPEN, chairs="all")
    proposed = story.when(DeclareOutcome(Q1, reason="heard"))
    proposed.then(ActProposed, joint="J1", number=1, command="DeclareOutcome", needed=2).then_nothing()
    assert json.loads(proposed.entries[-1].fact.fields) == {"call": str(Q1), "reason": "heard"}
    assert proposed.find(Proposal, P1).status == "open"
    done = proposed.when(AssentToAct(J1), by="Maral").then(ActAssented, joint="J1")
    done.then(ConsensusReached, reason="heard").then_nothing()
    assert done.find(Joint, J1).assents == (who("Rin"), who("Maral"))
    assert {entry.act for entry in done.entries[-2:]} == {done.entries[-1].act}, "in one act"


def test_a_number_of_co_chairs_is_enough_where_the_dialogue_says_so_and_never_more_than_there_are():
    two = given(*OPEN, THIRD, chairs=2).when(DeclareOutcome(Q1)).then(ActProposed, needed=2)
    two.when(AssentToAct(J1), by="Tuya").then(ActAssented).then(ConsensusReached)
    given(*OPEN, THIRD, chairs="all").when(DeclareOutcome(Q1)).then(ActProposed, needed=3)
    given(*OPEN, THIRD, chairs=1).when(DeclareOutcome(Q1)).then(ConsensusReached)
    given(*OPEN, chairs=9).when(DeclareOutcome(Q1)).then(ActProposed, needed=2)
    alone = given(*OPEN, did("Maral", LeaveDialogue()), chairs="all")
    alone.when(DeclareOutcome(Q1)).then(ConsensusReached)


def test_one_assent_of_several_is_recorded_alone_and_the_same_person_s_second_is_nothing():
    story = given(*OPEN, THIRD, did("Rin", DeclareOutcome(Q1)), chairs="all")
    assented = story.when(AssentToAct(J1), by="Maral").then(ActAssented).then_nothing()
    assented.when(AssentToAct(J1), by="Maral").then_nothing()
    story.when(AssentToAct(J1), by="Rin").then_nothing()


def test_what_would_change_nothing_is_not_proposed():
    given(chairs="all").when(AgreeSettings(Settings(chairs="all"))).then_nothing()


def test_an_act_that_was_done_or_never_proposed_takes_no_assent():
    done = given(*PROPOSED, did("Maral", AssentToAct(J1)), THIRD, chairs="all")
    done.when(AssentToAct(J1), by="Tuya").refused("closed", "done already")
    given(chairs="all").when(AssentToAct(J1), by="Maral").refused("unknown", "joint act")
    given(*PROPOSED, chairs="all").when(AssentToAct(J1), by="Pavel").refused("role")


def test_what_would_be_refused_then_is_refused_at_once():
    given(chairs="all").when(DeclareOutcome(Q1)).refused("unknown", "consensus call")
    revised = (OPEN[0], did("Tuya", ReviseProposal(P1, "Open two hotlines.")))
    given(*revised, chairs="all").when(RuleOnChange("editorial", "a slip", P1, version=9)).refused("no-version")
    given(*revised, chairs="all").when(AcceptAmendment(thing("A1"), "editorial", "a slip")).refused("unknown")


def test_the_act_is_decided_on_what_holds_when_the_last_co_chair_assents():
    objected = did("Pavel", TakePosition(Q1, "object", "too soon"))
    story = given(*PROPOSED, objected, chairs="all").when(AssentToAct(J1), by="Maral").then(ActAssented)
    assert type(story.left[0].fact).__name__ == "ConsensusNotReached"
    voided = given(*PROPOSED, did("Tuya", ReviseProposal(P1, "Open two hotlines.")), chairs="all")
    voided.when(AssentToAct(J1), by="Maral").refused("closed", "Q1 is void")


def test_a_ruling_of_all_co_chairs_gives_notice_from_when_the_last_assented():
    revised = (OPEN[0], did("Tuya", ReviseProposal(P1, "Open two hotlines.")))
    proposed = given(*revised, chairs="all").when(RuleOnChange("editorial", "a slip", P1)).then(ActProposed)
    done = proposed.when(AssentToAct(J1), by="Maral").then(ActAssented).then(RulingGiven)
    assert (done.entries[-1].fact.notice_until - done.clock).total_seconds() == 72 * 3600


def test_one_co_chair_alone_does_not_decide_that_one_is_enough():
    story = given(chairs="all").when(AgreeSettings(Settings(chairs="any"))).then(ActProposed, needed=2).then_nothing()
    story.when(AssentToAct(J1), by="Maral").then(ActAssented).then(SettingsAgreed)


def test_who_is_no_co_chair_any_more_completes_nothing():
    demoted = did("Office", AssignRoles(who("Maral"), ("participant",)))
    given(*PROPOSED, demoted, chairs="all").when(AssentToAct(J1), by="Maral").refused("role")
    given(*OPEN).when(AssignRoles(who("Maral"), ("participant",)), by="Office").then(RolesAssigned)


DIED = did("Office", RecordDeath(who("Maral")))
LEFT = did("Maral", LeaveDialogue())


@pytest.mark.parametrize("gone", [DIED, LEFT, did("Office", AssignRoles(who("Maral"), ("participant",)))])
def test_nobody_s_assent_is_waited_for_who_is_no_co_chair_any_more(gone):
    story = given(*PROPOSED, gone, chairs="all")
    done = story.when(AssentToAct(J1)).then(ActAssented, needed=1).then(ConsensusReached, reason="heard").then_nothing()
    assert (done.find(Joint, J1).status, done.find(Joint, J1).assents) == ("done", (who("Rin"),))
    done.when(AssentToAct(J1)).refused("closed", "done already")


def test_of_three_co_chairs_one_of_whom_dies_the_two_others_are_all():
    story = given(*OPEN, THIRD, did("Rin", DeclareOutcome(Q1)), DIED, chairs="all")
    story.when(AssentToAct(J1)).then_nothing()
    story.when(AssentToAct(J1), by="Tuya").then(ActAssented, needed=2).then(ConsensusReached)


@pytest.mark.parametrize("chairs", ["all", 2])
def test_an_assent_stays_given_when_its_giver_leaves_and_the_others_are_still_asked(chairs):
    story = given(*OPEN, THIRD, did("Rin", DeclareOutcome(Q1)), did("Rin", LeaveDialogue()), chairs=chairs)
    second = story.when(AssentToAct(J1), by="Maral").then(ActAssented)
    if chairs == 2:
        second.then(ConsensusReached)
    else:
        second.then_nothing().when(AssentToAct(J1), by="Tuya").then(ActAssented).then(ConsensusReached)


def test_who_becomes_a_co_chair_meanwhile_is_asked_too_where_all_are():
    story = given(*PROPOSED, THIRD, chairs="all")
    second = story.when(AssentToAct(J1), by="Maral").then(ActAssented, needed=3).then_nothing()
    assert second.find(Joint, J1).needed == 3
    second.when(AssentToAct(J1), by="Tuya").then(ActAssented, needed=None).then(ConsensusReached)


def test_asking_for_what_is_proposed_already_assents_to_it_and_asking_twice_is_nothing():
    story = given(*PROPOSED, chairs="all")
    story.when(DeclareOutcome(Q1, reason="heard")).then_nothing()
    story.when(DeclareOutcome(Q1, reason="heard"), by="Maral").then(ActAssented, joint="J1").then(ConsensusReached)
    story.when(DeclareOutcome(Q1), by="Maral").then(ActProposed, joint="J2")
    left = given(*PROPOSED, LEFT, chairs="all").when(DeclareOutcome(Q1, reason="heard"))
    left.then(ActAssented, joint="J1").then(ConsensusReached)


@pytest.mark.parametrize("by", ["Tuya", "Steering", "Observer", "Committee", "Auditor"])
def test_settling_is_for_the_facilitators(by):
    given(automatic_silence=True).when(Settle(), by=by).refused("role")
