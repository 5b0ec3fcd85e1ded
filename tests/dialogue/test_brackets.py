import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dialogue.brackets import (
    Bracket,
    Malformed,
    joints,
    lift,
    literal,
    open_brackets,
    parse,
    plain,
    print_,
)

MARKS = st.text(st.sampled_from("ab/[]\\ 和ж\n"), max_size=30)
WORDS = st.lists(st.sampled_from(["a", "и", "平和", " ", "/", "\\[", "\\]", "\\\\", " \\/ ", "\n\n"])).map("".join)


def bracketed(inner):
    alternatives = st.lists(inner, min_size=1, max_size=3)
    return alternatives.map(lambda each: f"[{' / '.join(each)}]")


def mixed(part):
    return st.lists(WORDS | part, max_size=4).map("".join)


ONCE = mixed(bracketed(WORDS))
TWICE = mixed(bracketed(ONCE))
TEXTS = mixed(bracketed(TWICE))


def test_alternatives_and_single_options_are_read_with_their_places():
    assert parse("States [shall / should] act [promptly].") == (
        "States ",
        Bracket((("shall",), ("should",)), 7, 23),
        " act ",
        Bracket((("promptly",),), 28, 38),
        ".",
    )


def test_a_bracket_may_stand_in_a_bracket_in_a_bracket_and_no_deeper():
    inner = Bracket((("c",),), 6, 9)
    middle = Bracket((("b ", inner),), 3, 10)
    assert parse("[a [b [c]]]") == (Bracket((("a ", middle),), 0, 11),)
    with pytest.raises(Malformed, match="nested twice") as malformed:
        parse("[a [b [c [d]]]]")
    assert malformed.value.position == 9


def test_only_a_slash_between_two_spaces_separates_alternatives():
    (bracket,) = parse("[and/or / nor/ neither /]")
    assert bracket.alternatives == (("and/or",), ("nor/ neither /",))
    assert parse("plain / words") == ("plain / words",)
    assert parse("[a \\/ b]")[0].alternatives == (("a \\/ b",),)


def test_an_alternative_may_be_nothing():
    assert parse("[a / ]")[0].alternatives == (("a",), ())
    assert open_brackets("within [] days, [ ] at most") == ("[]", "[ ]")


def test_literal_brackets_are_no_brackets():
    words = r"see \[1\], C:\\x, either \/ or"
    assert parse(words) == (words,)
    assert open_brackets(words) == ()
    assert plain(words) == r"see [1], C:\x, either / or"


@pytest.mark.parametrize(
    ("words", "position", "hint"),
    [
        ("平和 [と協力", 3, "never closed"),
        ("a [b [c]", 2, "never closed"),
        ("peace] and", 5, "never opened"),
        ("[a]]", 3, "never opened"),
        (r"a \b", 2, "backslash"),
        ("[a\\ / b][c]", 2, "backslash"),
        ("ends\\", 4, "backslash"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_its_place(words, position, hint):
    with pytest.raises(Malformed, match=hint) as malformed:
        parse(words)
    assert malformed.value.position == position
    assert f"character {position + 1}: “{malformed.value.excerpt}”" in str(malformed.value)
    assert malformed.value.excerpt in words
    with pytest.raises(Malformed):
        open_brackets(words)
    with pytest.raises(Malformed):
        lift(words, 1, 1)


def test_the_outermost_brackets_are_named_in_order():
    words = "[a [x / y] / b], [c], \\[d\\] [e]"
    assert open_brackets(words) == ("[a [x / y] / b]", "[c]", "[e]")


def test_signs_that_belong_together_are_told_by_their_places():
    assert joints("a / [b / [c] / ] \\[[]") == {(4, 7), (4, 13), (4, 15), (9, 11), (19, 20)}


@given(TEXTS)
def test_every_bracket_ties_its_beginning_to_its_end_and_to_the_slashes_between(words):
    tied = joints(words)
    assert {words[one] for one, _ in tied} <= {"["}
    assert {words[other] for _, other in tied} <= {"/", "]"}
    assert len({other for _, other in tied}) == len(tied)
    assert sum(words[other] == "]" for _, other in tied) == len({one for one, _ in tied})


def test_lifting_takes_an_alternative_or_new_words():
    words = "States [shall [jointly] / should] act [promptly]."
    assert lift(words, 1, 1) == "States shall [jointly] act [promptly]."
    assert lift(words, 1, 2) == "States should act [promptly]."
    assert lift(words, 2, "without delay") == "States [shall [jointly] / should] act without delay."
    assert lift(words, 2, "") == "States [shall [jointly] / should] act ."
    assert lift(words, 2, "[soon / now]") == "States [shall [jointly] / should] act [soon / now]."


@pytest.mark.parametrize(("n", "choice"), [(0, 1), (3, 1), (-1, 1), (1, 0), (1, 3), (1, -1)])
def test_lifting_what_is_not_there_is_refused(n, choice):
    with pytest.raises(LookupError, match="name one"):
        lift("[a / b] [c]", n, choice)


def test_new_words_must_fit_together_themselves():
    for broken in ("[", "]", "\\"):
        with pytest.raises(Malformed):
            lift("[a][b]", 1, broken)


@given(TEXTS)
def test_a_bracketed_text_prints_byte_for_byte(words):
    assert print_(parse(words)) == words


@given(MARKS)
def test_any_text_either_prints_byte_for_byte_or_is_refused(words):
    try:
        parsed = parse(words)
    except Malformed:
        return
    assert print_(parsed) == words
    assert bool(open_brackets(words)) == any(isinstance(piece, Bracket) for piece in parsed)


@given(TEXTS, st.data())
def test_lifting_closes_one_bracket_opens_those_within_and_leaves_the_others(words, data):
    before = open_brackets(words)
    assume(before)
    n = data.draw(st.integers(1, len(before)))
    bracket = [piece for piece in parse(words) if isinstance(piece, Bracket)][n - 1]
    choice = data.draw(st.integers(1, len(bracket.alternatives)) | TEXTS)
    within = print_(bracket.alternatives[choice - 1]) if isinstance(choice, int) else choice
    assert open_brackets(lift(words, n, choice)) == (*before[: n - 1], *open_brackets(within), *before[n:])


@given(TEXTS)
def test_lifting_the_first_again_and_again_ends_with_no_bracket(words):
    while open_brackets(words):
        words = lift(words, 1, 1)
    assert parse(words) == ((words,) if words else ())


@given(st.text() | MARKS)
def test_words_meant_as_they_stand_have_no_bracket_and_print_as_they_were(words):
    assert open_brackets(literal(words)) == ()
    assert plain(literal(words)) == words
