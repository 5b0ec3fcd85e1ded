"""Every fact is one readable sentence in the domain's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID, uuid5

import pytest

from dialogue.amendment import AcceptAmendment, ProposeAmendment
from dialogue.call import position_id
from dialogue.circulation import AcknowledgeReceipt, Circulate, RespondToCirculation
from dialogue.comment import MakeComment
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.document import Group
from dialogue.drafting import CoSponsorProposal, SubmitProposal
from dialogue.endorsement import endorsement_id
from dialogue.fact import Entry, Fact, Personal, Text
from dialogue.issuing import DraftDocument, IssueEdition, OpenForSignature, OrderItems
from dialogue.joint import ActProposed, AssentToAct
from dialogue.kinds import FACTS
from dialogue.mandate import Settings
from dialogue.meeting import OpenSession, PlanMeeting, RecordAttendance
from dialogue.ruling import RuleOnChange
from dialogue.shape import hints
from dialogue.signing import GiveEndorsement
from dialogue.statement import EnterStatement
from dialogue.text import digest
from dialogue.voiding import MarkEnteredInError
from house import House
from projections.sentences import TELLERS, paged, sentence
from projections.telling.names import Names
from projections.telling.wording import entries

WHEN = datetime(2025, 4, 1, 8, 30, tzinfo=UTC)
AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}")
NOT_SAID = ("leaf", "vault", "merkle", "projection", "aggregate", "none", "unknown here", "rebase", "redline")
WORDS = "Open one hotline.\n\nReview it yearly."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with one thing of each kind, so that every id that a fact can name is there."""
    house = House(tmp_path_factory.mktemp("house"), settings=Settings(chairs="all", sessions="attributed"))
    p1, d1 = house.thing("P1"), house.thing("D1")
    house.act(PlanMeeting(title="First meeting"), by="Office")
    house.act(OpenSession(house.thing("M1"), "attributed", "On hotlines"))
    house.act(RecordAttendance(house.thing("M1"), house.person("Pavel")), by="Office")
    house.act(SubmitProposal("Hotlines", WORDS, "Seas"), by="Tuya")
    house.act(CoSponsorProposal(p1), by="Pavel")
    house.act(ProposeAmendment(p1, WORDS.replace("one", "two")), by="Seoyun")
    house.act(MakeComment("Two are better.", proposal=p1), by="Lin")
    house.act(AcceptAmendment(house.thing("A1")))
    house.act(RuleOnChange("editorial", "a number only", p1))
    house.act(AssentToAct(house.thing("J1")), by="Maral")
    house.act(CallConsensus(proposal=p1))
    house.act(TakePosition(house.thing("Q1"), "agree"), by="Tuya", recordedby="Office", basis="email")
    house.act(DeclareOutcome(house.thing("Q1")))
    house.act(AssentToAct(house.thing("J2")), by="Maral")
    house.act(EnterStatement(house.thing("Q1"), "We read two as two."), by="Pavel")
    house.act(DraftDocument("Quiet Waters"), by="Office")
    house.act(OrderItems(d1, (Group("Seas", (p1,)),)), by="Office")
    house.act(IssueEdition(d1), by="Office")
    house.act(OpenForSignature(d1))
    house.act(GiveEndorsement(document=d1), by="Haneul", recordedby="Office", basis="letter")
    house.act(Circulate(d1, (house.person("Committee"), house.person("Tuya"))), by="Office")
    house.act(AcknowledgeReceipt(house.thing("K1")), by="Committee")
    house.act(RespondToCirculation(house.thing("K1"), "Received with thanks."), by="Committee")
    yield house
    house.close()


