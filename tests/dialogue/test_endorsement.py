"""Signatures: domain.md, rules 1 and 2."""

from datetime import timedelta

import pytest

from dialogue.anchor import Quotation
from dialogue.document import Document, Group
from dialogue.drafting import MergeProposals, ReviseProposal, SubmitProposal, WithdrawProposal
from dialogue.endorsement import (
    ChangeObjected,
    Endorsement,
    EndorsementConfirmed,
    EndorsementGiven,
    EndorsementReaffirmed,
    EndorsementWithdrawn,
    PublicationConsented,
    PublicationConsentWithdrawn,
    ReservationEntered,
    ReservationLifted,
)
from dialogue.fact import Personal, Text
from dialogue.issuing import (
    CloseForSignature,
    DraftDocument,
    IssueEdition,
    OpenForSignature,
    OrderItems,
    ReviseDocument,
)
from dialogue.participant import ChangeAffiliation, LeaveDialogue, RecordDeath
from dialogue.proposal import Proposal
from dialogue.ruling import RuleOnChange
from dialogue.signing import (
    ConfirmEndorsement,
    ConsentToPublication,
    EnterReservation,
    GiveEndorsement,
    LiftReservation,
    ObjectToChange,
    ReaffirmEndorsement,
    WithdrawConsent,
    WithdrawEndorsement,
)
from dialogue.text import digest
from dialogue.voiding import MarkEnteredInError
from spec import did, given, hours, signature, thing, waited, who

P1, P2, P3, D1 = thing("P1"), thing("P2"), thing("P3"), thing("D1")
WORDS = "Open one hotline between the coast guards."
TWO = WORDS.replace("one", "two")
MINE = signature("Pavel", "P1")
OPEN = (did("Tuya", SubmitProposal("Hotlines", WORDS)), did("Rin", OpenForSignature(proposal=P1)))
SIGNED = (*OPEN, did("Pavel", GiveEndorsement(proposal=P1)))
REVISED = (did("Tuya", ReviseProposal(P1, TWO)),)
EDITORIAL = (*SIGNED, *REVISED, did("Rin", RuleOnChange("editorial", "a slip", P1), at=hours(1)))
SIGNED_FOR = (*OPEN, did("Pavel", GiveEndorsement(proposal=P1), None, "email", "Office"))
DOCUMENT = (
    did("Tuya", SubmitProposal("Hotlines", WORDS)),
    did("Pavel", SubmitProposal("Линии", "Открыть линию.")),
    did("Office", DraftDocument("Recommendations", preamble="We met.")),
    did("Office", OrderItems(D1, (Group("Sea", (P1,)),))),
    did("Office", IssueEdition(D1)),
    did("Rin", OpenForSignature(D1)),
)


def standing(story, name="Pavel"):
    versions = story.find(Proposal, P1).versions
    return story.find(Endorsement, signature(name, "P1")).standing(versions)


# ------------------------------------------------------------------ giving


def test_a_signature_names_the_exact_version_and_digest_and_the_capacity_it_was_given_in():
    signed = given(*OPEN).when(GiveEndorsement(P1, descriptor=Personal("Former Envoy")), by="Pavel")
    signed.then(EndorsementGiven, version=1, text=WORDS, participant="Pavel", publish=False, assent="text",
                capacity="personal", descriptor=Personal("Former Envoy", who("Pavel"))).then_nothing()  # fmt: skip
    other = given(*OPEN).when(GiveEndorsement(P1, assent="general thrust", capacity="institutional"), by="Pavel")
    other.then(EndorsementGiven, assent="general thrust", capacity="institutional")
    assert signed.find(Endorsement, MINE).confirmed


def test_a_signature_for_an_outdated_version_is_refused_and_says_which_is_current():
    story = given(*OPEN, *REVISED)
    for outdated in (GiveEndorsement(P1, version=1), GiveEndorsement(P1, text=Text(digest(WORDS)))):
        story.when(outdated, by="Pavel").refused(
            "outdated", "version 1 is not the current text", "version 2", version=1, current=2, text=digest(TWO)
        )
    story.when(GiveEndorsement(P1, text=Text(digest(TWO))), by="Pavel").then(EndorsementGiven, version=2)


