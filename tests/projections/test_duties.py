"""What may be published, whom to tell what, who had seen which text, and why an outcome is so."""

import contextlib
import email
import email.policy
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dialogue.amendment import AcceptAmendment, ProposeAmendment, RestateAmendment
from dialogue.circulation import AcknowledgeReceipt, Circulate, RespondToCirculation
from dialogue.comment import DisposeComment, MakeComment
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.document import Group
from dialogue.drafting import MergeProposals, ReviseProposal, SubmitProposal
from dialogue.fact import Personal, Refused, Unknown
from dialogue.issuing import (
    CloseForSignature,
    DraftDocument,
    IssueEdition,
    OpenForSignature,
    OrderItems,
    ReviseDocument,
)
from dialogue.participant import AcceptInvitation, CorrectParticipant, LeaveDialogue, RecordDeath, SendRegrets
from dialogue.releasing import PublishDocument, SetEmbargo
from dialogue.ruling import ChallengeRuling, RuleOnChange
from dialogue.shape import instant, stamp
from dialogue.signing import GiveEndorsement, ObjectToChange, ReaffirmEndorsement, WithdrawEndorsement
from dialogue.voiding import MarkEnteredInError
from house import House
from projections.explaining import explained, supposed, supposed_of
from projections.hearing import who_had_seen
from projections.notices import Notice, draft, notices
from projections.read import Person
from projections.readiness import ready


@pytest.fixture
def house(tmp_path: Path) -> Any:
    house = House(tmp_path)
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
    house.act(DraftDocument("The document", preamble="We agree."), by="Office")
    house.act(OrderItems(house.thing("D1"), (Group("", (house.thing("P1"),)),)), by="Office")
    yield house
    house.close()


def readiness(house: House, as_of: int | None = None) -> dict[str, Any]:
    with house.reading(as_of) as reading:
        return ready(reading, house.dialogue, house.thing("D1"))


def told(house: House, since: int = 0) -> list[tuple[str, Notice]]:
    with house.reading() as reading:
        found = list(notices(reading, house.dialogue, since))
        people = reading.persons(one.to for one in found)
        return [(people[one.to].shown, one) for one in found if one.kind != "invited"]


def head(house: House) -> int:
    with house.reading() as reading:
        return reading.bound(house.dialogue)


def test_who_has_answered_an_invitation_is_asked_no_more(house: House) -> None:
    def asked() -> set[str]:
        with house.reading() as reading:
            return {one.to for one in notices(reading, house.dialogue) if one.kind == "invited"}

    tuya, bora = str(house.person("Tuya")), str(house.person("Bora"))
    assert {tuya, bora} <= asked()
    house.act(AcceptInvitation(), by="Tuya")
    house.act(SendRegrets(), by="Bora")
    assert not {tuya, bora} & asked()


def test_a_document_is_ready_exactly_when_publishing_it_is_not_refused(house: House) -> None:
    document, item = house.thing("D1"), house.thing("P1")

    def agrees() -> bool:
        answer = readiness(house)["ready"]
        try:
            house.secretariat.execute_all(
                house.dialogue,
                [(PublishDocument(document), house.secretariat.moment(house.person("Office")))],
                dry_run=True,
            )
        except Refused:
            may = False
        else:
            may = True
        assert answer == may
        return may

    assert not agrees()
    house.act(IssueEdition(document), by="Office")
    assert not agrees()
    house.act(CallConsensus(proposal=item))
    assert not agrees()
    house.act(DeclareOutcome(house.thing("Q1")))
    assert agrees()


def test_a_notice_runs_to_its_last_instant_for_those_who_ask_and_those_who_publish(house: House) -> None:
    document, item = house.thing("D1"), house.thing("P1")
    house.act(IssueEdition(document), by="Office")
    house.act(OpenForSignature(document))
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Bora", recordedby="Office", basis="email")
    assert "1 signature is unconfirmed" in readiness(house)["sentence"]  # under an item is under the document too
    house.act(ReviseProposal(item, "Open one hot line."), by="Tuya")
    ruled = house.act(RuleOnChange("editorial", "a slip", proposal=item))
    house.act(IssueEdition(document), by="Office")
    reasons = readiness(house)["reasons"]
    assert [reason.split(" may object")[0] for reason in reasons] == ["signatories of P1", "signatories"]
    house.act(CloseForSignature(document))
    until = next(entry.fact.notice_until for entry in ruled)
    with house.reading() as reading:
        last = instant(reading.one(reading.t.documents, document, "document")["notice_until"])
    assert until < last
    for now, expected in ((last, False), (last + timedelta(microseconds=1), True)):
        house.now = now
        assert readiness(house)["ready"] is expected
        moment = house.secretariat.moment(house.person("Office"))
        with contextlib.nullcontext() if expected else pytest.raises(Refused, match="may object"):
            house.secretariat.execute_all(house.dialogue, [(PublishDocument(document), moment)], dry_run=True)


