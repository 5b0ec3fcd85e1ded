"""Sessions under the Chatham House Rule: what is said waits, and enters the record without its speaker.

domain.md, "Who may learn what"; design.md, "Under the Chatham House Rule".
"""

from dataclasses import replace
from itertools import permutations

import pytest

from dialogue.amendment import ProposeAmendment
from dialogue.call import (
    ConsensusCalled,
    ConsensusNotReached,
    ConsensusReached,
    ObjectionConveyed,
    PositionTaken,
)
from dialogue.comment import CommentMade, CommentRetracted, MakeComment, NameSpeaker, RetractComment, SpeakerNamed
from dialogue.consensus import CallConsensus, DeclareOutcome, ObjectThroughChair, TakePosition, WithdrawPosition
from dialogue.drafting import SubmitProposal
from dialogue.envelope import to_leaf
from dialogue.fact import Personal
from dialogue.joint import ActAssented, ActProposed, AssentToAct
from dialogue.mandate import ConcludeDialogue, DialogueConcluded
from dialogue.meeting import CloseSession, OpenSession, PlanMeeting, SessionClosed
from dialogue.procedure import Procedure
from dialogue.proposal import ProposalSubmitted
from dialogue.reenact import Unlawful, finished, reenact
from dialogue.vault import seal_entry
from spec import MEMBERS, did, given, hours, thing, waited, who

M1, S1, S2, P1, Q1 = (thing(handle) for handle in ("M1", "S1", "S2", "P1", "Q1"))

SITTING = (
    did("Office", PlanMeeting()),
    did("Rin", OpenSession(M1)),
    did("Tuya", SubmitProposal("Hotlines", "Open one hotline.")),
)
WORDS = ("Who pays?", "Nobody will answer.", "Agreed.", "We have one.", "Call it a line.")


def said(*pairs, session=S1):
    return [did(name, MakeComment(words, proposal=P1, session=session)) for name, words in pairs]


FIVE = said(*zip(MEMBERS, WORDS, strict=True))
BALLOT = (*SITTING, did("Rin", CallConsensus(proposal=P1, session=S1)))


def entered(outcome):
    return [entry for entry in outcome.left if entry.fact.unattributed]


def test_a_comment_under_the_rule_is_not_recorded_when_it_is_made_but_when_the_session_closes():
    story = given(*SITTING)
    for step in FIVE:
        story = story.when(step.command, by=step.by).then_nothing()
    closed = story.when(CloseSession(S1)).then(SessionClosed)
    for number in range(1, 6):
        closed.then(CommentMade, number=number, comment=f"C{number}", proposal="P1", version=1, session="S1")
    closed.then_nothing()


def test_what_enters_says_neither_who_nor_in_which_act_nor_when_but_that_the_session_closed():
    closed = given(*SITTING, *FIVE).when(CloseSession(S1))
    ending, *batch = closed.left
    assert sorted(entry.fact.words.value for entry in batch) == sorted(WORDS)
    for entry in batch:
        assert (entry.actor, entry.recordedby, entry.act) == (None, None, None)
        assert (entry.time, entry.recordedtime) == (ending.time, ending.recordedtime)
        sealed, [seal] = seal_entry(entry, None, lambda: bytes(16))
        assert seal.about == S1
        assert b"words" not in to_leaf(sealed)


def test_the_batch_is_the_same_whoever_spoke_and_in_whatever_order():
    batches = set()
    for order in permutations(range(5), 5):
        speakers = zip(order, reversed(MEMBERS), strict=True)
        story = given(*SITTING, *said(*((name, WORDS[n]) for n, name in speakers)), waited(2))
        batches.add(tuple(story.when(CloseSession(S1)).entries[-5:]))
    assert len(batches) == 1


def test_fewer_than_the_batch_wait_for_the_next_close_of_a_session():
    story = given(*SITTING, *FIVE[:4])
    closed = story.when(CloseSession(S1)).then(SessionClosed).then_nothing()
    again = closed.when(OpenSession(M1)).when(MakeComment("And again?", session=S2), by="Observer")
    again.refused("observers")
    later = closed.when(OpenSession(M1)).when(MakeComment("And again?", session=S2), by="Tuya").when(CloseSession(S2))
    assert [entry.fact.session for entry in entered(later)].count(S1) == 4
    assert len(entered(later)) == 5
    given(*SITTING, *FIVE[:2], batch=2).when(CloseSession(S1)).then(SessionClosed).then(CommentMade).then(CommentMade)


