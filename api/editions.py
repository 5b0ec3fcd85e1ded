"""Editions as they are published, in every format that `publish` has, by content negotiation."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request
from werkzeug.exceptions import NotAcceptable

from api.answers import validated
from api.asking import named
from api.callers import READERS, caller
from projections.documents import public_edition
from projections.publish import html, json_, markdown
from projections.publishing import publication
from projections.read import Reading

FORMATS = {"application/json": json_, "text/html": html, "text/markdown": markdown}


def edition(reading: Reading, dialogue: UUID, reference: str, number: int | None) -> Response:
    """One edition, or the latest that need not wait; to the public only what is published and past its embargo.

    Raises Unknown, Refused, NotAcceptable.
    """
    me = caller()
    inside = me is not None and me.dialogue == dialogue and bool(me.roles & READERS)
    document = named(reading, dialogue, "document", reference)
    if not inside:
        row = reading.one(reading.t.documents, document, "document")
        number = public_edition(reading, row, number)
    wanted = request.accept_mimetypes
    chosen = wanted.best_match(list(FORMATS)) if wanted else "application/json"
    if chosen is None:
        raise NotAcceptable
    content = FORMATS[chosen].render(publication(reading, dialogue, document, number)).encode()
    answer = Response(content, content_type=f"{chosen}; charset=utf-8")
    return validated(answer, content)