def test_a_closed_document_and_one_with_a_bracketed_preamble_are_not_ready(house: House) -> None:
    closed = DraftDocument("Notes", preamble="We [agree / demand].", attribution="closed")
    house.act(closed, by="Office")
    house.act(IssueEdition(house.thing("D2")), by="Office")
    said = house.run("ready", "D2").stdout
    for reason in ("it is closed", "brackets are open in the preamble: [agree / demand]", "neither adopted nor opened"):
        assert reason in said
    assert said.count("\n") == 1


def test_every_reason_and_every_remark_is_said_in_one_line(house: House) -> None:
    document = house.thing("D1")
    house.act(IssueEdition(document), by="Office")
    house.act(CallConsensus(about="edition", document=document))
    sentence = readiness(house)["sentence"]
    assert "consensus call Q1 is open on it" in sentence
    assert "neither adopted nor opened" in sentence
    house.act(DeclareOutcome(house.thing("Q1")))
    house.act(OpenForSignature(document))
    house.act(GiveEndorsement(document=document), by="Bora", recordedby="Office", basis="email")
    before = head(house)
    house.act(SetEmbargo(document, house.now + timedelta(days=2)))
    answer = readiness(house)
    assert answer["ready"]
    assert "1 signature is unconfirmed" in answer["sentence"]
    assert "under embargo" in answer["sentence"]
    assert "embargo" not in readiness(house, before)["sentence"]
    house.wait(days=3)
    assert "embargo" not in readiness(house)["sentence"]


def test_an_open_bracket_stands_in_the_way_and_is_named(house: House) -> None:
    house.act(SubmitProposal("Lines", "Open [one / two] lines."), by="Tuya")
    document = house.thing("D1")
    house.act(OrderItems(document, (Group("", (house.thing("P2"),)),)), by="Office")
    house.act(IssueEdition(document), by="Office")
    assert "brackets are open in item 1: [one / two]" in readiness(house)["sentence"]


def test_who_signed_a_text_that_changed_is_told_once_that_the_signature_lapsed(house: House) -> None:
    item = house.thing("P1")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Bora")
    house.act(GiveEndorsement(proposal=item), by="Haneul")
    house.act(RecordDeath(house.person("Haneul")), by="Office")
    since = head(house)
    house.act(ProposeAmendment(item, "Open two hotlines."), by="Lin")
    house.act(AcceptAmendment(house.thing("A1")))
    [(name, notice)] = told(house, since)
    assert name == "KIM Bora"
    assert "lapsed" in notice.words
    assert "P1" in notice.words
    assert told(house, notice.entry) == []
    house.act(ReaffirmEndorsement(signature(house, "Bora", item)), by="Bora")
    assert told(house, since) == []


def signature(house: House, name: str, subject: Any) -> Any:
    from dialogue.endorsement import endorsement_id

    return endorsement_id(house.dialogue, house.person(name), subject)


def test_an_editorial_change_is_told_with_the_instant_until_which_one_may_object(house: House) -> None:
    item = house.thing("P1")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Bora")
    since = head(house)
    house.act(ProposeAmendment(item, "Open one hot-line."), by="Lin")
    house.act(AcceptAmendment(house.thing("A1")))
    house.act(RuleOnChange("editorial", "spelling", proposal=item))
    [(name, notice)] = told(house, since)
    assert name == "KIM Bora"
    assert notice.until is not None
    assert "may object until" in notice.words


