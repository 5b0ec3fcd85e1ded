"""What readers ask of the views: the same rule as the rules have, at every entry, on both databases."""

from itertools import product
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import pytest
from sqlalchemy import select

from dialogue.amendment import AcceptAmendment, ProposeAmendment
from dialogue.comment import MakeComment
from dialogue.consensus import CallConsensus, TakePosition
from dialogue.drafting import MergeProposals, MoveItem, Part, ReviseProposal, SplitProposal, SubmitProposal
from dialogue.endorsement import Endorsement
from dialogue.fact import OPERATOR, Entry, Personal, Text
from dialogue.issuing import DraftDocument, Group, IssueEdition, OpenForSignature, OrderItems
from dialogue.mandate import Settings
from dialogue.meeting import PlanMeeting, RecordAttendance
from dialogue.participant import ChangeAffiliation
from dialogue.releasing import IssueCorrection, PublishDocument
from dialogue.signing import GiveEndorsement, ObjectToChange, ReaffirmEndorsement
from dialogue.versions import Versions
from dialogue.voiding import MarkEnteredInError
from house import PEOPLE, House
from projections import (
    amendments,
    comments,
    dialogues,
    documents,
    meetings,
    outcomes,
    participants,
    signatories,
    texts,
    waiting,
)
from projections.read import Page, Reading, Shown
from stores import Database

STATUSES: tuple[Literal["given", "withdrawn", "void"], ...] = ("given", "withdrawn", "void")
WORDS = "Open one hotline.\n\nKeep it open."


def lived(house: House) -> House:
    """A little of everything."""
    item, document = house.thing("P1"), house.thing("D1")
    house.act(SubmitProposal("Hotlines", WORDS, "Sea"), by="Tuya")
    house.act(SubmitProposal("訓練", "毎年、共に訓練する。"), by="Lin")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Lin")
    house.act(GiveEndorsement(proposal=item), by="Pavel", recordedby="Office", basis="letter")
    house.act(MakeComment("Why one?", proposal=item), by="Seoyun")
    house.act(ProposeAmendment(item, WORDS.replace("one", "two")), by="Pavel")
    house.act(AcceptAmendment(house.thing("A1"), "editorial", "As agreed."))
    house.act(ObjectToChange(house.signature("Lin", "P1")), by="Lin")
    house.act(PlanMeeting(starts="2025-04"), by="Office")
    house.act(RecordAttendance(house.thing("M1"), house.person("Tuya")), by="Office")
    house.act(CallConsensus(proposal=item))
    house.act(TakePosition(house.thing("Q1"), "agree"), by="Tuya")
    house.act(MarkEnteredInError("The wrong man.", endorsement=house.signature("Pavel", "P1")), by="Office")
    house.act(MergeProposals((item, house.thing("P2")), "Hotlines and drills", WORDS))
    house.act(SplitProposal(house.thing("P3"), (Part("Hotlines", WORDS), Part("Drills", "Drill together."))))
    house.act(MoveItem(house.thing("P4"), "Air"))
    house.act(DraftDocument("Paper", preamble="We met."), by="Office")
    house.act(OrderItems(document, (Group("", (house.thing("P4"), house.thing("P5"))),)), by="Office")
    house.act(IssueEdition(document), by="Office")
    house.act(OpenForSignature(document=document))
    house.act(GiveEndorsement(document=document, publish=True), by="Lin")
    return house


def everything(reading: Reading, dialogue: UUID, document: UUID, item: UUID) -> list[Page | Shown]:
    """All that the read side can show of the dialogue."""
    return [
        dialogues.card(reading, dialogue),
        participants.page(reading, dialogue),
        meetings.page(reading, dialogue),
        texts.page(reading, dialogue),
        texts.versions(reading, item),
        amendments.page(reading, dialogue),
        comments.page(reading, dialogue),
        outcomes.page(reading, dialogue),
        outcomes.rulings(reading, dialogue),
        documents.one(reading, document),
        signatories.page(reading, document),
        signatories.page(reading, item),
        waiting.waiting(reading, dialogue),
    ]


