"""A session under the Chatham House Rule from its opening to the day on which nobody can say any more who spoke."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dialogue.comment import CommentMade, MakeComment, NameSpeaker
from dialogue.consensus import CallConsensus, DeclareOutcome, ObjectThroughChair, TakePosition
from dialogue.drafting import SubmitProposal
from dialogue.erasure import ConfirmErasure, RequestErasure
from dialogue.fact import Personal, Refused, Unknown
from dialogue.issuing import OpenForSignature
from dialogue.mandate import AgreeSettings, Settings
from dialogue.meeting import CloseSession, OpenSession, PlanMeeting, RecordAttendance
from dialogue.participant import Invite
from dialogue.procedure import Procedure
from dialogue.signing import GiveEndorsement, WithdrawConsent
from house import House
from projections import comments, meetings, outcomes, participants, signatories
from projections.audience import MAY, PUBLIC, SECRETARIAT, Audience, audience_of
from projections.notes import notes, receipt
from projections.read import Person, Reading
from projections.retention import retire
from projections.timeline import log

SAID = ("Who pays?", "Not I.", "Да, конечно.", "좋습니다.", "静かに。")
SPEAKERS = ("Tuya", "Pavel", "Seoyun", "Haneul", "Bora")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A session is open, in which Lin is present, and a call in it."""
    house = House(tmp_path)
    house.act(PlanMeeting(), by="Office")
    house.act(OpenSession(house.thing("M1")))
    house.act(RecordAttendance(house.thing("M1"), house.person("Lin"), session=house.thing("S1")), by="Office")
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
    house.act(CallConsensus(proposal=house.thing("P1"), session=house.thing("S1")))
    yield house
    house.close()


def reader(house: House, name: str) -> Audience:
    with house.reading() as reading:
        person = reading.person(house.person(name))
    assert person is not None
    return audience_of(person.id, person.roles)


def seen(house: House, audience: Audience, read: Any, *what: Any, as_of: int | None = None) -> Any:
    """What this audience is shown."""
    with house.secretariat.reading(as_of, audience) as reading:
        return read(reading, *what)


def speak(house: House, said: tuple[str, ...] = SAID) -> None:
    for name, words in zip(SPEAKERS, said, strict=False):
        house.act(MakeComment(words, proposal=house.thing("P1"), session=house.thing("S1")), by=name)


def test_what_waits_is_read_at_once_by_those_present_and_by_nobody_else(house: House) -> None:
    speak(house)
    told = seen(house, reader(house, "Lin"), notes, house.thing("S1"))
    assert sorted(one["words"] for one in told["notes"]) == sorted(SAID)
    assert all("by" not in one for one in told["notes"])
    cleared = seen(house, SECRETARIAT, notes, house.thing("S1"))
    assert {one["words"]: one["by"]["name"] for one in cleared["notes"]}["Who pays?"] == "Tuya ENKH"
    for name in ("Tuya", "Rin", "Auditor", "Observer"):
        with pytest.raises(Unknown) as hidden:
            seen(house, reader(house, name), notes, house.thing("S1"))
        with pytest.raises(Unknown) as absent:
            seen(house, reader(house, name), notes, house.thing("S9"))
        assert str(hidden.value) == str(absent.value)
    assert seen(house, SECRETARIAT, comments.page, house.dialogue).items == []


def test_released_words_are_for_those_inside_and_those_of_a_closed_session_for_the_room(house: House) -> None:
    house.act(OpenSession(house.thing("M1"), "closed"))
    house.act(RecordAttendance(house.thing("M1"), house.person("Bora"), session=house.thing("S2")), by="Office")
    speak(house)
    for name, words in zip(SPEAKERS, SAID, strict=True):
        house.act(MakeComment(f"Closed: {words}", session=house.thing("S2")), by=name)
    house.act(CloseSession(house.thing("S1")))
    house.act(CloseSession(house.thing("S2")))

    def read(audience: Audience) -> list[str]:
        found = seen(house, audience, comments.page, house.dialogue).items
        return sorted(one["words"] for one in found if one["words"])

    closed = [f"Closed: {one}" for one in SAID]
    assert read(reader(house, "Pavel")) == sorted(SAID)
    assert read(reader(house, "Lin")) == sorted(SAID)
    assert read(reader(house, "Bora")) == sorted([*SAID, *closed])
    assert read(SECRETARIAT) == sorted([*SAID, *closed])
    assert read(PUBLIC) == []