def test_a_signature_for_a_digest_or_version_that_never_was_is_refused():
    story = given(*OPEN, *REVISED)
    story.when(GiveEndorsement(P1, text=Text("0" * 64)), by="Pavel").refused("wrong-digest")
    story.when(GiveEndorsement(P1, version=2, text=Text(digest(WORDS))), by="Pavel").refused(
        "wrong-digest", "version 2"
    )
    for version in (0, 3):
        story.when(GiveEndorsement(P1, version=version), by="Pavel").refused("no-version")


@pytest.mark.parametrize("answer", [GiveEndorsement(P1, version=1), GiveEndorsement(P1, text=Text(digest(WORDS)))])
def test_a_yes_to_an_older_version_entered_by_the_secretariat_stands_or_lapses_by_what_changed(answer):
    story = given(*OPEN, *REVISED)
    entered = story.when(answer, by="Pavel", basis="email", entered_by="Office")
    entered.then(EndorsementGiven, version=1, text=WORDS).then_nothing()
    assert standing(entered) == "lapsed"
    ruled = story.when(RuleOnChange("editorial", "a slip", P1)).then_accepted()
    stands = ruled.when(answer, by="Pavel", basis="email", entered_by="Office").then(EndorsementGiven, version=1)
    assert standing(stands) == "stands"


def test_what_is_not_open_for_signature_is_not_signed_unless_a_document_shows_it():
    story = given(OPEN[0])
    story.when(GiveEndorsement(P1), by="Pavel").refused("not-open", "P1")
    story.when(GiveEndorsement(P1), by="Pavel", basis="document", entered_by="Office").then(EndorsementGiven)
    story.when(GiveEndorsement(P1), by="Pavel", basis="email", entered_by="Office").refused("not-open")


def test_signing_ends_when_it_is_closed_and_at_its_closing_instant():
    story = given(OPEN[0], did("Rin", OpenForSignature(proposal=P1, closes=hours(5))))
    story.when(GiveEndorsement(P1), by="Pavel", at=hours(5)).then(EndorsementGiven)
    story.when(GiveEndorsement(P1), by="Pavel", at=hours(5) + timedelta(microseconds=1)).refused("not-open")
    given(*OPEN, did("Rin", CloseForSignature(proposal=P1))).when(GiveEndorsement(P1), by="Pavel").refused("not-open")


def test_a_letter_of_before_the_closing_entered_after_it_is_a_signature():
    story = given(OPEN[0], did("Rin", OpenForSignature(proposal=P1, closes=hours(5))), waited(50))
    story.when(GiveEndorsement(P1), by="Pavel", at=hours(4), basis="letter", entered_by="Office").then(EndorsementGiven)


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (GiveEndorsement(), "unfit", "one item, or one document"),
        (GiveEndorsement(P1, D1), "unfit", "one item, or one document"),
        (GiveEndorsement(thing("P9")), "unknown", "proposal"),
        (GiveEndorsement(P1, place=0), "unfit", "from 1"),
        (GiveEndorsement(P1, excepting=(P2,)), "unfit", "only a document"),
    ],
)
def test_a_signature_that_makes_no_sense_is_refused(command, code, words):
    given(*OPEN).when(command, by="Pavel").refused(code, words)


def test_a_withdrawn_proposal_is_not_signed_and_a_document_without_edition_neither():
    given(*OPEN, did("Tuya", WithdrawProposal(P1))).when(GiveEndorsement(P1), by="Pavel").refused("closed")
    given(DOCUMENT[2]).when(GiveEndorsement(document=D1), by="Pavel").refused("no-edition")


def test_one_signs_once_and_reaffirms_afterwards():
    given(*SIGNED).when(GiveEndorsement(P1), by="Pavel").refused("already", "stands")
    given(*SIGNED, *REVISED).when(GiveEndorsement(P1), by="Pavel").refused("already", "reaffirm")