def test_a_name_stands_in_the_views_just_where_the_rule_says() -> None:
    seen = set()
    for status, signed, current, objected in product(STATUSES, (1, 2, 3), (1, 2, 3), (None, 1, 2, 3)):
        for editorial in ((), (2,), (3,), (2, 3)):
            if signed > current or max(editorial, default=0) > current:
                continue
            versions = Versions(current, Text("0" * 64), editorial)
            state = Endorsement(OPERATOR, signed, status=status, objected=objected)
            row = {"status": status, "version": signed, "objected": objected}
            assert signatories.standing(row, versions.substantive) == state.standing(versions)
            seen.add(state.standing(versions))
    assert seen == set(signatories.STANDINGS)


def test_asking_for_one_standing_finds_the_same_as_looking_at_all(tmp_path: Path) -> None:
    house = lived(House(tmp_path))
    with house.reading() as reading:
        for subject in (house.thing("P1"), house.thing("D1")):
            every = signatories.page(reading, subject).items
            for standing in signatories.STANDINGS:
                found = signatories.page(reading, subject, standing=standing).items
                assert found == [one for one in every if one["standing"] == standing]
        assert [one["standing"] for one in signatories.page(reading, house.thing("P1")).items] == ["objected", "void"]
    house.close()


def test_as_of_the_last_entry_everything_is_as_it_is_now(tmp_path: Path) -> None:
    house = lived(House(tmp_path))
    ids = house.dialogue, house.thing("D1"), house.thing("P1")
    with house.reading() as now:
        head = now.bound(house.dialogue)
        shown = everything(now, *ids)
    with house.reading(head) as then:
        assert everything(then, *ids) == shown
    house.close()


def test_as_of_any_entry_the_lists_are_those_that_were_shown_then(tmp_path: Path) -> None:
    house = Watched(tmp_path)
    lived(house)
    assert len(house.seen) > 30
    for entry, shown in house.seen.items():
        with house.reading(entry) as reading:
            assert house.lists(reading) == shown, f"as of entry {entry}"
    house.close()


class Watched(House):
    """A house that looks at its lists after every act."""

    def __init__(self, folder: Path) -> None:
        self.seen: dict[int, list[Shown]] = {}
        super().__init__(folder)

    def act(self, *arguments: Any, **options: Any) -> list[Entry]:
        entries = super().act(*arguments, **options)
        with self.reading() as reading:
            self.seen[reading.bound(self.dialogue)] = self.lists(reading)
        return entries

    def lists(self, reading: Reading) -> list[Shown]:
        pages = (texts.page, amendments.page, comments.page, outcomes.page, participants.page, documents.page)
        return [one for page in pages for one in page(reading, self.dialogue).items]


def test_things_are_counted_as_of_every_entry(tmp_path: Path) -> None:
    house = lived(House(tmp_path))
    with house.reading() as reading:
        head = reading.bound(house.dialogue)
        things = reading.t.things
        born = reading.conn.execute(select(things.c.entry).where(things.c.kind == "participant")).scalars().all()
    for entry in range(head + 1):
        with house.reading(entry) as reading:
            assert reading.count("participant", house.dialogue) == sum(one <= entry for one in born)
            assert reading.count("circulation", house.dialogue) == 0
    house.close()


def test_lineage_is_told_on_both_sides(tmp_path: Path) -> None:
    house = lived(House(tmp_path))
    with house.reading() as reading:
        shown = {one["handle"]: one for one in texts.page(reading, house.dialogue).items}
    lineage = {handle: (one["status"], one["sources"], one["becomes"]) for handle, one in shown.items()}
    assert lineage == {
        "P1": ("merged", [], ["P3"]),
        "P2": ("merged", [], ["P3"]),
        "P3": ("split", ["P1", "P2"], ["P4", "P5"]),
        "P4": ("open", ["P3"], []),
        "P5": ("open", ["P3"], []),
    }
    house.close()


def test_a_moved_item_has_a_next_version_with_the_same_words_and_can_be_revised(tmp_path: Path) -> None:
    house = House(tmp_path)
    item = house.thing("P1")
    house.act(SubmitProposal("Hotlines", WORDS, "Sea"), by="Tuya")
    house.act(MoveItem(item, "Air"))
    house.act(ReviseProposal(item, "Open none."), by="Tuya")
    with house.reading() as reading:
        versions = texts.versions(reading, item).items
        assert texts.version(reading, item, 2)["words"] == WORDS
    assert [(one["cause"], one["change"]) for one in versions] == [
        ("ProposalSubmitted", None),
        ("ItemMoved", "substantive"),
        ("ProposalRevised", "substantive"),
    ]
    assert house.secretariat.compare() == []
    house.close()


