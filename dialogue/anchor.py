"""Quotations that keep their place: the exact words, with what stands before and after them.

The form is the W3C's text quote selector (Web Annotation Data Model, 4.2.4). When the text moves, the place
is found again by the words alone. In doubt it is not found: a remark shown beside other words than those it
was made on is worse than one shown as orphaned.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Annotated, TypeAlias

from dialogue.compare import compare, lay_out
from dialogue.text import LINE_LIMIT, Unfit

CONTEXT = 32  # characters remembered on each side
LEAD = 8  # characters by which one place must be more like the remembered one than any other

Quoted: TypeAlias = Annotated[str, "quoted"]  # words exactly as they stand, blanks at the ends included


@dataclass(frozen=True)
class Quotation:
    """Exact words of a text, and the characters right before and right after them."""

    exact: Quoted
    before: Quoted = ""
    after: Quoted = ""


def anchor(words: str, exact: str, *, before: str = "", after: str = "") -> Quotation:
    """Quote `exact` from the text, remembering 32 characters on each side, or what was given if longer.

    `before` and `after` need only be given, and only so far, as tells one place from another.
    Raises Unfit when the words do not stand there, or stand there more than once.
    """
    if not exact.strip():
        raise Unfit("Nothing is quoted; quote the words the remark is about.")
    if max(len(before), len(after)) > LINE_LIMIT:
        raise Unfit(f"The words before or after the quotation are longer than {LINE_LIMIT} characters; shorten them.")
    places = [
        (start, end)
        for start, end in _places(words, exact)
        if words.endswith(before, 0, start) and words.startswith(after, end)
    ]
    if not places:
        raise Unfit(f"“{_shown(exact)}” does not stand in this text; quote it exactly as it stands.")
    if len(places) > 1:
        raise Unfit(
            f"“{_shown(exact)}” stands {len(places)} times in this text; "
            "quote more of it, or say what stands before or after it."
        )
    [(start, end)] = places
    return Quotation(
        exact,
        words[max(0, start - max(CONTEXT, len(before))) : start],
        words[end : end + max(CONTEXT, len(after))],
    )


def follow(old: str, new: str, quotation: Quotation) -> tuple[int, int] | None:
    """Where words quoted from `old` stand in `new`, the text that came of it, as (start, end), or None: orphaned.

    The one place with all that stood before and after; else the place where the words were left alone, with at
    least half of what stood around them; else, as they may have been moved, where `locate` finds them. A place
    where the same words stood before in their own right is not theirs, nor one that looks more like such a place.
    """
    home = locate(old, quotation)
    if home is None or old == new or quotation.before + quotation.exact + quotation.after in new:
        return locate(new, quotation)
    others = [place for place in _places(old, quotation.exact) if place != home]
    runs = _left_alone(old, new)
    stood = {a + shift for a, b in others for first, last, shift in runs if first <= a and b <= last}
    found = _stayed(runs, quotation, home) or locate(new, quotation, stood)
    if found is None:
        return None
    mine = sum(_kept(new, quotation, *found))
    around = [Quotation(quotation.exact, old[max(0, a - CONTEXT) : a], old[b : b + CONTEXT]) for a, b in others]
    return None if any(sum(_kept(new, other, *found)) >= mine + LEAD for other in around) else found


def _stayed(
    runs: Iterable[tuple[int, int, int]], quotation: Quotation, home: tuple[int, int]
) -> tuple[int, int] | None:
    """Where the words stand that no edit touched, unless most of what stood around them was."""
    start, end = home
    begin, stop = start - len(quotation.before), end + len(quotation.after)
    around = sum(max(0, min(last, stop) - max(first, begin)) for first, last, _ in runs) - (end - start)
    shifts = [shift for first, last, shift in runs if first <= start and end <= last]
    if not shifts or 2 * around < len(quotation.before) + len(quotation.after):
        return None
    return start + shifts[0], end + shifts[0]


def locate(words: str, quotation: Quotation, besides: Container[int] = ()) -> tuple[int, int] | None:
    """Where the quoted words stand in a text by themselves, as (start, end), or None: orphaned.

    The one place with all that stood before and after; else the one with at least half of it on either side, and
    clearly more than any other place; else, for a long quotation, the only place with the words. Places that
    begin `besides` are not looked at.
    """
    places = [place for place in _places(words, quotation.exact) if place[0] not in besides]
    kept = [_kept(words, quotation, start, end) for start, end in places]
    whole = (len(quotation.before), len(quotation.after))
    if whole in kept:
        return places[kept.index(whole)] if kept.count(whole) == 1 else None
    if not places:
        return None
    (most, sides, place), *others = sorted(zip(map(sum, kept), kept, places, strict=True), reverse=True)
    halves = all(2 * side >= all_ for side, all_ in zip(sides, whole, strict=True))
    if halves and (not others or most - others[0][0] >= LEAD):
        return place
    return place if not others and len(quotation.exact) >= CONTEXT else None


@lru_cache(maxsize=8)  # many remarks on one text are followed through the same changes
def _left_alone(old: str, new: str) -> tuple[tuple[int, int, int], ...]:
    """The stretches of `old` that no edit touches, as (start, end), and by how much each stands later in `new`."""
    at = (0, *accumulate(len(token) for token in lay_out(old).tokens))
    runs = []
    token = shift = 0
    for edit in compare(old, new):
        runs.append((at[token], at[edit.start], shift))
        shift += sum(map(len, edit.words)) - (at[edit.end] - at[edit.start])
        token = edit.end
    return (*runs, (at[token], at[-1], shift))


def _places(words: str, exact: str) -> Iterator[tuple[int, int]]:
    """Every place where the words stand, also those that overlap."""
    start = words.find(exact) if exact else -1
    while start >= 0:
        yield start, start + len(exact)
        start = words.find(exact, start + 1)


def _kept(words: str, quotation: Quotation, start: int, end: int) -> tuple[int, int]:
    """How many of the remembered characters still stand, unbroken, before and after the words at this place."""
    before, after = quotation.before, quotation.after
    left = _same(reversed(before), reversed(words[max(0, start - len(before)) : start]))
    return left, _same(iter(after), iter(words[end : end + len(after)]))


def _same(old: Iterator[str], new: Iterator[str]) -> int:
    count = 0
    for a, b in zip(old, new, strict=False):
        if a != b:
            break
        count += 1
    return count


def _shown(words: str) -> str:
    return words if len(words) <= 60 else words[:59] + "…"
