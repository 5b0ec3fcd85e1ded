"""Histories as commands: in order, by names, again without effect, and refused where they are bad."""

from __future__ import annotations

import json
from io import BytesIO

import pytest

from dialogue.fact import Conflict, Refused, Unknown
from house import House
from projections.applying import LINE_AT_MOST, Applying

WORDS = "Keep one line open."


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    yield house
    house.close()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """A house for acts that are refused; they leave nothing behind."""
    house = House(tmp_path_factory.mktemp("untouched"))
    yield house
    house.close()


def line(command, actor="Tuya", **said):
    fields = said.pop("fields", {})
    return {"command": command, "actor": actor, **said, "fields": fields}


def written(lines):
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in lines)


def history(title="A whole invented history"):
    officers = [{"roles": ["secretariat"], "body": "The Office"}, {"roles": ["co-chair"], "name": "CHAIR Ada"}]
    return [
        {"command": "ProposeDialogue", "fields": {"title": title, "officers": officers, "settings": {"chairs": "any"}}},
        line("Invite", "The Office", fields={"name": "ИВАНОВ Пётр"}),
        line("Invite", "The Office", fields={"name": "林静海"}),
        line("SubmitProposal", "林静海", fields={"title": "Hotlines", "text": WORDS}),
        line("ProposeAmendment", "ИВАНОВ", fields={"proposal": "P1", "text": WORDS.replace("one", "each")}),
        line("AcceptAmendment", "ada", fields={"amendment": "A1"}),
        line("MakeComment", "N4", fields={"proposal": "P1", "words": "同意。", "quotation": {"exact": "each"}}),
    ]


def run(house, content, **how):
    return Applying(house.secretariat, **how).run(BytesIO(content))


def entries(house, dialogue):
    with house.reading() as reading:
        return list(reading.entries(dialogue))


@pytest.mark.parametrize("atomic", [False, True])
def test_a_whole_history_comes_in_and_the_same_file_again_records_nothing(house, atomic):
    content = written(history())
    applied = run(house, content, atomic=atomic)
    [dialogue] = applied.dialogues
    assert applied.entries == len(entries(house, dialogue)) == 10
    with house.reading() as reading:
        [row] = reading.all(reading.t.proposals, "proposal", dialogue)
        assert reading.words(row["sha256"]) == "Keep each line open."
        assert reading.person(row["by"]).name == "林静海"
    again = run(house, content, atomic=not atomic)
    assert (again.entries, again.lines) == (0, 7)
    assert len(entries(house, dialogue)) == 10


def test_it_stops_at_the_first_refusal_and_says_the_line(house):
    lines = [*history(), line("RejectAmendment", "ada", fields={"amendment": "A1", "reason": "No."}), *history("B")]
    applying = Applying(house.secretariat)
    with pytest.raises(Refused, match=r"line 8: A1 has been accepted") as refused:
        applying.run(BytesIO(written(lines)))
    assert refused.value.details["line"] == 8
    assert len(entries(house, applying.dialogue)) == 10


def test_atomic_records_nothing_where_one_line_is_refused(house):
    lines = [*history(), line("RejectAmendment", "ada", fields={"amendment": "A1", "reason": "No."})]
    lines.append(line("MakeComment", "N4", fields={"words": "More."}))
    applying = Applying(house.secretariat, atomic=True)
    with pytest.raises(Refused, match="line 8: "):
        applying.run(BytesIO(written(lines)))
    assert house.secretariat.record.rows.last(applying.dialogue) is None


def test_a_dry_run_says_how_much_would_be_recorded_and_records_nothing(house):
    applying = Applying(house.secretariat, dry_run=True)
    assert applying.run(BytesIO(written(history()))).entries == 10
    assert house.secretariat.record.rows.last(applying.dialogue) is None


def test_the_dialogue_is_chosen_from_outside_or_named_in_the_line(house):
    run(house, written([line("MakeComment", fields={"words": "One."})]), dialogue=house.dialogue)
    named = line("MakeComment", fields={"words": "Two."}, dialogue="Quiet Waters")
    assert run(house, written([named])).entries == 1
    with pytest.raises(Refused, match="line 1: say which dialogue"):
        run(house, written([line("MakeComment", fields={"words": "Three."})]))


def test_a_corrected_name_is_known_by_its_new_form_from_the_next_line_on(house):
    lines = [
        line("Invite", "Jonas HOLT", fields={"name": "KIM Saebyok"}),
        line(
            "CorrectParticipant",
            "Jonas HOLT",
            fields={"participant": "Saebyok", "name": "KIM Saebyeok", "reason": "Typo."},
        ),
        line("MakeComment", "KIM Saebyeok", fields={"words": "Thank you."}),
    ]
    assert run(house, written(lines), dialogue=house.dialogue).entries == 3
    with pytest.raises(Unknown, match=r"line 1: .*Saebyok"):
        run(house, written([line("MakeComment", "KIM Saebyok", fields={"words": "x"})]), dialogue=house.dialogue)


