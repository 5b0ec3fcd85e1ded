"""The engine against an independent reading of domain.md, "Decision procedures", and the laws that it keeps.

The oracle (oracle.py) shares nothing with the engine. Ballots are random with a fixed seed; Hypothesis then looks for
the smallest disagreement.
"""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dialogue.procedure import POSITIONS, Evaluation, Held, Procedure, evaluate, fit, sentence
from oracle import oracle

# ------------------------------------------------------------------ from the oracle's words to the engine's


def person(seat: int) -> UUID:
    return UUID(int=seat + 1)


def asked(motion: dict[str, Any], seats: list[int], cards: list[tuple[int | None, str, int]]) -> Evaluation:
    quorum = motion["quorum"] if motion["how"] != "chair" else None
    return evaluate(
        Procedure(
            motion["how"],
            quorum=None if quorum is None else quorum[1] if quorum[0] == "count" else Fraction(*quorum[1:]),
            threshold=Fraction(*motion["over"]) if motion["how"] == "majority" else None,
            excluded=tuple(person(seat) for seat in motion["out"]) if motion["how"] == "consensus-minus" else (),
        ),
        [person(seat) for seat in seats],
        [Held(None if seat is None else person(seat), card, entry) for seat, card, entry in cards],  # type: ignore[arg-type]
        ruling=motion["ruled"] if motion["how"] == "chair" else None,
    )


def agree_on(motion: dict[str, Any], seats: list[int], cards: list[tuple[int | None, str, int]]) -> bool:
    expected, found = oracle(motion, seats, cards), asked(motion, seats, cards)
    got = {
        "adopted": found.reached,
        "blockers": set(found.blocked),
        "present": found.present,
        "quorum": found.quorum_needed,
        "read": set(found.counted),
    }
    assert got == expected, (motion, seats, cards)
    return found.reached


HOWS = ["consensus", "consensus-minus", "silence", "majority", "ballot", "chair"]


def random_ballot(dice: random.Random) -> tuple[dict[str, Any], list[int], list[tuple[int | None, str, int]]]:
    seats = list(range(dice.randint(0, 9)))
    strangers = [20, 21]
    # few objections in some rooms and many in others, so that both outcomes are common everywhere
    weights = [6, 2, dice.choice([0, 1, 6]), 1, dice.choice([1, 4]), 1, dice.choice([0, 0, 1, 8]), 1]
    entries = dice.sample(range(1, 400), 16)
    cards: list[tuple[int | None, str, int]] = [
        (seat, dice.choices(POSITIONS, weights)[0], entries.pop()) for seat in seats + strangers if dice.random() < 0.75
    ]
    cards += [
        (None, dice.choice(["object", *POSITIONS]), entries.pop()) for _ in range(dice.choice([0, 0, 0, 0, 1, 2]))
    ]
    dice.shuffle(cards)
    below = dice.randint(1, 6)
    share = (dice.randint(1, below), below)
    motion = {
        "how": dice.choice(HOWS),
        "quorum": dice.choice([None, ("count", dice.randint(1, 9)), ("share", *share)]),
        "over": dice.choice([(1, 2), (2, 3), (3, 4), (1, 1), (4, 7)]),
        "out": dice.sample(seats, dice.randint(0, min(2, len(seats)))),
        "ruled": dice.random() < 0.5,
    }
    return motion, seats, cards


def test_the_engine_and_the_oracle_agree_on_ten_thousand_random_ballots() -> None:
    dice = random.Random("ten thousand ballots")
    outcomes = {(how, outcome): 0 for how in HOWS for outcome in (True, False)}
    for _ in range(10_000):
        motion, seats, cards = random_ballot(dice)
        outcomes[motion["how"], agree_on(motion, seats, cards)] += 1
    assert sum(outcomes.values()) == 10_000
    assert min(outcomes.values()) >= 200, outcomes  # neither answer is rare under any procedure


shares = st.integers(1, 7).flatmap(lambda below: st.tuples(st.integers(1, below), st.just(below)))
rooms = st.integers(0, 7).map(lambda size: list(range(size)))
hands = st.dictionaries(st.integers(0, 8), st.sampled_from(POSITIONS), max_size=8)
unnamed_cards = st.lists(st.sampled_from(POSITIONS), max_size=2)


