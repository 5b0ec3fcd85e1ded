"""The procedure `silence` (domain.md, "Decision procedures"; OSCE MC.DOC/1/06 Annex 1A; UNGA decision 74/544)."""

from datetime import timedelta

import pytest

from dialogue.amendment import AcceptAmendment, Amendment, AmendmentAccepted, AmendmentProposed, ProposeAmendment
from dialogue.call import (
    Call,
    CallVoided,
    ConsensusCalled,
    ConsensusNotReached,
    ConsensusReached,
    DeadlineExtended,
    ObjectionConveyed,
    OutcomeConfirmed,
    OutcomeContested,
    OutcomeSetAside,
    Position,
    PositionTaken,
    PositionWithdrawn,
    SilenceBroken,
)
from dialogue.consensus import (
    CallConsensus,
    ConfirmOutcome,
    DeclareOutcome,
    ExtendDeadline,
    ObjectThroughChair,
    SetAsideOutcome,
    TakePosition,
    WithdrawPosition,
)
from dialogue.document import Group
from dialogue.drafting import ReviseProposal, SubmitProposal, WithdrawProposal
from dialogue.fact import Personal
from dialogue.issuing import DraftDocument, IssueEdition, OrderItems
from dialogue.joint import Settle
from dialogue.mandate import DeclineMandate, Dialogue, GrantMandate, MandateDeclined, MandateGranted
from dialogue.participant import Invite, LeaveDialogue, NameAlternate, ParticipantLeft
from dialogue.procedure import Procedure
from dialogue.proposal import Proposal, ProposalRevised, TextAmended
from dialogue.ruling import ChallengeRuling, RuleOnChange, RulingChallenged, RulingGiven
from spec import DIALOGUE, did, given, hours, position, thing, waited, who

P1, P2, Q1, Q2, A1, A2, R1, D1 = (thing(handle) for handle in ("P1", "P2", "Q1", "Q2", "A1", "A2", "R1", "D1"))
EXPIRY = hours(80)
INSTANT = timedelta(microseconds=1)
WORDS = "Open one hotline between the coast guards."
TWO = WORDS.replace("one hotline", "two hotlines")
SILENCE = Procedure("silence")
SUBMITTED = did("Tuya", SubmitProposal("Hotlines", WORDS))
SILENT = (SUBMITTED, did("Rin", CallConsensus(proposal=P1, procedure=SILENCE, expires=EXPIRY)))
RAN_OUT = (*SILENT, waited(90))
DECLARED = (*RAN_OUT, did("Rin", DeclareOutcome(Q1)))
OBJECTION = TakePosition(Q1, "object", "too soon")


def test_a_silence_lasts_at_least_the_dialogue_s_period_to_the_instant():
    story = given(SUBMITTED)
    at = hours(1)
    shorter = CallConsensus(proposal=P1, procedure=SILENCE, expires=at + timedelta(hours=72) - INSTANT)
    story.when(shorter, at=at).refused("too-soon", "72 hours")
    exactly = CallConsensus(proposal=P1, procedure=SILENCE, expires=at + timedelta(hours=72))
    story.when(exactly, at=at).then(ConsensusCalled, expires=hours(73))
    given(SUBMITTED, silence_hours=0).when(shorter, at=at).then(ConsensusCalled)


@pytest.mark.parametrize("name", ["agree-with-reservation", "abstain", "stand-aside", "agree-ad-referendum"])
def test_in_a_silence_one_objects_or_keeps_silent(name):
    given(*SILENT).when(TakePosition(Q1, name), by="Tuya").refused("unfit", "keeps silent")
    given(*SILENT).when(TakePosition(Q1, "recuse"), by="Tuya").then(PositionTaken).then_nothing()