def test_who_signed_the_document_is_told_of_an_editorial_edition_with_the_instant(house: House) -> None:
    document, item = house.thing("D1"), house.thing("P1")
    signed_document(house, "Bora", "Haneul")
    house.act(RecordDeath(house.person("Haneul")), by="Office")
    house.act(ReviseProposal(item, "Open one hot-line."), by="Tuya")
    house.act(RuleOnChange("editorial", "spelling", proposal=item))
    since = head(house)
    [issued] = house.act(IssueEdition(document), by="Office")
    house.act(GiveEndorsement(document=document), by="Lin")
    [(name, notice)] = told(house, since)
    assert (name, notice.entry) == ("KIM Bora", issued.number)
    assert notice.until == stamp(issued.fact.notice_until)  # type: ignore[attr-defined]
    assert "edition 1 of D1" in notice.words
    house.act(ObjectToChange(house.signature("Bora", "D1")), by="Bora")
    assert told(house, since) == []


def signed_document(house: House, *names: str) -> None:
    house.act(IssueEdition(house.thing("D1")), by="Office")
    house.act(OpenForSignature(house.thing("D1")))
    for name in names:
        house.act(GiveEndorsement(document=house.thing("D1"), publish=True), by=name)


def test_a_lapse_is_told_once_by_the_change_that_brought_it_and_only_to_those_whose_signature_lapsed(
    house: House,
) -> None:
    item = house.thing("P1")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Bora")
    [second] = house.act(ReviseProposal(item, "Open two hotlines."), by="Tuya")
    house.act(GiveEndorsement(proposal=item), by="Lin")
    [third] = house.act(ReviseProposal(item, "Open three hotlines."), by="Tuya")
    house.act(GiveEndorsement(proposal=item), by="Haneul")
    house.act(RuleOnChange("substantive", "it says more", proposal=item))
    lapses = [(name, notice.entry) for name, notice in told(house)]
    assert lapses == [("KIM Bora", second.number), ("林 静海", third.number)]


def test_a_ruling_that_is_overturned_is_told_to_those_who_stand_or_fall_by_it(house: House) -> None:
    item = house.thing("P1")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Bora")
    house.act(ReviseProposal(item, "Open one hot-line."), by="Tuya")
    house.act(GiveEndorsement(proposal=item), by="Lin")
    house.act(RuleOnChange("editorial", "spelling", proposal=item))
    since = head(house)
    house.act(ChallengeRuling(house.thing("R1"), "it is more"), by="Tuya")
    house.act(CallConsensus("ruling", ruling=house.thing("R1"), entitled=(house.person("Bora"),)))
    house.act(TakePosition(house.thing("Q1"), "agree"), by="Bora")
    house.act(DeclareOutcome(house.thing("Q1")))
    [(name, notice)] = told(house, since)
    assert (name, notice.kind) == ("KIM Bora", "lapsed P1")


def test_a_change_found_editorial_after_all_is_told_with_its_notice(house: House) -> None:
    item = house.thing("P1")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Bora")
    house.act(ReviseProposal(item, "Open one hot-line."), by="Tuya")
    house.act(RuleOnChange("substantive", "it is more", proposal=item))
    house.act(ChallengeRuling(house.thing("R1"), "a hyphen"), by="Tuya")
    house.act(CallConsensus("ruling", ruling=house.thing("R1"), entitled=(house.person("Bora"),)))
    house.act(TakePosition(house.thing("Q1"), "agree"), by="Bora")
    *_, overturned = house.act(DeclareOutcome(house.thing("Q1")))
    [(name, notice)] = told(house)
    assert (name, notice.entry, notice.kind) == ("KIM Bora", overturned.number, "editorial P1")
    assert notice.until is not None


def test_whoever_left_is_told_what_becomes_of_their_signature_and_nothing_else(house: House) -> None:
    item = house.thing("P1")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Bora")
    house.act(MakeComment("Who pays?", proposal=item), by="Bora")
    house.act(LeaveDialogue(), by="Bora")
    house.act(DisposeComment(house.thing("C1"), "noted", "later"))
    house.act(ReviseProposal(item, "Open two hotlines."), by="Tuya")
    assert [(name, notice.kind) for name, notice in told(house)] == [("KIM Bora", "lapsed P1")]