def id_for(house: House, field: str) -> UUID:
    """The id of a thing of that name in the house."""
    handles = {
        "participant": "N5", "alternate": "N6", "represents": "N10", "cochairs": "N1", "secretariat": "N3",
        "meeting": "M1", "session": "S1", "proposal": "P1", "source": "P1", "sources": "P1", "item": "P1",
        "items": "P1", "excepting": "P1", "amendment": "A1", "comment": "C1", "reply_to": "C1", "call": "Q1",
        "decision": "Q1", "ruling": "R1", "statement": "T1", "document": "D1", "editions": "D1", "circulation": "K1",
        "joint": "J1", "parent": "N1", "excluded": "N1",
    }  # fmt: skip
    p1, d1, office = house.thing("P1"), house.thing("D1"), house.person("Committee")
    others = {
        "sponsorship": uuid5(p1, f"sponsor {house.person('Pavel')}"),
        "position": position_id(house.thing("Q1"), house.person("Tuya")),
        "endorsement": endorsement_id(house.dialogue, house.person("Haneul"), d1),
        "receipt": uuid5(house.thing("K1"), f"receipt {office}"),
    }
    if field in ("response", "attendance", "error"):
        with house.reading() as reading:
            things = reading.t.things
            row = reading.conn.execute(things.select().where(things.c.kind == field)).first()
        return UUID(row.id) if row else uuid5(d1, field)
    if field in others:
        return others[field]
    return house.thing(handles.get(field, "N7"))


