from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from dialogue.drafting import SubmitProposal
from dialogue.fact import OPERATOR, Moment, Personal, Refused, Unknown
from dialogue.mandate import (
    AgreeSettings,
    ConcludeDialogue,
    DeclineMandate,
    Dialogue,
    DialogueConcluded,
    DialogueProposed,
    ExtendMandate,
    GrantMandate,
    MandateDeclined,
    MandateExtended,
    MandateGranted,
    ProposeDialogue,
    Section,
    Settings,
    SettingsAgreed,
)
from dialogue.participant import Invite, LeaveDialogue, ParticipantInvited
from dialogue.procedure import Procedure
from dialogue.proposal import ProposalSubmitted
from spec import DIALOGUE, START, Story, did, given, waited, who

KEEPER = Invite(("secretariat",), Personal("Jonas HOLT"))
CHAIR = Invite(("co-chair", "participant", "co-chair"), body="Institute of Invented Seas")
GRANTED = did("Steering", GrantMandate("2026-02", "2026-06", 4))
SUBMIT = SubmitProposal("Hotlines", "Open one hotline.")


def test_a_dialogue_is_proposed_with_its_form_its_co_chairs_and_its_secretariat():
    proposed = Story().when(
        ProposeDialogue(
            "Вода и доверие",
            "1.5",
            (CHAIR, KEEPER),
            submitted="2025-11",
            applicant="An applicant",
            meetings=4,
            start="2026",
            end="2026-06",
            sections=(Section("Background", "One.\n\nTwo."),),
            objectives=("a) to listen",),
        ),
        by="Operator",
    )
    proposed.then(
        DialogueProposed, title="Вода и доверие", submitted="2025-11", meetings=4, cochairs=("N1",), secretariat=("N2",)
    )
    proposed.then(ParticipantInvited, number=1, roles=("co-chair", "participant"), body="Institute of Invented Seas")
    proposed.then(ParticipantInvited, number=2, name=Personal("Jonas HOLT", who("N2"))).then_nothing()


