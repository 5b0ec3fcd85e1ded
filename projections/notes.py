"""A session's notes: what was said under the Chatham House Rule and waits, for those who were in the room.

In the order of a digest of what was said, which tells nothing of who spoke or when.
"""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from dialogue.comment import CommentMade
from dialogue.fact import Unknown
from dialogue.withheld import content
from projections import rule
from projections.read import Reading, Shown
from projections.room import Held


def notes(reading: Reading, session: UUID) -> Shown:
    """What waits from the session. The secretariat sees who said it, and who said what has entered, while that is kept.

    Raises Unknown where there is nothing that this reader may know of.
    """
    row = reading.row(reading.t.sessions, session)
    here = row is not None and rule.in_room(reading, row)
    if row is None or not reading.audience.may("waiting", present=here):
        raise Unknown("session whose notes you may read")
    told = reading.audience.may("speakers")
    room, dialogue = reading.room, UUID(row["dialogue"])
    room.settle(dialogue, lambda entry, token: reading.record.stands(dialogue, entry, token))
    mine = (room.t.c.session == row["id"]) & room.t.c.call.is_(None) & room.t.c.state.in_(("waiting", "released"))
    held = sorted(room.held(dialogue, mine), key=said)
    people = reading.persons(one.by for one in held) if told else {}
    entered = reading.handles(one.thing for one in held) if told else {}
    subjects = reading.handles(
        id for one in held if one.contribution for id in (on(one.contribution.fact), answered(one.contribution.fact))
    )
    items = []
    for one in held:
        fact = one.contribution.fact if one.contribution else None
        if not isinstance(fact, CommentMade) and not told:
            continue
        item: Shown = {"words": None, "on": None, "version": None, "reply_to": None}
        if isinstance(fact, CommentMade):
            item = {"words": fact.words, "on": subjects.get(str(on(fact))), "version": fact.version}
            item["reply_to"] = subjects.get(str(fact.reply_to))
        if told:
            speaker = people.get(str(one.by))
            item |= {"by": speaker.reference if speaker else None, "comment": entered.get(one.thing or "")}
        items.append(item)
    return {"session": f"S{row['number']}", "attribution": row["attribution"], "open": row["open"], "notes": items}


def said(held: Held) -> bytes:
    """What orders the notes: a digest of what was said, whoever said it and whenever."""
    return sha256(content(held.contribution.fact)).digest() if held.contribution else held.id.encode()


def on(fact: object) -> UUID | None:
    return getattr(fact, "proposal", None) or getattr(fact, "document", None)


def answered(fact: object) -> UUID | None:
    return getattr(fact, "reply_to", None)


def receipt(reading: Reading, ticket: str, dialogue: UUID | None = None) -> Shown:
    """What became of what was said, in this dialogue if one is named, for whoever has its ticket. Raises Unknown."""
    held = reading.room.receipt(ticket)
    if held is None:
        raise Unknown("ticket of that kind")
    session = reading.one(reading.t.sessions, held.session, "session")
    if dialogue is not None and session["dialogue"] != str(dialogue):
        raise Unknown("ticket of that kind")
    entered = reading.handle(held.thing) if held.thing else None
    return {"state": held.state, "comment": entered}


def retire(reading: Reading, dialogue: UUID, today: date) -> int:
    """Removes who said what under the Rule longer ago than the dialogue keeps it; how much that was.

    A position in a call that is still open keeps its holder, whom the procedure needs. What a dialogue that has
    ended left behind is destroyed.
    """
    room, row = reading.room, reading.one(reading.t.dialogues, dialogue, "dialogue")
    if row["status"] == "concluded":
        room.settle(dialogue, lambda entry, token: reading.record.stands(dialogue, entry, token))
        room.end(dialogue)
    last = (today - timedelta(days=row["settings"]["retention_days"])).isoformat()
    calls = reading.t.calls
    opened = {one["id"] for one in reading.all(calls, "call", dialogue, where=calls.c.status == "open")}
    old = (room.t.c.received < last) & room.t.c.act.is_not(None)
    return room.unname(dialogue, room.listed(dialogue, old, needed=opened))
