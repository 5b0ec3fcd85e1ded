"""The list of signatories: in their order, as signed, with all that limits a signature."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from accord import FORMATS, changed, corrected, names, page, signature, signed
from dialogue.anchor import Quotation
from dialogue.drafting import ReviseProposal
from dialogue.fact import Personal, Refused
from dialogue.issuing import IssueEdition, OpenForSignature
from dialogue.participant import ChangeAffiliation, Invite
from dialogue.releasing import PublishDocument
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
from dialogue.voiding import MarkEnteredInError
from house import House


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
