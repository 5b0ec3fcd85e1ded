import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.brackets import Malformed, joints
from dialogue.compare import apply, compare, lay_out
from dialogue.merge import Conflicted, Merged, Place, merge
from dialogue.text import TEXT_LIMIT

BASE = (
    "The participating States shall keep channels of communication open.\n\n"
    "They shall notify each other of exercises near the border.\n\n"
    "各国は危機管理のための連絡体制を維持する。\n\n"
    "Стороны продолжают диалог о мерах доверия."
)
# Few different words, so that nearly everything is repeated: the worst a comparison can meet.
REPETITIVE = st.lists(st.sampled_from(["a", "b", "c", " ", " ", " ", ".", "\n\n", "和", "平"]), max_size=25).map(
    "".join
)


def merged(*sides):
    """The sides accepted one after another, each an amendment of BASE; None when one is in conflict."""
    base, text, *others = sides
    for side in others:
        outcome = merge(base, text, side)
        if isinstance(outcome, Conflicted):
            return None
        text = outcome.words
    return text


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "both"),
    [
        ("States shall keep it.", "States should keep it.", "States shall hold it.", "States should hold it."),
        ("near the border", "near any border", "along the border", "along any border"),
        ("they meet now and then", "they all meet now and then", "they meet now or then", "they all meet now or then"),
        ("they meet in the hall", "they meet", "we meet in the hall", "we meet"),
        (
            "危機管理の体制を維持する。",
            "危機の体制を維持する。",
            "危機管理の体制を強化する。",
            "危機の体制を強化する。",
        ),
        ("加强区域合作", "增强区域合作", "加强区域安全合作", "增强区域安全合作"),
        ("한반도의 평화", "동북아의 평화", "한반도의 안정", "동북아의 안정"),
        ("диалог о мерах", "обмен о мерах", "диалог о шагах", "обмен о шагах"),
        (
            "On peace.\n\nOn trust.",
            "On peace.\n\nNew.\n\nOn trust.",
            "On war!\n\nOn trust.",
            "On war!\n\nNew.\n\nOn trust.",
        ),
        (
            "On peace.\n\nOn trust.",
            "On peace.\n\nNew.\n\nOn trust.",
            "On peace.\n\nIn trust.",
            "On peace.\n\nNew.\n\nIn trust.",
        ),
        (
            "On peace.\n\nOn trust.",
            "On peace.\n\nOn trust.\n\n三。",
            "On peace.\n\nOn aid!",
            "On peace.\n\nOn aid!\n\n三。",
        ),
        (
            "On peace.\n\nOn trust.",
            "New.\n\nOn peace.\n\nOn trust.",
            "Of peace.\n\nOn trust.",
            "New.\n\nOf peace.\n\nOn trust.",
        ),
        (
            "On peace.\n\nOn trust.\n\n平和を。",
            "On peace.\n\n平和を。",
            "On peace!\n\nOn trust.\n\n友和を。",
            "On peace!\n\n友和を。",
        ),
        (
            "On peace.\n\nOn trust.\n\n平和を。",
            "On peace.\n\nOn trust.",
            "On peace.\n\nOn aid!\n\n平和を。",
            "On peace.\n\nOn aid!",
        ),
    ],
)
def test_changes_of_different_words_both_stand_whichever_comes_first(base, theirs, mine, both):
    assert merge(base, theirs, mine) == Merged(both)
    assert merge(base, mine, theirs) == Merged(both)


@pytest.mark.parametrize(
    ("theirs", "mine", "paragraph"),
    [
        (("shall keep", "should keep"), ("shall keep", "will keep"), 1),
        (("shall notify", "should notify"), ("shall notify", "will inform"), 2),
        (("near the border", "near any border"), ("the border", "that border"), 2),
        (("each other", "each other promptly"), ("each other", "each other fully"), 2),
        (("each other of", "each other promptly of"), ("of exercises", "about exercises"), 2),
        (("危機管理", "危機予防"), ("管理のため", "対応のため"), 3),
        (("各国は危機管理のための連絡体制を維持する。\n\n", ""), ("維持", "強化"), 3),
        (("open.\n\n", "open.\n\nOne more.\n\n"), ("open.\n\n", "open.\n\nAnother.\n\n"), 2),
        (("доверия.", "доверия.\n\nOne more."), ("доверия.", "доверия.\n\nAnother."), 4),
        (("border.\n\n各", "border. 各"), ("border.\n\n各", "border.\n各"), 2),
    ],
)
def test_changes_of_the_same_words_are_a_conflict_that_says_where(theirs, mine, paragraph):
    outcome = merge(BASE, BASE.replace(*theirs), BASE.replace(*mine))
    assert isinstance(outcome, Conflicted)
    (place,) = outcome.places
    assert place.paragraph == paragraph
    assert len({place.base, place.theirs, place.mine}) == 3
    exchanged = merge(BASE, BASE.replace(*mine), BASE.replace(*theirs))
    assert exchanged == Conflicted((Place(paragraph, place.base, place.mine, place.theirs),))


