"""The Merkle tree over the entries of one dialogue: RFC 6962, section 2.1, with SHA-256; RFC 9162 keeps it.

Nothing here stores anything: the functions read the hashes of *perfect subtrees* through `Hashes`.
A place `(level, index)` names the hash over the leaves `[index * 2**level, (index + 1) * 2**level)`;
level 0 holds the leaf hashes. Indices count from 0, so entry N of a dialogue is leaf N - 1.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Protocol, Self

Place = tuple[int, int]
Node = tuple[int, int, bytes]

EMPTY = sha256(b"").digest()
"""The root of a tree without leaves: RFC 6962, 2.1."""


class BadProof(ValueError):
    """A proof does not prove what it claims; the message says why, in a sentence."""


class Hashes(Protocol):
    """Where the hashes of perfect subtrees are kept."""

    def read_many(self, places: Sequence[Place], /) -> Sequence[bytes]:
        """The 32-byte hashes at `places`, in that order; each lies inside the tree asked about."""


def leaf_hash(leaf: bytes) -> bytes:
    # RFC 6962, 2.1: SHA-256(0x00 || leaf)
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    # RFC 6962, 2.1: SHA-256(0x01 || left || right)
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree of which only the roots of its perfect subtrees are remembered, the largest first.

    It takes a stream of leaf hashes in flat memory (as many hashes as `size` has one-bits) and gives the root
    at any moment.
    """

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    @classmethod
    def load(cls, size: int, hashes: Hashes) -> Self:
        """The frontier of a stored tree of `size` leaves."""
        frontier = cls()
        frontier.size = size
        frontier._peaks = list(hashes.read_many(_perfect(0, size)))
        return frontier

    def append(self, digest: bytes) -> list[Node]:
        """Add a leaf by its hash; returns the perfect subtrees it completes, from the leaf upwards."""
        level, index = 0, self.size
        nodes = [(level, index, digest)]
        while index & 1:
            digest = node_hash(self._peaks.pop(), digest)
            level, index = level + 1, index >> 1
            nodes.append((level, index, digest))
        self._peaks.append(digest)
        self.size += 1
        return nodes

    def root(self) -> bytes:
        """The root of the tree so far: 32 bytes."""
        return _fold(self._peaks)


def append(size: int, digest: bytes, hashes: Hashes) -> list[Node]:
    """What to store, as (level, index, hash), when a leaf of hash `digest` joins a tree of `size` leaves.

    Reads only the siblings it merges with, one for each trailing one-bit of `size`.
    """
    trailing_ones = (~size & (size + 1)).bit_length() - 1
    left = [(level, (size >> level) - 1) for level in range(trailing_ones)]
    nodes = [(0, size, digest)]
    for (level, index), sibling in zip(left, hashes.read_many(left), strict=True):
        digest = node_hash(sibling, digest)
        nodes.append((level + 1, index >> 1, digest))
    return nodes


def root(size: int, hashes: Hashes) -> bytes:
    """The root of the first `size` leaves."""
    return _fold(hashes.read_many(_perfect(0, size)))


def inclusion_proof(index: int, size: int, hashes: Hashes) -> list[bytes]:
    """The audit path of the leaf at `index` in the tree of the first `size` leaves (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} is not in a tree of {size} leaves")
    start, end = 0, size
    siblings = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            siblings.append((middle, end))
            end = middle
        else:
            siblings.append((start, middle))
            start = middle
    return _subtrees(reversed(siblings), hashes)


def consistency_proof(old: int, new: int, hashes: Hashes) -> list[bytes]:
    """That the tree of `new` leaves only added to that of `old` (RFC 6962, 2.1.2).

    Empty when `old` is 0 or `new`: there is nothing to prove.
    """
    if not 0 <= old <= new:
        raise IndexError(f"a tree of {old} leaves is no past of one of {new}")
    if old == 0:
        return []
    start, end = 0, new
    subtrees = []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            subtrees.append((middle, end))
            end = middle
        else:
            subtrees.append((start, middle))
            start = middle
    if start:  # else the old tree is itself a subtree here, and its root is known to whoever asks
        subtrees.append((start, end))
    return _subtrees(reversed(subtrees), hashes)


def verify_inclusion(digest: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf of hash `digest` stands at `index` under `root` (RFC 9162, 2.1.3.2).

    Take `size` and `root` from one verified checkpoint: a proof does not bind the size by itself.
    Raises BadProof.
    """
    if not 0 <= index < size:
        raise BadProof(f"index {index} is not in a tree of {size} leaves")
    _require_hashes(proof)
    fn, sn = index, size - 1
    for sibling in proof:
        if sn == 0:
            raise BadProof("the inclusion proof is too long")
        if fn & 1 or fn == sn:
            digest = node_hash(sibling, digest)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            digest = node_hash(digest, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise BadProof("the inclusion proof is too short")
    if digest != root:
        raise BadProof("the inclusion proof leads to another root than the checkpoint's")


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the tree (`new`, `new_root`) only added leaves to (`old`, `old_root`) (RFC 9162, 2.1.4.2).

    Raises BadProof.
    """
    if not 0 <= old <= new:
        raise BadProof(f"the tree went backwards, from {old} leaves to {new}")
    _require_hashes(proof)
    if old in (0, new):
        if proof:
            raise BadProof("the consistency proof is too long")
        if old == 0 and old_root != EMPTY:
            raise BadProof("the old root is not that of an empty tree")
        if old == new and old_root != new_root:
            raise BadProof(f"two trees of {new} leaves have different roots")
        return
    # a tree of 2**k leaves is a subtree of every later one, so its root is left out of the proof
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise BadProof("the consistency proof is too short")
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if sn == 0:
            raise BadProof("the consistency proof is too long")
        if fn & 1 or fn == sn:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise BadProof("the consistency proof is too short")
    if first != old_root:
        raise BadProof("the consistency proof leads to another old root")
    if second != new_root:
        raise BadProof("the consistency proof leads to another new root")


def _require_hashes(proof: Sequence[bytes]) -> None:
    if any(len(digest) != 32 for digest in proof):
        raise BadProof("a hash in the proof is not 32 bytes long")


def _split(width: int) -> int:
    # RFC 6962, 2.1: the largest power of two smaller than width
    return 1 << (width - 1).bit_length() - 1


def _perfect(start: int, end: int) -> list[Place]:
    """The perfect subtrees, largest first, that the leaves [start, end) of one subtree fall into."""
    places = []
    while start < end:
        level = (end - start).bit_length() - 1
        places.append((level, start >> level))
        start += 1 << level
    return places


def _fold(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY
    digest = peaks[-1]
    for peak in reversed(peaks[:-1]):
        digest = node_hash(peak, digest)
    return digest


def _subtrees(ranges: Iterable[tuple[int, int]], hashes: Hashes) -> list[bytes]:
    """The hash over each range of leaves, all read at once."""
    parts = [_perfect(start, end) for start, end in ranges]
    digests = iter(hashes.read_many([place for places in parts for place in places]))
    return [_fold([next(digests) for _ in places]) for places in parts]
