"""The commands that show, run as a person runs them: what they print, as JSON too, now and as of before."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import click
import pytest
from sqlalchemy import insert

from cli.commands import COMMANDS
from cli.main import main
from cli.printing import when
from cli.session import Session
from dialogue.amendment import AcceptAmendment, ProposeAmendment, RestateAmendment
from dialogue.anchor import Quotation
from dialogue.call import ConsensusCalled
from dialogue.comment import DisposeComment, MakeComment
from dialogue.consensus import CallConsensus, DeclareOutcome, ObjectThroughChair, SetAsideOutcome, TakePosition
from dialogue.drafting import MergeProposals, Part, ReviseProposal, SplitProposal, SubmitProposal
from dialogue.issuing import DraftDocument, Group, IssueEdition, OpenForSignature, OrderItems
from dialogue.joint import AssentToAct
from dialogue.mandate import Settings
from dialogue.meeting import HoldMeeting, OpenSession, PlanMeeting, RecordAttendance
from dialogue.participant import RecordDeath
from dialogue.procedure import Procedure
from dialogue.releasing import PublishDocument
from dialogue.ruling import ChallengeRuling, RuleOnChange
from dialogue.signing import EnterReservation, GiveEndorsement, WithdrawEndorsement
from house import TITLE, House

WORDS = "Open one hotline.\n\nKeep it open at night."
SILENCE = Procedure("silence")
LISTS = ("open", "list", "texts", "amendments", "comments", "decisions", "documents", "participants", "meetings")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A dialogue in the middle of its life: a text amended twice, a call with an objection, a document signed."""
    house = House(tmp_path_factory.mktemp("house"))
    item, document, meeting = house.thing("P1"), house.thing("D1"), house.thing("M1")
    house.act(SubmitProposal("Hotlines", WORDS, "Sea"), by="Tuya")
    house.act(SubmitProposal("夜間の回線", "回線を夜も開けておく。"), by="Lin")
    house.act(MakeComment("Why at night?", proposal=item, quotation=Quotation("at night")), by="Seoyun")
    house.act(MakeComment("Ночью тоже бывают суда.", reply_to=house.thing("C1")), by="Pavel")
    house.act(ProposeAmendment(item, WORDS.replace("one hotline", "two hotlines")), by="Pavel")
    house.act(ProposeAmendment(item, WORDS.replace("one hotline", "ten hotlines")), by="Lin")
    house.act(AcceptAmendment(house.thing("A1"), "editorial", "The number had been agreed."))
    house.act(PlanMeeting("First meeting", place="울란바토르", starts="2025-04"), by="Office")
    house.act(RecordAttendance(meeting, house.person("Lin")), by="Office")
    house.act(CallConsensus(proposal=item))
    house.act(TakePosition(house.thing("Q1"), "object", "Ten are needed."), by="Lin")
    house.act(TakePosition(house.thing("Q1"), "agree"), by="Tuya")
    house.act(DraftDocument("Recommendations on Quiet Waters", preamble="We met."), by="Office")
    house.act(OrderItems(document, (Group("海", (item,)),)), by="Office")
    house.act(IssueEdition(document), by="Office")
    house.act(OpenForSignature(document=document))
    house.act(GiveEndorsement(document=document, publish=True), by="Lin")
    house.act(GiveEndorsement(document=document, publish=True), by="Pavel", recordedby="Office", basis="email")
    return house


def entry_of(house: House, command: str, *arguments: str) -> int:
    """The entry of the last line that the command lists."""
    entry: int = house.shown(command, *arguments)[-1]["entry"]
    return entry


def test_alone_it_prints_what_is_open_and_whom_to_chase(house: House) -> None:
    printed = house.run()
    assert printed.exit_code == 0
    assert TITLE in printed.stdout
    assert "A2  P1  Hotlines  in conflict  林 静海" in printed.stdout
    assert "Q1  P1  consensus  open  2 of 8 have taken a position" in printed.stdout
    assert "D1  Павел ОРЛИН  unconfirmed  signed edition 1" in printed.stdout
    assert [one["handle"] for one in house.shown("open")[0]["comments"]] == ["C1"]  # an answer needs no disposition
    chased = {one["participant"]["name"]: one["what"] for one in house.shown("open")[0]["chase"]}
    assert chased["Павел ОРЛИН"] == ["take a position in Q1", "confirm the signature of D1"]
    assert chased["林 静海"] == ["restate A2"]


