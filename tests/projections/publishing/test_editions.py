"""Editions as they are published: the words, how they came to stand there, and what goes with them."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest

from accord import FORMATS, adopted, changed, corrected, items, names, page, signed
from dialogue.amendment import ProposeAmendment
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.document import Group, Numbered
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.fact import Refused, Unknown
from dialogue.issuing import (
    AttachMinorityView,
    DraftDocument,
    IssueEdition,
    OpenForSignature,
    OrderItems,
    RenumberItems,
)
from dialogue.releasing import PublishDocument, SetEmbargo
from dialogue.ruling import RuleOnChange
from dialogue.signing import GiveEndorsement
from dialogue.statement import EnterStatement
from house import House
from projections.documents import public_edition
from projections.publishing import publication


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
        f"interpretative statement on the decision of entry {outcome(house, 'Q1')}, that there is no consensus"
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
