"""The exports in tests/vectors/export, each named for its lie: how each is audited, and what must be said of it."""

import gzip
import json
import lzma
import shutil
import tempfile
from pathlib import Path

from dialogue.audit import Report
from dialogue.exported import audit_export

FOLDER = Path(__file__).parent / "vectors" / "export"
EXPORTS = sorted(path.name.rpartition(".tar.")[0] for path in FOLDER.glob("*.tar.*"))
KEPT = sorted(path.stem for path in FOLDER.glob("*.checkpoint"))


def reason(name: str) -> list[object] | None:
    """[code, entry, sentence] that the audit of a vector must end in; None where all is in order."""
    found: list[object] | None = json.loads((FOLDER / "reasons.json").read_text())[name]
    return found


def verdict(report: Report) -> list[object] | None:
    fault = report.fault
    return None if fault is None else [fault.code, fault.entry, str(fault)]


def unpacked(name: str, folder: Path) -> Path:
    """An export that is stored here, as the audit reads it: uncompressed."""
    path = folder / f"{name}.tar"
    packed = FOLDER / f"{name}.tar.gz"
    with (
        gzip.open(packed) if packed.exists() else lzma.open(packed.with_suffix(".xz")) as stored,
        path.open("wb") as file,
    ):
        shutil.copyfileobj(stored, file, 1024 * 1024)
    return path


def audited(name: str, folder: Path) -> Report:
    """The audit of an export that is stored here."""
    path = unpacked(name, folder)
    report = audit_export(path)
    path.unlink()  # one of them takes half a gigabyte
    return report


def against(name: str, folder: Path) -> Report:
    """The audit of the honest export against a checkpoint that is stored here."""
    return audit_export(unpacked("honest", folder), [(FOLDER / f"{name}.checkpoint").read_bytes()])


def verdicts() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as made:
        found = {name: verdict(audited(name, Path(made))) for name in EXPORTS}
        return {**found, **{f"against {name}": verdict(against(name, Path(made))) for name in KEPT}}