def test_texts_show_number_status_and_version(house: House) -> None:
    assert house.run("texts").stdout == (
        "P1  (1)  open  version 2  Hotlines [Sea]\nP2       open  version 1  夜間の回線\n"
    )
    first, second = house.shown("texts")
    assert (first["handle"], first["number"], first["version"], first["substantive"]) == ("P1", "1", 2, 1)
    assert (second["title"], second["by"]["name"]) == ("夜間の回線", "林 静海")


@pytest.mark.parametrize("reference", ["P1", "p1", "1", "Rec 1", "rec. 1", "hotl", "Hotlines", "P01"])
def test_an_item_is_found_by_handle_number_title_or_fragment(house: House, reference: str) -> None:
    assert house.shown("text", reference)["handle"] == "P1"


def test_an_item_is_found_by_its_whole_id(house: House) -> None:
    assert house.shown("text", str(house.thing("P2")))["handle"] == "P2"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_fragment_is_found_in_every_script_however_it_was_typed(house: House, form: Literal["NFC", "NFD"]) -> None:
    assert house.shown("text", normalize(form, "夜間の回"))["handle"] == "P2"
    assert house.shown("participants", "--after", normalize(form, "김하늘"))[0]["handle"] == "N12"
    assert house.shown("participants", "--after", normalize(form, "павел"))[0]["handle"] == "N7"


def test_the_words_of_each_version_can_be_read(house: House) -> None:
    assert "version 2 of 2, open\n\nOpen two hotlines." in house.run("text", "P1").stdout
    assert house.shown("text", "P1", "--version", "1")["words"] == WORDS
    changes = [(one["version"], one["change"], one["amendment"]) for one in house.shown("text", "P1", "--versions")]
    assert changes == [(1, None, None), (2, "editorial", "A1")]


def test_as_of_before_the_amendment_the_old_words_stand(house: House) -> None:
    moved = entry_of(house, "text", "P1", "--versions")
    assert house.shown("text", "P1", "--as-of", str(moved))["version"] == 2
    assert house.shown("text", "P1", "--as-of", str(moved - 1))["words"] == WORDS
    assert house.run("text", "P1", "--version", "2", "--as-of", str(moved - 1)).exit_code == 4


def test_as_of_an_instant_is_as_of_the_last_entry_before_it(house: House) -> None:
    assert len(house.shown("texts", "--as-of", "2025-03-03T09:11:00Z")) == 1
    assert house.run("texts", "--as-of", "2025-03-03T09:10:59Z").stdout.startswith("There is no text yet")


def test_an_instant_that_is_none_is_refused_with_an_example(house: House) -> None:
    refused = house.run("texts", "--as-of", "yesterday")
    assert refused.exit_code == 1
    assert "2026-01-31T09:00Z" in refused.stderr


def test_an_amendment_that_no_longer_merges_is_in_conflict_and_says_where(house: House) -> None:
    accepted, conflicting = house.shown("amendments", "P1")
    assert (accepted["status"], accepted["version"]) == ("accepted", 2)
    assert conflicting["status"] == "in conflict"
    assert [place["mine"] for place in conflicting["conflicts"]] == ["Open ten hotlines."]
    before = str(conflicting["entry"])
    assert [one["status"] for one in house.shown("amendments", "--as-of", before)] == ["open", "open"]


def test_an_amendment_is_shown_with_its_words_marked_up_its_conflicts_and_its_history(house: House) -> None:
    told = house.run("amendments", "A2").stdout
    assert "for version 1 of 2, in conflict" in told
    assert "[-one hotline-]{+ten hotlines+}" in told or "[-one-]{+ten+}" in told
    assert "\nit would be: Open ten hotlines." in told
    conflicting = house.shown("amendments", "A2")
    assert "".join(one["words"] for one in conflicting["changes"] if one["kind"] != "deleted") == conflicting["words"]
    by = house.thing("A2")
    author = conflicting["by"]["name"]
    house.act(RestateAmendment(by, "Open eleven hotlines."))
    house.act(RestateAmendment(by, "Open twelve hotlines."))
    restated = house.shown("amendments", "A2")
    assert (restated["status"], restated["restated"], restated["by"]["name"]) == ("open", 2, author)
    assert [one["base"] for one in restated["wordings"]] == [1, 2, 2]
    assert restated["wordings"][0]["sha256"] == conflicting["sha256"]
    entries = [one["entry"] for one in restated["wordings"]]
    assert f"first put at entry {entries[0]}, restated at entries {entries[1]}, {entries[2]}" in (
        house.run("amendments", "A2").stdout
    )
    assert house.shown("amendments", "A2", "--as-of", str(entries[1]))["words"] == "Open eleven hotlines."


