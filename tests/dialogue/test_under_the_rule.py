"""Sessions under the Chatham House Rule: what is said waits, and enters the record without its speaker.

domain.md, "Who may learn what"; design.md, "Under the Chatham House Rule".
"""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest

from dialogue.amendment import ProposeAmendment
from dialogue.archive import WHOLE
from dialogue.asked import Unlawful
from dialogue.call import (
    Call,
    ConsensusCalled,
    ConsensusNotReached,
    ConsensusReached,
    ObjectionConveyed,
    PositionsEntered,
    PositionTaken,
    unnamed_from,
    unnamed_words,
)
from dialogue.comment import CommentMade, CommentRetracted, MakeComment, NameSpeaker, RetractComment, SpeakerNamed
from dialogue.consensus import CallConsensus, DeclareOutcome, ObjectThroughChair, TakePosition, WithdrawPosition
from dialogue.drafting import SubmitProposal
from dialogue.envelope import to_leaf
from dialogue.fact import Personal
from dialogue.joint import ActAssented, ActProposed, AssentToAct
from dialogue.mandate import ConcludeDialogue, DialogueConcluded
from dialogue.meeting import CloseSession, OpenSession, PlanMeeting, SessionClosed
from dialogue.outcome import tallied, unnamed
from dialogue.procedure import Procedure
from dialogue.proposal import ProposalSubmitted
from dialogue.reenact import bare, finished, reenact
from dialogue.speaking import BY_THE_ENTITLED, CONVEYED, size
from dialogue.text import PROSE_LIMIT
from dialogue.vault import seal, seal_entry
from dialogue.withheld import UNKNOWN_YET
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


CALLED = given(*BALLOT).find(Call, Q1)


def entered(outcome):
    return [entry for entry in outcome.left if entry.fact.unattributed]


def entered_in(outcome):
    """The positions that entered the record, without their holders."""
    [entry] = [entry for entry in outcome.left if isinstance(entry.fact, PositionsEntered)]
    return unnamed_from(entry.fact.positions.value)


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
        sealed, [words] = seal_entry(entry, None, lambda: bytes(16))
        assert words.about == S1
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
    first, second = entered_in(declared)
    assert {first.name, second.name} == {"agree", "stand-aside"}
    assert first.position < second.position
    declared.then(PositionsEntered).then(ConsensusReached, explanation=None).then_nothing()


def test_the_entries_of_a_call_under_the_rule_count_nothing():
    """They are as many and as long, but for their digests, whoever took a position and however many did."""
    shapes = set()
    for names in ((), ("Tuya",), ("Tuya", "Pavel", "Seoyun")):
        story = given(*BALLOT, *(did(name, TakePosition(Q1, "agree", "As I said.")) for name in names), waited(1))
        declared = story.when(DeclareOutcome(Q1))
        leaves = []
        for entry in declared.left:
            sealed, seals = seal_entry(entry, None, lambda: bytes(16))
            leaf = to_leaf(sealed)
            for one in seals:
                assert one.about == S1
                leaf = leaf.replace(one.digest.encode(), b"digest")
            leaves.append(leaf)
        shapes.add(tuple(leaves))
    assert len(shapes) == 1


def test_an_objection_through_the_chair_is_held_with_the_rest_and_told_from_them_by_whoever_may_open_them():
    story = given(*BALLOT, did("Tuya", TakePosition(Q1, "object", "Too dear.")), did("Rin", TakePosition(Q1, "agree")))
    chaired = story.when(ObjectThroughChair(Q1, "Somebody minds.")).then_nothing()
    chaired = chaired.when(ObjectThroughChair(Q1, "And another."), by="Maral").then_nothing()
    declared = chaired.when(DeclareOutcome(Q1))
    found = entered_in(declared)
    assert sorted((one.name, one.conveyed) for one in found) == [
        ("agree", False), ("object", False), ("object", True), ("object", True),
    ]  # fmt: skip
    tally = tallied(Procedure(), CALLED.entitled, found, 12)
    assert (tally.conveyed, tally.reason, tally.counted, tally.blocked) == (2, "objection", (12,), (12,))
    assert dict(tally.tally)["object"] == 3
    declared.then(PositionsEntered).then(ConsensusNotReached).then_nothing()


