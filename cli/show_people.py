"""Who takes part, and when they met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import click

from cli.printing import columns, heading, indented, name_of, paged, remark_on_more
from cli.session import Session, dialogue_option, showing

Shown = dict[str, Any]


@click.command()
@dialogue_option
@paged
@showing
@click.pass_obj
def participants(session: Session, where: str | None, limit: int, after: str | None) -> None:
    """Who takes part: names as printed, roles, capacity, and how they describe themselves.

    Example: dialogue participants --in "Quiet Waters"
    """
    from projections import participants as read
    from projections.resolve import seen

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        last = seen(reading, dialogue, "participant", after)
        page = read.page(reading, dialogue, after=last, limit=limit)
    rows = [
        [
            one["handle"],
            one["name"] + (f" ({one['forms']})" if one["forms"] else ""),
            ", ".join(one["roles"]),
            one["status"],
            "" if one["capacity"] == "unstated" else one["capacity"],
            "; ".join(filter(None, [one["descriptor"], one["affiliation"], one["country"]])),
        ]
        for one in page.items
    ]
    session.out(page.items, columns(rows) if rows else "Nobody takes part yet; `dialogue invite` invites somebody.")
    if page.items:
        remark_on_more(page.after, page.items[-1]["handle"])


@click.command()
@dialogue_option
@paged
@showing
@click.pass_obj
def meetings(session: Session, where: str | None, limit: int, after: str | None) -> None:
    """The meetings, planned and held, with their sessions and who attended.

    Example: dialogue meetings
    """
    from projections import meetings as read
    from projections.resolve import seen

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        last = seen(reading, dialogue, "meeting", after)
        page = read.page(reading, dialogue, after=last, limit=limit)
        held = [read.one(reading, UUID(one["id"])) for one in page.items]
    told = "\n".join(line for one in held for line in meeting(one))
    session.out(held, told or "No meeting is planned; `dialogue plan` plans one.")
    if page.items:
        remark_on_more(page.after, page.items[-1]["handle"])


def meeting(one: Shown) -> Iterator[str]:
    """A meeting in a few lines."""
    dates = " to ".join(filter(None, [one["starts"], one["ends"]]))
    planned = f"planned for {one['planned_starts']}" if one["other_date"] else ""
    about = [one["status"], dates, planned, one["place"], one["host"] and f"hosted by {one['host']}", one["reason"]]
    yield heading(f"{one['handle']} {one['title'] or 'Meeting'}") + ": " + ", ".join(filter(None, about))
    for session in one["sessions"]:
        state = "open" if session["open"] else "closed"
        yield indented(f"{session['handle']} {session['title'] or 'Session'} ({session['attribution']}, {state})")
    if one["attendance"]:
        rows = [[name_of(each["participant"]), each["manner"], each["session"]] for each in one["attendance"]]
        yield indented(columns(rows), 2)
