"""Documents in and out on the command line: what is said, what is asked, what is written. All invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli import exchange
from dialogue.fact import named
from dialogue.issuing import DraftDocument, IssueEdition, OpenForSignature
from dialogue.releasing import IssueCorrection, SetEmbargo
from dialogue.signing import GiveEndorsement
from house import House
from projections.reading.document import read_document
from projections.resolve import dialogue_named

ACCORD = """Invented Accord

Keep the water

- *Open a line*
Keep one line open.
-

Share the water

- *Draw maps*
Draw them.

Signatories

1. **KIM Bada** – Keeper of an invented lake
2. **Ivan VYDUMANNY**
"""
FORM = "Title: Invented Study Group\nApplicant: Invented-North\nMeetings: 4\n\nSignificance\n\nIt matters.\n"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def accord(tmp_path: Path) -> str:
    return str(written(tmp_path / "accord.md", ACCORD))


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def imported(house: House, path: str) -> None:
    result = house.run("import", path, "--yes")
    assert result.exit_code == 0, result.stderr


def titles(house: House) -> list[str]:
    with house.reading() as reading:
        return [row.title for row in reading.conn.execute(reading.t.dialogues.select()) if row.from_entry == 1]


def test_import_says_what_it_understood_and_what_it_could_not_place(house: House, accord: str) -> None:
    result = house.run("import", accord, "--yes")
    assert result.exit_code == 0
    for words in ("A document: Invented Accord", "2 signatories", "line 7: an empty list entry, left out", "recorded"):
        assert words in result.stdout
    assert "Invented Accord" in titles(house)


def test_without_a_terminal_nobody_is_asked_and_nothing_recorded(house: House, accord: str) -> None:
    result = house.run("import", accord)
    assert result.exit_code == 2
    assert "add --yes" in result.stderr
    assert "A document: Invented Accord" in result.stdout
    assert "Invented Accord" not in titles(house)


@pytest.mark.parametrize(("answer", "recorded"), [("y\n", True), ("n\n", False)])
def test_on_a_terminal_it_asks_first(
    house: House, accord: str, monkeypatch: pytest.MonkeyPatch, answer: str, recorded: bool
) -> None:
    monkeypatch.setattr(exchange, "terminal", lambda: True)
    result = house.run("import", accord, input=answer)
    assert result.exit_code == 0
    assert "Record this, as 11 entries?" in result.stderr
    assert ("Invented Accord" in titles(house)) is recorded
    assert ("nothing was recorded" in result.stderr) is not recorded


def test_the_same_file_again_records_nothing_new(house: House, accord: str) -> None:
    imported(house, accord)
    result = house.run("import", accord)
    assert (result.exit_code, result.stdout.strip()) == (
        0,
        "Invented Accord: this file was imported before; nothing to do",
    )
    assert titles(house).count("Invented Accord") == 1


def test_with_json_the_answer_is_json_alone(house: House, accord: str) -> None:
    result = house.run("import", accord, "--yes", "--json")
    told = json.loads(result.stdout)
    assert (told["title"], told["entries"], told["imported_before"]) == ("Invented Accord", 11, False)
    assert "A document: Invented Accord" in told["understood"]


def test_a_form_is_known_by_its_values_and_opens_a_dialogue(house: House, tmp_path: Path) -> None:
    path = str(written(tmp_path / "form.txt", FORM))
    result = house.run("import", path, "--yes", "--secretariat", "Invented Office")
    assert result.exit_code == 0, result.stderr
    assert "A mandate form: Invented Study Group" in result.stdout
    assert "Invented Study Group" in titles(house)
    assert house.run("import", path, "--yes", "--in", "Quiet Waters").exit_code == 2


def test_a_document_goes_into_the_dialogue_that_is_named(house: House, accord: str) -> None:
    result = house.run("import", accord, "--yes", "--in", "Quiet Waters")
    assert result.exit_code == 0, result.stderr
    assert "Invented Accord" not in titles(house)
    assert "Open a line" in house.run("publish", "Quiet Waters").stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"\xff\xfe\x00", "UTF-8"), (b"Only a sentence.\n", "no recommendations"), (b"a\x00b", "U+0000")],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    house: House, tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "unreadable.md"
    path.write_bytes(content)
    result = house.run("import", str(path), "--yes")
    assert (result.exit_code, len(result.stderr.strip().split("\n"))) == (1, 1)
    assert words in result.stderr
    assert len(titles(house)) == 1


MANUAL = "# Sorting\n\n## Features\n\n- Fast sorting\n- No dependencies\n\n## Installation\n\n1. Import it\n2. Enjoy\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [(MANUAL, "nobody signs it"), (ACCORD + "\n```sh\nmake install\n```\n", "blocks of program code")],
)
def test_a_file_that_reads_like_no_document_is_taken_as_one_only_on_demand(
    house: House, tmp_path: Path, text: str, why: str
) -> None:
    path = str(written(tmp_path / "README.md", text))
    before = house.shown("list")
    refused = house.run("import", path, "--yes")
    assert refused.exit_code == 1
    assert why in refused.stderr
    assert "--as document" in refused.stderr
    assert house.shown("list") == before
    told = house.run("import", path, "--as", "document", "--yes")
    assert told.exit_code == 0
    assert ("no signatories were found" in told.stdout) == (text == MANUAL)
    assert len(house.shown("list")) == len(before) + 1


def test_a_fullwidth_dash_parts_name_and_descriptor() -> None:
    form = read_document("提言\n\n1. *水*\n水を守る。\n\n署名者\n\n1. 星川 ほたる － 潮目市 架空の会\n")
    assert [(one.name, one.descriptor) for one in form.signatories] == [("星川 ほたる", "潮目市 架空の会")]


def test_a_file_far_too_large_is_refused_without_being_read_to_its_end(house: House, tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)
    result = house.run("import", str(path), "--yes")
    assert result.exit_code == 1
    assert "larger than" in result.stderr


# ---------------------------------------------------------------- out


def test_publish_writes_each_format_and_warns_of_signatures_not_confirmed(
    house: House, accord: str, tmp_path: Path
) -> None:
    imported(house, accord)
    for name in ("out.md", "out.html", "out.json"):
        result = house.run("publish", "Accord", "-o", str(tmp_path / name))
        assert (result.exit_code, result.stdout) == (0, "")
        assert "2 signatures were entered by the secretariat and not yet confirmed" in result.stderr
    form = read_document((tmp_path / "out.md").read_text(encoding="utf-8"))
    assert [one.name for one in form.signatories] == ["KIM Bada", "Ivan VYDUMANNY"]
    assert (tmp_path / "out.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["title"] == "Invented Accord"
    assert sorted(path.name for path in tmp_path.glob("*out*")) == ["out.html", "out.json", "out.md"]


def test_the_format_that_is_named_counts_and_not_the_files_name(house: House, accord: str, tmp_path: Path) -> None:
    imported(house, accord)
    house.run("publish", "Accord", "--format", "json", "-o", str(tmp_path / "out.md"))
    assert json.loads((tmp_path / "out.md").read_text(encoding="utf-8"))["edition"] == 1
    assert json.loads(house.run("publish", "Accord", "--json").stdout)["edition"] == 1


def test_a_file_is_written_whole_or_stays_as_it_was(
    house: House, accord: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(house, accord)
    target = written(tmp_path / "out.md", "the last edition")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = house.run("publish", "Accord", "-o", str(target))
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert target.read_text(encoding="utf-8") == "the last edition"
    assert sorted(path.name for path in tmp_path.glob("*out.md*")) == ["out.md"]


def test_the_edition_held_back_by_a_notice_is_said(house: House, accord: str) -> None:
    imported(house, accord)
    with house.reading() as reading:
        house.dialogue = dialogue_named(reading, "Accord")
    command = IssueCorrection(house.thing("D1"), "one too few", proposal=house.thing("P1"), text="Keep two lines open.")
    keeper = named(house.dialogue, "N1")
    house.now = datetime.now(UTC)  # what is run as a command has the machine's clock
    house.secretariat.execute(house.dialogue, command, house.secretariat.moment(keeper))
    result = house.run("publish", "Accord")
    assert "Keep one line open." in result.stdout
    assert "this is edition 1; the latest is edition 2" in result.stderr
    refused = house.run("publish", "Accord", "--edition", "2")
    assert refused.exit_code == 1
    assert "may object to the changes of edition 2 until" in refused.stderr
    assert "Keep one line open." in house.run("publish", "Accord", "--as-of", "11").stdout


def test_what_is_not_there_is_not_found(house: House) -> None:
    assert house.run("publish", "Quiet Waters").exit_code == 4
    house.act(DraftDocument("One", preamble="We agree."), by="Office")
    assert house.run("publish", "Quiet Waters").exit_code == 1
    house.act(IssueEdition(house.thing("D1")), by="Office")
    assert house.run("publish", "Quiet Waters").exit_code == 0
    assert house.run("publish", "Quiet Waters", "--edition", "7").exit_code == 4
    house.act(DraftDocument("Two", preamble="We agree."), by="Office")
    several = house.run("publish", "Quiet Waters")
    assert several.exit_code == 1
    assert "D1 One; D2 Two" in several.stderr
    assert "One" in house.run("publish", "Quiet Waters", "--document", "D1").stdout


def test_an_embargo_is_warned_of(house: House) -> None:
    house.act(DraftDocument("One", preamble="We agree."), by="Office")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    house.act(OpenForSignature(house.thing("D1")))
    house.act(GiveEndorsement(document=house.thing("D1"), publish=True), by="Tuya")
    house.act(SetEmbargo(house.thing("D1"), house.now.replace(year=9000)))
    result = house.run("publish", "Quiet Waters")
    assert "under embargo until 9000-03-03" in result.stderr
    assert "Under embargo until 9000-03-03" in result.stdout
