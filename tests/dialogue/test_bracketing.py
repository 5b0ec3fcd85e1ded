"""Bracketed text: alternatives with the participants who hold them (domain.md, rule 6)."""

import pytest

from dialogue.bracketing import BracketText, LiftBrackets
from dialogue.call import CallVoided
from dialogue.consensus import CallConsensus, DeclareOutcome
from dialogue.drafting import SubmitProposal
from dialogue.proposal import BracketsLifted, Holding, Proposal, TextBracketed
from spec import did, given, thing, who

P1, Q1 = thing("P1"), thing("Q1")
WORDS = "Open one hotline between the coast guards."
BRACKETED = "Open [one / two / ] hotline between the [coast guards / navies [and / or] customs]."
HELD = (Holding("one", (who("Tuya"),)), Holding("", (who("Pavel"), who("Seoyun"))), Holding("or", (who("Rin"),)))
SUBMITTED = did("Tuya", SubmitProposal("Hotlines", WORDS))
OPEN = (SUBMITTED, did("Rin", BracketText(P1, BRACKETED, HELD)))


def test_a_text_is_bracketed_with_those_who_hold_each_alternative_nested_and_empty_ones_too():
    bracketed = given(SUBMITTED).when(BracketText(P1, BRACKETED, HELD, "two views", 1))
    bracketed.then(TextBracketed, version=2, text=BRACKETED, holders=HELD, reason="two views").then_nothing()
    assert bracketed.find(Proposal, P1).holders == HELD
    bracketed.when(BracketText(P1, BRACKETED, HELD)).then_nothing()
    bracketed.when(BracketText(P1, BRACKETED, HELD[:1])).then_nothing()


def test_holders_stay_with_their_alternatives_when_more_is_bracketed():
    more = BRACKETED.replace("Open", "[Open / Keep]").replace("[one / two / ]", "[one / three]")
    seoyun, tuya = who("Seoyun"), who("Tuya")
    keep = Holding("Keep", (seoyun,))
    bracketed = given(*OPEN).when(BracketText(P1, more, (keep,)))
    bracketed.then(TextBracketed, holders=(HELD[0], HELD[2], keep))
    bracketed.when(BracketText(P1, more, (keep, HELD[2]))).then_nothing()
    freed = bracketed.when(BracketText(P1, more, (Holding("one", ()), Holding("Open", ()), Holding("or", (tuya,)))))
    freed.then(TextBracketed, holders=(keep, Holding("or", (tuya,))))
    freed.when(BracketText(P1, more)).then_nothing()
    freed.when(BracketText(P1, BRACKETED)).then(TextBracketed, holders=(Holding("or", (tuya,)),))
    lifted = given(*OPEN).when(LiftBrackets(P1, 1, 1))
    lifted.when(BracketText(P1, BRACKETED)).then(TextBracketed, holders=HELD[2:])


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (BracketText(P1, WORDS), "unfit", "no bracket"),
        (BracketText(P1, "Open [one hotline."), "brackets", "never closed"),
        (BracketText(P1, BRACKETED, (Holding("three", (who("Tuya"),)),)), "unfit", "no alternative that reads: three"),
        (BracketText(P1, BRACKETED, (Holding("one", (who("N99"),)),)), "unknown", "participant"),
        (BracketText(P1, BRACKETED, base=7), "outdated", "version 1"),
        (BracketText(thing("P9"), BRACKETED), "unknown", "proposal"),
    ],
)
def test_brackets_that_make_no_sense_are_refused(command, code, words):
    given(SUBMITTED).when(command).refused(code, words)


def test_a_long_alternative_of_several_paragraphs_is_held_word_for_word():
    long = "One.\n\n" + "word " * 200
    given(SUBMITTED).when(BracketText(P1, f"A [{long}/ B].", (Holding(long.removesuffix(" "), (who("Tuya"),)),))).then(
        TextBracketed
    )


