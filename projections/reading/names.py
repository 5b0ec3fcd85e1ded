"""Which part of a printed name is the family's, where the SURNAME stands in capitals."""

import re
from typing import Literal, NamedTuple

_INITIALS = re.compile(r"(?:\w\.)+")


class NameParts(NamedTuple):
    """Family and given name as printed, and which comes first; all None where the print does not say."""

    family: str | None
    given: str | None
    order: Literal["family-first", "given-first"] | None


def name_parts(name: str) -> NameParts:
    """Read "YUZAKI Hidehiko" and "Georgy TOLORAYA"; never guess.

    The convention: the family name alone is in capitals and stands at one end. Initials are no family name,
    and a name without capitals, all in capitals, or in a script without them tells nothing.
    """
    words = name.split()
    loud = [_capitals(word) for word in words]
    count = sum(loud)
    if 0 < count < len(words):
        if all(loud[:count]):
            return NameParts(" ".join(words[:count]), " ".join(words[count:]), "family-first")
        if all(loud[-count:]):
            return NameParts(" ".join(words[-count:]), " ".join(words[:-count]), "given-first")
    return NameParts(None, None, None)


def _capitals(word: str) -> bool:
    cased = [char for char in word if char.isupper() or char.islower()]
    return len(cased) >= 2 and word.isupper() and not _INITIALS.fullmatch(word)
