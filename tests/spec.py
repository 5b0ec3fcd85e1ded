"""The language of the domain's tests: a history is given, a command is put, and facts follow or a refusal.

    given(did("Tuya", SubmitProposal("Hotlines", "Open one hotline.")))
        .when(ReviseProposal(P1, "Open two hotlines."), by="Tuya")
        .then(ProposalRevised, version=2, text="Open two hotlines.")

The dialogue, its people and its words are invented. Its clock starts at START and moves by a minute with each
act, or by `waited`; ids are those of handles (P1, N4) or are drawn in order. A story is never changed: `when`
works on a copy, so that a refused act leaves nothing behind, and every accepted one is read back from its bytes and
done again from its facts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from dialogue.acts import act
from dialogue.book import S
from dialogue.call import PositionsEntered, position_id
from dialogue.endorsement import endorsement_id
from dialogue.envelope import from_leaf, to_leaf
from dialogue.fact import OPERATOR, Basis, Command, Entry, Fact, Moment, Personal, Refused, Text, named
from dialogue.history import History
from dialogue.mandate import ProposeDialogue, Settings
from dialogue.participant import Invite
from dialogue.reenact import reenact
from dialogue.speaking import heard_in, said
from dialogue.text import digest

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DIALOGUE = UUID("d1a10900-0000-4000-8000-000000000001")

# Everybody by the short name that the tests use, in the order of their numbers: N1 is Rin.
CAST = {
    "Rin": Invite(("co-chair",), Personal("ASADA Rin"), affiliation=Personal("Institute of Invented Seas")),
    "Maral": Invite(("co-chair",), Personal("Maral BOLD"), affiliation=Personal("Centre for Steppe Studies")),
    "Office": Invite(("secretariat",), Personal("Jonas HOLT")),
    "Steering": Invite(("steering-committee",), body="Steering Committee of the Invented Network"),
    "Tuya": Invite(("participant",), Personal("Tuya ENKH"), descriptor=Personal("Former Envoy for Rivers")),
    "Pavel": Invite(("participant",), Personal("Павел ОРЛИН"), capacity="personal"),
    "Seoyun": Invite(("participant",), Personal("HAN Seo-yun"), forms=Personal("한서윤")),
    "Observer": Invite(("observer",), Personal("Inês DUARTE")),
    "Auditor": Invite(("auditor",), Personal("Otto LINDE")),
    "Committee": Invite(("addressee",), body="Member Committee of Nowhere"),
}
OFFICERS = 4  # the first of them come with the form that asks for the dialogue
MEMBERS = ("Rin", "Maral", "Tuya", "Pavel", "Seoyun")  # who takes positions and signs


def thing(handle: str) -> UUID:
    """The id of what has this handle: P1, A2, Q1, D1 …"""
    return named(DIALOGUE, handle)


def who(name: str) -> UUID:
    """The id of somebody of the cast, or of a participant by handle."""
    return thing(f"N{list(CAST).index(name) + 1}") if name in CAST else thing(name)


def signature(name: str, handle: str) -> UUID:
    """The id of somebody's signature under a proposal or document."""
    return endorsement_id(DIALOGUE, who(name), thing(handle))


def position(name: str, call: str = "Q1") -> UUID:
    """The id of somebody's position in a call."""
    return position_id(thing(call), who(name))


def hours(number: float) -> datetime:
    """The instant so many hours after START."""
    return START + timedelta(hours=number)


@dataclass(frozen=True)
class Did:
    """An act of the past: who did what and, where the clock does not say so, when and on what basis."""

    by: str
    command: Command
    at: datetime | None = None
    basis: Basis | None = None
    entered_by: str | None = None


@dataclass(frozen=True)
class Waited:
    """Time passed, until this instant."""

    until: datetime


Step: TypeAlias = Did | Waited | Fact


def did(
    by: str,
    command: Command,
    at: datetime | None = None,
    basis: Basis | None = None,
    entered_by: str | None = None,
) -> Did:
    return Did(by, command, at, basis, entered_by)


def waited(number: float) -> Waited:
    """So many hours after START have passed."""
    return Waited(hours(number))