def test_a_document_is_signed_as_a_whole_or_all_except_some_of_its_items():
    whole = given(*DOCUMENT).when(GiveEndorsement(document=D1, publish=True, place=3), by="Pavel")
    whole.then(EndorsementGiven, document="D1", version=1, excepting=(), publish=True, place=3)
    given(*DOCUMENT).when(GiveEndorsement(document=D1, excepting=(P1,)), by="Pavel").then(
        EndorsementGiven, excepting=("P1",)
    )
    given(*DOCUMENT).when(GiveEndorsement(document=D1, excepting=(P2,)), by="Pavel").refused("unknown", "P2")


# ------------------------------------------------------------------ confirming


def test_a_signature_entered_for_somebody_is_unconfirmed_until_they_confirm_it_themselves():
    story = given(*SIGNED_FOR)
    assert not story.find(Endorsement, MINE).confirmed
    story.when(ConfirmEndorsement(MINE), by="Pavel", basis="email", entered_by="Office").refused("not-yours", "owner")
    story.when(ConfirmEndorsement(MINE), by="Seoyun").refused("not-yours")
    confirmed = story.when(ConfirmEndorsement(MINE), by="Pavel").then(EndorsementConfirmed)
    assert confirmed.find(Endorsement, MINE).confirmed
    confirmed.when(ConfirmEndorsement(MINE), by="Pavel").then_nothing()
    given(*SIGNED).when(ConfirmEndorsement(MINE), by="Pavel").then_nothing()


def test_entering_for_another_is_for_the_secretariat_and_says_on_what_basis():
    sign = GiveEndorsement(P1)
    given(*OPEN).when(sign, by="Pavel", basis="email", entered_by="Rin").refused("role", "only the secretariat")
    given(*OPEN).when(sign, by="Pavel", entered_by="Office").refused("no-basis")
    given(*OPEN).when(sign, by="Observer", basis="email", entered_by="Office").refused("role", "observer")


# ------------------------------------------------------------------ lapsing and reaffirming


def test_a_substantive_change_lapses_a_signature_until_it_is_reaffirmed():
    story = given(*SIGNED, *REVISED)
    assert standing(story) == "lapsed"
    reaffirmed = story.when(ReaffirmEndorsement(MINE), by="Pavel").then(EndorsementReaffirmed, version=2, text=TWO)
    assert standing(reaffirmed) == "stands"
    reaffirmed.when(ReaffirmEndorsement(MINE), by="Pavel").then_nothing()


def test_a_reaffirmation_is_of_the_current_text_or_is_entered_for_an_older_one():
    story = given(*SIGNED, *REVISED, did("Tuya", ReviseProposal(P1, TWO.replace("two", "ten"))))
    story.when(ReaffirmEndorsement(MINE, version=2), by="Pavel").refused("outdated", "version 3", current=3)
    older = story.when(ReaffirmEndorsement(MINE, version=2), by="Pavel", basis="email", entered_by="Office")
    older.then(EndorsementReaffirmed, version=2)
    assert (standing(older), older.find(Endorsement, MINE).confirmed) == ("lapsed", False)
    older.when(ReaffirmEndorsement(MINE, version=1), by="Pavel", basis="email", entered_by="Office").refused("outdated")
    older.when(ReaffirmEndorsement(MINE, version=2), by="Pavel", basis="email", entered_by="Office").then_nothing()
    story.when(ReaffirmEndorsement(MINE), by="Seoyun").refused("not-yours")


def test_nobody_reaffirms_for_the_dead_and_their_signature_stays_as_it_was():
    story = given(*SIGNED, *REVISED, did("Office", RecordDeath(who("Pavel"))))
    entered = story.when(ReaffirmEndorsement(MINE), by="Pavel", basis="letter", entered_by="Office")
    entered.refused("inactive", "the dead")
    assert story.find(Endorsement, MINE).version == 1


def test_a_descriptor_stays_as_signed_when_its_owner_s_changes():
    signed = (*OPEN, did("Pavel", GiveEndorsement(P1, descriptor=Personal("Envoy"))))
    changed = given(*signed, did("Pavel", ChangeAffiliation(descriptor=Personal("Former Envoy"))))
    given_then = [e.fact for e in changed.entries if isinstance(e.fact, EndorsementGiven)]
    assert given_then[0].descriptor == Personal("Envoy", who("Pavel"))
    again = changed.when(ReaffirmEndorsement(MINE), by="Pavel").then_nothing()
    assert again.find(Endorsement, MINE).version == 1


