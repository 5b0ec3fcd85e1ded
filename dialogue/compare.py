"""What changed between two texts, as edits over the words of the first.

First by paragraph; what is left is paired, each paragraph with the one most like it; then by words.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from dialogue.changes import changes, in_common
from dialogue.text import paragraphs, tokens

# Myers' search costs the square of the number of changes. Two texts with little in common would take
# minutes and show nothing a reader could follow, so beyond this many steps the place counts as rewritten:
# one edit takes out all of it. That can only make more conflicts, never a wrong merge.
STEPS = 1_000_000

PAIRS = 2_500  # likewise: where more pairs of paragraphs would have to be looked at, none is


@dataclass(frozen=True, slots=True)
class Sheet:
    """A text laid out: its words and marks, the index of the first of each paragraph, and that of the end."""

    tokens: tuple[str, ...]
    edges: tuple[int, ...]

    def paragraph(self, at: int) -> int:
        """The number, from 1, of the paragraph that holds the token at `at`."""
        return bisect_right(self.edges, at, hi=len(self.edges) - 1)

    def bag(self, paragraph: int) -> Counter[str]:
        """How often each word stands in a paragraph (counted from 0 here), punctuation left aside."""
        start, end = self.edges[paragraph : paragraph + 2]
        return Counter(token for token in self.tokens[start:end] if token[0].isalnum())


@dataclass(frozen=True, slots=True)
class Edit:
    """Tokens `start` to `end` of the first text gave way to `words`.

    `reach` is as far as the same edit could be said to stand, in halves of a token: with a word inserted or
    taken out, it is open which of the blanks beside it went with it.
    """

    start: int
    end: int
    words: tuple[str, ...]
    reach: tuple[int, int] = field(compare=False)


def lay_out(words: str) -> Sheet:
    """Lay out a text; its tokens joined give the text back."""
    runs = [tokens(paragraph) for paragraph in paragraphs(words)]
    edges = tuple(accumulate((len(run) for run in runs), initial=0))
    return Sheet(tuple(token for run in runs for token in run), edges)


def compare(base: str, other: str) -> tuple[Edit, ...]:
    """The edits that make `other` out of `base`, in order.

    Between two of them stands at least one unchanged word, mark or blank, or the border of two paragraphs.
    """
    old, new = lay_out(base), lay_out(other)
    places = [
        (old.edges[a], old.edges[b], new.edges[c], new.edges[d])
        for place in changes(paragraphs(base), paragraphs(other), STEPS)
        for a, b, c, d in _paired(old, new, place)
    ]
    amount = sum(b - a + d - c for a, b, c, d in places)
    found = []
    for a, b, c, d in places:
        share = STEPS * (b - a + d - c) // amount
        for e, f, g, h in changes(old.tokens[a:b], new.tokens[c:d], share):
            found.append((a + e, a + f, new.tokens[c + g : c + h]))
    return settle(old, found)


def settle(sheet: Sheet, found: Iterable[tuple[int, int, tuple[str, ...]]]) -> tuple[Edit, ...]:
    """Write edits (start, end, words; in order) in one settled form, so that equal changes are equal edits.

    Edits in one paragraph with only a blank between them are one; none begins or ends with a word it leaves
    alone; what could stand in several places stands in the first, or at a paragraph's beginning if just one
    is among them.
    """
    joined: list[tuple[int, int, list[str]]] = []
    for start, end, words in found:
        if joined and _is_one(sheet, joined[-1][1], start):
            first, done, before = joined[-1]
            before += [*sheet.tokens[done:start], *words]
            joined[-1] = (first, end, before)
        else:
            joined.append((start, end, list(words)))
    bare = [_trimmed(sheet.tokens, *edit) for edit in joined]
    floors = [0, *(end for _, end, _ in bare)]
    ceilings = [*(start for start, _, _ in bare[1:]), len(sheet.tokens)]
    return tuple(
        _placed(sheet, edit, floor, ceiling)
        for edit, floor, ceiling in zip(bare, floors, ceilings, strict=False)
        if edit[0] < edit[1] or edit[2]
    )


def apply(sheet: Sheet, edits: Iterable[Edit], start: int, end: int) -> str:
    """The words from token `start` to `end` as they read after the edits that lie between them."""
    pieces: list[str] = []
    at = start
    for edit in edits:
        if start <= edit.start and edit.end <= end:
            pieces += [*sheet.tokens[at : edit.start], *edit.words]
            at = edit.end
    return "".join([*pieces, *sheet.tokens[at:end]])


def _paired(old: Sheet, new: Sheet, place: tuple[int, int, int, int]) -> Iterator[tuple[int, int, int, int]]:
    """Divide a place where paragraphs changed so that those with most words in common lie side by side."""
    a, b, c, d = place
    if (b - a) * (d - c) > PAIRS:
        yield place
        return
    befores, afters = ([sheet.bag(n) for n in range(*span)] for sheet, span in ((old, (a, b)), (new, (c, d))))
    # best[i][j]: the most words in common when the paragraphs from i and from j on are paired in order
    best = [[0] * (d - c + 1) for _ in range(b - a + 1)]
    for i in range(b - a - 1, -1, -1):
        for j in range(d - c - 1, -1, -1):
            alike = (befores[i] & afters[j]).total()
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike)
    i = j = from_i = from_j = 0
    while i < b - a and j < d - c:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            if (i, j) != (from_i, from_j):
                yield a + from_i, a + i, c + from_j, c + j
            yield a + i, a + i + 1, c + j, c + j + 1
            i, j = i + 1, j + 1
            from_i, from_j = i, j
    if a + from_i < b or c + from_j < d:
        yield a + from_i, b, c + from_j, d


def _is_one(sheet: Sheet, end: int, start: int) -> bool:
    """Whether an edit that ends and one that starts here have at most a blank between them."""
    if end == start:
        return sheet.edges[bisect_left(sheet.edges, start)] != start
    return start - end == 1 and sheet.tokens[end].isspace() and "\n" not in sheet.tokens[end]


def _trimmed(tokens: tuple[str, ...], start: int, end: int, words: list[str]) -> tuple[int, int, tuple[str, ...]]:
    head, tail = in_common(tokens[start:end], words)
    return start + head, end - tail, tuple(words[head : len(words) - tail])


def _placed(sheet: Sheet, edit: tuple[int, int, tuple[str, ...]], floor: int, ceiling: int) -> Edit:
    start, end, words = edit
    if start < end and words:
        return Edit(start, end, words, (2 * start, 2 * end))
    moved = words or sheet.tokens[start:end]
    row = sheet.tokens[floor:start] + moved + sheet.tokens[end:ceiling]
    left = right = start - floor
    size = len(moved)
    while left and row[left - 1] == row[left + size - 1]:
        left -= 1
    while right + size < len(row) and row[right] == row[right + size]:
        right += 1
    first, last = floor + left, floor + right
    edges = sheet.edges[bisect_left(sheet.edges, first) : bisect_right(sheet.edges, last)]
    paragraph = edges[0] if len(edges) == 1 else None
    if paragraph is not None and row[paragraph - floor + size - 1].endswith("\n"):
        # Whole paragraphs: they come in, or go out, amid the blank lines, and touch no word beside them.
        first, reach = paragraph, (2 * paragraph - 1, 2 * (paragraph + end - start) - 1)
    else:
        reach = (2 * first, 2 * (last + end - start))
    words = tuple(row[first - floor : first - floor + size]) if words else ()
    return Edit(first, first + end - start, words, reach)
