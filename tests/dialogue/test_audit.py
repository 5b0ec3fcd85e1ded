"""Exports audited: honest ones pass, and every lie is found and named."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
import rfc8785

from dialogue import archive as archives
from dialogue.archive import BadArchive, Folder, Tar, header, pack
from dialogue.aside import Aside
from dialogue.asked import ASKED, FOLLOW
from dialogue.exported import audit_export
from dialogue.history import History
from dialogue.kinds import FACTS
from dialogue.note import Signer
from dialogue.policy import Policy, format_policy
from dialogue.reenact import reenact
from dialogue.suspicion import strict_entry
from export_vectors import EXPORTS, FOLDER, KEPT, against, audited, reason, verdict
from exports import SIGNER, Files, Show, archive, files, sealed, story, write
from logs import WITNESSES, seed

SHOW = Show(story(), shown=("name", "descriptor"))
MADE = SHOW.files()
SIZE = len(SHOW.entries)
MUTATIONS = int(os.environ.get("EXPORT_MUTATIONS", "500"))


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_refused_for_its_lie_and_only_for_one(name: str, tmp_path: Path) -> None:
    assert verdict(audited(name, tmp_path)) == reason(name)


@pytest.mark.parametrize("name", KEPT)
def test_a_record_must_continue_what_was_kept_from_earlier(name: str, tmp_path: Path) -> None:
    assert verdict(against(name, tmp_path)) == reason(f"against {name}")


def test_the_vectors_hold_as_many_lies_as_ever() -> None:
    assert sum(reason(name) is not None for name in EXPORTS) >= 84
    assert all((reason(name) is None) == name.startswith("honest") for name in EXPORTS)


def test_the_report_says_what_was_seen(tmp_path: Path) -> None:
    report = audit_export(write(MADE, tmp_path / "e.tar"))
    assert report.fault is None
    assert (report.size, report.signed, report.checkpoints, report.texts) == (SIZE, SIZE, 2, 5)
    assert report.root == SHOW.head(SIZE).root
    assert report.keys == [str(SIGNER.key)]
    assert list(report.witnesses) == [witness.name for witness in WITNESSES[:2]]
    assert (report.first, report.last) == (SHOW.entries[0].recordedtime, SHOW.entries[-1].recordedtime)


def test_a_folder_is_audited_like_the_file(tmp_path: Path) -> None:
    unpacked(MADE, tmp_path / "e")
    assert audit_export(tmp_path / "e").fault is None
    (tmp_path / "e" / "texts" / "link").symlink_to("/etc/passwd")
    assert verdict(audit_export(tmp_path / "e")) == ["archive", None, "texts/link is neither a file nor a folder"]


def test_packing_a_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    unpacked(MADE, tmp_path / "e")
    with (tmp_path / "e.tar").open("wb") as file:
        pack(tmp_path / "e", file)
    assert (tmp_path / "e.tar").read_bytes() == archive(MADE)


def unpacked(made: Files, folder: Path) -> None:
    for name, content in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert archives.MEMBERS < 1_000_000
    monkeypatch.setattr(archives, "MEMBERS", 50)
    path = tmp_path / "many.tar"
    path.write_bytes(b"".join(header(f"f{n:05}", 0) for n in range(60)) + bytes(1024))
    with pytest.raises(BadArchive, match="more than 50 files"):
        Tar(path)
    for number in range(60):
        (tmp_path / "d").mkdir(exist_ok=True)
        (tmp_path / "d" / str(number)).touch()
    with pytest.raises(BadArchive, match="more than 50 files"):
        Folder(tmp_path / "d")


def test_an_endless_line_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    endless = sealed({**MADE, "entries.jsonl": b"x" * 3_000_000 + b"\n"})
    assert verdict(audit_export(write(endless, tmp_path / "e.tar"))) == [
        "archive",
        None,
        "entries.jsonl holds a line of more than 131072 bytes",
    ]


# whom to trust


def trusting(k: int, *witnesses: int) -> Policy:
    names = {f"w{n}": WITNESSES[n].key for n in witnesses}
    return Policy.parse(format_policy([SIGNER.key], names, k))


def test_a_policy_is_met_by_its_quorum_and_by_no_fewer(tmp_path: Path) -> None:
    path = write(MADE, tmp_path / "e.tar")
    assert audit_export(path, policy=trusting(2, 0, 1, 2)).fault is None
    assert verdict(audit_export(path, policy=trusting(3, 0, 1, 2))) == [
        "policy",
        None,
        "the checkpoint is not cosigned by the quorum witnesses, only by: w0, w1",
    ]


def test_a_record_of_another_key_does_not_meet_a_policy(tmp_path: Path) -> None:
    path = write(MADE, tmp_path / "e.tar")
    stranger = Signer(SIGNER.name, seed("stranger"))
    report = audit_export(path, policy=Policy.parse(format_policy([stranger.key], {}, 0)))
    assert report.fault is not None
    assert report.fault.code == "key"


def test_an_unsigned_record_meets_no_policy(tmp_path: Path) -> None:
    path = write(files(SHOW.leaves()[:11], [], {}), tmp_path / "e.tar")
    assert audit_export(path).fault is None
    report = audit_export(path, policy=trusting(0))
    assert report.fault is not None
    assert report.fault.code == "policy"


# what the audit rests on


def test_every_fact_begins_an_act_or_follows_in_one() -> None:
    assert {*ASKED, *FOLLOW} == set(FACTS.values())
    assert not set(ASKED) & set(FOLLOW)


def test_our_leaves_are_canonical_by_the_book() -> None:
    for leaf in SHOW.leaves():
        assert rfc8785.dumps(json.loads(leaf)) == leaf
        assert strict_entry(leaf)


def test_states_put_aside_are_the_same_when_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dialogue.aside.KEPT", 0)
    texts = {digest: words.encode() for digest, words in story().history.texts.items()}
    aside = Aside(texts.get)
    entries = [strict_entry(leaf) for leaf in SHOW.leaves()]
    history = History(entries[0].dialogue, entries[0].source, 0, aside)
    whole = story().history
    group = []
    for entry in [*entries, None]:
        if group and (entry is None or entry.act != group[-1].act):
            reenact(group, history)
            aside.put(history)
            assert not history.folded
            group = []
        if entry is not None:
            group.append(entry)
    assert {(kind, id): history.at(kind, UUID(int=id)) for kind, id in whole.folded} == whole.folded


def test_the_audit_path_imports_nothing_else() -> None:
    code = """
