"""Every personal value is a word found nowhere else: none of them is where it may not be, and after erasure nowhere.

The history has every kind of personal value that the domain knows; the stores, an export and the output of every
command that shows something are searched for the words, and for what could be guessed from them.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path
from typing import Any, get_args

import pytest

from cli.commands import COMMANDS as TABLE
from dialogue.comment import MakeComment
from dialogue.document import Group
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.endorsement import endorsement_id
from dialogue.erasure import ConfirmErasure, RequestErasure
from dialogue.fact import Command, Entry, Fact, Personal
from dialogue.issuing import DraftDocument, IssueEdition, OpenForSignature, OrderItems
from dialogue.kinds import FACTS
from dialogue.meeting import PlanMeeting, RecordAttendance
from dialogue.participant import ChangeAffiliation, CorrectParticipant, Invite
from dialogue.releasing import IssueCorrection, PublishDocument
from dialogue.shape import hints
from dialogue.signing import EnterReservation, GiveEndorsement, ReaffirmEndorsement
from house import PEOPLE, House
from projections.forgetting import held

EVIDENCE = hashlib.sha256(b"an invented letter").hexdigest()
SHOWING = [
    ("open",), ("list",), ("show",), ("texts",), ("text", "P1"), ("signatories", "--document", "D1"), ("amendments",),
    ("comments",), ("decisions",), ("documents",), ("documents", "D1"), ("participants",), ("meetings",),
    ("publish", "--format", "json"), ("publish", "--format", "html"), ("publish",), ("ready", "D1"),
    ("notices",), ("who-had-seen", "D1"), ("token", "list"), ("log",), ("replay",), ("trace", "P1"), ("verify",),
    ("doctor",), ("rebuild", "--check"), ("subject-access", "N14"), ("config", "show"),
]  # fmt: skip
UNDER_THE_RULE = {"session-notes", "receipt", "ticket"}  # test_chatham_house


def mark(name: str) -> Personal:
    return Personal(f"MARK{name}KRAM")


class Tainted(House):
    """A house with one more person, N14, whose every value is a word found nowhere else."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        names = ("name", "family", "given", "forms", "descriptor", "affiliation", "country", "email")
        self.act(Invite(("participant",), **{name: mark(name) for name in names}), by="Office")
        self.mark = self.thing(f"N{len(PEOPLE) + 1}")
        proposal, document, meeting = (self.thing(handle) for handle in ("P1", "D1", "M1"))
        self.by_mark(SubmitProposal("Hotlines", "Open one hotline."), evidence=EVIDENCE)
        self.by_mark(ChangeAffiliation(None, mark("descriptor2"), mark("affiliation2"), mark("country2")))
        corrected = {name: mark(f"{name}3") for name in ("name", "family", "given", "forms", "email")}
        self.act(CorrectParticipant(self.mark, "spelling", **corrected), by="Office")
        self.by_mark(MakeComment("Who pays?", proposal))
        self.act(PlanMeeting("First"), by="Office")
        self.act(RecordAttendance(meeting, self.mark), by="Office")
        self.act(DraftDocument("Recommendations"), by="Office")
        self.act(OrderItems(document, (Group("", (proposal,)),)), by="Office")
        self.act(IssueEdition(document), by="Office")
        self.act(OpenForSignature(document=document))
        signed = {"name": mark("signedname"), "descriptor": mark("signeddescriptor")}
        self.by_mark(GiveEndorsement(document=document, publish=True, **signed))
        signature = endorsement_id(self.dialogue, self.mark, document)
        self.by_mark(EnterReservation(signature, "Not in winter."))
        self.by_mark(ReviseProposal(proposal, "Open two hotlines."))
        self.act(IssueEdition(document), by="Office")
        self.by_mark(ReaffirmEndorsement(signature, descriptor=mark("reaffirmed")))
        printed = {"name": mark("printed"), "descriptor": mark("line")}
        self.act(IssueCorrection(document, "A slip.", endorsement=signature, **printed), by="Office")
        self.act(PublishDocument(document), by="Office")
        self.secretariat.access.create(self.dialogue, self.mark, label="MARKlabelKRAM")

    def by_mark(self, command: Command, **moment: Any) -> list[Entry]:
        self.wait(minutes=1)
        return self.secretariat.execute(self.dialogue, command, self.secretariat.moment(self.mark, **moment))

    def values(self) -> list[str]:
        """Everything personal that is held about them, in clear, but for their own id."""
        found = [str(one.value) for one in held(self.secretariat, self.dialogue, self.mark)]
        return [value for value in found if value != str(self.mark)]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory):
    house = Tainted(tmp_path_factory.mktemp("taint"))
    yield house
    house.close()


@pytest.fixture
def erased(tmp_path: Path):
    """Another such house, for whoever forgets."""
    house = Tainted(tmp_path)
    yield house
    house.close()


def stores(house: Any) -> dict[str, bytes]:
    folder = Path(house.environ["DIALOGUE_DATA"])
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def traces(value: str) -> list[bytes]:
    """The value in the spellings in which it could lie somewhere, and its plain hashes."""
    content = value.encode()
    digests = [hashlib.new(name, content) for name in ("sha256", "sha1", "md5", "sha512")]
    spelled = [content, content.hex().encode(), *(b64encode(content)[a:-4] for a in (0, 4)), value.encode("utf-16-le")]
    hashed = [one.hexdigest().encode() for one in digests] + [one.digest() for one in digests]
    return [*spelled, *hashed, *(urlsafe_b64encode(one.digest()).rstrip(b"=") for one in digests)]


