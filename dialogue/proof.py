"""Proofs that travel: a C2SP tlog-proof says offline that an entry stands in a log that witnesses watch.

    c2sp.org/tlog-proof@v1
    index 141
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
    B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=

    example.com/fancylog
    …

Index (entry 142 has index 141), inclusion proof from the leaf's sibling up, then the checkpoint verbatim.
"""

from dataclasses import dataclass
from typing import Self

from dialogue.checkpoint import BadCheckpoint, SignedCheckpoint, parse_decimal
from dialogue.merkle import BadProof, leaf_hash, verify_inclusion
from dialogue.note import MAX_NOTE, BadNote, base64, unbase64
from dialogue.policy import Policy

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63


@dataclass(frozen=True)
class Proof:
    """The inclusion of the leaf at `index` under a checkpoint; `extra` is signed by nobody."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a `.tlog-proof` file without verifying it; raises BadProof."""
        if len(data) > 2 * MAX_NOTE:
            raise BadProof(f"the proof is longer than {2 * MAX_NOTE} bytes")
        head, empty_line, checkpoint = data.partition(b"\n\n")
        if not empty_line:
            raise BadProof("the proof has no empty line before its checkpoint")
        try:
            header, *lines = head.decode().split("\n")
            if header != HEADER:
                raise BadProof(f"a proof begins with the line {HEADER}")
            extra = None
            if lines and lines[0].startswith("extra "):
                extra = unbase64(lines.pop(0).removeprefix("extra "))
            if not lines or not lines[0].startswith("index "):
                raise BadProof("the proof does not say the index of its leaf")
            if len(lines) - 1 > MAX_PATH:
                raise BadProof(f"the proof has more than {MAX_PATH} hashes")
            index = parse_decimal(lines[0].removeprefix("index "))
            return cls(index, tuple(unbase64(line) for line in lines[1:]), checkpoint, extra)
        except (BadNote, BadCheckpoint, UnicodeDecodeError) as error:
            raise BadProof(str(error)) from error

    def file(self) -> bytes:
        """The bytes of the `.tlog-proof` file."""
        lines = [HEADER, f"index {self.index}", *map(base64, self.path)]
        if self.extra is not None:
            lines.insert(1, f"extra {base64(self.extra)}")
        return ("\n".join(lines) + "\n\n").encode() + self.checkpoint

    def verify(self, leaf: bytes, policy: Policy) -> SignedCheckpoint:
        """Check that `leaf`, the exact bytes of the entry, stands at `index` in a checkpoint `policy` trusts.

        Raises BadNote, BadCheckpoint, NotWitnessed or BadProof.
        """
        opened = policy.check(self.checkpoint)
        head = opened.checkpoint
        verify_inclusion(leaf_hash(leaf), self.index, head.size, self.path, head.root)
        return opened