def test_who_signed_an_item_that_is_merged_is_told_that_the_signature_does_not_go_along(house: House) -> None:
    house.act(SubmitProposal("Maps", "Draw maps."), by="Lin")
    house.act(OpenForSignature(proposal=house.thing("P2")))
    house.act(GiveEndorsement(proposal=house.thing("P2")), by="Bora")
    house.act(MergeProposals((house.thing("P1"), house.thing("P2")), "Both", "Open one hotline and draw maps."))
    [(name, notice)] = told(house)
    assert name == "KIM Bora"
    assert "merged into P3" in notice.words


def test_a_yes_to_an_older_version_is_told_with_what_became_of_the_text(house: House) -> None:
    item = house.thing("P1")
    house.act(OpenForSignature(proposal=item))
    house.act(ReviseProposal(item, "Open two hotlines."), by="Tuya")
    answer = GiveEndorsement(proposal=item, version=1)
    house.act(answer, by="Bora", recordedby="Office", basis="email")
    [(_, notice)] = told(house)
    assert "version 1 of P1" in notice.words
    assert "changed in substance since" in notice.words
    house.act(RuleOnChange("editorial", "one is two", proposal=item))
    house.act(WithdrawEndorsement(house.signature("Bora", "P1")), by="Bora")
    house.act(answer, by="Bora", recordedby="Office", basis="email")
    [(_, notice)] = told(house)
    assert "changes ruled editorial" in notice.words
    wrong = MarkEnteredInError("the wrong KIM", endorsement=house.signature("Bora", "P1"))
    house.act(wrong, by="Office")
    assert told(house) == []


def test_a_call_that_is_over_is_told_no_more(house: House) -> None:
    house.act(CallConsensus(proposal=house.thing("P1"), entitled=(house.person("Bora"),)))
    assert [notice.kind for _, notice in told(house)] == ["call-open"]
    house.act(DeclareOutcome(house.thing("Q1")))
    assert told(house) == []


def test_an_amendment_in_conflict_is_told_once_until_it_is_restated(house: House) -> None:
    item = house.thing("P1")
    house.act(ProposeAmendment(item, "Open five hotlines."), by="Lin")
    [first] = house.act(ReviseProposal(item, "Open two hotlines."), by="Tuya")
    house.act(ReviseProposal(item, "Open three hotlines."), by="Tuya")
    house.act(ProposeAmendment(item, "Open three hotlines. Test them."), by="Bora")
    [(name, notice)] = told(house)
    assert (name, notice.entry) == ("林 静海", first.number)
    house.act(RestateAmendment(house.thing("A1"), "Open five hotlines."), by="Lin")
    assert told(house) == []


@pytest.mark.parametrize("since", [0, 5, 20, 24, 30])
def test_since_gives_just_what_came_after(house: House, since: int) -> None:
    signed_document(house, "Bora", "Haneul")
    house.act(ReviseProposal(house.thing("P1"), "Open two hotlines."), by="Tuya")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    house.act(CallConsensus(proposal=house.thing("P1")))
    everything = [notice for _, notice in told(house)]
    assert len({notice.id for notice in everything}) == len(everything)
    assert [notice for _, notice in told(house, since)] == [one for one in everything if one.entry > since]


def test_an_amendment_that_the_text_has_left_behind_is_told_to_its_author(house: House) -> None:
    item = house.thing("P1")
    house.act(ProposeAmendment(item, "Open two hotlines."), by="Lin")
    house.act(ProposeAmendment(item, "Open three hotlines."), by="Bora")
    since = head(house)
    house.act(AcceptAmendment(house.thing("A1")))
    [(name, notice)] = told(house, since)
    assert name == "KIM Bora"
    assert "A2 is in conflict with P1" in notice.words


def test_calls_comments_circulation_and_entered_signatures_are_told(house: House) -> None:
    item, document = house.thing("P1"), house.thing("D1")
    house.act(MakeComment("Who pays?", proposal=item), by="Lin")
    house.act(IssueEdition(document), by="Office")
    since = head(house)
    house.act(DisposeComment(house.thing("C1"), "noted", "the budget is for later"))
    house.act(CallConsensus(proposal=item, entitled=(house.person("Bora"),)))
    house.act(Circulate(document, (house.person("Committee"),)), by="Office")
    house.act(OpenForSignature(document))
    house.act(GiveEndorsement(document=document), by="Tuya", recordedby="Office", basis="letter")
    kinds = {(name, notice.kind) for name, notice in told(house, since)}
    assert kinds == {
        ("林 静海", "comment-disposed"),
        ("KIM Bora", "call-open"),
        ("Member Committee of Nowhere", "circulated"),
        ("Tuya ENKH", "signature-entered"),
    }


