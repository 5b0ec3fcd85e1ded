import pytest

from dialogue.drafting import SubmitProposal
from dialogue.fact import Personal
from dialogue.mandate import Dialogue
from dialogue.participant import (
    AcceptInvitation,
    AffiliationChanged,
    AlternateNamed,
    AssignRoles,
    ChangeAffiliation,
    CorrectParticipant,
    DeathRecorded,
    InvitationAccepted,
    Invite,
    LeaveDialogue,
    NameAlternate,
    Participant,
    ParticipantCorrected,
    ParticipantInvited,
    ParticipantLeft,
    RecordDeath,
    RegretsSent,
    RolesAssigned,
    SendRegrets,
)
from spec import CAST, DIALOGUE, did, given, who

NEXT = f"N{len(CAST) + 1}"
SUBMIT = SubmitProposal("Hotlines", "Open one hotline.")


def test_a_person_is_invited_by_a_name_that_the_record_does_not_hold():
    name = Personal("KIM Ha-eun")
    invited = given().when(Invite(name=name, country=Personal("Nowhere"), represents=who("Committee")), by="Office")
    invited.then(ParticipantInvited, number=11, participant=NEXT, capacity="unstated", represents="Committee")
    leaf = str(invited.entries[-1].fact)
    assert Personal("KIM Ha-eun", who(NEXT)) == invited.entries[-1].fact.name
    assert "KIM" in leaf, "open until the vault has sealed it"


def test_two_people_of_one_name_are_two_participants():
    kim = Invite(name=Personal("KIM"))
    given(did("Office", kim)).when(kim, by="Office").then(ParticipantInvited, number=12)


@pytest.mark.parametrize(
    ("invitation", "words"),
    [
        (Invite(), "either a person"),
        (Invite(name=Personal("A"), body="B"), "either a person"),
        (Invite(name=Personal("A"), roles=()), "at least one role"),
        (Invite(name=Personal("\u202eA")), "reading direction"),
    ],
)
def test_an_invitation_names_one_person_or_body_and_a_role(invitation, words):
    given().when(invitation, by="Office").refused("unfit", words)


def test_nobody_represents_who_is_unknown():
    given().when(Invite(name=Personal("A"), represents=who("N99")), by="Office").refused("unknown")


def test_an_invitation_is_accepted_once_and_not_by_who_was_not_invited():
    accepted = given().when(AcceptInvitation(), by="Auditor").then(InvitationAccepted, participant="Auditor")
    accepted.when(AcceptInvitation(), by="Auditor").then_nothing()
    given().when(AcceptInvitation(), by="N99").refused("unknown")


def test_regrets_are_sent_and_keep_nobody_from_acting_later_but_auditors_send_none():
    sent = given().when(SendRegrets("travelling"), by="Tuya").then(RegretsSent, reason="travelling")
    assert sent.find(Participant, who("Tuya")).active
    given().when(SendRegrets(), by="Auditor").refused("role")


def test_an_alternate_is_somebody_else_who_takes_part():
    named = given().when(NameAlternate(who("Pavel")), by="Tuya").then(AlternateNamed, alternate="Pavel")
    named.when(NameAlternate(who("Pavel")), by="Tuya").then_nothing()
    given().when(NameAlternate(who("Tuya")), by="Tuya").refused("unfit", "own alternate")
    given(did("Pavel", LeaveDialogue())).when(NameAlternate(who("Pavel")), by="Tuya").refused("inactive")


def test_roles_are_assigned_and_a_new_co_chair_is_one_of_the_co_chairs():
    assigned = given().when(AssignRoles(who("Tuya"), ("participant", "co-chair")), by="Office")
    assigned.then(RolesAssigned, participant="Tuya", roles=("participant", "co-chair"))
    assert assigned.find(Dialogue, DIALOGUE).cochairs == (who("Rin"), who("Maral"), who("Tuya"))
    assigned.when(AssignRoles(who("Tuya"), ("co-chair", "participant")), by="Office").then_nothing()
    left = assigned.when(AssignRoles(who("Maral"), ("participant",)), by="Office").then(RolesAssigned)
    assert left.find(Dialogue, DIALOGUE).cochairs == (who("Rin"), who("Tuya"))


def test_somebody_always_keeps_the_record_and_everybody_has_a_role():
    given().when(AssignRoles(who("Office"), ("observer",)), by="Office").refused("no-secretariat")
    given().when(AssignRoles(who("Tuya"), ()), by="Office").refused("unfit")
    given(did("Tuya", LeaveDialogue())).when(AssignRoles(who("Tuya"), ("observer",)), by="Office").refused("inactive")


def test_an_affiliation_changes_for_the_future_and_says_what_changed():
    changed = given().when(ChangeAffiliation("institutional", affiliation=Personal("A new place")), by="Tuya")
    changed.then(AffiliationChanged, capacity="institutional", affiliation=Personal("A new place", who("Tuya")))
    given().when(ChangeAffiliation(), by="Tuya").refused("unfit", "say what has changed")


def test_a_name_taken_down_wrongly_is_corrected_and_a_body_does_not_become_a_person():
    fixed = given().when(CorrectParticipant(who("Tuya"), "a typo", name=Personal("Tuyaa ENKH")), by="Office")
    fixed.then(ParticipantCorrected, reason="a typo", name=Personal("Tuyaa ENKH", who("Tuya")))
    body = given().when(CorrectParticipant(who("Steering"), "renamed", body="Steering Group"), by="Office")
    body.then(ParticipantCorrected, body="Steering Group")
    given().when(CorrectParticipant(who("Tuya"), "a typo", body="B"), by="Office").refused("unfit")
    given().when(CorrectParticipant(who("Steering"), "a typo", name=Personal("B")), by="Office").refused("unfit")
    given().when(CorrectParticipant(who("Tuya"), "a typo"), by="Office").refused("unfit", "say what is corrected")


def test_who_left_takes_no_further_part():
    left = given().when(LeaveDialogue("retired"), by="Rin").then(ParticipantLeft, reason="retired")
    assert left.find(Dialogue, DIALOGUE).cochairs == (who("Maral"),)
    left.when(SUBMIT, by="Rin").refused("inactive")
    left.when(LeaveDialogue(), by="Rin").refused("inactive")


def test_the_dead_say_nothing_more_and_nobody_says_it_for_them():
    died = given().when(RecordDeath(who("Tuya"), "2026-03"), by="Office").then(DeathRecorded, on="2026-03")
    died.when(SUBMIT, by="Tuya", basis="letter", entered_by="Office").refused("inactive", "the dead")
    died.when(RecordDeath(who("Tuya")), by="Office").then_nothing()
    given().when(RecordDeath(who("N99")), by="Office").refused("unknown")
