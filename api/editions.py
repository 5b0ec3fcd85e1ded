"""Published editions, in every format that `publish` has, by content negotiation."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request
from werkzeug.exceptions import NotAcceptable

from api.callers import READERS, caller
from dialogue.fact import Unknown
from dialogue.shape import instant
from projections.publish import html, json_, markdown
from projections.publishing import publication
from projections.read import Reading
from projections.resolve import thing_named

FORMATS = {"application/json": json_, "text/html": html, "text/markdown": markdown}


def edition(reading: Reading, dialogue: UUID, reference: str, number: int) -> Response:
    """One edition; to the public only what is published and past its embargo. Raises Unknown."""
    document = thing_named(reading, dialogue, "document", reference)
    row = reading.one(reading.t.documents, document, "document")
    me = caller()
    inside = me is not None and me.dialogue == dialogue and bool(me.roles & READERS)
    if not inside and not public(reading, row, number):
        raise Unknown("edition")
    chosen = request.accept_mimetypes.best_match(list(FORMATS))
    if chosen is None:
        raise NotAcceptable
    answer = Response(FORMATS[chosen].render(publication(reading, dialogue, document, number)), mimetype=chosen)
    answer.add_etag()
    answer.headers["Vary"] = "Authorization, Accept"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


def public(reading: Reading, row: dict[str, object], number: int) -> bool:
    """Whether anybody may read this edition now."""
    published, embargo = row["published"], row["embargo"]
    if not isinstance(published, int) or number > published:
        return False
    return embargo is None or reading.now >= instant(str(embargo))
