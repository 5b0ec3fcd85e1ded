"""The audit of a record: every entry, root, signature and disclosure, and every act put again to the rules.

It needs no server, no database, no vault and no network, and this path imports nothing but dialogue/, the
standard library, cryptography and rfc8785. Where the entries come from is told by `Evidence`: an export
(exported.py), or a live record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Protocol

from dialogue.aside import Aside
from dialogue.asked import Unlawful
from dialogue.call import PositionsEntered
from dialogue.checkpoint import (
    BadCheckpoint,
    Checkpoint,
    open_checkpoint,
    read_checkpoint,
)
from dialogue.cosignature import WitnessKey, timestamp
from dialogue.envelope import Unreadable
from dialogue.fact import Entry, Personal, Text
from dialogue.history import History
from dialogue.keys import Log, LogKeyIntroduced, RecordTakenOver, evolve
from dialogue.mandate import DialogueProposed
from dialogue.merkle import Frontier, leaf_hash
from dialogue.note import BadNote, VerifierKey, split_note
from dialogue.policy import BadPolicy, NotWitnessed, Policy
from dialogue.reenact import finished, reenact
from dialogue.shape import may_hold
from dialogue.suspicion import strict_entry


class Wrong(Exception):
    """The first thing that is wrong. `code` is stable; `entry` is where, if it lies in an entry."""

    def __init__(self, code: str, sentence: str, entry: int | None = None) -> None:
        super().__init__(code, sentence, entry)
        self.code = code
        self.sentence = sentence
        self.entry = entry
        self.read: Report | None = None  # what had been read by then, where the reading has gone on since

    def __str__(self) -> str:
        return self.sentence if self.entry is None else f"entry {self.entry}: {self.sentence}"


class Evidence(Protocol):
    """A record as somebody shows it."""

    def leaves(self) -> Iterator[bytes]:
        """The leaves in entry order. Raises Wrong."""

    def text(self, sha256: str) -> bytes | None:
        """What it has for a text's digest."""

    def checkpoints(self) -> Iterator[tuple[int, bytes]]:
        """(size it is kept under, note) of the checkpoints, in the order of their sizes."""

    def seen(self, entry: Entry) -> dict[str, str]:
        """Holds what was shown for this entry against it: the values that its disclosures open. Raises Wrong."""

    def policy(self) -> bytes | None:
        """The policy that the record itself proposes."""

    def finish(self, entries: int) -> None:
        """Holds everything else that was shown against what has been read. Raises Wrong."""

    def altered(self, first: int, last: int) -> int | None:
        """The first of these entries that is not the one whose hash was kept as it entered, where that can be told."""


class Rules(Protocol):
    """What puts acts to the rules: at once (`Here`), or in another process (apart.py)."""

    def put(self, entries: list[Entry], report: Report) -> None:
        """Takes the next act. Raises Wrong for one that the rules refuse: this one, or one that was put before."""

    def end(self, report: Report) -> None:
        """There is no more to come. Raises Wrong for an act that was put before and that the rules refuse."""


@dataclass
class Report:
    """What was found. `signed` is how many entries the last checkpoint covers; `unopened` are the entries whose
    positions, taken under the Chatham House Rule, nobody disclosed: those tallies are taken as they were declared.
    """

    origin: str = ""
    dialogue: str = ""
    size: int = 0
    root: bytes = b""
    first: datetime | None = None
    last: datetime | None = None
    signed: int = 0
    checkpoints: int = 0
    keys: list[str] = field(default_factory=list)
    witnesses: dict[str, int] = field(default_factory=dict)
    texts: int = 0
    kept: list[int] = field(default_factory=list)
    unopened: list[int] = field(default_factory=list)
    fault: Wrong | None = None


def audit(
    evidence: Evidence, kept: Sequence[bytes] = (), policy: Policy | None = None, rules: Rules | None = None
) -> Report:
    """Looks at everything, and stops at the first thing that is wrong, which the report then has.

    `kept` are checkpoints kept from earlier, of which the record must be a continuation. With a policy the
    last checkpoint must be signed by a log and cosigned by the quorum that it names; without one, signatures
    are held against the keys that the record itself introduces, which proves no more than that it is whole.
    """
    work = Audit(evidence, kept, policy, rules or Here(evidence.text))
    try:
        work.run()
    except Wrong as wrong:
        return replace(wrong.read or work.report, fault=wrong)
    return work.report


class Here:
    """The rules, to which each act is put at once. `text` gives stored texts."""

    def __init__(self, text: Callable[[str], bytes | None]) -> None:
        self.entry = 0
        self.aside = Aside(lru_cache(64)(lambda digest: genuine(text(digest), digest, self.entry)))
        self.history: History | None = None

    def put(self, entries: list[Entry], report: Report) -> None:
        first = entries[0]
        if self.history is None:
            self.history = History(first.dialogue, first.source, 0, self.aside)
        self.entry = first.number
        try:
            reenact(entries, self.history)
        except Unlawful as unlawful:
            raise Wrong("rule", str(unlawful), unlawful.entry) from unlawful
        self.aside.put(self.history)

    def end(self, report: Report) -> None:
        pass


