"""Whom to trust: a C2SP tlog-policy, which names logs, witnesses and how many of them must have cosigned.

    log <vkey> [<url>]
    witness <name> <vkey> [<url>]
    group <name> all|any|<k> <name>...
    quorum <name>|none

Names may use any bytes and mean something in this file only. Let k be a majority of the witnesses:
with fewer, two views of one log could both pass.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dialogue.checkpoint import SignedCheckpoint, open_checkpoint
from dialogue.cosignature import WitnessKey
from dialogue.note import BadKey, VerifierKey, is_key_name


class BadPolicy(ValueError):
    """A policy that cannot be read; the message says which line is wrong and why."""


class NotWitnessed(ValueError):
    """A checkpoint whose log signed it, but not enough witnesses."""


@dataclass(frozen=True)
class Policy:
    """Known logs, named witnesses, groups as (k, members) in the order they were defined, and the quorum."""

    logs: Sequence[VerifierKey]
    witnesses: Mapping[str, WitnessKey]
    groups: Mapping[str, tuple[int, Sequence[str]]]
    quorum: str
    urls: Mapping[str, str]
    """Submission prefix of each witness, by its key's text, and likewise of each log."""

    @classmethod
    def parse(cls, data: bytes) -> "Policy":
        """Read a policy file; raises BadPolicy."""
        if re.search(rb"[^\t\n\x20-\x7e\x80-\xff]", data):
            raise BadPolicy("a policy has no control characters but tab and newline")
        reader = _Reader()
        # names are opaque bytes: surrogateescape keeps those that are not UTF-8 apart
        for number, line in enumerate(data.decode(errors="surrogateescape").split("\n"), start=1):
            words = re.findall(r"[^ \t]+", line)
            if words and not words[0].startswith("#"):
                try:
                    reader.read(words)
                except (BadPolicy, BadKey) as error:
                    raise BadPolicy(f"line {number} of the policy: {error}") from error
        return reader.finish()

    def check(self, note: bytes) -> SignedCheckpoint:
        """Verify a checkpoint by a known log, cosigned by the quorum.

        Raises BadNote, BadCheckpoint or NotWitnessed.
        """
        opened = open_checkpoint(note, self.logs, self.witnesses.values())
        made = {(signature.name, signature.key_id) for signature in opened.signatures}
        cosigners = {name for name, key in self.witnesses.items() if (key.name, key.key_id) in made}
        if not self.is_met(cosigners):
            seen = ", ".join(sorted(cosigners)) or "none"
            raise NotWitnessed(f"the checkpoint is not cosigned by the quorum {self.quorum}, only by: {seen}")
        return opened

    def is_met(self, cosigners: Iterable[str]) -> bool:
        """Whether cosignatures of these witnesses, by name, satisfy the quorum."""
        met = {"none", *cosigners}
        for name, (k, members) in self.groups.items():
            if sum(member in met for member in members) >= k:
                met.add(name)
        return self.quorum in met


class _Reader:
    """A policy in the making: a line may name only what stands above it."""

    def __init__(self) -> None:
        self.logs: list[VerifierKey] = []
        self.witnesses: dict[str, WitnessKey] = {}
        self.groups: dict[str, tuple[int, Sequence[str]]] = {}
        self.urls: dict[str, str] = {}
        self.quorum: str | None = None
        self.grouped: set[str] = set()

    def read(self, words: list[str]) -> None:
        match words:
            case ["log", vkey, *url] if len(url) < 2:
                key = VerifierKey.parse(vkey)
                if any(log.public == key.public for log in self.logs):
                    raise BadPolicy("this log's key stands on an earlier line")
                self.logs.append(key)
                self.urls.update((vkey, prefix) for prefix in url)
            case ["witness", name, vkey, *url] if len(url) < 2:
                witness = WitnessKey.parse(vkey)
                if any(other.public == witness.public for other in self.witnesses.values()):
                    raise BadPolicy("this witness's key stands on an earlier line")
                self.refuse_taken(name)
                self.witnesses[name] = witness
                self.urls.update((vkey, prefix) for prefix in url)
            case ["group", name, number, *members] if members:
                self.refuse_taken(name)
                for member in members:
                    self.refuse_undefined(member)
                    if member in self.grouped:
                        raise BadPolicy(f"{member} is already a member of a group")
                    self.grouped.add(member)
                self.groups[name] = (_threshold(number, len(members)), members)
            case ["quorum", name]:
                if self.quorum is not None:
                    raise BadPolicy("a policy has one quorum")
                if name != "none":
                    self.refuse_undefined(name)
                self.quorum = name
            case _:
                raise BadPolicy("a line is «log», «witness», «group» or «quorum» and what belongs to it")

    def refuse_taken(self, name: str) -> None:
        if name == "none" or name in self.witnesses or name in self.groups:
            raise BadPolicy(f"the name {name} is taken")

    def refuse_undefined(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise BadPolicy(f"no line above defines {name}")

    def finish(self) -> Policy:
        if self.quorum is None:
            raise BadPolicy("the policy names no quorum")
        return Policy(self.logs, self.witnesses, self.groups, self.quorum, self.urls)


def _threshold(number: str, members: int) -> int:
    if number == "any":
        return 1
    if number == "all":
        return members
    if not re.fullmatch("[1-9][0-9]{0,8}", number) or int(number) > members:
        raise BadPolicy(f"a group of {members} needs any, all or a number from 1 to {members}, not {number}")
    return int(number)


def format_policy(
    logs: Iterable[VerifierKey],
    witnesses: Mapping[str, WitnessKey],
    k: int,
    urls: Mapping[str, str] | None = None,
) -> bytes:
    """A policy file that asks for cosignatures by `k` of `witnesses`; with k = 0 for none.

    `urls` gives submission prefixes by key text. Names are single words; raises ValueError.
    """
    prefixes = urls or {}
    lines = [f"log {key} {prefixes.get(str(key), '')}".rstrip() for key in logs]
    for name, key in witnesses.items():
        if not is_key_name(name):
            raise ValueError(f"a witness is named by one word, not {name!r}")
        lines.append(f"witness {name} {key} {prefixes.get(str(key), '')}".rstrip())
    if k:
        lines.append(f"group witnesses {k} {' '.join(witnesses)}")
    lines.append("quorum witnesses" if k else "quorum none")
    data = "".join(line + "\n" for line in lines).encode()
    Policy.parse(data)
    return data
