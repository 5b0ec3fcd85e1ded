"""What begins a dialogue: stores, forms with every default set, the list of commands, settings, completion."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields

import pytest
from click.testing import CliRunner

from cli.main import main
from dialogue.acts import COMMANDS
from house import House


@pytest.fixture
def run(tmp_path):
    environ = {
        "DIALOGUE_DATA": str(tmp_path / "data"),
        "DIALOGUE_MASTER_KEY_FILE": str(tmp_path / "master.key"),
        "NO_COLOR": "1",
    }
    return lambda *arguments: CliRunner(env=environ).invoke(main, arguments)


def test_a_dialogue_needs_a_record_and_the_sentence_says_how_to_make_one(run):
    result = run("new", "--like", "apln")
    assert result.exit_code == 4
    assert "dialogue init" in result.stderr


def test_a_study_group_starts_with_four_meetings_and_chairs_that_are_institutions(run, tmp_path):
    assert run("init", "--source", "record.example.org").exit_code == 0
    assert (tmp_path / "data" / "record.db").stat().st_mode & 0o077 == 0
    chairs = ("--chair", "Institute of Quiet Waters", "--chair", "Harbour Institute")
    assert run("new", "--like", "cscap", *chairs, "--secretariat", "The Office", "--start", "2026-01").exit_code == 0
    shown = json.loads(run("show", "--json").stdout)
    assert (shown["title"], shown["meetings"], shown["start"]) == ("Study group", 4, "2026-01")
    assert shown["settings"]["chairs"] == "all"
    assert shown["settings"]["text"]["name"] == "consensus"
    people = json.loads(run("participants", "--json").stdout)
    assert [(one["name"], one["roles"], one["body"]) for one in people] == [
        ("The Office", ["secretariat"], True),
        ("Institute of Quiet Waters", ["co-chair"], True),
        ("Harbour Institute", ["co-chair"], True),
    ]


def test_a_recommendations_project_takes_other_words_where_they_are_given(run):
    run("init")
    assert run("new", "--like", "apln", "--title", "静かな海", "--chair", "水無瀬", "--chairs", "2").exit_code == 0
    shown = json.loads(run("show", "--json").stdout)
    assert (shown["title"], shown["settings"]["chairs"]) == ("静かな海", 2)


def test_without_a_kind_a_title_is_needed(run):
    run("init")
    assert run("new").exit_code == 2
    assert run("new", "--title", "Quiet Waters").exit_code == 0


def test_the_same_act_id_opens_a_dialogue_once(run):
    run("init")
    first = run("new", "--title", "Quiet Waters", "--act-id", "one", "--json")
    assert run("new", "--title", "Quiet Waters", "--act-id", "one", "--json").stdout == first.stdout


def test_every_command_is_listed_with_a_schema_of_its_fields(run):
    schemas = json.loads(run("commands", "--json").stdout)
    assert schemas.keys() == COMMANDS.keys()
    for name, schema in schemas.items():
        assert schema["type"] == "object"
        assert set(schema["properties"]) == {field.name for field in fields(COMMANDS[name])}
        assert set(schema["required"]) <= set(schema["properties"])
        assert schema["additionalProperties"] is False
    assert schemas["TakePosition"]["required"] == ["call", "name"]
    assert "agree-ad-referendum" in schemas["TakePosition"]["properties"]["name"]["enum"]
    assert "TakePosition" in run("commands").stdout


def test_config_show_names_where_each_setting_came_from_and_hides_secrets(run):
    secret = {"DIALOGUE_DATABASE": "postgresql://someone:sesame@localhost/record", "DIALOGUE_MASTER_KEY": "open-sesame"}
    result = CliRunner(env=secret).invoke(main, ["--tz", "Asia/Seoul", "config", "show", "--json"])
    shown = json.loads(result.stdout)
    assert shown["tz"] == {"value": "Asia/Seoul", "from": "flag --tz"}
    assert shown["database"]["from"] == "environment DIALOGUE_DATABASE"
    assert "sesame" not in result.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_is_that_of_the_shell(run, shell):
    script = run("completion", shell)
    assert script.exit_code == 0, script.output
    assert f"_DIALOGUE_COMPLETE={shell}_complete" in script.output


def test_help_lists_every_section_without_importing_the_domain(tmp_path):
    program = "import sys; from cli.main import main; main(['--help'], standalone_mode=False); "
    program += "print([name for name in ('dialogue.acts', 'sqlalchemy') if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "propose" in shown
    assert shown.endswith("[]\n")


def test_house_and_doors_agree_on_who_keeps_the_record(tmp_path):
    house = House(tmp_path)
    assert house.run("comment", "--text", "By the secretariat itself.").exit_code == 0
    with house.reading() as reading:
        assert list(reading.entries(house.dialogue))[-1].actor == house.person("Office")
    house.close()
