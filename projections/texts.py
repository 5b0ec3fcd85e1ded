"""Proposals and recommendations, every version of their texts, and which entry brought in which words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from dialogue.fact import Entry
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
from projections.rows import Rows


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
        "substantive": state.versions.substantive,
        "sha256": state.versions.text.sha256,
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