class Audit:
    """One audit under way."""

    def __init__(self, evidence: Evidence, kept: Sequence[bytes], policy: Policy | None, rules: Rules) -> None:
        self.evidence = evidence
        self.policy = policy
        self.rules = rules
        self.report = Report()
        self.tree = Frontier()
        self.log = Log()
        self.act: list[Entry] = []
        self.texts: set[bytes] = set()
        self.shown = evidence.checkpoints()
        self.next: tuple[int, bytes] | None = None
        self.last_note: bytes | None = None
        self.kept = sorted(((checkpoint_of(note), note) for note in kept), key=lambda pair: pair[0].size)
        self.heads: dict[int, bytes] = dict.fromkeys((checkpoint.size for checkpoint, _ in self.kept), b"")

    def run(self) -> None:
        """Looks at everything. Raises Wrong."""
        try:
            self.look()
        finally:
            self.rules.end(self.report)  # what is wrong with an act comes before what was found after it was put

    def look(self) -> None:
        self.next = next(self.shown, None)
        before: Entry | None = None
        for leaf in self.evidence.leaves():
            entry = self.read(leaf, before)
            if finished(self.act, entry):
                self.put()
            self.tree.append(leaf_hash(leaf))
            self.act.append(self.opened(entry, self.evidence.seen(entry)))
            before = entry
            if self.next and self.next[0] == entry.number:
                self.put()  # a checkpoint stands between acts
                self.signed()
            if entry.number in self.heads:
                self.heads[entry.number] = self.tree.root()
        if before is None:
            raise Wrong("truncated", "there is no entry in it")
        self.put()
        if self.next:
            ends = f"the record ends with entry {before.number}"
            raise Wrong("truncated", f"a checkpoint covers {self.next[0]} entries, but {ends}")
        self.report.root = self.tree.root()
        self.evidence.finish(before.number)
        self.compare_kept()
        self.satisfy()

    def read(self, leaf: bytes, before: Entry | None) -> Entry:
        """The next entry, in order. Raises Wrong."""
        number = self.tree.size + 1
        try:
            entry = strict_entry(leaf)
        except Unreadable as error:
            raise Wrong("unreadable", str(error), number) from error
        if before is None:
            self.begin(entry)
        self.in_order(entry, before, number)
        for name in may_hold(entry.fact, Text):
            text: Text | None = getattr(entry.fact, name)
            if text is not None:
                self.named(text.sha256, number)
        self.report.size, self.report.last = number, entry.recordedtime
        return entry

    def opened(self, entry: Entry, values: dict[str, str]) -> Entry:
        """The entry with the positions that were disclosed for it; no rule asks for any other sealed value."""
        if not isinstance(entry.fact, PositionsEntered):
            return entry
        if "positions" not in values:
            self.report.unopened.append(entry.number)
            return entry
        return replace(entry, fact=replace(entry.fact, positions=Personal(values["positions"])))

    def begin(self, entry: Entry) -> None:
        self.report.origin, self.report.dialogue = entry.source, str(entry.dialogue)
        self.report.first = entry.recordedtime
        if not isinstance(entry.fact, DialogueProposed):
            raise Wrong("rule", "a record begins with the form that proposes the dialogue", entry.number)
        if not entry.source.endswith(f"/{entry.dialogue}"):
            raise Wrong("origin", f"the log {entry.source} is not named after the dialogue", entry.number)

    def in_order(self, entry: Entry, before: Entry | None, number: int) -> None:
        """Holds the entry's number, dialogue, origin and clocks against the one before. Raises Wrong."""
        if entry.number != number:
            raise Wrong("order", f"entry {entry.number} stands here: entries were dropped, moved or doubled", number)
        if entry.time > entry.recordedtime:
            raise Wrong("clock", "it says that it was recorded before it happened", number)
        if before is None:
            return
        if (entry.source, entry.dialogue) != (before.source, before.dialogue):
            raise Wrong("origin", f"it belongs to another record, {entry.source}", number)
        if entry.recordedtime < before.recordedtime:
            raise Wrong("clock", "it says that it was recorded before the entry above it", number)
        alike = None in (entry.act, before.act) and (entry.time, entry.recordedtime) == (
            before.time,
            before.recordedtime,
        )  # of one act, which entries under the Chatham House Rule do not name
        late = entry.time < before.recordedtime and entry.act != before.act and not alike
        if late and entry.basis is None and entry.time != entry.recordedtime:
            raise Wrong("clock", "it tells of the past without saying on what basis", number)

    def named(self, digest: str, number: int) -> None:
        """Demands the text that an entry names. Raises Wrong."""
        key = bytes.fromhex(digest)
        if key not in self.texts:
            if genuine(self.evidence.text(digest), digest, number) is None:
                raise Wrong("text", f"the text {digest} that it names is missing", number)
            self.texts.add(key)
            self.report.texts += 1

    def put(self) -> None:
        """Has the act that has been read put to the rules. Raises Wrong."""
        entries, self.act = self.act, []
        if not entries:
            return
        self.rules.put(entries, self.report)
        for entry in entries:
            if isinstance(entry.fact, LogKeyIntroduced | RecordTakenOver):
                self.log = evolve(self.log, entry)

    def signed(self) -> None:
        """Holds the checkpoint of the entries read so far against them. Raises Wrong."""
        assert self.next is not None
        (size, note), self.next = self.next, next(self.shown, None)
        key = self.key_of(size)
        try:
            opened = open_checkpoint(note, [key], self.witnesses())
            lines = split_note(note)[1]
        except (BadNote, BadCheckpoint) as error:
            raise Wrong("signature", f"the checkpoint of {size} entries: {error}") from error
        if (lines[0].name, lines[0].key_id) != (key.name, key.key_id) or len(set(lines)) < len(lines):
            raise Wrong("signature", f"the checkpoint of {size} entries: its log signs first, and everybody once")
        if opened.checkpoint.size != size:
            raise Wrong("size", f"the checkpoint of {size} entries says that it covers {opened.checkpoint.size}")
        if opened.checkpoint.root != self.tree.root():
            since = f"since the checkpoint of {self.report.signed}" if self.report.signed else "among them"
            sentence = f"the first {size} entries are not those that were signed: one was changed {since}"
            raise Wrong("root", sentence, self.evidence.altered(self.report.signed + 1, size))
        for signature in opened.signatures[1:]:
            self.report.witnesses[signature.name] = timestamp(signature.body)
        if str(key) not in self.report.keys:
            self.report.keys.append(str(key))
        self.report.signed, self.last_note = size, note
        self.report.checkpoints += 1

    def key_of(self, size: int) -> VerifierKey:
        """The key with which the record says that so many entries are signed. Raises Wrong."""
        vkey = self.log.key(size)
        if vkey is None:
            raise Wrong("key", f"a checkpoint of {size} entries is shown, before any key was introduced")
        key = VerifierKey.parse(vkey)
        if key.name != self.report.origin:
            raise Wrong("origin", f"the key {vkey} is not that of this record's log")
        return key

    def witnesses(self) -> list[WitnessKey]:
        """The witnesses of the policy at hand, or of the record's own."""
        policy = self.policy or self.own_policy
        return list(policy.witnesses.values()) if policy else []

    @cached_property
    def own_policy(self) -> Policy | None:
        data = self.evidence.policy()
        try:
            return Policy.parse(data) if data is not None else None
        except BadPolicy as error:
            raise Wrong("policy", f"the record's own policy cannot be read: {error}") from error

    def compare_kept(self) -> None:
        """Demands that the record continues every checkpoint kept from earlier. Raises Wrong."""
        for checkpoint, note in self.kept:
            if checkpoint.origin != self.report.origin:
                raise Wrong("origin", f"the checkpoint kept from earlier is of another log, {checkpoint.origin}")
            if checkpoint.size > self.report.size:
                raise Wrong(
                    "went-backwards",
                    f"the record ends with entry {self.report.size}, but a checkpoint kept from earlier "
                    f"covers {checkpoint.size}",
                )
            if checkpoint.size and self.heads[checkpoint.size] != checkpoint.root:
                raise Wrong("split-view", self.split(checkpoint, note), self.evidence.altered(1, checkpoint.size))
            self.report.kept.append(checkpoint.size)

    def split(self, checkpoint: Checkpoint, note: bytes) -> str:
        """How a kept checkpoint and this record contradict each other, and whether the log signed both."""
        sentence = f"the first {checkpoint.size} entries are not those of the checkpoint kept from earlier"
        vkey = self.log.key(checkpoint.size)
        try:
            open_checkpoint(note, [VerifierKey.parse(vkey)] if vkey else [])
        except (BadNote, BadCheckpoint):
            return f"{sentence}, which this record's key did not sign"
        if self.report.signed < checkpoint.size:
            return f"{sentence}, which its key signed: one was changed since"
        return f"{sentence}: a split view, for the log signed both; keep the two as evidence"

    def satisfy(self) -> None:
        """Demands that the last checkpoint satisfies the auditor's policy. Raises Wrong."""
        if self.policy is None:
            return
        if self.last_note is None:
            raise Wrong("policy", "no checkpoint vouches for this record, so no policy is met")
        try:
            self.policy.check(self.last_note)
        except NotWitnessed as error:
            raise Wrong("policy", str(error)) from error
        except (BadNote, BadCheckpoint) as error:
            raise Wrong("key", f"the last checkpoint is not one that the policy trusts: {error}") from error


def checkpoint_of(note: bytes) -> Checkpoint:
    """What a checkpoint kept from earlier claims. Raises Wrong."""
    try:
        return read_checkpoint(note)
    except (BadNote, BadCheckpoint) as error:
        raise Wrong("unreadable", f"a checkpoint kept from earlier cannot be read: {error}") from error


def genuine(content: bytes | None, digest: str, entry: int) -> bytes | None:
    """A stored text, if it is the one of that digest. Raises Wrong for another."""
    if content is not None and sha256(content).hexdigest() != digest:
        raise Wrong("text", f"the text {digest} is not the one of that digest", entry)
    return content