def test_a_ticket_says_what_became_of_what_was_said(house: House) -> None:
    house.act(MakeComment("Who pays?", session=house.thing("S1")), by="Tuya", act="said")
    ticket = house.secretariat.room.ticket(house.dialogue, "said")
    assert seen(house, PUBLIC, receipt, ticket) == {"state": "waiting", "comment": None}
    speak(house)
    house.act(CloseSession(house.thing("S1")))
    told = seen(house, PUBLIC, receipt, ticket)
    assert told["state"] == "released"
    mine = seen(house, SECRETARIAT, comments.one, house.thing(told["comment"]))
    assert mine["words"] == "Who pays?"
    with pytest.raises(Unknown):
        seen(house, PUBLIC, receipt, "no such ticket")


def test_only_who_spoke_may_be_named_and_is_then(house: House) -> None:
    speak(house)
    house.act(CloseSession(house.thing("S1")))
    found = seen(house, SECRETARIAT, comments.page, house.dialogue).items
    [first] = [one for one in found if one["words"] == "Who pays?"]
    with pytest.raises(Refused, match="only who made"):
        house.act(NameSpeaker(house.thing(first["handle"])), by="Pavel")
    house.act(NameSpeaker(house.thing(first["handle"])), by="Tuya")
    assert seen(house, reader(house, "Lin"), comments.one, house.thing(first["handle"]))["by"]["name"] == "Tuya ENKH"


def test_holders_are_for_those_who_chair_and_small_numbers_for_nobody_else(house: House) -> None:
    for name, position in zip(SPEAKERS, ("agree", "agree", "agree", "abstain", "agree"), strict=True):
        house.act(TakePosition(house.thing("Q1"), position), by=name)  # type: ignore[arg-type]
    for name in ("Tuya", "Auditor"):
        told = seen(house, reader(house, name), outcomes.one, house.thing("Q1"))
        assert (told["positions"], told["tally"], told["silent"], told["so_far"]) == ([], {}, [], None)
    told = seen(house, reader(house, "Rin"), outcomes.one, house.thing("Q1"))
    assert {one["participant"]["name"] for one in told["positions"]} >= {"Tuya ENKH", "KIM Haneul"}
    assert told["tally"] == {"agree": 4, "abstain": 1}
    house.act(DeclareOutcome(house.thing("Q1")))
    told = seen(house, reader(house, "Tuya"), outcomes.one, house.thing("Q1"))
    assert (told["positions"], told["tally"]) == ([], {})
    assert "abstain" not in told["explanation"]
    lines = [line.sentence for line in seen(house, reader(house, "Tuya"), list_of_log, house)]
    assert not any("abstain" in line for line in lines)
    told = seen(house, reader(house, "Rin"), outcomes.one, house.thing("Q1"))
    assert {(one["participant"]["name"], one["position"]) for one in told["positions"]} >= {("KIM Haneul", "abstain")}


def list_of_log(reading: Any, house: House) -> list[Any]:
    return list(log(reading, house.dialogue))


def test_numbers_that_are_large_enough_are_told(house: House) -> None:
    house.act(AgreeSettings(Settings(chairs="any", batch=2)))
    for name in SPEAKERS:
        house.act(TakePosition(house.thing("Q1"), "agree"), by=name)
    house.act(DeclareOutcome(house.thing("Q1")))
    assert seen(house, reader(house, "Lin"), outcomes.one, house.thing("Q1"))["tally"] == {"agree": 5}


@pytest.mark.parametrize("public", [False, True])
def test_who_attended_is_for_the_room_and_outside_it_by_the_dialogue_s_setting(house: House, public: bool) -> None:
    house.act(AgreeSettings(Settings(chairs="any", attendance_public=public)))

    def attended(audience: Audience) -> int:
        return len(seen(house, audience, meetings.one, house.thing("M1"))["attendance"])

    def told(audience: Audience) -> bool:
        return any("林 静海 as present" in line.sentence for line in seen(house, audience, list_of_log, house))

    for audience in (SECRETARIAT, reader(house, "Lin")):
        assert attended(audience) == 1
        assert told(audience)
    for audience in (reader(house, "Tuya"), reader(house, "Auditor")):
        assert attended(audience) == public
        assert told(audience) == public