@pytest.mark.parametrize("at", [hours(1), EXPIRY - INSTANT, EXPIRY])
def test_an_objection_at_or_before_the_expiry_breaks_the_silence(at):
    story = given(*SILENT)
    broken = story.when(OBJECTION, by="Pavel", at=at).then(PositionTaken, late=False)
    broken.then(SilenceBroken, call="Q1", cause=len(story.entries) + 1, proposal="P1").then_nothing()
    assert broken.find(Call, Q1).status == "broken"
    assert broken.find(Proposal, P1).call is None
    broken.when(DeclareOutcome(Q1), at=hours(99)).refused("closed", "Q1 is broken")


def test_an_objection_mailed_in_time_and_entered_before_the_declaration_breaks_the_silence():
    late = given(*RAN_OUT).when(OBJECTION, by="Pavel", at=EXPIRY, basis="email", entered_by="Office")
    late.then(PositionTaken, late=False).then(SilenceBroken).then_nothing()
    assert late.entries[-1].recordedtime > EXPIRY == late.entries[-1].time


def test_an_objection_mailed_in_time_and_entered_after_the_declaration_contests_the_outcome():
    story = given(*DECLARED)
    contested = story.when(OBJECTION, by="Pavel", at=EXPIRY, basis="email", entered_by="Office")
    contested.then(PositionTaken, late=False)
    contested.then(OutcomeContested, call="Q1", cause=len(story.entries) + 1).then_nothing()
    assert contested.find(Call, Q1).status == "contested"
    assert contested.find(Proposal, P1).status == "adopted", "until it is set aside"


@pytest.mark.parametrize("history", [RAN_OUT, DECLARED], ids=["undeclared", "declared"])
def test_a_late_objection_is_recorded_as_late_and_has_no_effect(history):
    late = given(*history).when(OBJECTION, by="Pavel", at=EXPIRY + INSTANT, basis="email", entered_by="Office")
    late.then(PositionTaken, late=True).then_nothing()
    assert late.find(Position, position("Pavel")).late
    if history is RAN_OUT:
        late.when(DeclareOutcome(Q1)).then(ConsensusReached)


def test_a_late_objection_does_not_hide_a_timely_one_of_the_same_person():
    late = (*DECLARED, did("Pavel", OBJECTION))
    timely = given(*late, objection_needs_reason=False).when(
        TakePosition(Q1, "object"), by="Pavel", at=EXPIRY, basis="letter", entered_by="Office"
    )
    timely.then(PositionTaken, late=False).then(OutcomeContested)
    kept = timely.when(OBJECTION, by="Pavel").then(PositionTaken, late=True).then_nothing()
    assert not kept.find(Position, position("Pavel")).late


def test_after_the_declaration_only_an_objection_is_heard():
    story = given(*DECLARED)
    agreed = story.when(TakePosition(Q1, "agree"), by="Pavel", at=EXPIRY, basis="email", entered_by="Office")
    agreed.refused("closed", "only a timely objection")


def test_objections_through_the_chair_break_contest_or_come_late_as_others_do():
    broken = given(*SILENT).when(ObjectThroughChair(Q1, "no"), at=EXPIRY).then(ObjectionConveyed, late=False)
    broken.then(SilenceBroken, cause=len(broken.entries) - 1).then_nothing()
    contested = given(*DECLARED).when(ObjectThroughChair(Q1, "no"), at=EXPIRY, basis="letter")
    contested.then(ObjectionConveyed, late=False).then(OutcomeContested).then_nothing()
    late = given(*DECLARED).when(ObjectThroughChair(Q1, "no")).then(ObjectionConveyed, late=True).then_nothing()
    assert late.find(Call, Q1).conveyed == ()


def test_a_silence_is_declared_by_a_co_chair_once_it_ran_out_and_holds_from_its_expiry():
    story = given(*SILENT)
    story.when(DeclareOutcome(Q1), at=EXPIRY).refused("too-soon", "not run out")
    declared = story.when(DeclareOutcome(Q1), at=EXPIRY + INSTANT).then(ConsensusReached, effective=EXPIRY)
    assert declared.find(Proposal, P1).decided_by == "silence"
    assert declared.find(Dialogue, DIALOGUE).silences == ()


