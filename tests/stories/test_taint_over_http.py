"""Every route of the API, asked by every kind of reader: no marked value is in an answer where the table of
audiences does not allow it, and after erasure none is in any answer, nor in the log.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from api.acts import ACTS
from api.examples import example
from dialogue.comment import MakeComment
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.document import Group
from dialogue.drafting import SubmitProposal
from dialogue.erasure import ConfirmErasure, RequestErasure
from dialogue.fact import Personal
from dialogue.issuing import DraftDocument, IssueEdition, OpenForSignature, OrderItems
from dialogue.meeting import CloseSession, OpenSession, PlanMeeting, RecordAttendance
from dialogue.participant import Invite
from dialogue.releasing import PublishDocument
from dialogue.signing import EnterReservation, GiveEndorsement
from door import Door
from house import PEOPLE, House
from routes import HERE, place, reads

SPEAKERS = ("Maral", "Pavel", "Seoyun", "Haneul", "Bora")
READERS = {
    "co-chair": "Rin",
    "secretariat": "Office",
    "steering-committee": "Steering",
    "participant": "Tuya",
    "observer": "Observer",
    "auditor": "Auditor",
    "addressee": "Committee",
    "present": "Lin",
    "their own": "Mark",
    "speaker": "Pavel",
    "public": None,
}
INSIDE = set(READERS) - {"public", "addressee"}
ROOM = {"secretariat", "present", "their own", "speaker"}
ANYBODY = set(READERS)
# Which marked value may be told to whom: domain.md, "Who may learn what".
MAY = {
    "name": INSIDE,
    "family": INSIDE,
    "given": INSIDE,
    "forms": INSIDE,
    "descriptor": INSIDE,
    "affiliation": INSIDE,
    "country": INSIDE,
    "email": {"secretariat", "their own"},
    "signedname": ANYBODY,  # in print, by the consent that came with the signature
    "signeddescriptor": ANYBODY,
    "hidden": INSIDE,  # signed without that consent
    "label": {"secretariat", "their own"},
    "released": INSIDE,
    "closed": ROOM,
    "waiting": ROOM,
    "held": {"secretariat", "co-chair", "speaker"},
    "entered": {"secretariat", "co-chair", "speaker"},
}
THINGS = {
    "participant": "N14", "meeting": "M1", "session": "S3", "proposal": "P1", "amendment": "A1", "comment": "C1",
    "call": "Q1", "ruling": "R1", "document": "D1", "endorsement": "D1", "circulation": "K1", "joint": "J1",
    "number": "1", "reservation": "1", "id": "nonsense", "ticket": "nonsense",
}  # fmt: skip
MARK = re.compile(rb"MARK([a-z]+)KRAM")


def mark(name: str) -> str:
    return f"MARK{name}KRAM"


class Marked(House):
    """A house in which N14, "Mark", has a mark for each value, and what is said in the rooms is marked too."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        names = ("name", "family", "given", "forms", "descriptor", "affiliation", "country", "email")
        self.act(Invite(("participant",), **{name: Personal(mark(name)) for name in names}), by="Office")
        self.act(Invite(("participant",), Personal(mark("hidden"))), by="Office")
        self.act(PlanMeeting(), by="Office")
        self.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
        self.rooms()
        self.papers()
        self.secretariat.access.create(self.dialogue, self.person("Mark"), label=mark("label"))

    def person(self, name: str) -> UUID:
        marked = {"Mark": f"N{len(PEOPLE) + 1}", "Hidden": f"N{len(PEOPLE) + 2}"}
        return self.thing(marked[name]) if name in marked else super().person(name)

    def rooms(self) -> None:
        """A session whose words are released, a closed one, and one that is open."""
        for session, attribution in (("S1", None), ("S2", "closed"), ("S3", None)):
            self.act(OpenSession(self.thing("M1"), attribution))
            for name in ("Lin", "Mark"):
                there = RecordAttendance(self.thing("M1"), self.person(name), session=self.thing(session))
                self.act(there, by="Office")
        for session, words in (("S1", "released"), ("S2", "closed")):
            for name in SPEAKERS:
                self.act(MakeComment(f"{mark(words)} {name}", session=self.thing(session)), by=name)
            self.act(CloseSession(self.thing(session)))
        self.act(MakeComment(mark("waiting"), session=self.thing("S3")), by="Pavel")
        self.act(SubmitProposal("Drills", "Hold one drill."), by="Tuya")
        for call, item, reason in (("Q1", "P1", "entered"), ("Q2", "P2", "held")):
            self.act(CallConsensus(proposal=self.thing(item), session=self.thing("S3")))
            self.act(TakePosition(self.thing(call), "object", mark(reason)), by="Pavel")
            if reason == "entered":
                self.act(DeclareOutcome(self.thing(call)))

    def papers(self) -> None:
        """A published document that both have signed."""
        document = self.thing("D1")
        report = {"kind": "meeting report", "authors": (self.person("Office"),), "disclaimer": "Its authors' alone."}
        self.act(DraftDocument("Quiet Waters", **report), by="Office")
        self.act(OrderItems(document, (Group("", (self.thing("P1"),)),)), by="Office")
        self.act(IssueEdition(document), by="Office")
        self.act(OpenForSignature(document=document))
        signed = {"name": Personal(mark("signedname")), "descriptor": Personal(mark("signeddescriptor"))}
        self.act(GiveEndorsement(document=document, publish=True, **signed), by="Mark")
        self.act(EnterReservation(self.signature("Mark", "D1"), "Not in winter."), by="Mark")
        self.act(GiveEndorsement(document=document), by="Hidden")
        self.act(PublishDocument(document), by="Office")


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    house = Marked(tmp_path)
    yield Door(house)
    house.close()


