"""What might be asked of a dialogue next: every command, with plausible and with implausible arguments.

    command, actors = Asking(model, dice, dialogue, now).drafting()

Under the Chatham House Rule nothing is asked here: what enters the record then is no longer what was asked.

One method for each family of commands. `dice` is a random.Random, so that Hypothesis can be one; what there is to
speak of is looked up in the independent model. All words are invented.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any, TypeVar
from uuid import UUID, uuid5

from dialogue.acts import COMMANDS
from dialogue.anchor import Quotation
from dialogue.document import Group, Numbered
from dialogue.drafting import Part
from dialogue.fact import OPERATOR, Command, Personal, Text
from dialogue.mandate import Settings
from dialogue.note import Signer
from dialogue.procedure import Procedure
from dialogue.proposal import Holding
from model import Model, soon

T = TypeVar("T")
Asked = tuple[Command, Sequence[str]]  # a command, and who might plausibly ask it

NOWHERE = "00000000-0000-4000-8000-00000000dead"
WORDS = (
    "one",
    "two",
    "hotline",
    "수문",
    "공동",
    "水路",
    "調停",
    "Устье",
    "река",
    "data",
    "at/and",
    "2021–22",
    "—",
    "gauge",
)
THEMES = ("Rivers", "물길", "Доверие", "")
UNFIT = ("", "  ", "a\x07bell", "half\ud800", "x" * 100_001, "an [open", "stray \\ sign", "[a / [b / [c / [d]]]]")
MANNERS = ("present", "online", "regrets", "absent")
POSITIONS = ("agree", "agree", "agree", "object", "abstain", "stand-aside", "recuse", "agree-ad-referendum",
             "agree-with-reservation", "agree-dissociating")  # fmt: skip
ROLES = ("participant", "co-chair", "observer", "secretariat", "steering-committee", "auditor", "addressee")
KINDS = ("recommendations", "memorandum", "co-chairs' summary", "meeting report")


class Asking:
    """Draws what to ask, of a dialogue as the model knows it, at this time."""

    def __init__(self, model: Model, dice: Random, dialogue: UUID, now: datetime) -> None:
        self.model, self.dice, self.dialogue, self.now = model, dice, dialogue, now

    # ------------------------------------------------------------------ drawing

    def maybe(self, percent: int) -> bool:
        return self.dice.randrange(100) < percent

    def one(self, of: Sequence[T]) -> T:
        return self.dice.choice(of)

    def some(self, of: Sequence[T], most: int = 3) -> tuple[T, ...]:
        """A few of them, each once."""
        return tuple(self.dice.sample(list(of), self.dice.randint(min(1, len(of)), min(most, len(of)))))

    def id(self, *kinds: str) -> UUID:
        """The id of a thing of one of these kinds, most often; else of something else, or of nothing."""
        there = [id for kind in kinds for id in self.model.ids(kind)]
        if not there or self.maybe(4):
            there = [NOWHERE, str(self.dialogue), *self.model.ids("participant")]
        return UUID(self.one(there))

    def where(self, kind: str, likely: Callable[[str], bool]) -> UUID:
        """The id of such a thing of which this holds, where there is one, and most often."""
        there = [id for id in self.model.ids(kind) if likely(id)]
        return UUID(self.one(there)) if there and not self.maybe(12) else self.id(kind)

    def open_proposal(self) -> UUID:
        return self.where("proposal", lambda id: self.model.decided(id)[0] == "open")

    def open_amendment(self) -> UUID:
        return self.where("amendment", lambda id: self.model.amendment(id)["status"] == "open")

    def issued(self) -> UUID:
        """A document of which there is an edition."""
        return self.where("document", lambda id: self.model.substantive(id) > 0)

    def words(self) -> str:
        if self.maybe(2):
            return self.one(UNFIT)
        return "\n\n".join(" ".join(self.one(WORDS) for _ in range(5)) for _ in range(self.dice.randint(1, 2)))

    def line(self) -> str:
        return self.one(UNFIT) if self.maybe(2) else f"{self.one(WORDS)} {self.one(WORDS)}"

    def edited(self, words: str) -> str:
        """The words with a place or two changed."""
        if self.maybe(3):
            return self.one((words, *UNFIT))
        tokens = words.split(" ")
        for _ in range(self.dice.randint(1, 2)):
            at = self.dice.randrange(len(tokens))
            tokens[at] = self.one((self.one(WORDS), tokens[at] + " " + self.one(WORDS)))
        return " ".join(tokens)

    def bracketed(self, words: str) -> str:
        tokens = words.split(" ")
        at = self.dice.randrange(len(tokens))
        tokens[at] = f"[{tokens[at]} / {self.one(WORDS)}]"
        return " ".join(tokens)

    def current(self, proposal: UUID) -> str:
        """The words of a proposal as they stand."""
        versions = self.model.versions(str(proposal))
        return self.model.words(versions[-1]["text"]) if versions else "nothing yet"

    def base(self, proposal: UUID) -> int | None:
        """None for the current version, or one by number."""
        return self.dice.randint(1, len(self.model.versions(str(proposal))) + 1) if self.maybe(30) else None

    def reason(self) -> str | None:
        return self.line() if self.maybe(60) else None

    def later(self) -> datetime:
        """An instant to come, most often."""
        return self.now + timedelta(hours=self.one((72, 73, 100, 1, -5, 72.5, 400)))

    def date(self) -> str:
        return self.one(("2026", "2026-03", "2026-04", "2026-12-31", "2027-01", "2025-11", "2026-05-02"))

    def actors(self, *roles: str) -> list[str]:
        return [id for role in roles for id in self.model.active(role)]

    def verb(self, kind: str, first: str, *others: str) -> str:
        """What to do with things of this kind: the first thing, most often, where there is none yet."""
        return self.one((first, *others)) if self.model.ids(kind) or self.maybe(5) else first

    # ------------------------------------------------------------------ who, when, on what basis

    def moment(self, actors: Sequence[str]) -> dict[str, Any]:
        """The actor and what else tells when an act happened, and by whom it is entered."""
        actor = UUID(self.one(actors)) if actors and not self.maybe(4) else self.id("participant")
        if self.maybe(2):
            actor = OPERATOR
        given: dict[str, Any] = {"actor": actor}
        if self.maybe(20):
            given["recordedby"] = UUID(self.one([*self.actors("secretariat")] or [NOWHERE]))
            given["basis"] = self.one(("email", "letter", "room", "document", "telephone"))
        if self.maybe(25):
            given["basis"] = self.one(("email", "document", "room"))
            ends = [instant for instant in soon(self.model, self.now - timedelta(days=9)) if instant <= self.now]
            ago = self.now - timedelta(minutes=self.one((1, 90, 24 * 60, 73 * 60)))
            given["time"] = self.one([ago, *ends])
        if self.maybe(4):
            given["evidence"] = self.one(("ab" * 32, "cd" * 32))
        if self.maybe(3):
            given |= self.one(
                (
                    {"basis": None},
                    {"recordedby": self.id("participant")},
                    {"recordedby": OPERATOR},
                    {"time": self.now + timedelta(days=1)},
                    {"time": self.now - timedelta(hours=5), "basis": None},
                )
            )
        return given

    # ------------------------------------------------------------------ a method for each family of commands

    def asked(self, family: str) -> Asked:
        """Something of one family; most often what it needs comes first, where there is none of it."""
        there = {
            "proposal": any(self.model.decided(id)[0] == "open" for id in self.model.ids("proposal")),
            "edition": any(self.model.substantive(id) for id in self.model.ids("document")),
            "call": any(self.model.call_status(id) == "open" for id in self.model.ids("call")),
        }
        while (need := NEEDS.get(family)) and not there[need] and self.maybe(85):
            family = FIRST[need]
        found: Asked = getattr(self, family)()
        return found

    def submitting(self) -> Asked:
        session = self.id("session") if self.maybe(5) else None
        drafters = self.actors("participant", "co-chair", "secretariat")
        return COMMANDS["SubmitProposal"](self.line(), self.words(), self.theme(), session), drafters

    def mandate(self) -> Asked:
        match self.one(("agree", "agree", "grant", "decline", "extend", "extend", "conclude", "propose")):
            case "agree":
                return COMMANDS["AgreeSettings"](settings=self.settings()), self.actors("co-chair")
            case "grant":
                start, end = (self.date() if self.maybe(50) else None for _ in range(2))
                return COMMANDS["GrantMandate"](start, end, self.one((None, 4))), self.actors("steering-committee")
            case "decline" if self.maybe(30):
                return COMMANDS["DeclineMandate"](self.line()), self.actors("steering-committee")
            case "conclude" if self.maybe(20):
                return COMMANDS["ConcludeDialogue"](self.reason()), self.actors("co-chair")
            case "propose" if self.maybe(20):
                return COMMANDS["ProposeDialogue"]("Once more"), [str(OPERATOR)]
        return COMMANDS["ExtendMandate"](self.date(), self.reason()), self.actors("steering-committee")

    def settings(self) -> Settings:
        return Settings(
            outside_mandate=self.one(("allow", "allow", "allow", "refuse")),
            chairs=self.one(("any", "any", "all", 2, 0)) if self.maybe(50) else "any",
            sessions="attributed",
            objection_needs_reason=self.maybe(50),
            observers_comment=self.maybe(50),
            notice_hours=self.one((72, 72, 24, 0)),
            silence_hours=self.one((72, 72, 1, 0)),
            automatic_silence=self.maybe(50),
            text=self.one((Procedure(), Procedure("silence"), Procedure("majority", threshold=Fraction(2, 3)))),
            amendment=self.one((Procedure("chair"), Procedure())),
        )

    def people(self) -> Asked:
        secretariat, anybody = self.actors("secretariat"), self.actors(*ROLES)
        match self.one(("invite", "accept", "regrets", "alternate", "roles", "change", "correct", "leave", "death")):
            case "invite":
                named = {"body": self.line()} if self.maybe(20) else {"name": Personal(self.line())}
                email = Personal("someone@invented.example") if self.maybe(20) else None
                represents = self.id("participant") if self.maybe(20) else None
                roles = self.some(ROLES, 2) if self.maybe(30) else ("participant",)
                return COMMANDS["Invite"](roles, **named, email=email, represents=represents), secretariat
            case "accept":
                return COMMANDS["AcceptInvitation"](), anybody
            case "regrets":
                return COMMANDS["SendRegrets"](self.reason()), anybody
            case "alternate":
                return COMMANDS["NameAlternate"](self.id("participant")), anybody
            case "roles":
                return COMMANDS["AssignRoles"](self.id("participant"), self.some(ROLES)), secretariat
            case "change":
                descriptor = Personal(self.line()) if self.maybe(60) else None
                return COMMANDS["ChangeAffiliation"](self.one((None, "personal")), descriptor), anybody
            case "correct":
                name = {"body": self.line()} if self.maybe(20) else {"name": Personal(self.line())}
                return COMMANDS["CorrectParticipant"](self.id("participant"), "a slip", **name), secretariat
            case "leave" if self.maybe(30):
                return COMMANDS["LeaveDialogue"](self.reason()), anybody
        if self.maybe(30):
            return COMMANDS["RecordDeath"](self.id("participant"), self.one((None, "2026-02"))), secretariat
        return COMMANDS["AcceptInvitation"](), anybody

    def meeting(self) -> Asked:
        chairs, facilitators = self.actors("co-chair"), self.actors("co-chair", "secretariat")
        match self.verb("meeting", "plan", "hold", "cancel", "attend", "attend", "open", "close"):
            case "plan":
                place = self.reason()
                return COMMANDS["PlanMeeting"](self.reason(), None, place, self.date(), None), facilitators
            case "hold":
                starts = self.one(("2025-11", "2026-02-28", "2026", self.date()))
                return COMMANDS["HoldMeeting"](self.id("meeting"), starts, None, self.reason()), facilitators
            case "cancel":
                return COMMANDS["CancelMeeting"](self.id("meeting"), self.line()), facilitators
            case "attend":
                session = self.id("session") if self.maybe(20) else None
                attend = (self.id("meeting"), self.id("participant"), self.one(MANNERS), session)
                return COMMANDS["RecordAttendance"](*attend), self.actors("secretariat")
            case "open":
                return COMMANDS["OpenSession"](self.id("meeting"), self.one((None, "attributed"))), chairs
        return COMMANDS["CloseSession"](self.id("session")), chairs

    def drafting(self) -> Asked:
        chairs, proposal = self.actors("co-chair"), self.open_proposal()
        own = [fact["@actor"] for fact in self.model.versions(str(proposal))[:1]] + chairs
        match self.one(("submit", "submit", "revise", "revise", "withdraw", "sponsor", "merge", "split", "move")):
            case "submit":
                return self.submitting()
            case "revise":
                title = self.line() if self.maybe(20) else None
                words = self.current(proposal) if title and self.maybe(50) else self.edited(self.current(proposal))
                return COMMANDS["ReviseProposal"](proposal, words, title, self.reason(), self.base(proposal)), own
            case "withdraw" if self.maybe(40):
                return COMMANDS["WithdrawProposal"](proposal, self.reason()), own
            case "sponsor":
                return COMMANDS["CoSponsorProposal"](proposal), self.actors("participant", "co-chair")
            case "merge" if self.maybe(60):
                sources = (proposal, *(self.open_proposal() for _ in range(self.dice.randint(0, 2))))
                words = "\n\n".join(self.current(source) for source in sources)
                return COMMANDS["MergeProposals"](sources, self.line(), words, self.theme()), chairs
            case "split" if self.maybe(60):
                parts = tuple(Part(self.line(), words) for words in self.current(proposal).split("\n\n"))
                return COMMANDS["SplitProposal"](proposal, parts, self.reason()), chairs
        return COMMANDS["MoveItem"](proposal, self.theme() or "Rivers", self.reason()), chairs

    def theme(self) -> str | None:
        return self.one(THEMES) or None

    def reopening(self) -> Asked:
        decided = self.where("proposal", lambda id: self.model.decided(id)[0] == "adopted")
        return COMMANDS["ReopenText"](decided, self.line()), self.actors("co-chair")

    def bracketing(self) -> Asked:
        proposal, chairs = self.open_proposal(), self.actors("co-chair")
        words = self.current(proposal)
        open_ = self.where("proposal", lambda id: "[" in self.current(UUID(id)))
        if self.maybe(40):
            holder = (Holding(self.one(WORDS), (self.id("participant"),)),) if self.maybe(15) else ()
            return COMMANDS["BracketText"](proposal, self.bracketed(words), holder, None, self.base(proposal)), chairs
        choice: dict[str, Any] = {"alternative": self.dice.randint(0, 3)} if self.maybe(80) else {"words": self.line()}
        return COMMANDS["LiftBrackets"](open_, self.one((1, 1, 1, 2)), **choice), chairs

    def amending(self) -> Asked:
        chairs, drafters = self.actors("co-chair"), self.actors("participant", "co-chair", "secretariat")
        amendment = self.open_amendment()
        told = self.model.of("amendment", str(amendment), "AmendmentProposed")
        item, mine = (UUID(told[0]["proposal"]), [told[0]["@actor"]]) if told else (self.open_proposal(), drafters)
        match self.verb("amendment", "propose", "propose", "restate", "accept", "accept", "reject", "withdraw"):
            case "propose":
                proposal = self.open_proposal()
                if self.maybe(12):
                    proposal = self.where("proposal", lambda id: self.model.decided(id)[0] == "adopted")
                title = self.line() if self.maybe(10) else None
                words = self.edited(self.current(proposal))
                return COMMANDS["ProposeAmendment"](proposal, words, self.base(proposal), title), drafters
            case "restate":
                words = self.edited(self.current(item))
                return COMMANDS["RestateAmendment"](amendment, words, self.base(item)), [*mine, *chairs]
            case "accept":
                change = self.one((None, None, "editorial", "substantive"))
                reason = self.line() if change and self.maybe(80) else self.reason()
                return COMMANDS["AcceptAmendment"](amendment, change, reason), chairs
            case "reject":
                return COMMANDS["RejectAmendment"](amendment, self.line()), chairs
        return COMMANDS["WithdrawAmendment"](amendment, self.reason()), [*mine, *chairs]

    def quotation(self, words: str) -> Quotation | None:
        """Some words of a text, or words that do not stand there."""
        if self.maybe(60):
            return None
        start = self.dice.randrange(len(words))
        return Quotation(self.one((words[start : start + 12], words, "not in the text")))

    def commenting(self) -> Asked:
        comment = self.where("comment", lambda id: self.model.comment(id)["status"] == "open")
        mine = [fact["@actor"] for fact in self.model.of("comment", str(comment), "CommentMade")]
        match self.verb("comment", "make", "make", "retract", "name", "dispose", "dispose"):
            case "make":
                anybody = self.actors("participant", "co-chair", "observer", "addressee")
                if self.maybe(20):
                    return COMMANDS["MakeComment"](self.line(), reply_to=comment), anybody
                if self.maybe(20):
                    return COMMANDS["MakeComment"](self.line(), document=self.id("document")), anybody
                on = self.id("proposal")
                words = self.current(on)
                about = {"proposal": on, "version": self.base(on), "quotation": self.quotation(words)}
                return COMMANDS["MakeComment"](self.words(), **about), anybody
            case "retract":
                return COMMANDS["RetractComment"](comment, self.reason()), mine
            case "name":
                return COMMANDS["NameSpeaker"](comment), mine
        how = self.one(("accepted", "partly", "noted", "declined"))
        return COMMANDS["DisposeComment"](comment, how, self.line()), self.actors("co-chair", "secretariat")

    def procedure(self, entitled: Sequence[UUID]) -> Procedure | None:
        match self.one(("own", "consensus", "consensus-minus", "silence", "silence", "majority", "ballot", "chair")):
            case "own":
                return None
            case "consensus-minus":
                return Procedure("consensus-minus", excluded=self.some(entitled, 2))
            case "majority":
                quorum = self.one((None, Fraction(1, 2)))
                return Procedure("majority", quorum, self.one((Fraction(1, 2), Fraction(2, 3), Fraction(1))))
            case "chair":
                return Procedure("chair")
            case name:
                return Procedure(name, self.one((None, None, 2, Fraction(1, 3))))

    def calling(self) -> Asked:
        chairs = self.actors("co-chair")
        subjects: dict[str, Any] = {
            "text": lambda: {"proposal": self.open_proposal()},
            "reopening": lambda: {
                "proposal": self.where("proposal", lambda id: self.model.decided(id)[0] == "adopted")
            },
            "amendment": lambda: {"amendment": self.open_amendment()},
            "edition": lambda: {"document": self.issued()},
            "ruling": lambda: {
                "ruling": self.where("ruling", lambda id: self.model.ruling(id)["status"] == "challenged")
            },
            "mandate": dict,
        }
        about = self.one(("text", "text", "text", *subjects))
        people = [UUID(id) for id in self.actors("participant", "co-chair")]
        entitled = self.some(people, 4) if self.maybe(50) else ()
        procedure = None if about == "reopening" else self.procedure(entitled or people)
        silent = procedure is not None and procedure.name == "silence"
        expires = self.later() if silent or self.maybe(25) else None
        named = {"procedure": procedure, "entitled": entitled, "expires": expires}
        return COMMANDS["CallConsensus"](about, **subjects[about](), **named), chairs

    def deciding(self) -> Asked:
        chairs = self.actors("co-chair")
        call = self.where("call", lambda id: self.model.call_status(id) == "open")
        if self.maybe(15):
            call = self.where("call", lambda id: self.model.call_status(id) in ("reached", "contested"))
        told = self.model.of("call", str(call), "ConsensusCalled")
        entitled = told[0]["entitled"] if told else chairs
        match self.one(("take", "take", "take", "take", "withdraw", "chair", "extend", "declare", "declare", "after")):
            case "take":
                name = self.one((*POSITIONS, "object"))
                paragraphs = (1,) if name == "agree-dissociating" and self.maybe(80) else ()
                reason = None if name == "object" and self.maybe(40) else self.reason()
                return COMMANDS["TakePosition"](call, name, reason, paragraphs), entitled
            case "withdraw":
                return COMMANDS["WithdrawPosition"](call, self.reason()), entitled
            case "chair":
                return COMMANDS["ObjectThroughChair"](call, self.reason()), chairs
            case "extend":
                return COMMANDS["ExtendDeadline"](call, self.later()), chairs
            case "after":
                call = self.where("call", lambda id: self.model.call_status(id) == "contested")
                return COMMANDS[self.one(("ConfirmOutcome", "SetAsideOutcome"))](call, self.line()), chairs
        ruled = bool(told) and told[0]["procedure"]["name"] == "chair"
        ruling = self.maybe(70) if ruled != self.maybe(5) else None
        return COMMANDS["DeclareOutcome"](call, ruling, self.reason()), chairs

    def stating(self) -> Asked:
        call = self.where("call", lambda id: self.model.call_status(id) in ("reached", "not-reached"))
        return COMMANDS["EnterStatement"](call, self.line()), self.actors("participant", "co-chair")

    def ruling(self) -> Asked:
        if self.maybe(35):
            ruling = self.where("ruling", lambda id: self.model.ruling(id)["status"] == "given")
            return COMMANDS["ChallengeRuling"](ruling, self.line()), self.actors("participant", "co-chair")
        if self.maybe(70):
            on = self.where("proposal", lambda id: len(self.model.versions(id)) > 1)
            subject = {"proposal": on, "version": self.base(on)}
        else:
            subject = {"document": self.issued(), "version": self.one((None, None, 2))}
        change = self.one(("editorial", "editorial", "substantive"))
        return COMMANDS["RuleOnChange"](change, self.line(), **subject), self.actors("co-chair")

    def signing(self) -> Asked:
        members = self.actors("participant", "co-chair")
        mine = self.where("endorsement", lambda id: self.model.endorsement(id)["status"] == "given")
        told = self.model.of("endorsement", str(mine), "EndorsementGiven")
        owner = [told[0]["participant"]] if told else members
        verbs = ("give", "confirm", "reaffirm", "withdraw", "object", "consent", "reserve", "reserve", "lift")
        match self.verb("endorsement", "give", *verbs):
            case "give":
                return self.signature(), members
            case "confirm":
                return COMMANDS["ConfirmEndorsement"](mine), owner
            case "reaffirm":
                excepting = tuple(self.some([UUID(one) for one in told[-1]["excepting"]])) if told else ()
                version = self.one((None, None, None, 1, 2))
                return COMMANDS["ReaffirmEndorsement"](mine, version, excepting=excepting), owner
            case "withdraw":
                return COMMANDS["WithdrawEndorsement"](mine, self.reason()), owner
            case "object":
                changed = self.where("endorsement", self.changed)
                told = self.model.of("endorsement", str(changed), "EndorsementGiven")
                return COMMANDS["ObjectToChange"](changed, self.reason()), [told[0]["participant"]] if told else owner
            case "consent":
                return COMMANDS[self.one(("ConsentToPublication", "WithdrawConsent"))](mine), owner
            case "reserve":
                item = self.id("proposal") if self.maybe(30) else None
                words = self.current(item) if item else "x"
                return COMMANDS["EnterReservation"](mine, self.line(), item, self.quotation(words)), owner
        return COMMANDS["LiftReservation"](mine, self.one((1, 1, 2))), owner

    def changed(self, endorsement: str) -> bool:
        """Whether what was signed has moved since."""
        row = self.model.endorsement(endorsement)
        return row["status"] == "given" and max(self.model.change[row["subject"]]) > row["version"]

    def signature(self) -> Command:
        if self.maybe(60):
            on = self.where("document", lambda id: self.model.document(id)["signing"])
            texts = self.model.of("document", str(on), "EditionIssued", "CorrectionIssued")
            items = [UUID(item["proposal"]) for fact in texts[-1:] for item in fact["items"]]
            subject: dict[str, Any] = {"document": on}
            subject["excepting"] = self.some(items) if items and self.maybe(20) else ()
        else:
            on = self.where("proposal", lambda id: self.model.proposal(id)["signing"])
            texts, subject = self.model.versions(str(on)), {"proposal": on}
        if self.maybe(30) and texts:
            signed = self.one(texts)
            subject |= self.one(({"version": signed["version"]}, {"text": Text(signed["text"])}))
        place = self.dice.randint(0, 9) if self.maybe(15) else None
        descriptor = Personal(self.line()) if self.maybe(30) else None
        assent = self.one(("text", "text", "general thrust"))
        more = {"publish": self.maybe(60), "assent": assent, "place": place, "descriptor": descriptor}
        return COMMANDS["GiveEndorsement"](**subject, **more)

    def issuing(self) -> Asked:
        chairs, facilitators = self.actors("co-chair"), self.actors("co-chair", "secretariat")
        secretariat = self.actors("secretariat")
        document = self.id("document") if self.maybe(40) else self.issued()
        verbs = ("draft", "revise", "order", "order", "number", "view", "issue", "issue", "issue", "open", "open",
                 "close", "embargo", "publish", "correct", "correct")  # fmt: skip
        match self.verb("document", *verbs):
            case "draft":
                kind = self.one(KINDS)
                authors, disclaimer = (tuple(map(UUID, chairs[:1])), "Ours alone.") if self.maybe(80) else ((), None)
                preamble = self.words() if self.maybe(40) else None
                named = {"preamble": preamble, "authors": authors, "disclaimer": disclaimer}
                return COMMANDS["DraftDocument"](self.line(), kind, **named), facilitators
            case "revise":
                preamble = self.one((self.words(), self.bracketed(self.words()))) if self.maybe(50) else None
                title = self.line() if self.maybe(50) else None
                return COMMANDS["ReviseDocument"](document, title, preamble=preamble), facilitators
            case "order":
                return COMMANDS["OrderItems"](document, self.groups()), facilitators
            case "number":
                numbers = tuple(Numbered(one, self.one(("4 bis", "7", "1"))) for one in self.printed(document)[:2])
                return COMMANDS["RenumberItems"](document, numbers), facilitators
            case "view":
                return COMMANDS["AttachMinorityView"](document, self.words()), self.actors("participant")
            case "issue":
                return COMMANDS["IssueEdition"](document), secretariat
            case "open" | "close" as verb:
                closes = {"closes": self.later()} if verb == "open" and self.maybe(30) else {}
                on = {"proposal": self.id("proposal")} if self.maybe(40) else {"document": document}
                name = "OpenForSignature" if verb == "open" else "CloseForSignature"
                return COMMANDS[name](**on, **closes), facilitators
            case "embargo":
                return COMMANDS["SetEmbargo"](document, self.later()), facilitators
            case "publish":
                return COMMANDS["PublishDocument"](document), secretariat
        return self.correction(document), secretariat

    def printed(self, document: UUID) -> list[UUID]:
        """The items of a document's latest edition, or any."""
        editions = self.model.of("document", str(document), "EditionIssued", "CorrectionIssued")
        return [UUID(item["proposal"]) for fact in editions[-1:] for item in fact["items"]] or [self.id("proposal")]

    def groups(self) -> tuple[Group, ...]:
        items = [UUID(id) for id in self.model.ids("proposal") if self.model.decided(id)[0] in ("open", "adopted")]
        if self.maybe(5):
            items.append(self.id("proposal"))
        chosen = list(self.some(items, 4))
        cut = self.dice.randint(0, len(chosen))
        return tuple(
            Group(self.one(THEMES), tuple(part)) for part in (chosen[:cut], chosen[cut:]) if part or self.maybe(10)
        )

    def correction(self, document: UUID) -> Command:
        correct = COMMANDS["IssueCorrection"]
        if self.maybe(30):
            line = {"endorsement": self.id("endorsement"), "descriptor": Personal(self.line())}
            return correct(document, "a slip", **line)
        item = self.one(self.printed(document))
        words = self.current(item)
        words = self.bracketed(words) if self.maybe(10) else self.edited(words)
        return correct(document, "a slip", item, words, self.line() if self.maybe(20) else None)

    def circulating(self) -> Asked:
        circulation = self.id("circulation")
        told = self.model.of("circulation", str(circulation), "DocumentCirculated")
        addressed = told[0]["addressees"] if told else []
        match self.verb("circulation", "circulate", "acknowledge", "respond"):
            case "circulate":
                people = [self.id("participant") for _ in range(self.dice.randint(0, 3))]
                edition = self.one((None, None, 1, 2))
                secretariat = self.actors("secretariat")
                return COMMANDS["Circulate"](self.issued(), tuple(people), edition, self.reason()), secretariat
            case "acknowledge":
                return COMMANDS["AcknowledgeReceipt"](circulation), addressed
        return COMMANDS["RespondToCirculation"](circulation, self.line()), addressed

    def voiding(self) -> Asked:
        kinds = ("attendance", "position", "endorsement", "receipt", "response")
        there = [kind for kind in kinds if self.model.ids(kind)]
        kind = self.one(there) if there and not self.maybe(5) else "participant"
        named = {kind: self.id(kind)}
        if self.maybe(5):
            named |= {self.one(kinds): self.id(*kinds)}
        return COMMANDS["MarkEnteredInError"](self.line(), **named), self.actors("secretariat")

    def together(self) -> Asked:
        """What co-chairs do jointly, and what time has settled."""
        chairs = self.actors("co-chair")
        if self.maybe(25) or not self.model.ids("joint"):
            return COMMANDS["Settle"](), [*chairs, *self.actors("secretariat")]
        joint = self.where("joint", lambda id: self.model.joint(id)["status"] == "proposed")
        assents = self.model.joint(str(joint))["assents"] if str(joint) in self.model.ids("joint") else []
        return COMMANDS["AssentToAct"](joint), [one for one in chairs if one not in assents] or chairs

    def log_key(self) -> Asked:
        """A key of this dialogue's log, or of another's, or nonsense."""
        name = self.one((self.model.facts[0]["@source"], "another.example/log"))
        vkey = str(Signer(name, self.dice.randbytes(32)).key) if self.maybe(85) else self.one(("nonsense", ""))
        if self.maybe(20):
            return COMMANDS["TakeOverRecord"](vkey, "another.example"), self.actors("secretariat")
        return COMMANDS["IntroduceLogKey"](vkey), self.actors("secretariat")

    def erasing(self) -> Asked:
        """Somebody is to be forgotten; whoever asks for it, another confirms."""
        asked = [fact["participant"] for fact in self.model.typed["ErasureRequested"]]
        facilitators = self.actors("co-chair", "secretariat")
        if asked and self.maybe(60):
            return COMMANDS["ConfirmErasure"](UUID(self.one(asked))), facilitators
        return COMMANDS["RequestErasure"](self.id("participant")), facilitators


FAMILIES = ("mandate", "people", "meeting", "drafting", "reopening", "bracketing", "amending", "commenting", "calling",
            "deciding", "stating", "ruling", "signing", "issuing", "circulating", "voiding", "together",
            "log_key", "erasing")  # fmt: skip


NEEDS = {"amending": "proposal", "bracketing": "proposal", "commenting": "proposal", "calling": "proposal",
         "reopening": "call", "deciding": "call", "stating": "call", "signing": "edition", "circulating": "edition",
         "issuing": "proposal", "ruling": "proposal", "voiding": "edition"}  # fmt: skip
FIRST = {"proposal": "submitting", "edition": "issuing", "call": "calling"}


def fresh(seed: UUID) -> Callable[[], UUID]:
    """Random ids that are the same again for the same seed."""
    drawn = iter(range(1_000_000))
    return lambda: uuid5(seed, f"drawn {next(drawn)}")
