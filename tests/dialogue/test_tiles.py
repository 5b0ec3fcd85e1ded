"""Tiles and entry bundles: paths and bytes of the specification, and what tlog-scales reads out of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.merkle import leaf_hash
from dialogue.tiles import BadTile, TileWriter, bundle, entries_path, paths, tile_path
from logs import Log, Stored


def written(leaves):
    writer = TileWriter()
    files = [file for leaf in leaves for file in writer.append(leaf)] + writer.finish()
    assert len(files) == len(dict(files))
    return dict(files), writer.frontier.root()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (tile_path(0, 0), "tile/0/000"),
        (tile_path(1, 999), "tile/1/999"),
        (tile_path(2, 1000), "tile/2/x001/000"),
        (tile_path(0, 1234067), "tile/0/x001/x234/067"),
        (tile_path(63, 7, 255), "tile/63/007.p/255"),
        (entries_path(1234067, 1), "tile/entries/x001/x234/067.p/1"),
    ],
)
def test_paths_are_spelt_as_the_specification_says(path, expected):
    assert path == expected


def test_a_tree_of_seventy_thousand_has_the_tiles_the_specification_counts():
    found = list(paths(70_000))
    tiles = [path for path in found if "entries" not in path]
    assert sum(path.startswith("tile/0/") and ".p/" not in path for path in tiles) == 273
    assert [path for path in tiles if ".p/" in path] == [
        "tile/0/273.p/112",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]
    assert [path for path in tiles if path.startswith("tile/1/")] == ["tile/1/000", "tile/1/001.p/17"]
    assert found[273] == "tile/entries/273.p/112"


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 600])
def test_what_is_written_is_what_the_size_asks_for(size):
    files, root = written(Log(size).leaves)
    assert sorted(files) == sorted(paths(size))
    assert root == Log(size).head(size).root
    hashes = Stored(Log(size).leaves)
    for path, data in files.items():
        if path.startswith("tile/0/"):
            start = int(path[7:10]) * 256
            assert data == b"".join(hashes[0, start + at] for at in range(len(data) // 32))
        if path.startswith("tile/1/"):
            assert data == b"".join(hashes[8, at] for at in range(len(data) // 32))


def parse_bundle(data: bytes) -> list[bytes]:
    """The leaves in an entry bundle, as an auditor reads them: each behind its length in two bytes."""
    leaves = []
    while data:
        length = int.from_bytes(data[:2], "big")
        leaves.append(data[2 : 2 + length])
        data = data[2 + length :]
    return leaves


def test_bundles_hold_the_leaves_in_order():
    log = Log(300)
    files, _ = written(log.leaves)
    assert parse_bundle(files["tile/entries/000"]) + parse_bundle(files["tile/entries/001.p/44"]) == log.leaves
    assert files["tile/entries/001.p/44"][:2] == len(log.leaves[256]).to_bytes(2, "big")


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_reads_as_written(leaves):
    assert parse_bundle(bundle(leaves)) == leaves


def test_a_bundle_refuses_what_does_not_fit():
    assert parse_bundle(bundle([bytes(65_535)])) == [bytes(65_535)]
    with pytest.raises(BadTile, match="longer than 65535 bytes"):
        bundle([bytes(65_536)])


def test_a_leaf_that_is_too_long_is_refused_when_it_comes():
    with pytest.raises(BadTile, match="longer"):
        TileWriter().append(bytes(65_536))


def test_tlog_scales_reads_the_tiles_and_finds_the_same_root_and_proofs(tmp_path):
    reader = pytest.importorskip("tlog_scales.reader")
    backend = pytest.importorskip("tlog_scales.backend")
    size = 66_000  # past 256 * 256, so that there is a tile of level 2
    log = Log(size)
    files, root = written(log.leaves)
    for path, data in {**files, "checkpoint": log.signed(size)}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    theirs = reader.TilesReader(backend.LocalBackend(tmp_path))
    assert theirs.get_checkpoint().size == size
    assert theirs.calculate_root_hash() == root
    for index in (0, 255, 256, 65_535, 65_536, size - 1):
        assert theirs.get_entry(index) == log.leaves[index]
        proof = theirs.get_inclusion_proof(index, size)
        assert tuple(proof.node_hashes) == log.proof(index, size).path
        proof.check(leaf_hash(log.leaves[index]), root)
    for old in (1, 256, 65_536, 65_999):
        proof = theirs.get_consistency_proof(old, size)
        assert tuple(proof.node_hashes) == log.request(old, size).proof
        proof.check(log.head(old).root, root)
