"""Subject access: everything that is held about one person, for them to see, and what erasure would remove."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from projections import participants
from projections.forgetting import held
from projections.read import Reading, Shown
from projections.room import Held
from projections.sentences import paged, sentence
from projections.telling.names import Names

if TYPE_CHECKING:
    from projections.secretariat import Secretariat


def subject_access(secretariat: Secretariat, reading: Reading, dialogue: UUID, participant: UUID) -> Shown:
    """What is held about a participant: values with their entries, tokens without secrets, what they did.

    `removed_by_erasure` counts what `dialogue forget` would remove; all else stays in the record, without a name.
    Raises Unknown.
    """
    person = participants.one(reading, participant)
    values = [
        {"entry": one.entry.number, "fact": type(one.entry.fact).__name__, "name": one.name, "value": one.value}
        for one in held(secretariat, dialogue, participant)
    ]
    tokens = [
        {name: value for name, value in vars(one).items() if name not in ("dialogue", "participant")}
        for one in secretariat.access.tokens(dialogue, participant)
    ]
    spoken = said(reading, dialogue, participant)
    return {
        "participant": person,
        "values": values,
        "tokens": tokens,
        "signatures": signatures(reading, dialogue, participant),
        "positions": positions(reading, dialogue, participant),
        "comments": comments(reading, dialogue, participant),
        "under_the_rule": spoken,
        "acts": acts(reading, dialogue, participant),
        "removed_by_erasure": {"values": len(values), "tokens": len(tokens), "under_the_rule": len(spoken)},
    }


def signatures(reading: Reading, dialogue: UUID, participant: UUID) -> list[Shown]:
    """What they signed, and whether they agree to be named."""
    table = reading.t.endorsements
    rows = list(reading.all(table, "endorsement", dialogue, where=table.c.participant == str(participant)))
    handles = reading.handles(row["subject"] for row in rows)
    names = ("version", "sha256", "status", "assent", "capacity", "publish", "confirmed", "signed")
    kept = ({name: row[name] for name in names} for row in rows)
    return [{"on": handles[row["subject"]], "entry": row["given"], **one} for row, one in zip(rows, kept, strict=True)]


def positions(reading: Reading, dialogue: UUID, participant: UUID) -> list[Shown]:
    """The positions they hold, call by call."""
    table = reading.t.positions
    rows = list(reading.all(table, "position", dialogue, where=table.c.participant == str(participant)))
    handles = reading.handles(row["call"] for row in rows)
    return [
        {"in": handles[row["call"]], "entry": row["taken"], "position": row["name"], "reason": row["reason"]}
        for row in rows
    ]


def comments(reading: Reading, dialogue: UUID, participant: UUID) -> list[Shown]:
    """What they said by name."""
    table = reading.t.comments
    rows = reading.all(table, "comment", dialogue, where=table.c.by == str(participant))
    return [
        {"handle": f"C{row['number']}", "entry": row["born"], "words": row["words"], "status": row["status"]}
        for row in rows
    ]


def said(reading: Reading, dialogue: UUID, participant: UUID) -> list[Shown]:
    """What the vault still knows that they said under the Chatham House Rule, and what became of it.

    The words are there only while they wait; then they stand in the record, and are found by what they became.
    """
    room = reading.room
    mine = [one for one in room.held(dialogue, room.t.c.who.is_not(None)) if one.by == participant]
    handles = reading.handles(id for one in mine for id in (one.session, one.thing))
    return [
        {"in": handles[one.session], "state": one.state, "became": handles.get(one.thing or ""), "said": what(one)}
        for one in mine
    ]


def what(held: Held) -> str | None:
    """The words of a comment, or the position, that waits."""
    fact = held.contribution.fact if held.contribution else None
    return getattr(fact, "words", None) or getattr(fact, "name", None)


def acts(reading: Reading, dialogue: UUID, participant: UUID) -> list[Shown]:
    """Every entry that they made or that mentions them, in a sentence."""
    timeline, mentions = reading.t.timeline, reading.t.mentions
    mine = timeline.select().where(
        timeline.c.dialogue == str(dialogue),
        timeline.c.entry <= reading.bound(dialogue),
        (timeline.c.actor == str(participant))
        | (timeline.c.recordedby == str(participant))
        | timeline.c.entry.in_(
            mentions.select()
            .where(mentions.c.id == str(participant), mentions.c.dialogue == str(dialogue))
            .with_only_columns(mentions.c.entry)
        ),
    )
    numbers = [row.entry for row in reading.conn.execute(mine.order_by(timeline.c.entry))]
    names = Names(reading, dialogue)
    entries = (reading.entry(dialogue, number) for number in numbers)
    return [
        {"entry": entry.number, "sentence": sentence(entry, names)} for page in paged(entries, names) for entry in page
    ]