@dataclass
class Story:
    """A history with its clock, and the entries since START by which it came about."""

    history: History = field(default_factory=lambda: History(DIALOGUE, f"tests.example/{DIALOGUE}"))
    clock: datetime = START
    entries: list[Entry] = field(default_factory=list)

    def copy(self) -> Story:
        return Story(self.history.copy(), self.clock, list(self.entries))

    def find(self, kind: type[S], id: UUID) -> S:
        """The folded state of that kind and id."""
        return self.history.one(kind, id)

    def when(
        self,
        command: Command,
        by: str = "Rin",
        at: datetime | None = None,
        basis: Basis | None = None,
        entered_by: str | None = None,
    ) -> Outcome:
        """What comes of the command. An act `at` an instant of the past is recorded now; without, it happens now."""
        after = self.copy()
        try:
            entries = after.put(Did(by, command, at, basis, entered_by))
        except Refused as refused:
            return Outcome(self.history, self.clock, self.entries, refusal=refused)
        return Outcome(after.history, after.clock, after.entries, left=list(entries))

    def step(self, step: Step) -> None:
        if isinstance(step, Waited):
            self.clock = max(self.clock, step.until)
        elif isinstance(step, Did):
            self.put(step)
        else:
            self.entries += self.history.extend([step], self.moment(Did("Office", Command())))

    def put(self, done: Did) -> list[Entry]:
        before, moment = self.history.copy(), self.moment(done)
        session = heard_in(done.command, self.history)
        if session is not None:
            self.history.said.append((moment.act, said(done.command, session, self.history, moment)))
            return []
        entries = act(done.command, self.history, moment)
        for entry in entries:
            read_back(entry)
        done_again(entries, before, self.history.texts)
        self.entries += entries
        return entries

    def moment(self, done: Did) -> Moment:
        self.clock += timedelta(minutes=1)
        time = done.at or self.clock
        self.clock = max(self.clock, time)
        number = self.history.next_entry
        drawn = iter(range(1_000_000))
        return Moment(
            actor=OPERATOR if done.by == "Operator" else who(done.by),
            recordedby=who(done.entered_by or done.by) if done.by != "Operator" else OPERATOR,
            time=time,
            recorded=self.clock,
            act=f"act-{number}",
            draw=lambda: uuid5(DIALOGUE, f"drawn at entry {number}: {next(drawn)}"),
            basis=done.basis,
        )


@dataclass
class Outcome(Story):
    """What came of a command: facts, looked at in their order, or a refusal. It is a story to go on from."""

    left: list[Entry] = field(default_factory=list)
    refusal: Refused | None = None

    def then(self, fact: type[Fact], **expected: object) -> Outcome:
        """The next fact is of this type, and has these values in its fields."""
        assert self.refusal is None, f"refused ({self.refusal.code}): {self.refusal}"
        assert self.left, f"no {fact.__name__} followed"
        entry = self.left.pop(0)
        assert type(entry.fact) is fact, f"{entry.fact} followed where {fact.__name__} was expected"
        for name, value in expected.items():
            found = getattr(entry.fact, name)
            assert found == meant(value, found), f"{fact.__name__}.{name} is {found!r}, not {value!r}"
        return self

    def then_accepted(self) -> Outcome:
        """Some fact followed, whichever."""
        assert self.refusal is None, f"refused ({self.refusal.code}): {self.refusal}"
        assert self.left, "nothing followed"
        return self

    def then_nothing(self) -> Outcome:
        """No fact followed, or none after those looked at so far."""
        assert self.refusal is None, f"refused ({self.refusal.code}): {self.refusal}"
        assert not self.left, f"{[entry.fact for entry in self.left]} followed"
        return self

    def refused(self, code: str, *words: str, **details: object) -> Outcome:
        """It was refused with this code, in a sentence with these words."""
        assert self.refusal is not None, f"{[type(entry.fact).__name__ for entry in self.left]} followed"
        assert self.refusal.code == code, f"refused as {self.refusal.code}: {self.refusal}"
        for some in words:
            assert some in str(self.refusal), f"“{some}” is not said in “{self.refusal}”"
        for name, value in details.items():
            found = self.refusal.details.get(name)
            assert found == value, f"{name} is {found!r}, not {value!r}"
        return self


def given(*steps: Step, **settings: Any) -> Story:
    """The dialogue with its cast, after these steps. Keywords are its settings; one co-chair acts unless they say."""
    agreed = replace(Settings(chairs="any"), **settings)
    officers, others = list(CAST.values())[:OFFICERS], list(CAST.values())[OFFICERS:]
    story = Story()
    story.put(
        Did("Operator", ProposeDialogue("Water and Trust (an invented dialogue)", "1.5", tuple(officers), agreed))
    )
    for invitation in others:
        story.put(Did("Office", invitation))
    for step in steps:
        story.step(step)
    return story


def meant(expected: object, found: object) -> object:
    """What a short way of writing stands for: words for their text, a name or handle for an id."""
    if isinstance(expected, str) and isinstance(found, Text):
        return Text(digest(expected))
    if isinstance(expected, str) and isinstance(found, UUID):
        return who(expected)
    if isinstance(expected, tuple) and isinstance(found, tuple) and len(expected) == len(found):
        return tuple(meant(one, other) for one, other in zip(expected, found, strict=True))
    return expected


def done_again(entries: list[Entry], before: History, texts: dict[str, str]) -> None:
    """Demands that an auditor who has the facts alone gets to the same facts by the rules; and also one to whom the
    positions that were held under the Chatham House Rule are disclosed.
    """
    if entries:
        before.texts = dict(texts)
        bare = [from_leaf(to_leaf(entry)) for entry in entries]
        pairs = zip(entries, bare, strict=True)
        disclosed = [entry if isinstance(entry.fact, PositionsEntered) else one for entry, one in pairs]
        if disclosed != bare:
            reenact(disclosed, before.copy())
        reenact(bare, before)


def read_back(entry: Entry) -> None:
    """Demands that an entry reads from its bytes as it was, but for what is sealed."""
    personal = {f.name: None for f in fields(entry.fact) if isinstance(getattr(entry.fact, f.name), Personal)}  # type: ignore[arg-type]
    assert from_leaf(to_leaf(entry)) == replace(entry, fact=replace(entry.fact, **personal))  # type: ignore[type-var]
