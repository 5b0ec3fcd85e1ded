"""The embedded stores: their owner's only, and one clear sentence for every folder that will not do."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from dialogue.comment import MakeComment
from dialogue.fact import Personal
from dialogue.participant import Invite
from places import P1, Place, act, placed
from projections.secretariat import Secretariat
from projections.stores import NoStore, StoreFailed
from spec import DIALOGUE

NOBODY = 65534
MANY = 60  # acts, for which there is no room
STORES = ("record", "vault", "keys", "views")
FOLDERS = ("with a space", "한반도 対話", "per%20cent #?&", "mode=memory", ":memory:", "it's")


@pytest.fixture
def anybody() -> Iterator[Path]:
    """A folder that also somebody else than root may be let into, which pytest's are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
    shutil.rmtree(folder)


def refusal_to_somebody(action: Callable[[], object]) -> str:
    """What the action is refused with in a process of somebody's who is not root."""
    receiver, sender = Pipe(duplex=False)
    child = os.fork()  # as that user could not even import what runs under root's
    if child == 0:
        try:
            os.environ["XDG_CONFIG_HOME"] = "/nowhere"
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            action()
            sender.send("nothing refused it")
        except BaseException as error:  # noqa: BLE001  # whatever it is, the parent judges it
            sender.send(f"{type(error).__name__}: {error}")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    said = receiver.recv()
    assert isinstance(said, str)
    return said


def test_only_the_owner_may_read_the_stores_and_the_files_beside_them(tmp_path: Path) -> None:
    place = placed(tmp_path / "house", None)
    umask = os.umask(0)
    try:
        place.init()
        with place.opened() as house:
            house.execute_all(house.draw(), [])
            house.catch_up()
            files = list(place.folder.iterdir())
            assert {"record.db-wal", "record.db-shm"} <= {file.name for file in files}
            assert {file.name.partition(".")[0] for file in files} == set(STORES)
            assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
        assert place.folder.stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "house" / "master.key").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(umask)


def test_stores_copied_from_a_backup_are_closed_to_others_again(embedded: Place) -> None:
    for name in STORES:
        (embedded.folder / f"{name}.db").chmod(0o644)
    with embedded.opened():
        assert {(embedded.folder / f"{name}.db").stat().st_mode & 0o777 for name in STORES} == {0o600}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_data_folder_may_have_any_name(embedded: Place, name: str) -> None:
    there = embedded.folder.parent / "another" / name / "data"
    there.parent.mkdir(parents=True)
    shutil.move(embedded.folder, there)
    place = Place({**embedded.environ, "DIALOGUE_DATA": str(there)}, {})
    with place.opened() as house:
        act(house, MakeComment("Here too.", proposal=P1), "Tuya")
    assert sorted(path.name for path in there.iterdir()) == sorted(f"{store}.db" for store in STORES)


def test_where_nothing_is_nothing_is_made_and_init_is_named(tmp_path: Path) -> None:
    place = placed(tmp_path / "house", None)
    with pytest.raises(NoStore, match="dialogue init"):
        place.open()
    assert not place.folder.exists()


@pytest.mark.parametrize("name", ["vault", "keys"])
def test_a_missing_store_is_named_and_not_made_anew_in_silence(embedded: Place, name: str) -> None:
    (embedded.folder / f"{name}.db").unlink()
    with pytest.raises(NoStore, match=rf"{name}\.db is missing: restore it"):
        embedded.open()
    assert not (embedded.folder / f"{name}.db").exists()
    embedded.init()  # what its message offers
    with embedded.opened() as house:
        act(house, MakeComment("Onwards.", proposal=P1), "Tuya")


def test_views_that_were_removed_are_made_anew_and_closed_to_others(embedded: Place) -> None:
    (embedded.folder / "views.db").unlink()
    with embedded.opened() as house:
        assert house.compare() == []
        with house.reading() as reading:
            assert reading.bound(DIALOGUE) == len(embedded.numbers())
    assert (embedded.folder / "views.db").stat().st_mode & 0o777 == 0o600


