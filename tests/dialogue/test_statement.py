from datetime import timedelta

import pytest

from dialogue.consensus import CallConsensus, DeclareOutcome, SetAsideOutcome, TakePosition
from dialogue.drafting import SubmitProposal
from dialogue.procedure import Procedure
from dialogue.statement import EnterStatement, InterpretativeStatementEntered
from spec import did, given, hours, thing, waited

P1, Q1 = thing("P1"), thing("Q1")
OPEN = (did("Tuya", SubmitProposal("Hotlines", "Open one hotline.")), did("Rin", CallConsensus(proposal=P1)))
DECLARED = (*OPEN, did("Rin", DeclareOutcome(Q1), at=hours(10)))
WORDS = "We read “hotline” as any line that is answered."
LAST = hours(10) + timedelta(hours=168)


def test_a_statement_interprets_a_decision_and_is_numbered():
    entered = given(*DECLARED).when(EnterStatement(Q1, WORDS), by="Pavel")
    entered.then(InterpretativeStatementEntered, statement="T1", number=1, call="Q1", participant="Pavel", words=WORDS)
    entered.when(EnterStatement(Q1, WORDS), by="Pavel").then(InterpretativeStatementEntered, number=2)


def test_a_statement_is_heard_until_the_last_instant_of_its_period_whenever_it_is_entered():
    story = given(*DECLARED, waited(500))
    in_time = story.when(EnterStatement(Q1, WORDS), by="Pavel", at=LAST, basis="letter", entered_by="Office")
    in_time.then(InterpretativeStatementEntered)
    late = LAST + timedelta(microseconds=1)
    late_one = story.when(EnterStatement(Q1, WORDS), by="Pavel", at=late, basis="letter", entered_by="Office")
    late_one.refused("too-late", "168 hours")
    given(*DECLARED, statement_hours=1).when(EnterStatement(Q1, WORDS), by="Pavel", at=hours(12)).refused("too-late")


def test_there_is_nothing_to_interpret_before_the_outcome_nor_after_it_was_set_aside():
    given(*OPEN).when(EnterStatement(Q1, WORDS), by="Pavel").refused("not-decided", "Q1")
    silence = CallConsensus(proposal=P1, procedure=Procedure("silence"), expires=hours(80))
    story = given(OPEN[0], did("Rin", silence), waited(90), did("Rin", DeclareOutcome(Q1)),
                  did("Pavel", TakePosition(Q1, "object", "no"), hours(80), "email", "Office"))  # fmt: skip
    story.when(EnterStatement(Q1, WORDS), by="Pavel").then(InterpretativeStatementEntered)
    aside = story.when(SetAsideOutcome(Q1, "timely")).then_accepted()
    aside.when(EnterStatement(Q1, WORDS), by="Pavel").refused("not-decided")


def test_a_decision_against_a_text_is_interpreted_too():
    against = (*OPEN, did("Pavel", TakePosition(Q1, "object", "no")), did("Rin", DeclareOutcome(Q1)))
    given(*against).when(EnterStatement(Q1, WORDS), by="Tuya").then(InterpretativeStatementEntered)


@pytest.mark.parametrize("by", ["Observer", "Office", "Steering"])
def test_who_takes_no_position_interprets_nothing(by):
    given(*DECLARED).when(EnterStatement(Q1, WORDS), by=by).refused("role")