# ------------------------------------------------------------------ objecting to an editorial change


@pytest.mark.parametrize("at", [hours(2), hours(73)])
def test_an_objection_to_an_editorial_change_within_the_period_lapses_that_one_signature(at):
    story = given(*EDITORIAL[:-2], did("Seoyun", GiveEndorsement(P1)), *EDITORIAL[-2:])
    objected = story.when(ObjectToChange(MINE, "two is not one"), by="Pavel", at=at)
    objected.then(ChangeObjected, version=2, reason="two is not one").then_nothing()
    assert (standing(objected), standing(objected, "Seoyun")) == ("objected", "stands")
    objected.when(ObjectToChange(MINE), by="Pavel").then_nothing()


def test_an_objection_after_the_period_is_too_late_and_one_written_in_it_is_not():
    story = given(*EDITORIAL, waited(100))
    late = hours(73) + timedelta(microseconds=1)
    story.when(ObjectToChange(MINE), by="Pavel", at=late, basis="email", entered_by="Office").refused("too-late")
    written = story.when(ObjectToChange(MINE), by="Pavel", at=hours(73), basis="email", entered_by="Office")
    written.then(ChangeObjected)


def test_there_is_nothing_to_object_to_without_an_editorial_change():
    given(*SIGNED).when(ObjectToChange(MINE), by="Pavel").refused("no-change")
    given(*SIGNED, *REVISED).when(ObjectToChange(MINE), by="Pavel").refused("no-change")


def test_who_objected_and_then_accepts_the_change_stands_again_but_not_by_word_on_the_older_text():
    story = given(*EDITORIAL, did("Pavel", ObjectToChange(MINE)))
    older = story.when(ReaffirmEndorsement(MINE, version=1), by="Pavel", basis="email", entered_by="Office")
    assert standing(older) == "objected"
    accepted = story.when(ReaffirmEndorsement(MINE), by="Pavel").then(EndorsementReaffirmed, version=2)
    assert standing(accepted) == "stands"


def test_a_change_of_an_edition_ruled_editorial_is_objected_to_by_those_who_signed_the_document():
    steps = (*DOCUMENT, did("Pavel", GiveEndorsement(document=D1)), *REVISED)
    ruled = (did("Rin", RuleOnChange("editorial", "a slip", P1)), did("Office", IssueEdition(D1)))
    mine = signature("Pavel", "D1")
    objected = given(*steps, *ruled).when(ObjectToChange(mine, "no slip"), by="Pavel").then(ChangeObjected, version=2)
    assert objected.find(Endorsement, mine).standing(objected.find(Document, D1).versions) == "objected"


def test_an_objection_is_to_each_change_that_may_still_be_objected_to_and_to_no_earlier_one():
    """Version 2 may be objected to until hour 73, version 3 until hour 123."""
    three = did("Tuya", ReviseProposal(P1, TWO.replace("two", "three")))
    story = given(*EDITORIAL, three, did("Rin", RuleOnChange("editorial", "another", P1), at=hours(51)), waited(200))
    letter = {"by": "Pavel", "basis": "letter", "entered_by": "Office"}
    story.when(ObjectToChange(MINE), at=hours(73), **letter).then(ChangeObjected, version=3, since=2)
    story.when(ObjectToChange(MINE), at=hours(74), **letter).then(ChangeObjected, version=3, since=None)
    story.when(ObjectToChange(MINE), at=hours(123), **letter).then(ChangeObjected, version=3, since=None)
    story.when(ObjectToChange(MINE), at=hours(124), **letter).refused("too-late")
    both = story.when(ObjectToChange(MINE), at=hours(73), **letter).then_accepted()
    older = both.when(ReaffirmEndorsement(MINE, version=2), by="Pavel", basis="email", entered_by="Office")
    assert standing(older) == "objected"