import sys
import dialogue.exported
ours = {"dialogue", "cryptography", "rfc8785", "_cffi_backend", "_openssl", "__main__", *sys.stdlib_module_names}
print(sorted({name.partition(".")[0] for name in sys.modules} - ours))
"""
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


# mutations


def flip(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def cut(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    del data[start : start + dice.randint(1, 600)]


def splice(data: bytearray, dice: random.Random) -> None:
    start, to = dice.randrange(len(data)), dice.randrange(len(data))
    data[to:to] = data[start : start + dice.randint(1, 600)]


def move_line(data: bytearray, dice: random.Random) -> None:
    lines = bytes(data).splitlines(keepends=True)
    line = lines.pop(dice.randrange(len(lines)))
    lines.insert(dice.randrange(len(lines) + 1), line)
    data[:] = b"".join(lines)


def swap_digits(data: bytearray, dice: random.Random) -> None:
    places = [place for place, byte in enumerate(data) if chr(byte).isdigit()]
    place = dice.choice(places or [0])
    data[place] = ord(str((data[place] - 48 + dice.randint(1, 9)) % 10))


CHANGES: list[Callable[[bytearray, random.Random], None]] = [flip, cut, splice, move_line, swap_digits]


def test_a_mutated_archive_is_caught(tmp_path: Path) -> None:
    dice, honest, path = random.Random(1), archive(MADE), tmp_path / "e.tar"
    for turn in range(MUTATIONS // 2):
        mutated = bytearray(honest)
        dice.choice(CHANGES)(mutated, dice)
        if mutated != honest:
            path.write_bytes(mutated)
            assert audit_export(path).fault is not None, turn


def test_a_mutated_record_is_caught_even_if_its_sums_are_made_to_fit(tmp_path: Path) -> None:
    """Who made the file may have made the sums; a README and lines by unknown keys are all that they may change."""
    dice, path = random.Random(2), tmp_path / "e.tar"
    names = [name for name in sorted(MADE) if name not in ("README.md", "SHA256SUMS", "policy", "about.json")]
    for turn in range(MUTATIONS - MUTATIONS // 2):
        name = dice.choice([*names, *["entries.jsonl"] * 8])
        mutated = bytearray(MADE[name])
        dice.choice(CHANGES)(mutated, dice)
        if mutated != MADE[name]:
            changed = {**MADE, name: bytes(mutated)}
            if name == f"checkpoints/{SIZE}":
                changed["checkpoint"] = bytes(mutated)
            write(sealed(changed), path)
            report = audit_export(path)
            assert report.fault is not None or strange(bytes(mutated), MADE[name]), (turn, name)


def strange(note: bytes, honest: bytes) -> bool:
    """Whether all that changed is a signature line, which is now by a key that nobody knows, or not there."""
    return note.startswith(b"".join(honest.splitlines(keepends=True)[:5]))


def test_a_mutated_record_that_its_own_key_signs_is_one_that_the_rules_let_in_or_is_caught(tmp_path: Path) -> None:
    """Leaves changed by whoever holds the key: what passes says nothing that the rules do not allow to be said."""
    dice, path = random.Random(3), tmp_path / "e.tar"
    for _ in range(MUTATIONS // 10):
        leaves = SHOW.leaves()
        number = dice.randrange(len(leaves))
        mutated = bytearray(leaves[number])
        dice.choice([flip, cut, splice, swap_digits])(mutated, dice)
        leaves[number] = bytes(mutated).replace(b"\n", b"")
        write(files(leaves, SHOW.texts(), {}), path)
        report = audit_export(path)
        if report.fault is None:
            assert strict_entry(leaves[number]).fact.stream == SHOW.entries[number].fact.stream


# proof by others


def test_tlog_scales_reads_the_tiles_and_the_checkpoint_of_an_export(tmp_path: Path) -> None:
    reader = pytest.importorskip("tlog_scales.reader")
    backend = pytest.importorskip("tlog_scales.backend")
    signing = pytest.importorskip("tlog_scales.signing")
    unpacked(MADE, tmp_path / "e")
    theirs = reader.TilesReader(backend.LocalBackend(tmp_path / "e"))
    head = theirs.get_checkpoint()
    head.verify(signing.Vkey.from_string(str(SIGNER.key)))
    assert (head.size, head.root_hash) == (SIZE, SHOW.head(SIZE).root)
    assert theirs.calculate_root_hash() == SHOW.head(SIZE).root
    assert [theirs.get_entry(index) for index in range(SIZE)] == SHOW.leaves()


def test_every_member_of_the_honest_vector_is_still_written_so(tmp_path: Path) -> None:
    """Exports that were made long ago keep their meaning: the stored one is the one that is made today."""
    import gzip

    assert gzip.decompress((FOLDER / "honest.tar.gz").read_bytes()) == archive(Show(story(), shown=("name",)).files())
