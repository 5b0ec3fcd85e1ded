"""Who spoke, in what order and at which second makes no difference to anybody who may not know it.

domain.md, "Who may learn what": two histories that differ only so give byte-identical answers to every uncleared
reader, over every command that shows something, and the same record.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.main import main
from dialogue.comment import MakeComment
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.document import Group
from dialogue.drafting import SubmitProposal
from dialogue.fact import Command
from dialogue.issuing import DraftDocument, IssueEdition, OrderItems
from dialogue.meeting import CloseSession, OpenSession, PlanMeeting, RecordAttendance
from house import House
from projections.founding import open_installation
from projections.settings import load

SPEAKERS = ("Rin", "Maral", "Tuya", "Pavel", "Seoyun", "Haneul", "Bora", "Lin")
PRESENT = "Lin"
READERS = {"the public": "public", "an auditor": "N9", "a participant": "N11", "somebody present": "N13"}
# Every command that shows something, with what makes it show the most.
SHOWN = (
    "open", "list", "show", "texts", "text P1", "signatories P1", "amendments", "comments", "decisions", "documents D1",
    "participants", "meetings", "ready D1", "explain Q1", "who-had-seen D1", "log", "replay", "trace P1",
    "session-notes S1", "session-notes S9",
)  # fmt: skip
SAME_FOR_ALL = (
    "publish D1 --format markdown", "publish D1 --format html", "publish D1 --format json", "notices", "verify",
)  # fmt: skip
Said = tuple[Command, ...]


def contributions(draw: Callable[..., Any], house: House) -> Said:
    """What is said in the room, and which positions are taken."""
    proposal, session = house.thing("P1"), house.thing("S1")
    words = draw(st.lists(st.sampled_from(["Who pays?", "Not I.", "Да, конечно.", "좋습니다."]), max_size=8))
    comments = [MakeComment(one, proposal=proposal if n % 2 else None, session=session) for n, one in enumerate(words)]
    names = draw(st.lists(st.sampled_from(["agree", "agree", "abstain", "stand-aside", "object"]), max_size=8))
    positions = [TakePosition(house.thing("Q1"), name, "As I said.") for name in names]
    return (*comments, *positions)


class Twin:
    """A copy of the furnished house in which the same is said."""

    def __init__(self, model: House, folder: Path) -> None:
        shutil.copytree(Path(model.environ["DIALOGUE_DATA"]).parent, folder)
        self.environ = {
            "DIALOGUE_DATA": str(folder / "data"),
            "DIALOGUE_MASTER_KEY_FILE": str(folder / "master.key"),
            "NO_COLOR": "1",
        }
        self.model = model
        self.now = model.now
        self.secretariat = open_installation(load({}, self.environ))
        self.secretariat.clock = self.secretariat.record.clock = lambda: self.now

    def seed(self, number: int) -> None:
        """From here on the same random bytes are drawn in both houses."""
        drawn = random.Random(number).randbytes
        self.secretariat.random = self.secretariat.custody.random = drawn

    def act(self, command: Command, by: str) -> None:
        moment = self.secretariat.moment(self.model.person(by))
        self.secretariat.execute(self.model.dialogue, command, moment)

    def speak(self, said: Said, chance: random.Random) -> None:
        """Says all of it, by whoever, in some order, at some second."""
        holders = chance.sample(SPEAKERS, len(SPEAKERS))
        spoken = [(one, holders.pop() if isinstance(one, TakePosition) else chance.choice(SPEAKERS)) for one in said]
        chance.shuffle(spoken)
        start = self.now
        for second, (command, by) in zip(sorted(chance.sample(range(3000), len(spoken))), spoken, strict=True):
            self.now = start + timedelta(seconds=second)
            self.act(command, by)
        self.now = start + timedelta(hours=1)

    def answers(
        self, commands: tuple[str, ...], reader: str | None, form: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, str]]:
        """(what is asked, everything that comes back)."""
        runner = CliRunner(env=self.environ)
        for command in commands:
            asked = [*command.split(), *(["--reader", reader] if reader else []), *form]
            result = runner.invoke(main, asked)
            yield " ".join(asked), f"{result.exit_code}\n{result.stdout}\n{result.stderr}\n{result.exception}"

    def record(self) -> list[bytes]:
        return list(self.secretariat.record.leaves(self.model.dialogue))

    def close(self) -> None:
        self.secretariat.close()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("model"))
    house.act(PlanMeeting(), by="Office")
    house.act(OpenSession(house.thing("M1")))
    house.act(RecordAttendance(house.thing("M1"), house.person(PRESENT), session=house.thing("S1")), by="Office")
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
    house.act(DraftDocument("Quiet Waters"), by="Office")
    house.act(OrderItems(house.thing("D1"), (Group("Seas", (house.thing("P1"),)),)), by="Office")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    house.act(CallConsensus(proposal=house.thing("P1"), session=house.thing("S1")))
    yield house
    house.close()


FORMS: tuple[tuple[str, ...], ...] = ((), ("--json",))


@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), chances=st.lists(st.integers(0, 2**32), min_size=2, max_size=2, unique=True))
def test_who_spoke_in_what_order_and_when_makes_no_difference_to_who_may_not_know(
    model: House, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, chances: list[int]
) -> None:
    said = contributions(data.draw, model)
    twins = [Twin(model, tmp_path_factory.mktemp("twin") / "house") for _ in chances]
    for twin, chance in zip(twins, chances, strict=True):
        twin.speak(said, random.Random(chance))
    for over in (False, True):
        if over:
            end(twins)
        some = data.draw(st.lists(st.sampled_from(SHOWN), min_size=5, max_size=5, unique=True))
        alike(twins, tuple(some), data.draw(st.sampled_from(sorted(READERS))), data.draw(st.sampled_from(FORMS)))
    for twin in twins:
        twin.close()


def test_of_one_history_told_twice_every_uncleared_reader_is_told_the_same(model: House, tmp_path: Path) -> None:
    words = ("Who pays?", "Not I.", "Да, конечно.", "좋습니다.", "Who pays?", "Nobody.")
    said = [MakeComment(one, session=model.thing("S1")) for one in words]
    names = ("agree", "agree", "object", "abstain", "agree", "agree", "agree")
    held = [TakePosition(model.thing("Q1"), name, "As I said.") for name in names]  # type: ignore[arg-type]
    twins = [Twin(model, tmp_path / name) for name in ("one", "other")]
    for chance, twin in enumerate(twins):
        twin.speak((*said, *held), random.Random(chance))
    end(twins)
    for reader in READERS:
        alike(twins, SHOWN, reader, ("--json",))
    alike(twins, SAME_FOR_ALL, None)
    for twin in twins:
        twin.close()


def end(twins: list[Twin]) -> None:
    """The session closes and the outcome is declared; the record is then the same, byte for byte."""
    for twin in twins:
        twin.seed(7)
        twin.act(CloseSession(twin.model.thing("S1")), "Rin")
        twin.act(DeclareOutcome(twin.model.thing("Q1")), "Rin")
    one, other = (twin.record() for twin in twins)
    assert one == other


def alike(twins: list[Twin], commands: tuple[str, ...], reader: str | None, form: tuple[str, ...] = ()) -> None:
    """Demands the same answers of both houses."""
    one, other = (twin.answers(commands, READERS[reader] if reader else None, form) for twin in twins)
    for (asked, answer), (_, same) in zip(one, other, strict=True):
        assert answer == same, f"`dialogue {asked}` tells the two apart"


def test_every_command_that_shows_something_to_a_reader_is_held_against_its_twin() -> None:
    from cli.commands import COMMANDS

    asked = {command.split()[0] for command in (*SHOWN, *SAME_FOR_ALL)}
    context = main.make_context("dialogue", ["list"], resilient_parsing=True)
    for section in ("Show", "Weigh", "Audit"):
        for name in COMMANDS[section]:
            command = main.get_command(context, name)
            assert command is not None
            if any("--reader" in option.opts for option in command.params):
                assert name in asked | {"compare", "subject-access"}, f"{name} is not asked for as an uncleared reader"


def test_those_who_are_cleared_are_told_so_that_the_test_above_can_fail(model: House, tmp_path: Path) -> None:
    said = (MakeComment("Who pays?", session=model.thing("S1")), TakePosition(model.thing("Q1"), "agree"))
    twins = [Twin(model, tmp_path / name) for name in ("one", "other")]
    for twin, names in zip(twins, (("Tuya", "Bora"), ("Pavel", "Haneul")), strict=True):
        for command, by in zip(said, names, strict=True):
            twin.act(command, by)
    for asked, reader in (("session-notes S1", "N3"), ("decisions", "N1"), ("decisions", "N3")):
        [one], [other] = (list(twin.answers((asked,), reader)) for twin in twins)
        assert one != other
    for twin in twins:
        twin.close()