def made(hint: Any, field: str, house: House, *, whole: bool) -> Any:
    """A value of that type. `whole` fills what may be left out as well."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return "2025-04" if inner[1] == "partial date" else made(inner[0], field, house, whole=whole)
    if origin is Literal:
        return inner[-1 if whole else 0]
    if origin is tuple:
        return (made(inner[0], field, house, whole=whole),) * (2 if whole else 1)
    if origin in (Union, UnionType):
        options = [one for one in inner if one not in (type(None), Personal)]
        return made((*options, Personal)[0], field, house, whole=whole)
    if is_dataclass(hint) and hint is not Text:
        return fact_of(hint, house, whole=whole)
    simple: dict[Any, Any] = {
        str: "the words of it", int: 2, bool: True, datetime: WHEN, Fraction: Fraction(2, 3),
        Text: Text(digest(WORDS)), Personal: None,
    }  # fmt: skip
    return id_for(house, field) if hint is UUID else simple[hint]


def fact_of(kind: type[Any], house: House, *, whole: bool) -> Any:
    """A fact, or a part of one, with all its fields or only those that it must have."""
    if kind is Settings:
        return Settings(notice_hours=48) if whole else Settings()
    required = {f.name for f in fields(kind) if f.default is f.default_factory}
    if not required & {"proposal", "document", "amendment"}:
        required |= {"proposal", "endorsement"}  # of several subjects a fact has one
    return kind(
        **{
            name: made(hint, name, house, whole=whole)
            for name, hint in hints(kind).items()
            if whole or name in required
        }
    )


def entry_of(fact: Fact, house: House, *, named: bool) -> Entry:
    people = {"actor": house.person("Rin"), "recordedby": house.person("Office")} if named else {}
    return Entry("tests.example", house.dialogue, 900, 1, fact, WHEN, WHEN, **people)


def told(house: House, *page: Entry) -> list[str]:
    with house.reading() as reading:
        names = Names(reading, house.dialogue)
        names.learn(page)
        return [sentence(entry, names) for entry in page]


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("whole", [True, False], ids=["with every field", "with what it must have"])
def test_every_fact_is_one_sentence_that_names_no_id(house: House, name: str, whole: bool) -> None:
    fact = fact_of(FACTS[name], house, whole=whole)
    for named in (True, False):
        [words] = told(house, entry_of(fact, house, named=named))
        assert words.strip() == words
        assert len(words.split()) >= 3, words
        assert not AN_ID.search(words), words
        assert "\n" not in words
        said = words.lower().replace("if nobody", "")
        assert not [word for word in NOT_SAID if re.search(rf"\b{word}\b", said)], words


def test_there_is_a_teller_for_each_stream_and_for_nothing_else() -> None:
    assert set(TELLERS) == {fact.stream for fact in FACTS.values()}


def test_two_kinds_of_fact_never_say_the_same(house: House) -> None:
    said = [told(house, entry_of(fact_of(kind, house, whole=True), house, named=True))[0] for kind in FACTS.values()]
    assert len(set(said)) == len(FACTS)


def history(house: House) -> list[str]:
    with house.reading() as reading:
        names = Names(reading, house.dialogue)
        return [sentence(entry, names) for page in paged(reading.entries(house.dialogue), names) for entry in page]


@pytest.mark.parametrize(
    "words",
    [
        "Jonas HOLT planned meeting M1, “First meeting”",
        "Jonas HOLT recorded Павел ОРЛИН as present at meeting M1",
        "Tuya ENKH submitted P1, “Hotlines”, under the theme “Seas”",
        "Павел ОРЛИН co-sponsored P1",
        "HAN Seo-yun proposed amendment A1 to P1 (version 1)",
        "林 静海 made comment C1 on P1 (version 1): “Two are better.”",
        "the text of P1 became version 2 by amendment A1",
        "Tuya ENKH took the position agree in Q1 (on P1)",
        "KIM Haneul signed D1 (edition 1)",
        "Jonas HOLT circulated edition 1 of D1 to Member Committee of Nowhere and Tuya ENKH (K1)",
    ],
)
def test_a_history_reads_as_it_went(house: House, words: str) -> None:
    assert words in history(house)


def test_an_outcome_names_its_procedure_and_the_entries_it_counted(house: House) -> None:
    [words] = [one for one in history(house) if one.startswith("the co-chairs declared Q1")]
    with house.reading() as reading:
        [taken] = [e.number for e in reading.entries(house.dialogue) if type(e.fact).__name__ == "PositionTaken"]
    assert words == f"the co-chairs declared Q1: P1 (version 2) adopted by consensus; entry {taken} counted (1 agree)"


def test_whoever_was_forgotten_is_told_by_number(house: House) -> None:
    with house.reading() as reading:
        names = Names(reading, house.dialogue)
        reading.custody.open = lambda digests: {}  # type: ignore[method-assign]  # nothing can be opened any more
        page = list(reading.entries(house.dialogue, house_entry(house, "ProposalSubmitted")))
        names.learn(page)
        assert sentence(page[0], names).startswith("participant 5 submitted P1")


def house_entry(house: House, kind: str) -> int:
    with house.reading() as reading:
        return next(e.number for e in reading.entries(house.dialogue) if type(e.fact).__name__ == kind)


def test_what_was_entered_in_error_is_told_with_its_owner(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.act(SubmitProposal("Hotlines", WORDS), by="Tuya")
    p1 = house.thing("P1")
    house.act(OpenForSignature(proposal=p1))
    house.act(GiveEndorsement(proposal=p1), by="Haneul", recordedby="Office", basis="letter")
    wrong = endorsement_id(house.dialogue, house.person("Haneul"), p1)
    house.act(MarkEnteredInError("it was KIM Bora's letter", endorsement=wrong), by="Office")
    assert history(house)[-1] == (
        "Jonas HOLT marked the signature of KIM Haneul under P1 as entered in error: “it was KIM Bora's letter”"
    )
    house.close()


def test_names_of_a_page_are_opened_together(house: House) -> None:
    with house.reading() as reading:
        opened = 0
        custody = reading.custody
        honest = type(custody).open

        def counting(digests: Any) -> Any:
            nonlocal opened
            opened += 1
            return honest(custody, digests)

        custody.open = counting  # type: ignore[method-assign]
        try:
            names = Names(reading, house.dialogue)
            pages = sum(1 for _ in paged(reading.entries(house.dialogue), names))
        finally:
            del custody.open
        assert pages == 2  # the first small, the second the rest
        assert opened <= 2 * pages  # people, and who attended


def test_numbers_of_entries_in_a_row_are_said_as_a_range() -> None:
    assert entries([7]) == "entry 7"
    assert entries([7, 9]) == "entries 7 and 9"
    assert entries([71, 72, 73, 74, 80]) == "entries 71 to 74 and 80"


def test_a_joint_act_is_told_in_words(house: House) -> None:
    fact = ActProposed(house.thing("J1"), 1, "DeclareOutcome", "{}", 2)
    [words] = told(house, entry_of(fact, house, named=True))
    assert words == "ASADA Rin proposed the joint act J1 (declare outcome); it needs 2 co-chairs"
