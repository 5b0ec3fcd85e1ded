"""How lists are printed: aligned by what a terminal shows, times in the zone that was asked for, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from unicodedata import combining, east_asian_width
from zoneinfo import ZoneInfo

import click

from cli.session import Session, echo_error

F = TypeVar("F", bound=Callable[..., Any])
GAP = "  "


def width(text: str) -> int:
    """How many columns of a terminal the text takes: two for the wide characters of East Asia (UAX #11)."""
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def columns(rows: Iterable[Sequence[object]]) -> str:
    """Rows as lines, their cells aligned; None and empty columns take no room. The last column is not cut."""
    cells = [["" if one is None else str(one) for one in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    lines = (
        GAP.join(cell + " " * (most - width(cell)) for cell, most in zip(row, widths, strict=True) if most)
        for row in cells
    )
    return "\n".join(line.rstrip() for line in lines)


def heading(text: str) -> str:
    """A line that stands out on a terminal; plain wherever colours are off."""
    return click.style(text, bold=True)


def indented(text: str, depth: int = 1) -> str:
    """The text, every line of it moved in."""
    return "\n".join(GAP * depth + line if line else line for line in text.split("\n"))


def when(session: Session, stamp: str | None) -> str:
    """An instant of the record in the zone of --tz, or the machine's own, to the minute; "" for none."""
    if stamp is None:
        return ""
    zone = ZoneInfo(session.settings.tz) if session.settings.tz else None
    instant = datetime.fromisoformat(stamp)
    try:
        local = instant.astimezone(zone)
    except OverflowError:  # at the very ends of the calendar other zones have no year left
        local = instant
    return local.strftime("%Y-%m-%d %H:%M ") + (local.tzname() or "")


def name_of(person: dict[str, Any] | None) -> str:
    """The person's name; "" for nobody."""
    return "" if person is None else str(person["name"])


def paged(command: F) -> F:
    """Adds --limit and --after, which every list has."""
    command = click.option("--after", metavar="ID", help="Go on after this one.")(command)
    return click.option(
        "--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many at most."
    )(command)


def remark_on_more(after: str | None, last: str) -> None:
    """Says on stderr that the list goes on, and how to see more."""
    if after is not None:
        echo_error(f'More follow: add --after "{last}" for the next ones.' if " " in last else more(last))


def more(last: str) -> str:
    return f"More follow: add --after {last} for the next ones."