def answers(door: Door, reader: str) -> Iterator[tuple[str, bytes]]:
    """What every route answers them: what is shown, in every form, and why an act is refused."""
    by = READERS[reader]
    sent = {"Authorization": f"Bearer {door.secret(by)}"} if by else {}
    for path in reads(door, THINGS):
        for media_type in ("application/json", *(TEXTS if "editions/" in path or path == "entries" else ())):
            where = f"/v1/dialogues/{door.house.dialogue}/{path}".rstrip("/")
            answer = door.client.get(where, headers={**sent, "Accept": media_type}, buffered=True)
            yield f"GET {path}", answer.data + str(answer.headers).encode()
    for act in ACTS:
        if reader in ("participant", "observer", "addressee", "public"):  # who may do little of it
            where = place(f"{HERE}/{act.path}", THINGS)
            where = f"/v1/dialogues/{door.house.dialogue}/{where}".rstrip("/")
            dry = {**sent, "If-Match": '"e1"'}  # for a state long past, so that nothing is done
            answer = door.client.open(where, method=act.method, headers=dry, json=example(act))
            yield f"{act.method} {act.path}", answer.data + str(answer.headers).encode()


def remembered(door: Door) -> list[bytes]:
    """The answers that this process remembers, once the dialogue has been quiet and is read again."""
    door.house.wait(minutes=1)
    assert door.get("documents/D1/signatories", by="Tuya").status_code == 200
    return [content for _, content, _ in door.app.extensions["memory"].known.values()]


TEXTS = ("text/html", "text/markdown", "application/x-ndjson")


def test_no_route_tells_anybody_what_the_table_does_not_allow_and_after_erasure_nobody(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: dict[str, set[str]] = {name: set() for name in MAY}
    for reader in READERS:
        for what, answer in answers(door, reader):
            for found in MARK.findall(answer):
                name = found.decode()
                assert reader in MAY[name], f"{what} tells {reader} the {name}"
                told[name].add(reader)
    # so that the test can fail: what may be told is told somewhere, but for addresses, which no route shows
    shown = {name for name, readers in told.items() if "secretariat" in readers}
    assert shown >= set(MAY) - {"email", "label", "waiting"}
    assert "public" in told["signedname"]
    assert "present" in told["closed"]
    assert "co-chair" in told["held"] & told["entered"]
    house = door.house
    assert any(b"MARKhidden" in one for one in remembered(door)), "answers with names are remembered"
    for name, by in (("Mark", "Office"), ("Hidden", "Office")):
        house.act(RequestErasure(house.person(name)), by=by)
        house.act(ConfirmErasure(house.person(name)), by="Rin")
    gone = {name for name in MAY if name not in ("released", "closed", "waiting", "held", "entered")}
    for reader in ("secretariat", "participant", "auditor", "public"):
        for what, answer in answers(door, reader):
            left = gone & {found.decode() for found in MARK.findall(answer)}
            assert not left, f"after erasure {what} tells {reader} the {left}"
    assert "MARK" not in caplog.text, "nothing of it is in the log"
    assert not any(b"MARKhidden" in one for one in remembered(door)), "and no answer with it is remembered"
    refused = door.client.get(
        f"/v1/dialogues/{house.dialogue}/me", headers={"Authorization": f"Bearer {door.secret('Mark')}"}
    )
    assert refused.status_code == 401
