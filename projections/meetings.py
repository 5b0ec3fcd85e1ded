"""Meetings, their sessions and who attended."""

from __future__ import annotations

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
