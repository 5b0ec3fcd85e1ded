"""Amendments: proposed, restated, answered."""

from __future__ import annotations

from dialogue.amendment import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentRejected,
    AmendmentRestated,
    AmendmentWithdrawn,
)
from dialogue.fact import Entry
from projections.rows import Rows


def project(entry: Entry, rows: Rows) -> None:
    """What a fact about an amendment changes."""
    table, fact = rows.t.amendments, entry.fact
    match fact:
        case AmendmentProposed():
            rows.thing(entry, "amendment", fact.amendment, fact.number, fact.proposal)
            rows.add(
                table,
                entry,
                fact.amendment,
                number=fact.number,
                proposal=fact.proposal,
                status="open",
                base=fact.base,
                sha256=fact.text.sha256,
                title=fact.title,
                reason=fact.reason,
                answer=None,
                by=entry.actor,
                version=None,
                restated=0,
            )
        case AmendmentRestated():
            row = rows.row(table, fact.amendment)
            rows.revise(
                table,
                entry,
                fact.amendment,
                base=fact.base,
                sha256=fact.text.sha256,
                title=fact.title or row["title"],
                reason=fact.reason or row["reason"],
                restated=row["restated"] + 1,
            )
        case AmendmentAccepted():
            rows.revise(table, entry, fact.amendment, status="accepted", version=fact.version, answer=fact.reason)
        case AmendmentRejected():
            rows.revise(table, entry, fact.amendment, status="rejected", answer=fact.reason)
        case AmendmentWithdrawn():
            rows.revise(table, entry, fact.amendment, status="withdrawn", answer=fact.reason)
