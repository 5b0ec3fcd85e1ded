"""The invented dialogue: as much of everything as is promised, said to be invented, and the same each time."""

from __future__ import annotations

import json
import shlex
from collections import Counter

import pytest
from click.testing import CliRunner

from cli.main import main
from projections.demo.story import lines
from projections.demo.texts import INVENTED, TITLE


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return {
        "DIALOGUE_DATA": str(folder / "data"),
        "DIALOGUE_MASTER_KEY_FILE": str(folder / "master.key"),
        "NO_COLOR": "1",
    }


@pytest.fixture(scope="module")
def played(place):
    result = CliRunner(env=place).invoke(main, ["demo"])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def shown(place, played):
    def shown(*arguments):
        result = CliRunner(env=place).invoke(main, [*arguments, "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return shown


def test_the_title_and_the_first_line_say_that_it_is_invented(played):
    assert "invented" in TITLE
    assert played.startswith(INVENTED)
    assert TITLE in played


def test_it_ends_with_the_document_the_signatories_and_five_commands_that_work(played, place):
    assert played.count("\n## ") >= 4
    assert "**水無瀬 灯子**" in played
    assert "**한파도**" in played
    assert "**Мария Ледоставская**" in played
    tries = [line.split(maxsplit=3)[3:] for line in played.splitlines() if line.startswith("  dialogue --data")]
    assert len(tries) == 5
    for words in tries:
        result = CliRunner(env=place).invoke(main, shlex.split(words[0]) if words else [])
        assert result.exit_code == 0, result.output


def test_it_has_as_much_of_everything_as_is_promised(shown):
    items = shown("documents", "D1")["items"]
    assert len({one["theme"] for one in items}) >= 3
    assert len(items) >= 12
    told = Counter(line["command"] for line in lines())
    assert told["ProposeAmendment"] >= 40
    assert told["RestateAmendment"] >= 1
    assert told["MakeComment"] == 100
    assert told["MergeProposals"] == told["SplitProposal"] == 1
    assert told["GiveEndorsement"] == 36
    assert told["ReaffirmEndorsement"] >= 20
    statuses = Counter(one["status"] for one in shown("amendments", "--limit", "100"))
    assert all(statuses[one] for one in ("accepted", "rejected", "withdrawn"))


def test_calls_fail_and_succeed_and_signatures_stand_lapse_and_are_withdrawn(shown):
    calls = Counter(one["status"] for one in shown("decisions", "--limit", "100")["calls"])
    assert calls["reached"] >= 12
    assert calls["not-reached"] >= 2
    signed = shown("signatories", "--document", "D1", "--limit", "100")
    standing = Counter(one["standing"] for one in signed)
    assert sum(standing.values()) == 36
    assert set(standing) == {"stands", "lapsed", "objected", "withdrawn"}
    assert any(not one["confirmed"] for one in signed)
    assert any(one["reservations"] for one in signed)


def test_one_amendment_is_still_in_conflict(shown):
    [waiting] = [one for one in shown("amendments", "--limit", "100") if one["status"] == "in conflict"]
    assert waiting["conflicts"]


def test_the_story_is_the_same_each_time():
    assert lines() == lines()


def test_a_folder_that_holds_a_record_is_not_played_into(place, played):
    result = CliRunner(env=place).invoke(main, ["demo"])
    assert result.exit_code == 2
    assert "name a new folder" in result.output


def test_without_a_folder_a_new_one_is_made_beside_the_usual_one(tmp_path):
    environ = {"DIALOGUE_MASTER_KEY_FILE": str(tmp_path / "master.key"), "XDG_DATA_HOME": str(tmp_path / "share")}
    result = CliRunner(env=environ).invoke(main, ["demo", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["data"].startswith(str(tmp_path / "share" / "dialogue-demo"))
    assert len(told["try"]) == 5