def test_whoever_has_left_may_take_their_name_away_and_do_nothing_else_with_it():
    story = given(*EDITORIAL, did("Pavel", LeaveDialogue()))
    story.when(ObjectToChange(MINE), by="Pavel").then(ChangeObjected)
    story.when(WithdrawEndorsement(MINE), by="Pavel").then(EndorsementWithdrawn)
    consented = given(*SIGNED, did("Pavel", ConsentToPublication(MINE)), did("Pavel", LeaveDialogue()))
    consented.when(WithdrawConsent(MINE), by="Pavel").then(PublicationConsentWithdrawn)
    for command in (
        ReaffirmEndorsement(MINE),
        ConsentToPublication(MINE),
        EnterReservation(MINE, "No."),
        GiveEndorsement(P1),
    ):
        story.when(command, by="Pavel").refused("inactive", "has left")


def test_nobody_objects_for_the_dead_or_takes_their_name_away():
    story = given(*EDITORIAL, did("Office", RecordDeath(who("Pavel"))))
    for command in (ObjectToChange(MINE), WithdrawEndorsement(MINE), WithdrawConsent(MINE)):
        story.when(command, by="Pavel", basis="letter", entered_by="Office").refused("inactive", "the dead")
    assert standing(story) == "stands"


# ------------------------------------------------------------------ exceptions


BOTH = (did("Office", OrderItems(D1, (Group("Sea", (P1, P2)),))), did("Office", IssueEdition(D1)))
EXCEPTING = (*DOCUMENT, *BOTH, did("Pavel", GiveEndorsement(document=D1, excepting=(P2,))))
DOCUMENT_MINE = signature("Pavel", "D1")


def test_the_items_of_the_edition_signed_are_excepted_not_those_of_another():
    later = (did("Office", OrderItems(D1, (Group("Sea", (P2,)),))), did("Office", IssueEdition(D1)))
    story = given(*DOCUMENT, *later)
    yes = {"by": "Pavel", "basis": "email", "entered_by": "Office"}
    story.when(GiveEndorsement(document=D1, version=1, excepting=(P1,)), **yes).then(
        EndorsementGiven, excepting=("P1",)
    )
    story.when(GiveEndorsement(document=D1, version=1, excepting=(P2,)), **yes).refused("unknown", "P2", "edition 1")


def test_exceptions_stay_with_a_signature_that_is_reaffirmed_unless_others_are_named():
    story = given(*EXCEPTING, *REVISED, did("Office", IssueEdition(D1)))
    same = story.when(ReaffirmEndorsement(DOCUMENT_MINE), by="Pavel").then(EndorsementReaffirmed, excepting=None)
    assert same.find(Endorsement, DOCUMENT_MINE).excepting == (P2,)
    other = story.when(ReaffirmEndorsement(DOCUMENT_MINE, excepting=(P1,)), by="Pavel")
    assert other.then_accepted().find(Endorsement, DOCUMENT_MINE).excepting == (P1,)
    story.when(ReaffirmEndorsement(DOCUMENT_MINE, excepting=(thing("P9"),)), by="Pavel").refused("unknown")


def test_other_exceptions_or_another_assent_are_signed_without_the_text_having_moved():
    story = given(*EXCEPTING)
    for again in (
        ReaffirmEndorsement(DOCUMENT_MINE),
        ReaffirmEndorsement(DOCUMENT_MINE, assent="text", excepting=(P2,)),
    ):
        story.when(again, by="Pavel").then_nothing()
    more = story.when(ReaffirmEndorsement(DOCUMENT_MINE, excepting=(P1, P2)), by="Pavel")
    more.then(EndorsementReaffirmed, version=2, excepting=("P1", "P2")).then_nothing()
    thrust = story.when(ReaffirmEndorsement(DOCUMENT_MINE, assent="general thrust"), by="Pavel")
    thrust.then(EndorsementReaffirmed, assent="general thrust", excepting=None)


