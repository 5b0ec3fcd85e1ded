"""Comparing two wordings: exact in both directions, and marked up as a person would mark it."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.alignment import align, tokens
from projections.compare import Change, as_data, compare, marked_up_plain

# Few letters in several scripts, so that drawn texts share words, break lines and fall apart in many ways.
TEXTS = st.text(st.sampled_from("ab. ,\n[]-北京的。カ한국 яё\u0301é'&<"), max_size=60)


@given(TEXTS)
def test_the_tokens_of_a_text_joined_are_the_text(words: str) -> None:
    assert "".join(tokens(words)) == words
    assert all(tokens(words))


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_off_the_changes(old: str, new: str) -> None:
    changes = compare(old, new)
    assert "".join(change.words for change in changes if change.kind != "inserted") == old
    assert "".join(change.words for change in changes if change.kind != "deleted") == new


@given(TEXTS, TEXTS)
def test_no_change_is_empty_and_deletions_stand_before_insertions(old: str, new: str) -> None:
    kinds = [change.kind for change in compare(old, new)]
    assert all(change.words for change in compare(old, new))
    assert ("inserted", "deleted") not in list(pairwise(kinds))
    assert all(kind != following for kind, following in pairwise(kinds))


@given(TEXTS)
def test_a_text_is_the_same_as_itself(words: str) -> None:
    assert compare(words, words) == ((Change("same", words),) if words else ())


@given(TEXTS, TEXTS)
def test_what_is_aligned_reads_the_same_on_both_sides(old: str, new: str) -> None:
    left, right = tokens(old), tokens(new)
    runs = align(left, right)
    for run in runs:
        assert left[run.old : run.end_old] == right[run.new : run.end_new]
    for run, following in pairwise(runs):
        assert run.end_old <= following.old
        assert run.end_new <= following.new
    assert (runs[-1].end_old, runs[-1].end_new) == (len(left), len(right))


@pytest.mark.parametrize(
    ("old", "new", "marked_up"),
    [
        (
            "The parties should consider all options.",
            "The parties must consider many options.",
            "The parties [-should-]{+must+} consider [-all-]{+many+} options.",
        ),
        ("the old cat sat", "the cat sat", "the [-old -]cat sat"),
        ("the cat", "the cat sat", "the cat{+ sat+}"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("", "", ""),
        ("每年举行对话。", "每两年举行会谈。", "每{+两+}年举行[-对话-]{+会谈+}。"),
        ("毎年開催する。", "隔年開催する。", "[-毎-]{+隔+}年開催する。"),
        ("한국어 문장이 있다.", "한국어 문장은 있다.", "한국어 [-문장이-]{+문장은+} 있다."),
        (
            "Стороны должны встретиться.",
            "Стороны могут встретиться.",
            "Стороны [-должны-]{+могут+} встретиться.",
        ),
    ],
)
def test_words_are_marked_and_characters_in_chinese_and_japanese(old: str, new: str, marked_up: str) -> None:
    assert marked_up_plain(compare(old, new)) == marked_up


def test_a_word_that_stays_by_chance_between_rewritten_ones_is_marked_with_them() -> None:
    old = "States of the region hold talks of experts yearly"
    new = "Parties to a dialogue convene panels of officials often"
    assert marked_up_plain(compare(old, new)) == f"[-{old}-]{{+{new}+}}"


def test_a_sentence_between_two_rewritten_paragraphs_is_not_marked() -> None:
    stays = "The co-chairs will report to the committee before the end of May."
    changes = compare(f"{'old words ' * 20}\n{stays}\n{'gone ' * 40}", f"{'a new text ' * 20}\n{stays}\n{'come ' * 40}")
    assert any(change.kind == "same" and stays in change.words for change in changes)


@pytest.mark.parametrize(
    ("old", "new", "marked_up"),
    [
        ("A first. A third.", "A first. A second. A third.", "A first. {+A second. +}A third."),
        ("A first. A second. A third.", "A first. A third.", "A first. [-A second. -]A third."),
        ("第一句。第三句。", "第一句。第二句。第三句。", "第一句。{+第二句。+}第三句。"),
        ("* one\n* three", "* one\n* two\n* three", "* one\n{+* two\n+}* three"),
    ],
)
def test_a_new_sentence_is_marked_from_its_beginning_to_its_end(old: str, new: str, marked_up: str) -> None:
    assert marked_up_plain(compare(old, new)) == marked_up


def test_braces_in_the_words_are_left_alone() -> None:
    assert marked_up_plain(compare("{0} a", "{0} {b}")) == "{0} [-a-]{+{b}+}"


def test_changes_are_plain_data_for_other_programs() -> None:
    assert as_data(compare("old text", "new text")) == [
        {"kind": "deleted", "words": "old"},
        {"kind": "inserted", "words": "new"},
        {"kind": "same", "words": " text"},
    ]


HAN = [chr(code) for code in range(0x4E00, 0x9C00)]
HOSTILE = {
    "nothing in common but characters": tuple("".join(random.Random(n).choices(HAN, k=100_000)) for n in (1, 2)),
    "two characters, shuffled": tuple("".join(random.Random(n).choices("的是", k=100_000)) for n in (1, 2)),
    "one character": ("的" * 100_000, "的" * 99_999),
    "one word": ("a" * 100_000, "b" * 100_000),
    "brackets the wrong way round": ("[]" * 50_000, "][" * 50_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_texts_of_a_hundred_thousand_characters_are_compared_exactly(name: str) -> None:
    old, new = HOSTILE[name]
    changes = compare(old, new)
    assert "".join(change.words for change in changes if change.kind != "inserted") == old
    assert "".join(change.words for change in changes if change.kind != "deleted") == new


def test_a_long_text_with_one_change_shows_only_that() -> None:
    old = "".join(random.Random(1).choices(HAN, k=60_000))
    new = old[:30_000] + "新" + old[30_000:]
    assert [change for change in compare(old, new) if change.kind != "same"] == [Change("inserted", "新")]


def test_a_long_text_with_two_halves_swapped_shows_one_half_moved() -> None:
    old = "".join(random.Random(1).choices(HAN, k=18_000))
    changes = compare(old, old[9_000:] + old[:9_000])
    assert sum(len(change.words) for change in changes if change.kind == "same") == 9_000