def test_a_conflict_shows_the_words_of_base_and_both_with_some_around_them():
    theirs, mine = BASE.replace("notify", "inform"), BASE.replace("notify", "tell")
    assert merge(BASE, theirs, mine) == Conflicted(
        (
            Place(
                2,
                base="They shall notify each other of exercises",
                theirs="They shall inform each other of exercises",
                mine="They shall tell each other of exercises",
            ),
        )
    )


def test_each_conflict_has_a_place_of_its_own():
    theirs = BASE.replace("keep", "maintain").replace("продолжают", "возобновляют").replace("border", "frontier")
    mine = BASE.replace("keep", "leave").replace("продолжают", "начинают")
    outcome = merge(BASE, theirs, mine)
    assert isinstance(outcome, Conflicted)
    assert [place.paragraph for place in outcome.places] == [1, 4]


def test_the_same_change_on_both_sides_is_made_once():
    both = BASE.replace("keep", "maintain")
    assert merge(BASE, both.replace("border", "frontier"), both) == Merged(both.replace("border", "frontier"))
    assert merge(BASE, both, both) == Merged(both)


def test_numbers_and_hyphenated_words_are_never_put_together_from_halves():
    assert isinstance(merge("Track 1.5", "Track 2.5", "Track 1.6"), Conflicted)
    assert isinstance(merge("the Asia-Pacific", "the Indo-Pacific", "the Asia-wide"), Conflicted)


def test_changes_that_together_read_like_another_are_a_conflict():
    # The first sentence goes on one side and comes in at the end on the other: is it gone, or moved?
    outcome = merge("We meet every year. Agreed.", "Agreed.", "We meet every year. Agreed. We meet every year.")
    assert isinstance(outcome, Conflicted)
    (place,) = outcome.places
    assert (place.theirs, place.mine) == ("Agreed.", "We meet every year. Agreed. We meet every year.")


@pytest.mark.parametrize(
    ("theirs", "mine", "both"),
    [
        ("we [a] b c d e", "we a b c [d / x] e", "we [a] b c [d / x] e"),
        ("we [a b c] d e", "we a [b / x] c d e", "we [a [b / x] c] d e"),
        ("we [a b c d] e", "we a b x d e", "we [a b x d] e"),
        ("we [a b] c d e", "we a [b c] d e", None),
        ("we [a b c d] e", "we a [b c d e]", None),
        ("we [a b c d] e", "we a / b c d e", None),
        ("we [a b c d] e", "we [a [b [c d]]] e", None),
        ("we [a \\[ b] c d e", "we a b c \\] d e", "we [a \\[ b] c \\] d e"),
        ("we [\u0301a b] c d e", "we a b c [d] e", "we [\u0301a b] c [d] e"),
    ],
)
def test_brackets_of_both_sides_stand_side_by_side_or_nested_and_never_crossed(theirs, mine, both):
    base = "we a b c d e"
    for one, other in ((theirs, mine), (mine, theirs)):
        outcome = merge(base, one, other)
        assert outcome == Merged(both) if both else isinstance(outcome, Conflicted)


def test_an_alternative_may_join_a_bracket_that_the_other_side_left_alone():
    base = "we [a / b] meet [c] often"
    assert merge(base, base.replace("b]", "b / x]"), base.replace("[c]", "c")) == Merged("we [a / b / x] meet c often")
    spaced = "we [a/b] meet"
    assert isinstance(merge(spaced, "we [a /b] meet", "we [a/ b] meet"), Conflicted)
    lifted, within = base.replace("[a / b]", "a"), base.replace("b]", "[b]]")
    assert isinstance(merge(base, lifted, within), Conflicted)


SIGNS = st.lists(
    st.sampled_from(["[", "]", " / ", "\\[", " ", "[\u0301"]) | st.sampled_from("abcdefgh").map("{} ".format)
).map("".join)


@given(SIGNS, SIGNS, SIGNS)
def test_the_brackets_of_a_merged_text_fit_together_where_those_of_both_sides_do(base, left, right):
    try:
        joints(left), joints(right)
    except Malformed:
        return
    outcome = merge(base, left, right)
    if isinstance(outcome, Merged):
        assert len(joints(outcome.words)) <= len(joints(left)) + len(joints(right))


@given(REPETITIVE, REPETITIVE)
def test_what_one_side_changed_is_taken_as_it_is(base, side):
    assert merge(base, side, base) == Merged(side)
    assert merge(base, base, side) == Merged(side)
    assert merge(base, side, side) == Merged(side)


