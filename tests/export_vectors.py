"""The exports in tests/vectors/export, each named for its lie: how each is audited, and what must be said of it."""

import gzip
import json
import tempfile
from pathlib import Path

from dialogue.audit import Report
from dialogue.exported import audit_export

FOLDER = Path(__file__).parent / "vectors" / "export"
EXPORTS = sorted(path.name.removesuffix(".tar.gz") for path in FOLDER.glob("*.tar.gz"))
KEPT = sorted(path.stem for path in FOLDER.glob("*.checkpoint"))


def reason(name: str) -> list[object] | None:
    """[code, entry, sentence] that the audit of a vector must end in; None where all is in order."""
    found: list[object] | None = json.loads((FOLDER / "reasons.json").read_text())[name]
    return found


def verdict(report: Report) -> list[object] | None:
    fault = report.fault
    return None if fault is None else [fault.code, fault.entry, str(fault)]


def audited(name: str, folder: Path) -> Report:
    """The audit of an export that is stored here."""
    path = folder / f"{name}.tar"
    path.write_bytes(gzip.decompress((FOLDER / f"{name}.tar.gz").read_bytes()))
    return audit_export(path)


def against(name: str, folder: Path) -> Report:
    """The audit of the honest export against a checkpoint that is stored here."""
    path = folder / "honest.tar"
    path.write_bytes(gzip.decompress((FOLDER / "honest.tar.gz").read_bytes()))
    return audit_export(path, [(FOLDER / f"{name}.checkpoint").read_bytes()])


def verdicts() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as made:
        found = {name: verdict(audited(name, Path(made))) for name in EXPORTS}
        return {**found, **{f"against {name}": verdict(against(name, Path(made))) for name in KEPT}}
