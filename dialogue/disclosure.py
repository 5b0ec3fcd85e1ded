"""Selective disclosure: some sealed values opened for an auditor, who checks them against the record by themselves.

RFC 9901, 7.1: a disclosure is what the record committed to if its digest stands in the entry's `_sd`. Whoever is
shown some values learns nothing of the others.

A set of disclosures is a JSON file:

    {"dialogue": "…", "disclosures": [{"disclosure": "…", "entry": 5}, …], "format": 1, "origin": "…"}
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from dialogue.audit import Evidence, Wrong
from dialogue.endorsement import EndorsementGiven
from dialogue.fact import Entry, Personal, Refused
from dialogue.own_key import signed_by
from dialogue.shape import Misshapen, decode, may_hold
from dialogue.sshsig import BadSignature
from dialogue.vault import disclosure_digest, unpadded

FORMAT = 1


@dataclass(frozen=True)
class Shown:
    """A disclosure, and the entry whose value it opens."""

    entry: int
    disclosure: str


@dataclass(frozen=True)
class Disclosures:
    """A set of disclosures as it is handed over, in the order of entries."""

    dialogue: str = ""
    origin: str = ""
    disclosures: tuple[Shown, ...] = ()
    format: int = FORMAT

    @staticmethod
    def parse(content: bytes) -> Disclosures:
        """The set in a file. Raises Refused for what is none."""
        try:
            found: Disclosures = decode(Disclosures, json.loads(content))
        except (ValueError, RecursionError, Misshapen) as error:
            raise Refused(
                "unfit", f"that is no set of disclosures, as `dialogue disclose` writes it: {error}"
            ) from None
        if found.format != FORMAT:
            raise Refused("unfit", f"this set of disclosures has format {found.format}; upgrade to read it")
        return found

    def file(self) -> bytes:
        """The same as bytes."""
        shown = [{"disclosure": one.disclosure, "entry": one.entry} for one in self.disclosures]
        content: dict[str, Any] = {"dialogue": self.dialogue, "origin": self.origin, "format": self.format}
        return json.dumps({**content, "disclosures": shown}, indent=1, sort_keys=True).encode() + b"\n"


@dataclass(frozen=True)
class Opened:
    """A value that the record committed to. `key` is the fingerprint of the key whose signature it is, if it is one."""

    entry: int
    name: str
    value: str
    key: str | None = None

    @property
    def sentence(self) -> str:
        if self.key is not None:
            return f"Entry {self.entry}: signed with the key {self.key}"
        return f"Entry {self.entry}: {self.name} is {self.value}"


def disclosed_values(entry: Entry, disclosures: Iterable[str]) -> Iterator[Opened]:
    """The values that these disclosures, in the order of their digests, open in the entry.

    Raises Wrong for one that the entry does not hold.
    """
    before = ""
    for disclosure in disclosures:
        try:
            digest = disclosure_digest(disclosure)
            _, name, value = json.loads(unpadded(disclosure))
        except (ValueError, TypeError, RecursionError) as error:
            raise Wrong("disclosure", "a disclosure for it cannot be read", entry.number) from error
        if digest not in entry.sealed:
            raise Wrong("disclosure", "a disclosure is shown for it that it does not hold: it is forged", entry.number)
        if digest <= before or name not in (*may_hold(entry.fact, Personal), "evidence") or type(value) is not str:
            why = "a disclosure is shown twice, out of order, or of what is none of its values"
            raise Wrong("disclosure", why, entry.number)
        before = digest
        yield Opened(entry.number, name, value, signer(entry, value) if name == "signature" else None)


def values_of(opened: Iterable[Opened]) -> dict[str, str]:
    """These values by name."""
    return {one.name: one.value for one in opened}


def signer(entry: Entry, signature: str) -> str:
    """The fingerprint of the key with which an endorsement was signed. Raises Wrong."""
    assert isinstance(entry.fact, EndorsementGiven)
    try:
        return signed_by(entry.fact, entry.source, signature)
    except BadSignature as error:
        raise Wrong(
            "signature", f"the signature that was disclosed for it does not hold: {error}", entry.number
        ) from error


def check(disclosures: Disclosures, entries: Iterable[Entry]) -> list[Opened]:
    """What the set opens in these entries, which come in order. Raises Wrong at the first that does not fit."""
    holding = Disclosed(disclosures)
    last = 0
    for entry in entries:
        holding.hold(entry)
        last = entry.number
    holding.end(last)
    return holding.opened


@dataclass
class Disclosed:
    """A set of disclosures being held against a record, entry by entry; `opened` grows."""

    disclosures: Disclosures
    opened: list[Opened] = field(default_factory=list)

    def __post_init__(self) -> None:
        ordered = sorted(self.disclosures.disclosures, key=lambda one: one.entry)
        groups = groupby(ordered, key=lambda one: one.entry)
        self.left = {number: [one.disclosure for one in group] for number, group in groups}

    def hold(self, entry: Entry) -> dict[str, str]:
        """Holds what is shown for this entry against it: the values that it opens, by name. Raises Wrong."""
        told = self.disclosures
        if self.left and (told.origin, told.dialogue) != (entry.source, str(entry.dialogue)):
            raise Wrong("disclosure", f"the disclosures are of another record, {told.origin}")
        found = list(disclosed_values(entry, self.left.pop(entry.number, ())))
        self.opened += found
        return values_of(found)

    def end(self, entries: int) -> None:
        """Demands that there is nothing left. Raises Wrong."""
        if self.left:
            raise Wrong("disclosure", f"a disclosure is shown for entry {min(self.left)}, which is not there")

    def beside(self, evidence: Evidence) -> Evidence:
        """The evidence with these disclosures."""
        return Beside(evidence, self)


class Beside:
    """A record with disclosures that are shown beside it, as evidence (audit.py)."""

    def __init__(self, evidence: Evidence, disclosed: Disclosed) -> None:
        self.evidence = evidence
        self.disclosed = disclosed
        self.leaves = evidence.leaves
        self.text = evidence.text
        self.checkpoints = evidence.checkpoints
        self.policy = evidence.policy
        self.altered = evidence.altered

    def seen(self, entry: Entry) -> dict[str, str]:
        return {**self.evidence.seen(entry), **self.disclosed.hold(entry)}

    def finish(self, entries: int) -> None:
        self.evidence.finish(entries)
        self.disclosed.end(entries)
