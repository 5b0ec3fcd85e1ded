"""The domain's rules, held against each fact as it comes, on what the independent model knows.

domain.md, "Rules that must hold". `broken` lists what did not hold, at which entry: nothing, in a record that is right.
"""

from __future__ import annotations

from collections import Counter

from model import BIRTHS, EDITIONS, OPPOSITE, OUTCOMES, RULED, SIGNED, TEXTS, Model, Told, for_another, told


class Rules:
    """The rules over one dialogue, whose leaves the model is told through `take`."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.broken: list[str] = []

    def take(self, leaf: bytes) -> None:
        """One more leaf."""
        fact = told(leaf)
        self.clocks(fact)
        self.before(fact)
        self.after(self.model.take(leaf))

    def demand(self, holds: bool, rule: str, fact: Told) -> None:
        if not holds:
            self.broken.append(f"entry {fact['@entry']} ({fact['@type']}): {rule}")

    def clocks(self, fact: Told) -> None:
        """Entries are dense; recordedtime never runs backwards; what happened before has a basis; none is to come."""
        model = self.model
        self.demand(fact["@entry"] == len(model.facts) + 1, "entries are dense", fact)
        self.demand(fact["@time"] <= fact["@recordedtime"], "nothing is recorded before it happens", fact)
        if model.facts:
            head = model.facts[-1]["@recordedtime"]
            self.demand(fact["@recordedtime"] >= head, "recordedtime never runs backwards", fact)
            backdated = fact["@time"] < head and fact.get("@act") != model.facts[-1].get("@act")
            self.demand(not backdated or "@basis" in fact, "an act of the past has a basis", fact)

    def before(self, fact: Told) -> None:
        """What must hold where a fact comes in."""
        model = self.model
        kind = fact["@type"]
        if kind in TEXTS and kind not in BIRTHS:
            self.demand(fact["version"] == len(model.versions(fact["proposal"])) + 1, "versions are dense", fact)
            if kind != "TextCorrected":  # an erratum mends what an edition prints, whatever became of the item
                self.demand(model.decided(fact["proposal"])[0] == "open", "rule 3: a decided text is frozen", fact)
        if kind in SIGNED:
            self.signing(fact)
        if kind == "PositionTaken":
            self.taking(fact)
        if kind in OUTCOMES:
            self.declaring(fact)
        if kind == "TextReopened":
            self.reopening(fact)
        if kind == "EditionIssued" and fact["version"] > 1:
            self.demand(fact["change"] == self.compared(fact), "an edition is as editorial as what changed", fact)
        if kind == "CorrectionIssued":
            moved = self.spans_of(fact) - {(fact.get("proposal"), self.newest(fact.get("proposal")))}
            kinds = {model.change[item][version] for item, version in moved}
            self.demand("substantive" not in kinds, "rule 1: a correction brings no other change along", fact)
        if kind == "RulingOverturned":
            [given] = model.of("ruling", fact["ruling"], "RulingGiven")
            self.demand(fact["change"] == OPPOSITE[given["change"]], "rule 9: an overturned ruling turns round", fact)
        if kind == "DocumentPublished":
            until = model.notice_until("document", fact["document"])
            self.demand(not until or until < fact["@recordedtime"], "rule 1: publication waits out the notice", fact)
            edition = model.of("document", fact["document"], *EDITIONS)[-1]
            self.demand(fact["edition"] == edition["version"], "what is published is the current edition", fact)
            self.demand(not self.bracketed(edition), "rule 6: no bracket is open in what is published", fact)
        if kind in ("SettingsAgreed", "OutcomeSetAside", "OutcomeConfirmed"):
            self.demand(self.together(fact) or self.chairs() == 1, "several co-chairs act together", fact)
        if kind == "EnteredInError" and "endorsement" in fact:
            self.demand(model.endorsement(fact["endorsement"])["entered"], "only what was entered is an error", fact)

    def after(self, fact: Told) -> None:
        """What must hold once a fact is in, in whatever it touched."""
        model = self.model
        kind = fact["@type"]
        if kind == "TextAmended":
            amendment = model.amendment(fact["amendment"])
            if amendment["base"] == fact["version"] - 1:
                self.demand(fact["text"] == amendment["sha256"], "rule 7: an amendment is taken as it reads", fact)
        if kind in RULED:
            subject = fact.get("proposal") or fact["document"]
            if fact["change"] == "editorial":
                self.demand("notice_until" in fact, "rule 1: an editorial change gives notice", fact)
            lapsed = [id for id in model.signatures(subject) if model.endorsement(id)["version"] < fact["version"]]
            stands = [id for id in lapsed if model.standing(id) == "stands"]
            self.demand(fact["change"] == "editorial" or not stands, "rule 9: signatures lapse with a ruling", fact)
        for name in ("proposal", "document"):
            if name in fact:
                self.decidable(name, fact[name], fact)
        if kind in {"DeathRecorded", "InvitationAccepted"}:
            errors = model.of("participant", fact["participant"], "EnteredInError")
            self.demand(not errors, "whoever was invited in error is nobody", fact)

    def end_of_act(self) -> None:
        """What must hold whenever an act is complete: rules 3, 4 and 6."""
        model = self.model
        fact = model.facts[-1]
        for call in model.ids("call"):
            [called] = model.of("call", call, "ConsensusCalled")
            if model.call_status(call) == "open" and called["about"] in ("text", "reopening", "edition"):
                subject = called.get("proposal") or called["document"]
                newest = (model.of("document", subject, *EDITIONS) or model.versions(subject))[-1]
                bound = (newest["version"], newest["text"]) == (called["version"], called["text"])
                self.demand(bound, "rule 3: a call binds the text as it stands, or is void", fact)
            if model.call_status(call) == "open" and called["about"] == "amendment":
                item = model.amendment(called["amendment"])["proposal"]
                open_still = model.decided(item)[0] == "open"
                self.demand(
                    open_still, "rule 3: an amendment of a text that is decided or gone is put to no call", fact
                )
            holders = [row["participant"] for row in map(model.position, model.ids("position")) if row["call"] == call]
            self.demand(len(holders) == len(set(holders)), "rule 4: one position each", fact)
        adopted = [model.versions(id)[-1] for id in model.ids("proposal") if model.decided(id)[0] == "adopted"]
        for text in {one["text"] for one in adopted}:
            self.demand(not brackets(model.words(text)), "rule 6: no bracket is open in what is adopted", fact)
        for document in filter(model.adopted, model.ids("document")):
            edition = model.of("document", document, *EDITIONS)[-1]
            self.demand(not self.bracketed(edition), "rule 6: no bracket is open in what is adopted", fact)

    # ------------------------------------------------------------------ single rules

    def signing(self, fact: Told) -> None:
        """Rule 1: a signature names the exact version and digest; one given directly, the current one."""
        model = self.model
        if fact["@type"] == "EndorsementReaffirmed":
            subject = model.endorsement(fact["endorsement"])["subject"]
        else:
            subject = fact.get("proposal") or fact["document"]
        texts = model.of("document", subject, *EDITIONS) or model.versions(subject)
        self.demand(texts[fact["version"] - 1]["text"] == fact["text"], "rule 1: version and digest belong", fact)
        outdated = fact["version"] != texts[-1]["version"]
        self.demand(not outdated or for_another(fact), "rule 1: who signs directly signs the current text", fact)

    def taking(self, fact: Told) -> None:
        """Rule 4 and the silence procedure."""
        model = self.model
        [called] = model.of("call", fact["call"], "ConsensusCalled")
        expires = model.call(fact["call"])["expires"]
        self.demand(fact["participant"] in called["entitled"], "rule 4: only the entitled take a position", fact)
        reason = "reason" in fact or fact["name"] != "object" or not model.settings["objection_needs_reason"]
        self.demand(reason, "rule 4: an objection gives its reason", fact)
        late = expires is not None and fact["@time"] > expires
        self.demand(fact["late"] == late, "what comes after the expiry is late, at the expiry it is in time", fact)

    def declaring(self, fact: Told) -> None:
        """Rules 3, 5 and 6, and the procedure itself."""
        model = self.model
        call = model.call(fact["call"])
        self.demand(call["status"] == "open", "an outcome is declared once", fact)
        self.demand(fact.get("version") == call["version"], "rule 3: what is decided is what was called on", fact)
        reached, explanation = fact["@type"] == "ConsensusReached", fact["explanation"]
        name = call["procedure"]["name"]
        if name == "silence":
            self.demand(fact["@time"] > call["expires"], "a silence is declared after it ran out", fact)
        if name != "chair":
            self.demand(reached == model.reached(fact["call"]), "the outcome is what the procedure makes of it", fact)
            counted = model.counted(fact["call"])
            tally = {one["position"]: one["number"] for one in explanation["tally"]}
            self.demand(tally == Counter(one["name"] for one in counted), "rule 5: the tally is what was counted", fact)
            entries = sorted(one["entry"] for one in counted)
            self.demand(explanation["counted"] == entries, "rule 5: the entries counted are named", fact)
            objections = [one["entry"] for one in counted if one["name"] == "object"]
            blocked = sorted(objections) if explanation.get("reason") in ("objection", "threshold") else []
            self.demand(explanation["blocked"] == blocked, "rule 5: who blocked is named", fact)
        if reached and fact["about"] in ("text", "edition"):
            if fact["about"] == "text":
                still = brackets(model.words(model.versions(fact["proposal"])[-1]["text"]))
            else:
                still = self.bracketed(model.of("document", fact["document"], *EDITIONS)[-1])
            self.demand(not still, "rule 6: no adoption while a bracket is open", fact)

    def reopening(self, fact: Told) -> None:
        """Rule 3: reopening a text needs the procedure that decided it."""
        model = self.model
        status, decision = model.decided(fact["proposal"])
        self.demand(status == "adopted", "only what was decided is reopened", fact)
        if fact.get("decision") != decision and decision is not None:
            calls = [model.of("call", call, "ConsensusCalled")[0] for call in (fact["decision"], decision)]
            ways = [{**call["procedure"], "excluded": []} for call in calls]
            self.demand(ways[0] == ways[1], "rule 3: reopened by the procedure that decided", fact)
        elif decision is not None:
            self.demand(model.procedure(decision) == "chair", "rule 3: the co-chairs reopen what they decided", fact)

    def bracketed(self, edition: Told) -> bool:
        """Whether a bracket stands open in an edition: in what it prints before its items, or in one of these."""
        preamble = self.model.frame(edition["document"], edition["@entry"])["preamble"]
        texts = [item["text"] for item in edition["items"]] + ([preamble] if preamble else [])
        return any(brackets(self.model.words(text)) for text in texts)

    def compared(self, fact: Told) -> str:
        """What kind of change an edition is, compared with the one before."""
        model = self.model
        document = fact["document"]
        before = model.of("document", document, *EDITIONS)[-1]
        frames = [model.frame(document, entry) for entry in (before["@entry"], fact["@entry"])]
        places = [[(item["proposal"], item["theme"]) for item in edition["items"]] for edition in (before, fact)]
        kinds = {model.change[item][version] for item, version in self.spans_of(fact)}
        same = frames[0] == frames[1] and places[0] == places[1] and "substantive" not in kinds
        return "editorial" if same else "substantive"

    def spans_of(self, fact: Told) -> set[tuple[str, int]]:
        """The changes of items between the latest edition and this one, which is not told yet."""
        had = {
            one["proposal"]: one["version"]
            for one in self.model.of("document", fact["document"], *EDITIONS)[-1]["items"]
        }
        return {
            (item["proposal"], version)
            for item in fact["items"]
            for version in range(had.get(item["proposal"], item["version"]) + 1, item["version"] + 1)
        }

    def newest(self, proposal: str | None) -> int | None:
        return self.model.versions(proposal)[-1]["version"] if proposal else None

    def decidable(self, field: str, id: str, fact: Told) -> None:
        """One call at a time on one thing."""
        model = self.model
        calls = [one["call"] for one in model.of(field, id, "ConsensusCalled")]
        self.demand(sum(model.call_status(call) == "open" for call in calls) < 2, "one call at a time", fact)

    def chairs(self) -> int:
        """How many co-chairs must act together."""
        model = self.model
        rule, there = model.settings["chairs"], len(model.active("co-chair"))
        return {"any": 1, "all": there}.get(rule, rule) if isinstance(rule, str) else min(rule, there)

    def together(self, fact: Told) -> bool:
        """Whether the fact comes with the assent that completed the number of co-chairs."""
        model = self.model
        return bool(model.facts) and any(
            one["@type"] == "ActAssented" and one.get("@act") == fact.get("@act") for one in model.facts[-3:]
        )


def brackets(words: str) -> bool:
    """Whether a bracket stands open in a text: any that no backslash stands before."""
    at = 0
    while at < len(words):
        if words[at] == "\\":
            at += 2
            continue
        if words[at] in "[]":
            return True
        at += 1
    return False