def test_what_is_said_in_a_session_that_is_still_open_waits_for_that_one():
    story = given(*SITTING, did("Rin", OpenSession(M1)), *FIVE, *said(("Tuya", "Not yet."), session=S2))
    closed = story.when(CloseSession(S1))
    assert "Not yet." not in [entry.fact.words.value for entry in entered(closed)]
    assert len(entered(closed)) == 5


def test_what_entered_does_not_enter_again():
    story = given(*SITTING, *FIVE).when(CloseSession(S1))
    more = story.when(OpenSession(M1)).when(CloseSession(S2)).then(SessionClosed)
    more.then_nothing()


@pytest.mark.parametrize(("at_end", "released"), [("release", 2), ("destroy", 0)])
def test_at_the_end_the_dialogue_s_setting_releases_what_still_waits_or_destroys_it(at_end, released):
    story = given(*SITTING, *FIVE[:2], waiting_at_end=at_end)
    ended = story.when(ConcludeDialogue()).then(DialogueConcluded)
    for _ in range(released):
        ended.then(CommentMade)
    ended.then_nothing()


def test_who_may_not_comment_may_not_under_the_rule_either():
    given(*SITTING).when(MakeComment("Why?", session=S1), by="Observer").refused("observers")
    given(*SITTING).when(MakeComment("Why?", session=S1), by="Auditor").refused("role")
    given(*SITTING).when(MakeComment("Why?", session=thing("S9")), by="Tuya").refused("unknown", "session")
    given(*SITTING).when(MakeComment("Why?", proposal=thing("P9"), session=S1), by="Tuya").refused("unknown")


def test_what_bears_its_author_s_name_is_not_said_in_a_session_under_the_rule():
    story = given(*SITTING)
    story.when(SubmitProposal("Buoys", "Share them.", session=S1), by="Pavel").refused("attribution")
    story.when(ProposeAmendment(P1, "Open two.", session=S1), by="Pavel").refused("attribution", "leave the session")
    story.when(SubmitProposal("Buoys", "Share them."), by="Pavel").then(ProposalSubmitted)


def test_who_spoke_may_consent_to_be_named_and_nobody_else_may_name_them():
    story = given(*SITTING, *FIVE).when(CloseSession(S1))
    first = entered(story)[0].fact
    speaker = MEMBERS[WORDS.index(first.words.value)]
    story.history.speakers = lambda comment: who(speaker) if comment == first.comment else None
    other = next(name for name in MEMBERS if name != speaker)
    story.when(NameSpeaker(first.comment), by=other).refused("not-yours")
    story.when(RetractComment(first.comment), by=speaker).refused("not-yours")
    named = story.when(NameSpeaker(first.comment), by=speaker).then(SpeakerNamed, participant=speaker)
    named.when(NameSpeaker(first.comment), by=speaker).then_nothing()
    named.when(RetractComment(first.comment), by=speaker).then(CommentRetracted)


def test_positions_under_the_rule_enter_with_the_outcome_the_final_ones_and_without_their_holders():
    story = given(
        *BALLOT,
        did("Tuya", TakePosition(Q1, "object", "Too dear.")),
        did("Tuya", TakePosition(Q1, "agree")),
        did("Pavel", TakePosition(Q1, "stand-aside")),
        did("Seoyun", TakePosition(Q1, "abstain")),
        did("Seoyun", WithdrawPosition(Q1)),
    )
    declared = story.when(DeclareOutcome(Q1))
    first, second, outcome = declared.left
    assert {first.fact.name, second.fact.name} == {"agree", "stand-aside"}
    for entry in (first, second):
        assert (entry.actor, entry.act, entry.fact.participant) == (None, None, None)
    assert first.fact.position < second.fact.position
    declared.then(PositionTaken).then(PositionTaken).then(ConsensusReached).then_nothing()
    assert outcome.fact.explanation.counted == (first.number, second.number)
    assert outcome.fact.explanation.conveyed == 0


