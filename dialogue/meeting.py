"""Meetings and their sessions: planned, held or cancelled, attended, opened and closed.

domain.md, "Life of a dialogue" and "Who may learn what". What was planned is not what was held: both stay.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
from uuid import UUID

from dialogue.book import Book, State
from dialogue.fact import Command, Entry, Fact, Line, Moment, PartialDate, Personal, Prose, Refused
from dialogue.mandate import Attribution, Dialogue
from dialogue.participant import Participant

Manner: TypeAlias = Literal["present", "online", "regrets", "absent"]


@dataclass(frozen=True)
class MeetingPlanned(Fact, stream="meeting", also={"dialogue": "dialogue"}):
    meeting: UUID
    number: int
    title: str | None = None
    host: str | None = None
    place: str | None = None
    starts: PartialDate | None = None
    ends: PartialDate | None = None


@dataclass(frozen=True)
class MeetingHeld(Fact, stream="meeting"):
    meeting: UUID
    starts: PartialDate
    ends: PartialDate | None = None
    host: str | None = None
    place: str | None = None


@dataclass(frozen=True)
class MeetingCancelled(Fact, stream="meeting"):
    meeting: UUID
    reason: str


@dataclass(frozen=True)
class AttendanceRecorded(Fact, stream="attendance"):
    """The attendee is sealed: under the Chatham House Rule who was there may not be revealed."""

    attendance: UUID
    meeting: UUID
    manner: Manner
    session: UUID | None = None
    attendee: Personal | None = None


@dataclass(frozen=True)
class SessionOpened(Fact, stream="session", also={"dialogue": "dialogue"}):
    session: UUID
    number: int
    meeting: UUID
    attribution: Attribution
    title: str | None = None


@dataclass(frozen=True)
class SessionClosed(Fact, stream="session"):
    session: UUID


@dataclass(frozen=True)
class Meeting(State, kind="meeting", noun="meeting"):
    number: int
    status: Literal["planned", "held", "cancelled"] = "planned"


@dataclass(frozen=True)
class Attendance(State, kind="attendance", noun="attendance"):
    meeting: UUID
    status: Literal["recorded", "void"] = "recorded"


@dataclass(frozen=True)
class Session(State, kind="session", noun="session"):
    number: int
    meeting: UUID
    attribution: Attribution
    open: bool = True


def evolve_meeting(state: Meeting | None, entry: Entry) -> Meeting:
    match entry.fact:
        case MeetingPlanned() as fact:
            return Meeting(fact.number)
    assert state is not None
    match entry.fact:
        case MeetingHeld():
            return replace(state, status="held")
        case MeetingCancelled():
            return replace(state, status="cancelled")
    return state


def evolve_attendance(state: Attendance | None, entry: Entry) -> Attendance:
    match entry.fact:
        case AttendanceRecorded() as fact:
            return Attendance(fact.meeting)
    assert state is not None
    return state


def evolve_session(state: Session | None, entry: Entry) -> Session:
    match entry.fact:
        case SessionOpened() as fact:
            return Session(fact.number, fact.meeting, fact.attribution)
    assert state is not None
    match entry.fact:
        case SessionClosed():
            return replace(state, open=False)
    return state


@dataclass(frozen=True)
class PlanMeeting(Command):
    title: Line | None = None
    host: Line | None = None
    place: Line | None = None
    starts: PartialDate | None = None
    ends: PartialDate | None = None


@dataclass(frozen=True)
class HoldMeeting(Command):
    """A planned meeting took place: when (a month is enough) and, where it differs, hosted by whom and where."""

    meeting: UUID
    starts: PartialDate
    ends: PartialDate | None = None
    host: Line | None = None
    place: Line | None = None


@dataclass(frozen=True)
class CancelMeeting(Command):
    meeting: UUID
    reason: Prose


@dataclass(frozen=True)
class RecordAttendance(Command):
    meeting: UUID
    participant: UUID
    manner: Manner = "present"
    session: UUID | None = None


@dataclass(frozen=True)
class OpenSession(Command):
    """A session of a meeting begins, under an attribution rule; the dialogue's own where none is given."""

    meeting: UUID
    attribution: Attribution | None = None
    title: Line | None = None


