"""Entered in error: voidable are attendance, position, endorsement, receipt, response, invitation (design.md)."""

import pytest

from dialogue.call import ConsensusReached, Position, PositionTaken
from dialogue.circulation import AcknowledgeReceipt, Circulate, Receipt, ReceiptAcknowledged, RespondToCirculation
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.endorsement import Endorsement, EndorsementGiven
from dialogue.fact import Personal
from dialogue.issuing import DraftDocument, IssueEdition, OpenForSignature
from dialogue.mandate import Dialogue
from dialogue.meeting import Attendance, PlanMeeting, RecordAttendance
from dialogue.participant import AcceptInvitation, Invite, RecordDeath
from dialogue.procedure import Procedure
from dialogue.signing import GiveEndorsement, ReaffirmEndorsement, WithdrawEndorsement
from dialogue.voiding import EnteredInError, MarkEnteredInError
from spec import DIALOGUE, did, given, hours, position, signature, thing, waited, who

P1, Q1, D1, M1, K1 = (thing(handle) for handle in ("P1", "Q1", "D1", "M1", "K1"))
SUBMITTED = did("Tuya", SubmitProposal("Hotlines", "Open one hotline."))
SIGNING = (SUBMITTED, did("Rin", OpenForSignature(proposal=P1)))
SIGNED_FOR = (*SIGNING, did("Pavel", GiveEndorsement(proposal=P1), None, "email", "Office"))
OPEN = (SUBMITTED, did("Rin", CallConsensus(proposal=P1)))
OBJECTED_FOR = (*OPEN, did("Pavel", TakePosition(Q1, "object", "no"), None, "letter", "Office"))
CIRCULATED = (
    did("Office", DraftDocument("Recommendations", preamble="We met.")),
    did("Office", IssueEdition(D1)),
    did("Office", Circulate(D1, (who("Pavel"),))),
)
SIGNATURE = signature("Pavel", "P1")


def error(**what):
    return MarkEnteredInError("the wrong KIM", **what)


def test_a_signature_entered_for_the_wrong_person_is_void_and_stays_in_the_record():
    story = given(*SIGNED_FOR)
    voided = story.when(error(endorsement=SIGNATURE), by="Office")
    voided.then(EnteredInError, reason="the wrong KIM", endorsement=SIGNATURE).then_nothing()
    assert voided.find(Endorsement, SIGNATURE).status == "void"
    assert any(isinstance(entry.fact, EndorsementGiven) for entry in voided.entries)
    voided.when(error(endorsement=SIGNATURE), by="Office").then_nothing()
    voided.when(WithdrawEndorsement(SIGNATURE), by="Pavel").refused("closed", "give a new one")
    voided.when(GiveEndorsement(proposal=P1), by="Pavel").then(EndorsementGiven)


def test_a_position_entered_for_the_wrong_person_is_not_counted():
    story = given(*OBJECTED_FOR)
    voided = story.when(error(position=position("Pavel")), by="Office").then(EnteredInError)
    assert voided.find(Position, position("Pavel")).name is None
    voided.when(DeclareOutcome(Q1)).then(ConsensusReached)
    voided.when(TakePosition(Q1, "object", "no"), by="Pavel").then(PositionTaken)
    declared = given(*OBJECTED_FOR, did("Rin", DeclareOutcome(Q1)))
    declared.when(error(position=position("Pavel")), by="Office").refused("closed", "Q1 is not-reached")


def test_an_objection_that_broke_or_contested_a_silence_does_so_even_if_entered_for_the_wrong_person():
    silence = CallConsensus(proposal=P1, procedure=Procedure("silence"), expires=hours(80))
    called = (OBJECTED_FOR[0], did("Rin", silence))
    objected = did("Pavel", TakePosition(Q1, "object", "no"), hours(80), "email", "Office")
    broken = given(*called, waited(90), objected)
    broken.when(error(position=position("Pavel")), by="Office").refused("closed", "open a new call")
    contested = given(*called, waited(90), did("Rin", DeclareOutcome(Q1)), objected)
    contested.when(error(position=position("Pavel")), by="Office").refused("closed", "confirm it")