def test_nothing_is_recorded_by_itself_when_a_silence_runs_out():
    story = given(*RAN_OUT)
    story.when(LeaveDialogue(), by="Seoyun").then(ParticipantLeft).then_nothing()
    story.when(Settle(), by="Office").then_nothing()
    assert story.find(Call, Q1).status == "open", "unbroken so far is computed, not recorded"


def test_a_silence_is_extended_until_the_instant_of_its_expiry():
    given(*SILENT).when(ExtendDeadline(Q1, hours(120)), at=EXPIRY).then(DeadlineExtended)
    given(*SILENT).when(ExtendDeadline(Q1, hours(120)), at=EXPIRY + INSTANT).refused("too-late")
    extended = given(*SILENT, did("Rin", ExtendDeadline(Q1, hours(120)), at=EXPIRY))
    extended.when(OBJECTION, by="Pavel", at=hours(100)).then(PositionTaken, late=False).then(SilenceBroken)


@pytest.mark.parametrize("at", [hours(2), EXPIRY])
def test_a_timely_amendment_of_the_text_breaks_its_silence(at):
    story = given(*SILENT)
    broken = story.when(ProposeAmendment(P1, TWO), by="Pavel", at=at).then(AmendmentProposed)
    broken.then(SilenceBroken, cause=len(story.entries) + 1, proposal="P1").then_nothing()


def test_a_late_amendment_leaves_the_silence_unbroken():
    given(*SILENT).when(ProposeAmendment(P1, TWO), by="Pavel", at=EXPIRY + INSTANT).then(
        AmendmentProposed
    ).then_nothing()


def test_a_timely_amendment_entered_after_the_declaration_contests_and_a_late_one_meets_a_frozen_text():
    story = given(*DECLARED)
    contested = story.when(ProposeAmendment(P1, TWO), by="Pavel", at=EXPIRY, basis="email", entered_by="Office")
    contested.then(AmendmentProposed).then(OutcomeContested, cause=len(story.entries) + 1).then_nothing()
    late = story.when(ProposeAmendment(P1, TWO), by="Pavel", at=EXPIRY + INSTANT, basis="email", entered_by="Office")
    late.refused("decided", "frozen")


def test_only_an_amendment_of_somebody_entitled_breaks_a_silence():
    named = CallConsensus(proposal=P1, procedure=SILENCE, expires=EXPIRY, entitled=(who("Tuya"), who("Maral")))
    story = given(SUBMITTED, did("Rin", named))
    for stranger in ("Pavel", "Office", "Rin"):
        story.when(ProposeAmendment(P1, TWO), by=stranger).then(AmendmentProposed).then_nothing()
    story.when(ProposeAmendment(P1, TWO), by="Tuya").then(AmendmentProposed).then(SilenceBroken, call="Q1")
    joined = given(*SILENT, did("Office", Invite(name=Personal("Late COMER"))))
    joined.when(ProposeAmendment(P1, TWO), by="N11").then(AmendmentProposed).then_nothing()


def test_a_timely_amendment_of_an_item_breaks_the_silence_on_the_edition_that_prints_it():
    edition = (
        SUBMITTED,
        did("Pavel", SubmitProposal("Other", "Other words.")),
        did("Office", DraftDocument("Recommendations")),
        did("Office", OrderItems(D1, (Group("", (P1,)),))),
        did("Office", IssueEdition(D1)),
        did("Rin", CallConsensus("edition", document=D1, procedure=SILENCE, expires=EXPIRY)),
    )
    story = given(*edition)
    broken = story.when(ProposeAmendment(P1, TWO), by="Pavel", at=EXPIRY).then(AmendmentProposed)
    broken.then(SilenceBroken, call="Q1", cause=len(broken.entries) - 1, document="D1").then_nothing()
    story.when(ProposeAmendment(P2, "Others."), by="Pavel").then(AmendmentProposed).then_nothing()
    story.when(ProposeAmendment(P1, TWO), by="Pavel", at=EXPIRY + INSTANT).then(AmendmentProposed).then_nothing()
    declared = given(*edition, waited(90), did("Rin", DeclareOutcome(Q1)))
    timely = declared.when(ProposeAmendment(P1, TWO), by="Pavel", at=EXPIRY, basis="email", entered_by="Office")
    timely.then(AmendmentProposed).then(OutcomeContested, call="Q1").then_nothing()
    late = EXPIRY + INSTANT
    declared.when(ProposeAmendment(P1, TWO), by="Pavel", at=late, basis="email", entered_by="Office").then(
        AmendmentProposed
    ).then_nothing()