@pytest.mark.parametrize(
    ("form", "code", "words"),
    [
        (ProposeDialogue("T", officers=(CHAIR,)), "no-secretariat", "who keeps the record"),
        (ProposeDialogue("T", officers=(KEEPER,), start="2026-06", end="2026-05"), "unfit", "before it starts"),
        (ProposeDialogue("T", officers=(KEEPER,), meetings=0), "unfit", "one or more"),
        (ProposeDialogue("\n", officers=(KEEPER,)), "unfit", "title: Nothing is written"),
        (ProposeDialogue("T", officers=(KEEPER,), objectives=("fine", "\x07")), "unfit", "objectives[1]: "),
        (ProposeDialogue("T", officers=(KEEPER,), settings=Settings(chairs=0)), "unfit", "at least one co-chair"),
        (ProposeDialogue("T", officers=(KEEPER,), settings=Settings(batch=1)), "unfit", "from 2 to 100"),
        (ProposeDialogue("T", officers=(KEEPER,), settings=Settings(notice_hours=-1)), "unfit", "notice_hours"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(form, code, words):
    Story().when(form, by="Operator").refused(code, words)


def test_only_the_operator_opens_a_dialogue_and_only_once():
    given().when(ProposeDialogue("Again", officers=(KEEPER,)), by="Operator").refused("exists")
    given().when(ProposeDialogue("Again", officers=(KEEPER,)), by="Rin").refused("role", "runs the installation")


def test_nothing_happens_in_a_dialogue_that_was_not_proposed():
    with pytest.raises(Unknown):
        Story().step(did("Rin", SUBMIT))


def test_the_steering_committee_grants_the_mandate_once():
    granted = given().when(GrantMandate("2026-02", "2026-06", 4), by="Steering")
    granted.then(MandateGranted, start="2026-02", end="2026-06", meetings=4).then_nothing()
    assert granted.find(Dialogue, DIALOGUE).status == "granted"
    granted.when(GrantMandate(), by="Steering").refused("mandate-decided", "granted already")
    granted.when(DeclineMandate("no"), by="Steering").refused("mandate-decided")
    given().when(GrantMandate("2026-03-02", "2026-03-01"), by="Steering").refused("unfit")


def test_a_declined_dialogue_does_not_take_place():
    declined = given().when(DeclineMandate("No funds."), by="Steering").then(MandateDeclined, reason="No funds.")
    declined.when(SUBMIT, by="Tuya").refused("declined")


@pytest.mark.parametrize(
    ("ends", "extended", "fits"),
    [
        ("2026-06", "2026-07", True),
        ("2026-06", "2026-06", False),
        ("2026-06", "2026-05-31", False),
        ("2026-06", "2026-06-30", False),
        ("2026-06", "2026", True),
        ("2026", "2026-12", False),
        ("2026", "2027-01-01", True),
    ],
)
def test_an_extension_ends_later_than_the_mandate_also_where_a_date_is_only_a_month_or_a_year(ends, extended, fits):
    asked = given(did("Steering", GrantMandate(end=ends))).when(ExtendMandate(extended, "more to do"), by="Steering")
    asked.then(MandateExtended, end=extended) if fits else asked.refused("not-later", ends)


def test_only_a_granted_mandate_is_extended():
    given(GRANTED).when(ExtendMandate("2027"), by="Steering").then(MandateExtended, end="2027")
    given().when(ExtendMandate("2027"), by="Steering").refused("no-mandate")


def test_a_concluded_dialogue_takes_nothing_new_and_is_concluded_once():
    concluded = given().when(ConcludeDialogue("It is done.")).then(DialogueConcluded, reason="It is done.")
    concluded.when(SUBMIT, by="Tuya").refused("concluded", "follow-on")
    concluded.when(ConcludeDialogue()).refused("concluded")
    concluded.when(LeaveDialogue(), by="Tuya").then_accepted()


def test_a_dialogue_agrees_on_its_settings_and_on_nothing_senseless():
    agreed = Settings(chairs="any", notice_hours=24)
    given().when(AgreeSettings(agreed)).then(SettingsAgreed, settings=agreed)
    given().when(AgreeSettings(Settings(chairs="any"))).then_nothing()
    given().when(AgreeSettings(Settings(silence_hours=-1))).refused("unfit", "silence_hours")


@pytest.mark.parametrize("subject", ["text", "amendment", "edition", "mandate", "ruling"])
@pytest.mark.parametrize(
    ("procedure", "words"),
    [
        (Procedure("majority"), "threshold"),
        (Procedure("majority", threshold=Fraction(3, 2)), "threshold"),
        (Procedure("consensus", threshold=Fraction(1, 2)), "threshold"),
        (Procedure("consensus", quorum=Fraction(5, 2)), "quorum"),
        (Procedure("consensus", quorum=0), "quorum"),
        (Procedure("chair", quorum=1), "quorum"),
    ],
)
def test_a_default_procedure_that_could_decide_nothing_is_not_agreed_on(subject, procedure, words):
    settings = replace(Settings(chairs="any"), **{subject: procedure})
    given().when(AgreeSettings(settings)).refused("unfit", f"{subject}: ", words)
    form = ProposeDialogue("Seas", officers=(KEEPER,), settings=settings)
    Story().when(form, by="Operator").refused("unfit", f"{subject}: ")


def test_whom_a_default_consensus_minus_leaves_out_is_named_with_each_call():
    settings = Settings(chairs="any", text=Procedure("consensus-minus", Fraction(1, 2)))
    given().when(AgreeSettings(settings)).then(SettingsAgreed, settings=settings)


@pytest.mark.parametrize("days", [-60, 130])
def test_an_act_outside_the_mandate_is_refused_where_the_dialogue_says_so(days):
    story = given(GRANTED, waited(24 * 200), outside_mandate="refuse")
    at = START + timedelta(days=days)
    story.when(SUBMIT, by="Tuya", at=at, basis="letter").refused("outside-mandate", "extended first")
    given(GRANTED, waited(24 * 200)).when(SUBMIT, by="Tuya", at=at, basis="letter").then(ProposalSubmitted)


def test_within_the_mandate_the_setting_refuses_nothing_and_a_mandate_that_ran_out_can_still_be_ended():
    story = given(GRANTED, outside_mandate="refuse")
    story.when(SUBMIT, by="Tuya").then(ProposalSubmitted)
    over = given(GRANTED, waited(24 * 200), outside_mandate="refuse")
    over.when(ConcludeDialogue()).then(DialogueConcluded)
    over.when(ExtendMandate("2027"), by="Steering").then(MandateExtended)


def test_whether_an_act_lies_outside_the_mandate_is_known_by_its_date_alone():
    dialogue = Dialogue("T", "2", Settings(), "granted", "2026-03", "2026-04-15")
    for day, outside in [("02-28", True), ("03-01", False), ("04-15", False), ("04-16", True)]:
        month, number = map(int, day.split("-"))
        assert dialogue.outside_mandate(START.replace(month=month, day=number)) is outside
    assert Dialogue("T", "2", Settings(), start="2026").outside_mandate(START), "no mandate was granted yet"
    assert not Dialogue("T", "2", Settings(), "granted").outside_mandate(START), "it has no dates"


def test_somebody_has_to_act():
    from dialogue.roles import permit

    nobody = Moment(OPERATOR, OPERATOR, START, START, "act", lambda: DIALOGUE)
    with pytest.raises(Refused, match="say who acts"):
        permit(SUBMIT, given().history, nobody)
