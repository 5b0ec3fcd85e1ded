"""Proposals and their versions, amendments, comments, and who signed which words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import fields, validate

from api.asking import THING, after, named, on, read
from api.schemas import clean
from api.shapes import (
    AMENDMENTS,
    COMMENT,
    COMPARISON,
    ITEM,
    LISTED_ITEMS,
    ONE_AMENDMENT,
    ONE_VERSION,
    SIGNATORY,
    TRACE,
    VERSIONS,
)
from api.shaping import many, page, shape
from dialogue.endorsement import endorsement_id
from dialogue.fact import Unknown
from projections import amendments, comments, signatories, texts
from projections.beside import beside
from projections.compare import as_data
from projections.comparison import comparison
from projections.read import Reading
from projections.trace import trace

blue = Blueprint("texts", __name__, description="Texts: proposals, amendments, comments, signatories.")


@read(blue, "/proposals", "Proposals and recommendations.", LISTED_ITEMS, paged=True)
def proposals_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return texts.page(reading, dialogue, **after(reading, dialogue, asked))


@read(blue, "/proposals/<proposal>", "One item with its current words.", ITEM, kind="proposal", steady=True)
def proposal(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    item = named(reading, dialogue, "proposal", asked["proposal"])
    found = texts.item(reading, item)
    return {**beside(reading, item, found["version"]), **found}


@read(blue, "/proposals/<proposal>/versions", "All versions of a text.", VERSIONS, paged=True, steady=True)
def versions_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    start = asked.get("after") or "0"
    if not (start.isascii() and start.isdigit() and len(start) < 10):
        raise Unknown("version to go on after")
    item = named(reading, dialogue, "proposal", asked["proposal"])
    return texts.versions(reading, item, after=int(start), limit=asked["limit"])


@read(
    blue,
    "/proposals/<proposal>/versions/<int(max=2147483647):number>",
    "The words of one version, and what is said beside them.",
    ONE_VERSION,
    steady=True,
)
def version(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    item = named(reading, dialogue, "proposal", asked["proposal"])
    return {**texts.version(reading, item, asked["number"]), **beside(reading, item, asked["number"])}


PLACE = fields.String(
    validate=[validate.Length(1, 32), clean], metadata={"description": "A version (2, v2) or an entry (entry:40)."}
)


@read(
    blue,
    "/proposals/<proposal>/comparison",
    "Two versions compared, word by word: the marked-up text.",
    COMPARISON,
    steady=True,
    more={"since": PLACE, "until": PLACE},
)
def comparison_of(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    item = named(reading, dialogue, "proposal", asked["proposal"])
    found = comparison(reading, item, asked.get("since"), asked.get("until"))
    return {"before": found.before, "after": found.after, "changes": as_data(found.changes)}


@read(
    blue,
    "/proposals/<proposal>/trace",
    "How an item, or a phrase of it, came to read as it does.",
    TRACE,
    more={
        "phrase": fields.String(validate=[validate.Length(1, 500), clean]),
        "occurrence": fields.Integer(
            load_default=1,
            validate=validate.Range(1, 100_000),
            metadata={"description": "Which one, where the phrase stands repeatedly."},
        ),
    },
)
def trace_of(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    item = named(reading, dialogue, "proposal", asked["proposal"])
    return trace(reading, item, asked.get("phrase"), asked["occurrence"])


STANDING = {"standing": fields.String(validate=validate.OneOf(signatories.STANDINGS))}
OLDER = fields.Integer(
    validate=validate.Range(1, 2**31 - 1), metadata={"description": "The list under this one, not the current one."}
)
SIGNATORIES = page("Signatory", SIGNATORY)
COMMENTS = page("Comment", COMMENT)


@read(
    blue,
    "/proposals/<proposal>/signatories",
    "Who signed an item.",
    SIGNATORIES,
    paged=True,
    more={**STANDING, "version": OLDER},
    steady=True,
)
def item_signatories(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return signed(reading, dialogue, "proposal", asked)


@read(
    blue,
    "/documents/<document>/signatories",
    "Who signed a document.",
    SIGNATORIES,
    paged=True,
    more={**STANDING, "edition": OLDER},
    steady=True,
)
def document_signatories(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return signed(reading, dialogue, "document", asked)


def signed(reading: Reading, dialogue: UUID, kind: str, asked: dict[str, Any]) -> Any:
    """A page of the signatories of an item or document, its order being their place in the list."""
    subject, version = named(reading, dialogue, kind, asked[kind]), asked.get("version", asked.get("edition"))
    more = {"standing": asked.get("standing"), "version": version, **after(reading, dialogue, asked)}
    return signatories.page(reading, subject, **more)


@read(
    blue,
    "/proposals/<proposal>/signatories/<participant>",
    "One signature under an item.",
    SIGNATORY,
    kind="endorsement",
)
def item_signature(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return signature(reading, dialogue, "proposal", asked)


@read(
    blue,
    "/documents/<document>/signatories/<participant>",
    "One signature under a document.",
    SIGNATORY,
    kind="endorsement",
)
def document_signature(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return signature(reading, dialogue, "document", asked)


def signature(reading: Reading, dialogue: UUID, kind: str, asked: dict[str, Any]) -> Any:
    subject = named(reading, dialogue, kind, asked[kind])
    signer = named(reading, dialogue, "participant", asked["participant"])
    return signatories.one(reading, subject, endorsement_id(dialogue, signer, subject))


@read(
    blue,
    "/amendments",
    "Amendments: open, in conflict, answered.",
    AMENDMENTS,
    paged=True,
    more={"on": THING},
)
def amendments_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    proposal = named(reading, dialogue, "proposal", asked["on"]) if "on" in asked else None
    return amendments.page(reading, dialogue, proposal=proposal, **after(reading, dialogue, asked))


@read(blue, "/amendments/<amendment>", "One amendment.", ONE_AMENDMENT, kind="amendment")
def amendment(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return amendments.one(reading, named(reading, dialogue, "amendment", asked["amendment"]))


@read(blue, "/comments", "Comments with their dispositions.", COMMENTS, paged=True, more={"on": THING})
def comments_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return comments.page(reading, dialogue, subject=on(reading, dialogue, asked), **after(reading, dialogue, asked))


@read(
    blue,
    "/comments/undisposed",
    "Comments that nobody has disposed of yet; of a document, those on its items too.",
    shape("UndisposedComments", items=many(COMMENT)),
    more={"on": THING},
)
def comments_undisposed(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return {"items": comments.undisposed(reading, dialogue, on(reading, dialogue, asked))}


@read(blue, "/comments/<comment>", "One comment.", COMMENT, kind="comment")
def comment(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return comments.one(reading, named(reading, dialogue, "comment", asked["comment"]))