def test_a_bracket_gives_way_to_an_alternative_or_to_new_words():
    lifted = given(*OPEN).when(LiftBrackets(P1, 1, 2, reason="agreed", base=2))
    lifted.then(BracketsLifted, version=3, bracket=1, alternative=2, text=BRACKETED.replace("[one / two / ]", "two"))
    second = lifted.when(LiftBrackets(P1, 1, words="services"))
    second.then(BracketsLifted, alternative=None, text="Open two hotline between the services.")
    nested = given(*OPEN).when(LiftBrackets(P1, 2, 2)).then(BracketsLifted).find(Proposal, P1)
    assert nested.versions.current == 3


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (LiftBrackets(P1), "unfit"),
        (LiftBrackets(P1, 1, 1, "both"), "unfit"),
        (LiftBrackets(P1, 3, 1), "brackets"),
        (LiftBrackets(P1, 0, 1), "brackets"),
        (LiftBrackets(P1, 1, 4), "brackets"),
        (LiftBrackets(P1, 1, 0), "brackets"),
        (LiftBrackets(P1, 1, words="a [b"), "brackets"),
        (LiftBrackets(P1, 1, words="a\x0bb"), "unfit"),
        (LiftBrackets(P1, 1, 1, base=1), "outdated"),
    ],
)
def test_what_cannot_be_lifted_is_refused(command, code):
    given(*OPEN).when(command).refused(code)


def test_a_single_option_is_taken_or_dropped():
    option = given(did("Tuya", SubmitProposal("T", "Meet [twice] a year.\n\n[Report once.]")))
    option.when(LiftBrackets(P1, 1, 1)).then(BracketsLifted, text="Meet twice a year.\n\n[Report once.]")
    option.when(LiftBrackets(P1, 1, words="")).then(BracketsLifted, text="Meet  a year.\n\n[Report once.]")
    option.when(LiftBrackets(P1, 2, words="")).then(BracketsLifted, text="Meet [twice] a year.")
    option.when(LiftBrackets(P1, 2, words="One.\r\nTwo.\r\n")).then(
        BracketsLifted, text="Meet [twice] a year.\n\nOne.\nTwo."
    )


def test_what_lifting_leads_to_is_a_text_like_any_other():
    accent = given(did("Tuya", SubmitProposal("T", "Cafe[\u0301 / ] [is open] \u0301")))
    accent.when(LiftBrackets(P1, 1, 1)).then(BracketsLifted, text="Café [is open] \u0301")
    accent.when(LiftBrackets(P1, 1, words="\u0301s")).refused("unfit", "accent")
    long = given(did("Tuya", SubmitProposal("T", "word " * 19_990 + "[a]")))
    long.when(LiftBrackets(P1, 1, words="b" * 1_000)).refused("unfit", "100,950 characters long")
    given(SUBMITTED).when(LiftBrackets(P1, 1, 1)).refused("brackets", "No bracket is open in this text")


def test_nothing_is_left_of_no_text():
    all_or_nothing = did("Tuya", SubmitProposal("T", "[All / ]"))
    given(all_or_nothing).when(LiftBrackets(P1, 1, 2)).refused("unfit", "withdraw the proposal")


def test_adoption_waits_until_every_bracket_is_lifted():
    story = given(*OPEN)
    story.when(CallConsensus(proposal=P1)).refused("brackets", "[one / two / ]", "lift them first")
    first = story.when(LiftBrackets(P1, 2, 1)).then(BracketsLifted)
    first.when(CallConsensus(proposal=P1)).refused("brackets", "[one / two / ]")
    first.when(LiftBrackets(P1, 1, 1)).when(CallConsensus(proposal=P1)).then_accepted()


def test_brackets_void_a_call_and_an_adopted_text_takes_none():
    story = given(SUBMITTED, did("Rin", CallConsensus(proposal=P1)))
    story.when(BracketText(P1, BRACKETED)).then(TextBracketed).then(CallVoided, call="Q1").then_nothing()
    given(SUBMITTED, did("Rin", CallConsensus(proposal=P1)), did("Rin", DeclareOutcome(Q1))).when(
        BracketText(P1, BRACKETED)
    ).refused("decided")
