"""What each participant must be told: that a text they signed changed, that a call is open, and so on.

Each notice comes once, with the entry that caused it: who keeps the last entry seen asks for what came since.
The dead get none (domain.md, "People and bodies"), and those who left only what becomes of their signatures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from uuid import UUID, uuid5

from dialogue.call import ConsensusCalled, DeadlineExtended
from dialogue.circulation import DocumentCirculated
from dialogue.comment import CommentDisposed
from dialogue.document import EditionIssued
from dialogue.endorsement import EndorsementGiven, EndorsementReaffirmed
from dialogue.fact import Entry
from dialogue.joint import ActProposed
from dialogue.participant import ParticipantInvited
from dialogue.proposal import ProposalsMerged, ProposalSplit
from dialogue.ruling import RulingGiven, RulingOverturned
from dialogue.shape import instant, stamp
from projections.amendments import places
from projections.hearing import answers
from projections.read import Person, Reading, Row
from projections.standing import standing

OF_NAMES = ("editorial", "lapsed", "ended")  # what is told of a signature, also to an owner who has left
ADDRESS = re.compile(r"([^\s@,;:<>()\[\]\\\"]+)@([^\s@,;:<>()\[\]\\\"]+)")  # one address, and nothing besides
STATES = ("lapsed", "conflict")  # what is so or not, however many entries it came about by


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
    """The notices that entries after `since` gave rise to, in their order.

    What is settled meanwhile, such as a signature reaffirmed or a call that is over, is told no more; of what came
    about more than once, that a signature lapsed or an amendment is in conflict, the last entry tells.
    """
    found: dict[tuple[object, ...], Notice] = {}
    for entry in reading.entries(dialogue, since + 1):
        told = list(of(reading, entry))
        people = reading.persons(who for who, *_ in told)
        for who, kind, words, until in told:
            person = people.get(who)
            if person is None or person.status in ("died", "void"):
                continue
            about = kind.split()[0]
            if person.status == "left" and about not in OF_NAMES:
                continue
            if about == "invited" and person.status != "invited":
                continue  # who has answered
            key = (who, kind) if about in STATES else (who, kind, entry.number)
            found.pop(key, None)
            id = uuid5(dialogue, f"notice {entry.number} {who} {kind}")
            found[key] = Notice(str(id), entry.number, who, kind, words, until)
    yield from found.values()


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
            for who in row["entitled"] if row["status"] == "open" else ():
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
            yield from circulated(reading, entry, fact)
        case ActProposed():
            yield from joint(reading, entry)
        case EditionIssued() | RulingGiven() | RulingOverturned():
            yield from editorial(reading, entry, fact)
        case ProposalsMerged() | ProposalSplit():
            yield from ended(reading, entry, fact)
    for kind, id in entry.moves():
        if kind in ("proposal", "document"):
            yield from lapsed(reading, entry, kind, id)
    if fact.stream == "proposal" and fact.versioned:
        yield from conflicts(reading, entry)


def circulated(reading: Reading, entry: Entry, fact: DocumentCirculated) -> Iterator[Told]:
    """Who was sent an edition, and has neither acknowledged nor answered."""
    handle = reading.handle(fact.document)
    heard = {one["participant"] for one in answers(reading, entry.dialogue, str(fact.circulation))}
    words = f"{handle}, edition {fact.edition}, was sent to you (circulation K{fact.number}); please confirm."
    for who in map(str, fact.addressees):
        if who not in heard:
            yield who, "circulated", words, None


def called(reading: Reading, fact: ConsensusCalled) -> Iterator[Told]:
    if reading.one(reading.t.calls, fact.call, "call")["status"] != "open":
        return
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
    if row["given"] != entry.number or row["status"] != "given" or row["confirmed"]:
        return
    words = f"The secretariat entered your signature under {signed(reading, row)}; please confirm it."
    now = text(reading, row["subject"])
    if standing(row, now["substantive"]) == "lapsed":
        words += " The text has changed in substance since: please look at what changed, and reaffirm it if you agree."
    elif row["version"] < now["version" if "version" in now else "edition"]:
        words += " The text has changed since, by changes ruled editorial: please look at what changed."
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


def editorial(reading: Reading, entry: Entry, fact: EditionIssued | RulingGiven | RulingOverturned) -> Iterator[Told]:
    """Whose signature stands across an editorial change may object to it, and has to know until when (rule 1)."""
    subject = fact.document or getattr(fact, "proposal", None)
    if fact.notice_until is None or subject is None:
        return
    substantive, until = text(reading, subject)["substantive"], stamp(fact.notice_until)
    reason = f" ({fact.reason})" if isinstance(fact, RulingGiven) else ""
    late = entry.recordedtime > fact.notice_until
    heard = "objections were heard until {}" if late else "you may object until {}"
    for row in signatures(reading, subject, entry, substantive, fact.version):
        if standing(row, substantive) == "stands":
            words = f"Since you signed {signed(reading, row)}, the text changed, and the change was ruled editorial"
            words += f"{reason}: your signature stands; {heard.format(shown(until))}."
            yield row["participant"], f"editorial {reading.handle(subject)}", words, until


def lapsed(reading: Reading, entry: Entry, kind: str, subject: UUID) -> Iterator[Told]:
    """Whose signature the entry made lapse, by a change of substance or by a ruling that it is one."""
    table = reading.t.proposals if kind == "proposal" else reading.t.documents
    before = reading.row(table, subject, bound=entry.number - 1)
    after = reading.row(table, subject, bound=entry.number)
    if before is None or after is None or before["substantive"] >= after["substantive"]:
        return
    now = text(reading, subject)
    if now.get("status") in ("merged", "split", "withdrawn"):
        return  # there is nothing to reaffirm
    still = min(after["substantive"], now["substantive"])
    for row in signatures(reading, subject, entry, before["substantive"], still):
        words = f"Since you signed {signed(reading, row)}, the text changed in substance and your signature lapsed; "
        words += "please look at what changed, and reaffirm it if you agree."
        yield row["participant"], f"lapsed {reading.handle(subject)}", words, None


def ended(reading: Reading, entry: Entry, fact: ProposalsMerged | ProposalSplit) -> Iterator[Told]:
    """A signature does not go along when its item is merged or split (domain.md, "Facts")."""
    merged = isinstance(fact, ProposalsMerged)
    for subject in fact.sources if isinstance(fact, ProposalsMerged) else (fact.source,):
        handle = reading.handle(subject)
        for row in signatures(reading, subject, entry, 1, 2**31):
            words = f"{handle}, which you signed, was {'merged' if merged else 'split'} into P{fact.number}; "
            words += "signatures do not go along: sign the new item if you agree with it."
            yield row["participant"], f"ended {handle}", words, None


def conflicts(reading: Reading, entry: Entry) -> Iterator[Told]:
    """Whose amendment the text contradicts since it moved."""
    after, now = (reading.row(reading.t.proposals, entry.stream, bound=bound) for bound in (entry.number, None))
    before = reading.row(reading.t.proposals, entry.stream, bound=entry.number - 1)
    if before is None or after is None or now is None or now["status"] != "open":
        return
    table, handle = reading.t.amendments, reading.handle(entry.stream)
    waiting = (table.c.status == "open") & (table.c.base < now["version"])
    for one in reading.all(table, "amendment", entry.dialogue, parent=entry.stream, where=waiting):
        then = reading.row(table, one["id"], bound=entry.number)
        if one["by"] is None or then is None or places(reading, then, before) or not places(reading, then, after):
            continue
        if places(reading, one, now):
            words = f"Your amendment A{one['number']} is in conflict with {handle} as it now stands; please restate it."
            yield one["by"], f"conflict A{one['number']}", words, None


def signatures(reading: Reading, subject: UUID, entry: Entry, low: int, high: int) -> Iterator[Row]:
    """The signatures under a version from `low` to below `high` that are older than the entry, and not withdrawn."""
    table = reading.t.endorsements
    older = (table.c.given < entry.number) & (table.c.version >= low) & (table.c.version < high)
    where = (table.c.status == "given") & older
    return reading.all(table, "endorsement", entry.dialogue, parent=subject, where=where)


def text(reading: Reading, subject: UUID | str) -> Row:
    """The row of the item or document."""
    row = reading.row(reading.t.proposals, subject) or reading.row(reading.t.documents, subject)
    assert row is not None
    return row


def signed(reading: Reading, row: Row) -> str:
    """What somebody signed, as in "version 2 of P7" or "edition 1 of D1"."""
    handle = reading.handle(row["subject"]) or ""
    return f"{'edition' if handle.startswith('D') else 'version'} {row['version']} of {handle}"


def shown(until: str | None) -> str:
    return f"{instant(until):%Y-%m-%d %H:%M} UTC" if until else ""


def draft(notice: Notice, person: Person, title: str) -> bytes | None:
    """A mail draft of the notice (RFC 5322; RFC 6532 for an address beyond ASCII), without From and Date, which
    whoever sends it gives it. None for somebody without an address, or with what is none.
    """
    address = ADDRESS.fullmatch((person.email or "").strip())
    if address is None:
        return None
    message = EmailMessage(policy=SMTP if address[0].isascii() else SMTPUTF8)
    message["To"] = Address(person.shown, address[1], address[2])
    message["Subject"] = f"{title}: entry {notice.entry}"
    message["Message-ID"] = f"<{notice.id}@dialogue.invalid>"
    message["X-Unsent"] = "1"
    message.set_content(f"Dear {person.shown},\n\n{notice.words}\n\n{title}, entry {notice.entry}\n")
    return message.as_bytes()
