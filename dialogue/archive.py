"""An exported record's files: in a folder, or in one tar file whose every byte is given by names and contents.

The file is POSIX ustar and nothing else: no links, folders, owners or dates, members in the order of their
names. Any `tar` unpacks it. Reading trusts nothing: a header must be the very one that writing would give.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

BLOCK = 512
END = bytes(2 * BLOCK)
MEMBERS = 250_000  # an export of a million entries has some 10,000 files, and one more for each text
WHOLE = 16 * 1024 * 1024  # the most that is read at once; entries.jsonl is read line by line
LINE = 128 * 1024  # longer than any entry can be
LARGEST = 8**11 - 1  # what ustar can say of a size
CHUNK = 1024 * 1024
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


class BadArchive(ValueError):
    """A file or folder that is no export; the message says why, in a sentence."""


class Files(Protocol):
    """The files of an export, by name."""

    sizes: dict[str, int]

    def opened(self, name: str) -> BinaryIO:
        """The file, to be read from its beginning up to its size, by one reader at a time."""


def read(files: Files, name: str) -> bytes:
    """A small file whole. Raises BadArchive where it is missing or too large."""
    size = files.sizes.get(name)
    if size is None:
        raise BadArchive(f"there is no {name} in it")
    if size > WHOLE:
        raise BadArchive(f"{name} is larger than {WHOLE} bytes")
    return b"".join(chunks(files, name))


def chunks(files: Files, name: str) -> Iterator[bytes]:
    """A file's bytes, a piece at a time. Raises BadArchive where it is cut short."""
    left = files.sizes[name]
    with files.opened(name) as file:
        while left:
            chunk = file.read(min(left, CHUNK))
            if not chunk:
                raise BadArchive(f"{name} is cut short")
            left -= len(chunk)
            yield chunk


def lines(files: Files, name: str, longest: int = LINE) -> Iterator[bytes]:
    """A file's lines without their newlines. Raises BadArchive for one that is too long, or a last one unended."""
    rest = b""
    for chunk in chunks(files, name):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > longest:
            raise BadArchive(f"{name} holds a line of more than {longest} bytes")
    if rest:
        raise BadArchive(f"{name} does not end in a newline: its last line is cut short")


def sums(files: Files, without: str) -> Iterator[bytes]:
    """The lines of `sha256sum` over all files but one, in the order of their names."""
    for name in sorted(files.sizes):
        if name != without:
            digest = hashlib.sha256()
            for chunk in chunks(files, name):
                digest.update(chunk)
            yield f"{digest.hexdigest()}  {name}\n".encode()


class Folder:
    """An export unpacked in a folder. Raises BadArchive for anything but plain files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sizes: dict[str, int] = {}
        self.look(path, "")

    def look(self, folder: Path, prefix: str) -> None:
        for one in sorted(folder.iterdir()):
            name = prefix + one.name
            if one.is_symlink() or not (one.is_dir() or one.is_file()):
                raise BadArchive(f"{name} is neither a file nor a folder")
            if not one.is_dir() or len(name) > 100:
                admit(self.sizes, name)
            if one.is_dir():
                self.look(one, name + "/")
                continue
            self.sizes[name] = one.stat().st_size

    def opened(self, name: str) -> BinaryIO:
        return (self.path / name).open("rb")


class Tar:
    """An export in one file, whose headers are all read, and held against what they must be, when it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sizes: dict[str, int] = {}
        self.places: dict[str, int] = {}
        with path.open("rb") as file:
            self.look(file, path.stat().st_size)

    def look(self, file: BinaryIO, length: int) -> None:
        last = ""
        while (found := file.read(BLOCK)) != END[:BLOCK]:
            name, size = told(found)
            if found != header(name, size):
                raise BadArchive(f"the archive's header of {name} is not as an export has it")
            if name <= last:
                raise BadArchive(f"{name} stands in the archive twice, or out of order")
            admit(self.sizes, name)
            self.sizes[name], self.places[name], last = size, file.tell(), name
            padding = -size % BLOCK
            if file.tell() + size + padding + len(END) > length:
                raise BadArchive(f"the archive is cut short in {name}")
            file.seek(size, 1)
            if file.read(padding).strip(b"\0"):
                raise BadArchive(f"the archive holds bytes between its files, after {name}")
        if file.read(BLOCK) != END[:BLOCK] or file.read(1):
            raise BadArchive("the archive does not end where it should: something follows its last file")

    def opened(self, name: str) -> BinaryIO:
        file = self.path.open("rb")
        file.seek(self.places[name])
        return file


def opened(path: Path) -> Folder | Tar:
    """The export at this path. Raises BadArchive."""
    return Folder(path) if path.is_dir() else Tar(path)


def admit(sizes: dict[str, int], name: str) -> None:
    """Demands that one more file may have this name. Raises BadArchive."""
    if len(name) > 100 or not NAME.fullmatch(name):
        raise BadArchive(f"no file of an export is called {name[:120]!r}")
    if len(sizes) >= MEMBERS:
        raise BadArchive(f"it holds more than {MEMBERS} files")


def told(found: bytes) -> tuple[str, int]:
    """What a header says of name and size; the rest is not believed. Raises BadArchive."""
    if len(found) < BLOCK:
        raise BadArchive("the archive is cut short")
    if found[257:265] != b"ustar\x0000":
        raise BadArchive("this is no export of a dialogue: it is not a plain tar file")
    name, octal = found[:100].rstrip(b"\0"), found[124:135]
    if not re.fullmatch(rb"[0-7]{11}", octal) or not name.isascii():
        raise BadArchive("the archive holds a header that no export has")
    return name.decode(), int(octal, 8)


def header(name: str, size: int) -> bytes:
    """The ustar header of a file (POSIX.1-1988, IEEE 1003.1, "ustar Interchange Format"), with no date or owner."""
    if len(name) > 100 or not 0 <= size <= LARGEST:
        raise BadArchive(f"{name} is too large for an export")
    fields = (
        name.encode().ljust(100, b"\0"),
        b"0000644\0" + 2 * b"0000000\0",  # mode, owner, group
        f"{size:011o}\0".encode(),
        b"00000000000\0",  # date
        b"        ",  # the sum is taken over blanks in its own place
        b"0" + bytes(100) + b"ustar\x0000" + bytes(64) + 2 * b"0000000\0" + bytes(155 + 12),
    )
    block = b"".join(fields)
    return block[:148] + f"{sum(block):06o}\0 ".encode() + block[156:]


def pack(folder: Path, file: BinaryIO) -> None:
    """Writes the folder's files as one archive; the same files give the same bytes. Raises BadArchive."""
    files = Folder(folder)
    for name in sorted(files.sizes):
        size = files.sizes[name]
        file.write(header(name, size))
        file.writelines(chunks(files, name))
        file.write(bytes(-size % BLOCK))
    file.write(END)
