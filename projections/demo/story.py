"""The invented dialogue from its mandate form to its published document, as the lines of an `apply` file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from projections.applying import Applying
from projections.demo.amendments import AFTER_REOPENING, FIRST, RESTATED, SECOND, Amended
from projections.demo.cast import ADDRESSEES, CHAIRS, MEMBERS, OBSERVER, PARTICIPANTS, SECRETARIAT, STEERING
from projections.demo.comments import FIRST as FIRST_COMMENTS
from projections.demo.comments import SECOND as SECOND_COMMENTS
from projections.demo.comments import comments
from projections.demo.texts import (
    CHANNELS,
    MERGED,
    OBJECTIVES,
    PEOPLE,
    PREAMBLE,
    PROPOSALS,
    SECTIONS,
    SPLIT,
    THANKS,
    TITLE,
    WORK,
)
from projections.secretariat import Secretariat

FACILITATORS = {"Office": SECRETARIAT, "Steering": STEERING, "Ingrid": OBSERVER.name}
NAMES = {key: person.name for key, person in MEMBERS.items()} | FACILITATORS
DOCUMENT = {
    CHANNELS: ("P1", "P2", "P17", "P12"),
    WORK: ("P5", "P6", "P18", "P19", "P8", "P9"),
    PEOPLE: ("P10", "P11", "P13", "P14"),
}
LATE = ("Hargreave", "Lindqvist", "Ferreira", "Castellanos", "Ryu", "Jiang")  # sign the second edition first
BY_MAIL = ("Tokiwa", "Bai", "Gleb", "Maria", "Enkh", "Tsend", "Pado", "Lan")  # whose signatures the Office enters
UNCONFIRMED = ("Lan", "Pado")
LAPSED = ("Polyarny", "Wicklamp", "Vera")  # the text changed under their names, and they did not sign again
WITHDRAWN = ("Shen",)


class Story:
    """Lines in the order of the acts. Each act happens a few minutes after the one before."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.time = datetime(2025, 1, 20, 9, tzinfo=UTC)
        self.basis = "document"
        self.texts: dict[str, list[str]] = {}  # the versions of each item's text
        self.numbers: dict[str, int] = {}
        self.disposed: list[tuple[str, str, str]] = []  # comment, disposition, reason

    def on(self, day: str, basis: str) -> None:
        """From here on it is that day, and what happens is known from there."""
        self.time = datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC)
        self.basis = basis

    def act(self, by: str, command: str, *, entered_by: str | None = None, **fields: Any) -> None:
        """One act; the Office enters it for others, with the basis of the day."""
        self.time += timedelta(minutes=4)
        line = {"command": command, "actor": NAMES.get(by, by), "time": self.time.isoformat(), "basis": self.basis}
        enters = entered_by or ("" if by == "operator" else "Office")
        if enters:
            line["recordedby"] = NAMES[enters]
        given = {name: value for name, value in fields.items() if value is not None}
        self.lines.append({**line, "act": f"demo-{len(self.lines) + 1}", "fields": given})

    def new(self, letter: str) -> str:
        """The next handle of that letter."""
        self.numbers[letter] = self.numbers.get(letter, 0) + 1
        return f"{letter}{self.numbers[letter]}"

    def adopt(self, item: str, *agreeing: str, **call: Any) -> None:
        """A call on an item that is reached."""
        self.decide(dict.fromkeys(agreeing, "agree"), proposal=item, **call)

    def decide(self, positions: dict[str, str], reasons: dict[str, str] | None = None, **call: Any) -> str:
        """A call with these positions, declared; its handle."""
        handle = self.new("Q")
        self.act("Seo", "CallConsensus", **call)
        for who, name in positions.items():
            self.act(who, "TakePosition", call=handle, name=name, reason=(reasons or {}).get(who))
        if call.get("expires"):
            self.time = datetime.fromisoformat(call["expires"])
        self.act("Minase", "DeclareOutcome", call=handle)
        return handle

    def amend(self, one: Amended) -> None:
        """An amendment, and what became of it."""
        handle = self.new("A")
        versions = self.texts[one.item]
        base = len(versions) if one.base is None else one.base
        text = replaced(versions[base - 1], one.old, one.new)
        self.act(one.by, "ProposeAmendment", proposal=one.item, text=text, base=one.base, reason=one.reason)
        match one.answer:
            case "accepted":
                self.act("Bold", "AcceptAmendment", amendment=handle, reason=one.because or None)
            case "editorial":
                self.act("Bold", "AcceptAmendment", amendment=handle, change="editorial", reason=one.because)
                self.new("R")
            case "rejected":
                self.act("Seo", "RejectAmendment", amendment=handle, reason=one.because)
            case "withdrawn":
                self.act(one.by, "WithdrawAmendment", amendment=handle)
            case "restated":
                text = replaced(versions[-1], *RESTATED[one.item, one.by])
                self.act(one.by, "RestateAmendment", amendment=handle, text=text, reason="The text has moved since.")
                self.act("Bold", "AcceptAmendment", amendment=handle)
        if one.answer in ("accepted", "editorial", "restated"):
            versions.append(text)

    def comment(self, lines: str) -> None:
        """The comments, of which some are disposed of later."""
        item, before = "", ""
        for one in comments(lines):
            handle = self.new("C")
            item = one.item or item
            quotation = {"exact": one.quoted} if one.quoted else None
            about = {"reply_to": before} if one.item is None else {"proposal": item}
            self.act(one.by, "MakeComment", words=one.words, quotation=quotation, **about)
            if one.disposition is not None and one.reason is not None:
                self.disposed.append((handle, one.disposition, one.reason))
            before = handle


