"""`init`: once, twice or by several at once; and what it leaves to the application's role."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from dialogue.comment import MakeComment
from places import P1, Model, Place, act, furnish
from projections import founding
from projections.founding import found
from projections.settings import load
from projections.stores import NoStore, StoreFailed

AT_ONCE = 6


def at_once(action: Any) -> list[Any]:
    """What several give who begin in the same instant."""
    barrier = Barrier(AT_ONCE)

    def go(_: int) -> Any:
        barrier.wait()
        return action()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(go, range(AT_ONCE)))


def test_init_again_changes_nothing(place: Place) -> None:
    before, key = place.numbers(), Path(place.environ["DIALOGUE_MASTER_KEY_FILE"]).read_bytes()
    place.init()
    assert place.numbers() == before
    assert Path(place.environ["DIALOGUE_MASTER_KEY_FILE"]).read_bytes() == key
    with place.opened() as house:
        act(house, MakeComment("As ever.", proposal=P1), "Tuya")
        assert house.compare() == []


def test_init_by_several_at_once_makes_one_installation(empty_place: Place) -> None:
    at_once(empty_place.init)
    assert sorted(empty_place.sql("record", "SELECT name FROM about")) == [("format",), ("origin",)]
    assert [file.name for file in empty_place.folder.parent.glob("master.key*")] == ["master.key"]
    furnish(empty_place)


def test_init_during_acts_disturbs_nobody(place: Place) -> None:
    with place.opened() as house:
        for turn in range(3):
            act(house, MakeComment(f"Comment {turn}.", proposal=P1), "Tuya")
            place.init()
        assert house.compare() == []


def test_several_who_open_an_installation_first_make_its_views_once(empty_place: Place) -> None:
    empty_place.init()
    houses = at_once(empty_place.open)
    for house in houses:
        with closing(house), house.reading() as reading:
            assert reading.t.generation == "a"
    assert empty_place.sql("views", "SELECT current FROM generation") == [("a",)]


def test_an_installation_keeps_the_name_it_was_given(empty_place: Place) -> None:
    named = {**empty_place.owner, "DIALOGUE_SOURCE": "first.example.org"}
    role = "dialogue_app" if empty_place.postgres else None
    found(load({}, named), app_role=role)
    found(load({}, {**named, "DIALOGUE_SOURCE": "second.example.org"}), app_role=role)
    with empty_place.opened() as house:
        assert house.record.origin == "first.example.org"


@pytest.mark.parametrize("model", ["postgres"], indirect=True)
def test_a_worker_makes_no_table_but_the_views(model: Model, empty_place: Place) -> None:
    empty_place.init()
    query = "SELECT schemaname, tablename, tableowner FROM pg_tables WHERE schemaname IN ('record', 'vault', 'keys')"
    before = sorted(empty_place.sql("record", query))
    assert {owner for _, _, owner in before} == {"dialogue_owner"}
    with empty_place.opened():
        pass
    assert sorted(empty_place.sql("record", query)) == before
    views = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'views'"
    assert empty_place.sql("views", views) == [("dialogue_app",)]


@pytest.mark.parametrize("model", ["postgres"], indirect=True)
def test_a_server_before_17_is_refused_and_nothing_is_made(
    model: Model, empty_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialogue.postgres.LEAST_VERSION", 999999)  # to which this server's version is as 16 is to 17
    with pytest.raises(NoStore, match="PostgreSQL 17 or later is needed"):
        empty_place.init()
    schemas = "SELECT nspname FROM pg_namespace WHERE nspname IN ('record', 'vault', 'keys', 'views')"
    assert empty_place.sql("public", schemas, owner=True) == []


@pytest.mark.parametrize("model", ["postgres"], indirect=True)
def test_what_is_wrong_with_a_database_is_told_in_one_sentence(model: Model, empty_place: Place) -> None:
    with pytest.raises(NoStore, match="dialogue init"):
        empty_place.open()
    with pytest.raises(StoreFailed, match="this role may not use the stores"):
        found(load({}, empty_place.environ))
    with pytest.raises(StoreFailed, match=r"there is no role nobody.*create it"):
        found(load({}, empty_place.owner), app_role="nobody")
    nowhere = {**empty_place.environ, "DIALOGUE_DATABASE": "postgresql://app@127.0.0.1:1/none?connect_timeout=1"}
    for opening in (lambda: founding.open_installation(load({}, nowhere)), lambda: found(load({}, nowhere))):
        with pytest.raises(StoreFailed, match="server"):
            opening()


@pytest.mark.parametrize("model", ["postgres"], indirect=True)
def test_a_newer_version_in_a_database_is_refused_before_anything_is_written(model: Model, place: Place) -> None:
    place.sql("record", "ALTER TABLE about DISABLE TRIGGER ALL", owner=True)
    place.sql("record", "UPDATE about SET value = '2' WHERE name = 'format'", owner=True)
    for opening in (place.open, place.init):
        with pytest.raises(NoStore, match="newer version"):
            opening()


@pytest.mark.parametrize("model", ["postgres"], indirect=True)
def test_the_record_is_reached_by_all_that_the_url_says(model: Model, place: Place) -> None:
    url = f"{place.environ['DIALOGUE_DATABASE']}&application_name=quiet-waters&options=-c%20TimeZone%3DAsia%2FSeoul"
    there = Place({**place.environ, "DIALOGUE_DATABASE": url}, place.owner)
    with there.opened() as house:
        [row] = house.record.rows.rows(  # type: ignore[attr-defined]
            b"SELECT current_setting('application_name') AS name, current_setting('TimeZone') AS zone"
        )
        assert (row["name"], row["zone"]) == ("quiet-waters", "Asia/Seoul")
        with house.reading() as reading:
            [name] = reading.conn.exec_driver_sql("SELECT current_setting('application_name')").one()
            assert name == "quiet-waters"
