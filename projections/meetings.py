"""Meetings, their sessions and who attended."""

from __future__ import annotations

from uuid import UUID

from dialogue.fact import Entry
from dialogue.meeting import (
    AttendanceRecorded,
    MeetingCancelled,
    MeetingHeld,
    MeetingPlanned,
    SessionClosed,
    SessionOpened,
)
from dialogue.voiding import EnteredInError
from projections import rule
from projections.read import PAGE, Page, Reading, Row, Shown
from projections.rows import Rows


def project(entry: Entry, rows: Rows) -> None:
    """What a fact about a meeting changes."""
    table, fact = rows.t.meetings, entry.fact
    match fact:
        case MeetingPlanned():
            rows.thing(entry, "meeting", fact.meeting, fact.number)
            rows.add(
                table,
                entry,
                fact.meeting,
                number=fact.number,
                status="planned",
                title=fact.title,
                host=fact.host,
                place=fact.place,
                starts=fact.starts,
                ends=fact.ends,
                planned_starts=fact.starts,
                planned_ends=fact.ends,
                reason=None,
            )
        case MeetingHeld():
            row = rows.row(table, fact.meeting)
            rows.revise(
                table,
                entry,
                fact.meeting,
                status="held",
                starts=fact.starts,
                ends=fact.ends,
                host=fact.host or row["host"],
                place=fact.place or row["place"],
            )
        case MeetingCancelled():
            rows.revise(table, entry, fact.meeting, status="cancelled", reason=fact.reason)
        case SessionOpened():
            rows.thing(entry, "session", fact.session, fact.number, fact.meeting)
            rows.add(
                rows.t.sessions,
                entry,
                fact.session,
                number=fact.number,
                meeting=fact.meeting,
                attribution=fact.attribution,
                open=True,
                title=fact.title,
            )
        case SessionClosed():
            rows.revise(rows.t.sessions, entry, fact.session, open=False)
        case AttendanceRecorded():
            rows.thing(entry, "attendance", fact.attendance, entry.number, fact.meeting)
            rows.add(
                rows.t.attendance,
                entry,
                fact.attendance,
                meeting=fact.meeting,
                session=fact.session,
                manner=fact.manner,
                status="recorded",
                sealed=list(entry.sealed),
            )
        case EnteredInError() if fact.attendance is not None:
            rows.revise(rows.t.attendance, entry, fact.attendance, status="void")


def page(reading: Reading, dialogue: UUID, *, after: str | None = None, limit: int = PAGE) -> Page:
    """The meetings with their sessions: where and when each was held, and when it was planned."""
    rows, more = reading.page(reading.t.meetings, "meeting", dialogue, after=after, limit=limit)
    return Page([described(reading, row) for row in rows], more)


def one(reading: Reading, meeting: UUID) -> Shown:
    """One meeting with its sessions and who attended. Raises Unknown."""
    row = reading.one(reading.t.meetings, meeting, "meeting")
    return {**described(reading, row), "attendance": attendance(reading, row)}


def described(reading: Reading, row: Row) -> Shown:
    names = ("id", "status", "title", "host", "place", "starts", "ends", "planned_starts", "planned_ends", "reason")
    moved = row["status"] == "held" and row["planned_starts"] is not None and row["planned_starts"] != row["starts"]
    return {
        "handle": f"M{row['number']}",
        **{name: row[name] for name in names},
        "other_date": moved and not (row["starts"] or "").startswith(row["planned_starts"]),
        "sessions": [
            {
                "id": session["id"],
                "handle": f"S{session['number']}",
                "title": session["title"],
                "attribution": session["attribution"],
                "open": session["open"],
            }
            for session in reading.all(reading.t.sessions, "session", row["dialogue"], parent=row["id"])
        ],
    }


def attendance(reading: Reading, meeting: Row) -> list[Shown]:
    """Who was there and how, in the order in which it was recorded; what was entered in error is left out, and so is
    what this reader may not know.
    """
    table = reading.t.attendance
    recorded = table.c.status == "recorded"
    rows = list(reading.all(table, "attendance", meeting["dialogue"], parent=meeting["id"], where=recorded))
    may = rule.attendance_open(reading, meeting, {row["session"] for row in rows})
    rows = [row for row in rows if may[row["session"]]]
    opened = reading.custody.open(digest for row in rows for digest in row["sealed"])
    who = {row["id"]: dict(opened[one] for one in row["sealed"] if one in opened).get("attendee") for row in rows}
    people = reading.persons(who.values())
    sessions = reading.handles(row["session"] for row in rows)
    return [
        {
            "id": row["id"],
            "participant": people[attendee].reference if (attendee := who[row["id"]]) in people else None,
            "manner": row["manner"],
            "session": sessions.get(row["session"]),
        }
        for row in rows
    ]