def replaced(text: str, old: str, new: str) -> str:
    """The text with these words in the place of those, which stand in it once."""
    assert text.count(old) == 1, f"“{old}” stands {text.count(old)} times in: {text}"
    return text.replace(old, new)


def lines() -> list[dict[str, Any]]:
    """The whole story."""
    story = Story()
    mandate(story)
    first_meeting(story)
    second_meeting(story)
    between_meetings(story)
    third_meeting(story)
    signatures(story)
    published(story)
    return story.lines


def mandate(story: Story) -> None:
    """The form that asks for it, who is invited, and what the steering committee says."""
    officers = [{"roles": ["secretariat"], "body": SECRETARIAT}]
    officers += [
        {"roles": ["co-chair"], "name": person.name, "descriptor": person.descriptor} for person in CHAIRS.values()
    ]
    story.act(
        "operator",
        "ProposeDialogue",
        title=TITLE,
        track="2",
        officers=officers,
        settings={"chairs": "any", "observers_comment": True},
        submitted="2025-01",
        applicant="Institute for Northern Waters (invented)",
        meetings=4,
        start="2025-02",
        end="2027-12",
        sections=[{"heading": heading, "text": text} for heading, text in SECTIONS],
        objectives=list(OBJECTIVES),
    )
    story.basis = "letter"
    for person in PARTICIPANTS.values():
        story.act("Office", "Invite", name=person.name, descriptor=person.descriptor)
    story.act("Office", "Invite", name=OBSERVER.name, descriptor=OBSERVER.descriptor, roles=["observer"])
    story.act("Office", "Invite", body=STEERING, roles=["steering-committee"])
    for body in ADDRESSEES:
        story.act("Office", "Invite", body=body, roles=["addressee"])
    story.act("Steering", "GrantMandate")
    story.on("2025-02-03", "email")
    for who in PARTICIPANTS:
        story.act(who, "AcceptInvitation")
    for title, starts in (("First", "2025-03"), ("Second", "2025-06"), ("Third", "2025-10"), ("Fourth", "2026-09")):
        story.act("Office", "PlanMeeting", title=f"{title} meeting", host="Port of Maehwa", starts=starts)


def first_meeting(story: Story) -> None:
    """Sixteen proposals, the first comments."""
    story.on("2025-03-12", "room")
    story.act("Office", "HoldMeeting", meeting="M1", starts="2025-03-12", ends="2025-03-13", place="Maehwa")
    attend(story, "M1", [who for who in MEMBERS if who not in ("Tsend", "Lan")])
    story.act("Lan", "SendRegrets", reason="At sea.")
    for handle, one in PROPOSALS.items():
        assert handle == story.new("P")
        story.act(one.by, "SubmitProposal", title=one.title, text=one.text, theme=one.theme)
        story.texts[handle] = [one.text]
    for item, who in (("P1", "Ryu"), ("P1", "Wicklamp"), ("P5", "Gleb"), ("P8", "Maria"), ("P12", "Tsend")):
        story.act(who, "CoSponsorProposal", proposal=item)