def test_what_was_said_in_a_silence_is_taken_back_until_its_expiry():
    story = given(*SILENT, did("Tuya", TakePosition(Q1, "agree")))
    story.when(WithdrawPosition(Q1), by="Tuya", at=EXPIRY).then(PositionWithdrawn)
    story.when(WithdrawPosition(Q1), by="Tuya", at=EXPIRY + INSTANT).refused("too-late", "Q1")


def test_an_amendment_breaks_no_other_procedure_and_no_other_text_s_silence():
    consensus = given(SUBMITTED, did("Rin", CallConsensus(proposal=P1)))
    consensus.when(ProposeAmendment(P1, TWO), by="Pavel").then(AmendmentProposed).then_nothing()
    other = given(*SILENT, did("Pavel", SubmitProposal("Other", "Other words.")))
    other.when(ProposeAmendment(P2, "Others."), by="Pavel").then(AmendmentProposed).then_nothing()


def test_a_contested_outcome_is_confirmed_with_a_reason_or_set_aside_with_one():
    objection = did("Pavel", OBJECTION, at=EXPIRY, basis="email", entered_by="Office")
    contested = given(*DECLARED, objection)
    confirmed = contested.when(ConfirmOutcome(Q1, "withdrawn by telephone")).then(OutcomeConfirmed)
    assert confirmed.find(Call, Q1).status == "reached"
    assert confirmed.find(Proposal, P1).status == "adopted"
    aside = contested.when(SetAsideOutcome(Q1, "it was timely")).then(OutcomeSetAside, reason="it was timely")
    assert aside.find(Call, Q1).status == "set-aside"
    assert (aside.find(Proposal, P1).status, aside.find(Proposal, P1).decision) == ("open", None)
    aside.when(ReviseProposal(P1, TWO), by="Tuya").then(ProposalRevised)
    contested.when(ConfirmOutcome(Q1, "")).refused("unfit", "reason")


def contested(*before, about, call=Q1, **subject):
    """A silence on something other than a text, run out, declared, and objected to in time."""
    asked = CallConsensus(about, procedure=SILENCE, expires=hours(200), **subject)
    objection = TakePosition(call, "object", "too soon")
    timely = did("Pavel", objection, at=hours(200), basis="email", entered_by="Office")
    return given(*before, did("Rin", asked), waited(210), did("Rin", DeclareOutcome(call)), timely)


def test_setting_aside_the_acceptance_of_an_amendment_takes_it_out_of_the_text():
    story = contested(
        SUBMITTED, did("Pavel", ProposeAmendment(P1, TWO, title="Lines")), about="amendment", amendment=A1
    )
    assert (story.find(Proposal, P1).versions.current, story.find(Proposal, P1).title) == (2, "Lines")
    aside = story.when(SetAsideOutcome(Q1, "it was timely")).then(OutcomeSetAside, amendment="A1")
    aside.then(ProposalRevised, version=3, text=WORDS, title="Hotlines", reason="the outcome of Q1 was set aside")
    aside.then_nothing()
    assert aside.find(Amendment, A1).status == "open"
    again = aside.when(CallConsensus(about="amendment", amendment=A1)).then(ConsensusCalled)
    assert again.find(Amendment, A1).call is not None
    aside.when(AcceptAmendment(A1)).then(AmendmentAccepted).then(TextAmended, version=4, text=TWO, title="Lines")


