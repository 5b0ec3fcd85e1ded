"""Editions as they are published: whose name stands under which words, and what goes with it. All invented."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from dialogue.amendment import ProposeAmendment
from dialogue.anchor import Quotation
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.document import Group, Numbered
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.endorsement import endorsement_id
from dialogue.fact import Command, Personal, Refused, Unknown
from dialogue.issuing import (
    AttachMinorityView,
    DraftDocument,
    IssueEdition,
    OpenForSignature,
    OrderItems,
    RenumberItems,
)
from dialogue.participant import ChangeAffiliation, Invite
from dialogue.releasing import IssueCorrection, PublishDocument, SetEmbargo
from dialogue.ruling import ChallengeRuling, RuleOnChange
from dialogue.signing import (
    ConsentToPublication,
    EnterReservation,
    GiveEndorsement,
    LiftReservation,
    ObjectToChange,
    ReaffirmEndorsement,
    WithdrawConsent,
    WithdrawEndorsement,
)
from dialogue.statement import EnterStatement
from dialogue.voiding import MarkEnteredInError
from door import Door
from house import PEOPLE, START, House
from projections import documents, signatories
from projections.audience import PUBLIC
from projections.documents import public_edition
from projections.publish import html, json_, markdown
from projections.publish.publication import Item, Publication
from projections.publishing import publication
from projections.reading.document import read_document

FORMATS = (markdown.render, html.render, json_.render)
FORMATS_OF_API = ("text/markdown", "text/html", "application/json")
NAMES = {name: invite.name.value for name, invite in PEOPLE.items() if invite.name}
COUNTER = count()
SIGNERS = ("Tuya", "Pavel")  # few, so that much happens to each


@pytest.fixture(scope="module")
def hotel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for many histories, each in a dialogue of its own."""
    opened = House(tmp_path_factory.mktemp("hotel"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def door(hotel: House) -> Door:
    return Door(hotel)


@pytest.fixture
def house(hotel: House) -> House:
    hotel.now = START
    hotel.open(f"Invented dialogue {next(COUNTER)}")
    drafted(hotel)
    return hotel


def drafted(house: House) -> None:
    """Two items under two themes, an edition of them, open for signature."""
    house.act(SubmitProposal("Hotlines", "Keep one line open.\n\nTest it weekly.", "Lines"), by="Tuya")
    house.act(SubmitProposal("Maps", r"Draw \[all\] maps.", "Maps"), by="Pavel")
    house.act(DraftDocument("Invented Accord", preamble="We agree:\n\n1. Water is wet.\n\nTherefore:"), by="Office")
    groups = (Group("Lines", (house.thing("P1"),)), Group("Maps", (house.thing("P2"),)))
    house.act(OrderItems(house.thing("D1"), groups), by="Office")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    house.act(OpenForSignature(house.thing("D1")), by="Rin")


def page(house: House, edition: int | None = None, as_of: str | int | None = None) -> Publication:
    with house.reading(as_of) as reading:
        return publication(reading, house.dialogue, house.thing("D1"), edition)


def signed(house: House, by: str, **given: Any) -> int:
    """Signs the document, or the item given by handle; the entry."""
    subject = {"document": house.thing("D1")} if "proposal" not in given else {}
    return house.act(GiveEndorsement(**{"publish": True, **subject, **given}), by=by)[-1].number


def signature(house: House, name: str, handle: str = "D1") -> Any:
    return endorsement_id(house.dialogue, house.person(name), house.thing(handle))


def corrected(house: House, text: str = "Keep one line open!\n\nTest it weekly.") -> None:
    command = IssueCorrection(house.thing("D1"), "a stop too few", proposal=house.thing("P1"), text=text)
    house.act(command, by="Office")


def changed(house: House, text: str = "Keep two lines open.") -> None:
    """A substantive change, and the edition that has it."""
    house.act(ReviseProposal(house.thing("P1"), text), by="Tuya")
    house.act(IssueEdition(house.thing("D1")), by="Office")


def names(found: Publication) -> list[str]:
    return [line.name for line in found.signatories]


def items(found: Publication) -> list[Item]:
    return [item for theme in found.themes for item in theme.items]


# ---------------------------------------------------------------- the words


def test_an_edition_is_printed_as_it_was_issued_with_its_preamble_parted_and_brackets_plain(house: House) -> None:
    found = page(house)
    assert (found.title, found.kind, found.edition) == ("Invented Accord", "recommendations", 1)
    assert (found.preamble, found.areas, found.after_areas) == ("We agree:", ("Water is wet.",), "Therefore:")
    assert [(theme.title, [item.title for item in theme.items]) for theme in found.themes] == [
        ("Lines", ["Hotlines"]),
        ("Maps", ["Maps"]),
    ]
    assert items(found)[1].text == "Draw [all] maps."
    assert [item.decision for item in items(found)] == [None, None]


def test_an_open_bracket_is_printed_as_it_stands(house: House) -> None:
    house.act(ReviseProposal(house.thing("P2"), "Draw [all / no] maps."), by="Pavel")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    assert items(page(house))[1].text == "Draw [all / no] maps."


def test_numbers_are_those_of_the_edition(house: House) -> None:
    numbers = (Numbered(house.thing("P1"), "4"), Numbered(house.thing("P2"), "4 bis"))
    house.act(RenumberItems(house.thing("D1"), numbers), by="Office")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    assert [item.number for item in items(page(house))] == [4, "4 bis"]
    assert [item.number for item in items(page(house, edition=1))] == [1, 2]


def test_any_edition_can_be_had_as_of_any_entry(house: House) -> None:
    before = signed(house, "Tuya")
    changed(house)
    assert items(page(house))[0].text == "Keep two lines open."
    assert items(page(house, edition=1))[0].text.startswith("Keep one line")
    then = page(house, as_of=before)
    assert (then.edition, then.as_of, names(then)) == (1, f"entry {before}", ["Tuya ENKH"])
    with pytest.raises(Unknown, match="edition 2 of D1"):
        page(house, edition=2, as_of=before)


def test_a_document_without_an_edition_is_not_published(house: House) -> None:
    house.open("Another Invented Dialogue")
    house.act(DraftDocument("Nothing yet"), by="Office")
    with pytest.raises(Refused, match="no edition of D1"):
        page(house)


# ---------------------------------------------------------------- how it came to stand here


def adopted(house: House, handle: str, **positions: tuple[str, dict[str, Any]]) -> int:
    """A consensus on an item; the entry of its outcome."""
    [called] = house.act(CallConsensus(proposal=house.thing(handle)))
    for name in ("Rin", "Maral", "Tuya", "Pavel", "Seoyun", "Haneul", "Bora", "Lin"):
        position, more = positions.get(name, ("agree", {}))
        house.act(TakePosition(called.stream, position, **more), by=name)  # type: ignore[arg-type]
    [reached] = house.act(DeclareOutcome(called.stream))
    return reached.number


def test_an_item_says_how_it_was_adopted_and_by_which_entry(house: House) -> None:
    entry = adopted(house, "P1")
    signed(house, "Tuya")
    assert [item.decision for item in items(page(house))] == [
        f"adopted by consensus, entry {entry}",
        "signed, not adopted",
    ]


def test_a_version_that_was_not_the_one_adopted_is_not_said_to_be(house: House) -> None:
    house.act(ReviseProposal(house.thing("P1"), "Keep two lines open."), by="Tuya")
    entry = adopted(house, "P1")
    assert items(page(house))[0].decision is None
    house.act(IssueEdition(house.thing("D1")), by="Office")
    assert items(page(house))[0].decision == f"adopted by consensus, entry {entry}"


def test_a_correction_keeps_the_adoption_until_it_is_ruled_substantive(house: House) -> None:
    entry = adopted(house, "P1")
    corrected(house)
    house.wait(hours=73)
    assert items(page(house))[0].decision == f"adopted by consensus, entry {entry}"
    house.act(RuleOnChange("substantive", "it says more", house.thing("P1"), version=2))
    assert items(page(house))[0].decision is None


def test_dissociations_and_statements_stay_with_the_item_and_name_only_who_signed(house: House) -> None:
    adopted(
        house,
        "P1",
        Pavel=("agree-dissociating", {"paragraphs": (2,), "reason": "no tests"}),
        Tuya=("agree-dissociating", {"paragraphs": (1, 2)}),
        Seoyun=("agree-with-reservation", {"reason": "not at night"}),
    )
    house.act(EnterStatement(house.thing("Q1"), "A line is a telephone."), by="Pavel")
    signed(house, "Tuya")
    notes = {(note.kind, note.who, note.words) for note in items(page(house))[0].notes}
    assert notes == {
        ("dissociation", "", "from paragraph 2: no tests"),
        ("dissociation", "Tuya ENKH", "from paragraphs 1, 2"),
        ("reservation", "", "not at night"),
        ("interpretative statement", "", "A line is a telephone."),
    }
    assert not items(page(house))[1].notes


def test_statements_on_whatever_was_decided_of_a_text_stay_with_it(house: House) -> None:
    item = house.thing("P1")
    undecided(house, "Q1")
    house.act(EnterStatement(house.thing("Q1"), "One line was too few."), by="Pavel")
    assert [note.kind for note in items(page(house))[0].notes] == [
        f"interpretative statement on the decision of entry {outcome(house, 'Q1')}, that there is no consensus",
    ]
    amendment = ProposeAmendment(item, "Keep two lines open.\n\nTest it weekly.")
    house.act(amendment, by="Tuya")
    house.act(CallConsensus("amendment", amendment=house.thing("A1")), by="Rin")
    house.act(DeclareOutcome(house.thing("Q2"), ruling=True, reason="it is wanted"), by="Rin")
    house.act(EnterStatement(house.thing("Q2"), "Two, not more."), by="Pavel")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    [note] = items(page(house))[0].notes
    assert (note.kind, note.words) == (
        f"interpretative statement on the decision of entry {outcome(house, 'Q2')}",
        "Two, not more.",
    )
    assert [note.words for note in items(page(house, 1))[0].notes] == ["One line was too few."]
    for render in FORMATS:
        assert "Two, not more." in render(page(house))
    here = ("--in", str(house.dialogue))
    assert "T2 statement on Q2 by" in house.run("amendments", "A1", *here).stdout
    assert "T2 statement on Q2 by" in house.run("text", "P1", *here).stdout
    assert "T1 statement on Q1 by" in house.run("text", "P1", "--version", "1", *here).stdout
    assert "T1 statement" not in house.run("text", "P1", *here).stdout


def undecided(house: House, call: str) -> None:
    house.act(CallConsensus(proposal=house.thing("P1")), by="Rin")
    house.act(TakePosition(house.thing(call), "object", "no"), by="Pavel")
    house.act(DeclareOutcome(house.thing(call)), by="Rin")


def outcome(house: House, call: str) -> int:
    entry: int = house.shown("explain", call, "--in", str(house.dialogue))["outcome"]
    return entry


def test_a_document_under_the_chatham_house_rule_says_of_no_words_whose_they_are(house: House) -> None:
    adopted(house, "P1", Tuya=("agree-dissociating", {"paragraphs": (1, 2)}), Rin=("agree", {}))
    house.act(EnterStatement(house.thing("Q1"), "A line is a telephone."), by="Tuya")
    house.act(DraftDocument("What was said", attribution="chatham-house"), by="Office")
    house.act(OrderItems(house.thing("D2"), (Group("", (house.thing("P1"),)),)), by="Office")
    house.act(IssueEdition(house.thing("D2")), by="Office")
    house.act(AttachMinorityView(house.thing("D2"), "Not at night.", holders=(house.person("Tuya"),)), by="Tuya")
    house.act(OpenForSignature(house.thing("D2")), by="Rin")
    house.act(GiveEndorsement(document=house.thing("D2"), publish=True), by="Tuya")
    with house.reading() as reading:
        found = publication(reading, house.dialogue, house.thing("D2"))
    said = {(note.kind, note.who) for item in items(found) for note in item.notes}
    assert said == {("dissociation", ""), ("interpretative statement", "")}
    assert [(one.kind, one.who) for one in found.minority_views] == [("minority view", "")]
    assert names(found) == ["Tuya ENKH"], "to be named as a signatory is one's own consent"
    signed(house, "Tuya")
    assert {note.who for note in items(page(house))[0].notes} == {"Tuya ENKH"}, "an attributed one tells them apart"


def test_a_document_adopted_as_a_whole_says_so_of_each_item(house: House) -> None:
    [called] = house.act(CallConsensus(about="edition", document=house.thing("D1")))
    for name in ("Rin", "Maral", "Tuya", "Pavel", "Seoyun", "Haneul", "Bora"):
        house.act(TakePosition(called.stream, "agree"), by=name)
    house.act(TakePosition(called.stream, "agree-dissociating", reason="no", paragraphs=(3,)), by="Lin")
    [reached] = house.act(DeclareOutcome(called.stream))
    found = page(house)
    assert {item.decision for item in items(found)} == {
        f"adopted with the whole document by consensus, entry {reached.number}"
    }
    assert [(note.kind, note.words) for note in found.notes] == [("dissociation", "from paragraph 3: no")]


def test_a_minority_view_is_bound_to_the_document_and_counts_those_it_does_not_name(house: House) -> None:
    signed(house, "Tuya")
    holders = (house.person("Tuya"), house.person("Pavel"), house.person("Lin"))
    house.act(AttachMinorityView(house.thing("D1"), "Too few maps.", "On maps", holders), by="Pavel")
    [view] = page(house).minority_views
    assert (view.kind, view.who, view.words) == (
        "minority view “On maps”",
        "Tuya ENKH, 2 who are not named here",
        "Too few maps.",
    )


def test_a_summary_names_its_authors_carries_its_disclaimer_and_claims_no_adoption(house: House) -> None:
    house.open("Another Invented Dialogue")
    house.act(SubmitProposal("Hotlines", "Keep one line open."), by="Tuya")
    authors = (house.person("Rin"), house.person("Maral"))
    command = DraftDocument("Summary", "co-chairs' summary", disclaimer="Ours alone.", authors=authors)
    house.act(command, by="Office")
    house.act(OrderItems(house.thing("D1"), (Group("", (house.thing("P1"),)),)), by="Office")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    found = page(house)
    assert (found.authors, found.disclaimers) == (("ASADA Rin", "Maral BOLD"), ("Ours alone.",))
    assert items(found)[0].decision is None
    for render in FORMATS:
        assert "ASADA Rin" in render(found)


def test_to_the_public_a_document_is_not_there_before_it_is_published(house: House) -> None:
    def shown(reader: str) -> tuple[int, str]:
        result = house.run("publish", str(house.dialogue), "--reader", reader)
        return result.exit_code, result.stderr

    assert shown("public") == (4, "dialogue: there is no edition here\n")
    assert shown("Tuya") == (0, "")
    house.act(PublishDocument(house.thing("D1")), by="Office")
    assert shown("public") == (0, "")


def test_the_public_reads_an_edition_from_the_very_instant_of_its_embargo_without_any_act(house: House) -> None:
    until = house.now + timedelta(days=3)
    house.act(SetEmbargo(house.thing("D1"), until))
    house.act(PublishDocument(house.thing("D1")), by="Office")
    for now, there in ((until - timedelta(microseconds=1), False), (until, True)):
        house.now = now
        with house.reading() as reading:
            row = reading.one(reading.t.documents, house.thing("D1"), "document")
            with contextlib.nullcontext() if there else pytest.raises(Unknown, match="edition"):
                assert public_edition(reading, row, None) == 1
            with pytest.raises(Unknown, match="edition"):
                public_edition(reading, row, 2)


def test_an_embargo_is_said_until_it_is_over(house: House) -> None:
    house.act(SetEmbargo(house.thing("D1"), house.now.replace(year=2026)))
    assert page(house).embargo.startswith("Under embargo until 2026-03-03 09:")
    house.wait(days=400)
    assert page(house).embargo == ""


# ---------------------------------------------------------------- the list


def test_the_list_is_in_the_order_of_signing_with_names_as_signed_and_limits(house: House) -> None:
    given = {"name": Personal("PAVEL Orlin"), "descriptor": Personal("Mapmaker"), "assent": "general thrust"}
    signed(house, "Pavel", **given, excepting=(house.thing("P2"),))
    signed(house, "Tuya")
    house.act(ChangeAffiliation(descriptor=Personal("Envoy again")), by="Tuya")
    first, second = page(house).signatories
    assert (first.number, first.name, first.descriptor) == (1, "PAVEL Orlin", "Mapmaker")
    assert first.limits == "in a personal capacity; assents to the general thrust; except recommendation 2"
    assert (second.number, second.name, second.descriptor) == (2, "Tuya ENKH", "Former Envoy for Rivers")
    assert second.limits == ""


def test_reservations_travel_with_the_signature_until_lifted(house: House) -> None:
    signed(house, "Tuya")
    mine = signature(house, "Tuya")
    quoted = Quotation("weekly", "", "")
    house.act(EnterReservation(mine, "Monthly will do.", house.thing("P1"), quoted), by="Tuya")
    house.act(EnterReservation(mine, "No money."), by="Tuya")
    house.act(LiftReservation(mine, 2), by="Tuya")
    [line] = page(house).signatories
    assert [(note.kind, note.words, note.quotation) for note in line.reservations] == [
        ("reservation on recommendation 1", "Monthly will do.", "weekly")
    ]


def test_a_reservation_to_the_signature_of_an_item_travels_with_it_and_names_the_item(house: House) -> None:
    for handle in ("P1", "P2"):
        house.act(OpenForSignature(proposal=house.thing(handle)))
    for name, publish in (("Tuya", True), ("Pavel", False)):
        signed(house, name, proposal=house.thing("P2"), publish=publish)
        house.act(EnterReservation(signature(house, name, "P2"), f"{name} says: no money."), by=name)
    signed(house, "Tuya", proposal=house.thing("P1"))
    found = page(house)
    [line] = found.signatories
    assert (line.only, [(note.kind, note.words) for note in line.reservations]) == (
        (1, 2),
        [("reservation on recommendation 2", "Tuya says: no money.")],
    )
    signed(house, "Tuya")
    signed(house, "Pavel")
    found = page(house)
    assert [(line.name, line.only, len(line.reservations)) for line in found.signatories] == [
        ("Tuya ENKH", (), 1),
        ("Павел ОРЛИН", (), 0),
    ]
    assert found.unnamed == 0
    kind, words = "reservation on recommendation 2", "Pavel says: no money."
    assert [(note.kind, note.who, note.words) for note in found.notes] == [
        (kind, "a signatory who is not named here", words)
    ]
    for render in FORMATS:
        assert "Tuya says: no money." in render(found)
        assert words in render(found)


def test_whoever_does_not_agree_to_be_named_is_counted_and_their_reservation_stays(house: House) -> None:
    signed(house, "Tuya")
    signed(house, "Pavel", publish=False)
    house.act(EnterReservation(signature(house, "Pavel"), "No money."), by="Pavel")
    found = page(house)
    assert (names(found), found.unnamed) == (["Tuya ENKH"], 1)
    assert [(note.who, note.words) for note in found.notes] == [("a signatory who is not named here", "No money.")]


def test_consent_is_judged_as_of_now_also_where_the_past_is_printed(house: House) -> None:
    entry = signed(house, "Tuya")
    house.act(WithdrawConsent(signature(house, "Tuya")), by="Tuya")
    then = page(house, as_of=entry)
    assert (names(then), then.unnamed) == ([], 1)
    house.act(ConsentToPublication(signature(house, "Tuya")), by="Tuya")
    assert names(page(house, as_of=entry)) == ["Tuya ENKH"]


def test_a_forgotten_signatory_is_withheld(house: House) -> None:
    signed(house, "Tuya")
    signed(house, "Pavel")
    custody = house.secretariat.custody
    with house.secretariat.stores.writing(custody.keys_engine) as conn, conn.begin():
        conn.execute(delete(custody.k.keys).where(custody.k.keys.c.subject == str(house.person("Tuya"))))
    custody.known.clear()
    found = page(house)
    assert [(line.number, line.name, line.withheld) for line in found.signatories] == [
        (1, "", True),
        (2, "Павел ОРЛИН", False),
    ]
    assert found.unnamed == 1


def test_a_signature_entered_for_somebody_is_marked_until_confirmed(house: House) -> None:
    command = GiveEndorsement(document=house.thing("D1"), publish=True)
    house.act(command, by="Tuya", recordedby="Office", basis="email")
    assert page(house).signatories[0].unconfirmed


def test_those_who_signed_single_items_are_listed_with_these(house: House) -> None:
    house.act(OpenForSignature(proposal=house.thing("P2")))
    house.act(OpenForSignature(proposal=house.thing("P1")))
    signed(house, "Pavel", proposal=house.thing("P2"))
    signed(house, "Tuya")
    signed(house, "Tuya", proposal=house.thing("P1"))
    found = page(house)
    assert [(line.number, line.name, line.only) for line in found.signatories] == [
        (1, "Tuya ENKH", ()),
        (2, "Павел ОРЛИН", (2,)),
    ]
    house.act(ReviseProposal(house.thing("P2"), "Draw no maps."), by="Pavel")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    # the whole has lapsed, and so has P2; what she signed of P1 alone still reads as she signed it
    assert [(line.name, line.only) for line in page(house).signatories] == [("Tuya ENKH", (1,))]
    assert names(page(house, edition=1)) == ["Tuya ENKH", "Павел ОРЛИН"]


def test_signatures_after_publication_stand_apart_with_their_dates(house: House) -> None:
    signed(house, "Tuya")
    house.act(PublishDocument(house.thing("D1")), by="Office")
    house.wait(days=3)
    signed(house, "Pavel")
    found = page(house)
    assert names(found) == ["Tuya ENKH"]
    [late] = found.late_signatories
    assert (late.line.number, late.line.name, late.signed) == (2, "Павел ОРЛИН", "2025-03-06")


def test_a_body_signs_once_and_is_printed_as_such(house: House) -> None:
    [invited] = house.act(Invite(("participant",), body="太平洋協力委員会"), by="Office")
    office, document = house.person("Office"), house.thing("D1")
    letter = {"recordedby": office, "basis": "letter"}
    yes = GiveEndorsement(document=document, publish=True, capacity="institutional")
    moment = house.secretariat.moment(invited.stream, **letter)  # type: ignore[arg-type]
    house.secretariat.execute(house.dialogue, yes, moment)
    with pytest.raises(Refused, match="signed already"):
        house.secretariat.execute(house.dialogue, yes, house.secretariat.moment(invited.stream, **letter))  # type: ignore[arg-type]
    [line] = page(house).signatories
    assert (line.name, line.limits.split("; ")[0]) == ("太平洋協力委員会", "in an institutional capacity")


def test_whoever_withdrew_before_publication_or_since_and_signs_anew_signs_late(house: House) -> None:
    for name in ("Tuya", "Pavel", "Lin"):
        signed(house, name)
    house.act(WithdrawEndorsement(signature(house, "Tuya")), by="Tuya")
    house.act(PublishDocument(house.thing("D1")), by="Office")
    house.act(WithdrawEndorsement(signature(house, "Pavel")), by="Pavel")
    signed(house, "Tuya")
    signed(house, "Pavel")
    corrected(house)
    house.wait(hours=73)
    house.act(ReaffirmEndorsement(signature(house, "Lin")), by="Lin")
    found = page(house)
    assert names(found) == ["林 静海"]
    assert [late.line.name for late in found.late_signatories] == ["Tuya ENKH", "Павел ОРЛИН"]
    said = house.shown("signatories", "D1", "--in", str(house.dialogue))
    assert {one["name"]: one["late"] for one in said} == {"Tuya ENKH": True, "Павел ОРЛИН": True, "林 静海": False}


def test_who_objected_and_accepts_the_change_after_publication_signs_late(house: House) -> None:
    signed(house, "Tuya")
    corrected(house)
    house.act(ObjectToChange(signature(house, "Tuya")), by="Tuya")
    house.wait(hours=73)
    house.act(PublishDocument(house.thing("D1")), by="Office")
    house.act(ReaffirmEndorsement(signature(house, "Tuya")), by="Tuya")
    assert (names(page(house)), len(page(house).late_signatories)) == ([], 1)


def test_an_item_signed_before_publication_and_reaffirmed_since_is_not_late(house: House) -> None:
    house.act(OpenForSignature(proposal=house.thing("P1")))
    signed(house, "Pavel", proposal=house.thing("P1"))
    house.act(PublishDocument(house.thing("D1")), by="Office")
    corrected(house)
    house.wait(hours=73)
    house.act(ReaffirmEndorsement(signature(house, "Pavel", "P1")), by="Pavel")
    assert [(line.name, line.only) for line in page(house).signatories] == [("Павел ОРЛИН", (1,))]


def test_an_item_that_was_excepted_and_signed_by_itself_is_listed_with_its_reservation(house: House) -> None:
    house.act(OpenForSignature(proposal=house.thing("P2")))
    signed(house, "Tuya", excepting=(house.thing("P2"),))
    signed(house, "Tuya", proposal=house.thing("P2"))
    house.act(EnterReservation(signature(house, "Tuya", "P2"), "No money."), by="Tuya")
    found = page(house)
    assert [(line.name, line.exceptions, line.only) for line in found.signatories] == [
        ("Tuya ENKH", (2,), ()),
        ("Tuya ENKH", (), (2,)),
    ]
    assert [note.words for note in found.signatories[1].reservations] == ["No money."]


def test_a_reservation_to_an_item_stays_with_whoever_signs_the_whole_too(house: House) -> None:
    house.act(OpenForSignature(proposal=house.thing("P1")))
    for name, consents in (("Tuya", True), ("Pavel", False)):
        signed(house, name, proposal=house.thing("P1"), publish=consents)
        house.act(EnterReservation(signature(house, name, "P1"), f"Not at {name}'s expense."), by=name)
        signed(house, name)
    found = page(house)
    tuya, pavel = found.signatories
    assert [(note.kind, note.words) for note in tuya.reservations] == [
        ("reservation on recommendation 1", "Not at Tuya's expense.")
    ]
    assert not pavel.reservations, "they did not agree to be named with that one"
    assert [(note.who, note.words) for note in found.notes] == [
        ("a signatory who is not named here", "Not at Pavel's expense.")
    ]
    assert found.unnamed == 0


def test_a_reservation_at_words_that_the_text_loses_is_printed_at_the_words_it_was_made_to(house: House) -> None:
    signed(house, "Tuya")
    quoted = Quotation("one line", "", "")
    house.act(EnterReservation(signature(house, "Tuya"), "Two.", house.thing("P1"), quoted), by="Tuya")
    corrected(house, "Keep two lines open.")
    house.wait(hours=73)
    for render in FORMATS:
        out = render(page(house))
        assert "one line" in out
        assert "Two." in out


def test_a_signature_entered_in_error_is_printed_under_no_name_also_as_of_an_earlier_entry(house: House) -> None:
    command = GiveEndorsement(document=house.thing("D1"), publish=True)
    [given] = house.act(command, by="Bora", recordedby="Office", basis="email")
    house.act(MarkEnteredInError("the wrong KIM", endorsement=signature(house, "Bora")), by="Office")
    assert (names(page(house)), page(house).unnamed) == ([], 0)
    then = page(house, as_of=given.number)
    assert (names(then), then.unnamed) == ([], 1), "whoever never signed never consented"


def test_a_reaffirmed_signature_excepts_what_it_says_now(house: House) -> None:
    signed(house, "Tuya", excepting=(house.thing("P2"),))
    changed(house)
    mine = signature(house, "Tuya")
    house.act(ReaffirmEndorsement(mine, excepting=(house.thing("P1"),)), by="Tuya")
    assert [line.exceptions for line in page(house).signatories] == [(1,)]
    assert [line.exceptions for line in page(house, edition=1).signatories] == [(2,)]


# ---------------------------------------------------------------- rule 1


def test_publication_waits_out_the_notice_of_an_editorial_change(house: House) -> None:
    signed(house, "Tuya")
    corrected(house)
    assert (page(house).edition, names(page(house))) == (1, ["Tuya ENKH"])
    with pytest.raises(Refused, match="may object to the changes of edition 2 until 2025-03-06 09"):
        page(house, edition=2)
    house.wait(hours=73)
    found = page(house)
    assert (found.edition, names(found)) == (2, ["Tuya ENKH"])
    assert found.corrections == ("Edition 2, recommendation 1: a stop too few",)


def test_whoever_signs_the_corrected_edition_need_not_be_waited_for(house: House) -> None:
    corrected(house)
    signed(house, "Tuya")
    assert (page(house).edition, names(page(house))) == (2, ["Tuya ENKH"])
    assert names(page(house, edition=1)) == []


def test_an_objection_in_time_lapses_that_one_signature_under_the_changed_edition_only(house: House) -> None:
    signed(house, "Tuya")
    signed(house, "Pavel")
    corrected(house)
    house.act(ObjectToChange(signature(house, "Tuya")), by="Tuya")
    house.wait(hours=73)
    assert names(page(house)) == ["Павел ОРЛИН"]
    assert names(page(house, edition=1)) == ["Tuya ENKH", "Павел ОРЛИН"]


def test_the_list_of_signatories_is_had_of_any_edition_with_who_may_still_object(house: House) -> None:
    for name in ("Tuya", "Pavel", "Lin"):
        signed(house, name)
    house.act(WithdrawEndorsement(signature(house, "Tuya")), by="Tuya")
    corrected(house)
    house.act(ReaffirmEndorsement(signature(house, "Lin")), by="Lin")
    changed(house)
    house.act(ReaffirmEndorsement(signature(house, "Lin")), by="Lin")
    signed(house, "Bora")

    def listed(edition: int | None = None, **more: Any) -> list[tuple[str, str, int]]:
        with house.reading() as reading:
            found = signatories.page(reading, house.thing("D1"), version=edition, **more).items
        return [(one["name"], one["standing"], one["version"]) for one in found]

    tuya, pavel = ("Tuya ENKH", "withdrawn", 1), ("Павел ОРЛИН", "stands", 1)
    assert listed(1) == [tuya, pavel, ("林 静海", "stands", 1)]
    assert listed(2) == [tuya, pavel, ("林 静海", "stands", 2)]
    assert listed(2, standing="withdrawn") == [tuya]
    assert listed(3) == listed() == [tuya, (pavel[0], "lapsed", 1), ("林 静海", "stands", 3), ("KIM Bora", "stands", 3)]
    for edition in (0, 4):
        with pytest.raises(Unknown):
            listed(edition)
    where = ("signatories", "--document", "D1", "--in", str(house.dialogue))
    with house.reading() as reading:
        bound = reading.bound(house.dialogue)
    told = house.run(*where, "--edition", "2", "--as-of", str(bound)).stdout
    assert "Павел ОРЛИН [personal; signed edition 1; may object to what changed until 2025-03-06 09:" in told
    assert "Withdrawn\nN5   Tuya ENKH – Former Envoy for Rivers [signed edition 1]" in told
    with house.reading(bound) as reading:
        reading.audience = PUBLIC
        public = [one["name"] for one in signatories.page(reading, house.thing("D1"), version=2).items]
    assert "林 静海" in public
    assert "Павел ОРЛИН" not in public, "the name stands there only once it can no longer be objected to"
    refused = house.run(*where, "--reader", "public")
    assert (refused.exit_code, "dialogue publish --reader public" in refused.stderr) == (1, True)
    door = Door(house)
    answer = door.shown("documents/D1/signatories?edition=2", by="Office")
    assert [one["until"] is None for one in answer["items"]] == [True, False, True]


def test_an_objection_while_two_notices_run_takes_the_name_from_both_editions(house: House) -> None:
    for name in ("Tuya", "Pavel"):
        signed(house, name)
    corrected(house)
    house.wait(hours=50)
    corrected(house, "Keep one line open?")
    house.act(ObjectToChange(signature(house, "Tuya")), by="Tuya")
    house.wait(hours=30)
    house.act(ObjectToChange(signature(house, "Pavel")), by="Pavel")  # the first notice is over
    house.wait(hours=50)
    assert names(page(house, edition=1)) == ["Tuya ENKH", "Павел ОРЛИН"]
    assert names(page(house, edition=2)) == ["Павел ОРЛИН"]
    assert names(page(house, edition=3)) == []


def test_a_substantive_change_takes_every_name_away_until_reaffirmed(house: House) -> None:
    signed(house, "Tuya")
    signed(house, "Pavel")
    changed(house)
    assert names(page(house)) == []
    house.act(ReaffirmEndorsement(signature(house, "Pavel")), by="Pavel")
    assert names(page(house)) == ["Павел ОРЛИН"]
    assert names(page(house, edition=1)) == ["Tuya ENKH", "Павел ОРЛИН"]


def test_under_an_older_edition_editorial_changes_count_as_they_were_ruled(house: House) -> None:
    signed(house, "Tuya")
    corrected(house)
    house.wait(hours=73)
    changed(house)
    assert names(page(house, edition=2)) == ["Tuya ENKH"]
    assert names(page(house, edition=3)) == []


def test_a_ruling_overturned_takes_the_names_away_that_rested_on_it(house: House) -> None:
    signed(house, "Tuya")
    corrected(house)
    house.wait(hours=73)
    house.act(ChallengeRuling(house.thing("R2"), "it says more"), by="Pavel")
    [called] = house.act(CallConsensus(about="ruling", ruling=house.thing("R2")))
    for name in ("Rin", "Maral", "Tuya", "Pavel", "Seoyun", "Haneul", "Bora", "Lin"):
        house.act(TakePosition(called.stream, "agree"), by=name)
    assert names(page(house)) == ["Tuya ENKH"]
    house.act(DeclareOutcome(called.stream))
    assert names(page(house)) == []


def test_an_edition_is_listed_by_the_kind_of_change_that_it_is_ruled_to_be(house: House) -> None:
    def changes() -> list[str | None]:
        with house.reading() as reading:
            return [one["change"] for one in documents.one(reading, house.thing("D1"))["editions"]]

    corrected(house)
    changed(house)
    assert changes() == [None, "editorial", "substantive"]
    house.act(RuleOnChange("substantive", "it says more", house.thing("P1"), version=2))
    assert changes() == [None, "substantive", "substantive"]


def test_a_withdrawn_signature_leaves_every_list(house: House) -> None:
    entry = signed(house, "Tuya")
    house.act(WithdrawEndorsement(signature(house, "Tuya")), by="Tuya")
    assert names(page(house)) == []
    assert names(page(house, as_of=entry)) == ["Tuya ENKH"]


def test_a_signature_reaffirmed_and_then_withdrawn_leaves_the_lists_of_all_editions(house: House) -> None:
    signed(house, "Tuya")
    changed(house)
    house.act(ReaffirmEndorsement(signature(house, "Tuya")), by="Tuya")
    assert [names(page(house, edition)) for edition in (1, 2)] == [["Tuya ENKH"], ["Tuya ENKH"]]
    house.act(WithdrawEndorsement(signature(house, "Tuya")), by="Tuya")
    assert [names(page(house, edition)) for edition in (1, 2)] == [[], []]


def test_a_corrected_line_is_printed_from_its_edition_on(house: House) -> None:
    entry = signed(house, "Tuya", descriptor=Personal("Former Envoi"))
    command = IssueCorrection(
        house.thing("D1"), "misspelt", endorsement=signature(house, "Tuya"), descriptor=Personal("Former Envoy")
    )
    house.act(command, by="Office")
    assert page(house).signatories[0].descriptor == "Former Envoy"
    assert page(house).corrections == ("Edition 2, list of signatories: misspelt",)
    assert page(house, edition=1).signatories[0].descriptor == "Former Envoi"
    assert page(house, as_of=entry).signatories[0].descriptor == "Former Envoi"


# ---------------------------------------------------------------- whatever happens


class Model:
    """Rule 1 by itself, in plain dictionaries: who may be named under which edition."""

    def __init__(self) -> None:
        self.kinds = {1: "substantive"}
        self.heard: dict[int, int] = {}  # until when objections to an editorial edition are heard, in hours
        self.hour = 0
        self.signed: dict[str, set[int]] = {}  # the editions that somebody has put their name to
        self.objected: dict[str, set[int]] = {}  # the editions that somebody objects to
        self.silent: set[str] = set()  # those who do not agree to be named

    @property
    def edition(self) -> int:
        return max(self.kinds)

    def reach(self, name: str, edition: int) -> set[int]:
        """The editorial editions between this one and the last that somebody signed at or before it."""
        last = max(one for one in self.signed[name] if one <= edition)
        return set(range(last + 1, edition + 1))

    def stands(self, name: str, edition: int) -> bool:
        if not any(one <= edition for one in self.signed.get(name, ())):
            return False
        between = self.reach(name, edition)
        return all(self.kinds[one] == "editorial" for one in between) and not between & self.objected.get(name, set())

    def in_time(self, name: str, edition: int) -> set[int]:
        """The editions up to this one that somebody may still object to."""
        return {one for one in self.reach(name, edition) if self.heard.get(one, -1) >= self.hour}

    def waits(self, name: str, edition: int) -> bool:
        return bool(self.in_time(name, edition))

    def printed(self) -> tuple[int, set[str]]:
        """The edition that is published now without asking for one, and the names in it."""
        edition = self.edition
        while self.waited_for(edition):
            edition -= 1
        return edition, self.named(edition)

    def waited_for(self, edition: int) -> bool:
        return any(self.stands(name, edition) and self.waits(name, edition) for name in SIGNERS)

    def named(self, edition: int) -> set[str]:
        return {name for name in SIGNERS if self.stands(name, edition)} - self.silent


STEP = st.one_of(
    st.tuples(
        st.sampled_from(["sign", "sign", "enter", "void", "withdraw", "object", "reaffirm", "hide", "show"]),
        st.sampled_from(SIGNERS),
    ),
    st.tuples(st.sampled_from(["correct", "correct", "change", "overrule", "wait", "publish"]), st.just("")),
)


# A failure is shown as it was found: to make it smaller would replay histories for minutes.
@settings(deadline=None, max_examples=30, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(steps=st.lists(STEP, min_size=5, max_size=14))
def test_no_format_prints_a_name_whose_signature_does_not_stand(door: Door, steps: list[tuple[str, str]]) -> None:
    house, model = door.house, Model()
    house.now = START
    house.open(f"Invented history {next(COUNTER)}")
    drafted(house)
    for verb, name in steps:
        step(house, model, verb, name)
        edition, expected = model.printed()
        found = page(house)
        assert found.edition == edition, (verb, name)
        names_just_these(found, expected)
    for edition in range(1, model.edition + 1):
        if model.waited_for(edition):
            with pytest.raises(Refused, match="may object"):
                page(house, edition)
        else:
            names_just_these(page(house, edition), model.named(edition))
        lists_just_these(house, model, edition)
    prints_just_these(door, model, max(1, model.edition - 1))  # under the last one a notice mostly runs


def lists_just_these(house: House, model: Model, edition: int) -> None:
    """Demands that the list of signatories has these names standing; for the public, those who may be printed."""
    document = house.thing("D1")
    with house.reading() as reading:
        listed = signatories.page(reading, document, version=edition).items
        assert {one["name"] for one in listed if one["standing"] == "stands"} == {
            NAMES[name] for name in SIGNERS if model.stands(name, edition)
        }
        reading.audience = PUBLIC
        told = json.dumps(signatories.page(reading, document, version=edition).items, ensure_ascii=False)
    expected = {name for name in model.named(edition) if not model.waits(name, edition)}
    assert {name for name in SIGNERS if NAMES[name] in told} == expected


def prints_just_these(door: Door, model: Model, edition: int) -> None:
    """Demands the same of `dialogue publish`, long after; and of the API now."""
    house = door.house
    here, number = str(house.dialogue), str(edition)
    outs = [house.run("publish", here, "--edition", number, "--format", form) for form in ("markdown", "html", "json")]
    for out in outs:
        assert out.exit_code == 0, out.stderr
        assert {one for one in SIGNERS if NAMES[one] in out.stdout} == model.named(edition)
    for media in FORMATS_OF_API:
        for reader in (None, "Office"):
            answer = door.get(f"documents/D1/editions/{number}", by=reader, headers={"Accept": media})
            if answer.status_code == 200:
                assert not model.waited_for(edition)
            shown = {one for one in SIGNERS if NAMES[one] in answer.text}
            assert shown == (model.named(edition) if answer.status_code == 200 else set())
            assert reader is None or answer.status_code == (422 if model.waited_for(edition) else 200)


def names_just_these(found: Publication, expected: set[str]) -> None:
    """Demands that every format prints these names and no other signatory's."""
    shown = {*names(found), *(late.line.name for late in found.late_signatories)}
    assert shown == {NAMES[one] for one in expected}
    for render in FORMATS:
        out = render(found)
        assert {one for one in SIGNERS if NAMES[one] in out} == expected
    offered = read_document(markdown.render(found)).signatories
    assert [one.name for one in offered] == names(found), "what an import would offer"


def step(house: House, model: Model, verb: str, name: str) -> None:
    """One act in both, or in neither where a rule refuses it."""
    mine = signature(house, name) if name else None
    words = f"Keep line {next(COUNTER)} open."
    edition = model.edition
    act: dict[str, Command] = {
        "sign": GiveEndorsement(document=house.thing("D1"), publish=True),
        "reaffirm": ReaffirmEndorsement(mine),
        "withdraw": WithdrawEndorsement(mine, "enough"),
        "object": ObjectToChange(mine),
        "hide": WithdrawConsent(mine),
        "show": ConsentToPublication(mine),
        "publish": PublishDocument(house.thing("D1")),
        "overrule": RuleOnChange("substantive", "it says more", document=house.thing("D1"), version=edition),
        "enter": GiveEndorsement(document=house.thing("D1"), version=1, publish=True),
        "void": MarkEnteredInError("the wrong one", endorsement=mine),
    }
    try:
        if verb == "wait":
            house.wait(hours=40)
            model.hour += 40
        elif verb == "correct":
            corrected(house, words)
            model.kinds[edition + 1], model.heard[edition + 1] = "editorial", model.hour + 72
        elif verb == "change":
            changed(house, words)
            model.kinds[edition + 1] = "substantive"
        elif verb == "enter":
            house.act(act[verb], by=name, recordedby="Office", basis="letter")
        elif not house.act(act[verb], by={"void": "Office", "overrule": "Rin"}.get(verb, name or "Office")):
            return
    except (Refused, Unknown):
        return
    if verb == "overrule":
        model.kinds[edition] = "substantive"
    elif verb in ("sign", "enter"):
        model.signed[name] = {edition if verb == "sign" else 1}
        model.silent.discard(name)
        model.objected.pop(name, None)
    elif verb == "reaffirm":
        model.signed[name].add(edition)
    elif verb in ("withdraw", "void"):
        model.signed[name] = set()
    elif verb == "object":
        model.objected[name] = model.in_time(name, edition)
    elif verb == "hide":
        model.silent.add(name)
    elif verb == "show":
        model.silent.discard(name)
