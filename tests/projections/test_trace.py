"""How an item came to read as it does, across amendments, merges and splits; and what changed between versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dialogue.amendment import AcceptAmendment, ProposeAmendment
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.drafting import (
    CoSponsorProposal,
    MergeProposals,
    MoveItem,
    Part,
    ReviseProposal,
    SplitProposal,
    SubmitProposal,
)
from dialogue.fact import Entry, Refused, Unknown
from dialogue.meeting import OpenSession, PlanMeeting
from dialogue.procedure import Procedure
from house import House
from projections.comparison import comparison
from projections.trace import trace

HOTLINES = "Open one hotline between the coasts.\n\nReview it yearly."
AMENDED = HOTLINES.replace("one hotline", "two hotlines")
RULED = AMENDED.replace("two", "three")
DRILLS = "Hold joint drills at sea every spring, with observers."
CHINESE = "各成员国应在每年六月之前向秘书处提交报告。"
REST = f"{DRILLS}\n\n{CHINESE}"
MERGED = f"{RULED}\n\n{REST}"


class Told:
    """The house, and the number of the last entry of each act by a word for it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.at: dict[str, int] = {}

    def did(self, word: str, entries: list[Entry]) -> None:
        self.at[word] = entries[-1].number


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """P1 is amended by consensus, then editorially; P1 and P2 merge into P3, which is adopted, P4 and P5 part it."""
    house = House(tmp_path_factory.mktemp("house"))
    told, thing = Told(house), house.thing
    p1 = thing("P1")
    house.act(PlanMeeting(title="Spring meeting"), by="Office")
    house.act(OpenSession(thing("M1"), "attributed"))
    told.did("hotlines", house.act(SubmitProposal("Hotlines", HOTLINES, session=thing("S1")), by="Tuya"))
    told.did("drills", house.act(SubmitProposal("Drills", DRILLS), by="Pavel"))
    house.act(CoSponsorProposal(p1), by="Lin")
    told.did("proposed", house.act(ProposeAmendment(p1, AMENDED, reason="one is too few"), by="Seoyun"))
    house.act(CallConsensus(about="amendment", amendment=thing("A1"), procedure=Procedure(), session=thing("S1")))
    house.act(TakePosition(thing("Q1"), "agree"), by="Lin")
    house.act(TakePosition(thing("Q1"), "agree-with-reservation"), by="Haneul")
    house.act(TakePosition(thing("Q1"), "abstain"), by="Bora")
    told.did("amended", house.act(DeclareOutcome(thing("Q1"))))
    house.act(ProposeAmendment(p1, RULED), by="Lin")
    told.did("ruled", house.act(AcceptAmendment(thing("A2"), change="editorial", reason="a number only")))
    told.did("merged", house.act(MergeProposals((p1, thing("P2")), "Hotlines and drills", MERGED)))
    told.did("moved", house.act(MoveItem(thing("P3"), "Seas")))
    house.act(CallConsensus(proposal=thing("P3")))
    house.act(TakePosition(thing("Q2"), "agree"), by="Tuya")
    house.act(TakePosition(thing("Q2"), "object", "too soon"), by="Pavel")
    told.did("failed", house.act(DeclareOutcome(thing("Q2"))))
    told.did(
        "split", house.act(SplitProposal(thing("P3"), (Part("Lines", RULED), Part("Drills", f"{DRILLS}\n\n{CHINESE}"))))
    )
    told.did("revised", house.act(ReviseProposal(thing("P5"), f"{DRILLS}\n\n{CHINESE.replace('六月', '九月')}")))
    yield told
    house.close()


def traced(told: Told, handle: str, as_of: int | None = None, **phrase: Any) -> dict[str, Any]:
    with told.house.reading(as_of) as reading:
        return trace(reading, told.house.thing(handle), **phrase)


def test_a_version_tells_its_act_its_session_and_its_words_kind(told: Told) -> None:
    found = traced(told, "P1")
    assert [one["cause"] for one in found["versions"]] == ["submitted", "amended", "amended"]
    assert [one["entry"] for one in found["versions"]] == [
        told.at["hotlines"],
        told.at["amended"],
        told.at["ruled"] - 1,
    ]
    assert found["versions"][0]["by"] == "Tuya ENKH"
    assert found["versions"][0]["session"] == "session S1 of meeting M1"
    assert [one["name"] for one in found["sponsors"]] == ["林 静海"]
    assert found["status"] == "merged"


def test_an_amended_version_names_who_proposed_it_who_supported_it_and_where_it_was_decided(told: Told) -> None:
    amendment = traced(told, "P1")["versions"][1]["amendment"]
    assert (amendment["handle"], amendment["by"], amendment["entry"]) == ("A1", "HAN Seo-yun", told.at["proposed"])
    assert amendment["reason"] == "one is too few"
    [call] = amendment["calls"]
    assert (call["handle"], call["status"], call["procedure"]) == ("Q1", "reached", "consensus")
    assert call["agreed"] == ["林 静海", "KIM Haneul"]  # an abstention is no support
    assert call["session"] == "session S1 of meeting M1"
    assert call["outcome"] == told.at["amended"] - 2


def test_a_version_tells_the_ruling_on_its_change(told: Told) -> None:
    unruled, ruled = traced(told, "P1")["versions"][1:]
    assert (unruled["change"], unruled["rulings"]) == ("substantive", [])
    assert ruled["change"] == "editorial"
    [ruling] = ruled["rulings"]
    assert (ruling["handle"], ruling["change"], ruling["reason"]) == ("R1", "editorial", "a number only")


