"""What a witness is asked and what it answers: C2SP tlog-witness 1.0, without the network.

The log asks with the size of the tree the witness last cosigned, a consistency proof and a new checkpoint:

    old 20852014
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
    jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=

    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+…
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from dialogue.checkpoint import (
    BadCheckpoint,
    Checkpoint,
    open_checkpoint,
    parse_decimal,
    read_checkpoint,
    refuse_contradiction,
)
from dialogue.merkle import EMPTY, BadProof, verify_consistency
from dialogue.note import BadNote, VerifierKey, base64, unbase64

MAX_PROOF = 63


class BadRequest(ValueError):
    """A request that cannot be read (status 400); the message says why, in a sentence."""


@dataclass(frozen=True)
class Request:
    """The size last cosigned, the proof from there, and the signed checkpoint, its bytes as they came."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read the body of add-checkpoint, verifying no signature; raises BadRequest."""
        head, _, note = body.partition(b"\n\n")
        try:
            first, *lines = head.decode().split("\n")
            word, _, size = first.partition(" ")
            if word != "old" or len(lines) > MAX_PROOF:
                raise BadRequest(f"a request is «old», a size and at most {MAX_PROOF} lines of proof")
            request = cls(parse_decimal(size), tuple(unbase64(line) for line in lines), note)
            if request.checkpoint.size < request.old:
                raise BadRequest("the old size is larger than the checkpoint's")
        except (BadNote, BadCheckpoint, UnicodeDecodeError) as error:
            raise BadRequest(str(error)) from error
        return request

    def body(self) -> bytes:
        """The bytes to send."""
        lines = [f"old {self.old}", *map(base64, self.proof)]
        return ("\n".join(lines) + "\n\n").encode() + self.note

    @property
    def checkpoint(self) -> Checkpoint:
        """What the note claims; its origin tells which checkpoint the witness has to look up."""
        return read_checkpoint(self.note)


@dataclass(frozen=True)
class Refusal:
    """Why a witness does not cosign.

    `kind` is tlog-witness's answer: an unknown log (404), a checkpoint the log did not sign (403), an old
    size that is outdated (409, to be answered with `size`), a tree inconsistent with the one kept (422).
    `evidence` holds the two signed heads, the kept one first, when together they speak against the log.
    """

    kind: Literal["unknown", "unsigned", "outdated", "inconsistent"]
    reason: str
    size: int = 0
    evidence: Sequence[bytes] = ()


def decide(kept: bytes | None, request: Request, logs: Iterable[VerifierKey]) -> Checkpoint | Refusal:
    """Whether to cosign `request`, given the note last cosigned for its origin (None if there was none).

    Returns the checkpoint to cosign. Its note must be kept, in one step with comparing that `kept` is still
    the last, before the cosignature leaves the house.
    """
    shown = request.checkpoint
    keys = [key for key in logs if key.name == shown.origin]
    if not keys:
        return Refusal("unknown", f"the log {shown.origin} is not one this witness watches")
    try:
        open_checkpoint(request.note, keys)
    except (BadNote, BadCheckpoint) as error:
        return Refusal("unsigned", str(error))
    last = read_checkpoint(kept) if kept else Checkpoint(shown.origin, 0, EMPTY)
    heads = (kept, request.note) if kept else ()
    outdated = request.old != last.size
    try:
        refuse_contradiction(last, shown)
        if not outdated:
            verify_consistency(last.size, shown.size, request.proof, last.root, shown.root)
    except (BadCheckpoint, BadProof) as error:
        return Refusal("outdated" if outdated else "inconsistent", str(error), last.size, heads)
    if outdated:
        reason = f"this witness last cosigned {last.size} leaves, not {request.old}"
        return Refusal("outdated", reason, last.size)
    return shown
