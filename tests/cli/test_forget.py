"""What is held about a person, on the command line: shown to them, and forgotten by two."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.comment import MakeComment
from dialogue.drafting import SubmitProposal
from dialogue.issuing import OpenForSignature
from dialogue.signing import GiveEndorsement
from house import House


@pytest.fixture
def house(tmp_path: Path):
    house = House(tmp_path)
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
    house.act(MakeComment("Who pays for it?", house.thing("P1")), by="Tuya")
    house.act(OpenForSignature(proposal=house.thing("P1")))
    house.act(GiveEndorsement(proposal=house.thing("P1")), by="Tuya")
    house.secretariat.access.create(house.dialogue, house.person("Tuya"), label="laptop")
    yield house
    house.close()


def done(house: House, *arguments: str) -> str:
    result = house.run(*arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout + result.stderr


def test_one_asks_and_another_confirms_with_the_same_command(house: House) -> None:
    said = done(house, "forget", "Tuya ENKH")
    assert "erasure requested" in said
    assert "Another of the secretariat or the co-chairs confirms" in said
    assert "To be forgotten, once another person confirms it\n    N5  Tuya ENKH" in done(house, "open")
    again = house.run("forget", "N5")
    assert again.exit_code == 1
    assert "who asked for it cannot confirm it" in again.stderr
    assert "erasure confirmed" in done(house, "--actor", "ASADA", "forget", "N5")
    assert "To be forgotten" not in done(house, "open")


@pytest.mark.parametrize(
    "command",
    ["open", "participants", "texts", "comments", "documents", "log", "replay", "subject-access N5", "token list",
     "notices", "show", "signatories P1", "trace P1"],
)  # fmt: skip
def test_no_command_names_them_then(house: House, command: str) -> None:
    done(house, "forget", "N5")
    done(house, "--actor", "ASADA", "forget", "N5")
    for form in ((), ("--json",)):
        said = done(house, *command.split(), *form)
        assert "ENKH" not in said
        assert "Former Envoy" not in said


def test_a_dry_run_forgets_nobody(house: House) -> None:
    done(house, "forget", "N5")
    assert "dry run" in done(house, "--actor", "ASADA", "forget", "N5", "--dry-run")
    assert "Tuya ENKH" in done(house, "participants")


def test_what_was_left_is_taken_up_alone(house: House) -> None:
    assert "Nothing" in done(house, "forget", "--finish")
    for wrong in (["forget"], ["forget", "N5", "--finish"]):
        assert house.run(*wrong).exit_code == 2


def test_a_person_is_shown_everything_that_is_held_about_them(house: House) -> None:
    found = house.shown("subject-access", "Tuya ENKH")
    values = sorted((one["entry"], one["name"], one["value"]) for one in found["values"])
    assert values == [(6, "descriptor", "Former Envoy for Rivers"), (6, "name", "Tuya ENKH")]
    assert [one["label"] for one in found["tokens"]] == ["laptop"]
    assert "sha256" not in found["tokens"][0]
    assert [one["on"] for one in found["signatures"]] == ["P1"]
    assert [one["words"] for one in found["comments"]] == ["Who pays for it?"]
    assert [one["sentence"] for one in found["acts"]][-1] == "Tuya ENKH signed P1 (version 1)"
    assert found["removed_by_erasure"] == {"values": 2, "tokens": 1, "under_the_rule": 0}
    printed = done(house, "subject-access", "N5")
    for words in ("N5 Tuya ENKH", "Former Envoy for Rivers", "laptop", "Who pays for it?"):
        assert words in printed


def test_after_erasure_nothing_is_held(house: House) -> None:
    done(house, "forget", "N5")
    done(house, "--actor", "ASADA", "forget", "N5")
    found = house.shown("subject-access", "N5")
    assert found["values"] == found["tokens"] == []
    assert found["removed_by_erasure"] == {"values": 0, "tokens": 0, "under_the_rule": 0}


def test_without_the_master_key_one_reads_on_with_names_withheld_and_does_not_write(house: House) -> None:
    key = Path(house.environ["DIALOGUE_MASTER_KEY_FILE"])
    key.rename(key.with_suffix(".away"))
    for command in (["participants"], ["log"], ["signatories", "P1"], ["texts"]):
        result = house.run(*command)
        assert result.exit_code == 0, result.stderr
        assert "ENKH" not in result.stdout
    assert "names are withheld" in house.run("participants").stderr
    assert "restore the file" in house.run("participants").stderr
    assert house.run("verify").exit_code == 0
    refused = house.run("--actor", "N5", "comment", "P1", "--text", "And at night?")
    assert refused.exit_code == 5
    assert "restore the file" in refused.stderr
    key.with_suffix(".away").rename(key)
    assert "Tuya ENKH" in done(house, "participants")


def test_another_installations_key_opens_nothing_and_is_told(house: House) -> None:
    key = Path(house.environ["DIALOGUE_MASTER_KEY_FILE"])
    key.write_text("A" * 43)
    result = house.run("participants")
    assert (result.exit_code, "ENKH" in result.stdout) == (0, False)
    assert "the master key is not the one" in result.stderr


@pytest.mark.parametrize("name", ["vault.db", "keys.db"])
def test_a_store_cut_short_leaves_the_record_to_be_read_and_verified(house: House, name: str) -> None:
    house.close()
    store = Path(house.environ["DIALOGUE_DATA"]) / name
    store.write_bytes(store.read_bytes()[: store.stat().st_size // 2])
    for command in (["participants"], ["log"], ["signatories", "P1"]):
        result = house.run(*command)
        assert result.exit_code == 0, result.stderr
        assert "ENKH" not in result.stdout
        assert "names are withheld" in result.stderr
        assert "restore" in result.stderr
    assert house.run("verify").exit_code == 0
    assert house.run("--actor", "N5", "comment", "P1", "--text", "And at night?").exit_code == 5