def test_a_descriptor_stays_as_signed_until_its_owner_signs_anew_with_another(tmp_path: Path) -> None:
    house = House(tmp_path)
    item = house.thing("P1")
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Lin")
    house.act(GiveEndorsement(proposal=item, descriptor=Personal("Ветеран рек")), by="Pavel")
    house.act(ChangeAffiliation(descriptor=Personal("前 大使")), by="Lin")
    house.act(ReviseProposal(item, "Open none."), by="Tuya")

    def described() -> list[tuple[str, str]]:
        with house.reading() as reading:
            return [(one["name"], one["descriptor"]) for one in signatories.page(reading, item).items]

    assert described() == [("林 静海", "前 水利部顧問"), ("Павел ОРЛИН", "Ветеран рек")]
    again = ReaffirmEndorsement(house.signature("Lin", "P1"), descriptor=Personal("大使"))
    house.act(again, by="Lin")
    assert described()[0] == ("林 静海", "大使")
    house.close()


def test_who_reaffirms_after_publication_is_not_late_but_who_comes_new_is(tmp_path: Path) -> None:
    house = House(tmp_path, settings=Settings(chairs="any", notice_hours=0))
    item, document = house.thing("P1"), house.thing("D1")
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.act(DraftDocument("Paper"), by="Office")
    house.act(OrderItems(document, (Group("", (item,)),)), by="Office")
    house.act(IssueEdition(document), by="Office")
    house.act(OpenForSignature(document=document))
    house.act(GiveEndorsement(document=document, publish=True), by="Lin")
    house.act(PublishDocument(document), by="Office")
    house.act(IssueCorrection(document, "A slip.", item, text=WORDS.replace("hotline", "hot line")), by="Office")
    house.act(ReaffirmEndorsement(house.signature("Lin", "D1")), by="Lin")
    house.act(GiveEndorsement(document=document, publish=True), by="Pavel")
    with house.reading() as reading:
        assert [(one["late"], one["version"]) for one in signatories.page(reading, document).items] == [
            (False, 2),
            (True, 2),
        ]
    house.close()


def test_a_page_goes_on_after_the_last_one_seen_until_nothing_follows(tmp_path: Path) -> None:
    house = House(tmp_path)
    seen: list[str] = []
    after = None
    with house.reading() as reading:
        while True:
            page = participants.page(reading, house.dialogue, after=after, limit=5)
            seen += [one["handle"] for one in page.items]
            after = page.after
            if after is None:
                break
    assert seen == [f"N{number}" for number in range(1, len(PEOPLE) + 1)]
    house.close()


def test_what_is_withdrawn_or_merged_away_leaves_nobody_to_chase(tmp_path: Path) -> None:
    house = House(tmp_path)
    item = house.thing("P1")
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    house.act(SubmitProposal("Drills", WORDS), by="Tuya")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Lin", recordedby="Office", basis="email")
    house.act(ProposeAmendment(item, "Open none."), by="Pavel")

    def chased() -> list[str]:
        with house.reading() as reading:
            return [one["participant"]["name"] for one in waiting.waiting(reading, house.dialogue)["chase"]]

    assert chased() == ["林 静海"]
    house.act(MergeProposals((item, house.thing("P2")), "Both", WORDS))
    assert chased() == []
    with house.reading() as reading:
        assert waiting.waiting(reading, house.dialogue)["amendments"] == []
    house.close()


@pytest.mark.postgres
def test_everything_is_shown_the_same_from_postgresql(tmp_path: Path, fresh_postgres: Database) -> None:
    house = lived(House(tmp_path, database=fresh_postgres))
    house.open("Second dialogue")
    first = next(one for one in house.shown("list") if one["title"] != "Second dialogue")
    house.dialogue = UUID(first["id"])
    ids = house.dialogue, house.thing("D1"), house.thing("P1")
    with house.reading() as reading:
        head = reading.bound(house.dialogue)
        shown = everything(reading, *ids)
        assert len(dialogues.page(reading, limit=1).items) == 1
        after = dialogues.page(reading, limit=1).after
        assert [one["title"] for one in dialogues.page(reading, after=after).items] == ["Second dialogue"]
        standing = [one["standing"] for one in signatories.page(reading, house.thing("P1")).items]
        assert standing == ["objected", "void"]
    with house.reading(head) as then:
        assert everything(then, *ids) == shown
    assert house.run("signatories", "--in", "quiet").exit_code == 0
    house.close()
