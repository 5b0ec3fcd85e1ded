"""Bracketing a text and lifting its brackets: the commands and their rules.

domain.md, rule 6: `[a / b]` are alternatives with the participants who hold them; nothing is adopted while a
bracket is open. The facts are in proposal.py, the bracketed text itself in brackets.py.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from unicodedata import is_normalized
from uuid import UUID

from dialogue.anchor import Quoted
from dialogue.book import Book
from dialogue.brackets import Malformed, alternatives, lift
from dialogue.fact import Command, Fact, Moment, Prose, Refused, Words
from dialogue.participant import Participant
from dialogue.proposal import BracketsLifted, Holding, Proposal, TextBracketed, composed, open_text, written
from dialogue.versions import current


@dataclass(frozen=True)
class BracketText(Command):
    """The text with its alternatives written out, `[a / b]`, and who holds which.

    Who held an alternative that stays holds it still, unless it is named anew; with no participants, nobody does.
    """

    proposal: UUID
    text: Words
    holders: tuple[Holding, ...] = ()
    reason: Prose | None = None
    base: int | None = None


@dataclass(frozen=True)
class LiftBrackets(Command):
    """Puts an alternative by its number, or new words, in the place of the n-th outermost bracket (from 1).

    Words that are empty leave nothing there: so a single option is dropped.
    """

    proposal: UUID
    bracket: int = 1
    alternative: int | None = None
    words: Quoted | None = None
    reason: Prose | None = None
    base: int | None = None


COMMANDS = (BracketText, LiftBrackets)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about brackets. Raises Refused."""
    match command:
        case BracketText():
            return bracketed(command, book)
        case LiftBrackets():
            return lifted(command, book)
    raise TypeError(command)


def bracketed(command: BracketText, book: Book) -> list[Fact]:
    state = open_text(command.proposal, book)
    current(state.versions, command.base)
    try:
        written_out = alternatives(command.text)
    except Malformed as malformed:
        raise Refused("brackets", str(malformed)) from None
    if not written_out:
        raise Refused("unfit", "there is no bracket in this text; write alternatives as [one / other]")
    for holding in command.holders:
        if holding.alternative not in written_out:
            raise Refused("unfit", f"the text has no alternative that reads: {holding.alternative}")
        for holder in holding.participants:
            book.one(Participant, holder)
    text, staying = written(command.text), still_held(state, written_out, book)
    named = {one.alternative for one in command.holders}
    holders = (
        *(one for one in staying if one.alternative not in named),
        *(one for one in command.holders if one.participants),
    )
    if text == state.versions.text and set(holders) == set(staying):
        return []
    return [TextBracketed(command.proposal, state.versions.current + 1, text, holders, command.reason)]


def still_held(state: Proposal, written_out: Container[str], book: Book) -> tuple[Holding, ...]:
    """Who holds which alternative of the text as it stands, of those that will be `written_out`."""
    try:
        before = alternatives(book.words(state.versions.text))
    except Malformed:
        return ()
    return tuple(one for one in state.holders if one.alternative in before and one.alternative in written_out)


def lifted(command: LiftBrackets, book: Book) -> list[Fact]:
    state = open_text(command.proposal, book)
    current(state.versions, command.base)
    if (command.alternative is None) == (command.words is None):
        raise Refused("unfit", "say which alternative takes the bracket's place, or give new words")
    choice = command.alternative if command.alternative is not None else command.words or ""
    try:
        words = lift(book.words(state.versions.text), command.bracket, choice)
    except (Malformed, LookupError) as error:
        raise Refused("brackets", str(error)) from None
    if not words.strip():
        raise Refused("unfit", "nothing would be left of the text; withdraw the proposal instead")
    if command.words and not is_normalized("NFC", words):
        raise Refused("unfit", "the first of the new words begins with an accent; write its letter with it")
    version = state.versions.current + 1
    text = composed(words)
    return [BracketsLifted(command.proposal, version, text, command.bracket, command.alternative, command.reason)]
