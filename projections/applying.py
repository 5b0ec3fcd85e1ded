"""A history as commands, one JSON object a line, executed in order through the very same path as any act.

    {"command": "SubmitProposal", "act": "…", "actor": "KIM Haneul", "time": "2026-01-31T09:00Z", "basis": "email",
     "recordedby": "N1", "dialogue": "…", "fields": {"title": "Hotlines", "text": "…"}}

Only `command` is always needed. References are handles, numbers, names or ids; `actor` and `recordedby` may be
"operator". Without `recordedby` the operator enters the line. A line without `act` gets an id drawn from its
bytes and its number, so that the same file again records nothing new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any, BinaryIO
from uuid import NAMESPACE_OID, UUID, uuid5

from dialogue.acts import COMMANDS, command_from
from dialogue.envelope import from_leaf
from dialogue.fact import OPERATOR, Basis, Command, Conflict, Moment, Refused
from dialogue.participant import CorrectParticipant, ParticipantInvited
from dialogue.shape import Misshapen, decode
from projections.referring import References, invitations, when
from projections.resolve import dialogue_named
from projections.secretariat import Secretariat

LINE_AT_MOST = 1_000_000  # bytes; the longest text has 100,000 characters
TOGETHER = 50  # acts recorded in one save; a larger number gains little and loses more to whoever acts meanwhile
ATOMIC_ACTS = 50_000
ATOMIC_BYTES = 100_000_000  # of lines held in memory at once


@dataclass(frozen=True)
class Line:
    """One line as it is written, but for its `fields`."""

    command: str
    act: str | None = None
    actor: str | None = None
    recordedby: str | None = None
    time: str | None = None
    basis: Basis | None = None
    dialogue: str | None = None


@dataclass
class Applied:
    """What came of a file: how many lines it had, how many entries are new, and the dialogues they are in."""

    lines: int = 0
    entries: int = 0
    dialogues: dict[UUID, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """An act that has been read and not executed yet."""

    number: int
    command: Command
    moment: Moment


class Applying:
    """One run over one file. With `atomic` or `dry_run` nothing is recorded before the end of the file."""

    def __init__(
        self,
        secretariat: Secretariat,
        *,
        dialogue: UUID | None = None,
        actor: str | None = None,
        zone: tzinfo | None = None,
        atomic: bool = False,
        dry_run: bool = False,
    ) -> None:
        self.secretariat = secretariat
        self.default_actor = actor
        self.zone = zone
        self.at_once = atomic or dry_run
        self.dry_run = dry_run
        self.dialogue: UUID | None = None
        self.head = 0
        self.references: dict[UUID, References] = {}
        self.waiting: dict[str, Waiting] = {}  # by act id
        self.bytes_waiting = 0
        self.at = 0  # the line that is at fault, if one is
        self.applied = Applied()
        if dialogue is not None:
            self.change_to(dialogue)

    def run(self, file: BinaryIO, progress: Callable[[int], None] = lambda _: None) -> Applied:
        """Executes every line; `progress` is told how many bytes each had.

        Raises Refused (also Unknown) and Conflict, with the line's number, for the first line that cannot be;
        what stood before it is recorded, unless all is to be at once.
        """
        try:
            while line := file.readline(LINE_AT_MOST + 1):
                self.applied.lines += 1
                self.at = self.applied.lines
                if line.strip():
                    self.take(line)
                progress(len(line))
            self.flush()
        except (Refused, Conflict) as error:
            error.args = (f"line {self.at}: {error}",)
            if isinstance(error, Refused):
                error.details["line"] = self.at
            raise
        return self.applied

    def take(self, content: bytes) -> None:
        """Reads one line; it is executed together with its neighbours. Raises Refused, Conflict."""
        try:
            self.wait(content)
        except (Refused, Conflict):
            if not self.at_once:
                self.flush()  # what stands before this line is done all the same
            raise
        if not self.at_once and len(self.waiting) >= TOGETHER:
            self.flush()
        if len(self.waiting) > ATOMIC_ACTS or self.bytes_waiting > ATOMIC_BYTES:
            raise Refused("too-many", f"at most {ATOMIC_ACTS} acts can be done at once; leave out --atomic")

    def wait(self, content: bytes) -> None:
        """Makes an act of the line, and lets it wait."""
        line, fields = parsed(content)
        dialogue = self.of_dialogue(line, content)
        if dialogue != self.dialogue:
            self.change_to(dialogue)
        references = self.references[dialogue]
        actor, recordedby = self.who(line, references)
        kind = COMMANDS.get(line.command)
        command = command_from(line.command, references.fields(kind, fields, actor) if kind else fields)
        moment = self.secretariat.moment(
            actor,
            recordedby=recordedby,
            time=when(line.time, self.zone) if line.time else None,
            basis=line.basis,
            act=line.act or str(uuid5(dialogue, f"{self.at} {hashlib.sha256(content).hexdigest()}")),
        )
        before = self.waiting.get(moment.act)
        if before is not None:
            self.demand_same(before, command, moment)
            return
        self.waiting[moment.act] = Waiting(self.at, command, moment)
        self.bytes_waiting += len(content)
        if self.at_once:
            self.expect(command, moment, references)

    def demand_same(self, before: Waiting, command: Command, moment: Moment) -> None:
        """An act id that stands twice asks for the same both times. Raises Conflict."""
        if (before.command, before.moment.actor, before.moment.basis) != (command, moment.actor, moment.basis):
            raise Conflict(f"the act id {moment.act} was used before, for something else; use a new one")

    def of_dialogue(self, line: Line, content: bytes) -> UUID:
        """The dialogue that a line is about: named in it, proposed by it, or the one so far. Raises Refused."""
        if line.dialogue is not None:
            try:
                return UUID(line.dialogue)
            except ValueError:
                self.settled("dialogue")
                with self.secretariat.reading() as reading:
                    return dialogue_named(reading, line.dialogue)
        if line.command == "ProposeDialogue":
            return dialogue_id(self.secretariat.record.origin, content)
        if self.dialogue is None:
            raise Refused("no-dialogue", "say which dialogue it is: with --in, or by a ProposeDialogue before it")
        return self.dialogue

    def change_to(self, dialogue: UUID) -> None:
        if self.waiting and self.at_once:
            raise Refused("several", "only one dialogue can be done all at once; apply a file for each")
        self.flush()
        self.dialogue = dialogue
        self.applied.dialogues[dialogue] = None
        if dialogue not in self.references:
            self.references[dialogue] = References(self.secretariat, dialogue, self.zone, self.settled)
        with self.secretariat.desk(dialogue) as desk:
            self.head = desk.head.number if desk.head else 0

    def settled(self, kind: str) -> None:
        """Executes what waits before something is looked up that it may bring about or rename."""
        people = any(
            invitations(one.command) or isinstance(one.command, CorrectParticipant) for one in self.waiting.values()
        )
        if not self.at_once and (people or kind != "participant"):
            self.flush()

    def who(self, line: Line, references: References) -> tuple[UUID, UUID]:
        """(who acts, who enters it). Raises Refused, Unknown."""
        actor = line.actor or ("operator" if line.command == "ProposeDialogue" else self.default_actor)
        if actor is None:
            raise Refused("no-actor", 'say who acts: "actor", a participant of this dialogue')
        return references.actor(actor), references.actor(line.recordedby) if line.recordedby else OPERATOR

    def expect(self, command: Command, moment: Moment, references: References) -> None:
        """Takes note of people invited by an act that waits, so that later lines can name them."""
        count = len(invitations(command))
        if not count:
            return
        assert self.dialogue is not None
        facts = [from_leaf(leaf).fact for leaf in self.secretariat.record.rows.act(self.dialogue, moment.act)]
        done = [fact.number for fact in facts if isinstance(fact, ParticipantInvited)]
        first = len(references.everybody()) + 1
        references.expect(command, done or range(first, first + count))

    def flush(self) -> None:
        """Executes what waits: in one save, or one by one where something is refused, to tell which."""
        waiting = list(self.waiting.values())
        self.waiting, self.bytes_waiting = {}, 0
        if not waiting:
            return
        try:
            self.execute(waiting)
        except (Refused, Conflict):
            if self.at_once:
                self.at = self.refused_line(waiting)
                raise
            for one in waiting:
                self.at = one.number
                self.execute([one])

    def execute(self, acts: Sequence[Waiting]) -> None:
        assert self.dialogue is not None
        pairs = [(one.command, one.moment) for one in acts]
        answers = self.secretariat.execute_all(self.dialogue, pairs, dry_run=self.dry_run)
        for one, entries in zip(acts, answers, strict=True):
            if entries and entries[0].number > self.head:
                self.head = entries[-1].number
                self.applied.entries += len(entries)
            if not self.at_once:
                self.references[self.dialogue].learn(one.command, entries)

    def refused_line(self, waiting: Sequence[Waiting]) -> int:
        """The first line that is refused when all are done at once: found by halving, with nothing recorded."""
        assert self.dialogue is not None
        good, bad = 0, len(waiting)
        while bad - good > 1:
            middle = (good + bad) // 2
            try:
                acts = [(one.command, one.moment) for one in waiting[:middle]]
                self.secretariat.execute_all(self.dialogue, acts, dry_run=True)
                good = middle
            except (Refused, Conflict):
                bad = middle
        return waiting[bad - 1].number


def parsed(content: bytes) -> tuple[Line, dict[str, Any]]:
    """The line's members. Raises Refused for what is too long or no JSON object of this shape."""
    if len(content) > LINE_AT_MOST:
        raise Refused("too-long", "is longer than a million bytes; no act is that long")
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        cut = "" if content.endswith(b"\n") else "; the file seems to have been cut short there"
        raise Refused("malformed", f"is no JSON object ({error}){cut}") from None
    try:
        fields = said.pop("fields", {}) if isinstance(said, dict) else {}
        line: Line = decode(Line, said)
    except Misshapen as error:
        raise Refused("malformed", f"is no act: {error}", path=error.path) from None
    if not isinstance(fields, dict):
        raise Refused("malformed", "is no act: fields: expected an object")
    return line, fields


def dialogue_id(origin: str, content: bytes) -> UUID:
    """The id of a dialogue that comes from a file: the same each time the same line is applied here."""
    return uuid5(NAMESPACE_OID, f"{origin} {hashlib.sha256(content).hexdigest()}")