def test_an_ambiguous_name_lists_the_choices(house):
    with pytest.raises(Refused, match=r"line 1: .*KIM Haneul.*KIM Bora"):
        run(house, written([line("MakeComment", "KIM", fields={"words": "x"})]), dialogue=house.dialogue)


def test_an_act_id_used_for_something_else_is_a_conflict(house):
    lines = [line("MakeComment", act="a", fields={"words": "x"}), line("MakeComment", act="a", fields={"words": "y"})]
    with pytest.raises(Conflict, match="line 2: the act id a was used before"):
        run(house, written(lines), dialogue=house.dialogue)


@pytest.mark.parametrize("atomic", [False, True])
def test_the_same_act_twice_in_a_file_is_done_once(house, atomic):
    twice = [line("MakeComment", act="a", fields={"words": "x"})] * 2
    assert run(house, written(twice), dialogue=house.dialogue, atomic=atomic).entries == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is no JSON object"),
        (b'{"command": "MakeComm', "cut short"),
        (b"[1]\n", "expected an object"),
        (b"nonsense\n", "is no JSON object"),
        (b"\xff\xfe{}\n", "is no JSON object"),
        (b"[" * 100_000 + b"\n", "is no JSON object"),
        (b'{"command": 7}\n', "command: expected text"),
        (b'{"command": "MakeComment", "actor": "Tuya", "colour": "red"}\n', "colour: is not a field here"),
        (b'{"command": "MakeComment", "actor": "Tuya", "fields": 3}\n', "fields: expected an object"),
        (b'{"command": "BurnEverything", "actor": "Tuya"}\n', "there is no command BurnEverything"),
        (b'{"command": "MakeComment", "actor": "Tuya", "fields": {"words": "\\ud800"}}\n', "half of a surrogate pair"),
        (b'{"command": "MakeComment", "actor": "Tuya", "fields": {"words": 1}}\n', "words"),
        (
            b'{"command": "MakeComment", "actor": "Tuya", "time": "2026-01-01T09:00", "fields": {"words": "x"}}\n',
            "has no time zone",
        ),
        (
            b'{"command": "MakeComment", "actor": "Tuya", "time": "2999-01-01T09:00Z", "fields": {"words": "x"}}\n',
            "future",
        ),
        (b'{"command": "MakeComment", "actor": "Tuya", "basis": "gossip"}\n', "basis: expected one of"),
        (b'{"command": "MakeComment", "fields": {"words": "x"}}\n', "say who acts"),
    ],
)
def test_a_malformed_line_is_refused_with_its_number_and_nothing_recorded(untouched, content, words):
    house = untouched
    good = written([line("MakeComment", fields={"words": f"Good, before {content[:80]!r}."})])
    before = len(entries(house, house.dialogue))
    with pytest.raises(Refused) as refused:
        run(house, good + content, dialogue=house.dialogue)
    assert str(refused.value).startswith("line 2: ")
    assert words in str(refused.value)
    assert len(entries(house, house.dialogue)) == before + 1


class Endless:
    """A file of one line that never ends; it counts what is read of it."""

    def __init__(self):
        self.read = 0

    def readline(self, size):
        assert size > 0, "the whole line would be read into memory"
        self.read += size
        return b"x" * size


def test_an_endless_line_is_refused_after_a_million_bytes(house):
    endless = Endless()
    with pytest.raises(Refused, match="line 1: is longer than a million bytes"):
        Applying(house.secretariat, dialogue=house.dialogue).run(endless)
    assert endless.read <= LINE_AT_MOST + 1


def test_names_are_not_looked_up_anew_for_each_line(house, monkeypatch):
    from projections import referring

    asked = []
    found = referring.labels
    monkeypatch.setattr(referring, "labels", lambda *given: asked.append(given) or found(*given))
    lines = [line("MakeComment", "KIM Bora", fields={"words": f"Remark {n}."}) for n in range(120)]
    assert run(house, written(lines), dialogue=house.dialogue).entries == 120
    assert len(asked) == 1


def test_the_command_says_what_it_did_and_shows_progress_on_stderr_only(house, tmp_path):
    file = tmp_path / "history.jsonl"
    file.write_bytes(written(history()))
    result = house.run("apply", str(file))
    assert (result.exit_code, result.stdout) == (0, "7 lines: 10 entries recorded\n")
    assert house.run("apply", "-", input=file.read_text()).stdout == "7 lines: nothing to do, it is so already\n"
    file.write_bytes(file.read_bytes()[:-20])
    refused = house.run("apply", str(file), "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stderr)["error"]["details"]["line"] == 7
