"""A record as an export shows it: which files there are, and that each is what the entries make of it.

README.md              for the auditor
SHA256SUMS             of all other files
about.json             format, origin, dialogue, number of entries, audience, number of disclosures
entries.jsonl          a leaf a line
texts/<sha256>         the texts that entries name
disclosures.jsonl      what the audience may read of what is sealed (RFC 9901), by entry and digest
keys                   the log's public keys, each after the entry that introduced it
policy                 the record's own proposal whom to trust (C2SP tlog-policy)
checkpoint             the last checkpoint, with its cosignatures
checkpoints/<size>     all of them
timestamps/<size>-<sha256>.tsr    RFC 3161 replies for the checkpoints, as the log signed these
tile/…                 the tree of the last checkpoint, and the entries again (C2SP tlog-tiles)

There is nothing else in it, and the same record, attestations and audience give the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from dialogue.apart import Apart, worthwhile
from dialogue.archive import LINE, WHOLE, BadArchive, Files, lines, opened, read, sums
from dialogue.audit import Evidence, Report, Wrong, audit
from dialogue.disclosure import disclosed_values, values_of
from dialogue.fact import Entry
from dialogue.keys import LogKeyIntroduced, RecordTakenOver
from dialogue.merkle import leaf_hash
from dialogue.policy import Policy
from dialogue.tiles import WIDTH, BadTile, TileWriter, paths, tile_path

FORMAT = 1
PLAIN = ("README.md", "SHA256SUMS", "about.json", "disclosures.jsonl", "entries.jsonl", "keys")
SIGNED = ("checkpoint", "policy")  # besides, once there is a checkpoint
CHECKPOINT = re.compile(r"checkpoints/([1-9][0-9]{0,15})")
TIMESTAMP = re.compile(r"timestamps/([1-9][0-9]{0,15})-([0-9a-f]{64})\.tsr")
TEXT = re.compile(r"texts/([0-9a-f]{64})")


class Exported:
    """An export as evidence (audit.py). Raises Wrong where its files are not those of an export."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.about = about(files)
        self.sizes = sorted(int(match[1]) for name in files.sizes if (match := CHECKPOINT.fullmatch(name)))
        self.covered = self.sizes[-1] if self.sizes else 0
        self.keys: list[str] = []
        self.used: set[str] = set()
        self.disclosures = self.lines("disclosures.jsonl", WHOLE)
        self.disclosed = 0
        self.disclosure = self.next_disclosure()

    def leaves(self) -> Iterator[bytes]:
        """The lines of entries.jsonl, held against the tiles as far as these go."""
        tiles, hashes = TileWriter(), b""
        for number, leaf in enumerate(self.lines("entries.jsonl"), start=1):
            yield leaf
            if number <= self.covered:
                place, digest = (number - 1) % WIDTH, leaf_hash(leaf)
                if place == 0:
                    name = tile_path(0, number // WIDTH, min(WIDTH, self.covered - number + 1))
                    hashes = self.read(name) if name in self.files.sizes else b""  # finish() misses it
                if hashes and hashes[place * 32 : place * 32 + 32] != digest:
                    raise Wrong("tile", "it is not the entry whose hash is in the tree: it was changed", number)
                try:
                    filled = tiles.append(leaf, digest)
                except BadTile as error:
                    raise Wrong("unreadable", str(error), number) from error
                if number == self.covered:
                    filled += tiles.finish()
                self.compare(filled)

    def compare(self, filled: list[tuple[str, bytes]]) -> None:
        """Holds tiles that are complete against the files. Raises Wrong."""
        for name, content in filled:
            if self.read(name) != content:
                raise Wrong("tile", f"{name} is not what the entries give: it was changed")

    def text(self, digest: str) -> bytes | None:
        name = f"texts/{digest}"
        if name not in self.files.sizes:
            return None
        self.used.add(digest)
        return self.read(name)

    def checkpoints(self) -> Iterator[tuple[int, bytes]]:
        for size in self.sizes:
            yield size, self.read(f"checkpoints/{size}")

    def policy(self) -> bytes | None:
        return self.read("policy") if self.covered else None

    def seen(self, entry: Entry) -> dict[str, str]:
        if isinstance(entry.fact, LogKeyIntroduced | RecordTakenOver):
            self.keys.append(f"{entry.number} {entry.fact.vkey}\n")
        shown: list[str] = []
        while self.disclosure and self.disclosure["entry"] <= entry.number:
            if self.disclosure["entry"] != entry.number:
                late = self.disclosure["entry"]
                raise Wrong("disclosure", f"the disclosures are out of order at entry {late}", entry.number)
            shown.append(self.disclosure["disclosure"])
            self.disclosure = self.next_disclosure()
        opened = list(disclosed_values(entry, shown))
        self.disclosed += len(opened)
        return values_of(opened)

    def next_disclosure(self) -> dict[str, Any] | None:
        """The next line of the disclosures. Raises Wrong."""
        line = next(self.disclosures, None)
        if line is None:
            return None
        try:
            found = json.loads(line)
            canonical = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == line
            shaped = set(found) == {"entry", "disclosure"} and type(found["entry"]) is int
            if canonical and shaped and type(found["disclosure"]) is str:
                return dict(found)
        except (ValueError, TypeError, RecursionError):
            pass
        raise Wrong("disclosure", f"a line of disclosures.jsonl is not one: {line[:80].decode(errors='replace')}")

    def finish(self, entries: int) -> None:
        """Holds what is left against the entries: no file may be missing, other than it must be, or too many."""
        if self.disclosure:
            raise Wrong("disclosure", f"a disclosure is shown for entry {self.disclosure['entry']}, which is not there")
        if self.about["disclosures"] != self.disclosed:
            told = self.about["disclosures"]
            raise Wrong("disclosure", f"the export says that it has {told} disclosures, but it has {self.disclosed}")
        if self.about["size"] != entries:
            raise Wrong("size", f"the export says that it has {self.about['size']} entries, but it has {entries}")
        if self.read("keys") != "".join(self.keys).encode():
            raise Wrong("key", "the file of keys is not that of the keys which the entries introduce")
        if self.covered and self.read("checkpoint") != self.read(f"checkpoints/{self.covered}"):
            raise Wrong("signature", "the file checkpoint is not the last of the checkpoints")
        expected = {*PLAIN, *(SIGNED if self.covered else ()), *paths(self.covered)}
        for name in self.files.sizes:
            if name in expected or CHECKPOINT.fullmatch(name):
                continue
            if match := TEXT.fullmatch(name):
                if match[1] not in self.used:
                    raise Wrong("text", f"no entry names the text {match[1]}")
            elif match := TIMESTAMP.fullmatch(name):
                self.stamped(name, int(match[1]), match[2])
            else:
                raise Wrong("archive", f"{name} does not belong in an export")
        if missing := sorted(expected - self.files.sizes.keys()):
            raise Wrong("archive", f"there is no {missing[0]} in it")
        self.compare_sums()

    def altered(self, first: int, last: int) -> int | None:
        """None: `leaves` has held each against the tiles."""
        return None

    def stamped(self, name: str, size: int, digest: str) -> None:
        """Demands that a timestamp is about its checkpoint. Its own signature is for `dialogue timestamp` to verify,
        or for openssl, as README.md tells.
        """
        reply = self.read(name)
        if sha256(reply).hexdigest() != digest:
            raise Wrong("timestamp", f"{name} is not the reply of that digest")
        if size not in self.sizes or sha256(as_signed(self.read(f"checkpoints/{size}"))).digest() not in reply:
            raise Wrong("timestamp", f"{name} is not about the checkpoint of {size} entries")

    def compare_sums(self) -> None:
        """Demands that SHA256SUMS holds of every file. Raises Wrong."""
        told = self.lines("SHA256SUMS")
        for line in sums(self.files, without="SHA256SUMS"):
            if next(told, b"") + b"\n" != line:
                raise Wrong("checksum", f"SHA256SUMS does not hold of {line[66:-1].decode()}")
        if next(told, None) is not None:
            raise Wrong("checksum", "SHA256SUMS tells of files that are not there")

    def read(self, name: str) -> bytes:
        try:
            return read(self.files, name)
        except BadArchive as error:
            raise Wrong("archive", str(error)) from error

    def lines(self, name: str, longest: int = LINE) -> Iterator[bytes]:
        try:
            if name not in self.files.sizes:
                raise BadArchive(f"there is no {name} in it")
            yield from lines(self.files, name, longest)
        except BadArchive as error:
            raise Wrong("archive", str(error)) from error


def about(files: Files) -> dict[str, Any]:
    """What the export says of itself. Raises Wrong for another format than this one, and what is none."""
    try:
        content = read(files, "about.json")
        found = json.loads(content)
        known = {"audience", "dialogue", "disclosures", "format", "origin", "size"}
        if type(found) is not dict or found.keys() != known or about_file(found) != content:
            raise BadArchive("about.json is not that of an export")
    except (ValueError, RecursionError) as error:
        raise Wrong("archive", str(error)) from error
    if found["format"] != FORMAT:
        raise Wrong("archive", f"this export has format {found['format']}, which this version does not know; upgrade")
    return dict(found)


def about_file(content: dict[str, Any]) -> bytes:
    """The bytes of about.json."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def as_signed(note: bytes) -> bytes:
    """A checkpoint as its log signed it, without cosignatures: three lines, an empty one, the log's signature."""
    return b"".join(note.splitlines(keepends=True)[:5])


def audit_export(
    path: Path,
    kept: Sequence[bytes] = (),
    policy: Policy | None = None,
    beside: Callable[[Evidence], Evidence] = lambda evidence: evidence,
) -> Report:
    """The audit of the export in this file or folder; what cannot even be opened is a fault like any other.

    `beside` adds what is shown beside the export, such as disclosures (disclosure.py). Two processes share the work
    on a large one (apart.py), and find what one would find.
    """
    try:
        files = opened(path)
        evidence = beside(Exported(files))
    except BadArchive as error:
        return Report(fault=Wrong("archive", str(error)))
    except Wrong as wrong:
        return Report(fault=wrong)
    return audit(evidence, kept, policy, Apart(files) if worthwhile(files) else None)
