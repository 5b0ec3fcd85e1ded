"""Proposals and recommendations, every version of their texts, and which entry brought in which words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from dialogue.fact import Entry, Unknown
from dialogue.proposal import (
    BracketsLifted,
    ItemMoved,
    Proposal,
    ProposalCoSponsored,
    ProposalRevised,
    ProposalsMerged,
    ProposalSplit,
    ProposalSubmitted,
    TextAmended,
    TextBracketed,
    TextCorrected,
)
from dialogue.shape import stamp
from projections.credit import Credit, carry, carry_many, decode, encode, wholly
from projections.documents import numbers
from projections.read import PAGE, Page, Reading, Row, Shown
from projections.rows import Rows
from projections.standing import ruled


def project(entry: Entry, rows: Rows) -> None:
    """What a fact changes in the proposals that it moves, and among the versions of their texts."""
    fact = entry.fact
    match fact:
        case ProposalSubmitted() | ProposalsMerged() | ProposalSplit():
            began(entry, rows)
            return
        case ProposalRevised() | TextAmended() | TextBracketed() | BracketsLifted() | TextCorrected() | ItemMoved():
            moved(entry, rows)
        case ProposalCoSponsored():
            rows.thing(entry, "sponsorship", fact.sponsorship, entry.number, fact.proposal)
            rows.add(rows.t.sponsorships, entry, fact.sponsorship, proposal=fact.proposal, participant=fact.participant)
            return
    for kind, id in entry.moves():
        if kind == "proposal":
            rows.revise(rows.t.proposals, entry, id, **columns(rows.state(Proposal, id)))


def columns(state: Proposal) -> dict[str, Any]:
    """The part of the row that is folded state."""
    return {
        "title": state.title,
        "theme": state.theme,
        "status": state.status,
        "version": state.versions.current,
        **ruled(state.versions),
        "sha256": state.versions.text.sha256,
        "opened": state.opened,
        "signing": state.signing,
        "closes": stamp(state.closes) if state.closes else None,
        "call": state.call,
        "decision": state.decision,
        "decided_by": state.decided_by,
        "notice_until": stamp(state.notice_until) if state.notice_until else None,
    }


def began(entry: Entry, rows: Rows) -> None:
    """A proposal begins, by submission, merge or split; the words of its sources keep their origin."""
    fact = entry.fact
    assert isinstance(fact, ProposalSubmitted | ProposalsMerged | ProposalSplit)
    sources: tuple[UUID, ...] = ()
    if isinstance(fact, ProposalsMerged):
        sources = fact.sources
    elif isinstance(fact, ProposalSplit):
        sources = (fact.source,)
    before = []
    for source in sources:
        row = rows.row(rows.t.proposals, source)
        before.append((rows.words(row["sha256"]), latest_credit(source, row["version"], rows)))
        becomes = [*row["becomes"], str(fact.proposal)]
        rows.revise(rows.t.proposals, entry, source, becomes=becomes, **columns(rows.state(Proposal, source)))
    words = rows.words(fact.text.sha256)
    credit = carry_many(before, words, entry.number) if before else wholly(words, entry.number)
    rows.thing(entry, "proposal", fact.proposal, fact.number)
    rows.add(
        rows.t.proposals,
        entry,
        fact.proposal,
        number=fact.number,
        by=entry.actor,
        outside=rows.outside,
        sources=[str(source) for source in sources],
        becomes=[],
        stated=False,
        **columns(rows.state(Proposal, fact.proposal)),
    )
    version_added(entry, rows, fact.proposal, credit)


def moved(entry: Entry, rows: Rows) -> None:
    """The text has a next version; what stayed of it keeps its origin."""
    fact = entry.fact
    assert isinstance(fact, ProposalRevised | TextAmended | TextBracketed | BracketsLifted | TextCorrected | ItemMoved)
    row = rows.row(rows.t.proposals, fact.proposal)
    before = latest_credit(fact.proposal, row["version"], rows)
    credit = carry(rows.words(row["sha256"]), before, rows.words(fact.text.sha256), entry.number)
    version_added(entry, rows, fact.proposal, credit)


def version_added(entry: Entry, rows: Rows, proposal: UUID, credit: Credit) -> None:
    state = rows.state(Proposal, proposal)
    row = {
        "subject": str(proposal),
        "version": state.versions.current,
        "dialogue": str(entry.dialogue),
        "entry": entry.number,
        "cause": type(entry.fact).__name__,
        "title": state.title,
        "sha256": state.versions.text.sha256,
        "amendment": str(entry.fact.amendment) if isinstance(entry.fact, TextAmended) else None,
        "credit": encode(credit),
    }
    rows.put(rows.t.texts, **row)
    rows.latest[rows.t.texts, str(proposal)] = row


def latest_credit(proposal: UUID, version: int, rows: Rows) -> Credit:
    """The credit of the current version."""
    row = rows.latest.get((rows.t.texts, str(proposal)))
    if row is not None and row["version"] == version:
        return decode(row["credit"])
    texts = rows.t.texts
    query = select(texts.c.credit).where(texts.c.subject == str(proposal), texts.c.version == version)
    return decode(rows.conn.execute(query).scalar_one())


def page(reading: Reading, dialogue: UUID, *, after: str | None = None, limit: int = PAGE) -> Page:
    """The proposals and recommendations, each with its current version and its number in the latest edition."""
    rows, more = reading.page(reading.t.proposals, "proposal", dialogue, after=after, limit=limit)
    return Page(described(reading, dialogue, rows), more)


def item(reading: Reading, proposal: UUID) -> Shown:
    """One item with its current words and who co-sponsors it. Raises Unknown."""
    row = reading.one(reading.t.proposals, proposal, "proposal")
    dialogue = UUID(row["dialogue"])
    sponsors = list(reading.all(reading.t.sponsorships, "sponsorship", dialogue, parent=proposal))
    people = reading.persons(one["participant"] for one in sponsors)
    [shown] = described(reading, dialogue, [row])
    return {
        **shown,
        "words": reading.words(row["sha256"]),
        "sponsors": [people[one["participant"]].reference for one in sponsors],
    }


def described(reading: Reading, dialogue: UUID, rows: list[Row]) -> list[Shown]:
    people = reading.persons(row["by"] for row in rows)
    linked = (row[name] for row in rows for name in ("call", "decision"))
    lineage = (one for row in rows for name in ("sources", "becomes") for one in row[name])
    handles = reading.handles([*linked, *lineage])
    listed = numbers(reading, dialogue)
    kept = ("title", "theme", "status", "version", "substantive", "sha256", "signing", "closes", "decided_by")
    return [
        {
            "id": row["id"],
            "handle": f"P{row['number']}",
            "number": next(iter(listed.get(row["id"], {}).values()), None),
            "entry": row["born"],
            **{name: row[name] for name in kept},
            "by": people[row["by"]].reference if row["by"] in people else None,
            "call": handles.get(row["call"]),
            "decision": handles.get(row["decision"]),
            "sources": [handles[one] for one in row["sources"]],
            "becomes": [handles[one] for one in row["becomes"]],
            "outside": row["outside"],
            "notice_until": row["notice_until"],
        }
        for row in rows
    ]


def lineage(reading: Reading, item: UUID, direction: str) -> list[UUID]:
    """All items before or after this one through merges and splits, each once, in the order of their numbers."""
    found: dict[str, int] = {}
    waiting = [str(item)]
    while waiting:
        rows = reading.several(reading.t.proposals, waiting)
        waiting = [id for row in rows.values() for id in row[direction] if id not in found]
        found |= {id: row["number"] for id, row in rows.items() if id != str(item)}
    return [UUID(id) for id in sorted(found, key=lambda id: found[id])]


def version(reading: Reading, proposal: UUID, number: int | None = None) -> Shown:
    """The words of one version, by default the current one. Raises Unknown for one that was not there yet."""
    row = reading.one(reading.t.proposals, proposal, "proposal")
    number = row["version"] if number is None else number
    found = versions(reading, proposal, after=number - 1, limit=1).items
    if not found or found[0]["version"] != number:
        raise Unknown(f"version {number} of P{row['number']} (its versions are 1 to {row['version']})")
    return {
        "id": row["id"],
        "handle": f"P{row['number']}",
        **found[0],
        "current": row["version"],
        "words": reading.words(found[0]["sha256"]),
    }


def versions(reading: Reading, proposal: UUID, *, after: int = 0, limit: int = PAGE) -> Page:
    """All versions of a text: the entry and the act behind each, and whether the change was substantive."""
    row = reading.one(reading.t.proposals, proposal, "proposal")
    texts = reading.t.texts
    query = (
        select(texts)
        .where(texts.c.subject == str(proposal), texts.c.version > after, texts.c.version <= row["version"])
        .order_by(texts.c.version)
        .limit(limit + 1)
    )
    rows = [dict(one) for one in reading.conn.execute(query).mappings()]
    times = reading.times(row["dialogue"], (one["entry"] for one in rows))
    amendments = reading.handles(one["amendment"] for one in rows)
    ruled = changes(reading, row["dialogue"], proposal)
    items = [
        {
            "version": one["version"],
            "entry": one["entry"],
            "time": times[one["entry"]],
            "cause": one["cause"],
            "change": ruled.get(one["version"], "substantive") if one["version"] > 1 else None,
            "amendment": amendments.get(one["amendment"]),
            "title": one["title"],
            "sha256": one["sha256"],
        }
        for one in rows[:limit]
    ]
    return Page(items, str(items[-1]["version"]) if len(rows) > limit else None)


def changes(reading: Reading, dialogue: UUID | str, subject: UUID) -> dict[int, str]:
    """Which kind of change led to each version that was ruled on; an overturned ruling says the opposite."""
    opposite = {"editorial": "substantive", "substantive": "editorial"}
    rulings = reading.all(reading.t.rulings, "ruling", dialogue, parent=subject)
    return {
        one["version"]: opposite[one["change"]] if one["status"] == "overturned" else one["change"] for one in rulings
    }
