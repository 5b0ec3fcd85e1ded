"""Quotations that keep their place: the exact words, with what stands before and after them.

The form is the W3C's text quote selector (Web Annotation Data Model, 4.2.4). When the text moves, the place
is found again by the words alone. In doubt it is not found: a remark shown beside other words than those it
was made on is worse than one shown as orphaned.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, TypeAlias

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


def locate(words: str, quotation: Quotation) -> tuple[int, int] | None:
    """Where the quoted words stand in a text that may have moved, as (start, end), or None: orphaned.

    The one place with all that stood before and after; else the one with at least half of it, and clearly
    more than any other place; else, for a long quotation, the only place with the words.
    """
    places = list(_places(words, quotation.exact))
    kept = [_kept(words, quotation, start, end) for start, end in places]
    whole = len(quotation.before) + len(quotation.after)
    most, second = sorted([*kept, -LEAD, -LEAD], reverse=True)[:2]
    if kept.count(whole):
        return places[kept.index(whole)] if kept.count(whole) == 1 else None
    if 2 * most >= whole and most - second >= LEAD:
        return places[kept.index(most)]
    if len(places) == 1 and len(quotation.exact) >= CONTEXT:
        return places[0]
    return None


def _places(words: str, exact: str) -> Iterator[tuple[int, int]]:
    """Every place where the words stand, also those that overlap."""
    start = words.find(exact) if exact else -1
    while start >= 0:
        yield start, start + len(exact)
        start = words.find(exact, start + 1)


def _kept(words: str, quotation: Quotation, start: int, end: int) -> int:
    """How many of the remembered characters still stand, unbroken, beside the words at this place."""
    before, after = quotation.before, quotation.after
    left = _same(reversed(before), reversed(words[max(0, start - len(before)) : start]))
    return left + _same(iter(after), iter(words[end : end + len(after)]))


def _same(old: Iterator[str], new: Iterator[str]) -> int:
    count = 0
    for a, b in zip(old, new, strict=False):
        if a != b:
            break
        count += 1
    return count


def _shown(words: str) -> str:
    return words if len(words) <= 60 else words[:59] + "…"
