"""What the Chatham House Rule lets a reader see: who was in a room, whose words, which counts."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dialogue.call import Unnamed, unnamed_from
from dialogue.outcome import tallied, unnamed
from dialogue.procedure import Evaluation, Procedure
from dialogue.shape import decode
from dialogue.withheld import UNKNOWN_YET
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


def tally(reading: Reading, call: Row) -> Evaluation | None:
    """What the positions came to that were held under the Rule; None before, and where they cannot be opened."""
    found = entered(reading, call)
    if found is None:
        return None
    procedure, entitled = decode(Procedure, call["procedure"]), [UUID(one) for one in call["entitled"]]
    ruling = call["status"] == "reached" if procedure.name == "chair" else None
    return tallied(procedure, entitled, found, call["entered"], ruling)


def entered(reading: Reading, call: Row) -> tuple[Unnamed, ...] | None:
    """The final positions as they entered the record, without holders; None before, and where they cannot be opened."""
    words = reading.opened(call["sealed"]).get("positions")
    return None if words is None else unnamed_from(words)


def counts_told(reading: Reading, call: Row, found: Evaluation) -> bool:
    """Whether this reader may be told the numbers of such a call. One that is too small hides them all, as it would
    follow from the others: of those who hold each position, whose objections were conveyed or not, or who hold none.
    """
    if reading.audience.may("counts"):
        return True
    least = fewest(reading, call["dialogue"])
    numbers = dict(found.tally)
    held = sum(numbers.values()) - found.conveyed
    silent = found.entitled - len(found.procedure.excluded) - held
    others = (found.conveyed, numbers["object"] - found.conveyed, silent)
    return all(number == 0 or number >= least for number in (*numbers.values(), *others))


def told_tally(reading: Reading, call: Row) -> Evaluation | None:
    """The same as `tally`, where this reader may be told its numbers."""
    found = tally(reading, call)
    return found if found is not None and counts_told(reading, call, found) else None


def uncounted(call: Row) -> str:
    """The outcome of such a call in words without any number."""
    procedure = call["procedure"]["name"]
    verdict = "Reached" if call["status"] == "reached" else "Not reached"
    by = "the co-chairs' ruling" if procedure == "chair" else procedure
    return f"{verdict} by {by}. The positions were taken under the Chatham House Rule; their numbers are not told."


def held(reading: Reading, call: Row) -> list[Row]:
    """The positions in a call under the Rule with their holders, as far as the vault still knows."""
    room = reading.room
    final = {str(one.position): position(one, call["entered"]) for one in entered(reading, call) or ()}
    waits = call["status"] == "open" and reading.as_of is None
    found = []
    for one in room.held(call["dialogue"], room.t.c.call == call["id"]):
        holder = {"participant": str(one.by) if one.by else None}
        if one.state == "waiting" and waits and one.contribution is not None:
            found.append({**position(unnamed(UNKNOWN_YET, one.contribution.fact), None), **holder})
        elif one.thing in final:
            found.append({**final.pop(one.thing), **holder})
    return [*found, *final.values()]


def position(one: Unnamed, entry: int | None) -> Row:
    """A position in a call under the Rule, as it is shown."""
    said = {"name": one.name, "reason": one.reason, "paragraphs": list(one.paragraphs)}
    return {**said, "late": False, "taken": entry, "participant": None}
