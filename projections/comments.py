"""Comments: where they are anchored, in which thread, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement

from dialogue.anchor import Quotation, follow
from dialogue.comment import CommentDisposed, CommentMade, CommentRetracted, SpeakerNamed
from dialogue.fact import Entry
from dialogue.shape import encode
from projections.documents import items
from projections.outdated import words as words_of
from projections.read import PAGE, Page, Reading, Row, Shown
from projections.rows import Rows
from projections.rule import words_open
from projections.texts import lineage

_BETWEEN = "\n\n"  # items into which one was split are searched together, so that one place is told from another


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

    `anchor` says where the quoted words stand now, in that item or in the one that it was merged or split into; a
    quotation without one is orphaned.
    """
    table = reading.t.comments
    rows, more = reading.page(table, "comment", dialogue, parent=subject, after=after, limit=limit, where=where)
    return Page(described(reading, rows), more)


def undisposed(reading: Reading, dialogue: UUID, subject: UUID | None) -> list[Shown]:
    """The comments that nobody has disposed of: of the dialogue, of an item, or of a document and all its items.

    An item has those too that were made on what it was merged or split from, unless their words stand in another
    item now. An answer to a comment is disposed of with it, and what was retracted needs nothing more.
    """
    table = reading.t.comments
    waits = table.c.disposition.is_(None) & (table.c.status == "open") & table.c.reply_to.is_(None)
    if subject is None:
        return described(reading, list(reading.all(table, "comment", dialogue, where=waits)))
    document = reading.row(reading.t.documents, subject)
    about = [subject] if document is None else [subject, *contents(reading, document)]
    before = [one for item in about for one in lineage(reading, item, "sources")]
    subjects = dict.fromkeys([*about, *before])
    rows = [row for one in subjects for row in reading.all(table, "comment", dialogue, parent=one, where=waits)]
    here = {*reading.handles(about).values(), None}
    return [one for one in described(reading, rows) if (one["anchor"] or {}).get("item") in here]


def contents(reading: Reading, document: Row) -> list[UUID]:
    """The items of a document: of its current edition, and those that stand in its order by now."""
    issued = [one["id"] for one in items(reading, UUID(document["id"]), document["edition"])]
    ordered = [one for group in document["groups"] for one in group["items"]]
    return [UUID(one) for one in dict.fromkeys([*issued, *ordered])]


def one(reading: Reading, comment: UUID) -> Shown:
    """One comment. Raises Unknown."""
    [shown] = described(reading, [reading.one(reading.t.comments, comment, "comment")])
    return shown


def described(reading: Reading, rows: list[Row]) -> list[Shown]:
    people = reading.persons(row["by"] for row in rows)
    handles = reading.handles(row[name] for row in rows for name in ("subject", "reply_to", "session"))
    opened = reading.custody.open(digest for row in rows for digest in row["sealed"])
    places = located(reading, (row for row in rows if row["quotation"]))
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
            "anchor": places.get(row["id"]),
            "reply_to": handles.get(row["reply_to"]),
            "session": handles.get(row["session"]),
            **{name: row[name] for name in ("status", "disposition", "reason")},
        }
        for row in rows
    ]


def said(row: Row, opened: dict[str, tuple[str, str]]) -> str | None:
    """The words that are sealed, as they were said in a session under the Chatham House Rule."""
    return dict(opened[one] for one in row["sealed"] if one in opened).get("words")


def located(reading: Reading, rows: Iterable[Row]) -> dict[str, Shown]:
    """Where quoted words stand by now, by comment; those of comments that are left out are orphaned."""
    rows = list(rows)
    items = reading.several(reading.t.proposals, (row["subject"] for row in rows))
    heirs = {id: [item] if not item["becomes"] else heirs_of(reading, item) for id, item in items.items()}
    now = {id: [reading.words(item["sha256"]) for item in some] for id, some in heirs.items()}
    then = {at: words_of(reading, *at) for at in {(row["subject"], row["version"]) for row in rows}}
    found = {}
    for row in rows:
        subject = row["subject"]
        old, new = then[subject, row["version"]], _BETWEEN.join(now[subject])
        if place := follow(old, new, Quotation(**row["quotation"])):
            start, end = place
            for item, words in zip(heirs[subject], now[subject], strict=True):
                if start >= 0 and end <= len(words):
                    found[row["id"]] = {"item": f"P{item['number']}", "start": start, "end": end}
                    break
                start, end = start - len(words) - len(_BETWEEN), end - len(words) - len(_BETWEEN)
    return found


def heirs_of(reading: Reading, item: Row) -> list[Row]:
    """The items in which its words may stand, now that it was merged or split, and these perhaps again."""
    lines = reading.several(reading.t.proposals, lineage(reading, UUID(item["id"]), "becomes"))
    return sorted((one for one in lines.values() if not one["becomes"]), key=lambda one: int(one["number"]))


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