def test_a_merge_and_a_split_are_told_with_the_text_and_with_amendments_left_behind(house: House) -> None:
    handles = []
    for title in ("Ferries", "Tugs"):
        house.act(SubmitProposal(title, WORDS), by="Tuya")
        handles.append(house.shown("texts")[-1]["handle"])
    house.act(ProposeAmendment(house.thing(handles[0]), WORDS + " Now."), by="Lin")
    house.act(MergeProposals(tuple(house.thing(one) for one in handles), "Ships", WORDS))
    merged = house.shown("texts")[-1]["handle"]
    house.act(SplitProposal(house.thing(merged), (Part("One", "One."), Part("Two", "Two."))))
    one, two = (one["handle"] for one in house.shown("texts")[-2:])
    assert f", merged into {merged}\n" in house.run("text", handles[0]).stdout
    assert f", split into {one}, {two}; it came of {', '.join(handles)}\n" in house.run("text", merged).stdout
    assert f", open; it came of {merged}\n" in house.run("text", two).stdout
    assert "open (the item was merged)" in house.run("amendments", handles[0]).stdout


def test_the_trace_of_a_reopened_text_says_which_call_reopened_it(house: House) -> None:
    item = house.thing("P2")
    house.act(CallConsensus(proposal=item))
    house.act(DeclareOutcome(house.thing("Q2")))
    house.act(CallConsensus("reopening", proposal=item))
    house.act(DeclareOutcome(house.thing("Q3")))
    told = house.run("trace", "P2").stdout
    assert "Q2 (consensus, called at entry" in told
    assert "Q3 (consensus on reopening, called at entry" in told


def test_an_amendment_of_a_title_that_has_changed_since_is_in_conflict_in_the_title(house: House) -> None:
    house.act(SubmitProposal("Ferries", WORDS), by="Tuya")
    item = house.thing(house.shown("texts")[-1]["handle"])
    for title in ("Ships", "Boats"):
        house.act(ProposeAmendment(item, WORDS + " Now.", title=title), by="Lin")
    first, second = house.shown("amendments", str(item))
    house.act(AcceptAmendment(house.thing(first["handle"])))
    [place] = house.shown("amendments", str(item))[1]["conflicts"]
    assert (place["paragraph"], place["base"], place["theirs"], place["mine"]) == (0, "Ferries", "Ships", "Boats")
    assert "in conflict" in (told := house.run("amendments", str(item)).stdout)
    assert "  title" in told
    refused = house.run("--actor", "ASADA", "accept", second["handle"])
    assert refused.exit_code == 1
    assert "(the title)" in refused.stderr
    assert "in conflict in the title" in refused.stderr


def test_an_amendment_whose_acceptance_was_set_aside_waits_again_and_the_text_is_without_it(house: House) -> None:
    house.act(SubmitProposal("Ferries", WORDS), by="Tuya")
    item = house.thing(house.shown("texts")[-1]["handle"])
    house.act(ProposeAmendment(item, WORDS + " Now."), by="Lin")
    [asked] = house.shown("amendments", str(item))
    expires = house.now + timedelta(hours=80)
    silence = CallConsensus("amendment", amendment=house.thing(asked["handle"]), procedure=SILENCE, expires=expires)
    [called] = house.act(silence)
    assert isinstance(called.fact, ConsensusCalled)
    house.wait(hours=90)
    house.act(DeclareOutcome(called.fact.call))
    assert [one["status"] for one in house.shown("amendments", str(item))] == ["accepted"]
    objection = TakePosition(called.fact.call, "object", "too soon")
    house.act(objection, by="Bora", recordedby="Office", basis="email", time=expires)
    house.act(SetAsideOutcome(called.fact.call, "it came in time"))
    [again] = house.shown("amendments", str(item))
    assert (again["status"], again["version"], again["answer"]) == ("open", None, None)
    assert house.shown("text", str(item))["words"] == WORDS
    assert "was set aside" in house.run("log").stdout.splitlines()[-1]
    assert house.secretariat.compare() == []
    assert house.run("verify").exit_code == 0


