"""The Merkle tree over a dialogue's entries, kept as a view: dropped and made anew it has the same roots.

design.md, "The ledger". The hashing is RFC 6962's and stands in dialogue/merkle.py; here are the stored hashes
of perfect subtrees, written in the batch that brings the entry, and the proofs that are read from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from dialogue.checkpoint import Checkpoint
from dialogue.fact import Entry, Unknown
from dialogue.merkle import Frontier, Place, consistency_proof, inclusion_proof, leaf_hash
from dialogue.merkle import root as tree_root
from projections.read import Reading
from projections.rows import Rows
from projections.schema import Tables


@dataclass(frozen=True)
class StoredHashes:
    """The stored hashes of one dialogue, as the tree's functions read them."""

    conn: Connection
    t: Tables
    dialogue: UUID

    def read_many(self, places: Sequence[Place], /) -> list[bytes]:
        """The hashes at these places, in that order. Raises KeyError for one that is not stored."""
        # one look-up a place: with all of them in one condition, SQLite reads the dialogue's whole tree
        hashes = self.t.hashes
        query = select(hashes.c.hash).where(
            hashes.c.dialogue == str(self.dialogue),
            hashes.c.level == bindparam("at_level"),
            hashes.c.index == bindparam("at_index"),
        )
        found = []
        for level, index in places:
            digest = self.conn.execute(query, {"at_level": level, "at_index": index}).scalar()
            if digest is None:
                raise KeyError(f"the hash at level {level}, place {index} is not stored; run `dialogue rebuild`")
            found.append(bytes(digest))
        return found


def project(entry: Entry, leaf: bytes, rows: Rows) -> None:
    """Adds the leaf to its dialogue's tree: what is stored are the subtrees that it completes."""
    tree = rows.trees.get(entry.dialogue)
    if tree is None or tree.size != entry.number - 1:
        tree = Frontier.load(entry.number - 1, StoredHashes(rows.conn, rows.t, entry.dialogue))
        rows.trees[entry.dialogue] = tree
    for level, index, digest in tree.append(leaf_hash(leaf)):
        rows.put(rows.t.hashes, dialogue=str(entry.dialogue), level=level, index=index, hash=digest)


def origin(reading: Reading, dialogue: UUID) -> str:
    """The name of the dialogue's log: the `source` of its leaves. Raises Unknown."""
    heads = reading.t.heads
    found: str | None = reading.conn.execute(select(heads.c.source).where(heads.c.dialogue == str(dialogue))).scalar()
    if found is None:
        raise Unknown("dialogue")
    return found


def root(reading: Reading, dialogue: UUID, size: int) -> bytes:
    """The root of the tree of the first `size` entries (32 bytes). Raises Unknown for more than there are."""
    held(reading, dialogue, size)
    return tree_root(size, StoredHashes(reading.conn, reading.t, dialogue))


def head(reading: Reading, dialogue: UUID) -> Checkpoint:
    """Origin, size and root of the dialogue's log at the place that is read, signed by nobody yet."""
    size = reading.bound(dialogue)
    return Checkpoint(origin(reading, dialogue), size, root(reading, dialogue, size))


def inclusion(reading: Reading, dialogue: UUID, entry: int, size: int) -> list[bytes]:
    """The proof that entry `entry` stands in the tree of the first `size` entries. Raises Unknown."""
    held(reading, dialogue, size)
    if not 1 <= entry <= size:
        raise Unknown(f"entry {entry} among the first {size}")
    return inclusion_proof(entry - 1, size, StoredHashes(reading.conn, reading.t, dialogue))


def consistency(reading: Reading, dialogue: UUID, old: int, new: int) -> list[bytes]:
    """The proof that the tree of `new` entries only added to that of `old`. Raises Unknown."""
    held(reading, dialogue, new)
    if not 0 <= old <= new:
        raise Unknown(f"tree of {old} entries among the first {new}")
    return consistency_proof(old, new, StoredHashes(reading.conn, reading.t, dialogue))


def leaf_hashes(reading: Reading, dialogue: UUID, first: int, last: int) -> Iterator[bytes]:
    """The hashes of entries `first` to `last`, as they were stored when these entered."""
    hashes = reading.t.hashes
    query = (
        select(hashes.c.hash)
        .where(hashes.c.dialogue == str(dialogue), hashes.c.level == 0, hashes.c.index.between(first - 1, last - 1))
        .order_by(hashes.c.index)
    )
    for row in reading.conn.execute(query):
        yield bytes(row.hash)


def held(reading: Reading, dialogue: UUID, size: int) -> None:
    bound = reading.bound(dialogue)
    if not 0 <= size <= bound:
        raise Unknown(f"entry {size}; the record ends with entry {bound}")
