import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.text import PROSE_LIMIT, TEXT_LIMIT, Unfit, digest, excerpt, line, paragraphs, prose, tokens

ANY_WORDS = st.text(st.sampled_from("ab1 \t\n'-.,/[]加強。ガ한국мир\u0301\u200d’–") | st.characters(codec="utf-8"))


def test_words_in_any_script_are_kept_as_they_are():
    words = "\tДоверие, 信頼, 신뢰, итгэлцэл  and “trust”.\n\n  (second paragraph)"
    assert prose(words) == words


def test_words_are_composed_and_lines_ended_alike_and_no_line_is_left_empty_at_the_end():
    assert prose("re\u0301sume\u0301\r\nline\rline\r\n\r\n") == "résumé\nline\nline"


@pytest.mark.parametrize("blank", ["", " ", "\n\n", "\t \u3000", "\u200b", "\ufeff \u2060"])
def test_blank_words_are_refused(blank):
    with pytest.raises(Unfit, match="write some words"):
        prose(blank)
    with pytest.raises(Unfit, match="write some words"):
        line(blank)


@pytest.mark.parametrize(
    ("character", "named"),
    [
        ("\0", "U+0000"), ("\x07", "U+0007"), ("\x0b", "U+000B"), ("\x0c", "U+000C"), ("\x7f", "U+007F"),
        ("\x85", "U+0085"), ("\x9f", "U+009F"), ("\u2028", "U+2028"), ("\u2029", "U+2029"),
        ("\u202a", "U+202A"), ("\u202e", "U+202E"), ("\u2066", "U+2066"), ("\u2069", "U+2069"),
        ("\ud800", "U+D800"), ("\udfff", "U+DFFF"), ("\ufdd0", "U+FDD0"), ("\ufdef", "U+FDEF"),
        ("\ufffe", "U+FFFE"), ("\uffff", "U+FFFF"), ("\U0001fffe", "U+1FFFE"), ("\U0010ffff", "U+10FFFF"),
    ],
)  # fmt: skip
def test_what_nobody_can_read_is_refused_with_its_place(character, named):
    for tidy in (prose, line, excerpt):
        with pytest.raises(Unfit, match=r"Character 3 \(" + named.replace("+", r"\+")):
            tidy(f"ab{character}cd")


@pytest.mark.parametrize("character", ["\u2027", "\u202f", "\u2065", "\u206a", "\ufdcf", "\ufdf0", "\ufffd", "\u200f"])
def test_the_neighbours_of_what_is_refused_are_taken(character):
    assert prose(f"ab{character}cd") == f"ab{character}cd"


def test_a_text_of_the_greatest_length_is_taken_and_one_character_more_is_refused():
    assert len(prose("字" * TEXT_LIMIT)) == TEXT_LIMIT
    with pytest.raises(Unfit, match="100,001 characters long and 100,000 are allowed"):
        prose("字" * (TEXT_LIMIT + 1))
    with pytest.raises(Unfit, match="shorten it"):
        prose("字" * (PROSE_LIMIT + 1), limit=PROSE_LIMIT)
    assert line("x" * 500) == "x" * 500
    with pytest.raises(Unfit, match="501 characters"):
        line("x" * 501)


def test_words_within_a_text_keep_their_blanks_and_may_be_nothing():
    assert excerpt(" re\u0301sume\u0301\r\n ") == " résumé\n "
    assert excerpt("") == ""
    with pytest.raises(Unfit, match="10,001 characters long"):
        excerpt(" " * (PROSE_LIMIT + 1))
    with pytest.raises(Unfit, match=r"U\+000B"):
        excerpt("\x0b")


def test_the_limit_counts_composed_characters():
    assert prose("\u03b1\u0313\u0300\u0345" * 5, limit=5) == "ᾂ" * 5
    assert prose("\r\n".join("abc"), limit=5) == "a\nb\nc"


def test_a_pile_of_accents_is_refused():
    assert prose("a" + "\u0301" * 30)
    with pytest.raises(Unfit, match="accents"):
        prose("a" + "\u0300\u0327" * 150_000)


def test_a_line_is_stripped_at_both_ends_and_has_no_break():
    assert line(" \u3000広島会合\n") == "広島会合"
    for broken in ("a\nb", "a\tb", "a\r\nb"):
        with pytest.raises(Unfit, match="in one line"):
            line(broken)


@given(ANY_WORDS)
def test_tidying_twice_is_tidying_once(words):
    for tidy in (prose, line, excerpt):
        try:
            once = tidy(words)
        except Unfit:
            continue
        assert tidy(once) == once
        assert unicodedata.is_normalized("NFC", once)


def test_the_digest_is_that_of_the_utf8_bytes():
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, B.1
    assert digest("平和") == hashlib.sha256(b"\xe5\xb9\xb3\xe5\x92\x8c").hexdigest()


def test_blank_lines_divide_paragraphs_and_belong_to_the_one_before_them():
    assert paragraphs("\n\none\nstill one\n \t\n\n  two\n\n") == ("\n\none\nstill one\n \t\n\n", "  two\n\n")
    assert paragraphs("平和。\n\n協力。") == ("平和。\n\n", "協力。")
    assert paragraphs("one") == ("one",)
    assert paragraphs("") == ()


@pytest.mark.parametrize(
    ("words", "split"),
    [
        ("Track 1.5, in 2021–22.", ["Track", " ", "1.5", ",", " ", "in", " ", "2021–22", "."]),
        ("the region’s 'eco-system'", ["the", " ", "region’s", " ", "'", "eco-system", "'"]),
        ("加强合作，2024年", ["加", "强", "合", "作", "，", "2024", "年"]),
        ("信頼をガイド", ["信", "頼", "を", "ガ", "イ", "ド"]),
        ("한반도의 평화", ["한반도의", " ", "평화"]),
        ("за\u0301мок и мир!", ["за\u0301мок", " ", "и", " ", "мир", "!"]),
        ("葛\U000e0100城", ["葛\U000e0100", "城"]),
        ("one  two\n\n\n three", ["one", "  ", "two", "\n\n\n", " ", "three"]),
        ("... (a)", [".", ".", ".", " ", "(", "a", ")"]),
        ("end-", ["end", "-"]),
    ],
)
def test_a_text_falls_into_words_and_marks(words, split):
    assert list(tokens(words)) == split


@given(ANY_WORDS)
def test_paragraphs_and_words_join_to_the_very_text(words):
    assert "".join(paragraphs(words)) == words
    assert "".join(tokens(words)) == words
    assert all(tokens(words))
    assert [token for paragraph in paragraphs(words) for token in tokens(paragraph)] == list(tokens(words))
