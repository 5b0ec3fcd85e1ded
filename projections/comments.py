"""Comments: where they are anchored, in which thread, and what became of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement

from dialogue.anchor import Quotation, locate
from dialogue.comment import CommentDisposed, CommentMade, CommentRetracted, SpeakerNamed
from dialogue.fact import Entry
from dialogue.shape import encode
from projections.documents import items
from projections.read import PAGE, Page, Reading, Row, Shown
from projections.rows import Rows
from projections.rule import words_open


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
        case SpeakerNamed():
            rows.revise(table, entry, fact.comment, by=fact.participant)
        case CommentRetracted():
            rows.revise(table, entry, fact.comment, status="retracted")
        case CommentDisposed():
            rows.revise(table, entry, fact.comment, disposition=fact.disposition, reason=fact.reason)


def page(
    reading: Reading,
    dialogue: UUID,
    *,
    subject: UUID | None = None,
    after: str | None = None,
    limit: int = PAGE,
    where: ColumnElement[bool] | None = None,
) -> Page:
    """The comments of the dialogue, or on one item or document, in the order in which they were made.

    `anchor` says where the quoted words stand in the current text; a quotation without one is orphaned.
    """
    table = reading.t.comments
    rows, more = reading.page(table, "comment", dialogue, parent=subject, after=after, limit=limit, where=where)
    return Page(described(reading, rows), more)


def undisposed(reading: Reading, dialogue: UUID, subject: UUID | None) -> list[Shown]:
    """The comments that nobody has disposed of: of the dialogue, of an item, or of a document and all its items.

    An answer to a comment is disposed of with it, and what was retracted needs nothing more.
    """
    table = reading.t.comments
    waits = table.c.disposition.is_(None) & (table.c.status == "open") & table.c.reply_to.is_(None)
    document = reading.row(reading.t.documents, subject) if subject is not None else None
    subjects: list[UUID | str | None] = [subject]
    if document is not None:
        subjects += [item["id"] for item in items(reading, UUID(document["id"]), document["edition"])]
    rows = [row for one in subjects for row in reading.all(table, "comment", dialogue, parent=one, where=waits)]
    return described(reading, rows)


def one(reading: Reading, comment: UUID) -> Shown:
    """One comment. Raises Unknown."""
    [shown] = described(reading, [reading.one(reading.t.comments, comment, "comment")])
    return shown


def described(reading: Reading, rows: list[Row]) -> list[Shown]:
    people = reading.persons(row["by"] for row in rows)
    handles = reading.handles(row[name] for row in rows for name in ("subject", "reply_to", "session"))
    items = reading.several(reading.t.proposals, (row["subject"] for row in rows if row["quotation"]))
    opened = reading.custody.open(digest for row in rows for digest in row["sealed"])
    words = {id: reading.words(item["sha256"]) for id, item in items.items()}
    may = words_open(reading, (row["session"] for row in rows if row["sealed"]))
    return [
        {
            "id": row["id"],
            "handle": f"C{row['number']}",
            "entry": row["born"],
            "on": handles.get(row["subject"]),
            "version": row["version"],
            "by": people[row["by"]].reference if row["by"] in people else None,
            "words": row["words"] or (said(row, opened) if may.get(row["session"], True) else None),
            "quotation": row["quotation"],
            "anchor": located(row, words),
            "reply_to": handles.get(row["reply_to"]),
            "session": handles.get(row["session"]),
            **{name: row[name] for name in ("status", "disposition", "reason")},
        }
        for row in rows
    ]


def said(row: Row, opened: dict[str, tuple[str, str]]) -> str | None:
    """The words that are sealed, as they were said in a session under the Chatham House Rule."""
    return dict(opened[one] for one in row["sealed"] if one in opened).get("words")


def located(row: Row, words: dict[str, str]) -> Shown | None:
    """Where the quoted words stand in the text as it is now; None for no quotation, or one that is orphaned."""
    if row["quotation"] is None:
        return None
    place = locate(words[row["subject"]], Quotation(**row["quotation"]))
    return None if place is None else {"start": place[0], "end": place[1]}


def threads(comments: list[Shown]) -> list[tuple[int, Shown]]:
    """The comments of a page with their depth, each below the one that it answers, where that is on the page."""
    known = {one["handle"] for one in comments}
    answers: dict[str, list[Shown]] = {}
    for one in comments:
        answers.setdefault(one["reply_to"] if one["reply_to"] in known else "", []).append(one)
    ordered: list[tuple[int, Shown]] = []
    waiting = [(0, one) for one in reversed(answers.get("", []))]
    while waiting:
        depth, one = waiting.pop()
        ordered.append((depth, one))
        waiting += [(depth + 1, answer) for answer in reversed(answers.get(one["handle"], []))]
    return ordered
