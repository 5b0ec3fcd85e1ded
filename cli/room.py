"""Commands for what is said under the Chatham House Rule: session-notes, receipt, and retention."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import click

from cli.printing import heading, indented, name_of
from cli.session import Session, dialogue_option, showing, with_json

if TYPE_CHECKING:
    from uuid import UUID

    from dialogue.fact import Entry
    from projections.read import Reading

Shown = dict[str, Any]


@click.command("session-notes")
@click.argument("session_reference", metavar="SESSION")
@dialogue_option
@showing
@click.pass_obj
def session_notes(session: Session, session_reference: str, where: str | None) -> None:
    """What was said in SESSION and waits: for those recorded as present, without speakers and in no order.

    The secretariat sees who said it, as long as that is kept.

    Example: dialogue session-notes S1 --reader "KIM Haneul"
    """
    from projections.notes import notes
    from projections.resolve import thing_named

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        told = notes(reading, thing_named(reading, dialogue, "session", session_reference))
    session.out(told, "\n".join(lines(told)))


def lines(told: Shown) -> Iterator[str]:
    state = "open" if told["open"] else "closed"
    yield heading(f"{told['session']} ({told['attribution']}, {state})")
    if not told["notes"]:
        yield indented("Nothing waits.")
    for note in told["notes"]:
        about = [f"on {note['on']}" if note["on"] else "", f"version {note['version']}" if note["version"] else ""]
        about += [f"in answer to {note['reply_to']}" if note["reply_to"] else ""]
        about += [f"by {name_of(note['by'])}" if note.get("by") else "", note.get("comment") or ""]
        yield indented("- " + (" ".join(filter(None, about)) or "on the whole"))
        yield indented(note["words"] or "(it has entered the record)", 2)


@click.command()
@click.argument("ticket")
@dialogue_option
@with_json
@click.pass_obj
def receipt(session: Session, ticket: str, where: str | None) -> None:
    """What became of something said under the Chatham House Rule, for whoever has its TICKET.

    Example: dialogue receipt Zm9yIHRoZSB0aWNrZXQhIQ
    """
    from projections.notes import receipt as became

    with session.reading() as reading:
        told = became(reading, ticket, session.dialogue(reading, where))
    words = {
        "waiting": "It waits for its session to close, and for others that enter with it.",
        "released": f"It has entered the record as {told['comment'] or 'a position without a holder'}.",
        "changed": "It was changed or withdrawn before it entered the record.",
        "destroyed": "It was destroyed when the dialogue ended, as its settings say.",
    }
    session.out(told, words[told["state"]])


@click.group()
def retention() -> None:
    """Who said what under the Chatham House Rule is kept for a time only.

    Example: dialogue retention run
    """


@retention.command("run")
@with_json
@click.pass_obj
def run(session: Session) -> None:
    """Remove who said what, in every dialogue, where it is older than the dialogue keeps it. Run it daily.

    Example: dialogue retention run
    """
    from projections.retention import retire

    removed, left = retire(session.secretariat)
    text = f"Who said it was removed for {removed} contributions." if removed else "Nothing is older than it is kept."
    session.out({"removed": removed, "left": left or None}, "\n".join(filter(None, [text, left])))


def ended(reading: Reading, dialogue: UUID, entry: Entry) -> Shown | None:
    """What the end of a session under the Rule, or of the dialogue, released; None for any other entry."""
    from dialogue.mandate import DialogueConcluded
    from dialogue.meeting import SessionClosed
    from projections.rule import fewest

    fact = entry.fact
    if not isinstance(fact, SessionClosed | DialogueConcluded):
        return None
    following = reading.entries(dialogue, entry.number + 1)
    released = sum(1 for _ in takewhile(lambda one: one.fact.unattributed, following))
    if isinstance(fact, SessionClosed) and not released:
        row = reading.one(reading.t.sessions, fact.session, "session")
        least = fewest(reading, dialogue)
        return None if row["attribution"] == "attributed" else {"released": 0, "fewer_than": least}
    return {"released": released} if released else None