def test_what_else_changed_since_stays_and_a_change_of_the_same_words_has_to_be_given_back_first():
    proposed = did("Pavel", ProposeAmendment(P1, TWO))
    story = contested(SUBMITTED, proposed, about="amendment", amendment=A1)
    more = story.when(ReviseProposal(P1, TWO + "\n\nTest it."), by="Tuya").then(ProposalRevised)
    more.when(SetAsideOutcome(Q1, "timely")).then(OutcomeSetAside).then(ProposalRevised, text=WORDS + "\n\nTest it.")
    same = story.when(ReviseProposal(P1, TWO.replace("two", "ten")), by="Tuya").then(ProposalRevised)
    same.when(SetAsideOutcome(Q1, "timely")).refused("in-conflict", "A1", "version 1")
    back = same.when(ReviseProposal(P1, WORDS), by="Tuya").then(ProposalRevised)
    back.when(SetAsideOutcome(Q1, "timely")).then(OutcomeSetAside).then_nothing()
    adopted = story.when(CallConsensus(proposal=P1)).then_accepted()
    adopted = adopted.when(DeclareOutcome(Q2)).then(ConsensusReached)
    adopted.when(SetAsideOutcome(Q1, "timely")).refused("decided", "frozen")
    gone = story.when(WithdrawProposal(P1), by="Tuya").then_accepted()
    gone.when(SetAsideOutcome(Q1, "timely")).then(OutcomeSetAside).then_nothing()


def test_setting_aside_the_acceptance_of_what_the_text_said_already_changes_no_word():
    changed = did("Tuya", ReviseProposal(P1, TWO))
    story = contested(SUBMITTED, did("Pavel", ProposeAmendment(P1, TWO)), changed, about="amendment", amendment=A1)
    story.when(SetAsideOutcome(Q1, "timely")).then(OutcomeSetAside).then_nothing()


def test_a_text_whose_reopening_is_set_aside_is_as_decided_again():
    story = contested(*DECLARED, about="reopening", call=Q2, proposal=P1)
    assert story.find(Proposal, P1).status == "open"
    aside = story.when(SetAsideOutcome(Q2, "timely")).then(OutcomeSetAside, proposal="P1").then_nothing()
    state = aside.find(Proposal, P1)
    assert (state.status, state.decision, state.decided_by) == ("adopted", Q1, "silence")
    changed = story.when(ReviseProposal(P1, TWO), by="Tuya").then(ProposalRevised)
    changed.when(SetAsideOutcome(Q2, "timely")).refused("moved", "give it back the words that were decided")
    back = changed.when(ReviseProposal(P1, WORDS), by="Tuya").then(ProposalRevised)
    back = back.when(CallConsensus(proposal=P1)).then(ConsensusCalled)
    frozen = back.when(SetAsideOutcome(Q2, "timely")).then(OutcomeSetAside).then(CallVoided, call="Q3").then_nothing()
    frozen.when(ReviseProposal(P1, TWO), by="Tuya").refused("decided")


def test_a_mandate_granted_by_an_outcome_that_is_set_aside_is_as_it_was_asked_for_again():
    story = contested(about="mandate")
    assert story.find(Dialogue, DIALOGUE).status == "granted"
    aside = story.when(SetAsideOutcome(Q1, "timely")).then(OutcomeSetAside).then_nothing()
    assert aside.find(Dialogue, DIALOGUE).status == "proposed"
    granted = aside.when(GrantMandate("2026-03"), by="Steering").then(MandateGranted, decision=None)
    assert granted.find(Dialogue, DIALOGUE).status == "granted"
    aside.when(DeclineMandate("no funds"), by="Steering").then(MandateDeclined)
    confirmed = story.when(ConfirmOutcome(Q1, "withdrawn")).then(OutcomeConfirmed).then_nothing()
    assert confirmed.find(Dialogue, DIALOGUE).status == "granted"


def test_setting_aside_what_granted_nothing_leaves_the_mandate_granted():
    story = contested(did("Steering", GrantMandate()), about="mandate")
    aside = story.when(SetAsideOutcome(Q1, "timely")).then(OutcomeSetAside).then_nothing()
    assert aside.find(Dialogue, DIALOGUE).status == "granted"