def second_meeting(story: Story) -> None:
    """Comments by mail, then the first amendments in the room; a merge, a split, and a proposal withdrawn."""
    story.on("2025-04-07", "email")
    story.comment(FIRST_COMMENTS)
    story.act("Vera", "WithdrawProposal", proposal="P16", reason="It is for the ports themselves.")
    story.on("2025-06-18", "room")
    story.act("Office", "HoldMeeting", meeting="M2", starts="2025-06-18", ends="2025-06-20", place="Maehwa")
    attend(story, "M2", [who for who in MEMBERS if who not in ("Baek", "Jiang", "Okafor")])
    for one in FIRST:
        story.amend(one)
    story.act(
        "Seo", "MergeProposals", sources=["P3", "P4"], title=MERGED.title, text=MERGED.text, theme=MERGED.theme,
        reason="A glossary is used on test day, and a test needs a glossary.",
    )  # fmt: skip
    parts = [{"title": title, "text": text} for title, text in SPLIT.items()]
    story.act("Minase", "SplitProposal", proposal="P7", parts=parts, reason="Two services, two budgets.")
    for handle, text in zip(("P17", "P18", "P19"), (MERGED.text, *SPLIT.values()), strict=True):
        story.texts[handle] = [text]


def between_meetings(story: Story) -> None:
    """More amendments and comments by mail, a move between themes, and a ruling that is challenged."""
    story.on("2025-08-25", "email")
    for one in SECOND:
        story.amend(one)
    story.comment(SECOND_COMMENTS)
    story.act("Bold", "MoveItem", proposal="P12", theme=CHANNELS, reason="A forum is a channel too.")
    ruling = story.new("R")
    story.act("Seo", "RuleOnChange", change="substantive", proposal="P8", reason="One day instead of two.")
    story.act("Pellegrin", "ChallengeRuling", ruling=ruling, reason="Faster is not other.")
    story.decide(
        {"Pellegrin": "agree", "Maria": "object", "Meng": "object", "Shen": "abstain"},
        {"Maria": "It doubles the work.", "Meng": "Duty rosters change with it."},
        about="ruling", ruling=ruling,
    )  # fmt: skip


def third_meeting(story: Story) -> None:
    """Every comment is answered, then the calls: two fail, the others are reached, one by silence, one by majority."""
    story.on("2025-10-14", "room")
    story.act("Office", "HoldMeeting", meeting="M3", starts="2025-10-14", ends="2025-10-16", place="Maehwa")
    attend(story, "M3", list(MEMBERS))
    for comment, disposition, reason in story.disposed:
        story.act("Office", "DisposeComment", comment=comment, disposition=disposition, reason=reason)
    story.adopt("P1", "Mulgyeol", "Hargreave", "Gleb", "Lin", "Tokiwa")
    story.adopt("P2", "Mulgyeol", "Minase", "Gleb")
    story.adopt("P17", "Lin", "Asagiri", "Deungdae")
    story.adopt("P5", "Tokiwa", "Nalgae", "Ferreira")
    story.adopt("P6", "Mizuhara", "Lan", "Pado")
    story.adopt("P18", "Bai", "Yukishiro", "Anna")
    story.adopt("P19", "Maria", "Meng", "Saran")
    story.adopt("P8", "Maria", "Ryu", "Pellegrin")
    story.adopt("P9", "Lan", "Shen", "Hargreave")
    story.adopt("P10", "Saran", "Enkh", "Wicklamp")
    objection = {"Polyarny": "A standing body outlives its use."}
    story.decide({"Okafor": "agree", "Tsend": "agree", "Polyarny": "object"}, objection, proposal="P12")
    against = {"Wicklamp": "It cannot be seen to be kept.", "Minase": "The mandate does not reach so far."}
    story.decide({"Polyarny": "agree", "Wicklamp": "object", "Minase": "object"}, against, proposal="P15")
    last = story.decide({"Okafor": "agree", "Tsend": "agree", "Polyarny": "stand-aside"}, proposal="P12")
    story.act("Polyarny", "EnterStatement", call=last, words="I read the word standing as renewed every third year.")
    majority = {"name": "majority", "threshold": "2/3"}
    votes = {"Pellegrin": "agree", "Lindqvist": "agree", "Saran": "agree", "Bai": "object", "Jiang": "abstain"}
    story.decide(votes, {"Bai": "Funders will ask for a register."}, proposal="P13", procedure=majority)
    story.adopt("P14", "Castellanos", "Nalgae", "Anna")
    story.on("2025-11-03", "email")
    story.adopt("P11", procedure={"name": "silence"}, expires="2025-11-07T12:00:00+00:00")


