"""What each participant must be told: that a text they signed changed, that a call is open, and so on.

Each notice comes once, with the entry that caused it: who keeps the last entry seen asks for what came since.
The dead and those who left get none (domain.md, "People and bodies").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID, uuid5

from dialogue.call import ConsensusCalled, DeadlineExtended
from dialogue.circulation import DocumentCirculated
from dialogue.comment import CommentDisposed
from dialogue.document import CorrectionIssued, EditionIssued
from dialogue.endorsement import EndorsementGiven, EndorsementReaffirmed
from dialogue.fact import Entry
from dialogue.joint import ActProposed
from dialogue.participant import ParticipantInvited
from dialogue.proposal import BracketsLifted, ProposalRevised, TextAmended, TextBracketed, TextCorrected
from dialogue.ruling import RulingGiven, RulingOverturned
from dialogue.shape import instant, stamp
from projections.amendments import places
from projections.read import Person, Reading, Row

MOVED = (ProposalRevised, TextAmended, TextBracketed, BracketsLifted, TextCorrected, EditionIssued, CorrectionIssued)


@dataclass(frozen=True)
class Notice:
    """One thing that one participant must be told. `id` is the same whenever it is asked for again."""

    id: str
    entry: int
    to: str
    kind: str
    words: str
    until: str | None = None


def notices(reading: Reading, dialogue: UUID, since: int = 0) -> Iterator[Notice]:
    """The notices that entries after `since` gave rise to, in their order."""
    for entry in reading.entries(dialogue, since + 1):
        told = list(of(reading, entry))
        people = reading.persons(who for who, *_ in told)
        for who, kind, words, until in told:
            person = people.get(who)
            if person is not None and person.status not in ("died", "left", "void"):
                id = uuid5(dialogue, f"notice {entry.number} {who} {kind}")
                yield Notice(str(id), entry.number, who, kind, words, until)


Told = tuple[str, str, str, str | None]  # to whom, what kind, which words, until when


def of(reading: Reading, entry: Entry) -> Iterator[Told]:
    """What one entry is told to whom."""
    fact = entry.fact
    match fact:
        case ParticipantInvited():
            yield str(fact.participant), "invited", "You are invited to take part; please accept or send regrets.", None
        case ConsensusCalled():
            yield from called(reading, fact)
        case DeadlineExtended():
            row = reading.one(reading.t.calls, fact.call, "call")
            for who in row["entitled"]:
                words = f"The deadline of consensus call Q{row['number']} was extended to {shown(stamp(fact.expires))}."
                yield who, "deadline-extended", words, stamp(fact.expires)
        case CommentDisposed():
            row = reading.one(reading.t.comments, fact.comment, "comment")
            if row["by"]:
                words = f"Your comment C{row['number']} was disposed of as {fact.disposition}: {fact.reason}"
                yield row["by"], "comment-disposed", words, None
        case EndorsementGiven() | EndorsementReaffirmed():
            yield from entered(reading, entry)
        case DocumentCirculated():
            handle = reading.handle(fact.document)
            for one in fact.addressees:
                words = (
                    f"{handle}, edition {fact.edition}, was sent to you (circulation K{fact.number}); please confirm."
                )
                yield str(one), "circulated", words, None
        case ActProposed():
            yield from joint(reading, entry)
        case RulingGiven() | RulingOverturned():
            yield from ruled(reading, fact)
    if isinstance(fact, MOVED):
        yield from moved(reading, entry)


def called(reading: Reading, fact: ConsensusCalled) -> Iterator[Told]:
    subject = reading.handle(fact.proposal or fact.amendment or fact.document or fact.ruling) or "the mandate"
    until = stamp(fact.expires) if fact.expires else None
    silence = fact.procedure.name == "silence"
    words = f"Consensus call Q{fact.number} is open on {subject}"
    words += f"; silence expires at {shown(until)}." if silence else f", until {shown(until)}." if until else "."
    for who in fact.entitled:
        yield str(who), "call-open", words, until


def entered(reading: Reading, entry: Entry) -> Iterator[Told]:
    """A signature that the secretariat entered is for its owner to confirm."""
    row = reading.one(reading.t.endorsements, entry.stream, "signature")
    if entry.basis is not None and entry.recordedby != entry.actor and not row["confirmed"]:
        what = reading.handle(row["subject"])
        words = f"The secretariat entered your signature under {what}, version {row['version']}; please confirm it."
        yield row["participant"], "signature-entered", words, None


def joint(reading: Reading, entry: Entry) -> Iterator[Told]:
    """An act that several co-chairs must take together waits for the others."""
    row = reading.one(reading.t.joints, entry.stream, "joint act")
    if row["status"] != "proposed":
        return
    for person in chairs(reading, entry.dialogue):
        if person.id not in row["assents"]:
            words = f"Your assent is asked to {row['command']} (J{row['number']}); it needs {row['needed']} co-chairs."
            yield person.id, "assent-asked", words, None


def chairs(reading: Reading, dialogue: UUID) -> Iterable[Person]:
    rows = [row for row in reading.all(reading.t.participants, "participant", dialogue) if "co-chair" in row["roles"]]
    return reading.persons(row["id"] for row in rows).values()


def ruled(reading: Reading, fact: RulingGiven | RulingOverturned) -> Iterator[Told]:
    """An editorial change may be objected to; an overturned ruling lapses what rested on it."""
    subjects = [one for one in (fact.proposal, fact.document, *getattr(fact, "editions", ())) if one is not None]
    for subject in subjects:
        handle = reading.handle(subject)
        for row in signatures(reading, subject):
            if fact.change == "substantive":
                words = (
                    f"{handle} has changed in substance since you signed it; your signature lapsed. Please reaffirm it."
                )
                yield row["participant"], f"lapsed {handle}", words, None
            elif isinstance(fact, RulingGiven) and fact.notice_until is not None and row["version"] < fact.version:
                until = stamp(fact.notice_until)
                words = f"A change of {handle}, which you signed, was ruled editorial ({fact.reason}); "
                words += f"you may object until {shown(until)}."
                yield row["participant"], f"editorial {handle}", words, until


def moved(reading: Reading, entry: Entry) -> Iterator[Told]:
    """A text moved: its signatories, and whose amendment it now contradicts, must know."""
    subject = entry.stream
    document = entry.fact.stream == "document"
    handle = reading.handle(subject)
    table = reading.t.documents if document else reading.t.proposals
    row = reading.one(table, subject, "text")
    for signature in signatures(reading, subject):
        if signature["version"] < row["substantive"]:
            words = f"{handle}, which you signed in version {signature['version']}, changed in substance and your "
            words += "signature lapsed; please look at what changed, and reaffirm it if you agree."
            yield signature["participant"], f"lapsed {handle}", words, None
    if document or row["status"] != "open":
        return
    amendments = reading.t.amendments
    waiting = (amendments.c.status == "open") & (amendments.c.base < row["version"])
    for one in reading.all(amendments, "amendment", entry.dialogue, parent=subject, where=waiting):
        if one["by"] and places(reading, one, row):
            words = f"Your amendment A{one['number']} is in conflict with {handle} as it now stands; please restate it."
            yield one["by"], f"conflict A{one['number']}", words, None


def signatures(reading: Reading, subject: UUID) -> list[Row]:
    """The signatures given under a text and not withdrawn, whether they stand or have lapsed."""
    table = reading.t.endorsements
    things = reading.row(reading.t.proposals, subject) or reading.row(reading.t.documents, subject)
    assert things is not None
    given = table.c.status == "given"
    return list(reading.all(table, "endorsement", things["dialogue"], parent=subject, where=given))


def shown(until: str | None) -> str:
    return f"{instant(until):%Y-%m-%d %H:%M} UTC" if until else ""


def draft(notice: Notice, person: Person, title: str) -> bytes | None:
    """A mail draft (RFC 5322) of the notice; None for somebody without an address."""
    if person.email is None:
        return None
    message = EmailMessage(policy=SMTP)
    message["To"] = person.email
    message["Subject"] = f"{title}: entry {notice.entry}"
    message["Message-ID"] = f"<{notice.id}@dialogue.invalid>"
    message["X-Unsent"] = "1"
    message.set_content(f"Dear {person.shown},\n\n{notice.words}\n\n{title}, entry {notice.entry}\n")
    return message.as_bytes()