def test_what_was_excepted_is_not_signed_by_reaffirming_when_it_has_been_merged_into_another_item():
    merged = did("Rin", MergeProposals((P1, P2), "Both", "Open one hotline and draw maps."))
    reissued = (did("Office", OrderItems(D1, (Group("Sea", (P3,)),))), did("Office", IssueEdition(D1)))
    story = given(*EXCEPTING, merged, *reissued)
    story.when(ReaffirmEndorsement(DOCUMENT_MINE), by="Pavel").refused("excepted", "P2", "merged", "edition 3")
    story.when(ReaffirmEndorsement(DOCUMENT_MINE, excepting=(P3,)), by="Pavel").then(
        EndorsementReaffirmed, version=3, excepting=("P3",)
    )
    anew = story.when(WithdrawEndorsement(DOCUMENT_MINE), by="Pavel").then_accepted()
    anew.when(GiveEndorsement(document=D1), by="Pavel").then(EndorsementGiven, version=3, excepting=())


def test_an_exception_of_an_item_that_is_gone_for_good_is_no_hindrance():
    gone = (did("Office", OrderItems(D1, (Group("Sea", (P1,)),))), did("Office", IssueEdition(D1)))
    given(*EXCEPTING, *gone).when(ReaffirmEndorsement(DOCUMENT_MINE), by="Pavel").then(EndorsementReaffirmed)


# ------------------------------------------------------------------ withdrawing, consenting, reserving


def test_a_withdrawn_signature_stays_in_the_history_and_can_be_given_anew():
    story = given(*SIGNED)
    withdrawn = story.when(WithdrawEndorsement(MINE, "instructions"), by="Pavel").then(EndorsementWithdrawn)
    assert standing(withdrawn) == "withdrawn"
    assert any(isinstance(entry.fact, EndorsementGiven) for entry in withdrawn.entries)
    withdrawn.when(WithdrawEndorsement(MINE), by="Pavel").then_nothing()
    withdrawn.when(ReaffirmEndorsement(MINE), by="Pavel").refused("closed", "give a new one")
    anew = withdrawn.when(GiveEndorsement(P1), by="Pavel").then(EndorsementGiven)
    assert standing(anew) == "stands"
    story.when(WithdrawEndorsement(MINE), by="Seoyun").refused("not-yours")


def test_a_name_is_published_by_its_owner_s_consent_which_they_may_take_back():
    consented = given(*SIGNED).when(ConsentToPublication(MINE), by="Pavel").then(PublicationConsented)
    assert consented.find(Endorsement, MINE).publish
    consented.when(ConsentToPublication(MINE), by="Pavel").then_nothing()
    back = consented.when(WithdrawConsent(MINE), by="Pavel").then(PublicationConsentWithdrawn)
    assert not back.find(Endorsement, MINE).publish
    back.when(WithdrawConsent(MINE), by="Pavel").then_nothing()
    consented.when(ConsentToPublication(MINE), by="Rin").refused("not-yours")
    consented.when(WithdrawConsent(MINE), by="Rin").refused("not-yours")


def test_reservations_are_numbered_and_lifted_each_once():
    story = given(*SIGNED, did("Pavel", EnterReservation(MINE, "Not in winter.")))
    second = story.when(EnterReservation(MINE, "Nor in fog.", quotation=Quotation("coast guards")), by="Pavel")
    second.then(ReservationEntered, reservation=2, item="P1", words="Nor in fog.").then_nothing()
    lifted = second.when(LiftReservation(MINE, 1), by="Pavel").then(ReservationLifted, reservation=1)
    assert (lifted.find(Endorsement, MINE).reservations, lifted.find(Endorsement, MINE).lifted) == (2, (1,))
    lifted.when(LiftReservation(MINE, 1), by="Pavel").then_nothing()
    for number in (0, 3):
        lifted.when(LiftReservation(MINE, number), by="Pavel").refused("unknown", f"reservation {number}")
    story.when(EnterReservation(MINE, "Mine."), by="Seoyun").refused("not-yours")
    story.when(LiftReservation(MINE, 1), by="Seoyun").refused("not-yours")


def test_reservations_of_an_earlier_signature_do_not_come_back_with_a_new_one():
    steps = (*SIGNED, did("Pavel", EnterReservation(MINE, "Not in winter.")), did("Pavel", WithdrawEndorsement(MINE)))
    anew = given(*steps).when(GiveEndorsement(P1), by="Pavel").then(EndorsementGiven)
    assert anew.find(Endorsement, MINE).lifted == (1,)
    anew.when(EnterReservation(MINE, "Nor in fog."), by="Pavel").then(ReservationEntered, reservation=2)


