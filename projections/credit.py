"""Which entry brought in which words. Pure: texts and credit in, credit out.

A text's credit says, from its first character to its last, which entry brought in the word that stands there.
It is carried from version to version: words that stay keep their entry, and so do words that were moved.
Words taken out and put back by a later act are that act's.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, groupby, pairwise, repeat
from unicodedata import normalize

from projections.alignment import SENTENCE_ENDS, Run, align, tokens

# So many characters in a row, brought in by one entry. Spaces and full stops go with the word before them.
Span = tuple[int, int]
Credit = tuple[Span, ...]

PASSAGE = 5  # the fewest tokens (three English words, five Chinese characters) known again after a move
CANDIDATES = 8  # of a passage deleted in more places than these, the others are not looked at


class PhraseNotFound(LookupError):
    """The phrase asked for does not stand in the text, or not so many times."""


def wholly(words: str, entry: int) -> Credit:
    """The credit of a first version: every word was brought in by `entry`."""
    return ((len(words), entry),) if words else ()


def carry(old_words: str, old_credit: Credit, new_words: str, entry: int) -> Credit:
    """The credit of the text that `entry` made of an older one.

    Raises ValueError where the old credit does not fit the old text.
    """
    return carry_many([(old_words, old_credit)], new_words, entry)


def carry_many(sources: Sequence[tuple[str, Credit]], new_words: str, entry: int) -> Credit:
    """The credit of the text that `entry` made of several (a merge).

    Words keep the entry that first brought them in, in whichever source. For a split, `carry` the source to
    each of its parts. Raises ValueError where a source's credit does not fit its text.
    """
    new = tokens(new_words)
    credited = [entry] * len(new)
    tokenised = [(tokens(words), _entry_of_each_token(words, credit)) for words, credit in sources]
    # The sources are aligned as one text; "" is no token, so no passage runs from one into the next.
    old = [token for source, _ in tokenised for token in ["", *source]]
    entries = [number for _, numbers in tokenised for number in [entry, *numbers]]
    for run in _carried(old, new):
        credited[run.new : run.end_new] = entries[run.old : run.end_old]
    if len(sources) > 1:
        for source, numbers in tokenised:
            for run in _carried(source, new):
                if run.length >= PASSAGE:
                    earlier = map(min, credited[run.new : run.end_new], numbers[run.old : run.end_old])
                    credited[run.new : run.end_new] = earlier
    for place in range(1, len(new)):
        if new[place].isspace() or new[place] in SENTENCE_ENDS:
            credited[place] = credited[place - 1]
    lengths = groupby(zip(new, credited, strict=True), key=lambda pair: pair[1])
    return tuple((sum(len(token) for token, _ in pairs), number) for number, pairs in lengths)


def brought_in(words: str, credit: Credit, phrase: str, occurrence: int = 1) -> list[tuple[str, int]]:
    """The phrase as it stands in the text, in runs of words, each with the entry that brought it in.

    `occurrence` counts from 1 to `occurrences`. Raises PhraseNotFound, saying what to do instead.
    """
    flat, quoted = _flat(words), _flat(normalize("NFC", phrase))
    places = _places(flat, quoted)
    if not places:
        raise PhraseNotFound(f"“{phrase}” does not stand in this text: quote the words as they read there")
    if not 1 <= occurrence <= len(places):
        raise PhraseNotFound(f"this text has no occurrence {occurrence} of “{phrase}”: count from 1 to {len(places)}")
    start = _unflattened(words, flat, places[occurrence - 1])
    end = start + _unflattened(words[start:], quoted, len(quoted) - 1) + 1
    ends = list(accumulate([length for length, _ in credit]))
    _check(words, ends[-1] if ends else 0)
    first, last = bisect_right(ends, start), bisect_left(ends, end)
    cuts = [start, *ends[first:last], end]
    entries = [entry for _, entry in credit[first : last + 1]]
    return [(words[cut:stop], entry) for (cut, stop), entry in zip(pairwise(cuts), entries, strict=True)]


def occurrences(words: str, phrase: str) -> int:
    """How many times the phrase stands in the text, however its lines are broken."""
    return len(_places(_flat(words), _flat(normalize("NFC", phrase))))


def encode(credit: Credit) -> list[int]:
    """Credit as a flat list for JSON: length, entry, length, entry and so on."""
    return list(chain.from_iterable(credit))


def decode(numbers: Sequence[int]) -> Credit:
    """Credit from what `encode` gave. Raises ValueError for an odd number of numbers."""
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _flat(words: str) -> str:
    """The words with one space wherever there is whitespace between them."""
    return " ".join(words.split())


def _places(flat: str, quoted: str) -> list[int]:
    places: list[int] = []
    at = flat.find(quoted) if quoted else -1
    while at >= 0:
        places.append(at)
        at = flat.find(quoted, at + len(quoted))
    return places


def _unflattened(words: str, flat: str, at: int) -> int:
    """Where in the text the character stands that is at `at`, in a word, of the flat text."""
    from_word_on = words.split(None, flat.count(" ", 0, at))[-1]
    return len(words) - len(from_word_on) + at - (flat.rfind(" ", 0, at) + 1)


def _entry_of_each_token(words: str, credit: Credit) -> list[int]:
    by_character = list(chain.from_iterable(repeat(entry, length) for length, entry in credit))
    _check(words, len(by_character))
    numbers: list[int] = []
    at = 0
    for token in tokens(words):
        numbers.append(by_character[at])
        at += len(token)
    return numbers


def _check(words: str, credited: int) -> None:
    if credited != len(words):
        raise ValueError(f"credit for {credited} characters does not fit a text of {len(words)}")


def _carried(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """What the new tokens have of the old: what stayed, then what was deleted here and inserted there."""
    stayed = align(old, new)
    yield from stayed
    deleted: list[tuple[int, int]] = []
    inserted: list[tuple[int, int]] = []
    before = Run(0, 0, 0)
    for run in stayed:
        deleted.append((before.end_old, run.old))
        inserted.append((before.end_new, run.new))
        before = run
    yield from _moved(old, deleted, new, inserted)


def _moved(
    old: Sequence[str], deleted: list[tuple[int, int]], new: Sequence[str], inserted: list[tuple[int, int]]
) -> Iterator[Run]:
    """Passages of at least PASSAGE tokens in both a deleted and an inserted stretch, the longest first."""
    places: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for start, end in deleted:
        for at in range(start, end - PASSAGE + 1):
            places.setdefault(tuple(old[at : at + PASSAGE]), []).append((at, end))

    def longest(at: int, end: int) -> Run:
        """The longest deleted passage that reads like the inserted one from here, or an empty run."""
        runs = [Run(at, at, 0)]
        for place, limit in places.get(tuple(new[at : at + PASSAGE]), [])[:CANDIDATES]:
            most = min(limit - place, end - at)
            runs.append(Run(place, at, next((n for n in range(most) if old[place + n] != new[at + n]), most)))
        return max(runs, key=lambda run: run.length)

    found: list[Run] = []
    for start, end in inserted:
        at = start
        while at <= end - PASSAGE:
            found.append(longest(at, end))
            at += found[-1].length or 1
    taken = bytearray(len(old))
    for run in sorted(found, key=lambda run: -run.length):
        for free, steps in groupby(range(run.length), key=lambda step: not taken[run.old + step]):
            first, *others = steps
            if free and len(others) + 1 >= PASSAGE:
                yield Run(run.old + first, run.new + first, len(others) + 1)
        taken[run.old : run.end_old] = b"\1" * run.length