def test_attendance_receipts_and_responses_are_voided():
    met = given(did("Office", PlanMeeting()), did("Office", RecordAttendance(M1, who("Tuya"))))
    attendance = met.entries[-1].stream
    voided = met.when(error(attendance=attendance), by="Office").then(EnteredInError, attendance=attendance)
    assert voided.find(Attendance, attendance).status == "void"
    for command in (AcknowledgeReceipt(K1), RespondToCirculation(K1, "Agreed.")):
        answered = given(*CIRCULATED, did("Pavel", command, None, "email", "Office"))
        what = {answered.entries[-1].fact.stream: answered.entries[-1].stream}
        again = answered.when(error(**what), by="Office").then(EnteredInError, **what)
        again.when(error(**what), by="Office").then_nothing()
    anew = given(*CIRCULATED, did("Pavel", AcknowledgeReceipt(K1), None, "email", "Office"))
    receipt = anew.entries[-1].stream
    voided = anew.when(error(receipt=receipt), by="Office")
    assert voided.find(Receipt, receipt).status == "void"
    voided.when(AcknowledgeReceipt(K1), by="Pavel").then(ReceiptAcknowledged)


def test_an_invitation_of_the_wrong_person_is_void_until_it_is_answered():
    story = given(did("Office", Invite(("co-chair",), Personal("KIM"))))
    assert len(story.find(Dialogue, DIALOGUE).cochairs) == 3
    voided = story.when(error(participant=who("N11")), by="Office").then(EnteredInError, participant="N11")
    assert voided.find(Dialogue, DIALOGUE).cochairs == (who("Rin"), who("Maral"))
    voided.when(AcceptInvitation(), by="N11").refused("inactive")
    accepted = story.when(AcceptInvitation(), by="N11").then_accepted()
    accepted.when(error(participant=who("N11")), by="Office").refused("closed", "answered")


def test_what_somebody_did_themselves_was_not_entered_in_error():
    story = given(*SIGNING, did("Pavel", GiveEndorsement(proposal=P1)))
    story.when(error(endorsement=SIGNATURE), by="Office").refused("not-entered")
    taken = given(*OPEN, did("Pavel", TakePosition(Q1, "object", "no")))
    taken.when(error(position=position("Pavel")), by="Office").refused("not-entered")
    received = given(*CIRCULATED, did("Pavel", AcknowledgeReceipt(K1)))
    received.when(error(receipt=received.entries[-1].stream), by="Office").refused("not-entered")


@pytest.mark.parametrize("what", [{}, {"endorsement": SIGNATURE, "position": position("Pavel")}])
def test_one_thing_is_named(what):
    given(*SIGNED_FOR).when(error(**what), by="Office").refused("unfit", "the one thing")


def test_only_the_secretariat_marks_an_entry_in_error():
    mistake = given(*SIGNED_FOR)
    mistake.when(MarkEnteredInError("the wrong KIM", endorsement=SIGNATURE), by="Office").then(EnteredInError)
    mistake.when(MarkEnteredInError("the wrong KIM", endorsement=SIGNATURE), by="Rin").refused("role")


def test_what_is_unknown_or_has_no_reason_is_not_voided():
    given().when(error(endorsement=SIGNATURE), by="Office").refused("unknown", "signature")
    given(*SIGNED_FOR).when(MarkEnteredInError(" ", endorsement=SIGNATURE), by="Office").refused("unfit", "reason")


def test_a_text_is_not_entered_in_error_but_mended():
    assert "proposal" not in MarkEnteredInError.__dataclass_fields__


def test_nobody_dies_who_was_invited_in_error():
    invited = given(did("Office", Invite(name=Personal("The wrong KIM"))))
    voided = invited.when(error(participant=thing("N11")), by="Office").then(EnteredInError)
    voided.when(RecordDeath(thing("N11")), by="Office").refused("inactive", "entered in error")


def test_a_signature_that_its_owner_reaffirmed_is_no_error_of_the_secretariat_s():
    revised = did("Tuya", ReviseProposal(P1, "Open two hotlines."))
    own = given(*SIGNED_FOR, revised, did("Pavel", ReaffirmEndorsement(SIGNATURE)))
    own.when(error(endorsement=SIGNATURE), by="Office").refused("not-entered")
    again = did("Pavel", ReaffirmEndorsement(SIGNATURE), None, "email", "Office")
    entered = given(*SIGNING, did("Pavel", GiveEndorsement(proposal=P1)), revised, again)
    entered.when(error(endorsement=SIGNATURE), by="Office").then(EnteredInError)
