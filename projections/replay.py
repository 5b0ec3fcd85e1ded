"""The deliberation told entry by entry: with the marked-up text where a text moved, and who came and went as
signatories where the list moved.

A list moves when somebody signs or withdraws, and when the text that they signed moves. An act may move a text
and rule on that in two entries; what this does to the list is told once, at the act's last entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from dialogue.amendment import AmendmentProposed, AmendmentRestated
from dialogue.document import DocumentDrafted, DocumentRevised
from dialogue.endorsement import ChangeObjected, EndorsementGiven, EndorsementReaffirmed, EndorsementWithdrawn
from dialogue.fact import Entry
from dialogue.proposal import ItemMoved, ProposalsMerged, ProposalSplit
from dialogue.voiding import EnteredInError
from projections.compare import Change, compare
from projections.read import Reading
from projections.telling.names import Names
from projections.timeline import Line, told

NAMED = 12  # signatories of a change that are named; the others are counted

Movement = Literal["joined", "reaffirmed", "withdrew", "objected", "entered in error", "lapsed", "stand again"]


@dataclass(frozen=True)
class Moved:
    """A text that moved, or an amendment that would move it. `before` is None where the text began here."""

    what: str
    before: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Signatories:
    """What happened to the list of signatories under `subject`: to how many, the first of them by name."""

    subject: str
    movement: Movement
    number: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    line: Line
    moved: Moved | None
    signatories: tuple[Signatories, ...]


def replay(reading: Reading, dialogue: UUID, start: int = 1, stop: int | None = None) -> Iterator[Step]:
    """The entries from `start` to `stop`, each with what it did. Streams: the first at once.

    Raises Unknown where there is no such dialogue.
    """
    names = Names(reading, dialogue)
    act: list[Entry] = []
    waiting: Step | None = None  # the last entry, until the next one shows whether its act goes on
    for entry, line in told(names, reading.entries(dialogue, start, stop)):
        if waiting is not None:
            ended = entry.act is None or entry.act != act[-1].act
            yield ending(waiting, act, names) if ended else waiting
            act = [] if ended else act
        act.append(entry)
        waiting = Step(line, moved(entry, names), tuple(single(entry, names)))
    if waiting is not None:
        yield ending(waiting, act, names)


def ending(step: Step, act: Sequence[Entry], names: Names) -> Step:
    """The last step of an act, with what the whole act did to signatures under texts that moved."""
    moved = {(kind, id) for entry in act for kind, id in entry.moves() if kind in ("proposal", "document")}
    names.look_up(str(id) for _, id in moved)
    before, after = act[0].number - 1, act[-1].number
    changes = (change for kind, id in sorted(moved, key=str) for change in lapsed(kind, id, before, after, names))
    return replace(step, signatories=(*step.signatories, *changes))


def moved(entry: Entry, names: Names) -> Moved | None:
    """The words that the entry changed, or would have changed; None where it left the words alone."""
    fact, reading = entry.fact, names.reading
    match fact:
        case AmendmentProposed() | AmendmentRestated():
            item = names.things[str(fact.amendment)].parent
            before = version_words(reading, item, fact.base)
            base = names.versioned(item, fact.base)
            return Moved(names.thing(fact.amendment), base, compare(before, reading.words(fact.text.sha256)))
        case DocumentDrafted() | DocumentRevised():
            return preamble_moved(entry, fact, names)
        case ProposalsMerged() | ProposalSplit():
            sources = fact.sources if isinstance(fact, ProposalsMerged) else (fact.source,)
            before = "\n\n".join(current_words(reading, source, entry.number - 1) for source in sources)
            base = names.several([names.thing(source) for source in sources])
            return Moved(names.thing(fact.proposal), base, compare(before, reading.words(fact.text.sha256)))
    if not fact.versioned or fact.stream != "proposal" or isinstance(fact, ItemMoved):
        return None
    version: int = getattr(fact, "version")  # noqa: B009  # every versioned fact has one
    before = version_words(reading, str(entry.stream), version - 1) if version > 1 else ""
    words = version_words(reading, str(entry.stream), version)
    since = None if version == 1 else names.versioned(entry.stream, version - 1)
    return Moved(names.versioned(entry.stream, version), since, compare(before, words))


def preamble_moved(entry: Entry, fact: DocumentDrafted | DocumentRevised, names: Names) -> Moved | None:
    """The words that stand before a document's items."""
    reading = names.reading
    row = reading.row(reading.t.documents, fact.document, bound=entry.number - 1)
    before, after = row["preamble"] if row else None, fact.preamble.sha256 if fact.preamble else None
    if before == after or after is None:
        return None
    what = f"the preamble of {names.thing(fact.document)}"
    return Moved(what, what if before else None, compare(reading.words(before) if before else "", reading.words(after)))


