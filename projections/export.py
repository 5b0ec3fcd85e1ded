"""A dialogue's record written out: one file, or a folder, that anybody can check (dialogue/exported.py).

Everything is streamed: memory does not grow with the record. The same record, attestations and audience give the
same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING
from uuid import UUID

from dialogue.archive import Folder, pack, sums
from dialogue.envelope import from_leaf
from dialogue.exported import FORMAT, about_file
from dialogue.fact import Refused, Text
from dialogue.keys import LogKeyIntroduced, RecordTakenOver
from dialogue.note import VerifierKey
from dialogue.policy import format_policy
from dialogue.record import Rows
from dialogue.tiles import TileWriter
from projections import attesting, ledger

if TYPE_CHECKING:
    from projections.secretariat import Secretariat

Disclosure = tuple[int, str]  # an entry, and a disclosure of one of its sealed values (RFC 9901)


def export_file(
    secretariat: Secretariat, dialogue: UUID, path: Path, audience: str = "public", shown: Iterable[Disclosure] = ()
) -> None:
    """Writes the record to one file, in the place of what is there only when it is whole. Raises Refused, Unknown."""
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as made:
            folder, packed = Path(made) / "export", Path(made) / "packed"
            export_folder(secretariat, dialogue, folder, audience, shown)
            with packed.open("wb") as file:
                pack(folder, file)
            packed.replace(path)
    except OSError as error:
        raise Refused("no-room", f"the export cannot be written to {path}: {error.strerror}") from error


def export_folder(
    secretariat: Secretariat, dialogue: UUID, folder: Path, audience: str = "public", shown: Iterable[Disclosure] = ()
) -> None:
    """Writes the record to a folder that is not there yet, or empty.

    `shown` come in the order of their entries and, within an entry, of their digests. Raises Refused, Unknown.
    """
    with secretariat.reading() as reading:
        head = ledger.head(reading, dialogue)
    rows = secretariat.record.rows
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Refused("not-empty", f"{folder} is not empty; name a new folder")
        out = Writing(folder)
        covered = out.attestations(rows, dialogue, head.size)
        out.record(secretariat, dialogue, head.size, covered)
        disclosures = out.disclosures(shown)
        out.policy(rows, dialogue, head.size, covered)
        told = {"origin": head.origin, "size": head.size, "audience": audience}
        about = {**told, "format": FORMAT, "dialogue": str(dialogue), "disclosures": disclosures}
        out.write("about.json", about_file(about))
        readme = files("projections").joinpath("auditors_readme.md").read_text(encoding="utf-8")
        out.write("README.md", Template(readme).substitute(told, covered=covered).encode())
        out.write("SHA256SUMS", b"".join(sums(Folder(folder), without="SHA256SUMS")))
    except OSError as error:
        raise Refused("no-room", f"the export cannot be written to {folder}: {error.strerror}") from error


class Writing:
    """A folder that is being filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys: list[str] = []

    def write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def attestations(self, rows: Rows, dialogue: UUID, size: int) -> int:
        """Checkpoints and timestamps; how many entries the last checkpoint covers."""
        covered = 0
        for covered, note in attesting.checkpoints(rows, dialogue, size):
            self.write(f"checkpoints/{covered}", note)
            for name, reply in attesting.timestamps(rows, dialogue, covered):
                self.write(f"timestamps/{name}", reply)
        if covered:
            self.write("checkpoint", attesting.cosigned(rows, dialogue, covered))
        return covered

    def record(self, secretariat: Secretariat, dialogue: UUID, size: int, covered: int) -> None:
        """Entries, texts, keys, and the tiles of the tree that is covered by a checkpoint."""
        tiles = TileWriter()
        with (self.folder / "entries.jsonl").open("wb") as out:
            for number, leaf in enumerate(secretariat.record.leaves(dialogue, 1, size), start=1):
                out.write(leaf + b"\n")
                self.named(leaf, secretariat.record.rows)
                if number <= covered:
                    filled = tiles.append(leaf)
                    for name, content in filled + (tiles.finish() if number == covered else []):
                        self.write(name, content)
        self.write("keys", "".join(self.keys).encode())

    def named(self, leaf: bytes, rows: Rows) -> None:
        """The texts and the key that an entry names."""
        entry = from_leaf(leaf)
        if isinstance(entry.fact, LogKeyIntroduced | RecordTakenOver):
            self.keys.append(f"{entry.number} {entry.fact.vkey}\n")
        for value in vars(entry.fact).values():
            if isinstance(value, Text) and not (self.folder / "texts" / value.sha256).exists():
                content = rows.text(value.sha256)
                if content is None:
                    raise Refused("damaged", f"the text {value.sha256} that entry {entry.number} names is missing")
                self.write(f"texts/{value.sha256}", content)

    def disclosures(self, shown: Iterable[Disclosure]) -> int:
        """The disclosures, a line each; how many there are."""
        count = 0
        with (self.folder / "disclosures.jsonl").open("w", encoding="ascii") as out:
            for entry, disclosure in shown:
                out.write(f'{{"disclosure":"{disclosure}","entry":{entry}}}\n')
                count += 1
        return count

    def policy(self, rows: Rows, dialogue: UUID, size: int, covered: int) -> None:
        """The policy that was agreed, or one that names the log's keys and no witness."""
        if covered:
            logs = [VerifierKey.parse(line.split()[1]) for line in self.keys]
            self.write("policy", attesting.policy(rows, dialogue, size) or format_policy(logs, {}, 0))