def test_an_objection_under_the_rule_blocks_and_is_told_from_one_through_the_chair():
    story = given(*BALLOT, did("Tuya", TakePosition(Q1, "object", "Too dear.")), did("Rin", TakePosition(Q1, "agree")))
    chaired = story.when(ObjectThroughChair(Q1, "Somebody minds.")).then(ObjectionConveyed)
    declared = chaired.when(DeclareOutcome(Q1))
    found = declared.left[-1].fact.explanation
    assert (found.conveyed, found.reason, len(found.blocked)) == (1, "objection", 2)
    declared.then(PositionTaken).then(PositionTaken).then(ConsensusNotReached)


def test_the_outcome_and_the_record_are_the_same_whoever_holds_which_position():
    outcomes = set()
    for names in permutations(("Tuya", "Pavel", "Seoyun")):
        positions = zip(names, ("agree", "abstain", "stand-aside"), strict=True)
        story = given(*BALLOT, *(did(name, TakePosition(Q1, position)) for name, position in positions))
        outcomes.add(tuple(story.when(DeclareOutcome(Q1)).entries[-4:]))
    assert len(outcomes) == 1


def test_the_excluded_are_not_counted_under_the_rule():
    call = CallConsensus(proposal=P1, session=S1, procedure=Procedure("consensus-minus", excluded=(who("Pavel"),)))
    story = given(*SITTING, did("Rin", call), did("Pavel", TakePosition(Q1, "object", "No.")))
    story.when(DeclareOutcome(Q1)).then(ConsensusReached).then_nothing()


def test_several_co_chairs_declare_together_what_was_held_under_the_rule():
    story = given(*BALLOT, did("Tuya", TakePosition(Q1, "agree")), chairs="all")
    proposed = story.when(DeclareOutcome(Q1)).then(ActProposed).then_nothing()
    declared = proposed.when(AssentToAct(thing("J1")), by="Maral")
    declared.then(ActAssented).then(PositionTaken, name="agree").then(ConsensusReached).then_nothing()


def test_a_position_under_the_rule_keeps_the_rules_of_any_position():
    story = given(*BALLOT)
    story.when(TakePosition(Q1, "object"), by="Tuya").refused("no-reason")
    story.when(TakePosition(Q1, "agree"), by="Steering").refused("not-entitled")
    story.when(WithdrawPosition(Q1), by="Tuya").refused("unknown")
    declared = story.when(DeclareOutcome(Q1)).then(ConsensusReached)
    declared.when(TakePosition(Q1, "agree"), by="Tuya").refused("closed")
    declared.when(WithdrawPosition(Q1), by="Tuya").refused("closed")


def test_a_silence_is_not_kept_in_a_session_under_the_rule():
    silence = CallConsensus(proposal=P1, session=S1, procedure=Procedure("silence"), expires=hours(100))
    given(*SITTING).when(silence).refused("unfit", "Chatham House Rule")
    attributed = (did("Office", PlanMeeting()), did("Rin", OpenSession(M1, "attributed")), SITTING[2])
    given(*attributed).when(silence).then(ConsensusCalled)


def test_an_auditor_tells_where_an_act_ends_that_enters_what_names_no_act():
    story = given(*BALLOT, *FIVE, did("Tuya", TakePosition(Q1, "agree")))
    closed = story.when(CloseSession(S1))
    declared = closed.when(DeclareOutcome(Q1))
    both = [*closed.left, *declared.left]
    assert [finished(both[:n], both[n]) for n in range(1, len(both))] == [0] * 6 + [6]


def test_an_auditor_refuses_a_batch_that_is_too_small_or_follows_from_nothing():
    story = given(*SITTING, *FIVE)
    before = story.history.copy()
    ending, *batch = story.when(CloseSession(S1)).left
    batch = [replace(entry, fact=replace(entry.fact, words=None)) for entry in batch]
    reenact([ending, *batch], before.copy())
    with pytest.raises(Unlawful, match="does not follow"):
        reenact([ending, *batch[:4]], before.copy())
    with pytest.raises(Unlawful, match="without an act"):
        reenact(batch, before.copy())
    with pytest.raises(Unlawful, match="its actor is not"):
        reenact([ending, replace(batch[0], actor=who("Tuya")), *batch[1:]], before.copy())


def test_the_words_that_wait_are_sealed_with_the_session_as_their_subject():
    closed = given(*SITTING, *FIVE).when(CloseSession(S1))
    assert all(isinstance(entry.fact.words, Personal) and entry.fact.words.about == S1 for entry in entered(closed))
