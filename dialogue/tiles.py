"""The tree and its leaves as files: C2SP tlog-tiles 0.1, which other people's tools read.

A tile holds up to 256 hashes: tile n of level l those at level 8 * l, places n * 256 to n * 256 + 255.
An entry bundle holds the leaves under one tile of level 0, each after its length as a big-endian uint16,
so a leaf may be at most 65,535 bytes long. What is not full yet ends in `.p/` and how many it holds.
"""

from collections.abc import Iterator

from dialogue.merkle import Frontier, leaf_hash

WIDTH = 256
MAX_LEAF = 0xFFFF


class BadTile(ValueError):
    """Bytes that are no tile or entry bundle; the message says why, in a sentence."""


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """Where tile `index` of `level` lies: `tile_path(0, 1234067, 3)` is `tile/0/x001/x234/067.p/3`."""
    return f"tile/{level}/{_number(index)}" + _partial(width)


def entries_path(index: int, width: int = WIDTH) -> str:
    """Where the entry bundle `index` lies: `tile/entries/000`."""
    return f"tile/entries/{_number(index)}" + _partial(width)


def paths(size: int) -> Iterator[str]:
    """Every path that a log of `size` leaves has for its last checkpoint, bundles and tiles."""
    for index, width in _spans(size):
        yield entries_path(index, width)
    level = 0
    while size >> 8 * level:
        for index, width in _spans(size >> 8 * level):
            yield tile_path(level, index, width)
        level += 1


def bundle(leaves: list[bytes]) -> bytes:
    """An entry bundle of up to 256 leaves; raises BadTile for a leaf that is too long."""
    return b"".join(map(_prefixed, leaves))


class TileWriter:
    """Takes leaves one after the other and gives the files as they fill: at most a tile a level in memory.

    `frontier` is the tree so far, for its root.
    """

    def __init__(self) -> None:
        self.frontier = Frontier()
        self._bundle = bytearray()
        self._levels: list[bytearray] = []

    def append(self, leaf: bytes, hashed: bytes | None = None) -> list[tuple[str, bytes]]:
        """Add a leaf, whose hash may be known; returns the (path, bytes) it completes. Raises BadTile for one that
        is too long.
        """
        index, width = divmod(self.frontier.size, WIDTH)
        files = []
        self._bundle += _prefixed(leaf)
        if width == WIDTH - 1:
            files.append((entries_path(index), bytes(self._bundle)))
            self._bundle.clear()
        for level, place, digest in self.frontier.append(hashed or leaf_hash(leaf)):
            if level % 8:
                continue
            if level // 8 == len(self._levels):
                self._levels.append(bytearray())
            tile = self._levels[level // 8]
            tile += digest
            if len(tile) == WIDTH * 32:
                files.append((tile_path(level // 8, place // WIDTH), bytes(tile)))
                tile.clear()
        return files

    def finish(self) -> list[tuple[str, bytes]]:
        """The (path, bytes) of what is not full, for a checkpoint of the tree so far."""
        size, files = self.frontier.size, []
        if size % WIDTH:
            files.append((entries_path(size // WIDTH, size % WIDTH), bytes(self._bundle)))
        for level, tile in enumerate(self._levels):
            if tile:
                files.append((tile_path(level, size >> 8 * (level + 1), len(tile) // 32), bytes(tile)))
        return files


def _prefixed(leaf: bytes) -> bytes:
    if len(leaf) > MAX_LEAF:
        raise BadTile(f"a leaf is longer than {MAX_LEAF} bytes")
    return len(leaf).to_bytes(2, "big") + leaf


def _spans(count: int) -> Iterator[tuple[int, int]]:
    for index in range(count // WIDTH):
        yield index, WIDTH
    if count % WIDTH:
        yield count // WIDTH, count % WIDTH


def _number(index: int) -> str:
    # tlog-tiles, Merkle Tree: zero-padded three-digit elements, all but the last beginning with x
    elements = [f"{index % 1000:03}"]
    while index := index // 1000:
        elements.insert(0, f"x{index % 1000:03}")
    return "/".join(elements)


def _partial(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"