def test_addresses_are_for_the_secretariat_and_names_not_for_the_public(house: House) -> None:
    house.act(Invite(("participant",), Personal("Nobody AT-ALL"), email=Personal("nobody@example.org")), by="Office")
    new = house.thing("N14")

    def person(reading: Reading) -> Person | None:
        return reading.person(new)

    assert seen(house, SECRETARIAT, person).email == "nobody@example.org"
    assert seen(house, audience_of(new, ("participant",)), person).email == "nobody@example.org"
    assert seen(house, reader(house, "Tuya"), person).email is None
    assert seen(house, reader(house, "Tuya"), person).name == "Nobody AT-ALL"
    assert seen(house, PUBLIC, participants.one, new)["name"] == "participant 14 (name withheld)"


def test_the_public_is_told_the_names_of_signatories_who_consent_now_whatever_entry_it_reads(house: House) -> None:
    p1 = house.thing("P1")
    house.act(OpenForSignature(proposal=p1))
    house.act(GiveEndorsement(proposal=p1, publish=True), by="Tuya")
    [entry] = house.act(GiveEndorsement(proposal=p1, publish=True), by="Lin")
    house.act(GiveEndorsement(proposal=p1), by="Bora")
    house.act(WithdrawConsent(house.signature("Lin", "P1")), by="Lin")
    for as_of in (None, entry.number):
        names = [one["name"] for one in seen(house, PUBLIC, signatories.page, p1, as_of=as_of).items]
        assert "Tuya ENKH" in names
        assert not {"林 静海", "KIM Bora"} & set(names)
    inside = [one["name"] for one in seen(house, reader(house, "Pavel"), signatories.page, p1).items]
    assert {"Tuya ENKH", "林 静海", "KIM Bora"} == set(inside)


def test_who_said_what_is_removed_when_its_time_is_over_and_the_words_stay(house: House) -> None:
    speak(house)
    house.act(TakePosition(house.thing("Q1"), "agree"), by="Tuya")
    house.act(CloseSession(house.thing("S1")))
    assert retire(house.secretariat) == (0, "")
    house.now += timedelta(days=31)
    assert retire(house.secretariat) == (5, "")
    assert retire(house.secretariat) == (0, "")
    told = seen(house, SECRETARIAT, notes, house.thing("S1"))
    assert all(one["by"] is None for one in told["notes"])
    assert len(seen(house, SECRETARIAT, comments.page, house.dialogue).items) == 5
    with pytest.raises(Refused, match="only who made"):
        house.act(NameSpeaker(house.thing("C1")), by="Tuya")
    [held] = seen(house, SECRETARIAT, outcomes.one, house.thing("Q1"))["positions"]
    assert held["participant"]["name"] == "Tuya ENKH", "an open call still needs its holders"
    house.act(DeclareOutcome(house.thing("Q1")))
    assert retire(house.secretariat) == (1, "")
    [held] = seen(house, SECRETARIAT, outcomes.one, house.thing("Q1"))["positions"]
    assert held["participant"] is None


def test_nothing_in_the_record_or_the_views_leads_to_a_speaker(house: House) -> None:
    speak(house)
    house.act(CloseSession(house.thing("S1")))
    people = [str(house.person(name)).encode() for name in SPEAKERS]
    for entry in house.secretariat.record.entries(house.dialogue):
        if isinstance(entry.fact, CommentMade):
            [leaf] = house.secretariat.record.leaves(house.dialogue, entry.number, entry.number)
            assert not any(person in leaf for person in people)
            assert not any(words.encode() in leaf for words in SAID)


def test_every_kind_of_reader_has_its_place_in_the_table() -> None:
    kinds = {kind for kinds in MAY.values() for kind in kinds}
    assert kinds == {"participant", "present", "secretariat", "co-chair", "auditor"}
    assert not any(PUBLIC.may(what) for what in MAY)
    assert all(SECRETARIAT.may(what) for what in MAY)


