import pytest

from dialogue.call import CallVoided, ConsensusCalled, ConsensusReached
from dialogue.consensus import CallConsensus, DeclareOutcome
from dialogue.drafting import (
    CoSponsorProposal,
    MergeProposals,
    MoveItem,
    Part,
    ReopenText,
    ReviseProposal,
    SplitProposal,
    SubmitProposal,
    WithdrawProposal,
)
from dialogue.endorsement import Endorsement
from dialogue.issuing import OpenForSignature
from dialogue.joint import ActAssented, ActProposed, AssentToAct
from dialogue.procedure import Procedure
from dialogue.proposal import (
    ItemMoved,
    Proposal,
    ProposalCoSponsored,
    ProposalRevised,
    ProposalsMerged,
    ProposalSplit,
    ProposalSubmitted,
    ProposalWithdrawn,
    TextReopened,
)
from dialogue.ruling import RuleOnChange, RulingGiven
from dialogue.signing import GiveEndorsement
from dialogue.text import digest
from dialogue.versions import Versions
from spec import did, given, signature, thing, who

P1, P2, P3, Q1 = thing("P1"), thing("P2"), thing("P3"), thing("Q1")
WORDS = "Open one hotline between the two coast guards."
SUBMITTED = did("Tuya", SubmitProposal("Hotlines", WORDS, "Track 2"))
OTHER = did("Pavel", SubmitProposal("Линии", "Открыть линию связи."))
CALLED = did("Rin", CallConsensus(proposal=P1))
ADOPTED = (SUBMITTED, CALLED, did("Rin", DeclareOutcome(Q1)))
ADOPTED_BY_CHAIR = (
    SUBMITTED,
    did("Rin", CallConsensus(proposal=P1, procedure=Procedure("chair"))),
    did("Rin", DeclareOutcome(Q1, True, "as agreed")),
)


def test_a_proposal_is_submitted_with_a_handle_and_its_text_s_digest():
    submitted = given(SUBMITTED).when(SubmitProposal("수자원", "Share   what is known.\r\n"), by="Pavel")
    submitted.then(ProposalSubmitted, proposal="P2", number=2, version=1, text="Share   what is known.")
    assert submitted.find(Proposal, P2).versions.text.sha256 == digest("Share   what is known.")
    assert submitted.find(Proposal, P2).by == who("Pavel")


@pytest.mark.parametrize("words", ["", " \n", "\ud800", "a\x00b", "x" * 100_001])
def test_a_text_that_cannot_stand_in_a_record_is_refused(words):
    given().when(SubmitProposal("Hotlines", words), by="Tuya").refused("unfit", "text: ")


def test_a_proposal_made_in_a_session_that_nobody_opened_is_refused():
    given().when(SubmitProposal("Hotlines", WORDS, session=thing("S1")), by="Tuya").refused("unknown", "session")


def test_words_are_composed_so_that_what_looks_alike_has_one_digest():
    given().when(SubmitProposal("T", "re\u0301sume\u0301"), by="Tuya").then(ProposalSubmitted, text="résumé")


def test_its_submitter_revises_a_proposal_and_so_may_a_co_chair_but_nobody_else():
    revised = given(SUBMITTED).when(ReviseProposal(P1, "Open two hotlines.", reason="clearer", base=1), by="Tuya")
    revised.then(ProposalRevised, version=2, title="Hotlines", text="Open two hotlines.").then_nothing()
    revised.when(ReviseProposal(P1, WORDS, "Lines"), by="Maral").then(ProposalRevised, version=3, title="Lines")
    revised.when(ReviseProposal(P1, "Mine."), by="Pavel").refused("not-yours", "propose an amendment")


def test_a_revision_made_for_an_older_version_is_refused_and_says_which_is_current():
    story = given(SUBMITTED, did("Tuya", ReviseProposal(P1, "Open two hotlines.")))
    story.when(ReviseProposal(P1, "Open three.", base=1), by="Tuya").refused("outdated", "version 2", current=2)
    story.when(ReviseProposal(P1, "Open two hotlines."), by="Tuya").then_nothing()


