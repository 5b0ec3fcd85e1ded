"""Every command of the domain on the command line: reachable, explained, and going the one way."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cli.begin import BEGIN
from cli.commands import COMMANDS as TABLE
from cli.fields import procedure
from cli.main import main
from cli.verbs import BY_NAME
from dialogue.acts import COMMANDS
from dialogue.mandate import Settings
from house import House

VERBS = [*BY_NAME, "new", "withdraw"]
WORDS = "Open one hotline between the two coast guards."


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    yield house
    house.close()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """A house for acts that are refused; they leave nothing behind."""
    house = House(tmp_path_factory.mktemp("untouched"))
    done(house, "--actor", "Tuya", "propose", "Hotlines", "--text", WORDS)
    yield house
    house.close()


def done(house, *arguments, **keywords):
    result = house.run(*arguments, **keywords)
    assert result.exit_code == 0, result.stderr or result.output
    return result.stdout


def test_every_command_of_the_domain_has_one_verb_and_every_verb_a_command():
    verbs = [*BY_NAME.values(), BEGIN]
    assert sorted(verb.command for verb in verbs) == sorted(COMMANDS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_in_the_table_and_explains_itself_with_an_example(verb):
    assert any(verb in section for section in TABLE.values())
    result = CliRunner().invoke(main, [verb, "--help"])
    assert result.exit_code == 0, result.output
    assert f"Example: dialogue {verb}" in result.output
    assert "--dry-run" in result.output
    assert "--for PERSON" in result.output


def test_a_proposal_is_amended_and_adopted_by_names_and_handles(house):
    assert "P1 proposal submitted" in done(house, "--actor", "Tuya", "propose", "Hotlines", "--text", WORDS)
    done(house, "--actor", "N5", "amend", "Hotlines", "--text", WORDS.replace("one", "two"), "--reason", "Two coasts.")
    assert "P1 text amended, version 2" in done(house, "--actor", "ASADA", "accept", "A1")
    done(house, "--actor", "ASADA", "call", "P1", "--procedure", "majority 1/2")
    done(house, "--actor", "Tuya", "position", "Q1", "agree")
    assert "Q1 consensus reached" in done(house, "--actor", "ASADA", "declare", "Q1")


def test_what_the_secretariat_enters_for_another_carries_time_and_basis(house, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Yes.")
    entered = ("--for", "Tuya", "--when", "2025-03-03T20:00", "--basis", "email", "--evidence", str(letter))
    done(house, "--tz", "Asia/Seoul", "propose", "Hotlines", "--text", WORDS, *entered)
    with house.reading() as reading:
        entry = list(reading.entries(house.dialogue))[-1]
    assert entry.actor == house.person("Tuya")
    assert entry.recordedby == house.person("Office")
    assert entry.time.isoformat() == "2025-03-03T11:00:00+00:00"
    assert entry.basis == "email"
    assert entry.sealed, "the evidence is sealed"


def test_an_act_id_makes_an_act_once_and_a_dry_run_not_at_all(house):
    again = ("--actor", "Tuya", "propose", "Hotlines", "--text", WORDS)
    assert "nothing was recorded" in done(house, *again, "--dry-run")
    first = done(house, *again, "--act-id", "one")
    assert done(house, *again, "--act-id", "one") == first
    clash = house.run("--actor", "Tuya", "propose", "Other", "--text", WORDS, "--act-id", "one")
    assert clash.exit_code == 3
    assert "P1" in first


def test_what_is_so_already_is_said_to_be(house):
    done(house, "--actor", "Tuya", "accept-invitation")
    assert done(house, "--actor", "Tuya", "accept-invitation") == "nothing to do: it is so already\n"


def test_a_role_without_the_right_is_told_how_to_say_whose_act_it_is(house):
    done(house, "--actor", "Tuya", "propose", "Hotlines", "--text", WORDS)
    result = house.run("reopen", "P1", "--reason", "New facts.")
    assert result.exit_code == 1
    assert "--for" in result.stderr


def test_an_outdated_signature_is_refused_with_what_changed(house):
    done(house, "--actor", "Tuya", "propose", "Hotlines", "--text", WORDS)
    done(house, "--actor", "Tuya", "revise", "P1", "--text", WORDS.replace("one", "two"))
    done(house, "--actor", "ASADA", "open-signature", "P1")
    result = house.run("--actor", "Tuya", "sign", "P1", "--version", "1")
    assert result.exit_code == 1
    assert "the current one is version 2" in result.stderr
    assert "Open [-one-]{+two+} hotline" in result.stderr
    as_data = house.run("--actor", "Tuya", "sign", "P1", "--version", "1", "--json")
    assert '"kind": "deleted", "words": "one"' in as_data.stderr


def test_an_amendment_in_conflict_shows_the_base_and_both_sides(house):
    done(house, "--actor", "Tuya", "propose", "Hotlines", "--text", WORDS)
    for number in ("two", "three"):
        done(house, "--actor", "Орлин", "amend", "P1", "--base", "1", "--text", WORDS.replace("one", number))
    done(house, "--actor", "ASADA", "accept", "A1")
    result = house.run("--actor", "ASADA", "accept", "A2")
    assert result.exit_code == 1
    assert "it was:      Open one" in result.stderr
    assert "it reads:    Open two" in result.stderr
    assert "it would be: Open three" in result.stderr


def test_a_joint_act_says_for_whom_it_waits(tmp_path):
    house = House(tmp_path, settings=Settings(chairs="all"))
    done(house, "--actor", "Tuya", "propose", "Hotlines", "--text", WORDS)
    done(house, "--actor", "ASADA", "call", "P1", "--procedure", "chair")
    waiting = done(house, "--actor", "ASADA", "declare", "Q1", "--ruling", "--reason", "A slip.")
    assert "J1 act proposed" in waiting
    assert "dialogue assent J1" in waiting
    house.close()


def test_a_signature_is_named_by_what_was_signed_and_withdrawn_by_one_word(house):
    done(house, "--actor", "Tuya", "propose", "Hotlines", "--text", WORDS)
    done(house, "draft", "Recommendations")
    done(house, "order", "D1", "--group", "Sea", "P1")
    done(house, "issue", "D1")
    done(house, "open-signature", "D1")
    done(house, "--actor", "Tuya", "sign", "D1", "--publish", "--except", "1")
    done(house, "--actor", "Tuya", "reserve", "D1", "--item", "1", "--quote", "hotline", "--text", "Within budgets.")
    assert "reservation lifted" in done(house, "--actor", "Tuya", "lift-reservation", "D1", "1")
    assert "endorsement withdrawn" in done(house, "--actor", "Tuya", "withdraw", "D1")


def test_what_was_entered_in_error_is_named_by_its_entry(house):
    done(house, "--actor", "Tuya", "propose", "Hotlines", "--text", WORDS)
    done(house, "--actor", "ASADA", "call", "P1")
    told = house.shown("position", "Q1", "agree", "--for", "Haneul", "--basis", "email")
    entry = str(told["entries"][0]["entry"])
    assert "entered in error" in done(house, "entered-in-error", entry, "--reason", "The other KIM.")
    assert house.run("entered-in-error", "1", "--reason", "No.").exit_code == 1


def test_words_come_from_a_file_or_standard_input_and_from_one_place_only(house, tmp_path):
    (tmp_path / "words.txt").write_text("수자원을 함께 지킨다.\n", encoding="utf-8")
    done(house, "--actor", "Tuya", "propose", "물", "--file", str(tmp_path / "words.txt"))
    done(house, "--actor", "Tuya", "comment", "P1", "--file", "-", input="Да.\n")
    both = house.run("--actor", "Tuya", "comment", "P1", "--file", "-", "--text", "x", input="y")
    assert both.exit_code == 2
    assert house.run("--actor", "Tuya", "comment", "P1").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--actor", "ASADA", "accept", "A9"], 4),
        (["amend", "P9", "--text", "x"], 4),
        (["--actor", "Nobody", "comment", "--text", "x"], 4),
        (["--actor", "Tuya", "propose", "Hotlines", "--text", ""], 1),
        (["--actor", "Tuya", "propose", "Hotlines", "--text", "a\x07b"], 1),
        (["--actor", "Tuya", "propose", "Hotlines", "--text", "x" * 100_001], 1),
        (["--actor", "Tuya", "comment", "--text", "x", "--when", "2999-01-01T00:00Z"], 1),
        (["--actor", "Tuya", "comment", "--text", "x", "--when", "soon"], 1),
        (["--actor", "ASADA", "call", "P1", "--procedure", "whatever 2/3"], 1),
        (["--actor", "ASADA", "call", "P1", "--procedure", "majority of us"], 2),
        (["grant", "--start", "2026-13", "--for", "ASADA", "--basis", "room"], 1),
        (["--actor", "Tuya", "comment", "--text", "x", "--when", "0001-01-01T00:00+14:00"], 1),
        (["--actor", "ASADA", "call", "P1", "--expires", "9999-12-31T23:59-12:00"], 1),
        (["entered-in-error", "99999999999999999999", "--reason", "x"], 2),
        (["--actor", "Tuya", "amend", "P1", "--text", "x", "--base", "99999999999999999999"], 1),
    ],
)
def test_bad_input_is_refused_in_a_sentence_and_nothing_is_recorded(untouched, arguments, status):
    house = untouched
    with house.reading() as reading:
        before = reading.bound(house.dialogue)
    result = house.run(*arguments)
    assert result.exit_code == status, result.output
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr
    with house.reading() as reading:
        assert reading.bound(house.dialogue) == before


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(["withdraw", "P99"], "P99"), (["accept", "A9"], "A9"), (["roles", "N77", "participant"], "N77")],
)
def test_what_is_not_there_is_named_in_the_answer(untouched, arguments, named):
    result = untouched.run("--actor", "ASADA", *arguments)
    assert result.exit_code == 4
    assert f" {named} here" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["propose"], ["no-such-command"], ["move", "P1", "Sea", "--colour", "red"], ["log", "--from", "x"]]
)
def test_wrong_usage_is_json_too_where_json_is_asked_for(untouched, arguments):
    result = untouched.run(*arguments, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stderr)["error"]["code"] == "usage"
    assert result.stdout == ""


def test_settings_change_what_is_given_and_keep_the_rest(house):
    done(house, "--actor", "ASADA", "settings", "--notice-hours", "48", "--decide", "text", "majority 2/3 quorum 5")
    with house.reading() as reading:
        settings = reading.one(reading.t.dialogues, house.dialogue, "dialogue")["settings"]
    assert settings["notice_hours"] == 48
    assert settings["text"] == {"name": "majority", "threshold": "2/3", "quorum": 5, "excluded": []}
    assert settings["chairs"] == "any"


def test_a_procedure_is_written_in_words():
    assert procedure("consensus") == {"name": "consensus"}
    assert procedure("majority 2/3 quorum 1/2") == {"name": "majority", "threshold": "2/3", "quorum": "1/2"}
    assert procedure("consensus-minus except N4, KIM Bora") == {
        "name": "consensus-minus",
        "excluded": ["N4", "KIM Bora"],
    }
