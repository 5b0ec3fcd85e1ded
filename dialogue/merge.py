"""Three-way merge: two changes of one text, made apart, brought together or shown in conflict.

Edits touch when no unchanged word, mark or blank is left between them, wherever each could be said to stand:
two new words beside each other's place touch, two changed words with a blank between them do not. Whole
paragraphs that come or go touch the blank lines around them and no word. Edits that touch are in conflict,
unless both sides did the very same. So are edits that would tie brackets together as neither side did: `[a b] c`
and `a [b c]` overlap, whatever words they leave alone. So the order in which amendments are accepted never changes
the words that result.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from dialogue.brackets import Malformed, joints
from dialogue.compare import Edit, Sheet, apply, compare, lay_out, settle

# Every text is merged with a blank line after it, so that a paragraph at the end is like any other.
_END = "\n\n"
_SIGNS = "[]/\\"
_AROUND = 8  # unchanged words and marks shown before and after those in conflict


_Sign: TypeAlias = tuple[Edit | None, int]  # a sign of a bracket: the edit that brought it, and which of its words


@dataclass(frozen=True, slots=True)
class Merged:
    """The words with both changes made."""

    words: str


@dataclass(frozen=True, slots=True)
class Place:
    """Words in conflict as they read in the base and after each change, with a few words around them.

    `paragraph` is the paragraph of the base, from 1, in which the place begins; 0 is the title.
    """

    paragraph: int
    base: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Conflicted:
    """The places, in order, where the two changes cannot both stand."""

    places: tuple[Place, ...]


def merge(base: str, theirs: str, mine: str) -> Merged | Conflicted:
    """Bring together what `theirs` and `mine` each changed in `base`.

    What only one side changed is taken, what both changed alike is taken once, what they changed differently
    is a conflict. Exchanging `theirs` and `mine` exchanges them in the places and changes nothing else.
    """
    if theirs in (base, mine):
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    sheet = lay_out(base + _END)
    left, right = compare(base + _END, theirs + _END), compare(base + _END, mine + _END)
    chosen: list[Edit] = []
    places: list[Place] = []
    for lefts, rights in _groups(left, right):
        start = min(edit.start for edit in lefts + rights)
        end = max(edit.end for edit in lefts + rights)
        if not lefts or not rights:
            chosen += lefts or rights
        elif apply(sheet, lefts, start, end) == apply(sheet, rights, start, end):
            chosen += min(lefts, rights, key=lambda edits: [(edit.start, edit.end, edit.words) for edit in edits])
        else:
            places.append(_place(sheet, left, right, start, end))
    if places:
        return Conflicted(tuple(places))
    merged = apply(sheet, chosen, 0, len(sheet.tokens))
    # Where words are repeated, or a paragraph is written anew beside another that comes in, both changes
    # together may read like a third, and a later amendment would meet edits that nobody made. So the merged
    # text must read back as the very edits it was made of. Then two orders that both merge always agree.
    settled = settle(sheet, ((edit.start, edit.end, edit.words) for edit in chosen))
    if odd := set(settled) ^ set(compare(base + _END, merged)):
        return Conflicted((_place(sheet, left, right, *_around(sheet, left, right, odd)),))
    if ("[" in merged or "]" in merged) and (crossed := _crossed(sheet, left, right, chosen)):
        return Conflicted((_place(sheet, left, right, *_around(sheet, left, right, crossed)),))
    return Merged(merged.removesuffix(_END))


def merge_titles(base: str, theirs: str, mine: str) -> str | Place:
    """The title after both changes of it, or the conflict where both changed it differently."""
    if mine in (base, theirs):
        return theirs
    return mine if theirs == base else Place(0, base, theirs, mine)


def _crossed(sheet: Sheet, left: tuple[Edit, ...], right: tuple[Edit, ...], chosen: list[Edit]) -> set[Edit]:
    """The edits of brackets, where both sides' together make of the signs what neither side made of them.

    None where the brackets of a side do not fit together in themselves: there they may be meant as they stand.
    """
    try:
        either = _tied(sheet, left) | _tied(sheet, right)
    except Malformed:
        return set()
    try:
        if _tied(sheet, chosen) <= either:
            return set()
    except Malformed:
        pass
    with_signs = {
        edit
        for edit in chosen
        if any(token[0] in _SIGNS for token in (*sheet.tokens[edit.start : edit.end], *edit.words))
    }
    return with_signs or set(chosen)


def _tied(sheet: Sheet, edits: Iterable[Edit]) -> set[tuple[_Sign, _Sign]]:
    """The signs of brackets that belong together in the text after these edits, each by what brought it in."""
    signs: dict[int, _Sign] = {}
    pieces: list[str] = []
    at = length = 0
    for edit in (*edits, None):
        end = len(sheet.tokens) if edit is None else edit.start
        kept = [(None, at + n, token) for n, token in enumerate(sheet.tokens[at:end])]
        new = [] if edit is None else [(edit, n, token) for n, token in enumerate(edit.words)]
        for by, n, token in (*kept, *new):
            if token[0] in _SIGNS:  # an accent may stand on it
                signs[length] = (by, n)
            pieces.append(token)
            length += len(token)
        at = len(sheet.tokens) if edit is None else edit.end
    return {(signs[one], signs[other]) for one, other in joints("".join(pieces))}


def _groups(left: tuple[Edit, ...], right: tuple[Edit, ...]) -> list[tuple[list[Edit], list[Edit]]]:
    """The edits of both sides, in order, those that touch each other together."""
    groups: list[tuple[list[Edit], list[Edit]]] = []
    furthest = -2
    sided = [*((edit, 0) for edit in left), *((edit, 1) for edit in right)]
    for edit, side in sorted(sided, key=lambda one: (one[0].reach, one[0].start)):
        if edit.reach[0] > furthest:
            groups.append(([], []))
        groups[-1][side].append(edit)
        furthest = max(furthest, edit.reach[1])
    return groups


def _around(sheet: Sheet, left: tuple[Edit, ...], right: tuple[Edit, ...], odd: set[Edit]) -> tuple[int, int]:
    """The stretch of the base with these edits, and with the nearest edit of each side, all taken in whole."""
    start, end = min(edit.start for edit in odd), max(edit.end for edit in odd)
    both = [min(side, key=lambda edit: max(edit.start - end, start - edit.end)) for side in (left, right)]
    start, end = min(start, *(edit.start for edit in both)), max(end, *(edit.end for edit in both))
    for edit in sorted((*left, *right), key=lambda edit: edit.start):
        if edit.start <= end and edit.end >= start:
            start, end = min(start, edit.start), max(end, edit.end)
    if len({apply(sheet, edits, start, end) for edits in ((), left, right)}) < 3:
        return 0, len(sheet.tokens)  # both sides did the same here, and what they did apart lies elsewhere
    return start, end


def _place(sheet: Sheet, left: tuple[Edit, ...], right: tuple[Edit, ...], start: int, end: int) -> Place:
    number = sheet.paragraph(start)
    after = bisect_right(sheet.edges, max(start, end - 1))
    ends = [edit.end for edit in (*left, *right) if edit.end < start]
    starts = [edit.start for edit in (*left, *right) if edit.start > end]
    first = min(start, max([start - _AROUND, sheet.edges[number - 1], *ends]))
    last = max(end, min([end + _AROUND, *sheet.edges[after : after + 1], *starts]))
    shown = [apply(sheet, edits, first, last) for edits in ((), left, right)]
    bare = [words.strip() for words in shown]
    return Place(number, *(bare if len(set(bare)) == len(set(shown)) else shown))
