"""What is public of all dialogues: documents that are published, and past their embargo at the instant of asking."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from dialogue.shape import stamp
from projections.read import PAGE, Page, Reading


def published(reading: Reading, *, after: str | None = None, limit: int = PAGE) -> Page:
    """The published documents in the order of their ids, each with its dialogue and the edition that is out.

    Nothing is said of a dialogue that has published nothing, nor of one that cannot be read just now.
    """
    documents, dialogues, broken = reading.t.documents, reading.t.dialogues, reading.t.broken
    inner = documents.alias()
    latest = select(func.max(inner.c.from_entry)).where(inner.c.id == documents.c.id).correlate(documents)
    query = (
        select(documents, dialogues.c.title.label("of"))
        .join(dialogues, (dialogues.c.id == documents.c.dialogue) & (dialogues.c.from_entry == 1))
        .where(
            documents.c.from_entry == latest.scalar_subquery(),
            documents.c.published.is_not(None),
            or_(documents.c.embargo.is_(None), documents.c.embargo <= stamp(reading.now)),
            documents.c.dialogue.not_in(select(broken.c.dialogue)),
        )
        .order_by(documents.c.id)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(documents.c.id > after)
    rows = reading.conn.execute(query).mappings().all()
    items = [
        {
            "dialogue": {"id": row["dialogue"], "title": row["of"]},
            "document": {"id": row["id"], "handle": f"D{row['number']}", "title": row["title"]},
            "edition": row["published"],
        }
        for row in rows[:limit]
    ]
    return Page(items, rows[limit - 1]["id"] if len(rows) > limit else None)
