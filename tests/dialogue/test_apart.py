"""The audit of a large export by two processes finds exactly what one process finds."""

import os
import pickle
import random
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Self

import pytest

from dialogue import apart
from dialogue.audit import Report
from dialogue.exported import audit_export
from export_vectors import EXPORTS, KEPT, against, audited, reason, verdict
from exports import Files, Show, archive, files, sealed, story, write

SHOW = Show(story(), shown=("name", "descriptor"))
MADE = SHOW.files()
MUTATIONS = int(os.environ.get("EXPORT_MUTATIONS", "500"))


def flip(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def another_digit(data: bytearray, dice: random.Random) -> None:
    place = dice.choice([place for place, byte in enumerate(data) if chr(byte).isdigit()] or [0])
    data[place] = ord(str((data[place] - 48 + dice.randint(1, 9)) % 10))


def doubled(data: bytearray, dice: random.Random) -> None:
    start, to = dice.randrange(len(data)), dice.randrange(len(data))
    data[to:to] = data[start : start + dice.randint(1, 600)]


CHANGES = [flip, another_digit, another_digit, doubled]


class Later:
    """A second process that does not begin before the first has read everything: it cannot be further behind."""

    class Sent(BytesIO):
        def close(self) -> None:
            pass

    def __init__(self, *_: object, **__: object) -> None:
        self.stdin = self.Sent()
        self.stdout = self

    def read(self) -> bytes:
        answer = self.Sent()
        apart.serve(BytesIO(self.stdin.getvalue()), answer)
        return answer.getvalue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WORTHWHILE", 0)
    monkeypatch.setattr(apart, "Popen", Later)


RULES = [name for name in EXPORTS if (found := reason(name)) and found[0] == "rule"]


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_refused_for_the_same_lie(name: str, tmp_path: Path) -> None:
    assert verdict(audited(name, tmp_path)) == reason(name)


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("name", KEPT)
def test_a_record_must_continue_what_was_kept_from_earlier(name: str, tmp_path: Path) -> None:
    assert verdict(against(name, tmp_path)) == reason(f"against {name}")


def mutations(dice: random.Random, honest: Files) -> Iterator[bytes]:
    """Archives with a change in their bytes, or in a file whose sum was made to fit, or in a leaf signed anew."""
    names = [name for name in sorted(honest) if name not in ("README.md", "SHA256SUMS")]
    while True:
        name = dice.choice([*names, *["entries.jsonl"] * 8])
        changed = bytearray(honest[name])
        dice.choice(CHANGES)(changed, dice)
        yield archive(sealed({**honest, name: bytes(changed)}))
        leaves, texts = SHOW.leaves(), SHOW.texts()
        number = dice.randrange(len(leaves))
        leaf = bytearray(leaves[number])
        dice.choice(CHANGES)(leaf, dice)
        leaves[number] = bytes(leaf).replace(b"\n", b"")
        yield archive(files(leaves, texts, {}))
        leaves = SHOW.leaves()
        del leaves[dice.randrange(len(leaves))]
        yield archive(files(leaves, texts, {}))


def test_whatever_is_changed_two_processes_find_what_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, changed = tmp_path / "e.tar", mutations(random.Random(4), MADE)
    monkeypatch.setattr(apart, "Popen", Later)
    codes = set()
    for turn in range(MUTATIONS):
        path.write_bytes(next(changed))
        one = audit_export(path)
        with monkeypatch.context() as patched:
            patched.setattr(apart, "WORTHWHILE", 0)
            patched.setattr(apart, "BATCH", 1 + turn % 9)
            assert verdict(audit_export(path)) == verdict(one), turn
        codes.add(one.fault and one.fault.code)
    assert {"rule", "unreadable", "tile"} <= codes


# with another process indeed


def reported(report: Report) -> dict[str, object]:
    return {name: value for name, value in vars(report).items() if name != "fault"} | {"fault": verdict(report)}


@pytest.mark.parametrize("batch", [1, 128])
def test_another_process_finds_a_record_in_order(batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(MADE, tmp_path / "e.tar")
    one = audit_export(path)
    monkeypatch.setattr(apart, "WORTHWHILE", 0)
    monkeypatch.setattr(apart, "BATCH", batch)
    assert reported(audit_export(path)) == reported(one)
    assert one.fault is None


@pytest.mark.parametrize("name", RULES[:4])
def test_another_process_finds_what_breaks_the_rules(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "WORTHWHILE", 0)
    monkeypatch.setattr(apart, "BATCH", 1)
    report = audited(name, tmp_path)
    assert verdict(report) == reason(name)
    assert report.fault is not None
    assert report.fault.entry is not None
    assert report.size - report.fault.entry <= 1  # it tells what had been read when the act was put to the rules


def test_who_calls_an_audit_needs_no_guard(tmp_path: Path) -> None:
    """The caller's own program is not run a second time."""
    write(MADE, tmp_path / "e.tar")
    (tmp_path / "program.py").write_text(
        "from pathlib import Path\nfrom dialogue import apart, exported\napart.WORTHWHILE = 0\n"
        "report = exported.audit_export(Path('e.tar'))\nprint(report.size, report.fault)\n"
    )
    code = f"import sys, runpy; sys.path[:0] = {sys.path!r}; runpy.run_path('program.py', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{len(SHOW.entries)} None\n", "")


@pytest.mark.parametrize("code", ["", "import sys; sys.stdin.buffer.read()"])
def test_a_process_that_breaks_off_is_not_taken_for_one_that_found_nothing(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "WORTHWHILE", 0)
    monkeypatch.setattr(apart, "BEGIN", code)
    with pytest.raises(ChildProcessError, match="try again"):
        audit_export(write(MADE, tmp_path / "e.tar"))


def test_what_one_process_did_not_send_whole_the_other_does_not_answer() -> None:
    answer = BytesIO()
    apart.serve(BytesIO(pickle.dumps(None)), answer)
    assert answer.getvalue() == b""


def test_a_small_export_starts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "Popen", None)
    assert audit_export(write(MADE, tmp_path / "e.tar")).fault is None
