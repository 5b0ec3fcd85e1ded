"""Documents that exist already come into the record as they are, and nothing besides. All of them are invented."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.fact import Conflict, Entry, Personal, Refused, Unknown, named
from dialogue.issuing import IssueEdition, OpenForSignature
from dialogue.mandate import DialogueProposed
from dialogue.participant import Invite
from dialogue.releasing import IssueCorrection
from house import START, House
from projections import importing
from projections.importing import Import
from projections.publish import markdown
from projections.publish.publication import Item, Note, Publication, SignatoryLine, Theme
from projections.publishing import publication
from projections.reading.document import DocumentForm, read_document
from projections.reading.mandate import read_mandate
from stores import Database

ACCORD = r"""Invented Accord on Quiet Waters

The Invented Office

We met [in an invented town] and agree on two things:

1. Boats are slow.
2. Water is wet.

Therefore we recommend:

Keep the water

- *Open a line*
Keep one line open [day and night].
- *Count the boats*
Count all boats \ rafts.

Once a year.

Share the water

- *Draw maps*
Draw them.

Signatories

1. **KIM Bada** – Keeper of an invented lake
2. **Ivan VYDUMANNY**
3. **林 虚静** – 前 虚構省顧問

The Invented Office thanks nobody.
"""
FORM = """# Study Group Proposal of an Invented Council

Title:	Study Group on Invented Waters
Date of Submission:	June 2019
Applicant:	Invented-North
Co-Chairs:	Invented-North and Invented-South
Number of Meetings:	Four (4)
Timeframe:	Start of Mandate	End of Mandate
	September 1, 2019	August 31, 2021

## Significance

It matters.

## Objectives

