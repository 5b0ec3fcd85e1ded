"""Documents that exist already come into the record: what a file says becomes commands, executed all or none.

It records only what the file says, as imported: no meeting, call or date is made up, and the basis of every
entry is `document`. A file that was imported before is known again by an HMAC of it under a key of the house,
from which the ids of its acts are drawn: they stand in the record, and a clear digest would tell whoever guesses
a file with names in it that it was this one (design.md, "Facts as bytes").
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any
from uuid import UUID

from dialogue import brackets
from dialogue.document import Group, Numbered
from dialogue.drafting import SubmitProposal
from dialogue.fact import OPERATOR, Command, Moment, Personal, Refused, Unknown, named
from dialogue.issuing import DraftDocument, IssueEdition, OrderItems, RenumberItems
from dialogue.mandate import Counts, Dialogue, ProposeDialogue, Section
from dialogue.participant import Invite
from dialogue.signing import GiveEndorsement
from projections.preamble import joined
from projections.reading.document import DocumentForm
from projections.reading.mandate import MandateForm
from projections.reading.names import name_parts
from projections.reading.signatories import Signatory
from projections.secretariat import Secretariat
from projections.untitled import entered

KEEPER = "Secretariat"  # who keeps a new dialogue's record, where nobody says otherwise
NAMED_AT_MOST = 5  # people in one remark


@dataclass(frozen=True)
class Import:
    """What a file becomes: acts in a dialogue that is new, or that stands at entry `head`.

    `remarks` say what it leaves out or takes otherwise than the file has it. With `done` the same file was
    imported before, and there is nothing to do.
    """

    dialogue: UUID
    title: str
    head: int
    acts: tuple[tuple[Command, Moment], ...] = ()
    remarks: tuple[str, ...] = ()
    done: bool = False

    def execute(self, secretariat: Secretariat, *, dry_run: bool = False) -> int:
        """How many entries it became; all acts are recorded or none. Raises Refused, and Conflict where somebody
        has acted since `head`, for the numbers that the acts rest on may be taken.
        """
        if self.done:
            return 0
        answers = secretariat.execute_all(self.dialogue, self.acts, dry_run=dry_run, at=self.head)
        return sum(map(len, answers))


def document(
    secretariat: Secretariat,
    form: DocumentForm,
    content: bytes,
    *,
    into: UUID | None = None,
    keeper: UUID | None = None,
    body: str = KEEPER,
    title: str | None = None,
    again: bool = False,
) -> Import:
    """A published document as acts: proposals, a document with its first edition, signatories and signatures.

    `content` are the file's bytes, of which the form was read. Without `into` a new dialogue is opened under the
    document's title, or `title`, its record kept by `body`; in an existing one, `keeper` of it enters everything.
    `again` imports a file that was imported before once more. Raises Refused for a file without a title, and
    Unknown for a dialogue that is not there.
    """
    source = Source(secretariat, content, "document", again=again)
    heading = title or form.title
    if not heading:
        raise Refused("no-title", "the file has no title of its own; give one with --title")
    if into is None:
        dialogue, counts, head = source.dialogue, Counts(), 0
        keeper = named(dialogue, "N1")
        opening: Command | None = ProposeDialogue(heading, officers=(Invite(("secretariat",), body=body),))
        counts = replace(counts, participant=1)
        done = secretariat.record.rows.last(dialogue) is not None
    else:
        dialogue, opening = into, None
        counts, head = numbered_so_far(secretariat, dialogue)
        assert keeper is not None
        done = bool(secretariat.record.rows.act(dialogue, source.act(1)))
    if done:
        return Import(dialogue, heading, head, done=True)
    known = acquainted(secretariat, dialogue, form.signatories) if into is not None else {}
    if opening is not None:
        source.add(opening, OPERATOR)
    record(source, replace(form, title=form.title or heading), dialogue, counts, keeper, known)
    return Import(dialogue, heading, head, tuple(source.acts), tuple(unplaced(form, known)))


def mandate(
    secretariat: Secretariat,
    form: MandateForm,
    content: bytes,
    *,
    body: str = KEEPER,
    title: str | None = None,
    again: bool = False,
) -> Import:
    """A mandate form as the act that proposes its dialogue, with its co-chairs, which are institutions.

    Raises Refused for a form without a title.
    """
    source = Source(secretariat, content, "mandate", again=again)
    heading = title or form.title
    if not heading:
        raise Refused("no-title", "the form does not say what the dialogue is called; give a title with --title")
    if secretariat.record.rows.last(source.dialogue) is not None:
        return Import(source.dialogue, heading, 0, done=True)
    chairs = tuple(Invite(("co-chair",), body=name) for name in form.cochairs)
    command = ProposeDialogue(
        heading,
        officers=(*chairs, Invite(("secretariat",), body=body)),
        submitted=form.submitted,
        applicant=form.applicant,
        meetings=form.meetings,
        start=form.start,
        end=form.end,
        # prose under no heading of its own stands under the form's
        sections=tuple(Section(one.heading or form.form or heading, one.text) for one in form.sections),
        objectives=tuple(f"({letter}) {words}" for letter, words in form.objectives),
    )
    source.add(command, OPERATOR)
    return Import(source.dialogue, heading, 0, tuple(source.acts))


class Source:
    """The file, and the acts that it becomes, in order."""

    def __init__(self, secretariat: Secretariat, content: bytes, kind: str, *, again: bool) -> None:
        self.secretariat = secretariat
        self.evidence = hashlib.sha256(content).hexdigest()
        known = secretariat.custody.digest(f"import of a {kind}: {self.evidence}".encode())
        self.mark = secretariat.random(len(known)) if again else known
        self.acts: list[tuple[Command, Moment]] = []

    @property
    def dialogue(self) -> UUID:
        """The id of the dialogue that the file opens."""
        return UUID(bytes=self.mark[:16], version=4)

    def act(self, number: int) -> str:
        """The id of the file's n-th act, from 1."""
        return f"import-{self.mark[16:].hex()}-{number}"

    def add(self, command: Command, actor: UUID, *, entered_by: UUID | None = None, evidence: bool = False) -> None:
        """One more act; with `evidence` the file's digest is sealed beside it."""
        given: dict[str, Any] = {"recordedby": entered_by, "evidence": self.evidence if evidence else None}
        moment = self.secretariat.moment(actor, basis="document", act=self.act(len(self.acts) + 1), **given)
        self.acts.append((command, moment))