def test_a_withdrawn_proposal_is_closed_to_everything():
    withdrawn = given(SUBMITTED, OTHER).when(WithdrawProposal(P1, "not now"), by="Tuya")
    withdrawn.then(ProposalWithdrawn, reason="not now").then_nothing()
    for command in (
        ReviseProposal(P1, "x"),
        WithdrawProposal(P1),
        MergeProposals((P1, P2), "T", "x"),
        SplitProposal(P1, (Part("a", "a"), Part("b", "b"))),
        MoveItem(P1, "Track 1"),
        CallConsensus(proposal=P1),
        OpenForSignature(proposal=P1),
    ):
        withdrawn.when(command).refused("closed", "P1 has been withdrawn")
    given(SUBMITTED).when(WithdrawProposal(P1), by="Pavel").refused("not-yours")


def test_a_proposal_is_co_sponsored_once_by_others():
    sponsored = given(SUBMITTED).when(CoSponsorProposal(P1), by="Pavel")
    sponsored.then(ProposalCoSponsored, proposal="P1", participant="Pavel")
    sponsored.when(CoSponsorProposal(P1), by="Pavel").then_nothing()
    sponsored.when(CoSponsorProposal(P1), by="Tuya").refused("already", "yourself")


def test_a_merge_closes_its_sources_and_takes_no_sponsors_along():
    story = given(SUBMITTED, OTHER, did("Pavel", CoSponsorProposal(P1)))
    merged = story.when(MergeProposals((P1, P2, P1), "Lines", "Open one line.", reason="the same thought"))
    merged.then(ProposalsMerged, proposal="P3", sources=("P1", "P2"), theme="Track 2", version=1).then_nothing()
    assert [merged.find(Proposal, one).status for one in (P1, P2, P3)] == ["merged", "merged", "open"]
    merged.when(CoSponsorProposal(P1), by="Seoyun").refused("closed", "P1 has been merged")
    merged.when(CoSponsorProposal(P3), by="Pavel").then(ProposalCoSponsored, proposal="P3")


def test_a_merge_needs_two_proposals():
    given(SUBMITTED).when(MergeProposals((P1, P1), "T", "x")).refused("unfit", "two proposals or more")
    given(SUBMITTED).when(MergeProposals((P1, P2), "T", "x")).refused("unknown", "proposal")


def test_a_split_makes_a_proposal_of_each_part():
    split = given(SUBMITTED, OTHER).when(SplitProposal(P1, (Part("One", "Line one."), Part("Two", "Line two."))))
    split.then(ProposalSplit, proposal="P3", source="P1", theme="Track 2", text="Line one.")
    split.then(ProposalSplit, proposal="P4", source="P1", title="Two").then_nothing()
    assert split.find(Proposal, P1).status == "split"
    given(SUBMITTED).when(SplitProposal(P1, (Part("One", "x"),))).refused("unfit", "two parts or more")


def test_moving_an_item_to_another_theme_is_a_substantive_change_of_the_same_words():
    moved = given(SUBMITTED).when(MoveItem(P1, "Track 1"))
    moved.then(ItemMoved, theme="Track 1", version=2, text=WORDS).then_nothing()
    assert moved.find(Proposal, P1).versions.substantive == 2
    moved.when(MoveItem(P1, "Track 1")).then_nothing()
    given(*ADOPTED).when(MoveItem(P1, "Track 1")).refused("decided", "frozen")


def test_a_move_lapses_the_signatures_under_the_item_unless_it_is_ruled_editorial():
    signed = (SUBMITTED, did("Rin", OpenForSignature(proposal=P1)), did("Pavel", GiveEndorsement(proposal=P1)))
    moved = given(*signed).when(MoveItem(P1, "Track 1")).then_accepted()
    signature_of = signature("Pavel", "P1")
    assert moved.find(Endorsement, signature_of).standing(moved.find(Proposal, P1).versions) == "lapsed"
    ruled = moved.when(RuleOnChange("editorial", "themes only", P1)).then(RulingGiven, version=2)
    assert ruled.find(Endorsement, signature_of).standing(ruled.find(Proposal, P1).versions) == "stands"


