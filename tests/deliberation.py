"""A dialogue under random acts: what a stateful test does to it, wherever it is kept.

It is asked for this and that, by plausible and by implausible people, now or entered late, and time passes. Each
fact is told to the independent model, and the rules are held against it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from asking import FAMILIES, Asking, fresh
from dialogue.acts import COMMANDS
from dialogue.document import Group, Numbered
from dialogue.fact import OPERATOR, Command, Conflict, Entry, Moment, Refused, named
from dialogue.procedure import Procedure
from model import EDITIONS, Model, soon
from rules import Rules
from spec import CAST

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SEEDS = st.integers(0, 2**32)


# Asked for once more at once, these change nothing: what they ask for is so already, or cannot be done twice.
ONCE = {
    "ProposeDialogue", "AgreeSettings", "GrantMandate", "DeclineMandate", "ExtendMandate", "ConcludeDialogue",
    "AcceptInvitation", "NameAlternate", "AssignRoles", "LeaveDialogue", "RecordDeath", "HoldMeeting", "CancelMeeting",
    "CloseSession", "ReviseProposal", "WithdrawProposal", "CoSponsorProposal", "MergeProposals", "SplitProposal",
    "MoveItem", "ReopenText", "BracketText", "RestateAmendment", "AcceptAmendment", "RejectAmendment",
    "WithdrawAmendment", "RetractComment", "DisposeComment", "WithdrawPosition", "ExtendDeadline", "DeclareOutcome",
    "ConfirmOutcome", "SetAsideOutcome", "RuleOnChange", "ChallengeRuling", "GiveEndorsement", "ConfirmEndorsement",
    "ReaffirmEndorsement", "WithdrawEndorsement", "ObjectToChange", "ConsentToPublication", "WithdrawConsent",
    "LiftReservation", "ReviseDocument", "OrderItems", "RenumberItems", "IssueEdition", "OpenForSignature",
    "CloseForSignature", "SetEmbargo", "PublishDocument", "AcknowledgeReceipt", "MarkEnteredInError",
    "IntroduceLogKey", "TakeOverRecord", "RequestErasure", "ConfirmErasure", "AssentToAct", "Settle",
}  # fmt: skip


class Deliberation(RuleBasedStateMachine):
    """One dialogue under random acts. A subclass has `perform`, which does an act or refuses it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.dialogue = UUID("d1a10900-0000-4000-8000-000000000009")
        self.model = Model(self.words)
        self.law = Rules(self.model)
        self.leaves: list[bytes] = []
        self.acts = 0

    def words(self, digest: str) -> str:
        raise NotImplementedError

    def perform(self, command: Command, moment: Moment) -> list[Entry]:
        """The act's entries, seen by the model too; what a refused one must leave behind is nothing."""
        raise NotImplementedError

    @initialize(seed=SEEDS)
    def the_dialogue_is_proposed(self, seed: int) -> None:
        self.salt, dice = seed, Random(seed)
        self.families = ("drafting", *dice.choices(FAMILIES, k=6))
        courses = (self.a_call_is_held, self.a_document_is_signed, self.a_text_moves_under_its_signatures,
                   self.an_edition_rests_on_a_ruling, self.amendments_meet)  # fmt: skip
        self.courses = (self.time_passes, *dice.choices(courses, k=2))
        asking = Asking(self.model, dice, self.dialogue, self.now)
        dates = {"start": "2026-03", "end": "2026-05"} if dice.randrange(3) == 0 else {}
        agreed = asking.settings() if dice.randrange(3) else replace(asking.settings(), chairs="any")
        agreed = replace(agreed, chairs=max(agreed.chairs, 1)) if isinstance(agreed.chairs, int) else agreed
        form = COMMANDS["ProposeDialogue"]("Quiet Waters", "1.5", tuple(CAST.values()), agreed, **dates)
        assert self.ask(form, actor=OPERATOR), "it begins"

    def ask(self, command: Command, **given: Any) -> list[Entry]:
        """The entries of an act at this moment; none if it was refused or changes nothing."""
        self.now += timedelta(seconds=7)
        self.acts += 1
        act = f"act-{self.acts}"
        moment = {"recordedby": given["actor"], "time": self.now, "recorded": self.now, "act": act}
        moment |= {name: value for name, value in given.items() if name != "basis" or value}
        try:
            entries = self.perform(command, Moment(**moment, draw=fresh(named(self.dialogue, act))))
        except (Refused, Conflict) as refused:
            note(f"{command} by {given}: {refused}")
            return []
        note(f"{command} by {given}: {[(one.number, type(one.fact).__name__) for one in entries]}")
        if entries:
            self.law.end_of_act()
            assert not self.law.broken, self.law.broken
        return entries

    @rule(seed=SEEDS)
    def the_dialogue_goes_on(self, seed: int) -> None:
        """A few acts, mostly of the few families of commands that this history is about, and what leads on.

        Hypothesis likes small numbers and to repeat itself: it says how many steps there are and where each begins,
        and the place in the history is mixed in for variety.
        """
        dice = Random(f"{self.salt} {seed} {self.acts}")
        for _ in range(dice.randint(1, 6)):
            if dice.randrange(4) == 0:
                dice.choice(self.courses)(dice)
            elif dice.randrange(3):
                self.something(dice.choice(self.families), dice)
            else:
                self.something(dice.choice(FAMILIES), dice)

    def something(self, family: str, dice: Random) -> None:
        asking = Asking(self.model, dice, self.dialogue, self.now)
        command, actors = asking.asked(family)
        given = asking.moment(actors)
        entries = self.ask(command, **given)
        proposed = any(type(entry.fact).__name__ == "ActProposed" for entry in entries)
        once = type(command).__name__ in ONCE and not self.model.settings["automatic_silence"]  # any act may declare it
        if entries and once and not proposed and dice.randrange(4) == 0:
            assert not self.ask(command, **given), "what is so already changes nothing"

    # ------------------------------------------------------------------ courses that lead far in a few acts

    def time_passes(self, dice: Random) -> None:
        ahead = [one for one in soon(self.model, self.now) if one - self.now < timedelta(days=30)]
        self.now = dice.choice([self.now + timedelta(hours=dice.choice((1, 20, 73))), *ahead])
        note(f"It is {self.now}")

    def a_call_is_held(self, dice: Random) -> None:
        """A text is put to the vote, people say what they think, the outcome is declared, and perhaps contested."""
        asking = Asking(self.model, dice, self.dialogue, self.now)
        way = dice.choice((Procedure(), Procedure("silence"), Procedure("chair")))
        expires = self.now + timedelta(hours=100) if way.name == "silence" else None
        edition = self.model.ids("document") and dice.randrange(3) == 0
        about = {"about": "edition", "document": asking.issued()} if edition else {"proposal": asking.open_proposal()}
        called = self.ask(COMMANDS["CallConsensus"](**about, procedure=way, expires=expires), actor=self.chair())
        if not called:
            self.something("submitting", dice)
            return
        call, objection = called[-1].stream, COMMANDS["TakePosition"](called[-1].stream, "object", "so it is")
        for person in self.members():
            if dice.randrange(3):
                name = "object" if dice.randrange(9) == 0 else "agree"
                self.ask(replace(objection, name=name, reason=dice.choice((None, "so it is"))), actor=person)
        if expires is not None:
            self.now = max(self.now, expires + timedelta(minutes=dice.choice((0, 1))))
            for person in self.members()[: dice.randrange(2)]:
                self.ask(objection, actor=person)  # too late
        self.chaired(COMMANDS["DeclareOutcome"](call, True if way.name == "chair" else None, "so it is"))
        if expires is not None and dice.randrange(2):
            for person in self.members()[:1]:
                self.ask(objection, actor=person, recordedby=self.office(), basis="email", time=expires)
            if dice.randrange(2):
                after = COMMANDS[dice.choice(("ConfirmOutcome", "SetAsideOutcome"))]
                self.chaired(after(call, "so it is"))

    def a_document_is_signed(self, dice: Random) -> None:
        """Items are ordered, an edition is issued and opened, and people sign it."""
        asking = Asking(self.model, dice, self.dialogue, self.now)
        if not self.model.ids("document") or dice.randrange(5) == 0:
            preamble = asking.words() if dice.randrange(2) else None
            self.ask(COMMANDS["DraftDocument"]("A Document", preamble=preamble), actor=self.office())
        document = asking.id("document")
        items = [UUID(id) for id in self.model.ids("proposal") if self.model.decided(id)[0] in ("open", "adopted")]
        if dice.randrange(3):
            self.ask(COMMANDS["OrderItems"](document, (Group("Rivers", tuple(items[:3])),)), actor=self.office())
        elif items:
            number = Numbered(dice.choice(items), dice.choice(("4 bis", "7")))
            self.ask(COMMANDS["RenumberItems"](document, (number,)), actor=self.office())
        self.ask(COMMANDS["IssueEdition"](document), actor=self.office())
        self.ask(COMMANDS["OpenForSignature"](document), actor=self.office())
        for person in self.members():
            if dice.randrange(2):
                self.ask(COMMANDS["GiveEndorsement"](document=document, publish=True), actor=person)
        if dice.randrange(2):
            self.ask(COMMANDS["PublishDocument"](document), actor=self.office())

    def a_text_moves_under_its_signatures(self, dice: Random) -> None:
        """An item is signed and revised, the change is ruled on, and people object, reaffirm or challenge."""
        asking = Asking(self.model, dice, self.dialogue, self.now)
        item = asking.open_proposal()
        self.ask(COMMANDS["OpenForSignature"](proposal=item), actor=self.office())
        for person in self.members():
            entered = {"recordedby": self.office(), "basis": "email"} if dice.randrange(3) == 0 else {}
            self.ask(COMMANDS["GiveEndorsement"](proposal=item), actor=person, **entered)
        if dice.randrange(4):
            self.ask(COMMANDS["ReviseProposal"](item, asking.edited(asking.current(item))), actor=self.chair())
        ruled = self.chaired(COMMANDS["RuleOnChange"](dice.choice(("editorial", "substantive")), "a slip", item))
        for signature in self.model.signatures(str(item)):
            then = ("ObjectToChange", "ReaffirmEndorsement", "ConfirmEndorsement", "ConsentToPublication")
            owner = UUID(self.model.endorsement(signature)["participant"])
            self.ask(COMMANDS[dice.choice(then)](UUID(signature)), actor=owner)
        if ruled and dice.randrange(2):
            self.challenged(ruled[-1].stream, dice)

    def an_edition_rests_on_a_ruling(self, dice: Random) -> None:
        """A signed document has a new edition whose only change was ruled editorial, and the ruling does not hold."""
        self.a_document_is_signed(dice)
        documents = [id for id in self.model.ids("document") if self.model.of("document", id, "EditionIssued")]
        document = dice.choice(documents or [None])
        items = self.model.of("document", document, *EDITIONS)[-1]["items"] if document else []
        if not items:
            return
        item = UUID(dice.choice(items)["proposal"])
        asking = Asking(self.model, dice, self.dialogue, self.now)
        self.ask(COMMANDS["ReviseProposal"](item, asking.edited(asking.current(item))), actor=self.chair())
        ruled = self.chaired(COMMANDS["RuleOnChange"]("editorial", "a slip", item))
        self.ask(COMMANDS["IssueEdition"](UUID(document)), actor=self.office())
        if dice.randrange(2):
            self.chaired(COMMANDS["RuleOnChange"]("substantive", "no slip", item))
        elif ruled:
            self.challenged(ruled[-1].stream, dice)

    def challenged(self, ruling: UUID, dice: Random) -> None:
        """Somebody challenges a ruling, and it is put to the vote."""
        self.ask(COMMANDS["ChallengeRuling"](ruling, "no slip"), actor=self.chair())
        way = Procedure("majority", threshold=Fraction(1, 2))
        called = self.ask(COMMANDS["CallConsensus"]("ruling", ruling=ruling, procedure=way), actor=self.chair())
        for call in {entry.stream for entry in called}:
            name = dice.choice(("agree", "object"))
            self.ask(COMMANDS["TakePosition"](call, name, "so it is"), actor=self.chair())
            self.chaired(COMMANDS["DeclareOutcome"](call))

    def amendments_meet(self, dice: Random) -> None:
        """Several amendments of one text, made for one version, are taken in as far as they go together."""
        asking = Asking(self.model, dice, self.dialogue, self.now)
        item = asking.open_proposal()
        base = asking.current(item)
        for person in self.members()[: dice.randint(1, 3)]:
            self.ask(COMMANDS["ProposeAmendment"](item, asking.edited(base)), actor=person)
        made = [fact["amendment"] for fact in self.model.of("proposal", str(item), "AmendmentProposed")]
        for amendment in map(UUID, made):
            if dice.randrange(3):
                self.chaired(COMMANDS["AcceptAmendment"](amendment, dice.choice((None, "editorial")), "agreed"))
            elif dice.randrange(2):
                again = COMMANDS["RestateAmendment"](amendment, asking.edited(asking.current(item)))
                self.ask(again, actor=self.chair())

    def chaired(self, command: Command) -> list[Entry]:
        """What came of an act of one co-chair, to which the others assent where they must."""
        entries = self.ask(command, actor=self.chair())
        for joint in [entry.stream for entry in entries if type(entry.fact).__name__ == "ActProposed"]:
            for chair in self.model.active("co-chair"):
                entries = self.ask(COMMANDS["AssentToAct"](joint), actor=UUID(chair)) or entries
        return entries

    def chair(self) -> UUID:
        return UUID((self.model.active("co-chair") or [str(OPERATOR)])[0])

    def office(self) -> UUID:
        return UUID((self.model.active("secretariat") or [str(OPERATOR)])[0])

    def members(self) -> list[UUID]:
        return [UUID(id) for id in self.model.active("participant")]
