"""Small things that every sentence is made of: lists, quotations, reasons, instants, numbers of entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from dialogue.procedure import Procedure

ATTRIBUTIONS = {
    "attributed": "where speakers are named",
    "chatham-house": "under the Chatham House Rule",
    "closed": "closed",
}
QUOTED = 160  # characters of somebody's words that a sentence repeats


def listed(words: Iterable[str], last: str = "and") -> str:
    """A, B and C."""
    every = list(words)
    return f" {last} ".join([", ".join(every[:-1]), every[-1]] if len(every) > 1 else every)


def counted(number: int, noun: str) -> str:
    """1 item, 2 items."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def quoted(words: str) -> str:
    """Somebody's words on one line, shortened where they are long."""
    flat = " ".join(words.split())
    return f"“{flat}”" if len(flat) <= QUOTED else f"“{flat[:QUOTED].rstrip()} …”"


def because(reason: str | None) -> str:
    """What follows a sentence whose fact has a reason."""
    return "" if reason is None else f": {quoted(reason)}"


def instant(time: datetime) -> str:
    """An instant to the minute: 2026-01-31 09:00 UTC."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def until(time: datetime | None) -> str:
    return "" if time is None else f" until {instant(time)}"


def entries(numbers: Sequence[int]) -> str:
    """In words: entry 7; entries 7 and 9; entries 7 to 12, 15 and 20."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [
        each
        for run in runs
        for each in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(number) for number in run])
    ]
    return f"{'entry' if len(numbers) == 1 else 'entries'} {listed(words)}"


def procedure(rule: Procedure) -> str:
    """By which procedure, as a sentence says it."""
    match rule.name:
        case "consensus-minus":
            return f"by consensus minus {len(rule.excluded)}"
        case "majority":
            return f"by a majority of at least {rule.threshold}"
        case "chair":
            return "by the co-chairs' ruling"
        case "ballot":
            return "by ballot"
        case name:
            return f"by {name}"
