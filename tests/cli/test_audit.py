"""log, replay, compare, trace, rebuild and doctor on the command line."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cli.commands import COMMANDS
from dialogue.amendment import AcceptAmendment, ProposeAmendment
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.issuing import OpenForSignature
from dialogue.signing import GiveEndorsement
from house import House
from stores import Database

KOREAN = "모든 참가국은 매년 보고서를 제출한다."
EDITED = (
    "UPDATE texts SET bytes = CAST(replace(CAST(bytes AS TEXT), ?, ?) AS BLOB) WHERE instr(CAST(bytes AS TEXT), ?) > 0"
)
AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A dialogue in which a signed text moves twice, with one signature entered late."""
    house = House(tmp_path)
    deliberate(house)
    yield house
    house.close()


def deliberate(house: House) -> None:
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
    p1 = house.thing("P1")
    house.act(OpenForSignature(proposal=p1))
    house.act(GiveEndorsement(proposal=p1, publish=True), by="Haneul")
    house.wait(hours=40)
    late = house.now - timedelta(hours=20)
    house.act(GiveEndorsement(proposal=p1), by="Bora", recordedby="Office", basis="letter", time=late)
    house.act(ProposeAmendment(p1, "Open two hotlines."), by="Lin")
    house.act(AcceptAmendment(house.thing("A1")))
    house.act(SubmitProposal("보고", KOREAN), by="Seoyun")
    house.act(ReviseProposal(house.thing("P2"), KOREAN.replace("매년", "매월")), by="Seoyun")