def test_an_objection_through_the_chair_keeps_its_rules_under_the_rule():
    story = given(*BALLOT)
    story.when(ObjectThroughChair(Q1)).refused("no-reason")
    story.when(ObjectThroughChair(Q1, "Somebody minds."), by="Tuya").refused("role")
    declared = story.when(DeclareOutcome(Q1)).then(PositionsEntered).then(ConsensusReached)
    declared.when(ObjectThroughChair(Q1, "Somebody minds.")).refused("closed")


def test_the_outcome_and_the_record_are_the_same_whoever_holds_which_position():
    outcomes = set()
    for names in permutations(("Tuya", "Pavel", "Seoyun")):
        positions = zip(names, ("agree", "abstain", "stand-aside"), strict=True)
        story = given(*BALLOT, *(did(name, TakePosition(Q1, position)) for name, position in positions))
        outcomes.add(tuple(story.when(DeclareOutcome(Q1)).entries[-2:]))
    assert len(outcomes) == 1


def test_the_excluded_are_not_counted_under_the_rule():
    call = CallConsensus(proposal=P1, session=S1, procedure=Procedure("consensus-minus", excluded=(who("Pavel"),)))
    story = given(*SITTING, did("Rin", call), did("Pavel", TakePosition(Q1, "object", "No.")))
    declared = story.when(DeclareOutcome(Q1))
    assert entered_in(declared) == ()
    declared.then(PositionsEntered).then(ConsensusReached).then_nothing()


def test_several_co_chairs_declare_together_what_was_held_under_the_rule():
    story = given(*BALLOT, did("Tuya", TakePosition(Q1, "agree")), chairs="all")
    proposed = story.when(DeclareOutcome(Q1)).then(ActProposed).then_nothing()
    declared = proposed.when(AssentToAct(thing("J1")), by="Maral")
    declared.then(ActAssented).then(PositionsEntered).then(ConsensusReached).then_nothing()


def test_a_position_under_the_rule_keeps_the_rules_of_any_position():
    story = given(*BALLOT)
    story.when(TakePosition(Q1, "object"), by="Tuya").refused("no-reason")
    story.when(TakePosition(Q1, "agree"), by="Steering").refused("not-entitled")
    story.when(WithdrawPosition(Q1), by="Tuya").refused("unknown")
    declared = story.when(DeclareOutcome(Q1)).then(PositionsEntered).then(ConsensusReached)
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
    assert [finished(both[:n], both[n]) for n in range(1, len(both))] == [False] * 5 + [True, False]