def test_an_auditor_finds_the_record_of_such_a_session_lawful_also_where_it_was_entered_late(house: House) -> None:
    speak(house)
    for name in SPEAKERS:
        house.act(TakePosition(house.thing("Q1"), "agree"), by=name)
    ended = house.now
    house.wait(days=1)
    house.act(CloseSession(house.thing("S1")), recordedby="Office", time=ended, basis="room")
    house.act(DeclareOutcome(house.thing("Q1")), recordedby="Office", time=ended, basis="room")
    house.act(NameSpeaker(house.thing("C1")), by=speaker_of(house, "C1"))
    result = house.run("verify")
    assert result.exit_code == 0, result.stdout + result.stderr
    assert house.run("rebuild", "--check").exit_code == 0


def speaker_of(house: House, handle: str) -> str:
    words = seen(house, SECRETARIAT, comments.one, house.thing(handle))["words"]
    return SPEAKERS[SAID.index(words)]


def test_on_the_command_line_a_speaker_gets_a_ticket_and_the_chair_no_small_number(house: House) -> None:
    said = ("comment", "P1", "--session", "S1", "--text")
    ticket = house.shown("--actor", "Tuya ENKH", *said, "Who pays?", "--act-id", "once")["ticket"]
    assert house.shown("--actor", "Tuya ENKH", *said, "Who pays?", "--act-id", "once")["ticket"] == ticket
    assert "waits" in house.run("receipt", ticket).stdout
    dry = house.run("--actor", "Tuya ENKH", *said, "And?", "--dry-run")
    assert dry.stdout == "nothing would be recorded\n"
    told = house.run("session-notes", "S1", "--reader", "N13").stdout
    assert "Who pays?" in told
    assert "Tuya" not in told
    closed = house.run("--actor", "ASADA Rin", "close-session", "S1")
    assert "fewer than 5 contributions wait" in closed.stdout


def test_a_history_brought_in_at_once_keeps_the_rule(house: House, tmp_path: Path) -> None:
    lines = [{"command": "OpenSession", "actor": "N1", "fields": {"meeting": "M1"}}]
    for number, words in enumerate(SAID, start=5):
        fields = {"words": words, "session": "S2"}
        lines.append({"command": "MakeComment", "actor": f"N{number}" if number < 8 else "N11", "fields": fields})
    lines.append({"command": "CloseSession", "actor": "N1", "fields": {"session": "S2"}})
    file = tmp_path / "history.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    for _ in range(2):
        result = house.run("apply", "--in", "Quiet Waters", "--atomic", str(file))
        assert result.exit_code == 0, result.stderr
    with house.reading() as reading:
        found = comments.page(reading, house.dialogue).items
    assert sorted(one["words"] for one in found) == sorted(SAID)
    assert {one["by"] for one in found} == {None}
    assert house.run("verify").exit_code == 0


def test_a_person_is_shown_what_is_known_that_they_said_until_they_are_forgotten(house: House) -> None:
    house.act(AgreeSettings(Settings(chairs="any", batch=2)))
    speak(house, SAID[:2])
    house.act(TakePosition(house.thing("Q1"), "abstain"), by="Tuya")
    waiting = house.shown("subject-access", "Tuya ENKH")["under_the_rule"]
    assert sorted(one["said"] for one in waiting) == ["Who pays?", "abstain"]
    house.act(CloseSession(house.thing("S1")))
    told = house.shown("subject-access", "Tuya ENKH")
    [mine] = [one for one in told["under_the_rule"] if one["state"] == "released"]
    assert seen(house, SECRETARIAT, comments.one, house.thing(mine["became"]))["words"] == "Who pays?"
    assert told["removed_by_erasure"]["under_the_rule"] == 2
    assert "Chatham House Rule" in house.run("subject-access", "Tuya ENKH").stdout
    house.act(RequestErasure(house.person("Tuya")), by="Office")
    house.act(ConfirmErasure(house.person("Tuya")), by="Rin")
    assert house.shown("subject-access", "N5")["under_the_rule"] == []
    assert len(seen(house, SECRETARIAT, comments.page, house.dialogue).items) == 2, "what was said stays"


