"""Interpretative statements: how somebody understands a decision, inseparable from it.

domain.md, facts table; they are heard for a period that the dialogue sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from dialogue.book import Book
from dialogue.call import Call
from dialogue.fact import Command, Fact, Moment, Prose, Refused
from dialogue.mandate import Dialogue


@dataclass(frozen=True)
class InterpretativeStatementEntered(Fact, stream="statement", also={"dialogue": "dialogue"}):
    statement: UUID
    number: int
    call: UUID
    participant: UUID
    words: str


@dataclass(frozen=True)
class EnterStatement(Command):
    call: UUID
    words: Prose


COMMANDS = (EnterStatement,)
FACTS = (InterpretativeStatementEntered,)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The statement. Raises Refused before the outcome and after the period."""
    assert isinstance(command, EnterStatement)
    call = book.one(Call, command.call)
    if call.declared is None or call.status not in ("reached", "not-reached", "contested"):
        raise Refused("not-decided", f"{call.handle} has no outcome to interpret")
    hours = book.one(Dialogue, book.dialogue).settings.statement_hours
    if moment.time > call.declared + timedelta(hours=hours):
        raise Refused("too-late", f"statements on {call.handle} were heard for {hours} hours after the outcome")
    number, statement = book.new("statement")
    return [InterpretativeStatementEntered(statement, number, command.call, moment.actor, command.words)]