def test_notices_become_mail_drafts_each_written_once(house: House, tmp_path: Path) -> None:
    house.act(CorrectParticipant(house.person("Bora"), "her address", email=Personal("bora@example.org")), by="Office")
    house.act(CallConsensus(proposal=house.thing("P1"), entitled=(house.person("Bora"),)))
    folder = tmp_path / "drafts"
    first = house.run("notices", "--eml", str(folder))
    assert first.exit_code == 0, first.stderr
    [mail] = [
        path for path in folder.iterdir() if b"bora@example.org" in path.read_bytes() and b"Q1" in path.read_bytes()
    ]
    message = email.message_from_bytes(mail.read_bytes())
    assert message["To"] == "KIM Bora <bora@example.org>"
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert house.run("notices", "--eml", str(folder)).exit_code == 0
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


@pytest.mark.parametrize("address", ["bora@example.org", "bora@예시.한국", "보라@example.org"])
def test_a_draft_is_one_valid_message_to_one_person(address: str) -> None:
    person = Person("id", 5, "金보라, Бора", False, (), "personal", "accepted", email=address)
    notice = Notice("an-id", 12, "id", "lapsed P1", f"Since you signed version 1 of P1: 林 静海 {'x' * 1200}")
    content = draft(notice, person, "Тихие воды — 静かな海 " * 9)
    assert content is not None
    assert max(map(len, content.split(b"\r\n"))) <= 998
    message = email.message_from_string(content.decode(), policy=email.policy.SMTPUTF8)
    [to] = message["To"].addresses
    assert (to.display_name, f"{to.username}@{to.domain}") == ("金보라, Бора", address)
    assert message["Subject"] == f"{'Тихие воды — 静かな海 ' * 9}: entry 12"
    assert not [defect for header in message.values() for defect in header.defects if address.isascii()]
    assert notice.words in message.get_content()


@pytest.mark.parametrize(
    "address", [None, "", "nobody", "a\nBcc: b@example.org", "a@example.org, b@example.org", "A <a@example.org>"]
)
def test_what_is_no_address_gets_no_draft(address: str | None) -> None:
    person = Person("id", 5, "KIM Bora", False, (), "personal", "accepted", email=address)
    assert draft(Notice("an-id", 12, "id", "call-open", "Q1 is open."), person, "A title") is None


def test_notices_are_had_as_of_any_entry(house: House) -> None:
    before = house.run("notices", "--json").stdout
    head = house.shown("show")["entries"]
    house.act(CallConsensus(proposal=house.thing("P1")))
    assert house.run("notices", "--json").stdout != before
    assert house.run("notices", "--json", "--as-of", str(head)).stdout == before


def test_circulation_says_who_had_seen_which_edition_at_any_instant(house: House) -> None:
    document = house.thing("D1")
    house.act(IssueEdition(document), by="Office")
    house.act(Circulate(document, (house.person("Committee"), house.person("Observer"))), by="Office")
    sent = head(house)
    assert len([one for _, one in told(house) if one.kind == "circulated"]) == 2
    house.act(AcknowledgeReceipt(house.thing("K1")), by="Committee")
    house.act(RespondToCirculation(house.thing("K1"), "We have no remarks."), by="Observer")

    def seen(as_of: int | None) -> dict[str, bool]:
        with house.reading(as_of) as reading:
            answer = who_had_seen(reading, house.dialogue, document)
            return {one["name"]: one["had_seen"] for one in answer["addressees"]}

    assert seen(sent) == {"Member Committee of Nowhere": False, "Inês DUARTE": False}
    assert seen(None) == {"Member Committee of Nowhere": True, "Inês DUARTE": True}
    shown = house.run("who-had-seen", "D1")
    assert "acknowledged" in shown.stdout
    assert not [one for _, one in told(house) if one.kind == "circulated"], "who has answered is asked no more"