def test_an_export_counts_no_positions_and_whoever_is_given_them_evaluates_the_outcome(
    house: House, tmp_path: Path
) -> None:
    for name, position in zip(SPEAKERS, ("agree", "agree", "object"), strict=False):
        house.act(TakePosition(house.thing("Q1"), position, f"{position}, as I said."), by=name)  # type: ignore[arg-type]
    entered, _ = house.act(DeclareOutcome(house.thing("Q1")))
    export, opened = str(tmp_path / "export"), str(tmp_path / "positions.json")
    assert house.run("export", "--to", export).exit_code == 0
    for path in (tmp_path / "export").rglob("*"):
        assert path.is_dir() or not re.search(rb"as I said|PositionTaken|tally", path.read_bytes()), path.name
    audited = house.run("verify", export)
    assert f"Entry {entered.number}: the positions" in audited.stdout
    assert house.shown("verify", export)["unopened"] == [entered.number]
    fields = ("--entries", str(entered.number), "--fields", "positions")
    assert house.run("disclose", *fields, "--to", opened).exit_code == 0
    disclosed = house.shown("verify", export, "--disclosures", opened)
    assert (disclosed["ok"], disclosed["unopened"]) == (True, [])
    assert "object, as I said." in disclosed["disclosed"][0]["value"]
    assert house.run("export", "--full", "--to", f"{export}-full").exit_code == 0
    for complete in (house.shown("verify", f"{export}-full"), house.shown("verify")):
        assert (complete["ok"], complete["unopened"]) == (True, [])


def test_objections_with_long_reasons_are_exported_verified_and_imported_whole(house: House, tmp_path: Path) -> None:
    """They are one line of the export, which is longer than any of its entries may be."""
    for number in range(25):
        house.act(ObjectThroughChair(house.thing("Q1"), f"{number}: " + "\U0001f30a" * 9_900))
    house.act(DeclareOutcome(house.thing("Q1")))
    path = tmp_path / "full.tar"
    assert house.run("export", "--full", "-o", str(path)).exit_code == 0
    assert house.shown("verify", str(path))["unopened"] == []
    elsewhere = House(tmp_path / "elsewhere")
    brought = elsewhere.run("import-record", str(path))
    assert brought.exit_code == 0, brought.stderr
    told = [seen(one, SECRETARIAT, outcomes.one, house.thing("Q1")) for one in (house, elsewhere)]
    home, away = ({one["reason"] for one in shown["positions"]} for shown in told)
    assert home == away
    assert len(away) == 25


def test_where_the_positions_are_lost_the_outcome_stands_and_its_numbers_are_not_told(house: House) -> None:
    house.act(TakePosition(house.thing("Q1"), "agree"), by="Tuya")
    house.act(DeclareOutcome(house.thing("Q1")))
    key = Path(house.environ["DIALOGUE_MASTER_KEY_FILE"])
    key.rename(key.with_suffix(".away"))
    for command in (("decisions",), ("explain", "Q1"), ("log",)):
        assert house.run(*command).exit_code == 0
    assert "numbers are not told" in house.run("explain", "Q1").stdout
    verified = house.run("verify")
    assert verified.exit_code == 0
    assert "the positions" in verified.stdout


def test_a_person_left_out_of_a_call_holds_none_of_the_positions_that_entered(house: House) -> None:
    """Also where they said the very same as somebody who is counted."""
    house.act(SubmitProposal("Drills", "Hold one drill."), by="Tuya")
    without = Procedure("consensus-minus", excluded=(house.person("Pavel"),))
    house.act(CallConsensus(proposal=house.thing("P2"), session=house.thing("S1"), procedure=without))
    for name in ("Pavel", "Tuya"):
        house.act(TakePosition(house.thing("Q2"), "agree"), by=name)
    house.act(DeclareOutcome(house.thing("Q2")))
    [held] = seen(house, SECRETARIAT, outcomes.one, house.thing("Q2"))["positions"]
    assert held["participant"]["name"] == "Tuya ENKH"
