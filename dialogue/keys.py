"""The log's keys: with which key the record's checkpoints are signed from an entry on.

design.md, "The ledger". Introducing another key retires the one before: a checkpoint of n entries is signed
with the key that was introduced last among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from dialogue.book import Book, State
from dialogue.fact import Command, Entry, Fact, Line, Moment, Refused
from dialogue.note import BadKey, VerifierKey


@dataclass(frozen=True)
class LogKeyIntroduced(Fact, stream="log"):
    """`vkey` is the public key in C2SP signed-note's form: name+key id+base64."""

    log: UUID
    vkey: str


@dataclass(frozen=True)
class RecordTakenOver(Fact, stream="log"):
    """The record was brought here from another installation and goes on here, as `holder`, under a key of its own."""

    log: UUID
    vkey: str
    holder: str


@dataclass(frozen=True)
class Introduced:
    vkey: str
    entry: int


@dataclass(frozen=True)
class Log(State, kind="log", noun="log key"):
    """The public keys in the order in which they were introduced."""

    keys: tuple[Introduced, ...] = ()

    def key(self, size: int) -> str | None:
        """The public key that signs checkpoints of so many entries; None where none was there yet."""
        known = [key.vkey for key in self.keys if key.entry <= size]
        return known[-1] if known else None


def evolve(state: Log | None, entry: Entry) -> Log:
    assert isinstance(entry.fact, LogKeyIntroduced | RecordTakenOver)
    before = state.keys if state else ()
    return Log((*before, Introduced(entry.fact.vkey, entry.number)))


def log_id(dialogue: UUID) -> UUID:
    """The id of a dialogue's one log."""
    return uuid5(dialogue, "log")


@dataclass(frozen=True)
class IntroduceLogKey(Command):
    """From here on checkpoints are signed with this key, which is named like the record's log."""

    vkey: Line


@dataclass(frozen=True)
class TakeOverRecord(Command):
    """A record that was imported goes on here; `holder` is the name of this installation."""

    vkey: Line
    holder: Line


COMMANDS = (IntroduceLogKey, TakeOverRecord)
FACTS = (LogKeyIntroduced, RecordTakenOver)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The introduction of the key; nothing for the key now in use. Raises Refused."""
    assert isinstance(command, IntroduceLogKey | TakeOverRecord)
    try:
        key = VerifierKey.parse(command.vkey)
    except BadKey as error:
        raise Refused("unfit", f"that is no public key of a log: {error}") from None
    if key.name != book.source:
        raise Refused("unfit", f"that is the key of {key.name}; the key of this record's log is named {book.source}")
    log = book.find(Log, log_id(book.dialogue)) or Log()
    vkeys = [one.vkey for one in log.keys]
    if vkeys and vkeys[-1] == command.vkey:
        return []
    if command.vkey in vkeys:
        raise Refused("retired", "that key has been retired; make a new one with `dialogue keys new`")
    if isinstance(command, TakeOverRecord):
        return [RecordTakenOver(log_id(book.dialogue), command.vkey, command.holder)]
    return [LogKeyIntroduced(log_id(book.dialogue), command.vkey)]