@given(REPETITIVE, REPETITIVE)
def test_the_edits_between_two_texts_make_one_out_of_the_other(base, other):
    sheet = lay_out(base)
    assert apply(sheet, compare(base, other), 0, len(sheet.tokens)) == other


@given(REPETITIVE, REPETITIVE, REPETITIVE)
def test_exchanging_the_sides_exchanges_them_in_the_outcome(base, left, right):
    one, other = merge(base, left, right), merge(base, right, left)
    if isinstance(one, Conflicted):
        turned = [Place(place.paragraph, place.base, place.mine, place.theirs) for place in one.places]
        assert other == Conflicted(tuple(turned))
    else:
        assert other == one


@given(REPETITIVE, REPETITIVE, REPETITIVE)
def test_every_conflict_names_the_base_and_both_sides(base, left, right):
    outcome = merge(base, left, right)
    if isinstance(outcome, Conflicted):
        assert outcome.places
        for place in outcome.places:
            assert place.paragraph >= 1
            assert place.theirs != place.base != place.mine
            assert place.theirs != place.mine


@st.composite
def small_edits(draw, base):
    """A text a word or two away from the base."""
    words = list(lay_out(base).tokens)
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(words)))
        end = min(len(words), at + draw(st.integers(0, 2)))
        words[at:end] = draw(st.sampled_from([[], ["a"], ["x", " "], [" ", "y"], ["和"], ["x", ".", "\n\n"]]))
    return "".join(words)


@given(REPETITIVE, st.data())
def test_orders_that_merge_agree_even_where_all_words_are_repeated(base, data):
    sides = [data.draw(small_edits(base)) for _ in range(3)]
    assert len({merged(base, *order) for order in permutations(sides)} - {None}) <= 1


@st.composite
def apart(draw):
    """A base without repeated words, three amendments with unchanged words between any two edits, and all at once."""
    han = draw(st.booleans())
    blank = "" if han else " "
    count = draw(st.integers(6, 40))
    words = [chr(0x4E00 + n) if han else f"word{n}" for n in range(count)]
    breaks = draw(st.sets(st.integers(0, count - 2), max_size=4))
    gaps = ["\n\n" if n in breaks else blank for n in range(count - 1)] + [""]
    sides = [[word + gap for word, gap in zip(words, gaps, strict=True)] for _ in range(5)]
    base, *amendments, everything = sides
    for n in range(1, count - 1, 4):
        new = chr(0x5E00 + n) if han else f"new{n}"
        edited = draw(
            st.sampled_from(
                [
                    base[n],
                    new + gaps[n],
                    new + blank + base[n],
                    new + blank + new + gaps[n],
                    new + ".\n\n" + base[n] if n - 1 in breaks else base[n],
                    base[n] + new + "。\n\n" if n in breaks else base[n],
                    "" if n - 1 not in breaks and n not in breaks else base[n],
                    words[n] + ("." + gaps[n] if n in breaks else gaps[n]),
                ]
            )
        )
        amendments[draw(st.integers(0, 2))][n] = everything[n] = edited
    return tuple("".join(side) for side in (base, *amendments, everything))


@given(apart())
def test_amendments_that_do_not_overlap_give_one_text_in_whatever_order_they_are_accepted(texts):
    base, *amendments, everything = texts
    for order in permutations(amendments):
        assert merged(base, *order) == everything


def _hostile():
    chance = random.Random(1)
    han = [chr(0x4E00 + n) for n in range(20_000)]
    yield "all other words", ["".join(chance.choices(han, k=TEXT_LIMIT)) for _ in range(3)]
    yield "short paragraphs", ["\n\n".join(chance.choices("和平", k=TEXT_LIMIT // 3)) for _ in range(3)]
    yield "one sentence", ["a b. " * 20_000, "b " + "a b. " * 19_000, "a b. " * 9_000 + "a b. c " * 8_000]


@pytest.mark.parametrize(("texts"), [pytest.param(texts, id=name) for name, texts in _hostile()])
def test_the_longest_texts_with_little_in_common_end_in_a_conflict(texts):
    base, theirs, mine = texts
    outcome = merge(base, theirs, mine)
    assert isinstance(outcome, Conflicted)
    for place in outcome.places:
        assert place.theirs != place.base != place.mine


def test_small_changes_in_the_longest_text_are_merged():
    base = "\n\n".join(f"第{n}条、各国は協力する。" for n in range(5_000))
    assert len(base) < TEXT_LIMIT
    theirs, mine = base.replace("第1条、各国", "第1条、両国"), base.replace("4999条、各国は", "4999条、諸国は")
    assert merge(base, theirs, mine) == Merged(theirs.replace("4999条、各国は", "4999条、諸国は"))