def signatures(story: Story) -> None:
    """The first edition is signed; an item is reopened; the names under it lapse, and most are given again."""
    story.on("2025-11-20", "email")
    story.act(
        "Office", "DraftDocument", title=TITLE, subtitle="Recommendations", preamble=PREAMBLE, acknowledgement=THANKS,
    )  # fmt: skip
    groups = [{"theme": theme, "items": list(items)} for theme, items in DOCUMENT.items()]
    story.act("Office", "OrderItems", document="D1", groups=groups)
    story.act("Office", "IssueEdition", document="D1")
    story.act("Seo", "OpenForSignature", document="D1", closes="2026-03-31T12:00:00+00:00")
    story.on("2025-12-01", "email")
    for who in MEMBERS:
        if who not in LATE:
            sign(story, who)
    for who in BY_MAIL:
        if who not in UNCONFIRMED:
            story.act(who, "ConfirmEndorsement", entered_by=who, endorsement="D1")
    story.act(
        "Nalgae", "EnterReservation", entered_by="Nalgae", endorsement="D1", item="P5",
        words="Rescue regions are named here without prejudice to any claim.", quotation={"exact": "rescue regions"},
    )  # fmt: skip
    story.on("2026-01-12", "email")
    why = "One port has asked for fees that nobody could foresee."
    story.decide({"Lan": "agree", "Shen": "agree"}, about="reopening", proposal="P9", question=why)
    story.amend(AFTER_REOPENING)
    story.adopt("P9", "Lan", "Shen", "Hargreave")
    story.act("Office", "IssueEdition", document="D1")
    story.on("2026-02-02", "email")
    for who in MEMBERS:
        if who not in (*LATE, *LAPSED, *WITHDRAWN):
            entered_by = "Office" if who in UNCONFIRMED else who
            story.act(who, "ReaffirmEndorsement", entered_by=entered_by, endorsement="D1")
    for who in WITHDRAWN:
        story.act(who, "WithdrawEndorsement", endorsement="D1", reason="My institute has asked me to.")
    for who in LATE:
        sign(story, who)
    story.act(
        "Ryu", "EnterReservation", entered_by="Ryu", endorsement="D1",
        words="Within the means that my institute has.",
    )  # fmt: skip


def published(story: Story) -> None:
    """A minority view is bound to it, a typo is corrected with notice, and it is published and circulated."""
    story.on("2026-03-02", "email")
    story.act(
        "Polyarny", "AttachMinorityView", document="D1", title="On a pause in deployments",
        words="I regret that the third meeting did not recommend a pause, however short.",
    )  # fmt: skip
    text = replaced(story.texts["P13"][-1], "answerd", "answered")
    story.act("Office", "IssueCorrection", document="D1", proposal="P13", text=text, reason="A typo: answerd.")
    story.on("2026-03-03", "email")
    story.act("Ryu", "ObjectToChange", entered_by="Ryu", endorsement="D1", reason="I signed the words as they stood.")
    story.on("2026-03-09", "document")
    story.act("Office", "PublishDocument", document="D1")
    story.act("Office", "Circulate", document="D1", addressees=list(ADDRESSEES), note="For your governments.")
    story.on("2026-03-16", "email")
    for body in ADDRESSEES[:2]:
        story.act(body, "AcknowledgeReceipt", circulation="K1")
    story.act(ADDRESSEES[0], "RespondToCirculation", circulation="K1", words="We have passed it on, and support P1.")


def attend(story: Story, meeting: str, present: Iterable[str]) -> None:
    for who in present:
        story.act("Office", "RecordAttendance", meeting=meeting, participant=NAMES[who])


def sign(story: Story, who: str) -> None:
    """A signature as that person gives it: by themselves or by mail, of the text or its general thrust."""
    story.act(
        who,
        "GiveEndorsement",
        entered_by="Office" if who in BY_MAIL else who,
        document="D1",
        publish=True,
        name=NAMES[who],
        descriptor=MEMBERS[who].descriptor,
        assent="general thrust" if who == "Hargreave" else None,
        excepting=["P12"] if who == "Minase" else None,
        place=list(MEMBERS).index(who) + 1,
    )


def play(secretariat: Secretariat, progress: Callable[[int], None] = lambda _: None) -> UUID:
    """Plays the story into an installation, by the way of any history; the dialogue's id."""
    told = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines())
    applied = Applying(secretariat).run(BytesIO(told), progress)
    [dialogue] = applied.dialogues
    return dialogue