MOVES = [
    ReviseProposal(P1, "Open two hotlines."),
    ReviseProposal(P1, WORDS, "A new title"),
    WithdrawProposal(P1),
    MergeProposals((P2, P1), "Lines", "Open one line."),
    SplitProposal(P1, (Part("One", "Line one."), Part("Two", "Line two."))),
    MoveItem(P1, "Track 1"),
]
MOVE_NAMES = ["revise", "retitle", "withdraw", "merge", "split", "move"]


@pytest.mark.parametrize("move", MOVES, ids=MOVE_NAMES)
def test_a_call_is_void_when_its_text_moves_in_any_way_and_names_the_entry(move):
    story = given(SUBMITTED, OTHER, CALLED)
    moved = story.when(move)
    cause = len(story.entries) + 1
    assert [type(entry.fact).__name__ for entry in moved.left].count("CallVoided") == 1
    assert moved.left[-1].fact == CallVoided(Q1, cause, proposal=P1)
    assert moved.find(Proposal, P1).call is None
    moved.when(DeclareOutcome(Q1)).refused("closed", "Q1 is void")


def test_another_proposal_s_move_voids_nothing():
    moved = given(SUBMITTED, OTHER, CALLED).when(ReviseProposal(P2, "Другое."), by="Pavel").then(ProposalRevised)
    moved.then_nothing()
    assert moved.find(Proposal, P1).call == Q1


@pytest.mark.parametrize("move", MOVES, ids=MOVE_NAMES)
def test_an_adopted_text_is_frozen(move):
    given(*ADOPTED, OTHER).when(move).refused("decided", "P1 has been adopted", "until it is reopened")


def test_what_the_co_chairs_decided_they_reopen_with_a_reason():
    reopened = given(*ADOPTED_BY_CHAIR).when(ReopenText(P1, "news")).then(TextReopened, reason="news", decision="Q1")
    assert reopened.find(Proposal, P1).status == "open"
    given(*ADOPTED_BY_CHAIR, chairs="any").when(ReopenText(P1, " ")).refused("unfit", "reason")


def test_reopening_what_all_co_chairs_decided_needs_them_all():
    decided = (*ADOPTED_BY_CHAIR, did("Maral", AssentToAct(thing("J1"))))
    proposed = given(*decided, chairs="all").when(ReopenText(P1, "news"))
    proposed.then(ActProposed, command="ReopenText", needed=2).then_nothing()
    agreed = proposed.when(AssentToAct(thing("J2")), by="Maral").then(ActAssented)
    agreed.then(TextReopened, decision="Q1").then_nothing()


def test_reopening_needs_the_procedure_that_decided():
    story = given(*ADOPTED)
    story.when(ReopenText(P1, "news")).refused("reopen", "adopted by consensus")
    by_chair = CallConsensus("reopening", P1, procedure=Procedure("chair"))
    story.when(by_chair).refused("reopen", "adopted by consensus")
    called = story.when(CallConsensus("reopening", P1)).then(ConsensusCalled, procedure=Procedure(), version=1)
    reached = called.when(DeclareOutcome(thing("Q2"))).then(ConsensusReached, about="reopening")
    reached.then(TextReopened, decision="Q2").then_nothing()
    reached.when(ReviseProposal(P1, "Open two hotlines."), by="Tuya").then(ProposalRevised, version=2)


def test_only_what_was_decided_is_reopened():
    given(SUBMITTED).when(ReopenText(P1, "news")).refused("not-decided")
    given(SUBMITTED).when(CallConsensus("reopening", P1)).refused("not-decided")


def test_an_unruled_version_is_substantive_and_a_chain_of_editorial_ones_is_as_good_as_the_first():
    text = given(SUBMITTED).find(Proposal, P1).versions.text
    assert Versions(1, text).substantive == 1
    assert Versions(5, text, (2, 4, 5)).substantive == 3
    assert Versions(5, text, (2, 4)).substantive == 5
    assert Versions(3, text, (2, 3)).substantive == 1
