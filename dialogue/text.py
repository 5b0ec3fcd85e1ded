"""Words as the record keeps them: which are fit, their digest, their paragraphs, their single words."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise

TEXT_LIMIT = 100_000  # characters of a text under negotiation
PROSE_LIMIT = 10_000  # characters of a reason or a comment
LINE_LIMIT = 500  # characters of a title, a name, a place

# UAX #15, section 13 (Stream-Safe Text Format): no more than 30 combining marks in a row. Beyond that,
# normalising takes time that grows with the square of the run, so such a text is refused before it is.
_MARKS_IN_A_ROW = 30

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
_REFUSED = {
    "a control character": re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f]"),
    "a line or paragraph separator (write a new line instead)": re.compile("[\u2028\u2029]"),
    "a control of reading direction, which makes words read as what they are not": re.compile(
        "[\u202a-\u202e\u2066-\u2069]"
    ),
    "half of a surrogate pair": re.compile("[\ud800-\udfff]"),
    "a code point that is no character": re.compile(f"[{_NONCHARACTERS}]"),
}

_CONTROL = _REFUSED["a control character"]
_ANY_REFUSED = re.compile("|".join(pattern.pattern for pattern in _REFUSED.values()))

# Han (with 々〆〇), Hiragana and Katakana: blocks of the Unicode Standard, chapter 18.
_WITHOUT_SPACES = re.compile(
    "[\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U0001aff0-\U0001b16f\U00020000-\U0003ffff]"
)


class Unfit(ValueError):
    """Words that the record does not take; the sentence says what is wrong and what to do."""


def prose(value: str, *, limit: int = TEXT_LIMIT) -> str:
    """Tidy a text: NFC, lines ended by a line feed, no empty lines at the end. Nothing else is changed.

    Raises Unfit for words that are blank, longer than `limit` characters, or hold what nobody can read.
    """
    if value.isascii() and value.isprintable() and not value.isspace() and 0 < len(value) <= limit:
        return value  # plain words in one line, of which there are many, are tidy
    return _checked(_normal(_lines(value), limit).rstrip("\n"), limit)


def excerpt(value: str, *, limit: int = PROSE_LIMIT) -> str:
    """Tidy words that stand within a text: as `prose` does, but blanks at their ends stay, and they may be nothing."""
    return _legible(_normal(_lines(value), limit), limit)


def line(value: str, *, limit: int = LINE_LIMIT) -> str:
    """Tidy a single line, stripped at both ends. Raises Unfit as `prose` does, and for a tab or new line."""
    words = _normal(value, limit).strip()
    if broken := re.search("[\t\r\n]", words):
        raise Unfit(f"A new line or tab stands at character {broken.start() + 1}; write it in one line.")
    return _checked(words, limit)


def digest(words: str) -> str:
    """SHA-256 of the exact UTF-8 bytes: 64 lower-case hexadecimal digits."""
    return sha256(words.encode()).hexdigest()


def paragraphs(words: str) -> tuple[str, ...]:
    """Split at blank lines; each paragraph keeps the blank lines after it, so joining gives the text back."""
    first = len(words) - len(words.lstrip())  # blank lines above the first words belong to the first paragraph
    cuts = [gap.end() for gap in re.finditer(r"\n(?:[^\S\n]*\n)+", words) if gap.start() > first]
    edges = [0, *cuts, len(words)]
    return tuple(words[start:end] for start, end in pairwise(edges) if start < end)


def tokens(words: str) -> tuple[str, ...]:
    """Split into words for comparing; joining gives the text back.

    A word is a run of letters and digits in any script, with apostrophes, hyphens and, between digits,
    points (so 1.5 and 2021–22 are one); a Han or kana character is a word of its own, being written
    without spaces; so is each punctuation mark. Blanks and new lines are runs, kept apart from each other.
    """
    return tuple(_runs(words))


def _lines(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n")


def _normal(value: str, limit: int) -> str:
    # NFC makes one character out of at most four (Greek with its accents), so a longer input cannot fit.
    if len(value) > 4 * limit:
        raise _too_long(len(value), limit)
    marks = 0
    for character in () if value.isascii() else value:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MARKS_IN_A_ROW:
            raise Unfit(f"More than {_MARKS_IN_A_ROW} accents stand on one letter; remove them.")
    return unicodedata.normalize("NFC", value)


def _checked(words: str, limit: int) -> str:
    if not words[:1].isalnum() and all(c.isspace() or unicodedata.category(c) == "Cf" for c in words):
        raise Unfit("Nothing is written here; write some words.")
    return _legible(words, limit)


def _legible(words: str, limit: int) -> str:
    if len(words) > limit:
        raise _too_long(len(words), limit)
    if (_CONTROL if words.isascii() else _ANY_REFUSED).search(words):
        for what, characters in _REFUSED.items():
            if found := characters.search(words):
                raise Unfit(f"Character {found.start() + 1} (U+{ord(found[0]):04X}) is {what}; remove it.")
    return words


def _too_long(length: int, limit: int) -> Unfit:
    return Unfit(f"This is {length:,} characters long and {limit:,} are allowed; shorten it or divide it.")


def _runs(words: str) -> Iterator[str]:
    start, last = 0, ""
    for here, character in enumerate(words):
        kind = _kind(character)
        if kind == "mark":  # accents, variation selectors and joiners stay with what they stand on
            kind = last if last in ("letter", "digit", "alone") else "letter"
            joined = last == kind
        elif kind == "alone" and _joins(words, here):
            kind = "letter"
            joined = True
        else:
            joined = kind == last != "alone" or {kind, last} == {"letter", "digit"}
        if here and not joined:
            yield words[start:here]
            start = here
        last = kind
    if words:
        yield words[start:]


@lru_cache(maxsize=4096)
def _kind(character: str) -> str:
    if character == "\n":
        return "new line"
    if character.isspace():
        return "blank"
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf":
        return "mark"
    if category[0] not in "LN" or _WITHOUT_SPACES.match(character):
        return "alone"
    return "letter" if category[0] == "L" else "digit"


def _joins(words: str, here: int) -> bool:
    """Whether the mark at `here` stands inside a word (Asia-Pacific, region’s) or a number (1.5, 2021–22)."""
    if not 0 < here < len(words) - 1:
        return False
    around = {_kind(words[here - 1]), _kind(words[here + 1])}
    if words[here] in "'’-‐‑":
        return around <= {"letter", "digit", "mark"}
    return words[here] in ".,:/–" and around == {"digit"}
