"""A document as it is published: one edition, as of any entry, with all that the record adds to its words.

domain.md, rules 1 to 5, and "Life of a dialogue". What is composed here is printed, all of it, by every format.
A person is named in it only on the list of signatories or as author: whoever dissociates themselves, interprets
or dissents has not thereby agreed to be named, unless their name stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dialogue.brackets import Malformed, parse, plain
from dialogue.document import NEEDS_ASSENT
from dialogue.fact import Refused, Unknown
from dialogue.shape import stamp
from projections.audience import SECRETARIAT
from projections.listing import Listing, listing
from projections.outcomes import on_text, stated_on
from projections.preamble import parted
from projections.publish.publication import Item, Note, Publication, Theme
from projections.read import Person, Reading, Row
from projections.rule import private
from projections.standing import substantive_at
from projections.untitled import printed

BY = {
    "consensus": "by consensus",
    "consensus-minus": "by consensus, not counting those named when the call opened",
    "silence": "by silence procedure",
    "majority": "by majority",
    "ballot": "by ballot",
    "chair": "by the co-chairs",
}
NOTED = {
    "agree-dissociating": "dissociation",
    "agree-with-reservation": "reservation",
    "object": "dissent",
}  # positions that are printed with what was decided, and as what


def publication(reading: Reading, dialogue: UUID, document: UUID, edition: int | None = None) -> Publication:
    """An edition of a document; without a number, the latest one for which publication need not wait.

    Raises Unknown for a document or edition that was not there, and Refused for an edition of which signatories
    may still object to an editorial change: it says until when, and which edition to publish meanwhile.
    """
    row = reading.one(reading.t.documents, document, "document")
    if row["dialogue"] != str(dialogue):
        raise Unknown("document with that id")
    if row["edition"] == 0:
        raise Refused("no-edition", f"no edition of D{row['number']} has been issued; issue one first")
    if edition is not None and not 1 <= edition <= row["edition"]:
        raise Unknown(f"edition {edition} of D{row['number']}")
    chosen = row["edition"] if edition is None else edition
    page = composed(reading, row, chosen)
    while page.signatories.waiting and edition is None:
        chosen -= 1  # at last the one that everybody signed: nobody is waited for there
        page = composed(reading, row, chosen)
    if page.signatories.waiting:
        until = page.signatories.until[:16].replace("T", " ")
        raise Refused(
            "notice",
            f"signatories may object to the changes of edition {chosen} until {until} UTC; publish it then, "
            "or leave the edition out and the last one that may be published is",
        )
    return page.publication()


@dataclass
class Composed:
    """One edition being put together: the document's row, the edition's, its items and its signatories."""

    reading: Reading
    row: Row
    issued: Row
    items: list[dict[str, Any]]
    proposals: dict[str, Row]
    numbers: Mapping[str, int | str]
    signatories: Listing

    @property
    def edition(self) -> int:
        return int(self.issued["edition"])

    def publication(self) -> Publication:
        frame, reading = self.issued["frame"], self.reading
        words = unbracketed(reading.words(frame["preamble"])) if frame["preamble"] else ""
        preamble, areas, after_areas = parted(words)
        people = named_in_print(reading, frame["authors"])
        call = self.decided(self.row, self.edition)
        return Publication(
            frame["title"],
            frame["kind"],
            self.edition,
            as_of=f"entry {reading.bound(self.row['dialogue'])}",
            subtitle=frame["subtitle"] or "",
            numbered=frame["numbered"],
            embargo=self.embargo(),
            authors=tuple(people[id].shown for id in frame["authors"]),
            disclaimers=(frame["disclaimer"],) if frame["disclaimer"] else (),
            preamble=preamble,
            areas=areas,
            after_areas=after_areas,
            themes=tuple(
                Theme(title, tuple(self.item(one, call) for one in group))
                for title, group in groupby(self.items, lambda one: one.get("theme", ""))
            ),
            signatories=tuple(self.signatories.lines),
            unnamed=self.signatories.unnamed,
            acknowledgement=frame["acknowledgement"] or "",
            late_signatories=tuple(self.signatories.late),
            notes=(*self.signatories.notes, *(self.positions(call) if call else ())),
            statements=tuple(self.statements(call, on_text(reading, self.row, self.edition))),
            minority_views=tuple(self.minority_view(view) for view in self.row["views"]),
            corrections=tuple(self.corrections()),
        )

    def embargo(self) -> str:
        until, now = self.row["embargo"], stamp(self.reading.instant(self.row["dialogue"]))
        return f"Under embargo until {until[:16].replace('T', ' ')} UTC." if until is not None and now < until else ""

    def item(self, one: dict[str, Any], of_document: Row | None) -> Item:
        """A recommendation as this edition has it, with how it came to stand here."""
        proposal = self.proposals[one["proposal"]]
        call = self.decided(proposal, one["version"])
        title, text = printed(one["title"], self.reading.words(one["text"]), self.first_words(proposal["id"]))
        notes = [
            *(self.positions(call) if call else ()),
            *self.statements(call, on_text(self.reading, proposal, one["version"])),
        ]
        return Item(
            self.numbers[one["proposal"]],
            title,
            unbracketed(text),
            handle=f"P{proposal['number']}",
            version=one["version"],
            decision=self.decision(proposal["id"], call, of_document),
            notes=tuple(notes),
        )

    def first_words(self, proposal: str) -> str:
        """The item's text as it stood at first."""
        texts = self.reading.t.texts
        query = select(texts.c.sha256).where(texts.c.subject == proposal, texts.c.version == 1)
        return self.reading.words(self.reading.conn.execute(query).scalar_one())

    def decision(self, proposal: str, call: Row | None, of_document: Row | None) -> str | None:
        """How the item came to stand here, as a phrase; None where nobody has decided or signed it yet."""
        if self.issued["frame"]["kind"] not in NEEDS_ASSENT:
            return None
        decided, whole = (call, "") if call else (of_document, " with the whole document")
        if decided:
            by = BY[decided["procedure"]["name"]]
            contested = "; the outcome is contested" if decided["status"] == "contested" else ""
            return f"adopted{whole} {by}, entry {decided['outcome_entry']}{contested}"
        return "signed, not adopted" if proposal in self.signatories.covered else None

    def decided(self, row: Row, version: int) -> Row | None:
        """The call that adopted this version, or one from which it differs by editorial changes only."""
        call = self.reading.row(self.reading.t.calls, row["decision"]) if row["decision"] else None
        if call is None or call["version"] is None or version < call["version"]:
            return None
        return call if substantive_at(row, version) <= call["version"] else None

    def positions(self, call: Row) -> Iterable[Note]:
        """Dissociations, reservations and dissent: they stay with what was decided."""
        if private(self.reading, call):
            return  # to name their number would be to count them
        held = self.reading.all(self.reading.t.positions, "position", call["dialogue"], parent=call["id"])
        for one in held:
            if one["name"] in NOTED and not one["late"]:
                numbers = ", ".join(map(str, one["paragraphs"]))
                many = "s" if len(one["paragraphs"]) > 1 else ""
                said = [f"from paragraph{many} {numbers}" if numbers else "", one["reason"] or ""]
                words = ": ".join(filter(None, said)) or "no reason was given"
                yield Note(NOTED[one["name"]], self.who([one["participant"]]), words)
        if call["conveyed"]:
            yield Note("dissent", "", f"conveyed through the chair: {len(call['conveyed'])}")

    def statements(self, adopting: Row | None, calls: Iterable[Row]) -> Iterable[Note]:
        """How somebody understands a decision on the text: inseparable from it. One on another decision than that
        which adopted the text says on which.
        """
        for call in calls:
            kind = "interpretative statement"
            if adopting is None or call["id"] != adopting["id"]:
                kind += f" on the decision of entry {call['outcome_entry']}"
                kind += ", that there is no consensus" if call["status"] == "not-reached" else ""
            for one in stated_on(self.reading, call):
                yield Note(kind, self.who([one["participant"]]), one["words"])

    def minority_view(self, view: dict[str, Any]) -> Note:
        kind = f"minority view “{view['title']}”" if view.get("title") else "minority view"
        return Note(kind, self.who(view["holders"]), view["words"])

    def who(self, ids: Iterable[str | None]) -> str:
        """Bodies, and the persons whose names stand on the list; how many there are besides, if anybody is named.

        Nobody in a document that is not attributed: to sign is not to consent to be quoted.
        """
        if self.row["attribution"] != "attributed":
            return ""
        everybody = [id for id in ids if id is not None]
        people = named_in_print(self.reading, everybody)
        names = [
            person.name
            for id in everybody
            if (person := people[id]).name and (person.body or id in self.signatories.named)
        ]
        others = len(everybody) - len(names)
        if others and (names or others > 1):
            names.append(f"{others} who {'is' if others == 1 else 'are'} not named here")
        return ", ".join(names)

    def corrections(self) -> Iterable[str]:
        """What was wrong and is mended in this edition or an earlier one."""
        table = self.reading.t.editions
        query = select(table.c.edition, table.c.correction).where(
            table.c.document == self.row["id"], table.c.edition <= self.edition
        )
        for edition, correction in self.reading.conn.execute(query.order_by(table.c.edition)):
            if correction is not None:
                yield f"Edition {edition}{self.place(correction['about'])}: {correction['reason']}"

    def place(self, about: str | None) -> str:
        """Where a correction was made: in a recommendation, or in the list of signatories."""
        if about is not None and about in self.numbers:
            return f", recommendation {self.numbers[about]}"
        return ", list of signatories" if about is not None else ""


def composed(reading: Reading, row: Row, edition: int) -> Composed:
    """What an edition is put together from."""
    table = reading.t.editions
    query = select(table).where(table.c.document == row["id"], table.c.edition == edition)
    issued = dict(reading.conn.execute(query).mappings().one())
    items = issued["items"]
    proposals = reading.several(reading.t.proposals, (one["proposal"] for one in items))
    numbers = {one["proposal"]: int(one["number"]) if one["number"].isdecimal() else one["number"] for one in items}
    versions = [(proposals[one["proposal"]], one["version"]) for one in items]
    signatories = listing(reading, row, edition, versions, numbers)
    return Composed(reading, row, issued, items, proposals, numbers, signatories)


def unbracketed(words: str) -> str:
    """The words as print has them: without the marks that tell ordinary brackets from open ones."""
    try:
        parse(words)
    except Malformed:
        return words
    return plain(words)


def named_in_print(reading: Reading, people: Iterable[str]) -> dict[str, Person]:
    """Who is named in a document as it is published, whoever reads it."""
    return replace(reading, audience=SECRETARIAT).persons(people)
