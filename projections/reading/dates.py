"""Dates and numbers as forms write them: whole or partial, in words or figures; never guessed."""

import re
from calendar import monthrange

_MONTHS = (
    "jan янв",
    "feb фев",
    "mar мар",
    "apr апр",
    "may май мая",
    "jun июн",
    "jul июл",
    "aug авг",
    "sep сен",
    "oct окт",
    "nov ноя",
    "dec дек",
)
_MONTH = {start: number for number, starts in enumerate(_MONTHS, 1) for start in starts.split()}
_NUMBERS = re.split(" ", "zero one two three four five six seven eight nine ten eleven twelve")
_WORD = r"(?P<word>[^\W\d_]{3,})\.?"
_YEAR = r"(?P<year>[0-9]{4})"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?:-(?P<month>[0-9]{{2}})(?:-(?P<day>[0-9]{{2}}))?)?",
        rf"{_YEAR}\s*[年년]\s*(?:(?P<month>[0-9]{{1,2}})\s*[月월]\s*(?:(?P<day>[0-9]{{1,2}})\s*[日일])?)?",
        rf"{_WORD},?\s+{_YEAR}",
        rf"{_WORD}\s+{_DAY},?\s+{_YEAR}",
        rf"{_DAY}\s+(?:of\s+)?{_WORD},?\s+{_YEAR}",
    )
]


def partial_date(words: str) -> str | None:
    """A date in ISO 8601: 2019-06 from "June 2019", 2019-09-01 from "September 1, 2019"; else None.

    English and Russian month names, ISO 8601, and Chinese, Japanese and Korean dates. Of 01/09/2019 nobody
    knows the month, and 31 June is no date: both are None.
    """
    words = re.sub(r"\s*(г\.?|года)$", "", words.strip())
    for form in _FORMS:
        if found := form.fullmatch(words):
            parts = found.groupdict()
            month = _month(parts.get("word")) if "word" in parts else int(parts.get("month") or 0)
            return _dated(int(parts["year"]), month, int(parts.get("day") or 0))
    return None


def count(words: str) -> int | None:
    """The number in "Four (4)", "4" or "four"; None where there is no number, or two that differ."""
    figures = {int(each) for each in re.findall(r"[0-9]+", words)}
    named = {_NUMBERS.index(word) for word in re.findall(r"[a-z]+", words.lower()) if word in _NUMBERS}
    found = figures | named
    return found.pop() if len(found) == 1 else None


def _month(word: str | None) -> int | None:
    return _MONTH.get((word or "").lower()[:3])


def _dated(year: int, month: int | None, day: int) -> str | None:
    if month is None or not 0 <= month <= 12 or year == 0:
        return None
    if not month:
        return f"{year:04}"
    if not day:
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{day:02}" if day <= monthrange(year, month)[1] else None