def test_comments_stand_under_what_they_answer(house: House) -> None:
    assert house.run("comments", "P1").stdout == (
        "C1 HAN Seo-yun on P1 version 1\n"
        "  “at night”\n"
        "  Why at night?\n"
        "  C2 Павел ОРЛИН on P1 version 1, in answer to C1\n"
        "    Ночью тоже бывают суда.\n"
    )
    assert house.shown("comments")[0]["anchor"] == {"item": "P1", "start": 33, "end": 41}


def test_a_call_shows_its_positions_and_what_they_come_to(house: House) -> None:
    [call] = house.shown("decisions", "P1")["calls"]
    assert (call["tally"], call["status"]) == ({"agree": 1, "object": 1}, "open")
    assert call["so_far"].startswith(f"Not reached by consensus: blocked by entry {call['positions'][0]['entry']}.")
    assert call["explanation"] is None
    assert "N13 林 静海   object" in house.run("decisions").stdout


def test_a_signature_names_version_digest_and_who_entered_it(house: House) -> None:
    lin, pavel = house.shown("signatories", "--document", "D1")
    assert (lin["standing"], lin["version"], lin["descriptor"]) == ("stands", 1, "前 水利部顧問")
    assert lin["sha256"] == house.shown("documents", "D1")["editions"][0]["sha256"]
    assert (lin["confirmed"], pavel["confirmed"], pavel["capacity"]) == (True, False, "personal")
    assert house.run("signatories").stdout == (
        "N13  林 静海 – 前 水利部顧問\nN6   Павел ОРЛИН [personal; recorded by the secretariat; not yet confirmed]\n"
    )


def test_an_item_that_nobody_signed_points_to_the_document_that_was_signed(house: House) -> None:
    assert house.run("signatories", "P1").stdout == (
        "Nobody has signed it by itself; see `dialogue signatories --document D1`.\n"
    )
    assert house.run("signatories", "P2").stdout == "Nobody has signed it.\n"


def test_the_one_document_is_meant_where_none_is_named(house: House) -> None:
    assert house.shown("signatories") == house.shown("signatories", "D1")


def test_meetings_show_who_attended(house: House) -> None:
    assert house.run("meetings").stdout == "M1 First meeting: planned, 2025-04, 울란바토르\n    林 静海  present\n"


def test_names_in_other_scripts_are_aligned_and_found(house: House) -> None:
    lines = house.run("participants", "--limit", "13").stdout.splitlines()
    assert "N11  KIM Haneul (김하늘)                         participant" in lines[10]
    assert "N13  林 静海                                     participant" in lines[12]
    assert house.shown("participants", "--after", "김하늘")[0]["handle"] == "N12"


def test_times_are_shown_in_the_zone_asked_for(house: House) -> None:
    assert "2025-03-03 18:11 KST" in house.run("--tz", "Asia/Seoul", "text", "P1", "--versions").stdout


def test_a_list_that_goes_on_says_so_on_stderr(house: House) -> None:
    first = house.run("participants", "--limit", "2")
    assert first.stderr == "More follow: add --after N2 for the next ones.\n"
    names = [house.shown("participants", "--limit", "5", "--after", f"N{last}")[0]["handle"] for last in (2, 7)]
    assert names == ["N3", "N8"]
    assert house.run("participants", "--limit", "13").stderr == ""
    assert house.shown("signatories", "--limit", "1", "--after", "N13")[0]["name"] == "Павел ОРЛИН"


def test_an_ambiguous_reference_lists_the_choices(house: House) -> None:
    refused = house.run("participants", "--after", "KIM")
    assert refused.exit_code == 1
    assert "N11 KIM Haneul (김하늘); N12 KIM Bora (김보라)" in refused.stderr


def test_an_unknown_reference_is_not_found(house: House) -> None:
    refused = house.run("text", "P77", "--json")
    assert refused.exit_code == 4
    assert '"code": "unknown"' in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["text", "P1", "--version"],
        ["log", "--from"],
        ["replay", "--to"],
        ["publish", "--edition"],
        ["documents", "--edition"],
    ],
)
def test_a_number_beyond_all_records_is_wrong_usage(house: House, arguments: list[str]) -> None:
    refused = house.run(*arguments, "99999999999999999999")
    assert refused.exit_code == 2
    assert "is not in the range" in refused.stderr