def test_a_trace_crosses_a_merge_and_a_split_back_to_the_beginning(told: Told) -> None:
    found = traced(told, "P5")
    assert [one["handle"] for one in found["origins"]] == ["P1", "P2", "P3"]
    assert [one["cause"] for one in found["versions"]] == ["split", "revised"]
    assert found["origins"][2]["versions"][0]["cause"] == "merged"
    assert found["origins"][2]["sources"] == ["P1", "P2"]
    assert found["sources"] == ["P3"]
    assert found["becomes"] == []


def test_a_trace_goes_forward_to_what_an_item_became(told: Told) -> None:
    heirs = traced(told, "P2")["becomes"]
    assert [(one["handle"], one["cause"], one["sources"]) for one in heirs] == [
        ("P3", "merged", ["P1", "P2"]),
        ("P4", "split", ["P3"]),
        ("P5", "split", ["P3"]),
    ]


def test_a_decision_is_told_with_the_version_it_was_about_and_its_objectors(told: Told) -> None:
    merged, moved = traced(told, "P3")["versions"]
    assert merged["calls"] == []
    assert moved["cause"] == "moved"
    [call] = moved["calls"]
    assert (call["handle"], call["status"], call["agreed"], call["objected"]) == (
        "Q2",
        "not-reached",
        ["Tuya ENKH"],
        ["Павел ОРЛИН"],
    )


def test_the_past_knows_nothing_of_what_came_later(told: Told) -> None:
    found = traced(told, "P1", as_of=told.at["amended"])
    assert [one["version"] for one in found["versions"]] == [1, 2]
    assert (found["status"], found["becomes"]) == ("open", [])


def test_each_word_of_a_phrase_has_the_entry_that_brought_it_in_across_merge_and_split(told: Told) -> None:
    found = traced(told, "P4", phrase="Open three hotlines between the coasts")
    assert [(run["words"], run["entry"]) for run in found["words"]] == [
        ("Open ", told.at["hotlines"]),
        ("three ", told.at["ruled"] - 1),
        ("hotlines ", told.at["amended"]),
        ("between the coasts", told.at["hotlines"]),
    ]
    assert found["words"][1]["sentence"] == "the text of P1 became version 3 by amendment A2"


def test_a_chinese_phrase_is_traced_word_by_word(told: Told) -> None:
    found = traced(told, "P5", phrase="每年九月之前")
    assert [(run["words"], run["entry"]) for run in found["words"]] == [
        ("每年", told.at["merged"]),
        ("九", told.at["revised"]),
        ("月之前", told.at["merged"]),
    ]


def test_a_phrase_that_does_not_stand_there_is_refused_with_what_to_do(told: Told) -> None:
    with pytest.raises(Refused, match="quote the words as they read there") as refused:
        traced(told, "P5", phrase="hotlines")
    assert refused.value.code == "not-quoted"


def test_every_occurrence_of_a_phrase_can_be_asked_for(told: Told) -> None:
    first = told.house.act(SubmitProposal("Twice", "It is so."), by="Tuya")[-1].number
    second = told.house.act(ReviseProposal(told.house.thing("P6"), "It is so.\n\nIt is so."), by="Tuya")[-1].number
    entries = {run["entry"] for nth in (1, 2) for run in traced(told, "P6", phrase="It is so", occurrence=nth)["words"]}
    assert entries == {first, second}
    with pytest.raises(Refused, match="count from 1 to 2"):
        traced(told, "P6", phrase="It is so", occurrence=3)


def compared(told: Told, handle: str, *span: str | None, as_of: int | None = None) -> list[tuple[str, str]]:
    with told.house.reading(as_of) as reading:
        found = comparison(reading, told.house.thing(handle), *span)
        return [(one.kind, one.words) for one in found.changes if one.kind != "same"]


def test_versions_are_compared_word_by_word(told: Told) -> None:
    assert compared(told, "P1", "1", "v3") == [("deleted", "one hotline"), ("inserted", "three hotlines")]


def test_without_a_span_the_current_version_is_compared_with_the_one_before(told: Told) -> None:
    assert compared(told, "P1") == [("deleted", "two"), ("inserted", "three")]


def test_chinese_is_compared_by_words_not_by_lines(told: Told) -> None:
    assert compared(told, "P5") == [("deleted", "六"), ("inserted", "九")]


def test_a_version_can_be_named_by_an_entry(told: Told) -> None:
    since, until = f"entry:{told.at['proposed']}", str(told.at["ruled"])  # too large for a version: an entry
    assert compared(told, "P1", since, until) == compared(told, "P1", "1", "3")
    assert compared(told, "P1", "entry 2000000", "2") == compared(told, "P1", "3", "2")


@pytest.mark.parametrize("reference", ["v9", "0", "entry:1", "latest", "v2 and 3"])
def test_a_version_that_is_not_there_is_unknown(told: Told, reference: str) -> None:
    with pytest.raises(Unknown):
        compared(told, "P1", reference, "2")


def test_a_comparison_in_the_past_knows_only_the_versions_of_then(told: Told) -> None:
    assert compared(told, "P1", as_of=told.at["amended"]) == [("deleted", "one hotline"), ("inserted", "two hotlines")]
    with pytest.raises(Unknown):
        compared(told, "P1", "1", "v3", as_of=told.at["amended"])