@dataclass(frozen=True)
class CloseSession(Command):
    session: UUID


COMMANDS = (PlanMeeting, HoldMeeting, CancelMeeting, RecordAttendance, OpenSession, CloseSession)
FACTS = (MeetingPlanned, MeetingHeld, MeetingCancelled, AttendanceRecorded, SessionOpened, SessionClosed)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about meetings. Raises Refused."""
    match command:
        case PlanMeeting():
            in_order(command.starts, command.ends)
            number, meeting = book.new("meeting")
            return [
                MeetingPlanned(
                    meeting, number, command.title, command.host, command.place, command.starts, command.ends
                )
            ]
        case HoldMeeting():
            return held(command, book, moment)
        case CancelMeeting():
            if planned(command.meeting, book).status == "cancelled":
                return []
            return [MeetingCancelled(command.meeting, command.reason)]
        case RecordAttendance():
            return attended(command, book, moment)
        case OpenSession():
            return opened(command, book)
        case CloseSession():
            session = book.one(Session, command.session)
            return [SessionClosed(command.session)] if session.open else []
    raise TypeError(command)


def planned(meeting: UUID, book: Book) -> Meeting:
    """The meeting, if it has not been held. Raises Refused."""
    state = book.one(Meeting, meeting)
    if state.status == "held":
        raise Refused("meeting-held", f"meeting {state.number} has been held already")
    return state


def held(command: HoldMeeting, book: Book, moment: Moment) -> list[Fact]:
    meeting = planned(command.meeting, book)
    if meeting.status == "cancelled":
        raise Refused("meeting-cancelled", f"meeting {meeting.number} was cancelled; plan it anew")
    in_order(command.starts, command.ends)
    today = moment.recorded.date().isoformat()
    if command.starts > today[: len(command.starts)]:
        raise Refused("future", f"a meeting that starts on {command.starts} has not been held yet")
    return [MeetingHeld(command.meeting, command.starts, command.ends, command.host, command.place)]


def attended(command: RecordAttendance, book: Book, moment: Moment) -> list[Fact]:
    meeting = book.one(Meeting, command.meeting)
    if meeting.status == "cancelled":
        raise Refused("meeting-cancelled", f"meeting {meeting.number} was cancelled; nobody attended it")
    book.one(Participant, command.participant)
    if command.session is not None and book.one(Session, command.session).meeting != command.meeting:
        raise Refused("unfit", "that session belongs to another meeting")
    who = Personal(str(command.participant), command.participant)
    return [AttendanceRecorded(moment.draw(), command.meeting, command.manner, command.session, who)]


def opened(command: OpenSession, book: Book) -> list[Fact]:
    meeting = book.one(Meeting, command.meeting)
    if meeting.status == "cancelled":
        raise Refused("meeting-cancelled", f"meeting {meeting.number} was cancelled")
    attribution = command.attribution or book.one(Dialogue, book.dialogue).settings.sessions
    number, session = book.new("session")
    return [SessionOpened(session, number, command.meeting, attribution, command.title)]


def under_the_rule(session: UUID | None, book: Book) -> bool:
    """Whether the session is one of which nobody may be named. Raises Unknown where there is none."""
    return session is not None and book.one(Session, session).attribution != "attributed"


def in_session(session: UUID | None, book: Book) -> None:
    """Demands that the session is there, and one in which something may be done in one's own name. Raises Refused."""
    if under_the_rule(session, book):
        raise Refused(
            "attribution",
            "this bears its author's name, so it is not said in a session under the Chatham House Rule; "
            "leave the session out",
        )


def in_order(starts: str | None, ends: str | None) -> None:
    if starts is not None and ends is not None and ends < starts[: len(ends)]:
        raise Refused("unfit", f"it would end ({ends}) before it starts ({starts})")