(a) To look.
(b) To listen.
"""
COUNTER = count()


@pytest.fixture(scope="module")
def hotel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = House(tmp_path_factory.mktemp("hotel"))
    yield opened
    opened.close()


@pytest.fixture
def house(hotel: House) -> House:
    hotel.now = START
    return hotel


def document(house: House, text: str = ACCORD, **given: object) -> Import:
    return importing.document(house.secretariat, read_document(text), text.encode(), **given)  # type: ignore[arg-type]


def entries(house: House, found: Import) -> list[Entry]:
    with house.reading() as reading:
        return list(reading.entries(found.dialogue))


def facts(house: House, found: Import) -> list[str]:
    return [type(entry.fact).__name__ for entry in entries(house, found)]


def fresh(text: str = ACCORD) -> str:
    """The text as nobody has imported it before."""
    return f"{text}\nThis is copy {next(COUNTER)}.\n"


def published(house: House, found: Import, handle: str = "D1") -> DocumentForm:
    with house.reading() as reading:
        page = publication(reading, found.dialogue, named(found.dialogue, handle))
    return read_document(markdown.render(page))


def without_lines(form: DocumentForm) -> DocumentForm:
    """What the document says, without what was remarked upon in the file."""
    return replace(form, remarks=())


def test_a_document_comes_out_again_as_it_came_in(house: House) -> None:
    found = document(house)
    assert found.execute(house.secretariat) == len(entries(house, found))
    assert without_lines(published(house, found)) == without_lines(read_document(ACCORD))


@pytest.mark.postgres
def test_on_postgresql_too(fresh_postgres: Database, tmp_path: Path) -> None:
    house = House(tmp_path, database=fresh_postgres)
    imported = document(house)
    imported.execute(house.secretariat)
    assert without_lines(published(house, imported)) == without_lines(read_document(ACCORD))
    keeper, paper = named(imported.dialogue, "N1"), named(imported.dialogue, "D1")
    # an editorial edition and a substantive one, so that all reads of past editions are made
    for command in (
        IssueCorrection(paper, "a word too few", proposal=named(imported.dialogue, "P3"), text="Draw all of them."),
        ReviseProposal(named(imported.dialogue, "P1"), "Keep two lines open."),
        IssueEdition(paper),
    ):
        house.secretariat.execute(imported.dialogue, command, house.secretariat.moment(keeper))
    with house.reading() as reading:
        pages = [publication(reading, imported.dialogue, paper, edition) for edition in (1, 3)]
        with pytest.raises(Refused, match="may object"):
            publication(reading, imported.dialogue, paper, 2)
    house.close()
    assert [len(page.signatories) for page in pages] == [3, 0]


def test_nothing_is_recorded_that_the_file_does_not_say(house: House) -> None:
    found = document(house, fresh())
    found.execute(house.secretariat)
    assert facts(house, found) == [
        "DialogueProposed",
        "ParticipantInvited",
        *["ProposalSubmitted"] * 3,
        "DocumentDrafted",
        "ItemsOrdered",
        "EditionIssued",
        *["ParticipantInvited", "EndorsementGiven"] * 3,
    ]
    recorded = entries(house, found)
    assert {entry.basis for entry in recorded} == {"document"}
    form = recorded[0].fact
    assert isinstance(form, DialogueProposed)
    assert (form.title, form.start, form.end, form.cochairs) == ("Invented Accord on Quiet Waters", None, None, ())


def test_names_and_the_files_digest_are_sealed_and_signatures_unconfirmed(house: House) -> None:
    text = fresh()
    found = document(house, text)
    found.execute(house.secretariat)
    leaves = b"".join(house.secretariat.record.leaves(found.dialogue))
    for word in ("KIM", "Bada", "VYDUMANNY", "林", "Keeper", hashlib.sha256(text.encode()).hexdigest()):
        assert word.encode() not in leaves
    with house.reading() as reading:
        rows = list(reading.all(reading.t.endorsements, "endorsement", found.dialogue))
        opened = [reading.opened(row["sealed"]) for row in rows]
    assert [(row["publish"], row["confirmed"], row["ordinal"]) for row in rows] == [
        (True, False, 1),
        (True, False, 2),
        (True, False, 3),
    ]
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert opened[0] == {"name": "KIM Bada", "descriptor": "Keeper of an invented lake", "evidence": digest}
    assert opened[1] == {"name": "Ivan VYDUMANNY", "evidence": digest}


def test_signatories_are_participants_whose_family_names_are_known_where_the_print_shows_them(house: House) -> None:
    found = document(house, fresh())
    found.execute(house.secretariat)
    with house.reading() as reading:
        people = reading.persons(named(found.dialogue, f"N{number}") for number in (2, 3, 4)).values()
    assert {(person.name, person.family, person.given, person.order) for person in people} == {
        ("KIM Bada", "KIM", "Bada", "family-first"),
        ("Ivan VYDUMANNY", "VYDUMANNY", "Ivan", "given-first"),
        ("林 虚静", None, None, None),
    }


def test_brackets_in_a_published_text_are_no_open_brackets(house: House) -> None:
    found = document(house, fresh())
    found.execute(house.secretariat)
    keeper = named(found.dialogue, "N1")
    command = OpenForSignature(named(found.dialogue, "D1"))
    [opened] = house.secretariat.execute(found.dialogue, command, house.secretariat.moment(keeper))
    assert type(opened.fact).__name__ == "OpenedForSignature"


def test_the_same_file_again_records_nothing_new_and_another_dialogue_only_when_asked(house: House) -> None:
    text = fresh()
    found = document(house, text)
    assert found.execute(house.secretariat) > 0
    repeated = document(house, text)
    assert (repeated.done, repeated.dialogue, repeated.execute(house.secretariat)) == (True, found.dialogue, 0)
    again = document(house, text, again=True)
    assert again.dialogue != found.dialogue
    assert again.execute(house.secretariat) == len(entries(house, found))


def test_the_ids_of_an_import_tell_nobody_which_file_it_was(house: House, tmp_path: Path) -> None:
    text = fresh()
    other = House(tmp_path)
    here, there = document(house, text), document(other, text)
    other.close()
    assert here.dialogue != there.dialogue
    assert here.acts[0][1].act != there.acts[0][1].act


def test_an_import_is_recorded_whole_or_not_at_all(house: House) -> None:
    text = fresh(ACCORD.replace("*Draw maps*", f"*{'Draw ' * 110}maps*"))
    found = document(house, text)
    with pytest.raises(Refused, match="title"):
        found.execute(house.secretariat)
    assert house.secretariat.record.rows.last(found.dialogue) is None


def test_a_dry_run_counts_the_entries_and_records_none(house: House) -> None:
    found = document(house, fresh())
    expected = found.execute(house.secretariat, dry_run=True)
    assert house.secretariat.record.rows.last(found.dialogue) is None
    assert found.execute(house.secretariat) == expected


@pytest.mark.parametrize(
    ("marks", "numbers"),
    [(("1.", "2.", "3."), ["1", "2", "3"]), (("3.", "5.", "9."), ["3", "5", "9"]), (("-", "-", "-"), ["1", "2", "3"])],
)
def test_recommendations_are_numbered_as_in_the_file(house: House, marks: tuple[str, ...], numbers: list[str]) -> None:
    text = fresh("Invented list\n\nKeep\n\n{} *A*\nOne.\n{} *B*\nTwo.\n\nShare\n\n{} *C*\nThree.\n".format(*marks))
    found = document(house, text)
    found.execute(house.secretariat)
    with house.reading() as reading:
        page = publication(reading, found.dialogue, named(found.dialogue, "D1"))
    assert page.numbered == (marks[0] != "-")
    assert [str(item.number) for theme in page.themes for item in theme.items] == numbers


def test_numbers_that_begin_anew_are_counted_through_and_said(house: House) -> None:
    text = fresh("Invented list\n\nKeep\n\n1. *A*\nOne.\n2. *B*\nTwo.\n\nShare\n\n1. *C*\nThree.\n")
    assert "the recommendations' numbers begin anew on the way; in the record they count through" in (
        document(house, text).remarks
    )


def test_recommendations_without_a_title_have_none_in_print_and_titles_alone_no_text(house: House) -> None:
    text = "# Invented list\n\n## Keep\n\n- Keep one line open at all times.\n- *Share the water*\n"
    found = document(house, text)
    found.execute(house.secretariat)
    again = published(house, found)
    assert [(item.title, item.text) for item in again.themes[0].items] == [
        ("", "Keep one line open at all times."),
        ("Share the water", ""),
    ]


def test_a_list_whose_numbers_do_not_rise_keeps_its_order(house: House) -> None:
    text = fresh(ACCORD.replace("2. **Ivan", "7. **Ivan"))
    found = document(house, text)
    assert "the signatories' numbers do not rise; in the record they are counted in the order of the list" in (
        found.remarks
    )
    found.execute(house.secretariat)
    assert [one.name for one in published(house, found).signatories] == ["KIM Bada", "Ivan VYDUMANNY", "林 虚静"]


def test_numbers_of_signatories_that_rise_are_kept(house: House) -> None:
    text = fresh(ACCORD.replace("3. **林", "7. **林"))
    found = document(house, text)
    found.execute(house.secretariat)
    assert [one.number for one in published(house, found).signatories] == [1, 2, 7]


def test_an_annex_is_not_recorded_and_said(house: House) -> None:
    found = document(house, fresh(ACCORD + "\nMinority view\n\n- We disagree.\n"))
    assert any("Minority view" in remark for remark in found.remarks)


def test_nobody_who_signed_with_a_limit_comes_in_as_a_signatory_of_the_whole(house: House) -> None:
    limits = {
        "KIM Bada": {"exceptions": (2,)},
        "Ivan VYDUMANNY": {"only": (1,)},
        "林 虚静": {"assent": "general thrust"},
        "Оюун САРАН": {"reservations": (Note("reservation", "", "No money."),)},
        "Mere FREE": {"capacity_note": "in a personal capacity", "unconfirmed": True},
        "Ana LIBRE": {},
    }
    lines = [SignatoryLine(place, name, **limit) for place, (name, limit) in enumerate(limits.items(), 1)]  # type: ignore[arg-type]
    withheld = SignatoryLine(7, "", withheld=True, exceptions=(1,))
    items = (Item(1, "Open", "Keep one line open."), Item(2, "Count", f"Count {next(COUNTER)} boats."))
    out = markdown.render(
        Publication(
            "An Accord", "recommendations", 1, themes=(Theme("", items),), signatories=(*lines, withheld), unnamed=2
        )
    )
    found = document(house, out)
    found.execute(house.secretariat)
    assert [one.name for one in published(house, found).signatories] == ["Mere FREE", "Ana LIBRE"]
    assert facts(house, found).count("ParticipantInvited") == 1 + len(limits)
    assert any("KIM Bada, Ivan VYDUMANNY" in said for said in found.remarks)


def test_two_of_one_name_are_two_participants(house: House) -> None:
    found = document(house, fresh(ACCORD.replace("Ivan VYDUMANNY", "KIM Bada")))
    assert "several signatories are called KIM Bada; each is a participant of their own" in found.remarks
    found.execute(house.secretariat)
    assert facts(house, found).count("ParticipantInvited") == 4


def test_a_file_without_a_title_needs_one(house: House) -> None:
    text = fresh("- *A*\nOne.\n- *B*\nTwo.\n")
    with pytest.raises(Refused, match="--title"):
        document(house, text)
    found = document(house, text, title="Invented")
    found.execute(house.secretariat)
    assert published(house, found).title == "Invented"


# ---------------------------------------------------------------- into a dialogue that is there


def test_into_a_dialogue_that_is_there_things_are_numbered_on_and_namesakes_taken_for_themselves(house: House) -> None:
    dialogue = house.open("Invented dialogue of before")
    house.act(SubmitProposal("Before", "It was here."), by="Tuya")
    house.act(Invite(name=Personal("KIM Bada")), by="Office")
    found = document(house, fresh(), into=dialogue, keeper=house.person("Office"))
    assert found.remarks == ("taken for participants of the same name: KIM Bada",)
    found.execute(house.secretariat)
    assert "DialogueProposed" not in facts(house, found)[15:]
    with house.reading() as reading:
        rows = list(reading.all(reading.t.proposals, "proposal", dialogue))
        people = reading.persons(
            row["participant"] for row in reading.all(reading.t.endorsements, "endorsement", dialogue)
        )
    assert [row["title"] for row in rows] == ["Before", "Open a line", "Count the boats", "Draw maps"]
    assert sorted(person.number for person in people.values()) == [14, 15, 16]
    assert [one.name for one in published(house, found).signatories] == ["KIM Bada", "Ivan VYDUMANNY", "林 虚静"]


def test_the_same_file_again_into_the_same_dialogue_records_nothing_new(house: House) -> None:
    dialogue, text = house.open("Invented dialogue of before"), fresh()
    document(house, text, into=dialogue, keeper=house.person("Office")).execute(house.secretariat)
    assert document(house, text, into=dialogue, keeper=house.person("Office")).done


def test_an_import_waits_for_nobody_but_refuses_when_somebody_acted_meanwhile(house: House) -> None:
    dialogue = house.open("Invented dialogue of before")
    found = document(house, fresh(), into=dialogue, keeper=house.person("Office"))
    house.act(SubmitProposal("Meanwhile", "It came first."), by="Tuya")
    with pytest.raises(Conflict, match="meanwhile"):
        found.execute(house.secretariat)
    assert facts(house, found).count("ProposalSubmitted") == 1


def test_a_dialogue_that_is_not_there_is_unknown(house: House) -> None:
    with pytest.raises(Unknown, match="dialogue"):
        document(house, fresh(), into=house.secretariat.draw(), keeper=house.secretariat.draw())


# ---------------------------------------------------------------- mandate forms


def mandate(house: House, text: str, **given: object) -> Import:
    return importing.mandate(house.secretariat, read_mandate(text), text.encode(), **given)  # type: ignore[arg-type]


def test_a_mandate_form_proposes_its_dialogue_with_institutions_as_co_chairs(house: House) -> None:
    found = mandate(house, FORM, body="Invented Office")
    assert found.execute(house.secretariat) == 4
    with house.reading() as reading:
        row = reading.one(reading.t.dialogues, found.dialogue, "dialogue")
        people = reading.persons(named(found.dialogue, f"N{number}") for number in (1, 2, 3)).values()
    assert (row["title"], row["submitted"], row["applicant"], row["meetings"], row["start"], row["end"]) == (
        "Study Group on Invented Waters",
        "2019-06",
        "Invented-North",
        4,
        "2019-09-01",
        "2021-08-31",
    )
    assert [(one["heading"], one["text"]) for one in row["sections"]] == [("Significance", "It matters.")]
    assert (row["objectives"], row["predecessors"]) == (["(a) To look.", "(b) To listen."], [])
    assert {(person.name, person.body, person.roles) for person in people} == {
        ("Invented-North", True, ("co-chair",)),
        ("Invented-South", True, ("co-chair",)),
        ("Invented Office", True, ("secretariat",)),
    }
    assert mandate(house, FORM).done


def test_a_form_without_a_title_needs_one(house: House) -> None:
    text = FORM.replace("Title:	Study Group on Invented Waters\n", "")
    with pytest.raises(Refused, match="--title"):
        mandate(house, text)
    assert mandate(house, text, title="Invented").title == "Invented"
