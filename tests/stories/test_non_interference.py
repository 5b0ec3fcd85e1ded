"""Who spoke, in what order and at which second makes no difference to anybody who may not know it.

domain.md, "Who may learn what": two histories that differ only so give byte-identical answers to every uncleared
reader, over every route and command, and the same record.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.acts import ACTS
from api.examples import example
from dialogue.call import PositionsEntered
from dialogue.comment import MakeComment, NameSpeaker
from dialogue.consensus import CallConsensus, DeclareOutcome, ObjectThroughChair, TakePosition, WithdrawPosition
from dialogue.document import Group
from dialogue.drafting import SubmitProposal
from dialogue.issuing import DraftDocument, IssueEdition, OrderItems
from dialogue.meeting import CloseSession, OpenSession, PlanMeeting, RecordAttendance
from dialogue.releasing import PublishDocument
from house import House
from projections import log_keys
from projections.attesting import make_checkpoint
from projections.retention import retire
from routes import HERE, place, reads
from stores import Server
from twins import Turns, Twin, alike, contents

SPEAKERS = ("Rin", "Maral", "Tuya", "Pavel", "Seoyun", "Haneul", "Bora")
CHAIRS = ("Rin", "Maral")
PRESENT = "Lin"
# Who may not know who spoke, nor who holds which position; by number for commands, by name for routes.
READERS = {
    "public": None,
    "N4": "Steering",
    "N8": "Observer",
    "N9": "Auditor",
    "N11": "Haneul",
    "N13": PRESENT,
}
# Every command that shows something to a reader, with what makes it show the most.
SHOWN = (
    "open", "list", "show", "texts", "text P1", "signatories P1", "amendments", "comments", "decisions", "documents D1",
    "participants", "meetings", "ready D1", "explain Q1", "who-had-seen D1", "log", "replay", "trace P1",
    "session-notes S1", "session-notes S2", "session-notes S9", "log --as-of 22", "decisions --as-of 22",
)  # fmt: skip
SAME_FOR_ALL = (
    "publish D1 --format markdown", "publish D1 --format html", "publish D1 --format json", "publish D2", "notices",
    "verify",
)  # fmt: skip
THINGS = {
    "participant": "N5", "meeting": "M1", "session": "S1", "proposal": "P1", "amendment": "A1", "comment": "C1",
    "call": "Q1", "ruling": "R1", "document": "D2", "endorsement": "P1", "circulation": "K1", "joint": "J1",
    "number": "1", "reservation": "1", "id": "nonsense", "ticket": "nonsense",
}  # fmt: skip
OWN = "me/data"  # what is held about oneself: those who spoke are told what they said
TYPES = ("application/json", "text/html", "text/markdown", "application/x-ndjson")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = furnished(House(tmp_path_factory.mktemp("model")))
    yield house
    house.close()


def furnished(house: House) -> House:
    """Two sessions are open, one of them closed to those outside, and a call in the first."""
    assert house.secretariat.log_key_file is not None
    log_keys.renew(house.secretariat, house.secretariat.log_key_file)
    house.act(PlanMeeting(), by="Office")
    for session, attribution in (("S1", None), ("S2", "closed")):
        house.act(OpenSession(house.thing("M1"), attribution))
        there = RecordAttendance(house.thing("M1"), house.person(PRESENT), session=house.thing(session))
        house.act(there, by="Office")
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
    report = {"kind": "meeting report", "authors": (house.person("Office"),), "disclaimer": "The authors' alone."}
    for handle, more in (("D1", {}), ("D2", report)):
        house.act(DraftDocument("Quiet Waters", **more), by="Office")
        house.act(OrderItems(house.thing(handle), (Group("Seas", (house.thing("P1"),)),)), by="Office")
        house.act(IssueEdition(house.thing(handle)), by="Office")
    house.act(PublishDocument(house.thing("D2")), by="Office")
    house.act(CallConsensus(proposal=house.thing("P1"), session=house.thing("S1")))
    return house


def drawn(draw: Callable[..., Any], house: House) -> list[Turns]:
    """What is said in the rooms, and which positions are taken, changed, withdrawn and conveyed."""
    words = st.sampled_from(["Who pays?", "Not I.", "Да, конечно.", "좋습니다."])
    comments = draw(st.lists(st.tuples(words, st.booleans(), st.sampled_from(["S1", "S2"])), max_size=12))
    names = st.sampled_from(["agree", "agree", "abstain", "stand-aside", "object"])
    held = draw(st.lists(st.tuples(names, st.sampled_from([None, "agree", "object", "withdrawn"])), max_size=7))
    conveyed = draw(st.lists(st.just("Somebody minds."), max_size=2))
    return said(house, comments, held, conveyed)


def said(house: House, comments: list[Any], held: list[Any], conveyed: list[str]) -> list[Turns]:
    p1, q1 = house.thing("P1"), house.thing("Q1")
    turns = [
        Turns((MakeComment(words, proposal=p1 if on else None, session=house.thing(session)),))
        for words, on, session in comments
    ]
    for first, then in held:
        later = WithdrawPosition(q1) if then == "withdrawn" else then and TakePosition(q1, then, "On reflection.")
        turns.append(Turns((TakePosition(q1, first, "As I said."), *((later,) if later else ())), held=True))
    return turns + [Turns((ObjectThroughChair(q1, why),), by=CHAIRS) for why in conveyed]


MUCH = (
    [("Who pays?", True, "S1"), ("Not I.", False, "S1"), ("Who pays?", False, "S1"), ("Nobody.", True, "S1")]
    + [(f"Said behind a closed door, {number}.", number % 2 == 0, "S2") for number in range(3)],
    [("agree", None), ("agree", "object"), ("abstain", None), ("object", "withdrawn"), ("agree", None)],
    ["Somebody minds."],
)


def twins_of(model: House, folder: Path, turns: list[Turns], chances: list[int]) -> list[Twin]:
    twins = [Twin(model, folder / str(number)) for number in range(2)]
    for twin, chance in zip(twins, chances, strict=True):
        twin.speak(turns, random.Random(chance), SPEAKERS)
    return twins


def end(twins: list[Twin]) -> None:
    """The sessions close and the outcome is declared; the record is then the same, byte for byte."""
    for twin in twins:
        twin.seed(7)
        for session in ("S1", "S2"):
            twin.act(CloseSession(twin.model.thing(session)), "Rin")
        twin.act(DeclareOutcome(twin.model.thing("Q1")), "Rin")
        make_checkpoint(twin.secretariat, twin.dialogue)
    alike(twins, Twin.record, "the record")


def told(twins: list[Twin], command: str, reader: str | None, *form: str) -> None:
    arguments = (*command.split(), *(("--reader", reader) if reader else ()), *form)
    alike(twins, lambda twin: twin.command(*arguments), f"`dialogue {' '.join(arguments)}` for {reader}")


def answered(twins: list[Twin], path: str, by: str | None, media_type: str = TYPES[0]) -> None:
    if by in SPEAKERS and path.startswith(OWN):
        return
    alike(twins, lambda twin: twin.asked("GET", path, by, Accept=media_type), f"GET {path} for {by} as {media_type}")


@settings(deadline=None, max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), chances=st.lists(st.integers(0, 2**32), min_size=2, max_size=2, unique=True))
def test_who_spoke_in_what_order_and_when_makes_no_difference_to_who_may_not_know(
    model: House, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, chances: list[int]
) -> None:
    twins = twins_of(model, tmp_path_factory.mktemp("twins"), drawn(data.draw, model), chances)
    addresses = reads(twins[0].door, THINGS)
    for over in (False, True):
        if over:
            end(twins)
        number, name = data.draw(st.sampled_from(sorted(READERS.items())))
        for command in data.draw(st.lists(st.sampled_from(SHOWN), min_size=3, max_size=3, unique=True)):
            told(twins, command, number, *data.draw(st.sampled_from([(), ("--json",)])))
        for path in addresses:
            answered(twins, path, name)
    for twin in twins:
        twin.close()


def test_of_one_history_told_twice_every_uncleared_reader_is_told_the_same(model: House, tmp_path: Path) -> None:
    """Over every command and route, in every form, page by page, and in what goes out of the house."""
    twins = twins_of(model, tmp_path, said(model, *MUCH), [1, 2])
    addresses = reads(twins[0].door, THINGS)
    for over in (False, True):
        if over:
            end(twins)
        for name, path in product(READERS.values() if over else (None, PRESENT), addresses):
            answered(twins, path, name)
        for path in addresses:
            answered(twins, f"{path}{'&' if '?' in path else '?'}limit=2", PRESENT)
            answered(twins, f"{path}{'&' if '?' in path else '?'}as_of=24", "Auditor")
        for name in filter(None, READERS.values()):
            alike(twins, lambda twin, name=name: twin.fed(name), f"the feed for {name}")
    for media_type, path in product(TYPES[1:], ("documents/D2/editions/1", "entries", "leaves")):
        answered(twins, path, "Auditor", media_type)
    for reader, command in product(("public", "N9", "N13"), SHOWN):
        told(twins, command, reader, "--json")
    for command in SAME_FOR_ALL:
        told(twins, command, None)
    for name, option in (("file", "-o"), ("folder", "--to")):
        for twin in twins:
            assert twin.command("export", option, str(twin.folder / name)).startswith("0\n")
        alike(twins, lambda twin, name=name: contents(twin.folder / name), f"the export to a {name}")
    # and what is refused, to those who did not speak
    for act, by in product(ACTS, (PRESENT, "Observer", "Auditor", None)):
        path, body = place(f"{HERE}/{act.path}", THINGS), example(act)
        alike(twins, lambda twin, a=(act.method, path, by, body): twin.asked(*a), f"{act.method} {path} by {by}")
    alike(twins, Twin.record, "the record")
    for twin in twins:
        twin.now += timedelta(days=31)
    alike(twins, lambda twin: retire(twin.secretariat), "how much retention removes")
    for path in addresses:
        answered(twins, path, PRESENT)
    for twin in twins:
        twin.close()


@pytest.mark.postgres
def test_on_postgresql_every_uncleared_reader_is_told_the_same_too(postgres: Server, tmp_path: Path) -> None:
    database = postgres.fresh()
    (tmp_path / "model" / "data").mkdir(parents=True)
    model = furnished(House(tmp_path / "model", database=database))
    model.close()  # a database is copied only while nobody uses it
    twins = []
    for chance in (1, 2):
        twin = Twin(model, tmp_path / f"twin {chance}", postgres.fresh(like=database))
        twin.speak(said(model, *MUCH), random.Random(chance), SPEAKERS)
        twins.append(twin)
    # what is held about the reader names their tokens, which each house has drawn for itself
    addresses = [path for path in reads(twins[0].door, THINGS) if path != "me/data"]
    for over in (False, True):
        if over:
            end(twins)
        for number, name in (("public", None), ("N8", "Observer"), ("N9", "Auditor")):
            for path in addresses:
                answered(twins, path, name)
            for command in ("log", "decisions", "comments", "session-notes S1"):
                told(twins, command, number)
    for twin in twins:
        twin.close()


def test_who_consents_to_be_named_is_named_and_no_other(model: House, tmp_path: Path) -> None:
    """A presenter steps forward; of the others nothing follows."""
    twins = twins_of(model, tmp_path, said(model, *MUCH), [3, 4])
    for twin in twins:
        twin.act(MakeComment("I presented this.", session=model.thing("S1")), "Pavel")
    end(twins)
    for twin in twins:
        found = twin.door.shown("comments", by="Office")["items"]
        [mine] = [one["handle"] for one in found if one["words"] == "I presented this."]
        twin.act(NameSpeaker(model.thing(mine)), "Pavel")
        assert "Павел ОРЛИН" in {
            one["by"]["name"] for one in twin.door.shown("comments", by=PRESENT)["items"] if one["by"]
        }
    for path in ("comments", "entries", "replay", "participants/N6"):
        answered(twins, path, PRESENT)
    alike(twins, Twin.record, "the record")
    for twin in twins:
        twin.close()


def test_a_co_chair_learns_who_holds_what_and_not_who_said_what(model: House, tmp_path: Path) -> None:
    comments, _, _ = MUCH
    twins = twins_of(model, tmp_path, said(model, comments, [], []), [5, 6])
    addresses = reads(twins[0].door, THINGS)
    for over in (False, True):
        if over:
            end(twins)
        for path in addresses:
            answered(twins, path, "Rin")
    for twin in twins:
        twin.close()


def test_every_command_that_shows_something_to_a_reader_is_held_against_its_twin() -> None:
    from cli.commands import COMMANDS
    from cli.main import main

    asked = {command.split()[0] for command in (*SHOWN, *SAME_FOR_ALL)}
    context = main.make_context("dialogue", ["list"], resilient_parsing=True)
    for section in ("Show", "Weigh", "Audit"):
        for name in COMMANDS[section]:
            command = main.get_command(context, name)
            assert command is not None
            if any("--reader" in option.opts for option in command.params):
                assert name in asked | {"compare", "subject-access"}, f"{name} is not asked for as an uncleared reader"


def test_those_who_are_cleared_are_told_so_that_the_tests_above_can_fail(model: House, tmp_path: Path) -> None:
    twins = [Twin(model, tmp_path / name) for name in ("one", "other")]
    commands = (MakeComment("Who pays?", session=model.thing("S1")), TakePosition(model.thing("Q1"), "agree"))
    for twin, names in zip(twins, (("Tuya", "Bora"), ("Pavel", "Haneul")), strict=True):
        for command, by in zip(commands, names, strict=True):
            twin.act(command, by)
    for asked, reader in (("session-notes S1", "N3"), ("decisions", "N1"), ("decisions", "N3")):
        one, other = (twin.command(*asked.split(), "--reader", reader) for twin in twins)
        assert one != other
    for name in ("Rin", "Office"):
        one, other = (twin.asked("GET", "calls", name) for twin in twins)
        assert one != other
    for twin in twins:
        twin.close()


def test_the_positions_are_not_told_by_the_lengths_of_what_goes_out(model: House, tmp_path: Path) -> None:
    """Histories in which other positions are taken, by another number of people, are told alike as far as they come
    to the same outcome, but for the digests.
    """
    twins = [Twin(model, tmp_path / name) for name in ("one", "other")]
    for twin, names in zip(twins, (("Tuya",), ("Pavel", "Haneul", "Bora")), strict=True):
        for name in names:
            twin.act(TakePosition(model.thing("Q1"), "agree", f"As {name} said."), name)
    for twin in twins:
        twin.seed(9)
        twin.act(DeclareOutcome(model.thing("Q1")), "Rin")
        assert any(isinstance(one.fact, PositionsEntered) for one in twin.secretariat.record.entries(twin.dialogue))
    alike(twins, lambda twin: [len(leaf) for leaf in twin.record()], "the length of an entry")
    for name in READERS.values():
        for path in ("calls", "calls/Q1", "calls/Q1/explanation", "entries", "proposals/P1/trace", "replay"):
            answered(twins, path, name)
    for twin in twins:
        twin.close()