@st.composite
def motions(draw: st.DrawFn, hows: tuple[str, ...] = tuple(HOWS)) -> dict[str, Any]:
    return {
        "how": draw(st.sampled_from(hows)),
        "quorum": draw(
            st.none() | st.tuples(st.just("count"), st.integers(1, 8)) | shares.map(lambda share: ("share", *share))
        ),
        "over": draw(shares),
        "out": draw(st.lists(st.integers(0, 6), max_size=2, unique=True)),
        "ruled": draw(st.booleans()),
    }


def dealt(hand: dict[int, str], unnamed: list[str]) -> list[tuple[int | None, str, int]]:
    named: list[tuple[int | None, str]] = list(hand.items())
    return [(seat, card, entry) for entry, (seat, card) in enumerate([*named, *((None, card) for card in unnamed)], 1)]


@settings(deadline=None, max_examples=500)
@given(motions(), rooms, hands, unnamed_cards)
def test_the_engine_and_the_oracle_agree_on_whatever_hypothesis_finds(
    motion: dict[str, Any], seats: list[int], hand: dict[int, str], unnamed: list[str]
) -> None:
    agree_on(motion, seats, dealt(hand, unnamed))


# ------------------------------------------------------------------ laws

counting = motions(("consensus", "consensus-minus", "silence", "majority", "ballot"))
blockable = motions(("consensus", "consensus-minus", "silence", "ballot"))


@settings(deadline=None)
@given(blockable, rooms, hands, unnamed_cards)
def test_no_objection_can_be_added_to_anything_that_is_then_reached(
    motion: dict[str, Any], seats: list[int], hand: dict[int, str], unnamed: list[str]
) -> None:
    cards = dealt(hand, unnamed)
    objected = asked(motion, seats, [*cards, (None, "object", 99)])
    assert not objected.reached
    assert objected.reason == "objection"
    assert 99 in objected.blocked


@settings(deadline=None)
@given(counting, rooms, hands, unnamed_cards, st.integers(0, 8))
def test_turning_a_position_into_an_objection_never_helps(
    motion: dict[str, Any], seats: list[int], hand: dict[int, str], unnamed: list[str], seat: int
) -> None:
    # who comes back from a recusal changes the room itself, which is another matter
    assume(hand.get(seat, "recuse") != "recuse")
    before = asked(motion, seats, dealt(hand, unnamed))
    after = asked(motion, seats, dealt({**hand, seat: "object"}, unnamed))
    assert before.reached or not after.reached


@settings(deadline=None)
@given(motions(("majority",)), rooms, hands, unnamed_cards, st.integers(0, 8))
def test_a_new_objection_helps_a_majority_by_no_more_than_its_presence(
    motion: dict[str, Any], seats: list[int], hand: dict[int, str], unnamed: list[str], seat: int
) -> None:
    assume(seat not in hand)
    before = asked(motion, seats, dealt(hand, unnamed))
    after = asked(motion, seats, dealt({**hand, seat: "object"}, unnamed))
    assert before.reached or not after.reached or before.reason == "quorum"


@settings(deadline=None)
@given(counting, rooms, hands, unnamed_cards, st.integers(0, 8))
def test_one_more_agreement_never_hurts(
    motion: dict[str, Any], seats: list[int], hand: dict[int, str], unnamed: list[str], seat: int
) -> None:
    assume(hand.get(seat) != "recuse")
    before = asked(motion, seats, dealt(hand, unnamed))
    after = asked(motion, seats, dealt({**hand, seat: "agree"}, unnamed))
    assert after.reached or not before.reached


@settings(deadline=None)
@given(counting, rooms, hands, unnamed_cards)
def test_an_awaited_word_is_all_that_is_missing_exactly_when_the_reason_says_so(
    motion: dict[str, Any], seats: list[int], hand: dict[int, str], unnamed: list[str]
) -> None:
    now = asked(motion, seats, dealt(hand, unnamed))
    confirmed = asked(
        motion,
        seats,
        [
            (seat, "agree" if card == "agree-ad-referendum" else card, entry)
            for seat, card, entry in dealt(hand, unnamed)
        ],
    )
    assert confirmed.reached == (now.reached or now.reason == "awaiting")


