"""Consensus calls and rulings, documents with their editions, and what is public of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import fields, validate

from api.asking import THING, after, named, on, read
from api.callers import AUDITORS, PUBLIC, myself
from api.editions import edition
from api.shapes import (
    CALL,
    DOCUMENTS,
    EDITIONS,
    EDITIONS_COMPARED,
    EXPLANATION,
    HEARD,
    JOINT_ACT,
    ONE_DOCUMENT,
    PUBLICATION,
    READINESS,
    RULING,
    SUPPOSED,
)
from api.shaping import STRING, many, page, shape
from dialogue.procedure import POSITIONS
from dialogue.shape import FRACTION
from projections import documents, outcomes
from projections.explaining import explained, supposed, supposed_of
from projections.hearing import who_had_seen
from projections.outdated import editions as compared
from projections.read import Reading
from projections.readiness import ready

blue = Blueprint("decisions", __name__, description="Decisions: calls, rulings, documents, editions.")


@read(blue, "/calls", "Consensus calls with their positions.", page("Call", CALL), paged=True, more={"on": THING})
def calls_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return outcomes.page(reading, dialogue, subject=on(reading, dialogue, asked), **after(reading, dialogue, asked))


@read(blue, "/calls/<call>", "One consensus call.", CALL, kind="call")
def call(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return outcomes.one(reading, named(reading, dialogue, "call", asked["call"]))


@read(blue, "/calls/<call>/explanation", "Why an outcome is what it is, by entry number.", EXPLANATION)
def explanation(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return explained(reading, named(reading, dialogue, "call", asked["call"]))


COUNT = validate.Range(0, 1000)
TERMS = {
    "procedure": fields.String(
        required=True,
        validate=validate.OneOf(["consensus", "consensus-minus", "silence", "majority", "ballot"]),
    ),
    "threshold": fields.String(
        validate=validate.Regexp(f"^{FRACTION.pattern}$"), metadata={"description": "For a majority.", "example": "2/3"}
    ),
    "quorum": fields.String(
        validate=validate.Regexp(f"^([0-9]{{1,4}}|{FRACTION.pattern})$"),
        metadata={"description": "A count, or a fraction of those entitled."},
    ),
    "excluded": fields.Integer(validate=COUNT, metadata={"description": "How many are not counted."}),
}
POSITION = fields.List(
    fields.String(validate=validate.Regexp(f"^({'|'.join(POSITIONS)})=[0-9]{{1,4}}$")),
    validate=validate.Length(max=len(POSITIONS)),
    metadata={"description": "How many hold which position; repeat it.", "example": ["agree=5", "object=2"]},
)


@read(
    blue,
    "/what-if",
    "What a procedure would make of supposed positions.",
    SUPPOSED,
    more={**TERMS, "entitled": fields.Integer(required=True, validate=validate.Range(1, 1000)), "position": POSITION},
)
def what_if(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return supposed(terms(asked), asked["entitled"], asked.get("position", ()))


@read(
    blue,
    "/calls/<call>/what-if",
    "What another procedure would have made of the positions of a call.",
    SUPPOSED,
    roles=AUDITORS,
    more=TERMS,
)
def what_if_of(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    found = named(reading, dialogue, "call", asked["call"])
    return supposed_of(reading, found, terms(asked), myself().participant)


def terms(asked: dict[str, Any]) -> dict[str, Any]:
    """A procedure and its parameters."""
    return {
        "name": asked["procedure"],
        "threshold": asked.get("threshold"),
        "quorum": asked.get("quorum"),
        "excluded": asked.get("excluded", 0),
    }


@read(blue, "/rulings", "Rulings on changes.", page("Ruling", RULING), paged=True, more={"on": THING})
def rulings_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    subject = on(reading, dialogue, asked)
    return outcomes.rulings(reading, dialogue, subject=subject, **after(reading, dialogue, asked))


@read(blue, "/rulings/<ruling>", "One ruling.", RULING, kind="ruling")
def ruling(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return outcomes.ruling(reading, named(reading, dialogue, "ruling", asked["ruling"]))


@read(
    blue,
    "/joint-acts",
    "Acts that wait for the assent of further co-chairs.",
    shape("JointActs", items=many(JOINT_ACT)),
)
def joint_acts(reading: Reading, dialogue: UUID, _: dict[str, Any]) -> Any:
    return {"items": outcomes.joint_acts(reading, dialogue)}


@read(blue, "/documents", "Documents.", DOCUMENTS, paged=True)
def documents_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return documents.page(reading, dialogue, **after(reading, dialogue, asked))


EDITION = {"edition": fields.Integer(validate=validate.Range(1, 2**31 - 1))}


@read(
    blue,
    "/documents/<document>",
    "One document with the items of its current edition, or of another.",
    ONE_DOCUMENT,
    kind="document",
    more=EDITION,
)
def document(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return documents.one(reading, named(reading, dialogue, "document", asked["document"]), asked.get("edition"))


@read(blue, "/documents/<document>/readiness", "Whether it may be published, and every reason if not.", READINESS)
def readiness(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return ready(reading, dialogue, named(reading, dialogue, "document", asked["document"]))


@read(blue, "/documents/<document>/circulation", "Who had seen which edition.", HEARD, more=EDITION)
def circulation(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    found = named(reading, dialogue, "document", asked["document"])
    return who_had_seen(reading, dialogue, found, asked.get("edition"))


@read(blue, "/documents/<document>/editions", "All editions of a document.", EDITIONS)
def editions_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return {"items": documents.one(reading, named(reading, dialogue, "document", asked["document"]))["editions"]}


@read(
    blue,
    "/documents/<document>/comparison",
    "Two editions compared, item by item.",
    EDITIONS_COMPARED,
    more={
        "since": fields.Integer(required=True, validate=validate.Range(1, 2**31 - 1)),
        "until": fields.Integer(required=True, validate=validate.Range(1, 2**31 - 1)),
    },
)
def editions_compared(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    found = named(reading, dialogue, "document", asked["document"])
    since, until = asked["since"], asked["until"]
    for number in (since, until):
        documents.one(reading, found, number)
    items = [{"heading": one.heading, "changes": one.data} for one in compared(reading, found, since, until)]
    return {"since": since, "until": until, "items": items}


@read(
    blue,
    "/documents/<document>/editions/<int(max=2147483647):number>",
    "An edition as it is published: JSON, HTML or Markdown, as you accept.",
    PUBLICATION,
    roles=PUBLIC,
    also={"text/html": STRING, "text/markdown": STRING},
)
def edition_of(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return edition(reading, dialogue, asked["document"], asked["number"])


@read(
    blue,
    "/documents/<document>/publication",
    "The latest edition that need not wait, as it is published: JSON, HTML or Markdown, as you accept.",
    PUBLICATION,
    roles=PUBLIC,
    also={"text/html": STRING, "text/markdown": STRING},
)
def publication_of(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return edition(reading, dialogue, asked["document"], None)
