from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dialogue.anchor import Quotation, anchor, follow, locate
from dialogue.text import Unfit

TEXT = (
    "The participating States shall keep channels of communication open at all times.\n\n"
    "The participating States shall notify each other of exercises near the border.\n\n"
    "各国は危機管理のための連絡体制を維持し、地域の信頼醸成に努めるものとする。"
)
FEW_WORDS = st.lists(st.sampled_from(["ab", "c", " ", "和", "平", "\n\n"]), max_size=60).map("".join)


def where(words, exact):
    start = words.index(exact)
    return start, start + len(exact)


def test_a_quotation_remembers_what_stands_on_both_sides():
    assert anchor(TEXT, "信頼醸成") == Quotation(
        "信頼醸成", "border.\n\n各国は危機管理のための連絡体制を維持し、地域の", "に努めるものとする。"
    )


def test_words_that_are_not_there_cannot_be_quoted():
    with pytest.raises(Unfit, match="does not stand in this text; quote it exactly"):
        anchor(TEXT, "should keep")
    with pytest.raises(Unfit, match="quote the words"):
        anchor(TEXT, " ")
    with pytest.raises(Unfit, match="does not stand"):
        anchor(TEXT, "notify", before="should ")


def test_words_that_stand_twice_need_what_is_beside_them():
    with pytest.raises(Unfit, match="“States shall” stands 2 times"):
        anchor(TEXT, "States shall")
    second = anchor(TEXT, "States shall", after=" notify")
    assert locate(TEXT, second) == (TEXT.rindex("States shall"), TEXT.rindex("States shall") + 12)


def test_words_that_overlap_themselves_are_counted_at_each_place():
    with pytest.raises(Unfit, match="2 times"):
        anchor("和平和平和", "和平和")


def test_more_is_remembered_where_more_was_needed():
    words = "first: " + "same " * 20 + "word. second: " + "same " * 20 + "word."
    quotation = anchor(words, "word", before="second: " + "same " * 20)
    assert locate(words, quotation) == (words.rindex("word"), words.rindex("word") + 4)
    with pytest.raises(Unfit, match="longer than 500"):
        anchor(words, "word", before="x" * 501)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The participating States shall keep", "New opening words.\n\nThe participating States shall keep"),
        ("at all times", "always"),
        ("of exercises", "in good time of all exercises"),
        ("notify", "inform"),
        ("notify each other of", "inform each other about"),
    ],
)
def test_a_quotation_follows_its_words_when_others_change(old, new):
    moved = TEXT.replace(old, new)
    assert moved != TEXT
    assert follow(TEXT, moved, anchor(TEXT, "each other")) == where(moved, "each other")


def test_a_long_quotation_follows_its_paragraph_anywhere():
    first, second, third = TEXT.split("\n\n")
    moved = f"{second}\n\nSomething new.\n\n{third}\n\n{first}"
    assert follow(TEXT, moved, anchor(TEXT, first)) == where(moved, first)


def test_quoted_words_that_were_changed_are_orphaned():
    assert follow(TEXT, TEXT.replace("危機管理", "危機対応"), anchor(TEXT, "危機管理")) is None


def test_a_quotation_does_not_jump_to_the_same_words_elsewhere():
    _, second, third = TEXT.split("\n\n")
    quotation = anchor(TEXT, "shall", after=" keep")
    for moved in (f"{third}\n\n{second}", TEXT.replace("shall keep", "will keep"), "What shall be, shall be."):
        assert follow(TEXT, moved, quotation) is None
        assert locate(moved, quotation) is None


def test_a_quotation_of_a_repeated_passage_is_orphaned_when_context_cannot_tell():
    quotation = anchor(TEXT, "exercises")
    assert follow(TEXT, f"{TEXT}\n\n{TEXT}", quotation) is None


def test_context_tells_the_place_among_several_that_hold_the_words():
    quotation = anchor(TEXT, "shall", after=" notify")
    moved = TEXT.replace("notify each other of exercises", "notify all others of exercises")
    assert follow(TEXT, moved, quotation) == (moved.rindex("shall"), moved.rindex("shall") + 5)


def test_a_short_quotation_follows_though_the_words_right_beside_it_change():
    old = "第一条\n\nSecond paragraph, with two lines."
    moved = old.replace("two", "three")
    assert follow(old, moved, anchor(old, "lines")) == where(moved, "lines")
    han = "各国は危機管理のための連絡体制を維持する。"
    moved = han.replace("維持", "強化").replace("ための", "")
    assert follow(han, moved, anchor(han, "連絡体制")) == where(moved, "連絡体制")


@given(st.sampled_from([" ", "\n\n"]), st.permutations(range(6)), st.permutations(range(6)), st.data())
def test_a_quotation_is_never_found_in_another_sentence_of_the_same_mould(blank, numbers, order, data):
    """Sentences go and change places; what was said on one is shown beside that one, or orphaned."""
    ends = ["lines open", "posts manned", "boats ready", "all crews trained", "a list of names", "peace"]
    sentences = [f"All of the participating States shall keep {end} at all times." for end in ends]
    numbers = numbers[: data.draw(st.integers(1, 6))]
    later = [n for n in order if n in numbers][: data.draw(st.integers(1, 6))]
    old, new = (blank.join(sentences[n] for n in each) for each in (numbers, later))
    chosen = data.draw(st.sampled_from(numbers))
    start = old.index(sentences[chosen]) + sentences[0].index("shall keep")
    quotation = anchor(old, "shall keep", before=old[max(0, start - 500) : start], after=old[start + 10 :][:500])
    quotation = replace(quotation, before=quotation.before[-32:], after=quotation.after[:32])
    place = follow(old, new, quotation)
    assert place is None or new[place[1] :].startswith(f" {ends[chosen]} ")
    come = blank.join(sentences[n] for n in order)
    if [n for n in order if n in numbers] == numbers:
        assert follow(old, come, quotation) is not None, "only others came in"


@given(FEW_WORDS, st.data())
def test_what_is_quoted_is_found_where_it_was_quoted(words, data):
    assume(words.strip())
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    assume(words[start:end].strip())
    quotation = anchor(words, words[start:end], before=words[:start], after=words[end:])
    assert locate(words, quotation) == (start, end)
    assert words.endswith(quotation.before, 0, start)
    assert words.startswith(quotation.after, end)


@given(FEW_WORDS, FEW_WORDS, FEW_WORDS, FEW_WORDS)
def test_what_is_found_is_always_the_very_words(words, exact, before, after):
    place = locate(words, Quotation(exact, before, after))
    assert place is None or words[slice(*place)] == exact


@given(FEW_WORDS, st.integers(0, 30), st.text("xyz信", min_size=1, max_size=80))
def test_words_put_in_far_away_do_not_lose_a_quotation(words, cut, more):
    before, exact, after = "in the first place ", "mutual trust", " among all the parties concerned"
    opening, ending = words[:cut], words[cut:]
    quotation = anchor(opening + before + exact + after + ending, exact)
    for moved in (
        more + opening + before + exact + after + ending,
        opening + before + exact + after + ending + more,
    ):
        assert locate(moved, quotation) == where(moved, exact)