def test_a_position_is_refused_while_its_reason_can_still_be_shortened_not_when_all_are_too_long_to_be_exported():
    """All reasons stand in one line of an export, which may have 16 MiB (archive.py)."""
    entitled = len(CALLED.entitled)
    longest = BY_THE_ENTITLED // entitled // 2
    story = given(*BALLOT)
    worst = "\U0001f30a" * PROSE_LIMIT  # four bytes each, and no character takes more, escaped or not
    story = story.when(TakePosition(Q1, "object", worst), by="Tuya").then_nothing()
    many = TakePosition(Q1, "agree-dissociating", paragraphs=(1,) * longest)  # ", 1" takes three bytes
    refused = story.when(many, by="Pavel")
    refused.refused("too-long", f"{entitled} entitled", "make it shorter")
    assert not any(one.by == who("Pavel") for one in refused.history.withheld())
    few = replace(many, paragraphs=(1,) * (longest // 2))
    story.when(few, by="Pavel").then_nothing()


def test_objections_through_the_chair_are_refused_when_they_no_longer_fit_into_an_export():
    story = given(*BALLOT)
    worst = "\\" * PROSE_LIMIT  # four bytes each, being escaped twice
    fitting = CONVEYED // (4 * PROSE_LIMIT + 200)
    for _ in range(fitting):
        story = story.when(ObjectThroughChair(Q1, worst), by="Rin").then_nothing()
    story.when(ObjectThroughChair(Q1, worst), by="Rin").refused("too-long", "make it shorter")
    ended = story.when(TakePosition(Q1, "agree"), by="Rin").when(DeclareOutcome(Q1))
    assert len(entered_in(ended)) == fitting + 1


@pytest.mark.parametrize("character", ["\U0001f30a", "\\", '"', "\n", "語", "é", "e"])
def test_all_positions_that_are_taken_fit_into_one_line_of_an_export(character):
    taken = PositionTaken(UNKNOWN_YET, Q1, "agree-dissociating", None, character * 300, (1, 20, 300))
    facts = [taken, ObjectionConveyed(Q1, character * 200)] * 3
    words = unnamed_words([unnamed(thing(f"P{n}"), fact) for n, fact in enumerate(facts)])
    disclosure = seal("positions", Personal(words, S1), bytes(16)).disclosure
    assert len(disclosure) <= sum(map(size, facts)) * 4 / 3 + 100
    line = {"disclosure": "", "entry": 2**53}
    assert (BY_THE_ENTITLED + CONVEYED) * 4 / 3 + 100 + len(json.dumps(line)) < WHOLE


def test_an_auditor_without_the_positions_puts_everything_but_the_tally_to_the_rules():
    for name, verdict in (("agree", ConsensusReached), ("object", ConsensusNotReached)):
        for procedure in (Procedure(), Procedure("majority", threshold=Fraction(1, 2)), Procedure("ballot")):
            call = did("Rin", CallConsensus(proposal=P1, session=S1, procedure=procedure))
            story = given(*SITTING, call, did("Tuya", TakePosition(Q1, name, "As I said.")), waited(1))
            declared = story.when(DeclareOutcome(Q1))  # which the spec has done again, sealed and opened
            assert type(declared.left[-1].fact) is (verdict if procedure.name != "ballot" else ConsensusNotReached)
    story = given(*BALLOT, did("Tuya", TakePosition(Q1, "object", "No.")))
    before = story.history.copy()
    entries = [bare(one) for one in story.when(DeclareOutcome(Q1)).left]
    reenact(entries, before.copy())
    with pytest.raises(Unlawful, match="without an outcome"):
        reenact(entries[:1], before.copy())
    with pytest.raises(Unlawful, match="PositionsEntered"):
        reenact([replace(entries[1], number=entries[0].number)], before.copy())


def test_an_auditor_to_whom_the_positions_are_disclosed_evaluates_them_again():
    story = given(*BALLOT, did("Tuya", TakePosition(Q1, "object", "No.")), did("Pavel", TakePosition(Q1, "agree")))
    before = story.history.copy()
    entered, outcome = story.when(DeclareOutcome(Q1)).left
    shown = unnamed_from(entered.fact.positions.value)
    others = {
        "ConsensusReached stands|ConsensusNotReached stands": tuple(one for one in shown if one.name == "agree"),
        "not as the rules let them enter": shown[::-1],
        "more positions": shown * 9,
    }
    reenact([entered, outcome], before.copy())
    for why, positions in others.items():
        lie = replace(entered, fact=replace(entered.fact, positions=Personal(unnamed_words(positions))))
        with pytest.raises(Unlawful, match=why):
            reenact([lie, outcome], before.copy())
    nonsense = replace(entered, fact=replace(entered.fact, positions=Personal("{}")))
    with pytest.raises(Unlawful, match="could not be recorded"):
        reenact([nonsense, outcome], before.copy())


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