def record(
    source: Source, form: DocumentForm, dialogue: UUID, counts: Counts, keeper: UUID, known: dict[int, UUID]
) -> None:
    """The acts of a document: its items, itself, and who signed it. `known` are signatories who are here already.

    Whoever signed with a limit is invited and no more: under the whole text their name must not stand.
    """
    groups = []
    numbers: list[Numbered] = []
    number = counts.proposal
    for theme in form.themes:
        items = []
        for item in theme.items:
            number += 1
            proposal = named(dialogue, f"P{number}")
            items.append(proposal)
            title, text = entered(item.title, item.text)
            source.add(SubmitProposal(title, brackets.literal(text), theme.title or None), keeper)
            numbers += [] if item.number is None else [Numbered(proposal, str(item.number))]
        groups.append(Group(theme.title, tuple(items)))
    paper = named(dialogue, f"D{counts.document + 1}")
    preamble = joined("\n\n".join(form.preamble), form.areas, "\n\n".join(form.after_areas))
    draft = DraftDocument(
        form.title,
        subtitle="\n".join(form.subtitle) or None,
        preamble=brackets.literal(preamble) or None,
        acknowledgement="\n\n".join(form.acknowledgement) or None,
        numbered=counted(form),
    )
    source.add(draft, keeper, evidence=True)
    source.add(OrderItems(paper, tuple(groups)), keeper)
    if renumbered(form):
        source.add(RenumberItems(paper, tuple(numbers)), keeper)
    source.add(IssueEdition(paper), keeper)
    invited, as_numbered = counts.participant, rising(form)
    for place, signatory in enumerate(form.signatories):
        descriptor = Personal(signatory.descriptor) if signatory.descriptor else None
        person = known.get(place)
        if person is None:
            invited += 1
            person = named(dialogue, f"N{invited}")
            family, given, order = name_parts(signatory.name)
            invitation = Invite(
                name=Personal(signatory.name),
                family=Personal(family) if family else None,
                given=Personal(given) if given else None,
                order=order,
                descriptor=descriptor,
            )
            source.add(invitation, keeper)
        if signatory.limits:
            continue
        signature = GiveEndorsement(
            document=paper,
            version=1,
            publish=True,
            place=signatory.number if as_numbered else place + 1,
            name=Personal(signatory.name),
            descriptor=descriptor,
        )
        source.add(signature, person, entered_by=keeper, evidence=True)


