"""What the Chatham House Rule lets a reader see: who was in a room, whose words, which counts."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dialogue.call import PositionTaken
from dialogue.procedure import Evaluation
from projections.read import Reading, Row

HERE = ("present", "online")


def in_room(reading: Reading, session: Row) -> bool:
    """Whether the reader is recorded as present in that session, or at its meeting as a whole."""
    me = reading.audience.participant
    return me is not None and me in attendees(reading, session["dialogue"], session["meeting"], session["id"])


def at_meeting(reading: Reading, dialogue: str, meeting: str) -> bool:
    """Whether the reader is recorded as present at the meeting, in whichever of its sessions."""
    me = reading.audience.participant
    return me is not None and me in attendees(reading, dialogue, meeting)


def attendees(reading: Reading, dialogue: str, meeting: str, session: str | None = None) -> set[str]:
    """Who was present, now that all is recorded: in one session, or anywhere in the meeting."""
    table = reading.t.attendance
    there = table.c.manner.in_(HERE) & (table.c.status == "recorded")
    if session is not None:
        there &= table.c.session.is_(None) | (table.c.session == session)
    rows = list(reading.present.all(table, "attendance", dialogue, parent=meeting, where=there))
    opened = reading.custody.open(digest for row in rows for digest in row["sealed"])
    return {value for name, value in opened.values() if name == "attendee"}


def attendance_open(reading: Reading, meeting: Row, sessions: Iterable[str | None]) -> dict[str | None, bool]:
    """For each session, and None for the meeting as a whole, whether the reader may know who attended."""
    dialogue = reading.present.row(reading.t.dialogues, meeting["dialogue"])
    assert dialogue is not None
    settings, rows = dialogue["settings"], reading.several(reading.t.sessions, sessions)
    named: dict[str | None, bool] = {None: settings["sessions"] == "attributed"}
    named |= {id: row["attribution"] == "attributed" for id, row in rows.items()}
    found: dict[str | None, bool] = {}
    for id in sessions:
        if settings["attendance_public"] or reading.audience.may("attendance"):
            found[id] = True
        elif named[id]:
            found[id] = reading.audience.may("people")
        elif id is None:
            here = at_meeting(reading, meeting["dialogue"], meeting["id"])
            found[id] = reading.audience.may("attendance", present=here)
        else:
            found[id] = reading.audience.may("attendance", present=in_room(reading, rows[id]))
    return found


def words_open(reading: Reading, sessions: Iterable[str | None]) -> dict[str | None, bool]:
    """For each session, whether the words that were said in it and are in the record may be read."""
    rows = reading.several(reading.t.sessions, sessions)
    return {id: speakable(reading, row) for id, row in rows.items()}


def speakable(reading: Reading, session: Row) -> bool:
    if session["attribution"] == "closed":
        return reading.audience.may("closed") or reading.audience.may("closed", present=in_room(reading, session))
    return reading.audience.may("words")


def private(reading: Reading, call: Row) -> bool:
    """Whether positions in the call are taken under the Rule."""
    if call["session"] is None:
        return False
    session = reading.row(reading.t.sessions, call["session"])
    return session is not None and session["attribution"] != "attributed"


def fewest(reading: Reading, dialogue: UUID | str) -> int:
    """The smallest number of people that may be told of (domain.md: no count below k)."""
    row = reading.present.row(reading.t.dialogues, dialogue)
    assert row is not None
    return int(row["settings"]["batch"])


def counts_told(reading: Reading, call: Row, tally: Iterable[int]) -> bool:
    """Whether this reader may be told how many took each position. One number that is too small hides them all,
    as it would follow from the others.
    """
    if reading.audience.may("counts") or not private(reading, call):
        return True
    least = fewest(reading, call["dialogue"])
    return all(number == 0 or number >= least for number in tally)


def uncounted(found: Evaluation) -> str:
    """The outcome in words without any number."""
    verdict = "Reached" if found.reached else "Not reached"
    by = "the co-chairs' ruling" if found.procedure.name == "chair" else found.procedure.name
    return f"{verdict} by {by}. The positions were taken under the Chatham House Rule; their numbers are not told."


def held(reading: Reading, call: Row) -> list[Row]:
    """The positions in a call under the Rule with their holders, as far as the vault still knows."""
    room, table = reading.room, reading.t.positions
    found = []
    waits = call["status"] == "open" and reading.as_of is None
    names = {row["id"]: row for row in reading.all(table, "position", call["dialogue"], parent=call["id"])}
    for one in room.held(call["dialogue"], room.t.c.call == call["id"]):
        if one.state == "waiting" and waits and one.contribution is not None:
            fact = one.contribution.fact
            assert isinstance(fact, PositionTaken)
            taken = {"name": fact.name, "reason": fact.reason, "paragraphs": list(fact.paragraphs)}
            found.append({**taken, "late": False, "taken": None, "participant": str(one.by) if one.by else None})
        elif one.thing in names:
            found.append({**names.pop(one.thing), "participant": str(one.by) if one.by else None})
    return [*found, *names.values()]
