"""Erasure: two people confirm; nothing more is kept about whoever was forgotten (domain.md, rule 10)."""

from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest

from dialogue.consensus import CallConsensus, TakePosition
from dialogue.drafting import SubmitProposal
from dialogue.endorsement import EndorsementGiven
from dialogue.envelope import to_leaf
from dialogue.erasure import ConfirmErasure, ErasureConfirmed, ErasureRequested, MoreErased, RequestErasure, says_whose
from dialogue.fact import Personal
from dialogue.issuing import OpenForSignature
from dialogue.mandate import DeclineMandate, Dialogue
from dialogue.meeting import PlanMeeting, RecordAttendance
from dialogue.participant import (
    AcceptInvitation,
    AssignRoles,
    ChangeAffiliation,
    CorrectParticipant,
    LeaveDialogue,
    Participant,
    RecordDeath,
)
from dialogue.signing import GiveEndorsement
from dialogue.vault import seal_entry
from spec import DIALOGUE, did, given, signature, thing, who

TUYA = who("Tuya")
ASKED = did("Office", RequestErasure(TUYA))
FORGOTTEN = (ASKED, did("Rin", ConfirmErasure(TUYA)))


def digest(number):
    return urlsafe_b64encode(sha256(str(number).encode()).digest()).rstrip(b"=").decode()


def test_one_person_asks_and_another_confirms():
    asked = given().when(RequestErasure(TUYA), by="Office").then(ErasureRequested, participant="Tuya").then_nothing()
    assert asked.find(Participant, TUYA).active, "nothing is erased yet"
    done = asked.when(ConfirmErasure(TUYA, (digest(2), digest(1), digest(2))), by="Rin")
    done.then(ErasureConfirmed, participant="Tuya", digests=tuple(sorted((digest(1), digest(2))))).then_nothing()
    assert not done.find(Participant, TUYA).active
    assert done.find(Participant, TUYA).forgotten


def test_who_asked_does_not_confirm_whoever_enters_it():
    story = given(ASKED)
    story.when(ConfirmErasure(TUYA), by="Office").refused("two-people", "cannot confirm")
    story.when(ConfirmErasure(TUYA), by="Rin", entered_by="Office", basis="letter").refused("two-people")
    by_rin = given(did("Rin", RequestErasure(TUYA), None, "letter", "Office"))
    by_rin.when(ConfirmErasure(TUYA), by="Rin").refused("two-people")
    by_rin.when(ConfirmErasure(TUYA), by="Office").refused("two-people")
    by_rin.when(ConfirmErasure(TUYA), by="Maral").then(ErasureConfirmed)


def test_nothing_is_confirmed_that_nobody_asked_for():
    given().when(ConfirmErasure(TUYA), by="Rin").refused("not-requested", "ask first")
    given().when(RequestErasure(thing("N99")), by="Office").refused("unknown", "participant")


def test_only_the_secretariat_and_the_co_chairs_ask_and_confirm():
    given().when(RequestErasure(TUYA), by="Tuya").refused("role")
    given(ASKED).when(ConfirmErasure(TUYA), by="Pavel").refused("role")


def test_asking_or_confirming_again_changes_nothing():
    given(ASKED).when(RequestErasure(TUYA), by="Maral").then_nothing()
    given(*FORGOTTEN).when(RequestErasure(TUYA), by="Maral").then_nothing()
    given(*FORGOTTEN).when(ConfirmErasure(TUYA), by="Office").then_nothing()


def test_a_body_is_not_forgotten_as_its_name_stands_in_the_record():
    given().when(RequestErasure(who("Steering")), by="Office").refused("unfit", "body")


def test_somebody_is_left_to_keep_the_record():
    office = RequestErasure(who("Office"))
    given().when(office, by="Rin").refused("no-secretariat")
    other = did("Office", AssignRoles(TUYA, ("participant", "secretariat")))
    given(other).when(office, by="Rin").then(ErasureRequested)
    left = given(other, did("Rin", office), did("Tuya", LeaveDialogue()))
    left.when(ConfirmErasure(who("Office")), by="Maral").refused("no-secretariat")


def test_a_co_chair_who_is_forgotten_is_none_any_more():
    story = given(did("Office", RequestErasure(who("Rin")))).when(ConfirmErasure(who("Rin")), by="Maral")
    story.then(ErasureConfirmed)
    assert story.find(Dialogue, DIALOGUE).cochairs == (who("Maral"),)