def test_views_whose_making_was_interrupted_are_made(embedded: Place) -> None:
    (embedded.folder / "views.db").write_bytes(b"")
    with embedded.opened() as house:
        assert house.compare() == []


@pytest.mark.parametrize("name", STORES)
def test_a_file_that_is_no_store_is_told(embedded: Place, name: str) -> None:
    (embedded.folder / f"{name}.db").write_bytes(b"This is a letter, and no database at all. " * 200)
    with pytest.raises((StoreFailed, NoStore), match="no store, or damaged") as told, embedded.opened() as house:
        act(house, MakeComment("Into what?", proposal=P1), "Tuya")
    assert "restore it from a backup" in str(told.value)


def test_a_newer_version_is_refused_before_anything_is_written(embedded: Place) -> None:
    path = embedded.folder / "record.db"
    with sqlite3.connect(path) as connection:  # what a newer version would have written
        connection.execute("DROP TRIGGER about_update")
        connection.execute("UPDATE about SET value = '2' WHERE name = 'format'")
    connection.close()
    before = path.read_bytes()
    for opening in (embedded.open, embedded.init):
        with pytest.raises(NoStore, match="newer version of the software; upgrade"):
            opening()
    assert path.read_bytes() == before


@pytest.mark.parametrize("what", ["open", "init"])
def test_a_folder_that_is_read_only_is_told_in_one_sentence(embedded: Place, anybody: Path, what: str) -> None:
    there = anybody / "house"
    shutil.copytree(embedded.folder.parent, there)
    place = placed(there, None)
    for path in (there, *there.rglob("*")):
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)
        path.chmod(0o500 if path.is_dir() else 0o400)
    said = refusal_to_somebody(getattr(place, what))
    assert said.startswith("NoStore: ")
    assert "must be readable and writable for you" in said or "cannot be used as a data folder" in said


def test_a_folder_where_none_may_be_made_is_told(anybody: Path) -> None:
    anybody.chmod(0o555)
    said = refusal_to_somebody(placed(anybody / "house", None).init)
    assert said.startswith(f"NoStore: {anybody}")
    assert "Permission denied" in said


def test_somebody_elses_folder_is_told(embedded: Place, anybody: Path) -> None:
    shutil.copytree(embedded.folder.parent, anybody / "house")
    (anybody / "house").chmod(0o700 if os.geteuid() == 0 else 0o000)
    assert refusal_to_somebody(placed(anybody / "house", None).open).startswith("NoStore: ")


@pytest.mark.parametrize("name", STORES)
def test_a_full_disk_is_told_in_one_sentence_and_nothing_is_half_done(embedded: Place, name: str) -> None:
    before = embedded.numbers()
    with embedded.opened() as house:
        if name == "record":
            for pooled in house.record.recorder.datastore.pool._pool:  # type: ignore[attr-defined]
                limit(pooled._sqlite_conn)
        else:
            fill_up({"vault": house.stores.vault, "keys": house.stores.keys, "views": house.stores.views}[name])
        with pytest.raises(StoreFailed, match="no room left on the disk; make some and try again") as told:
            invite_many(house)
    assert ("it is recorded, but cannot be shown yet" in str(told.value)) == (name == "views")
    with embedded.opened() as house:  # there is room again
        entries = [entry for _, entry in embedded.numbers()]
        done = [turn for turn in range(MANY) if house.record.rows.act(DIALOGUE, f"invitation {turn}")]
        assert entries == list(range(1, len(before) + len(done) + 1))
        assert done == list(range(len(done))), "an act was lost between others"
        invite_many(house)
        assert len(embedded.numbers()) == len(before) + MANY
        assert house.compare() == []


def invite_many(house: Secretariat) -> None:
    """Acts that write to every store."""
    for turn in range(MANY):
        invitation = Invite(name=Personal(f"Somebody {turn}, whose invented name is long {'x' * 900}"))
        act(house, invitation, "Office", named=f"invitation {turn}")


def fill_up(engine: Engine) -> None:
    """Lets no further page into the file, as if the disk were full."""
    engine.dispose()
    event.listen(engine, "connect", limit)


def limit(connection: sqlite3.Connection, *_: object) -> None:
    count = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {count}")