def test_an_overturned_ruling_is_given_again_when_the_overturning_is_set_aside():
    ruled = (SUBMITTED, did("Tuya", ReviseProposal(P1, TWO)), did("Rin", RuleOnChange("editorial", "a number", P1)),
             did("Pavel", ChallengeRuling(R1, "it costs more")))  # fmt: skip
    story = contested(*ruled, about="ruling", ruling=R1)
    assert story.find(Proposal, P1).versions.editorial == ()
    aside = story.when(SetAsideOutcome(Q1, "timely")).then(OutcomeSetAside, ruling="R1")
    aside.then(RulingGiven, version=2, change="editorial", proposal="P1", reason="the outcome of Q1 was set aside")
    aside.then_nothing()
    assert aside.find(Proposal, P1).versions.editorial == (2,)
    aside.when(ChallengeRuling(thing("R2"), "still"), by="Pavel").then(RulingChallenged)


def test_an_outcome_that_nobody_contests_is_neither_confirmed_nor_set_aside():
    given(*DECLARED).when(ConfirmOutcome(Q1, "sure")).refused("not-contested", "it is reached")
    given(*DECLARED).when(SetAsideOutcome(Q1, "sure")).refused("not-contested")


def test_confirming_and_setting_aside_need_the_co_chairs():
    objection = did("Pavel", OBJECTION, at=EXPIRY, basis="email", entered_by="Office")
    from dialogue.joint import ActProposed, AssentToAct

    contested = given(*RAN_OUT, did("Rin", DeclareOutcome(Q1)), did("Maral", AssentToAct(thing("J1"))), objection,
                      chairs="all")  # fmt: skip
    for command in (ConfirmOutcome(Q1, "sure"), SetAsideOutcome(Q1, "sure")):
        contested.when(command).then(ActProposed, needed=2).then_nothing()


# ------------------------------------------------------------------ declared automatically, where the dialogue says so


def test_the_next_act_after_the_expiry_declares_an_automatic_silence_with_the_expiry_as_its_instant():
    story = given(*SILENT, automatic_silence=True)
    story.when(LeaveDialogue(), by="Seoyun", at=EXPIRY).then(ParticipantLeft).then_nothing()
    settled = story.when(LeaveDialogue(), by="Seoyun", at=hours(200)).then(ConsensusReached, effective=EXPIRY)
    settled.then(ParticipantLeft).then_nothing()
    assert settled.find(Proposal, P1).status == "adopted"


def test_an_act_that_changes_nothing_itself_still_declares_an_automatic_silence():
    named = did("Pavel", NameAlternate(who("Tuya")))
    story = given(named, *SILENT, automatic_silence=True)
    settled = story.when(NameAlternate(who("Tuya")), by="Pavel", at=hours(200))
    settled.then(ConsensusReached, effective=EXPIRY).then_nothing()
    assert settled.history.head == settled.entries[-1].number, "what is decided is all that is applied"
    settled.when(NameAlternate(who("Tuya")), by="Pavel").then_nothing()


def test_settling_declares_what_ran_out_and_nothing_twice_and_is_not_for_everybody():
    story = given(*RAN_OUT, automatic_silence=True)
    settled = story.when(Settle(), by="Office").then(ConsensusReached, effective=EXPIRY).then_nothing()
    settled.when(Settle(), by="Office").then_nothing()
    story.when(Settle(), by="Tuya").refused("role")


def test_an_objection_of_before_the_expiry_still_breaks_an_automatic_silence_nobody_declared():
    story = given(*RAN_OUT, automatic_silence=True)
    late = story.when(OBJECTION, by="Pavel", at=EXPIRY, basis="email", entered_by="Office")
    late.then(PositionTaken, late=False).then(SilenceBroken).then_nothing()
    settled = story.when(Settle(), by="Office")
    contested = settled.when(OBJECTION, by="Pavel", at=EXPIRY, basis="email", entered_by="Office")
    contested.then(PositionTaken, late=False).then(OutcomeContested).then_nothing()


