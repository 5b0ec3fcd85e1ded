"""Checkpoints: C2SP tlog-checkpoint 1.0, a signed note that says which size and root a log has.

    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

Origin, number of leaves, root. Extension lines are allowed there and refused here: nobody can audit them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from dialogue.merkle import EMPTY
from dialogue.note import (
    Signature,
    Signer,
    Verifier,
    VerifierKey,
    base64,
    open_note,
    sign,
    split_note,
    unbase64,
)


class BadCheckpoint(ValueError):
    """A checkpoint that must not be believed; the message says why, in a sentence."""


class WentBackwards(BadCheckpoint):
    """A log showed a smaller tree than it had shown before."""


class SplitView(BadCheckpoint):
    """A log signed two different trees of one size."""


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: its origin, how many leaves it has, and their root."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a note's text; raises BadCheckpoint, or BadNote where base64 is wrong."""
        lines = text.split("\n")
        if len(lines) > 4:
            raise BadCheckpoint("the checkpoint has extension lines, which cannot be audited")
        if len(lines) < 4 or lines.pop():
            raise BadCheckpoint("a checkpoint has three lines: origin, size and root")
        origin, size, encoded = lines
        if not origin:
            raise BadCheckpoint("the checkpoint names no origin")
        head = cls(origin, parse_decimal(size), unbase64(encoded))
        if len(head.root) != 32:
            raise BadCheckpoint("the checkpoint's root is not 32 bytes long")
        if head.size == 0 and head.root != EMPTY:
            raise BadCheckpoint("the checkpoint has no leaves, yet a root that is not an empty tree's")
        return head

    def text(self) -> str:
        """The text to be signed."""
        return f"{self.origin}\n{self.size}\n{base64(self.root)}\n"


@dataclass(frozen=True)
class SignedCheckpoint:
    """A verified checkpoint and the signatures that known keys made, in the note's order."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...]


def sign_checkpoint(checkpoint: Checkpoint, *signers: Signer) -> bytes:
    """The checkpoint as a signed note; each signer is named like the log's origin."""
    for signer in signers:
        if signer.name != checkpoint.origin:
            raise ValueError(f"{signer.name} cannot sign for the log {checkpoint.origin}")
    return sign(checkpoint.text(), *signers)


def read_checkpoint(note: bytes) -> Checkpoint:
    """What a note claims, with no signature verified; raises BadNote or BadCheckpoint."""
    text, _ = split_note(note)
    return Checkpoint.parse(text)


def open_checkpoint(note: bytes, logs: Iterable[VerifierKey], witnesses: Iterable[Verifier] = ()) -> SignedCheckpoint:
    """Verify a checkpoint: some key of `logs` that is named like its origin must have signed it.

    Cosignatures of `witnesses` are verified too, those of strangers ignored.
    Raises BadNote or BadCheckpoint.
    """
    logs = list(logs)
    opened = open_note(note, [*logs, *witnesses])
    checkpoint = Checkpoint.parse(opened.text)
    own = {(key.name, key.key_id) for key in logs if key.name == checkpoint.origin}
    if not any((signature.name, signature.key_id) in own for signature in opened.signatures):
        raise BadCheckpoint(f"the checkpoint is not signed by a known key of the log {checkpoint.origin}")
    return SignedCheckpoint(checkpoint, opened.signatures)


def refuse_contradiction(kept: Checkpoint, shown: Checkpoint) -> None:
    """Refuse a head that cannot follow one kept from earlier, whatever the leaves between them are.

    Raises WentBackwards, SplitView, or BadCheckpoint for another log's head.
    """
    if kept.origin != shown.origin:
        raise BadCheckpoint(f"the checkpoint is of the log {shown.origin}, not of {kept.origin}")
    if shown.size < kept.size:
        raise WentBackwards(f"the log {kept.origin} went backwards, from {kept.size} leaves to {shown.size}")
    if shown.size == kept.size and shown.root != kept.root:
        raise SplitView(f"a split view: the log {kept.origin} signed two different trees of {kept.size} leaves")


def parse_decimal(text: str) -> int:
    """A number below 2**63 in the one spelling that C2SP formats allow; raises BadCheckpoint."""
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text) or int(text) >= 2**63:
        raise BadCheckpoint(f"this is not a decimal number without leading zeros: {text[:80]!r}")
    return int(text)