def test_an_instant_at_the_end_of_the_calendar_is_refused_and_one_just_before_it_shown(house: House) -> None:
    assert "is no time" in house.run("texts", "--as-of", "9999-12-31T23:00-14:00").stderr
    session = Session({"tz": "Asia/Seoul"})
    assert when(session, "9999-12-31T23:00:00.000000Z") == "9999-12-31 23:00 UTC"


@pytest.mark.parametrize("command", LISTS)
def test_every_list_is_json_and_empty_before_the_first_entry(house: House, command: str) -> None:
    assert house.shown(command)
    before = house.shown(command, "--as-of", "0")
    assert before == ({"calls": [], "rulings": [], "joint_acts": []} if command == "decisions" else [])


def test_what_was_not_there_yet_is_not_found(house: House) -> None:
    assert house.run("signatories", "D1", "--as-of", "0").exit_code == 4
    assert house.run("show", "--as-of", "0").exit_code == 4


def test_an_empty_list_says_so_in_a_sentence(tmp_path: Path) -> None:
    house = House(tmp_path)
    for command, sentence in {
        "texts": "There is no text yet",
        "amendments": "There is no amendment",
        "comments": "There is no comment",
        "decisions": "Nothing has been put to a decision",
        "documents": "There is no document",
        "meetings": "No meeting is planned",
    }.items():
        assert house.run(command).stdout.startswith(sentence)
    assert "Nothing is open." in house.run().stdout
    house.close()