def version_words(reading: Reading, item: str, version: int) -> str:
    """The words of one version of an item."""
    texts = reading.t.texts
    query = select(texts.c.sha256).where(texts.c.subject == item, texts.c.version == version)
    return reading.words(reading.conn.execute(query).scalar_one())


def current_words(reading: Reading, item: UUID, entry: int) -> str:
    """The words of an item as of an entry."""
    row = reading.row(reading.t.proposals, item, bound=entry)
    assert row is not None
    return reading.words(row["sha256"])


def single(entry: Entry, names: Names) -> Iterator[Signatories]:
    """What the entry does to one signature."""
    fact = entry.fact
    match fact:
        case EndorsementGiven():
            yield one(names, fact.endorsement, "joined", names.who(fact.participant))
        case EndorsementReaffirmed():
            yield one(names, fact.endorsement, "reaffirmed", names.who(entry.actor))
        case EndorsementWithdrawn():
            yield one(names, fact.endorsement, "withdrew", names.who(entry.actor))
        case ChangeObjected():
            yield one(names, fact.endorsement, "objected", names.who(entry.actor))
        case EnteredInError() if fact.endorsement is not None:
            yield one(names, fact.endorsement, "entered in error", names.owner(fact.endorsement))


def one(names: Names, endorsement: UUID, movement: Movement, who: str) -> Signatories:
    return Signatories(names.parent(endorsement), movement, 1, (who,))


def lapsed(kind: str, id: UUID, before: int, after: int, names: Names) -> Iterator[Signatories]:
    """Signatures that lapsed, or stand again, because the last substantive version is another now (rule 1)."""
    reading = names.reading
    table = reading.t.proposals if kind == "proposal" else reading.t.documents
    was, now = reading.row(table, id, bound=before), reading.row(table, id, bound=after)
    if was is None or now is None or was["substantive"] == now["substantive"]:
        return
    low, high = sorted((was["substantive"], now["substantive"]))
    number, people = between(reading, id, low, high, before if high == now["substantive"] else after)
    if number:
        movement: Movement = "lapsed" if high == now["substantive"] else "stand again"
        named = reading.persons(people)
        shown = (named[one].name or f"participant {named[one].number}" for one in people)
        yield Signatories(names.thing(id), movement, number, tuple(shown))


def between(reading: Reading, subject: UUID, low: int, high: int, bound: int) -> tuple[int, list[str]]:
    """How many signatures stood, as of the bound, under a version from `low` to below `high`; the first owners."""
    things, rows = reading.t.things, reading.t.endorsements
    latest = (
        select(func.max(rows.c.from_entry))
        .where(rows.c.id == things.c.id, rows.c.from_entry <= bound)
        .correlate(things)
        .scalar_subquery()
    )
    standing: ColumnElement[bool] = and_(
        rows.c.status == "given",
        rows.c.version >= low,
        rows.c.version < high,
        or_(rows.c.objected.is_(None), rows.c.objected <= rows.c.version),
    )
    query = (
        select(rows.c.participant)
        .join(things, and_(rows.c.id == things.c.id, rows.c.from_entry == latest))
        .where(things.c.parent == str(subject), things.c.kind == "endorsement", things.c.entry <= bound, standing)
    )
    number = reading.conn.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    first = query.order_by(things.c.number, things.c.id).limit(NAMED)
    return number, list(reading.conn.execute(first).scalars())
