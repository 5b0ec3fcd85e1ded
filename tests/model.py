"""A dialogue told from its leaves alone: an independent model of the domain, in plain dictionaries.

It is written from the domain's rules and the names in the recorded JSON, and shares no code with the rules, the
folded states or the views. Nothing is folded here: the model keeps every fact, and each question is answered by
looking through the facts again. `tables` says what each view must show.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from math import ceil
from typing import Any

Told = dict[str, Any]  # a fact's data, and its envelope under names that begin with @
Row = dict[str, Any]

TEXTS = ("ProposalSubmitted", "ProposalsMerged", "ProposalSplit", "ProposalRevised", "TextAmended", "TextBracketed",
         "BracketsLifted", "TextCorrected", "ItemMoved")  # fmt: skip
BIRTHS = TEXTS[:3]
EDITIONS = ("EditionIssued", "CorrectionIssued")
RULED = ("RulingGiven", "RulingOverturned")
SIGNED = ("EndorsementGiven", "EndorsementReaffirmed")
OUTCOMES = ("ConsensusReached", "ConsensusNotReached")
FRAME = ("kind", "title", "subtitle", "preamble", "acknowledgement", "disclaimer")
CALL_STATUS = {
    "ConsensusCalled": "open",
    "SilenceBroken": "broken",
    "ConsensusReached": "reached",
    "ConsensusNotReached": "not-reached",
    "OutcomeContested": "contested",
    "OutcomeConfirmed": "reached",
    "OutcomeSetAside": "set-aside",
    "CallVoided": "void",
}
AGREEMENT = ("agree", "agree-with-reservation", "agree-dissociating")
OPPOSITE = {"editorial": "substantive", "substantive": "editorial"}


class Model:
    """What `take` was told, leaf by leaf. `words` gives a stored text by its digest."""

    def __init__(self, words: Callable[[str], str]) -> None:
        self.stored = words
        self.facts: list[Told] = []
        self.named: dict[tuple[str, str], list[Told]] = defaultdict(list)  # (field, id) -> the facts that name it
        self.typed: dict[str, list[Told]] = defaultdict(list)
        self.change: dict[str, dict[int, str]] = defaultdict(dict)  # subject -> version -> kind of change now

    # ------------------------------------------------------------------ being told

    def take(self, leaf: bytes) -> Told:
        """One more leaf, and what it tells."""
        fact = told(leaf)
        self.facts.append(fact)
        self.typed[fact["@type"]].append(fact)
        for name, value in fact.items():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str) and name[0] != "@":
                    self.named[name, one].append(fact)
        self.changed(fact)
        fact["@outside"] = self.outside(fact["@time"])
        return fact

    def of(self, field: str, id: str | None, *types: str) -> list[Told]:
        """The facts of these types (all, if none is given) that name the id in this field."""
        facts = self.named.get((field, id), []) if id is not None else []
        return [fact for fact in facts if fact["@type"] in types] if types else list(facts)

    def words(self, digest: str) -> str:
        words = self.stored(digest)
        assert sha256(words.encode()).hexdigest() == digest, "a text is named by the digest of its bytes"
        return words

    @property
    def settings(self) -> Row:
        """The dialogue's own settings as they are agreed now."""
        return (self.typed["SettingsAgreed"] or self.typed["DialogueProposed"])[-1]["settings"]

    # ------------------------------------------------------------------ which kind of change led to a version

    def changed(self, fact: Told) -> None:
        """Keeps, for every version of every text, whether it came by an editorial or a substantive change."""
        if fact["@type"] in TEXTS:
            self.change[fact["proposal"]][fact["version"]] = "substantive"
        elif fact["@type"] in EDITIONS:
            self.change[fact["document"]][fact["version"]] = "substantive" if fact["version"] == 1 else fact["change"]
        elif fact["@type"] in RULED:
            subject = fact.get("proposal") or fact["document"]
            self.change[subject][fact["version"]] = fact["change"]
            if fact["change"] == "substantive" and "proposal" in fact:
                for document in self.ids("document"):
                    for edition, changes in self.spans(document).items():
                        if (fact["proposal"], fact["version"]) in changes:
                            self.change[document][edition] = "substantive"

    def spans(self, document: str) -> dict[int, set[tuple[str, int]]]:
        """For each edition issued as editorial the changes of items between it and the one before, on which it rests.

        One that was issued as substantive and ruled editorial afterwards stands on that ruling alone.
        """
        editions = self.of("document", document, *EDITIONS)
        spans = {}
        for before, after in pairwise(editions):
            if after["change"] == "substantive":
                continue
            had = {item["proposal"]: item["version"] for item in before["items"]}
            spans[after["version"]] = {
                (item["proposal"], version)
                for item in after["items"]
                for version in range(had.get(item["proposal"], 0) + 1, item["version"] + 1)
            }
        return spans

    def substantive(self, subject: str) -> int:
        """The last version of a text, or edition, that came by a substantive change; 0 where there is none."""
        return max((version for version, kind in self.change[subject].items() if kind == "substantive"), default=0)

    # ------------------------------------------------------------------ what there is

    def ids(self, kind: str) -> list[str]:
        """The ids of all things of one kind, in the order in which they came to be."""
        if kind == "proposal":
            return [fact["proposal"] for fact in self.facts if fact["@type"] in BIRTHS]
        type_, field = BORN[kind]
        return list(dict.fromkeys(fact[field] for fact in self.typed[type_]))

    def outside(self, time: str) -> bool:
        """Whether an act at this time lies outside the mandate's dates; before a grant there is none to be inside."""
        mandate = self.mandate()
        if mandate["start"] is None and mandate["end"] is None:
            return False
        day = time[:10]
        early = mandate["start"] is not None and day < first_day(mandate["start"])
        late = mandate["end"] is not None and day > last_day(mandate["end"])
        return early or late or mandate["status"] == "proposed"

    def mandate(self) -> Row:
        form = self.facts[0]
        row = {name: form.get(name) for name in ("start", "end", "meetings")}
        row |= {"status": "proposed", "reason": None}
        granted_by = None
        for fact in self.facts:
            match fact["@type"]:
                case "MandateGranted":
                    row |= {name: fact[name] for name in ("start", "end", "meetings") if name in fact}
                    row["status"], granted_by = "granted", fact.get("decision")
                case "MandateDeclined":
                    row |= {"status": "declined", "reason": fact["reason"]}
                case "MandateExtended":
                    row |= {"end": fact["end"], "reason": fact.get("reason")}
                case "DialogueConcluded":
                    row |= {"status": "concluded", "reason": fact.get("reason")}
                case "OutcomeSetAside" if row["status"] == "granted" and fact["call"] == granted_by:
                    row["status"] = "proposed"
        return row

    def dialogue(self) -> Row:
        form = self.facts[0]
        copied = {name: form.get(name) for name in ("title", "track", "submitted", "applicant", "parent")}
        listed = {name: form[name] for name in ("sections", "objectives", "predecessors")}
        return {**copied, **listed, "settings": self.settings, **self.mandate()}

    def participant(self, id: str) -> Row:
        statuses = {
            "ParticipantInvited": "invited",
            "InvitationAccepted": "accepted",
            "RegretsSent": "regrets",
            "ParticipantLeft": "left",
            "DeathRecorded": "died",
            "EnteredInError": "void",
        }
        mine = self.of("participant", id)
        status = ""
        for fact in mine:
            if fact["@type"] == "ErasureConfirmed":  # who is forgotten takes no further part
                status = status if status in {"died", "void"} else "left"
            status = statuses.get(fact["@type"], status)
        born = next(fact for fact in mine if fact["@type"] == "ParticipantInvited")
        told = self.of("participant", id, "ParticipantInvited", "AffiliationChanged", "ParticipantCorrected")
        return {
            "number": born["number"],
            "roles": last(self.of("participant", id, "ParticipantInvited", "RolesAssigned"), "roles"),
            "capacity": last(told, "capacity"),
            "status": status,
            "body": last(told, "body"),
            "name_order": last(told, "order"),
            "alternate": last(self.of("participant", id, "AlternateNamed"), "alternate"),
            "represents": born.get("represents"),
            "sealed": [digest for fact in told for digest in fact.get("_sd", [])],
        }

    def active(self, role: str) -> list[str]:
        """Who takes part in this role and has neither left nor died."""
        people = {id: self.participant(id) for id in self.ids("participant")}
        here = ("invited", "accepted", "regrets")
        return [id for id, row in people.items() if role in row["roles"] and row["status"] in here]

    def meeting(self, id: str) -> Row:
        [planned] = self.of("meeting", id, "MeetingPlanned")
        held = self.of("meeting", id, "MeetingHeld")
        cancelled = self.of("meeting", id, "MeetingCancelled")
        return {
            "number": planned["number"],
            "status": "held" if held else "cancelled" if cancelled else "planned",
            "title": planned.get("title"),
            **{name: last([planned, *held], name) for name in ("host", "place")},
            **{name: (held or [planned])[-1].get(name) for name in ("starts", "ends")},
            "planned_starts": planned.get("starts"),
            "planned_ends": planned.get("ends"),
            "reason": last(cancelled, "reason"),
        }

    def session(self, id: str) -> Row:
        [opened] = self.of("session", id, "SessionOpened")
        kept = {name: opened.get(name) for name in ("number", "meeting", "attribution", "title")}
        return {**kept, "open": not self.of("session", id, "SessionClosed")}

    def attendance(self, id: str) -> Row:
        [recorded] = self.of("attendance", id, "AttendanceRecorded")
        kept = {name: recorded.get(name) for name in ("meeting", "session", "manner")}
        return {**kept, "status": self.unless_error("attendance", id, "recorded"), "sealed": recorded.get("_sd", [])}

    def attended(self, meeting: str) -> int:
        """How many were recorded as present or online."""
        rows = [self.attendance(id) for id in self.ids("attendance")]
        there = ("present", "online")
        return sum(row["meeting"] == meeting and row["status"] == "recorded" and row["manner"] in there for row in rows)

    def unless_error(self, kind: str, id: str, status: str) -> str:
        return "void" if self.of(kind, id, "EnteredInError") else status

    # ------------------------------------------------------------------ proposals and their texts

    def versions(self, proposal: str) -> list[Told]:
        return self.of("proposal", proposal, *TEXTS)

    def proposal(self, id: str) -> Row:
        versions = self.versions(id)
        born, newest = versions[0], versions[-1]
        status, decision = self.decided(id)
        doors = self.of("proposal", id, "ItemOpenedForSignature", "ItemClosedForSignature")
        open_ = bool(doors) and doors[-1]["@type"] == "ItemOpenedForSignature"
        made_of = born.get("sources") or ([born["source"]] if "source" in born else [])
        return {
            "number": born["number"],
            "title": last(versions, "title"),
            "theme": last(versions, "theme"),
            "status": status,
            "version": newest["version"],
            "substantive": self.substantive(id),
            "sha256": newest["text"],
            "by": born.get("@actor"),
            "outside": born["@outside"],
            "opened": any(fact["@type"] == "ItemOpenedForSignature" for fact in doors),
            "signing": open_,
            "closes": doors[-1].get("closes") if open_ else None,
            "call": self.open_call("proposal", id),
            "decision": decision,
            "decided_by": self.procedure(decision) if decision else None,
            "sources": made_of,
            "becomes": [
                fact["proposal"]
                for fact in [*self.of("sources", id, "ProposalsMerged"), *self.of("source", id, "ProposalSplit")]
            ],
            "notice_until": self.notice_until("proposal", id),
        }

    def decided(self, proposal: str) -> tuple[str, str | None]:
        """Whether a proposal is open, adopted (and by which call), withdrawn, merged or split."""
        if self.of("sources", proposal, "ProposalsMerged"):
            return "merged", None
        if self.of("source", proposal, "ProposalSplit"):
            return "split", None
        if self.of("proposal", proposal, "ProposalWithdrawn"):
            return "withdrawn", None
        decision = None
        before: dict[str | None, str | None] = {}  # by the call that reopened it, the decision that stood until then
        for fact in self.of("proposal", proposal, "ConsensusReached", "OutcomeSetAside", "TextReopened"):
            if fact["@type"] == "ConsensusReached":
                decision = fact["call"] if fact["about"] == "text" else decision
            elif fact["@type"] == "TextReopened":
                before = {fact.get("decision"): decision}
                decision = None
            elif fact["call"] == decision:
                decision = None
            elif fact["call"] in before.values():
                before = {}
            elif fact["call"] in before and decision is None:
                decision = before.pop(fact["call"])
        return ("adopted", decision) if decision else ("open", None)

    def notice_until(self, field: str, id: str) -> str | None:
        """Until when signatories may object to an editorial change; a notice that runs is not cut short."""
        rulings = [fact for fact in self.of(field, id, *RULED) if field == "proposal" or "proposal" not in fact]
        instants = [fact.get("notice_until") for fact in [*rulings, *self.of(field, id, "EditionIssued")]]
        return max((instant for instant in instants if instant is not None), default=None)

    def text(self, id: str) -> dict[int, Row]:
        """The versions of a proposal's text."""
        versions = self.versions(id)
        return {
            fact["version"]: {
                "entry": fact["@entry"],
                "cause": fact["@type"],
                "title": last(versions[: n + 1], "title"),
                "sha256": fact["text"],
                "amendment": fact.get("amendment"),
            }
            for n, fact in enumerate(versions)
        }

    def sponsorship(self, id: str) -> Row:
        [fact] = self.of("sponsorship", id)
        return {"proposal": fact["proposal"], "participant": fact["participant"]}

    def amendment(self, id: str) -> Row:
        [proposed] = self.of("amendment", id, "AmendmentProposed")
        put = [proposed, *self.of("amendment", id, "AmendmentRestated")]
        answers = self.of(
            "amendment", id, "AmendmentAccepted", "AmendmentRejected", "AmendmentWithdrawn", "OutcomeSetAside"
        )
        answered = answers and answers[-1]["@type"] != "OutcomeSetAside"
        answer = answers[-1] if answered else {"@type": "Amendmentopen"}
        return {
            "number": proposed["number"],
            "proposal": proposed["proposal"],
            "status": answer["@type"].removeprefix("Amendment").lower(),
            "base": put[-1]["base"],
            "sha256": put[-1]["text"],
            "title": last(put, "title"),
            "reason": last(put, "reason"),
            "answer": answer.get("reason"),
            "by": proposed.get("@actor"),
            "version": answer.get("version"),
            "restated": len(put) - 1,
        }

    def comment(self, id: str) -> Row:
        [made] = self.of("comment", id, "CommentMade")
        disposed = self.of("comment", id, "CommentDisposed")
        copied = {name: made.get(name) for name in ("number", "version", "words", "quotation", "reply_to", "session")}
        return {
            **copied,
            "subject": made.get("proposal") or made.get("document"),
            "by": made.get("@actor"),
            "status": "retracted" if self.of("comment", id, "CommentRetracted") else "open",
            "disposition": last(disposed, "disposition"),
            "reason": last(disposed, "reason"),
        }

    # ------------------------------------------------------------------ calls, positions, rulings

    def open_call(self, field: str, id: str) -> str | None:
        """The call that is open on a thing, if one is."""
        calls = [fact["call"] for fact in self.of(field, id, "ConsensusCalled")]
        return next((call for call in reversed(calls) if self.call_status(call) == "open"), None)

    def call_status(self, call: str) -> str:
        return CALL_STATUS[self.of("call", call, *CALL_STATUS)[-1]["@type"]]

    def procedure(self, call: str) -> str:
        [called] = self.of("call", call, "ConsensusCalled")
        return str(called["procedure"]["name"])

    def call(self, id: str) -> Row:
        [called] = self.of("call", id, "ConsensusCalled")
        outcome = (self.of("call", id, *OUTCOMES) or [{}])[-1]
        causes = self.of("call", id, "SilenceBroken", "OutcomeContested", "CallVoided")
        reasons = self.of("call", id, *OUTCOMES, "OutcomeConfirmed", "OutcomeSetAside")
        subjects = (called[name] for name in ("proposal", "amendment", "document", "ruling") if name in called)
        return {
            **{name: called.get(name) for name in ("number", "about", "version", "procedure", "entitled", "question")},
            "subject": next(subjects, called["@dialogue"]),
            "sha256": called.get("text"),
            "status": self.call_status(id),
            "opened": called["@time"],
            "expires": last([called, *self.of("call", id, "DeadlineExtended")], "expires"),
            "declared": outcome.get("@time"),
            "effective": outcome.get("effective"),
            "outcome_entry": outcome.get("@entry"),
            "explanation": outcome.get("explanation"),
            "reason": reasons[-1].get("reason") if reasons else None,
            "conveyed": self.conveyed(id),
            "cause": last(causes, "cause"),
        }

    def conveyed(self, call: str) -> list[int]:
        return [fact["@entry"] for fact in self.of("call", call, "ObjectionConveyed") if not fact["late"]]

    def position(self, id: str) -> Row:
        """The position now held: a late one counts for nothing beside one that was there before it."""
        taken = self.of("position", id, "PositionTaken")
        held = [fact for n, fact in enumerate(taken) if n == 0 or not fact["late"]][-1]
        row = {name: held.get(name) for name in ("call", "participant", "name", "reason", "paragraphs", "late")}
        row["taken"] = held["@entry"]
        for fact in self.of("position", id, "PositionWithdrawn", "EnteredInError"):
            if fact["@entry"] > held["@entry"]:
                row |= {"name": None, "reason": fact.get("reason"), "taken": fact["@entry"]}
        return row

    def counted(self, call: str) -> list[Row]:
        """What is counted in a call now: each entitled participant's timely position, objections conveyed."""
        [called] = self.of("call", call, "ConsensusCalled")
        positions = (self.position(id) for id in self.ids("position"))
        named = [
            {"name": row["name"], "entry": row["taken"], "holder": row["participant"]}
            for row in positions
            if row["call"] == call
            and row["name"] is not None
            and not row["late"]
            and row["participant"] in called["entitled"]
            and row["participant"] not in called["procedure"].get("excluded", [])
        ]
        return named + [{"name": "object", "entry": entry, "holder": None} for entry in self.conveyed(call)]

    def reached(self, call: str) -> bool:
        """Whether a call's procedure is satisfied by what is counted now; `chair` is not for the model to say."""
        [called] = self.of("call", call, "ConsensusCalled")
        procedure, tally = called["procedure"], Counter(one["name"] for one in self.counted(call))
        electors = set(called["entitled"]) - set(procedure.get("excluded", []))
        active = len(electors) - tally["recuse"]
        quorum = procedure.get("quorum", 0)
        needed = ceil(Fraction(quorum) * active) if isinstance(quorum, str) else quorum
        yes = sum(tally[name] for name in AGREEMENT)
        if active < 1 or min(active, tally.total() - tally["recuse"]) < needed:
            return False
        match procedure["name"]:
            case "majority":
                votes = yes + tally["object"]
                return votes > 0 and Fraction(yes, votes) >= Fraction(procedure["threshold"])
            case "ballot":
                return not tally["object"] and yes > 0 and 3 * (yes + tally["stand-aside"]) >= 2 * active
        return not tally["object"]

    def statement(self, id: str) -> Row:
        [fact] = self.of("statement", id)
        return {name: fact[name] for name in ("number", "call", "participant", "words")}

    def ruling(self, id: str) -> Row:
        given, *later = [fact for fact in self.of("ruling", id) if fact["@type"].startswith("Ruling")]
        challenged = self.of("ruling", id, "RulingChallenged")
        return {
            **{name: given.get(name) for name in ("number", "version", "change", "reason", "notice_until")},
            "subject": given.get("proposal") or given.get("document"),
            "status": (later or [given])[-1]["@type"].removeprefix("Ruling").lower(),
            "challenge": last(challenged, "reason"),
        }

    def joint(self, id: str) -> Row:
        [proposed] = self.of("joint", id, "ActProposed")
        told = [proposed, *self.of("joint", id, "ActAssented")]
        assents = list(dict.fromkeys(fact["@actor"] for fact in told))
        row = {name: proposed[name] for name in ("number", "command", "fields")}
        needed = last(told, "needed")
        return {**row, "needed": needed, "assents": assents, "status": "done" if len(assents) >= needed else "proposed"}

    # ------------------------------------------------------------------ signatures

    def endorsement(self, id: str) -> Row:
        mine = self.of("endorsement", id)
        start = max(n for n, fact in enumerate(mine) if fact["@type"] == "EndorsementGiven")
        given, since = mine[start], mine[start:]
        signed = [fact for fact in since if fact["@type"] in SIGNED]
        ended = {"EndorsementWithdrawn": "withdrawn", "EnteredInError": "void"}
        consent = {"PublicationConsented": True, "PublicationConsentWithdrawn": False}
        lifted = {fact["reservation"] for fact in since if fact["@type"] == "ReservationLifted"}
        corrections = [fact for fact in since if fact["@type"] == "CorrectionIssued"]
        confirmed = [fact for fact in since if fact["@type"] == "EndorsementConfirmed"]
        objection = next((fact for fact in reversed(since) if fact["@type"] == "ChangeObjected"), {})
        return {
            "subject": given.get("proposal") or given.get("document"),
            "participant": given["participant"],
            "status": next((ended[fact["@type"]] for fact in reversed(since) if fact["@type"] in ended), "given"),
            "version": signed[-1]["version"],
            "sha256": signed[-1]["text"],
            "assent": signed[-1]["assent"],
            "capacity": given["capacity"],
            "publish": next((consent[f["@type"]] for f in reversed(since) if f["@type"] in consent), given["publish"]),
            "confirmed": not for_another(signed[-1]) or any(f["@entry"] > signed[-1]["@entry"] for f in confirmed),
            "entered": signed[-1].get("@recordedby") != signed[-1].get("@actor"),
            "excepting": [fact["excepting"] for fact in signed if "excepting" in fact][-1],
            "reservations": [
                {
                    "number": fact["reservation"],
                    "words": fact["words"],
                    "entry": fact["@entry"],
                    "lifted": fact["reservation"] in lifted,
                    "item": fact.get("item"),
                    "quotation": fact.get("quotation"),
                }
                for fact in since
                if fact["@type"] == "ReservationEntered"
            ],
            "objected": objection.get("version"),
            "since": objection.get("since", objection.get("version")),
            "given": signed[-1]["@entry"],
            "signed": signed[-1]["@time"],
            "sealed": [digest for fact in [*signed, *corrections] for digest in fact.get("_sd", [])],
        }

    def standing(self, id: str) -> str:
        """Rule 1: whether the name stands under the text as it is now."""
        row = self.endorsement(id)
        if row["status"] != "given":
            return str(row["status"])
        since = {version: kind for version, kind in self.change[row["subject"]].items() if version > row["version"]}
        if "substantive" in since.values():
            return "lapsed"
        return "objected" if row["objected"] in since else "stands"

    def signatures(self, subject: str) -> list[str]:
        return [id for id in self.ids("endorsement") if self.endorsement(id)["subject"] == subject]

    # ------------------------------------------------------------------ documents and their circulation

    def frame(self, document: str, before: int = 2**53) -> Row:
        """What stands around a document's items, as it was before that entry."""
        [drafted] = self.of("document", document, "DocumentDrafted")
        revised = [fact for fact in self.of("document", document, "DocumentRevised") if fact["@entry"] < before]
        now = revised[-1] if revised else drafted
        row = {name: now.get(name) for name in FRAME} | {"kind": drafted["kind"]}
        return {**row, "authors": drafted["authors"], "numbered": drafted["numbered"]}

    def document(self, id: str) -> Row:
        [drafted] = self.of("document", id, "DocumentDrafted")
        doors = self.of("document", id, "OpenedForSignature", "ClosedForSignature")
        open_ = bool(doors) and doors[-1]["@type"] == "OpenedForSignature"
        published = self.of("document", id, "DocumentPublished")
        decision = self.adopted(id)
        return {
            "number": drafted["number"],
            **self.frame(id),
            "groups": last(self.of("document", id, "ItemsOrdered"), "groups") or [],
            "views": [
                {name: fact[name] for name in fact if name[0] not in "@_"} | {"entry": fact["@entry"]}
                for fact in self.of("document", id, "MinorityViewAttached")
            ],
            "edition": len(self.of("document", id, *EDITIONS)),
            "substantive": self.substantive(id),
            "editorial": sorted(edition for edition, kind in self.change[id].items() if kind == "editorial"),
            "opened": self.opened(id),
            "signing": open_,
            "closes": doors[-1].get("closes") if open_ else None,
            "embargo": last(self.of("document", id, "EmbargoSet"), "until"),
            "published": last(published, "edition"),
            "published_entry": published[0]["@entry"] if published else None,
            "call": self.open_call("document", id),
            "decision": decision,
            "decided_by": self.procedure(decision) if decision else None,
            "notice_until": self.notice_until("document", id),
        }

    def opened(self, document: str) -> int:
        """The last edition that was ever open for signature; 0 where none was."""
        edition, last, open_ = 0, 0, False
        for fact in self.of("document", document, "OpenedForSignature", "ClosedForSignature", *EDITIONS):
            edition += fact["@type"] in EDITIONS
            open_ = fact["@type"] == "OpenedForSignature" or (open_ and fact["@type"] != "ClosedForSignature")
            last = edition if open_ else last
        return last

    def adopted(self, document: str) -> str | None:
        """The call that adopted an edition, if its outcome was not set aside."""
        decision = None
        for fact in self.of("document", document, "ConsensusReached", "OutcomeSetAside"):
            if fact["@type"] == "ConsensusReached":
                decision = fact["call"]
            elif fact["call"] == decision:
                decision = None
        return decision

    def editions(self, document: str) -> dict[int, Row]:
        return {
            fact["version"]: {
                "entry": fact["@entry"],
                "sha256": fact["text"],
                "frame": self.frame(document, fact["@entry"]),
                "items": fact["items"],
                "change": fact["change"],
                "correction": {"reason": fact["reason"], "about": fact.get("proposal") or fact.get("endorsement")}
                if fact["@type"] == "CorrectionIssued"
                else None,
                "sealed": fact.get("_sd", []),
            }
            for fact in self.of("document", document, *EDITIONS)
        }

    def circulation(self, id: str) -> Row:
        [fact] = self.of("circulation", id, "DocumentCirculated")
        row = {name: fact.get(name) for name in ("number", "document", "edition", "addressees", "note")}
        return {**row, "sent": fact["@time"]}

    def answer(self, kind: str, id: str) -> Row:
        facts = self.of(kind, id)
        valid = [fact for fact in facts if fact["@type"] != "EnteredInError"]
        row = {name: valid[0].get(name) for name in ("circulation", "participant", "words")}
        return {**row, "kind": kind, "time": valid[-1]["@time"], "status": "valid" if facts[-1] in valid else "void"}

    def seen(self, document: str, edition: int) -> set[str]:
        """Rule 8: who was sent an edition, as far as they are known to have it: by acknowledging or responding."""
        sent = [id for id in self.ids("circulation") if self.circulation(id)["document"] == document]
        sent = [id for id in sent if self.circulation(id)["edition"] == edition]
        answers = [self.answer(kind, id) for kind in ("receipt", "response") for id in self.ids(kind)]
        return {row["participant"] for row in answers if row["circulation"] in sent and row["status"] == "valid"}

    # ------------------------------------------------------------------ what the views must show

    def tables(self) -> dict[str, dict[str, Row]]:
        """The rows of every view that lists things, by kind and id."""
        tables: dict[str, dict[str, Row]] = {"dialogue": {self.facts[0]["@dialogue"]: self.dialogue()}}
        for kind in ("proposal", *BORN):
            row = getattr(self, kind, None) or (lambda id, kind=kind: self.answer(kind, id))
            tables[kind] = {id: row(id) for id in self.ids(kind)}
        return tables

    def timeline(self) -> dict[int, Row]:
        happened = ""
        lines = {}
        for fact in self.facts:
            happened = max(happened, fact["@time"])
            lines[fact["@entry"]] = {
                **{name: fact.get(f"@{name}") for name in ("type", "time", "recordedtime", "actor", "recordedby")},
                "happened": happened,
                "outside": fact["@outside"],
            }
        return lines


