"""A dialogue states its default procedure per kind of subject, and that procedure decides (issue: decision engine)."""

from dialogue.amendment import AcceptAmendment, AmendmentAccepted, ProposeAmendment, RejectAmendment
from dialogue.call import ConsensusCalled, ConsensusReached
from dialogue.consensus import CallConsensus, DeclareOutcome
from dialogue.drafting import SubmitProposal
from dialogue.mandate import Dialogue, MandateGranted
from dialogue.procedure import Procedure
from spec import DIALOGUE, did, given, thing

P1, A1, Q1 = thing("P1"), thing("A1"), thing("Q1")
DRAFTED = (
    did("Tuya", SubmitProposal("Hotlines", "Open one hotline.")),
    did("Pavel", ProposeAmendment(P1, "Open two hotlines.")),
)


def test_where_amendments_are_decided_by_consensus_the_co_chairs_neither_accept_nor_reject_one_alone():
    story = given(*DRAFTED, amendment=Procedure("consensus"))
    story.when(AcceptAmendment(A1), by="Rin").refused("procedure", "call it on A1")
    story.when(RejectAmendment(A1, "too much"), by="Rin").refused("procedure", "decided by consensus")


def test_a_call_on_an_amendment_takes_the_dialogues_procedure_and_accepts_it_when_reached():
    story = given(*DRAFTED, amendment=Procedure("consensus"))
    story.when(CallConsensus(about="amendment", amendment=A1), by="Rin").then(
        ConsensusCalled, procedure=Procedure("consensus")
    )
    called = given(
        *DRAFTED, did("Rin", CallConsensus(about="amendment", amendment=A1)), amendment=Procedure("consensus")
    )
    called.when(DeclareOutcome(Q1), by="Rin").then(ConsensusReached).then(AmendmentAccepted, version=2)


def test_a_mandate_on_which_consensus_is_reached_is_granted():
    called = given(did("Rin", CallConsensus(about="mandate", electorate="steering-committee")))
    outcome = called.when(DeclareOutcome(Q1), by="Rin")
    outcome.then(ConsensusReached).then(MandateGranted)
    state = outcome.find(Dialogue, DIALOGUE)
    assert state is not None
    assert state.status == "granted"
