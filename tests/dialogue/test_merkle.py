"""The tree against RFC 6962's own definitions, written out naively here, and against published roots."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.merkle import (
    EMPTY,
    BadProof,
    Frontier,
    append,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from logs import Stored

# The leaves and the roots of their first 1..8 that the Certificate Transparency test suites publish.
PUBLISHED_LEAVES = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    bytes(range(0x40, 0x44)),
    bytes(range(0x50, 0x58)),
    bytes(range(0x60, 0x70)),
]
PUBLISHED_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


# RFC 6962, 2.1 to 2.1.2, word for word


def mth(leaves):
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = largest_power_below(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m, leaves):
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m, leaves, known):
    if m == len(leaves):
        return [] if known else [mth(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], known), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def largest_power_below(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def leaves_of(size):
    return [b"leaf %d" % number for number in range(size)]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots_hold(size):
    stored = Stored(PUBLISHED_LEAVES)
    assert root(size, stored).hex() == PUBLISHED_ROOTS[size - 1]


def test_an_empty_tree_has_the_hash_of_nothing():
    assert root(0, Stored([])) == EMPTY == Frontier().root() == mth([])


def test_every_root_and_proof_up_to_seventy_leaves_is_the_one_the_rfc_defines():
    leaves = leaves_of(70)
    stored = Stored(leaves)
    for size in range(71):
        assert root(size, stored) == mth(leaves[:size])
        for index in range(size):
            assert inclusion_proof(index, size, stored) == path(index, leaves[:size])
        for old in range(1, size + 1):
            assert consistency_proof(old, size, stored) == subproof(old, leaves[:size], True)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_every_proof_of_a_larger_tree_verifies(data):
    size = data.draw(st.integers(1, 3000))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(0, size))
    top = root(size, BIG)
    verify_inclusion(leaf_hash(b"leaf %d" % index), index, size, inclusion_proof(index, size, BIG), top)
    verify_consistency(old, size, consistency_proof(old, size, BIG), root(old, BIG), top)


BIG = Stored(leaves_of(3000))


def test_a_frontier_gives_every_root_and_the_same_hashes_to_store():
    frontier, seen = Frontier(), {}
    for size, leaf in enumerate(leaves_of(300)):
        assert frontier.root() == root(size, BIG)
        seen |= {(level, index): digest for level, index, digest in frontier.append(leaf_hash(leaf))}
    assert seen == Stored(leaves_of(300))


@pytest.mark.parametrize("size", [0, 1, 2, 7, 8, 255, 256, 1000])
def test_a_loaded_frontier_goes_on_where_the_stored_tree_ends(size):
    frontier = Frontier.load(size, BIG)
    for leaf in leaves_of(size + 20)[size:]:
        frontier.append(leaf_hash(leaf))
    assert frontier.size == size + 20
    assert frontier.root() == root(size + 20, BIG)


def test_only_the_hashes_that_are_needed_are_read():
    BIG.read.clear()
    append(2047, leaf_hash(b"next"), BIG)
    assert BIG.read == [(level, (2047 >> level) - 1) for level in range(11)]
    BIG.read.clear()
    append(2046, leaf_hash(b"next"), BIG)
    assert BIG.read == []
    inclusion_proof(1234, 2999, BIG)
    assert len(BIG.read) <= 2 * 12
    BIG.read.clear()
    consistency_proof(1234, 2999, BIG)
    assert len(BIG.read) <= 2 * 12


def test_a_proof_in_a_tree_of_two_to_the_sixty_leaves_needs_no_recursion():
    class Anywhere:
        def read_many(self, places):
            return [leaf_hash(repr(place).encode()) for place in places]

    size, index = 2**60 + 12345, 2**59 + 1
    proof = inclusion_proof(index, size, Anywhere())
    digest = leaf_hash(repr((0, index)).encode())
    with pytest.raises(BadProof, match="another root"):
        verify_inclusion(digest, index, size, proof, EMPTY)
    with pytest.raises(BadProof, match="too short"):
        verify_inclusion(digest, index, size, proof[:-1], EMPTY)


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 0)])
def test_there_is_no_proof_of_a_leaf_outside_the_tree(index, size):
    with pytest.raises(IndexError):
        inclusion_proof(index, size, BIG)
    with pytest.raises(BadProof, match=f"index {index} is not in a tree of {size} leaves"):
        verify_inclusion(leaf_hash(b""), index, size, [], EMPTY)


def test_there_is_no_proof_from_a_larger_tree_to_a_smaller():
    with pytest.raises(IndexError):
        consistency_proof(6, 5, BIG)
    with pytest.raises(BadProof, match="backwards, from 6 leaves to 5"):
        verify_consistency(6, 5, [], root(6, BIG), root(5, BIG))


def inclusion_lies(index, size):
    honest = inclusion_proof(index, size, BIG)
    digest, top = leaf_hash(b"leaf %d" % index), root(size, BIG)
    yield "too short", (digest, index, size, honest[:-1], top)
    yield "too long", (digest, index, size, [*honest, EMPTY], top)
    yield "another root", (digest, index, size, honest, root(size - 1, BIG))
    yield "another root", (digest, index, size, honest[::-1], top)
    yield "another root", (leaf_hash(b"edited"), index, size, honest, top)
    yield "another root", (digest, index ^ 1, size, honest, top)
    yield "32 bytes", (digest, index, size, [*honest[:-1], honest[-1][:31]], top)
    # a node passed off as a leaf, one level up: what the prefixes 0x00 and 0x01 are for
    yield "too short", (node_hash(honest[0], digest), index, size, honest[1:], top)


@pytest.mark.parametrize(("reason", "claim"), list(inclusion_lies(42, 100)))
def test_a_false_inclusion_proof_is_refused(reason, claim):
    with pytest.raises(BadProof, match=reason):
        verify_inclusion(*claim)


def consistency_lies(old, new):
    honest = consistency_proof(old, new, BIG)
    first, second = root(old, BIG), root(new, BIG)
    yield "too short", (old, new, honest[:-1], first, second)
    yield "too short", (old, new, [], first, second)
    yield "too long", (old, new, [*honest, EMPTY], first, second)
    yield "another old root", (old, new, honest, second, first)
    yield "another old root", (old, new, honest, root(old - 1, BIG), second)
    yield "another new root", (old, new, honest, first, root(new - 1, BIG))
    yield "another", (old, new, honest[::-1], first, second)
    yield "too short", (old - 1, new, honest, first, second)
    yield "32 bytes", (old, new, [b"", *honest], first, second)


@pytest.mark.parametrize(("reason", "claim"), list(consistency_lies(38, 100)))
def test_a_false_consistency_proof_is_refused(reason, claim):
    with pytest.raises(BadProof, match=reason):
        verify_consistency(*claim)


@pytest.mark.parametrize(
    ("reason", "claim"),
    [
        ("too long", (0, 5, [EMPTY], EMPTY, root(5, BIG))),
        ("empty tree", (0, 5, [], root(1, BIG), root(5, BIG))),
        ("too long", (5, 5, [EMPTY], root(5, BIG), root(5, BIG))),
        ("different roots", (5, 5, [], root(5, BIG), root(4, BIG))),
        ("too short", (4, 5, [], root(4, BIG), root(5, BIG))),
    ],
)
def test_the_edges_of_consistency_are_strict(reason, claim):
    with pytest.raises(BadProof, match=reason):
        verify_consistency(*claim)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_no_other_proof_passes_for_a_leaf_than_the_one_made(data):
    size = data.draw(st.integers(2, 200))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, BIG)
    at = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    flipped = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")
    with pytest.raises(BadProof):
        verify_inclusion(
            leaf_hash(b"leaf %d" % index),
            index,
            size,
            [*proof[:at], flipped, *proof[at + 1 :]],
            root(size, BIG),
        )