def test_who_had_seen_a_text_when_a_silence_expired_counts_what_was_entered_afterwards(house: House) -> None:
    document, committee = house.thing("D1"), house.person("Committee")
    unissued = house.run("who-had-seen", "D1")
    assert (unissued.exit_code, unissued.stderr) == (1, "dialogue: no edition of D1 had been issued\n")
    house.act(IssueEdition(document), by="Office")
    [sent] = house.act(Circulate(document, (committee, house.person("Observer"))), by="Office")
    expiry = house.wait(hours=72)
    entered = {"recordedby": "Office", "basis": "letter"}
    house.wait(hours=5)
    house.act(AcknowledgeReceipt(house.thing("K1")), by="Committee", time=expiry, **entered)
    late = {**entered, "time": expiry + timedelta(microseconds=1)}
    house.act(RespondToCirculation(house.thing("K1"), "Мы против."), by="Observer", **late)
    house.act(ReviseDocument(document, preamble="We urge."), by="Office")
    house.act(IssueEdition(document), by="Office")

    def seen(as_of: str, edition: int | None = None) -> tuple[int, dict[str, bool]]:
        with house.secretariat.reading(as_of) as reading:
            answer = who_had_seen(reading, house.dialogue, document, edition)
            return answer["edition"], {one["handle"]: one["had_seen"] for one in answer["addressees"]}

    nobody, one = {"N10": False, "N8": False}, {"N10": True, "N8": False}
    assert seen(f"happened:{expiry.isoformat()}") == (1, one)
    assert seen(f"happened:{late['time'].isoformat()}") == (1, {"N10": True, "N8": True})
    assert seen(expiry.isoformat()) == (1, nobody)  # what the record knew then
    assert seen(f"happened:{(sent.time - timedelta(microseconds=1)).isoformat()}") == (1, {})
    assert seen(f"happened:{house.now.isoformat()}") == (2, {})
    for at in ("happened:2024-01-01", sent.time.isoformat()):
        with house.secretariat.reading(at) as reading, pytest.raises((Refused, Unknown)):
            who_had_seen(reading, house.dialogue, document, 2)
    shown = house.run("--tz", "Asia/Seoul", "who-had-seen", "D1", "--edition", "1").stdout
    assert "acknowledged 2025-03-06 18:" in shown
    assert "KST: Мы против." in shown
    assert house.run("who-had-seen", "D1", "--edition", "3").exit_code == 4


def test_an_outcome_explains_itself_by_entry_numbers_and_names_nobody(house: House) -> None:
    house.act(CallConsensus(proposal=house.thing("P1"), entitled=(house.person("Bora"), house.person("Lin"))))
    [objection] = house.act(TakePosition(house.thing("Q1"), "object", "too early"), by="Bora")
    house.act(DeclareOutcome(house.thing("Q1")))
    with house.reading() as reading:
        answer = explained(reading, house.thing("Q1"))
    assert f"blocked by entry {objection.number}" in answer["sentence"]
    assert "Bora" not in answer["sentence"]
    assert answer["explanation"]["blocked"] == [objection.number]
    assert house.run("explain", "Q1").stdout.startswith("Q1: Not reached by consensus")


def test_what_if_answers_on_supposed_positions_and_on_real_ones_for_auditors_only(house: House) -> None:

    terms = {"name": "majority", "threshold": "2/3"}
    assert supposed(terms, 3, ["agree=2", "object=1"])["reached"]
    assert not supposed(terms, 4, ["agree=2", "object=2"])["reached"]
    with pytest.raises(Refused, match="more positions"):
        supposed(terms, 1, ["agree=2"])
    house.act(CallConsensus(proposal=house.thing("P1"), entitled=(house.person("Bora"), house.person("Lin"))))
    house.act(TakePosition(house.thing("Q1"), "object", "no"), by="Bora")
    house.act(TakePosition(house.thing("Q1"), "agree"), by="Lin")
    with house.reading() as reading:
        with pytest.raises(Refused, match="only an auditor"):
            supposed_of(reading, house.thing("Q1"), terms, house.person("Lin"))
        half = {"name": "majority", "threshold": "1/2"}
        assert supposed_of(reading, house.thing("Q1"), half, house.person("Auditor"))["reached"]
    arguments = ["what-if", "--procedure", "ballot", "--entitled", "3", "--position", "agree=2", "--json"]
    assert json.loads(house.run(*arguments).stdout)["reached"]