def test_the_history_has_every_personal_field_that_a_fact_can_hold(house):
    found = {
        (type(entry.fact).__name__, name)
        for entry in house.secretariat.record.entries(house.dialogue)
        for name, _ in house.secretariat.custody.open(entry.sealed).values()
    }
    every = {(name, field) for name, fact in FACTS.items() for field in fields_of(fact)}
    # those are in test_chatham_house, test_own_keys and test_forgetting
    elsewhere = {
        ("CommentMade", "words"),
        ("PositionsEntered", "positions"),
        ("EndorsementGiven", "signature"),
        ("ErasureConfirmed", "others"),
    }
    assert every - found == elsewhere


def fields_of(fact: type[Fact]) -> set[str]:
    """The fields that may hold a personal value."""
    return {name for name, hint in hints(fact).items() if Personal in (hint, *get_args(hint))}


def test_no_store_holds_a_value_in_clear_nor_anything_by_which_it_could_be_confirmed(house):
    values = house.values()
    assert len(values) > 20
    for name, content in stores(house).items():
        for value in values:
            assert not [one for one in traces(value) if one in content], f"{value} is in {name}"


def test_an_export_holds_none_of_it(house, tmp_path):
    assert house.run("export", "--to", str(tmp_path / "export")).exit_code == 0
    for path in (tmp_path / "export").rglob("*"):
        assert path.is_dir() or b"MARK" not in path.read_bytes(), path.name


def test_a_roster_of_two_hundred_names_confirms_none_of_them(house):
    """Whoever has the record, a roster and one missing line can confirm no name: every digest is salted afresh."""
    roster = [f"KIM Invented{number}" for number in range(199)] + ["MARKnameKRAM"]
    leaves = b"\n".join(house.secretariat.record.leaves(house.dialogue))
    digests = set(re.findall(rb'"([A-Za-z0-9_-]{43})"', leaves)) | set(re.findall(rb'"([0-9a-f]{64})"', leaves))
    assert len(digests) > 30
    for name in roster:
        bare = [
            json.dumps(content, ensure_ascii=False, separators=separators).encode()
            for content in (name, ["name", name], ["", "name", name], {"name": name})
            for separators in ((",", ":"), (", ", ": "))
        ]
        for content in (name.encode(), *bare):
            for spelled in (content, urlsafe_b64encode(content).rstrip(b"=")):
                digest = hashlib.sha256(spelled)
                guesses = {urlsafe_b64encode(digest.digest()).rstrip(b"="), digest.hexdigest().encode()}
                assert not guesses & digests
    twice = [entry for entry in house.secretariat.record.entries(house.dialogue) if entry.sealed]
    sealed = [digest for entry in twice for digest in entry.sealed]
    assert len(sealed) == len(set(sealed)), "the same value twice has two digests"


@pytest.mark.parametrize("command", SHOWING, ids=" ".join)
def test_no_command_shows_an_address_but_that_which_shows_a_person_what_is_held(house, command):
    result = house.run(*command)
    assert result.exit_code == 0, result.stderr
    assert ("MARKemail" in result.stdout + result.stderr) == (command[0] == "subject-access")


def test_every_command_that_shows_something_is_searched():
    shown = {command[0] for command in SHOWING}
    sections = ("Show", "People's own data")
    assert {name for section in sections for name in TABLE[section]} - shown <= {"forget", *UNDER_THE_RULE}


def test_after_erasure_no_word_of_it_is_anywhere(erased, tmp_path):
    values = erased.values()
    erased.act(RequestErasure(erased.mark), by="Office")
    erased.act(ConfirmErasure(erased.mark), by="Rin")
    for name, content in stores(erased).items():
        assert not [value for value in (*values, "MARK") if value.encode() in content], name
    for command in SHOWING:
        for form in ((), ("--json",)) if command[0] != "publish" else ((),):
            result = erased.run(*command, *form)
            assert result.exit_code == 0, f"{command}: {result.stderr}"
            assert "MARK" not in result.stdout + result.stderr, command
    assert erased.run("export", "--full", "--to", str(tmp_path / "export")).exit_code == 0
    for path in (tmp_path / "export").rglob("*"):
        assert path.is_dir() or b"MARK" not in path.read_bytes(), path.name
    assert erased.run("verify", str(tmp_path / "export")).exit_code == 0


# What each reader may be told of somebody who signed: domain.md, "Who may learn what".
PRINTED = {"signedname", "signeddescriptor", "reaffirmed", "printed", "line"}
READERS = {"public": PRINTED, "N5": None, "N8": None, "N9": None}  # None: everything but the address and the token


@pytest.mark.parametrize("reader", READERS)
def test_no_command_tells_another_reader_what_the_table_does_not_allow(house, reader):
    may, told = READERS[reader], set()
    for command in SHOWING:
        result = house.run(*command, "--reader", reader)
        if result.exit_code == 2:  # it is not for readers
            continue
        found = set(re.findall(r"MARK([a-z0-9]+?)KRAM", result.stdout + result.stderr))
        assert not found & {"email", "email3", "label"}, command
        assert may is None or found <= may, command
        told |= found
    assert told, "so that the test can fail"