BORN = {
    "participant": ("ParticipantInvited", "participant"),
    "meeting": ("MeetingPlanned", "meeting"),
    "session": ("SessionOpened", "session"),
    "attendance": ("AttendanceRecorded", "attendance"),
    "sponsorship": ("ProposalCoSponsored", "sponsorship"),
    "amendment": ("AmendmentProposed", "amendment"),
    "comment": ("CommentMade", "comment"),
    "call": ("ConsensusCalled", "call"),
    "position": ("PositionTaken", "position"),
    "statement": ("InterpretativeStatementEntered", "statement"),
    "ruling": ("RulingGiven", "ruling"),
    "joint": ("ActProposed", "joint"),
    "endorsement": ("EndorsementGiven", "endorsement"),
    "document": ("DocumentDrafted", "document"),
    "circulation": ("DocumentCirculated", "circulation"),
    "receipt": ("ReceiptAcknowledged", "receipt"),
    "response": ("ResponseReceived", "response"),
}  # kind: the fact with which one begins, and its field with the id


def told(leaf: bytes) -> Told:
    """A leaf in one dictionary."""
    envelope = json.loads(leaf)
    return {**envelope["data"], **{f"@{name}": value for name, value in envelope.items() if name != "data"}}


def last(facts: list[Told], name: str) -> Any:
    """The last value told under this name; None if none was."""
    return next((fact[name] for fact in reversed(facts) if name in fact), None)


def for_another(fact: Told) -> bool:
    """Whether somebody else entered it for the actor, on some basis (rule 2)."""
    return "@basis" in fact and fact.get("@recordedby") != fact.get("@actor")


def first_day(date: str) -> str:
    return date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date


def last_day(date: str) -> str:
    if len(date) == 4:
        return date + "-12-31"
    return date if len(date) == 10 else f"{date}-{monthrange(int(date[:4]), int(date[5:]))[1]}"


def instants(model: Model) -> Iterator[datetime]:
    """The instants at which something ends by time alone: expiries, notices, embargoes, closings."""
    for fact in model.facts:
        for name in ("expires", "notice_until", "until", "closes"):
            if name in fact:
                yield datetime.fromisoformat(fact[name])


def soon(model: Model, now: datetime) -> list[datetime]:
    """Those of them that lie ahead, each with the moment after it."""
    ahead = sorted({instant for instant in instants(model) if instant >= now})
    return [moment for instant in ahead for moment in (instant, instant + timedelta(seconds=1))]
