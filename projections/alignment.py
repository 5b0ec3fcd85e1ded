"""Align two wordings token by token: which words of the new text are words of the old one. Pure.

Words are what Unicode calls words (UAX #29): Korean keeps its eojeol, Russian and English their words;
Chinese and most of Japanese are aligned character by character.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from math import isqrt
from typing import NamedTuple

import regex
from rapidfuzz.distance import Indel

WORD_BREAK = regex.compile(r"(?V1w)\b")
SENTENCE_ENDS = frozenset(".!?;。！？；")

# Time and memory grow with old x new tokens. Past AT_ONCE the texts are first cut, at most once in STRIDE
# tokens, where a passage of ANCHOR tokens stands exactly once in each.
AT_ONCE = 100_000_000
STRIDE = 1_000
ANCHOR = 12

COINCIDENCE = 8  # the most tokens (four English words, eight Chinese characters) that stay by chance


class Run(NamedTuple):
    """The same `length` tokens on both sides, beginning at token `old` and at token `new`."""

    old: int
    new: int
    length: int

    @property
    def end_old(self) -> int:
        return self.old + self.length

    @property
    def end_new(self) -> int:
        return self.new + self.length


def tokens(words: str) -> list[str]:
    """Split a text into words, spaces and punctuation; joined again they give the text exactly."""
    return [token for token in WORD_BREAK.split(words) if token]


def align(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """What stayed between two token lists: runs in order, the last one (perhaps empty) at the end of both.

    The runs are a longest common subsequence (up to AT_ONCE), less what stayed by coincidence between
    rewritten words; what was inserted or deleted begins where a line, a sentence or a word does, if it can.
    """
    return _set_at_breaks(_without_coincidences(_common_runs(old, new), old, new), old, new)


def _common_runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    numbers = {token: number for number, token in enumerate(dict.fromkeys((*old, *new)))}
    a, b = ("".join(chr(numbers[token]) for token in side) for side in (old, new))
    for start_a, end_a, start_b, end_b in _pieces(a, b):
        for step in Indel.opcodes(a[start_a:end_a], b[start_b:end_b]):
            if step.tag == "equal":
                yield Run(start_a + step.src_start, start_b + step.dest_start, step.src_end - step.src_start)
    yield Run(len(a), len(b), 0)


def _without_coincidences(runs: Iterable[Run], old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """Leave out short runs no longer than the changes on both sides: "of" between two rewritten clauses."""
    reach_old = [0, *accumulate(map(len, old))]  # characters before each token
    reach_new = [0, *accumulate(map(len, new))]

    def changed(before: Run, after: Run) -> int:
        deleted = reach_old[after.old] - reach_old[before.end_old]
        inserted = reach_new[after.new] - reach_new[before.end_new]
        return max(deleted, inserted)

    kept = [Run(0, 0, 0)]
    for run in runs:
        while len(kept) > 1 and kept[-1].length <= COINCIDENCE:
            stayed = reach_old[kept[-1].end_old] - reach_old[kept[-1].old]
            if stayed > min(changed(kept[-2], kept[-1]), changed(kept[-1], run)):
                break
            kept.pop()
        if (run.old, run.new) != (kept[-1].end_old, kept[-1].end_new):
            kept.append(run)
        else:
            kept[-1] = kept[-1]._replace(length=kept[-1].length + run.length)
    return kept


def _set_at_breaks(runs: list[Run], old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """Slide each pure insertion or deletion to the best break: `{+A b. +}A c.`, not `A {+b. A +}c.`."""
    slid = runs[:1]
    for run in runs[1:]:
        before, shift = slid[-1], 0
        if before.end_old == run.old:
            shift = _shift(new, before.end_new, run.new, before.length, run.length)
        elif before.end_new == run.new:
            shift = _shift(old, before.end_old, run.old, before.length, run.length)
        slid[-1] = before._replace(length=before.length + shift)
        slid.append(Run(run.old + shift, run.new + shift, run.length - shift))
    return slid


def _shift(side: Sequence[str], start: int, end: int, before: int, after: int) -> int:
    """How far side[start:end] slides to its best break, over `before` same tokens or over `after` of them."""
    left = right = 0
    while left < before and side[start - left - 1] == side[end - left - 1]:
        left += 1
    while right < after and side[start + right] == side[end + right]:
        right += 1
    return max(range(-left, right + 1), key=lambda by: (_break(side, start + by), by))


def _break(side: Sequence[str], at: int) -> int:
    """How good a place to begin is: 3 a line, 2 a sentence, 1 a word after a space, 0 none of these."""
    if at == 0 or side[at - 1].endswith("\n"):
        return 3
    spaced = side[at - 1].isspace()
    if at > spaced and side[at - 1 - spaced] in SENTENCE_ENDS:
        return 2
    return int(spaced)


def _pieces(a: str, b: str) -> Iterator[tuple[int, int, int, int]]:
    """Cut two texts that are too large to align at once: start and end in a, start and end in b."""
    at_a = at_b = 0
    for cut_a, cut_b in (*(_anchors(a, b) if len(a) * len(b) > AT_ONCE else ()), (len(a), len(b))):
        # Where no anchor helps, both sides are cut alike, so that the time stays bounded.
        count = 1 + isqrt((cut_a - at_a) * (cut_b - at_b) // AT_ONCE)
        ends_a = (at_a + (cut_a - at_a) * n // count for n in range(count + 1))
        ends_b = (at_b + (cut_b - at_b) * n // count for n in range(count + 1))
        for (start_a, end_a), (start_b, end_b) in zip(pairwise(ends_a), pairwise(ends_b), strict=True):
            yield start_a, end_a, start_b, end_b
        at_a, at_b = cut_a, cut_b


def _anchors(a: str, b: str) -> Iterator[tuple[int, int]]:
    """Where passages begin that each text holds once: the longest chain in order, one in each STRIDE."""
    places_b = _single_passages(b)
    shared = [(at, places_b[passage]) for passage, at in _single_passages(a).items() if passage in places_b]
    # Longest increasing subsequence of the places in b by patience sorting: ends[n] is the smallest place
    # at which a chain of n + 1 passages can end, last[n] the passage that ends it.
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(shared):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [index]
    chain: list[tuple[int, int]] = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(shared[index])
        index = before[index]
    reached = 0
    for anchor in reversed(chain):
        if anchor[0] >= reached + STRIDE:
            yield anchor
            reached = anchor[0]


def _single_passages(text: str) -> dict[str, int]:
    """The passages of ANCHOR tokens that the text holds once, in order, with the place where each begins."""
    passages = [text[at : at + ANCHOR] for at in range(len(text) - ANCHOR + 1)]
    times = Counter(passages)
    return {passage: at for at, passage in enumerate(passages) if times[passage] == 1}