def said(house: House, *arguments: str) -> str:
    result = house.run("--tz", "Asia/Seoul", *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def objects(house: House, *arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said(house, *arguments, "--json").splitlines()]


def data(house: House) -> Path:
    return Path(house.environ["DIALOGUE_DATA"])


def tamper(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        changed = connection.execute(statement, values).rowcount
    assert changed != 0


def test_log_shows_both_times_and_who_entered_it(house: House) -> None:
    lines = said(house, "log").splitlines()
    [at] = [number for number, line in enumerate(lines) if "KIM Bora signed P1" in line]
    [late] = [one for one in objects(house, "log") if one["enteredby"]]
    happened, entered = (korean(late[name]) for name in ("time", "recordedtime"))
    assert happened != entered
    assert happened in lines[at]
    assert f"(entered {entered} by Jonas HOLT, on the basis of a letter)" in lines[at + 1]


def korean(stamp: str) -> str:
    return datetime.fromisoformat(stamp).astimezone(ZoneInfo("Asia/Seoul")).strftime("%Y-%m-%d %H:%M KST")


def test_log_as_json_is_one_object_a_line_with_both_times(house: House) -> None:
    [line] = [one for one in objects(house, "log") if one["enteredby"]]
    assert (line["actor"], line["enteredby"], line["basis"]) == ("KIM Bora", "Jonas HOLT", "letter")
    assert line["time"] < line["recordedtime"]


def test_log_tells_a_span_and_the_past(house: House) -> None:
    assert [one["entry"] for one in objects(house, "log", "--from", "3", "--to", "5")] == [3, 4, 5]
    assert [one["entry"] for one in objects(house, "log", "--from", "3", "--as-of", "4")] == [3, 4]


def test_log_names_no_id_and_no_word_of_the_trade(house: House) -> None:
    told = said(house, "log") + said(house, "replay") + said(house, "trace", "P1")
    assert not AN_ID.search(told)
    assert not re.search(r"\b(leaf|vault|projection|aggregate|Merkle|None)\b", told)


def test_log_of_several_dialogues_asks_which(house: House) -> None:
    house.open("Another Invented Dialogue")
    result = house.run("log")
    assert result.exit_code == 1
    assert "Another Invented Dialogue" in result.stderr
    assert "Another" in said(house, "log", "Another Invented")


def test_replay_shows_the_marked_up_text_and_who_lapsed(house: House) -> None:
    told = said(house, "replay", "--from", "15")
    assert "Open [-one hotline-]{+two hotlines+}." in told
    assert "signatories of P1: KIM Haneul joined" in told
    assert "signatories of P1: 2 signatures lapsed, as the text moved in substance: KIM Haneul, KIM Bora" in told


def test_replay_as_json_is_one_object_a_line(house: House) -> None:
    steps = objects(house, "replay", "--step")  # which waits for nobody here
    assert [one["entry"] for one in steps] == list(range(1, len(steps) + 1))
    [lapse] = [change for one in steps for change in one["signatories"] if change["movement"] == "lapsed"]
    assert (lapse["subject"], lapse["number"], lapse["names"]) == ("P1", 2, ["KIM Haneul", "KIM Bora"])


def test_compare_marks_up_korean_by_the_word(house: House) -> None:
    assert "모든 참가국은 [-매년-]{+매월+} 보고서를 제출한다." in said(
        house, "compare", "P2", "--from", "1", "--to", "2"
    )


def test_compare_as_json_says_what_was_compared(house: House) -> None:
    found = house.shown("compare", "P1")
    assert (found["from"]["version"], found["to"]["version"]) == (1, 2)
    assert [one["kind"] for one in found["changes"]] == ["same", "deleted", "inserted", "same"]


def test_compare_with_a_version_that_is_not_there_is_not_found(house: House) -> None:
    result = house.run("compare", "P1", "--from", "v7")
    assert result.exit_code == 4
    assert "its versions are 1 to 2" in result.stderr


def test_trace_tells_versions_and_the_amendment_behind_them(house: House) -> None:
    told = said(house, "trace", "P1")
    assert "submitted: Tuya ENKH submitted P1, “Hotlines”" in told
    assert "amendment A1 was proposed by 林 静海" in told
    assert "substantive: no ruling was given on the change" in told


def test_trace_of_a_phrase_names_the_entry_of_each_word(house: House) -> None:
    told = said(house, "trace", "P1", "--phrase", "Open two hotlines")
    assert re.search(r"“Open” was brought in by entry \d+: Tuya ENKH submitted P1", told)
    assert re.search(r"“two hotlines” was brought in by entry \d+: the text of P1 became version 2", told)
    found = house.shown("trace", "P2", "--phrase", "참가국은 매월")
    assert [run["words"] for run in found["words"]] == ["참가국은 ", "매월"]


def test_trace_of_words_that_are_not_there_is_refused(house: House) -> None:
    result = house.run("trace", "P1", "--phrase", "three hotlines", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stderr)["error"]["code"] == "not-quoted"


def test_rebuild_makes_the_views_anew(house: House) -> None:
    tamper(data(house) / "views.db", "UPDATE proposals_a SET title = 'Tampered'")
    assert house.shown("rebuild")["facts"] == len(objects(house, "log"))
    assert house.shown("texts")[0]["title"] == "Hotlines"


def test_rebuild_check_is_content_with_views_that_are_what_the_record_says(house: House) -> None:
    result = house.run("rebuild", "--check")
    assert (result.exit_code, result.stdout) == (0, "the views are what the record says\n")


def test_rebuild_check_exits_5_on_a_row_that_was_tampered_with(house: House) -> None:
    tamper(data(house) / "views.db", "UPDATE proposals_a SET title = 'Tampered' WHERE number = 1")
    result = house.run("rebuild", "--check")
    assert result.exit_code == 5
    assert "'Tampered'" in result.stdout
    assert "'Hotlines'" in result.stdout
    found = house.run("rebuild", "--check", "--json")
    assert found.exit_code == 5
    assert len(json.loads(found.stdout)["differences"]) >= 1


def edit_record(house: House, statement: str, *values: object) -> None:
    """What somebody does who has the file, the tools and no scruples."""
    house.close()
    record = data(house) / "record.db"
    with closing(sqlite3.connect(record)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        tamper(record, f"DROP TRIGGER {name}")
    tamper(record, statement, *values)
    for _, made in triggers:
        tamper(record, made)


def fails(house: House, *arguments: str) -> str:
    """The one sentence of an integrity failure."""
    result = house.run(*arguments)
    assert result.exit_code == 5, result.output
    assert result.stderr.count("\n") == 1 or arguments[0] == "rebuild"
    return result.stderr


def test_a_text_that_was_edited_in_the_record_is_not_shown_as_if_it_were_the_one_signed(house: House) -> None:
    edit_record(house, EDITED, "two", "ten", "two")
    assert "was changed behind the record's back" in fails(house, "text", "P1")
    assert KOREAN.replace("매년", "매월") in said(house, "text", "P2")


def test_a_text_that_is_gone_from_the_record_is_an_integrity_failure(house: House) -> None:
    edit_record(house, "DELETE FROM texts WHERE instr(CAST(bytes AS TEXT), ?)", "two")
    assert "the record lacks the text" in fails(house, "text", "P1")


def test_views_are_not_made_anew_of_an_edited_text_in_silence(house: House) -> None:
    edit_record(house, EDITED, "two", "ten", "two")
    result = house.run("rebuild")
    assert result.exit_code == 5
    assert "was changed behind the record's back" in result.stdout
    sentence = fails(house, "texts")
    assert (last := re.search(r"with --as-of (\d+)$", sentence.strip())), sentence
    assert "Open one hotline." in said(house, "text", "P1", "--as-of", last[1])
    assert "broken" in said(house, "list")
    again = house.run("rebuild", "--check", "--json")
    assert again.exit_code == 5
    found = json.loads(again.stdout)
    assert (found["differences"], len(found["broken"])) == ([], 1)


def test_an_entry_that_is_no_entry_any_more_is_told_in_a_sentence(house: House) -> None:
    edit_record(house, "UPDATE stored_events SET state = CAST('{}' AS BLOB) WHERE entry = 12")
    assert "entry 12 cannot be read" in fails(house, "log")
    assert "the record holds what is no entry" in fails(house, "rebuild")


def test_an_entry_left_as_text_by_an_editor_is_read_as_the_bytes_that_it_is(house: House) -> None:
    edit_record(house, "UPDATE stored_events SET state = CAST(state AS TEXT) WHERE entry = 12")
    assert findings(house)[0] == 0
    assert house.run("rebuild", "--check").exit_code == 0


def findings(house: House) -> tuple[int, dict[str, str]]:
    result = house.run("doctor", "--json")
    assert result.stdout, result.exception
    return result.exit_code, {one["what"]: one["status"] for one in json.loads(result.stdout)}


def test_doctor_finds_a_new_installation_well(house: House) -> None:
    status, found = findings(house)
    assert status == 0
    assert found.pop("disk") in ("ok", "warning")
    assert set(found.values()) == {"ok"}
    assert {"settings", "master key", "record.db", "record.db inside", "append-only", "keys", "clock", "views"} <= set(
        found
    )


def test_doctor_warns_of_files_that_others_can_read(house: House) -> None:
    (data(house) / "vault.db").chmod(0o644)
    Path(house.environ["DIALOGUE_MASTER_KEY_FILE"]).chmod(0o640)
    status, found = findings(house)
    assert (status, found["vault.db"], found["master key"]) == (0, "warning", "warning")


def test_doctor_finds_a_record_that_no_longer_refuses_changes(house: House) -> None:
    tamper(data(house) / "record.db", "DROP TRIGGER stored_events_delete")
    result = house.run("doctor")
    assert result.exit_code == 5
    assert "missing: stored_events_delete" in result.stdout
    assert "to do: run `dialogue init` again" in result.stdout


def test_doctor_finds_the_wrong_master_key(house: House) -> None:
    Path(house.environ["DIALOGUE_MASTER_KEY_FILE"]).write_text("A" * 43)
    status, found = findings(house)
    assert (status, found["keys"]) == (5, "fault")


def test_doctor_finds_a_missing_master_key(house: House) -> None:
    Path(house.environ["DIALOGUE_MASTER_KEY_FILE"]).unlink()
    status, found = findings(house)
    assert (status, found["master key"]) == (5, "fault")


def test_doctor_finds_a_clock_behind_the_last_entry(house: House) -> None:
    house.now = datetime.now(UTC) + timedelta(days=2)
    house.act(SubmitProposal("Tomorrow", "It is tomorrow."), by="Tuya")
    status, found = findings(house)
    assert (status, found["clock"]) == (5, "fault")


def test_doctor_finds_a_damaged_file(house: House) -> None:
    house.close()
    for name in ("keys.db-wal", "keys.db-shm"):
        (data(house) / name).unlink(missing_ok=True)
    (data(house) / "keys.db").write_bytes(b"no database at all" * 300)
    status, found = findings(house)
    assert (status, found["keys.db inside"]) == (5, "fault")


def test_doctor_finds_views_of_another_record(house: House) -> None:
    tamper(data(house) / "views.db", "UPDATE progress_a SET leaf = 'of another'")
    status, found = findings(house)
    assert (status, found["views"]) == (5, "fault")


def test_doctor_finds_views_that_lag_behind(house: House) -> None:
    with closing(sqlite3.connect(data(house) / "record.db")) as record:
        [state] = record.execute("SELECT state FROM stored_events WHERE rowid = 3").fetchone()
    tamper(data(house) / "views.db", "UPDATE progress_a SET position = 3, leaf = ?", sha256(state).hexdigest())
    status, found = findings(house)
    assert (status, found["views"]) == (0, "warning")


def test_doctor_says_where_there_is_no_record(house: House, tmp_path: Path) -> None:
    result = house.run("--data", str(tmp_path / "nowhere"), "doctor")
    assert result.exit_code == 5
    assert "to do: run `dialogue init`, once" in result.stdout


@pytest.mark.postgres
def test_the_same_is_told_on_postgresql(house: House, fresh_postgres: Database, tmp_path: Path) -> None:
    other = House(tmp_path / "other", database=fresh_postgres)
    deliberate(other)
    for command in (["log"], ["replay"], ["compare", "P2"], ["trace", "P1"], ["rebuild", "--check"]):
        assert said(other, *command) == said(house, *command)
    status, findings_there = findings(other)
    assert status == 0
    assert findings_there["replication"] == "warning"  # the tests' server has no standby
    assert findings_there["append-only"] == findings_there["PostgreSQL"] == findings_there["views"] == "ok"
    other.close()


@pytest.mark.parametrize("name", COMMANDS["Audit"])
def test_each_command_has_help_that_ends_in_an_example(house: House, name: str) -> None:
    assert f"Example: dialogue {name}" in said(house, name, "--help")
