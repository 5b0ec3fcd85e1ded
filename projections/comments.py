"""Comments: where they are anchored, in which thread, and what became of them."""

from __future__ import annotations

from dialogue.comment import CommentDisposed, CommentMade, CommentRetracted
from dialogue.fact import Entry
from dialogue.shape import encode
from projections.rows import Rows


def project(entry: Entry, rows: Rows) -> None:
    """What a fact about a comment changes."""
    table, fact = rows.t.comments, entry.fact
    match fact:
        case CommentMade():
            subject = fact.proposal or fact.document
            rows.thing(entry, "comment", fact.comment, fact.number, subject)
            rows.add(
                table,
                entry,
                fact.comment,
                number=fact.number,
                subject=subject,
                version=fact.version,
                words=fact.words if isinstance(fact.words, str) else None,
                quotation=encode(fact.quotation) if fact.quotation else None,
                reply_to=fact.reply_to,
                session=fact.session,
                by=entry.actor,
                status="open",
                disposition=None,
                reason=None,
                sealed=list(entry.sealed),
            )
        case CommentRetracted():
            rows.revise(table, entry, fact.comment, status="retracted")
        case CommentDisposed():
            rows.revise(table, entry, fact.comment, disposition=fact.disposition, reason=fact.reason)