def test_a_reservation_quotes_the_words_that_were_signed_also_when_they_have_changed_since():
    story = given(*SIGNED, *REVISED)
    quoted = story.when(EnterReservation(MINE, "Only one.", quotation=Quotation("one hotline")), by="Pavel")
    quoted.then(ReservationEntered)
    story.when(EnterReservation(MINE, "Two?", quotation=Quotation("two hotlines")), by="Pavel").refused("not-quoted")


def test_a_reservation_on_a_document_is_on_an_item_of_it_where_it_quotes():
    story = given(*DOCUMENT, did("Pavel", GiveEndorsement(document=D1)))
    mine = signature("Pavel", "D1")
    story.when(EnterReservation(mine, "In part."), by="Pavel").then(ReservationEntered, item=None, quotation=None)
    story.when(EnterReservation(mine, "No.", P1, Quotation("one hotline")), by="Pavel").then(ReservationEntered)
    story.when(EnterReservation(mine, "No.", quotation=Quotation("one")), by="Pavel").refused("unfit", "name the item")
    story.when(EnterReservation(mine, "No.", P2), by="Pavel").refused("unknown", "P2")


def test_a_reservation_on_a_document_quotes_its_item_as_it_was_signed():
    story = given(*DOCUMENT, did("Pavel", GiveEndorsement(document=D1)), *REVISED, did("Office", IssueEdition(D1)))
    mine = signature("Pavel", "D1")
    story.when(EnterReservation(mine, "Only one.", P1, Quotation("one hotline")), by="Pavel").then(ReservationEntered)
    story.when(EnterReservation(mine, "Two?", P1, Quotation("two hotlines")), by="Pavel").refused("not-quoted")


def test_a_signature_entered_in_error_is_not_confirmed_but_given_anew():
    marked = MarkEnteredInError("the wrong KIM", endorsement=MINE)
    story = given(*SIGNED_FOR, did("Office", marked))
    for command in (ConfirmEndorsement(MINE), ReaffirmEndorsement(MINE), ConsentToPublication(MINE)):
        story.when(command, by="Pavel").refused("closed", "entered in error")
    anew = story.when(GiveEndorsement(P1), by="Pavel").then(EndorsementGiven)
    assert standing(anew) == "stands"
    confirmed = given(*SIGNED_FOR, did("Pavel", ConfirmEndorsement(MINE)))
    assert standing(confirmed.when(marked, by="Office")) == "void"


def test_sign_object_at_the_end_reaffirm_then_the_ruling_falls_then_withdraw_and_sign_again():
    story = given(*EDITORIAL, did("Pavel", ObjectToChange(MINE), at=hours(73)))
    assert standing(story) == "objected"
    story = story.when(ReaffirmEndorsement(MINE), by="Pavel").then(EndorsementReaffirmed, version=2)
    assert standing(story) == "stands"
    story = story.when(RuleOnChange("substantive", "it says more", P1)).then_accepted()
    assert standing(story) == "stands", "version 2 itself was reaffirmed"
    story = story.when(WithdrawEndorsement(MINE), by="Pavel").then(EndorsementWithdrawn)
    story.when(ReaffirmEndorsement(MINE), by="Pavel").refused("closed", "give a new one")
    story = story.when(GiveEndorsement(P1), by="Pavel").then(EndorsementGiven, version=2)
    assert standing(story) == "stands"


def test_a_frame_revised_lapses_signatures_under_the_document():
    steps = (
        *DOCUMENT,
        did("Pavel", GiveEndorsement(document=D1)),
        did("Office", ReviseDocument(D1, preamble="We fought.")),
    )
    issued = given(*steps).when(IssueEdition(D1), by="Office").then_accepted()
    mine = issued.find(Endorsement, signature("Pavel", "D1"))
    assert mine.standing(issued.find(Document, D1).versions) == "lapsed"
