r"""Bracketed text: words not agreed yet, as `[a / b]` alternatives or a single option `[a]`.

    text        = *( words / bracket )
    bracket     = "[" alternative *( " / " alternative ) "]"
    alternative = *( words / bracket )        ; may be empty: `[a / ]` is "a or nothing"

Only " / " with its two spaces separates, so "and/or" stays whole. A bracket may stand inside a bracket, and
that one inside a third: nested twice, no deeper. What is meant as it stands is written with a backslash:
`\[`, `\]`, `\\` and, between alternatives, ` \/ `. A backslash before anything else is an error, because
after lifting it could come to stand before a bracket and hide it.

A text with a stray bracket or backslash does not parse. It has no open brackets that could be named, so every
function that decides something raises Malformed, and an adoption that asks `open_brackets` is refused. An
imported text whose brackets are ordinary punctuation is entered through `literal`.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import TypeAlias

NESTED_AT_MOST = 2

_SLASH = " / "
_MARK = re.compile(r"\\.?|\[|\]| / ", re.DOTALL)
_ESCAPED = re.compile(r"\\([\[\]\\/])")
_SHOWN = 20  # characters shown before and after the place that is wrong


@dataclass(frozen=True, slots=True)
class Bracket:
    """Alternatives not decided yet, as written; `start` and `end` are where it stood in the parsed text."""

    alternatives: "tuple[Parsed, ...]"
    start: int
    end: int


# Words keep their backslashes, so that printing gives back the very bytes.
Parsed: TypeAlias = tuple[str | Bracket, ...]


class Malformed(ValueError):
    """Brackets that do not fit together, at character `position` (from 0) amid the words `excerpt`."""

    def __init__(self, what: str, words: str, position: int) -> None:
        self.position = position
        self.excerpt = words[max(0, position - _SHOWN) : position + _SHOWN]
        super().__init__(f"{what} This is at character {position + 1}: “{self.excerpt}”.")


def parse(words: str) -> Parsed:
    """The text as words and brackets, in order. Raises Malformed."""
    whole: list[str | Bracket] = []
    # The brackets open at this point, outermost first: where each began, and its alternatives so far.
    opened: list[tuple[int, list[list[str | Bracket]]]] = []
    into, done = whole, 0
    for mark in _MARK.finditer(words):
        here, sign = mark.start(), mark[0]
        if sign[0] == "\\":
            if not _ESCAPED.fullmatch(sign):
                raise Malformed(r"A backslash stands before [ ] \ or / only; write \\ for itself.", words, here)
            continue
        if sign == _SLASH and not opened:
            continue
        if here > done:
            into.append(words[done:here])
        done = mark.end()
        if sign == "[":
            if len(opened) > NESTED_AT_MOST:
                raise Malformed("Brackets may be nested twice, no deeper; lift one first.", words, here)
            into = []
            opened.append((here, [into]))
        elif sign == "]":
            if not opened:
                raise Malformed(r"This bracket was never opened; write \] if it is meant so.", words, here)
            start, alternatives = opened.pop()
            into = opened[-1][1][-1] if opened else whole
            into.append(Bracket(tuple(tuple(pieces) for pieces in alternatives), start, done))
        else:
            into = []
            opened[-1][1].append(into)
    if opened:
        raise Malformed(r"This bracket is never closed; write \[ if it is meant so.", words, opened[-1][0])
    return (*whole, words[done:]) if done < len(words) else tuple(whole)


def print_(parsed: Parsed) -> str:
    """The text again, byte for byte as it was parsed."""
    return "".join(
        piece if isinstance(piece, str) else f"[{_SLASH.join(print_(each) for each in piece.alternatives)}]"
        for piece in parsed
    )


def open_brackets(words: str) -> tuple[str, ...]:
    """The outermost brackets as written, in order; adoption waits until there is none. Raises Malformed."""
    return tuple(words[bracket.start : bracket.end] for bracket in _brackets(words))


def joints(words: str) -> frozenset[tuple[int, int]]:
    """Which signs belong together, by place: each bracket's beginning with each of its slashes and with its end.

    Raises Malformed.
    """
    found = set()
    todo = _brackets(words)
    while todo:
        bracket = todo.pop()
        at = bracket.start + 1
        for alternative in bracket.alternatives:
            at += len(print_(alternative))
            found.add((bracket.start, at + 1 if at + 1 < bracket.end else at))
            at += len(_SLASH)
            todo += [part for part in alternative if isinstance(part, Bracket)]
    return frozenset(found)


def alternatives(words: str) -> Counter[str]:
    """Every alternative as it is written, nested ones too, and in how many places. Raises Malformed."""
    found: Counter[str] = Counter()
    todo = _brackets(words)
    while todo:
        for alternative in todo.pop().alternatives:
            found[print_(alternative)] += 1
            todo += [part for part in alternative if isinstance(part, Bracket)]
    return found


def lift(words: str, n: int, choice: int | str) -> str:
    """Put in place of the n-th outermost bracket (from 1) its alternative number `choice`, or new words.

    New words may be bracketed themselves; "" leaves nothing. Brackets within the alternative stay open.
    Raises Malformed for the text or the new words, LookupError when there is no such bracket or alternative.
    """
    brackets = _brackets(words)
    if not brackets:
        raise LookupError("No bracket is open in this text.")
    if not 1 <= n <= len(brackets):
        raise LookupError(f"There is no bracket {n}; name one of the {len(brackets)} outermost, from 1.")
    bracket = brackets[n - 1]
    count = len(bracket.alternatives)
    if isinstance(choice, str):
        parse(choice)
        chosen = choice
    elif 1 <= choice <= count:
        chosen = print_(bracket.alternatives[choice - 1])
    else:
        raise LookupError(f"Bracket {n} has no alternative {choice}; name one of its {count}, or new words.")
    return words[: bracket.start] + chosen + words[bracket.end :]


def plain(words: str) -> str:
    r"""The words for print: `\[` as [, `\]` as ], `\\` as \ and `\/` as /. Open brackets stay as they are."""
    return _ESCAPED.sub(r"\1", words)


def literal(words: str) -> str:
    """Words whose brackets and backslashes are meant as they stand; `plain` gives them back."""
    return re.sub(r"[\[\]\\]", r"\\\g<0>", words)


def _brackets(words: str) -> list[Bracket]:
    return [piece for piece in parse(words) if isinstance(piece, Bracket)]
