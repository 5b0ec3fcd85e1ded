"""A log in memory for the ledger's tests: its tree, keys made of fixed seeds, checkpoints and proofs."""

from collections.abc import Sequence
from hashlib import sha256

from dialogue.checkpoint import Checkpoint, sign_checkpoint
from dialogue.cosignature import WitnessSigner, cosign
from dialogue.merkle import Place, append, consistency_proof, inclusion_proof, leaf_hash, root
from dialogue.note import Signer
from dialogue.proof import Proof
from dialogue.witness import Request

ORIGIN = "record.example/6f1c1a52-3b5e-4c39-9d53-0a8f6f5f7b11"
NOON = 1_792_497_600
"""2026-10-20T12:00:00Z, when the witnesses of these tests cosign."""


def seed(purpose: str) -> bytes:
    return sha256(b"a key for tests: " + purpose.encode()).digest()


WITNESSES = [WitnessSigner(f"witness.example/{name}", seed(name)) for name in ("seoul", "ulaanbaatar", "tokyo")]


class Stored(dict[Place, bytes]):
    """A tree's perfect subtrees, remembering which were read."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        super().__init__()
        self.read: list[Place] = []
        for size, leaf in enumerate(leaves):
            for level, index, digest in append(size, leaf_hash(leaf), self):
                assert (level, index) not in self
                self[level, index] = digest
        self.read.clear()

    def read_many(self, places: Sequence[Place]) -> list[bytes]:
        self.read += places
        return [self[place] for place in places]


class Log:
    """A log of invented leaves; another `word` gives another history under the same key."""

    def __init__(self, size: int, word: str = "entry", origin: str = ORIGIN) -> None:
        self.leaves = [f'{{"entry":{number},"words":"{word} {number}"}}'.encode() for number in range(1, size + 1)]
        self.hashes = Stored(self.leaves)
        self.signer = Signer(origin, seed("log"))

    def head(self, size: int) -> Checkpoint:
        return Checkpoint(self.signer.name, size, root(size, self.hashes))

    def signed(self, size: int, witnesses: Sequence[WitnessSigner] = ()) -> bytes:
        note = sign_checkpoint(self.head(size), self.signer)
        for witness in witnesses:
            note = cosign(note, witness, NOON)
        return note

    def proof(self, index: int, size: int, witnesses: Sequence[WitnessSigner] = ()) -> Proof:
        return Proof(index, tuple(inclusion_proof(index, size, self.hashes)), self.signed(size, witnesses))

    def request(self, old: int, size: int) -> Request:
        return Request(old, tuple(consistency_proof(old, size, self.hashes)), self.signed(size))