def test_the_dead_are_forgotten_and_stay_dead():
    story = given(did("Office", RecordDeath(TUYA)), *FORGOTTEN)
    assert story.find(Participant, TUYA).status == "died"


def test_a_dialogue_that_does_not_take_place_forgets_too():
    declined = given(did("Steering", DeclineMandate("no")))
    declined.when(RequestErasure(TUYA), by="Office").then(ErasureRequested)
    declined.when(LeaveDialogue(), by="Tuya").refused("declined")


@pytest.mark.parametrize(
    ("by", "command"),
    [
        ("Office", CorrectParticipant(TUYA, "spelling", name=Personal("Tuya ENKH"))),
        ("Office", RecordAttendance(thing("M1"), TUYA)),
    ],
)
def test_nothing_more_is_kept_about_whoever_was_forgotten(by, command):
    met = did("Office", PlanMeeting())
    given(met).when(command, by=by).then_accepted()
    given(met, *FORGOTTEN).when(command, by=by).refused("forgotten", "nothing more is kept")


@pytest.mark.parametrize("command", [ChangeAffiliation(descriptor=Personal("Envoy")), AcceptInvitation()])
def test_whoever_was_forgotten_takes_no_further_part(command):
    given(*FORGOTTEN).when(command, by="Tuya").refused("inactive")


def test_what_was_decided_and_signed_stays():
    proposed = did("Tuya", SubmitProposal("Hotlines", "Open one hotline."))
    opened = did("Rin", OpenForSignature(proposal=thing("P1")))
    signed = given(proposed, opened, did("Tuya", GiveEndorsement(proposal=thing("P1"))), *FORGOTTEN)
    assert any(isinstance(entry.fact, EndorsementGiven) for entry in signed.entries)
    called = given(proposed, did("Rin", CallConsensus(proposal=thing("P1"))), *FORGOTTEN)
    called.when(TakePosition(thing("Q1"), "agree"), by="Pavel").then_accepted()


def test_what_is_no_digest_is_not_listed():
    given(ASKED).when(ConfirmErasure(TUYA, ("Tuya ENKH",)), by="Rin").refused("unfit", "no digest")
    given(ASKED).when(ConfirmErasure(TUYA, (), ("Tuya ENKH",)), by="Rin").refused("unfit", "no digest")


def test_a_long_list_takes_several_entries_each_of_which_fits():
    digests = tuple(digest(number) for number in range(2500))
    done = given(ASKED).when(ConfirmErasure(TUYA, digests), by="Rin")
    done.then(ErasureConfirmed).then(MoreErased).then(MoreErased).then_nothing()
    facts = [entry.fact for entry in done.entries[-3:]]
    assert tuple(one for fact in facts for one in fact.digests) == tuple(sorted(digests))
    assert all(to_leaf(entry) for entry in done.entries[-3:])


def test_whether_other_digests_are_erased_does_not_show():
    none, some = (
        given(ASKED).when(ConfirmErasure(TUYA, (), others), by="Rin").then_accepted().entries[-1]
        for others in ((), (digest(1),))
    )
    one, other = (to_leaf(seal_entry(entry, None, lambda: bytes(16))[0]) for entry in (none, some))
    assert len(one) == len(other)
    assert digest(1).encode() not in other


def test_an_entry_says_whose_a_value_is_by_its_participant_or_its_signature_only():
    story = given(
        did("Office", PlanMeeting()),
        did("Office", RecordAttendance(thing("M1"), who("Office"))),
        did("Tuya", SubmitProposal("Hotlines", "Open one hotline.")),
        did("Rin", OpenForSignature(proposal=thing("P1"))),
        did("Tuya", GiveEndorsement(proposal=thing("P1"))),
    )
    attended, signed = story.entries[-4], story.entries[-1]
    assert not says_whose(attended, "attendee", who("Office"), set()), "though its actor attended"
    assert says_whose(attended, "evidence", who("Office"), set())
    assert says_whose(signed, "name", TUYA, set())
    assert not says_whose(signed, "name", who("Pavel"), set())
    assert says_whose(signed, "name", who("Pavel"), {signature("Tuya", "P1")})