@settings(deadline=None)
@given(counting, rooms, hands, unnamed_cards, st.randoms(use_true_random=False))
def test_neither_the_order_of_positions_nor_who_holds_them_changes_a_word(
    motion: dict[str, Any], seats: list[int], hand: dict[int, str], unnamed: list[str], dice: random.Random
) -> None:
    cards = dealt(hand, unnamed)
    shuffled = cards.copy()
    dice.shuffle(shuffled)
    found = asked(motion, seats, cards)
    assert asked(motion, seats, shuffled) == found

    # the same cards in other hands, the excluded keeping theirs
    free = [seat for seat in seats if seat not in motion["out"]]
    others = dict(zip(free, dice.sample(free, len(free)), strict=True))
    moved = [(others.get(seat, seat) if seat is not None else None, card, entry) for seat, card, entry in cards]
    swapped = asked(motion, seats, moved)
    assert replace(swapped, awaited=()) == replace(found, awaited=())
    assert sentence(swapped) == sentence(found)


@settings(deadline=None)
@given(counting, rooms, hands, unnamed_cards)
def test_positions_kept_without_their_holders_decide_the_same(
    motion: dict[str, Any], seats: list[int], hand: dict[int, str], unnamed: list[str]
) -> None:
    inside = {seat for seat in seats if motion["how"] != "consensus-minus" or seat not in motion["out"]}
    cards = [card for card in dealt(hand, unnamed) if card[0] is None or card[0] in inside]
    named = asked(motion, seats, cards)
    nameless = asked(motion, seats, [(None, card, entry) for _, card, entry in cards])
    assert replace(nameless, awaited=(), conveyed=0) == replace(named, awaited=(), conveyed=0)


@settings(deadline=None)
@given(counting, rooms, hands, unnamed_cards)
def test_strangers_and_the_excluded_leave_no_trace(
    motion: dict[str, Any], seats: list[int], hand: dict[int, str], unnamed: list[str]
) -> None:
    cards = dealt(hand, unnamed)
    gone = set(motion["out"]) if motion["how"] == "consensus-minus" else set()
    without = [card for card in cards if card[0] is None or (card[0] in seats and card[0] not in gone)]
    assert asked(motion, seats, cards) == asked(motion, seats, without)


@settings(deadline=None)
@given(motions(), rooms, hands, unnamed_cards)
def test_an_evaluation_adds_up_and_its_sentence_names_every_blocker_and_nobody(
    motion: dict[str, Any], seats: list[int], hand: dict[int, str], unnamed: list[str]
) -> None:
    # entries far apart, so that none is folded into a run "5 to 9"
    cards = [(seat, card, 1000 + 7 * entry) for seat, card, entry in dealt(hand, unnamed)]
    found = asked(motion, seats, cards)
    words = sentence(found)
    assert found.reached == (found.reason is None)
    assert sum(number for _, number in found.tally) == len(found.counted)
    assert [position for position, _ in found.tally] == list(POSITIONS)
    assert set(found.blocked) | set(found.pending) <= set(found.counted)
    assert found.present <= found.active <= found.entitled
    assert words.startswith("Reached by" if found.reached else "Not reached by")
    assert all(str(entry) in words for entry in (*found.counted, *found.blocked))
    assert not any(str(person(seat)) in words for seat in range(9))


@settings(deadline=None)
@given(motions(), rooms.filter(bool))
def test_what_fits_can_always_be_evaluated(motion: dict[str, Any], seats: list[int]) -> None:
    procedure = Procedure(
        motion["how"],
        threshold=Fraction(*motion["over"]) if motion["how"] == "majority" else None,
        excluded=(person(seats[0]),) if motion["how"] == "consensus-minus" else (),
    )
    entitled = [person(seat) for seat in [*seats, 9]]
    fit(procedure, entitled)
    assert evaluate(procedure, entitled, (), ruling=True if motion["how"] == "chair" else None).counted == ()