def test_several_dialogues_are_told_apart_with_in(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.open("Другой диалог")
    assert house.run("texts").exit_code == 1
    assert "Другой диалог" in house.run("texts").stderr
    assert house.shown("texts", "--in", "quiet")[0]["title"] == "Hotlines"
    assert house.shown("texts", "--in", "другой") == []
    assert [one["title"] for one in house.shown("list")] == [TITLE, "Другой диалог"]
    two = str(house.dialogue)[:2]  # as short as a handle, so it may stand for one
    assert house.run("publish", two).exit_code == 4
    assert house.run("show", str(house.dialogue)[:8]).exit_code == 0
    assert [one["dialogue"]["title"] for one in house.shown("open", "--in", "другой")] == ["Другой диалог"]
    house.close()


def test_a_number_in_two_documents_lists_both_items(tmp_path: Path) -> None:
    house = House(tmp_path)
    for number, title in ((1, "Hotlines"), (2, "Drills")):
        house.act(SubmitProposal(title, WORDS), by="Tuya")
        house.act(DraftDocument(f"Paper {number}"), by="Office")
        house.act(OrderItems(house.thing(f"D{number}"), (Group("", (house.thing(f"P{number}"),)),)), by="Office")
        house.act(IssueEdition(house.thing(f"D{number}")), by="Office")
    refused = house.run("text", "Rec 1")
    assert refused.exit_code == 1
    assert "P1 (1 in D1)" in refused.stderr
    assert "P2 (1 in D2)" in refused.stderr
    house.close()


def test_a_substantive_change_lapses_signatures_and_as_of_before_they_stand(tmp_path: Path) -> None:
    house = House(tmp_path)
    item = house.thing("P1")
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Lin")
    house.act(GiveEndorsement(proposal=item), by="Pavel")
    house.act(GiveEndorsement(proposal=item), by="Bora")
    house.act(WithdrawEndorsement(house.signature("Pavel", "P1")), by="Pavel")
    house.act(ReviseProposal(item, "Open none."), by="Tuya")
    house.act(RecordDeath(house.person("Bora")), by="Office")
    signed = {one["name"]: (one["standing"], one["entry"]) for one in house.shown("signatories", "P1")}
    assert [standing for standing, _ in signed.values()] == ["lapsed", "withdrawn", "lapsed"]
    assert "Lapsed, as the text has changed in substance since\nN13  林 静海" in house.run("signatories", "P1").stdout
    before = house.shown("signatories", "P1", "--as-of", str(signed["KIM Bora"][1]))
    assert [one["standing"] for one in before] == ["stands"] * 3
    only = house.shown("signatories", "P1", "--standing", "withdrawn")
    assert [one["name"] for one in only] == ["Павел ОРЛИН"]
    chased = [one["participant"]["name"] for one in house.shown("open")[0]["chase"]]
    assert chased == ["林 静海"]  # the dead are asked nothing
    house.close()


def test_a_change_ruled_editorial_lets_signatures_stand_until_the_ruling_falls(tmp_path: Path) -> None:
    house = House(tmp_path, settings=Settings(chairs="any", ruling=Procedure("chair")))
    item, ruling = house.thing("P1"), house.thing("R1")
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Lin")
    house.act(ReviseProposal(item, WORDS.replace("hotline", "line")), by="Tuya")
    house.act(RuleOnChange("editorial", "The same thing.", item))
    assert house.shown("signatories", "P1")[0]["standing"] == "stands"
    assert house.shown("open", "--as-of", "2025-03-03T10:00Z")[0]["notices"][0]["on"] == "P1"
    house.act(ChallengeRuling(ruling, "It is not."), by="Pavel")
    house.act(CallConsensus("ruling", ruling=ruling))
    house.act(DeclareOutcome(house.thing("Q1"), ruling=True, reason="as agreed"))
    assert house.shown("signatories", "P1")[0]["standing"] == "lapsed"
    assert house.shown("decisions")["rulings"][0]["status"] == "overturned"
    assert house.shown("text", "P1", "--versions")[1]["change"] == "substantive"
    house.close()


def test_signatures_after_publication_stand_in_a_list_of_their_own(tmp_path: Path) -> None:
    house = House(tmp_path)
    document = house.thing("D1")
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.act(DraftDocument("Paper"), by="Office")
    house.act(OrderItems(document, (Group("", (house.thing("P1"),)),)), by="Office")
    house.act(IssueEdition(document), by="Office")
    house.act(OpenForSignature(document=document))
    house.act(GiveEndorsement(document=document, publish=True), by="Lin")
    held = EnterReservation(house.signature("Lin", "D1"), "Not in winter.", house.thing("P1"), Quotation("hotline"))
    house.act(held, by="Lin")
    house.act(PublishDocument(document), by="Office")
    house.act(GiveEndorsement(document=document, publish=True, excepting=(house.thing("P1"),)), by="Pavel")
    assert [one["late"] for one in house.shown("signatories")] == [False, True]
    assert house.run("--tz", "UTC", "signatories").stdout == (
        "N13  林 静海 – 前 水利部顧問\n"
        "      reservation on P1 “hotline”: Not in winter.\n\n"
        "Signed after publication\n"
        "N6   Павел ОРЛИН [personal; except 1; signed 2025-03-03 09:19 UTC]\n"
    )
    house.close()


def test_every_read_takes_as_of() -> None:
    context = main.make_context("dialogue", ["list"], resilient_parsing=True)
    for section in ("Show", "Weigh"):
        for name in set(COMMANDS[section]) - {"what-if"}:  # which weighs positions that are given to it
            command = main.get_command(context, name)
            assert command is not None
            assert any("--as-of" in option.opts for option in command.params), name


def test_a_silence_that_has_run_out_is_unbroken_so_far_at_the_instant_asked(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    expires = house.wait(hours=1).replace(day=8)
    house.act(CallConsensus(proposal=house.thing("P1"), procedure=Procedure("silence"), expires=expires))
    asked = {
        when: house.shown("decisions", "--as-of", when)["calls"][0]["status"] for when in ("2025-03-08", "2025-03-09")
    }
    assert asked == {"2025-03-08": "open", "2025-03-09": "unbroken so far"}
    assert house.shown("decisions")["calls"][0]["status"] == "unbroken so far"
    house.wait(days=1)
    house.act(ObjectThroughChair(house.thing("Q1"), "Somebody objects."))
    [call] = house.shown("decisions")["calls"]
    assert (call["status"], len(call["conveyed"])) == ("broken", 1)
    assert "through the chair  object" in house.run("decisions").stdout
    house.close()


def test_an_outcome_explains_itself_by_entry(tmp_path: Path) -> None:
    house = House(tmp_path, settings=Settings(chairs="all"))
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.act(CallConsensus(proposal=house.thing("P1")))
    [agreed] = house.act(TakePosition(house.thing("Q1"), "agree"), by="Lin")
    house.act(DeclareOutcome(house.thing("Q1")))
    [joint] = house.shown("decisions")["joint_acts"]
    assert (joint["on"], [one["name"] for one in joint["awaited"]]) == ("Q1", ["Maral BOLD"])
    assert ["assent to J1"] in [one["what"][:1] for one in house.shown("open")[0]["chase"]]
    house.act(AssentToAct(house.thing("J1")), by="Maral")
    shown = house.shown("decisions")
    assert (shown["joint_acts"], shown["calls"][0]["status"]) == ([], "reached")
    assert shown["calls"][0]["explanation"].startswith("Reached by consensus: nobody who counts objects.")
    assert shown["calls"][0]["explanation"].endswith(f"from entry {agreed.number}.")
    assert house.shown("texts")[0]["decided_by"] == "consensus"
    house.close()


def test_a_meeting_held_in_another_month_than_planned_says_both(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.act(PlanMeeting(starts="2025-01", place="서울"), by="Office")
    house.act(HoldMeeting(house.thing("M1"), "2025-02-11", "2025-02-12"), by="Office")
    house.act(OpenSession(house.thing("M1"), "attributed", "午前"))
    assert house.run("meetings").stdout == (
        "M1 Meeting: held, 2025-02-11 to 2025-02-12, planned for 2025-01, 서울\n  S1 午前 (attributed, open)\n"
    )
    house.close()


def test_quoted_words_that_are_gone_leave_the_comment_orphaned(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.act(MakeComment("Why?", proposal=house.thing("P1"), quotation=Quotation("at night")), by="Lin")
    house.act(ReviseProposal(house.thing("P1"), "Open one hotline."), by="Tuya")
    house.act(DisposeComment(house.thing("C1"), "accepted", "Gone."), by="Office")
    assert house.run("comments").stdout == (
        "C1 林 静海 on P1 version 1\n"
        "  “at night” (orphaned: these words no longer stand in the text as they did)\n"
        "  Why?\n"
        "  accepted: Gone.\n"
    )
    assert house.shown("open")[0]["comments"] == []
    house.close()


def test_a_broken_dialogue_says_so_and_can_be_read_as_it_was_before(tmp_path: Path) -> None:
    house = House(tmp_path)
    last = house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")[0].number
    secretariat = house.secretariat
    with secretariat.stores.writing(secretariat.stores.views) as conn, conn.begin():
        mark = {"dialogue": str(house.dialogue), "entry": last + 1, "reason": "unknown fact"}
        conn.execute(insert(secretariat.current(conn).broken), mark)
    refused = house.run("texts")
    assert refused.exit_code == 5
    assert f"entry {last + 1} does not fit the views (unknown fact)" in refused.stderr
    assert len(house.shown("texts", "--as-of", str(last))) == 1
    assert house.shown("list")[0]["status"] == "broken"
    assert house.run().exit_code == 5
    house.close()


def test_no_colour_is_printed_where_none_is_wanted(house: House) -> None:
    from click.testing import CliRunner

    coloured, plain = (
        CliRunner(env={**house.environ, "NO_COLOR": wanted}).invoke(main, ["show"], color=True).stdout
        for wanted in ("", "1")
    )
    assert click.unstyle(coloured) == plain != coloured


def test_without_a_record_it_says_how_to_make_one(tmp_path: Path) -> None:
    from click.testing import CliRunner

    refused = CliRunner(env={"DIALOGUE_DATA": str(tmp_path / "none")}).invoke(main, [])
    assert refused.exit_code == 4
    assert "dialogue init" in refused.stderr


@pytest.mark.parametrize("name", [name for section in COMMANDS.values() for name in section])
def test_no_help_shows_the_mark_that_keeps_its_lines(name: str) -> None:
    from click.testing import CliRunner

    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0, shown.output
    assert "\\b" not in shown.output
    assert "Example: " in shown.output


@pytest.mark.parametrize("name", COMMANDS["Show"])
def test_every_command_that_shows_is_documented_with_an_example(name: str) -> None:
    assert isinstance(main, click.Group)
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help is not None
    assert command.help.rstrip().splitlines()[-1].strip().startswith(f"Example: dialogue {name}"), name
    options = {option for parameter in command.params for option in parameter.opts}
    assert {"--json", "--as-of"} <= options


def test_help_starts_without_the_database_library() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from cli.main import main; "
        "result = CliRunner().invoke(main, ['--help']); assert result.exit_code == 0, result.output; "
        "print(sorted({'sqlalchemy', 'rich', 'eventsourcing', 'cryptography'} & set(sys.modules)))"
    )
    house = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=house, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