def test_an_act_that_meets_a_text_adopted_by_the_way_is_refused_as_for_any_adopted_text():
    story = given(*RAN_OUT, automatic_silence=True)
    story.when(ReviseProposal(P1, TWO), by="Tuya").refused("decided")


def test_a_broken_silence_is_not_declared():
    broken = given(*SILENT, did("Pavel", OBJECTION), waited(90), automatic_silence=True)
    broken.when(Settle(), by="Office").then_nothing()


def test_an_automatic_silence_without_its_quorum_is_not_reached():
    quorum = CallConsensus(proposal=P1, procedure=Procedure("silence", 1), expires=EXPIRY)
    story = given(SUBMITTED, did("Rin", quorum), waited(90), automatic_silence=True)
    story.when(Settle(), by="Office").then(ConsensusNotReached).then_nothing()


def test_an_automatic_silence_on_an_amendment_moves_the_text_and_voids_the_call_on_it():
    on_amendment = CallConsensus("amendment", amendment=A1, procedure=SILENCE, expires=EXPIRY)
    steps = (SUBMITTED, did("Pavel", ProposeAmendment(P1, TWO)), did("Rin", on_amendment))
    story = given(*steps, did("Rin", CallConsensus(proposal=P1)), waited(90), automatic_silence=True)
    settled = story.when(Settle(), by="Office").then(ConsensusReached, about="amendment").then(AmendmentAccepted)
    settled.then(TextAmended, text=TWO).then(CallVoided, call="Q2").then_nothing()


@pytest.mark.parametrize("late", [90.5, 110, 500])
def test_silences_that_ran_out_are_declared_in_the_order_of_their_expiries_however_late_that_is(late):
    """The amendment's silence runs out first and moves the text: the one on the text is void, then or later."""
    on_text = CallConsensus(proposal=P1, procedure=SILENCE, expires=hours(100))
    on_amendment = CallConsensus("amendment", amendment=A1, procedure=SILENCE, expires=hours(90))
    steps = (SUBMITTED, did("Pavel", ProposeAmendment(P1, TWO)), did("Rin", on_text), did("Rin", on_amendment))
    story = given(*steps, waited(late), automatic_silence=True)
    settled = story.when(Settle(), by="Office").then(ConsensusReached, call="Q2", effective=hours(90))
    settled.then(AmendmentAccepted).then(TextAmended, version=2)
    settled.then(CallVoided, call="Q1", proposal="P1").then_nothing()
    assert settled.find(Proposal, P1).status == "open"
    settled.when(Settle(), by="Office", at=hours(600)).then_nothing()


def test_a_silence_that_an_earlier_one_made_void_is_not_declared():
    on_amendment = CallConsensus("amendment", amendment=A1, procedure=SILENCE, expires=hours(90))
    on_text = CallConsensus(proposal=P1, procedure=SILENCE, expires=hours(100))
    steps = (SUBMITTED, did("Pavel", ProposeAmendment(P1, TWO)), did("Rin", on_text), did("Rin", on_amendment))
    longer = did("Rin", ExtendDeadline(Q2, hours(120)))
    adopted = given(*steps, longer, waited(130), automatic_silence=True)
    settled = adopted.when(Settle(), by="Office").then(ConsensusReached, call="Q1", about="text")
    settled.then(CallVoided, call="Q2", amendment="A1").then_nothing()


def test_an_automatic_silence_that_cannot_be_declared_stops_nobody():
    on_amendment = CallConsensus("amendment", amendment=A1, procedure=SILENCE, expires=EXPIRY)
    steps = (SUBMITTED, did("Pavel", ProposeAmendment(P1, TWO)), did("Rin", on_amendment))
    ten = did("Seoyun", ProposeAmendment(P1, WORDS.replace("one hotline", "ten hotlines")))
    conflict = given(*steps, ten, did("Rin", AcceptAmendment(A2)), waited(90), automatic_silence=True)
    assert conflict.find(Amendment, A1).call == Q1
    conflict.when(LeaveDialogue(), by="Seoyun").then(ParticipantLeft).then_nothing()
    conflict.when(DeclareOutcome(Q1)).refused("in-conflict")
