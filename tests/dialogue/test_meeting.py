import pytest

from dialogue.fact import Personal
from dialogue.meeting import (
    AttendanceRecorded,
    CancelMeeting,
    CloseSession,
    HoldMeeting,
    Meeting,
    MeetingCancelled,
    MeetingHeld,
    MeetingPlanned,
    OpenSession,
    PlanMeeting,
    RecordAttendance,
    Session,
    SessionClosed,
    SessionOpened,
)
from spec import did, given, thing, who

M1, M2, S1 = thing("M1"), thing("M2"), thing("S1")
PLANNED = did("Office", PlanMeeting("First", "A host", "Улаанбаатар", "2026-03", "2026-03"))
OPENED = did("Rin", OpenSession(M1, "attributed"))


def test_a_meeting_is_planned_in_a_month_and_not_ended_before_it_starts():
    plan = given().when(PlanMeeting("First", "A host", "서울", "2026-03"), by="Office")
    plan.then(MeetingPlanned, meeting="M1", number=1, place="서울", starts="2026-03")
    plan.when(PlanMeeting(), by="Rin").then(MeetingPlanned, meeting="M2", number=2)
    given().when(PlanMeeting(starts="2026-03-02", ends="2026-03-01"), by="Office").refused("unfit", "before it starts")


def test_a_meeting_held_in_another_month_than_planned_keeps_both():
    held = given(PLANNED).when(HoldMeeting(M1, "2026-02-27", place="Токио"), by="Office")
    held.then(MeetingHeld, starts="2026-02-27", place="Токио")
    assert held.find(Meeting, M1).status == "held"
    held.when(HoldMeeting(M1, "2026-02"), by="Office").refused("meeting-held")
    held.when(CancelMeeting(M1, "no"), by="Office").refused("meeting-held")


@pytest.mark.parametrize("day", ["2026-03-03", "2026-04", "2027"])
def test_a_meeting_that_lies_ahead_has_not_been_held(day):
    given(PLANNED).when(HoldMeeting(M1, day), by="Office").refused("future", day)


def test_a_cancelled_meeting_is_neither_held_nor_attended_nor_opened():
    cancelled = given(PLANNED).when(CancelMeeting(M1, "a storm"), by="Rin").then(MeetingCancelled, reason="a storm")
    cancelled.when(CancelMeeting(M1, "a storm"), by="Rin").then_nothing()
    cancelled.when(HoldMeeting(M1, "2026-03"), by="Office").refused("meeting-cancelled", "plan it anew")
    cancelled.when(RecordAttendance(M1, who("Tuya")), by="Office").refused("meeting-cancelled")
    cancelled.when(OpenSession(M1, "attributed")).refused("meeting-cancelled")
    given().when(CancelMeeting(M1, "a storm"), by="Rin").refused("unknown")


def test_attendance_is_recorded_without_saying_in_the_record_whose():
    attended = given(PLANNED, OPENED).when(RecordAttendance(M1, who("Tuya"), "online", S1), by="Office")
    attended.then(AttendanceRecorded, manner="online", session="S1", attendee=Personal(str(who("Tuya")), who("Tuya")))


def test_attendance_is_of_somebody_known_in_a_session_of_that_meeting():
    story = given(PLANNED, OPENED, did("Office", PlanMeeting()))
    story.when(RecordAttendance(M1, who("N99")), by="Office").refused("unknown", "participant")
    story.when(RecordAttendance(M2, who("Tuya"), session=S1), by="Office").refused("unfit", "another meeting")


def test_a_session_opens_under_the_rule_given_or_the_dialogue_s_own_and_closes_once():
    opened = given(PLANNED).when(OpenSession(M1, "attributed", "Morning"))
    opened.then(SessionOpened, session="S1", attribution="attributed", title="Morning")
    given(PLANNED, sessions="attributed").when(OpenSession(M1)).then(SessionOpened, attribution="attributed")
    given().when(OpenSession(M1, "attributed")).refused("unknown", "meeting")
    closed = opened.when(CloseSession(S1)).then(SessionClosed, session="S1")
    assert not closed.find(Session, S1).open
    closed.when(CloseSession(S1)).then_nothing()
    opened.when(CloseSession(thing("S9"))).refused("unknown", "session")


def test_a_session_is_under_the_chatham_house_rule_unless_the_dialogue_or_the_chair_says_otherwise():
    given(PLANNED).when(OpenSession(M1)).then(SessionOpened, attribution="chatham-house")
    given(PLANNED, sessions="closed").when(OpenSession(M1)).then(SessionOpened, attribution="closed")
    given(PLANNED).when(OpenSession(M1, "attributed")).then(SessionOpened, attribution="attributed")
