"""The table of who may do what, walked: every command, put by everybody it is not for."""

import re
from dataclasses import MISSING, fields

import pytest

from dialogue.acts import COMMANDS
from dialogue.drafting import SubmitProposal
from dialogue.fact import Moment, Refused, Unknown
from dialogue.kinds import FACTS
from dialogue.mandate import ConcludeDialogue, ProposeDialogue
from dialogue.participant import AssignRoles, Invite, LeaveDialogue
from dialogue.roles import AFTERWARDS, MAY, permit
from spec import START, did, given, who

ROLES = {
    "co-chair": "Rin",
    "secretariat": "Office",
    "steering-committee": "Steering",
    "participant": "Tuya",
    "observer": "Observer",
    "auditor": "Auditor",
    "addressee": "Committee",
}
STORY = given()
CONCLUDED = given(did("Rin", ConcludeDialogue()))

# Written from domain.md ("People and bodies") and not from the table: what a role must never be able to do.
NEVER = {
    "observer": "SubmitProposal ProposeAmendment TakePosition GiveEndorsement RuleOnChange EnterStatement",
    "secretariat": "RuleOnChange DeclareOutcome ConfirmOutcome SetAsideOutcome AcceptAmendment AssentToAct"
    " CallConsensus GrantMandate TakePosition GiveEndorsement",
    "auditor": " ".join(set(COMMANDS) - {"AcceptInvitation", "LeaveDialogue"}),
    "participant": "RuleOnChange DeclareOutcome CallConsensus IssueEdition PublishDocument GrantMandate Invite"
    " Circulate MarkEnteredInError ObjectThroughChair",
    "steering-committee": "RuleOnChange DeclareOutcome GiveEndorsement SubmitProposal PublishDocument",
    "co-chair": "GrantMandate DeclineMandate ExtendMandate Invite MarkEnteredInError PublishDocument",
    "addressee": "SubmitProposal TakePosition GiveEndorsement CallConsensus PublishDocument",
}


def some(command):
    """The command with anything at all in its fields: the role is looked at before anything else is."""
    return command(**{f.name: None for f in fields(command) if f.default is MISSING})


def put_by(name, command, story=STORY, entered_by=None, basis=None):
    moment = Moment(who(name), who(entered_by or name), START, START, "act", lambda: who(name), basis)
    permit(some(command), story.history, moment)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command is not ProposeDialogue])
def test_a_command_is_taken_from_the_roles_of_the_table_and_refused_to_every_other(name, role):
    command = COMMANDS[name]
    if role in MAY[command]:
        put_by(ROLES[role], command)
        assert name not in NEVER[role].split(), f"domain.md keeps {name} from a {role}"
    else:
        with pytest.raises(Refused, match=f"you take part as {role}") as refused:
            put_by(ROLES[role], command)
        assert refused.value.code == "role"
        assert all(allowed in str(refused.value) for allowed in MAY[command]), "it says whom it is for"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_the_secretariat_enters_for_somebody_needs_that_somebody_s_right(name):
    command = COMMANDS[name]
    if command is ProposeDialogue or "observer" in MAY[command]:
        return
    with pytest.raises(Refused, match="observer"):
        put_by("Observer", command, entered_by="Office", basis="email")


def test_every_command_has_its_line_in_the_table_and_the_table_no_other():
    assert set(MAY) == set(COMMANDS.values()) - {ProposeDialogue}
    assert set().union(*MAY.values()) <= set(ROLES)


def test_who_has_several_roles_may_do_what_any_of_them_may():
    both = given(did("Office", AssignRoles(who("Observer"), ("observer", "auditor", "participant"))))
    both.when(SubmitProposal("T", "Words."), by="Observer").then_accepted()


def test_a_stranger_does_nothing():
    with pytest.raises(Unknown):
        put_by("N99", SubmitProposal)


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command is not ProposeDialogue])
def test_after_its_conclusion_a_dialogue_looks_after_what_it_published_and_begins_nothing(name):
    command = COMMANDS[name]
    somebody = next(ROLES[role] for role in ROLES if role in MAY[command])
    if command in AFTERWARDS:
        put_by(somebody, command, CONCLUDED)
    else:
        with pytest.raises(Refused, match="concluded"):
            put_by(somebody, command, CONCLUDED)


@pytest.mark.parametrize("enterer", ["Rin", "Tuya", "Observer", "Auditor", "Steering", "Committee"])
def test_only_the_secretariat_enters_acts_for_others(enterer):
    with pytest.raises(Refused, match="only the secretariat"):
        put_by("Pavel", SubmitProposal, entered_by=enterer, basis="email")


def test_a_secretariat_that_left_enters_nothing_any_more():
    second = (did("Office", Invite(("secretariat",), body="Second desk")), did("Office", LeaveDialogue()))
    with pytest.raises(Refused, match="only the secretariat"):
        put_by("Pavel", SubmitProposal, given(*second), entered_by="Office", basis="email")


def test_no_fact_is_named_in_the_words_of_a_database_nor_in_a_word_that_two_capitals_read_differently():
    words = re.compile("Created|Updated|Deleted|Tabled|Edited")
    assert not [name for name in FACTS if words.search(name)]
