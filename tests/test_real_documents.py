"""The main job on real input: the two documents in ../shared/seeds, where they are present."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dialogue.drafting import SubmitProposal
from dialogue.endorsement import endorsement_id
from dialogue.fact import Command, Entry, Personal, named
from dialogue.mandate import GrantMandate
from dialogue.meeting import HoldMeeting, PlanMeeting
from dialogue.participant import Invite
from dialogue.releasing import IssueCorrection
from house import House
from projections import meetings
from projections.reading.document import read_document
from projections.resolve import dialogue_named

SEEDS = Path(__file__).parents[1] / "../shared/seeds"
APLN, CSCAP = SEEDS / "apln-recommendations.md", SEEDS / "cscap-study-group-proposal.md"

pytestmark = pytest.mark.skipif(not (APLN.exists() and CSCAP.exists()), reason="the real documents are not here")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house into which both were imported by the command."""
    opened = House(tmp_path_factory.mktemp("real"))
    opened.now = datetime.now(UTC)
    for seed in (APLN, CSCAP):
        result = opened.run("import", str(seed), "--yes")
        assert result.exit_code == 0, result.stderr
    yield opened
    opened.close()


def act(house: House, title: str, command: Command, by: str = "N1") -> list[Entry]:
    """The act of a participant of the dialogue with this title, now."""
    with house.reading() as reading:
        house.dialogue = dialogue_named(reading, title)
    house.now = datetime.now(UTC)
    moment = house.secretariat.moment(named(house.dialogue, by))
    return house.secretariat.execute(house.dialogue, command, moment)


def markdown(house: House, *more: str) -> str:
    result = house.run("publish", "Improving Security", "--format", "markdown", *more)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def seed() -> str:
    return APLN.read_text(encoding="utf-8")


def signatory_lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if re.match(r"\d+\. \*\*", line)]


# ---------------------------------------------------------------- recommendations with 36 signatories


def test_all_36_signatories_come_out_byte_for_byte_in_their_order(house: House) -> None:
    lines = signatory_lines(seed())
    assert len(lines) == 36
    assert signatory_lines(markdown(house, "--edition", "1")) == lines


def test_both_areas_of_agreement_and_every_recommendation_come_out_exactly(house: House) -> None:
    out = markdown(house, "--edition", "1")
    areas = [line for line in seed().split("\n") if re.match(r"\d+\. (?!\*)", line)]
    assert len(areas) == 2
    assert [line for line in out.split("\n") if re.match(r"\d+\. (?!\*)", line)] == areas
    before, after = read_document(seed()), read_document(out)
    assert [len(theme.items) for theme in after.themes] == [5, 4, 3]
    assert after.themes == before.themes
    # not only as one reader reads them: every line of theirs is in the file as it was
    themes = seed()[seed().index("- *Keep") : seed().index("Signatories")].split("\n")
    for line in (line for line in themes if line.strip("- ")):
        assert f"\n{line}\n" in out or f"\n## {line}\n" in out
    for part in ("title", "subtitle", "preamble", "areas", "after_areas", "acknowledgement"):
        assert getattr(after, part) == getattr(before, part)


def test_what_is_broken_in_the_file_is_reported_and_not_mended(house: House) -> None:
    said = house.run("import", str(APLN), "--yes", "--again", "--title", "The same once more").stdout
    assert "line 31: an empty list entry, left out" in said
    assert re.search(r"line 25: a paragraph broken off, perhaps by a page.*expand the / Western Pacific", said)
    assert "In addition, expand the\n\nWestern Pacific Naval Symposium" in markdown(house, "--edition", "1")