def counted(form: DocumentForm) -> bool:
    """Whether the file numbers its recommendations, instead of marking them with bullets."""
    return all(item.number is not None for theme in form.themes for item in theme.items)


def renumbered(form: DocumentForm) -> bool:
    """Whether its numbers tell the recommendations apart, but do not simply count them."""
    numbers = [item.number for theme in form.themes for item in theme.items]
    return counted(form) and len(set(numbers)) == len(numbers) and numbers != list(range(1, len(numbers) + 1))


def rising(form: DocumentForm) -> bool:
    """Whether the signatories' numbers put them in the order in which they stand."""
    return all(one.number < next_.number for one, next_ in pairwise(form.signatories))


def unplaced(form: DocumentForm, known: dict[int, UUID]) -> Iterator[str]:
    """What of the document is left out, or taken otherwise than the file has it."""
    for annex in form.annexes:
        yield f"“{annex.title}” is not recorded: no one in the file acts for it; enter it as what it is"
    if not form.signatories:
        yield "no signatories were found; where the file lists them, head the list “Signatories”"
    numbers = [item.number for theme in form.themes for item in theme.items]
    if counted(form) and len(set(numbers)) < len(numbers):
        yield "the recommendations' numbers begin anew on the way; in the record they count through"
    limited = [one.name for one in form.signatories if one.limits]
    if limited:
        yield f"limited by a note below the name, so not recorded as a signature: {some(limited)}; enter it as it is"
    if not rising(form):
        yield "the signatories' numbers do not rise; in the record they are counted in the order of the list"
    twice = [name for name, times in Counter(one.name for one in form.signatories).items() if times > 1]
    if twice:
        yield f"several signatories are called {some(twice)}; each is a participant of their own"
    if known:
        yield f"taken for participants of the same name: {some([form.signatories[place].name for place in known])}"


def some(names: list[str]) -> str:
    more = len(names) - NAMED_AT_MOST
    return ", ".join(names[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def numbered_so_far(secretariat: Secretariat, dialogue: UUID) -> tuple[Counts, int]:
    """The numbers given in a dialogue, and the entry at which they were read. Raises Unknown."""
    secretariat.catch_up()
    with secretariat.desk(dialogue) as desk:
        state, _ = desk.state("dialogue", dialogue)
        if not isinstance(state, Dialogue) or desk.head is None:
            raise Unknown("dialogue")
        return state.counts, desk.head.number


def acquainted(secretariat: Secretariat, dialogue: UUID, signatories: tuple[Signatory, ...]) -> dict[int, UUID]:
    """By place in the list, the participants who may sign and whose full printed name stands there once.

    A surname is no key (domain.md, "People and bodies"): two of one name, here or there, are nobody's.
    """
    with secretariat.reading() as reading:
        table = reading.t.participants
        active = table.c.status.in_(("invited", "accepted", "regrets"))
        rows = reading.all(table, "participant", dialogue, where=active)
        members = [row["id"] for row in rows if {"participant", "co-chair"} & set(row["roles"])]
        people = list(reading.persons(members).values())
    here = Counter(person.name for person in people)
    there = Counter(one.name for one in signatories)
    by_name = {person.name: UUID(person.id) for person in people if here[person.name] == 1}
    return {
        place: by_name[one.name]
        for place, one in enumerate(signatories)
        if there[one.name] == 1 and one.name in by_name
    }