def test_a_typo_corrected_shows_as_of_before_and_after(house: House) -> None:
    with house.reading() as reading:
        dialogue = dialogue_named(reading, "Improving Security")
        before = reading.bound(dialogue)
    [wrong] = [line for line in signatory_lines(seed()) if "The Intitute of" in line]
    number, _, descriptor = wrong.partition(" – ")
    place = int(number.split(".")[0])
    right = descriptor.replace("Intitute", "Institute")
    # the signatories were invited in the order of the list, after the secretariat
    signature = endorsement_id(dialogue, named(dialogue, f"N{place + 1}"), named(dialogue, "D1"))
    command = IssueCorrection(
        named(dialogue, "D1"), "Intitute: Institute", endorsement=signature, descriptor=Personal(right)
    )
    act(house, "Improving Security", command)
    lines = signatory_lines(seed())
    mended = [line.replace("Intitute", "Institute") for line in lines]
    assert signatory_lines(markdown(house)) == mended
    assert signatory_lines(markdown(house, "--as-of", str(before))) == lines
    assert "Edition 2, list of signatories: Intitute: Institute" in markdown(house)
    listed = house.shown("signatories", "--in", "Improving Security")
    assert right in str(listed)
    then = house.shown("signatories", "--in", "Improving Security", "--as-of", str(before))
    assert descriptor in str(then)
    assert right not in str(then)


def test_the_record_holds_no_name_of_those_who_signed(house: House) -> None:
    with house.reading() as reading:
        dialogue = dialogue_named(reading, "Improving Security")
    leaves = b"".join(house.secretariat.record.leaves(dialogue))
    for signatory in read_document(seed()).signatories:
        assert signatory.name.encode() not in leaves


# ---------------------------------------------------------------- a mandate form


def test_the_form_is_granted_held_otherwise_than_planned_and_overrun(house: House) -> None:
    title = "Study Group on Northeast Asia Peace and Cooperation"
    with house.reading() as reading:
        dialogue = dialogue_named(reading, title)
        form = reading.one(reading.t.dialogues, dialogue, "dialogue")
        chairs = [one for one in people(reading, dialogue) if "co-chair" in one.roles]
    assert (form["title"], form["submitted"], form["applicant"], form["meetings"]) == (
        title,
        "2019-06",
        "CSCAP-Korea",
        4,
    )
    assert (form["start"], form["end"], form["status"]) == ("2019-09-01", "2021-08-31", "proposed")
    assert [(one.name, one.body) for one in chairs] == [
        (f"CSCAP-{country}", True) for country in ("Korea", "China", "Japan", "US")
    ]
    assert [words[:4] for words in form["objectives"]] == ["(a) ", "(b) ", "(c) ", "(d) "]
    assert len(form["sections"]) == 4

    keeper = "N5"
    act(house, title, Invite(("steering-committee",), body="CSCAP Steering Committee"), keeper)
    act(house, title, GrantMandate(), "N6")
    months = ("2019-10", "2020-04", "2020-10", "2021-04")
    for month, country in zip(months, ("Korea", "China", "Japan", "US"), strict=True):
        act(house, title, PlanMeeting(host=f"CSCAP-{country}", starts=month), keeper)
    act(house, title, HoldMeeting(named(dialogue, "M1"), "2019-11"), keeper)
    [submitted] = act(house, title, SubmitProposal("Invented hotlines", "Keep one invented line open."), keeper)

    with house.reading() as reading:
        assert reading.one(reading.t.dialogues, dialogue, "dialogue")["status"] == "granted"
        held, *planned = [
            (row["status"], row["planned_starts"], row["starts"])
            for row in reading.all(reading.t.meetings, "meeting", dialogue)
        ]
        proposal = reading.one(reading.t.proposals, named(dialogue, "P1"), "proposal")
        shown = meetings.page(reading, dialogue).items
    assert held == ("held", "2019-10", "2019-11")
    assert [status for status, _, _ in planned] == ["planned"] * 3
    assert len(shown) == 4
    assert proposal["outside"]
    [text] = house.shown("texts", "--in", "Study Group on Northeast")
    assert text["outside"] is True
    told = house.run("log", "Study Group on Northeast", "--from", str(submitted.number)).stdout
    assert "outside the dates of the mandate" in told


def people(reading: Any, dialogue: UUID) -> list[Any]:
    rows = list(reading.all(reading.t.participants, "participant", dialogue))
    found = reading.persons(row["id"] for row in rows)
    return [found[row["id"]] for row in rows]
