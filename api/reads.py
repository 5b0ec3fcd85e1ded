"""The reads: what a dialogue holds, a noun a route, each as of any entry.

The functions behind them are those of the command line; a route resolves the address, asks and answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from api.answers import shown
from api.callers import KEEPERS, PUBLIC, READERS, addressed, caller, readers, secretariat
from api.editions import edition
from api.problems import ProblemSchema
from api.schemas import Strict
from api.streams import as_ndjson, feed, wants_ndjson
from dialogue.fact import Unknown
from projections import amendments, comments, dialogues, documents, meetings, outcomes, participants, signatories, texts
from projections.comparison import comparison
from projections.explaining import explained
from projections.hearing import who_had_seen
from projections.notices import notices
from projections.read import PAGE, Page, Reading
from projections.readiness import ready
from projections.replay import replay
from projections.resolve import thing_named
from projections.timeline import log
from projections.trace import trace
from projections.waiting import waiting

LONGEST_PAGE = 500
Answer = Callable[[Reading, UUID, dict[str, Any]], Any]


class AsOf(Strict):
    """What every read takes."""

    as_of = fields.String(
        validate=validate.Length(1, 64),
        metadata={"description": "An entry number, an instant, or happened:INSTANT.", "example": "142"},
    )


class Paged(AsOf):
    """What every list takes besides."""

    limit = fields.Integer(strict=False, load_default=PAGE, validate=validate.Range(1, LONGEST_PAGE))
    after = fields.String(validate=validate.Length(1, 64), metadata={"description": "The `after` of the page before."})


class PageSchema(Schema):
    """A page of a list."""

    items = fields.List(fields.Dict(), required=True)
    after = fields.String(allow_none=True, metadata={"description": "Where to go on; null at the end."})


def read(
    blueprint: Any,
    path: str,
    summary: str,
    *,
    roles: frozenset[str] = READERS,
    paged: bool = False,
    more: dict[str, Any] | None = None,
) -> Callable[[Answer], Answer]:
    """Makes a route of a function from (reading, dialogue, what is asked) to what is shown."""

    def decorate(answer: Answer) -> Answer:
        base = Paged if paged else AsOf
        arguments = base.from_dict(more, name=f"{answer.__name__}_query") if more else base

        def view(asked: dict[str, Any], dialogue: UUID, **given: Any) -> Response:
            with secretariat().reading(asked.get("as_of")) as reading:
                if "public" not in roles:
                    addressed(reading, str(dialogue))
                found = answer(reading, dialogue, {**asked, **given})
                if isinstance(found, Response):
                    return found
                if isinstance(found, Page):
                    return shown({"items": found.items, "after": found.after})
                return shown(found, found.get("version") if isinstance(found, dict) else None)

        view.__name__ = answer.__name__
        view.__doc__ = answer.__doc__
        guarded = readers(roles)(view)
        for status, description in ((404, "Not there, or not for you."), (422, "Misshapen."), (429, "Too often.")):
            guarded = blueprint.alt_response(status, schema=ProblemSchema, description=description)(guarded)
        if "public" not in roles:
            guarded = blueprint.alt_response(401, schema=ProblemSchema, description="No token.")(guarded)
        guarded = blueprint.response(200, PageSchema if paged else Schema, description=summary)(guarded)
        guarded = blueprint.arguments(arguments, location="query")(guarded)
        note = f"{summary} (for: {', '.join(sorted(roles))})"
        blueprint.route(f"/<uuid:dialogue>{path}")(blueprint.doc(summary=note, operationId=answer.__name__)(guarded))
        return answer

    return decorate


things = Blueprint("reads", __name__, url_prefix="/v1/dialogues", description="Reads: what there is, and was.")


def named(reading: Reading, dialogue: UUID, kind: str, reference: str) -> UUID:
    """The thing that an address names by id or handle, in this dialogue only."""
    return thing_named(reading, dialogue, kind, reference)


def after(asked: dict[str, Any]) -> dict[str, Any]:
    return {"after": asked.get("after"), "limit": asked["limit"]}


@read(things, "", "A dialogue: its mandate, settings and officers.")
def dialogue(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return dialogues.card(reading, dialogue)


@read(things, "/waiting", "What is open, and whom it waits for.")
def waiting_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return waiting(reading, dialogue)


@read(things, "/participants", "Who takes part.", paged=True)
def participants_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    page = participants.page(reading, dialogue, **after(asked))
    return Page([for_reader(one) for one in page.items], page.after)


@read(things, "/participants/<participant>", "One participant.")
def participant(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return for_reader(participants.one(reading, named(reading, dialogue, "participant", asked["participant"])))


def for_reader(person: dict[str, Any]) -> dict[str, Any]:
    """A participant as this reader may see them: addresses are the secretariat's."""
    me = caller()
    if me is not None and "secretariat" in me.roles:
        return person
    return {name: value for name, value in person.items() if name != "email"}


@read(things, "/meetings", "Meetings, planned and held.", paged=True)
def meetings_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return meetings.page(reading, dialogue, **after(asked))


@read(things, "/meetings/<meeting>", "One meeting.")
def meeting(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return meetings.one(reading, named(reading, dialogue, "meeting", asked["meeting"]))


@read(things, "/proposals", "Proposals and recommendations.", paged=True)
def proposals_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return texts.page(reading, dialogue, **after(asked))


@read(things, "/proposals/<proposal>", "One item with its current words.")
def proposal(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return texts.item(reading, named(reading, dialogue, "proposal", asked["proposal"]))


@read(things, "/proposals/<proposal>/versions", "All versions of a text.", paged=True)
def versions_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    start = asked.get("after") or "0"
    if not start.isdigit():
        raise Unknown("version to go on after")
    item = named(reading, dialogue, "proposal", asked["proposal"])
    return texts.versions(reading, item, after=int(start), limit=asked["limit"])


@read(things, "/proposals/<proposal>/versions/<int:number>", "The words of one version.")
def version(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return texts.version(reading, named(reading, dialogue, "proposal", asked["proposal"]), asked["number"])


REFERENCE = fields.String(validate=validate.Length(1, 32), metadata={"description": "2, v2 or entry:40."})


@read(
    things,
    "/proposals/<proposal>/comparison",
    "Two versions compared, word by word.",
    more={"since": REFERENCE, "until": REFERENCE},
)
def comparison_of(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    item = named(reading, dialogue, "proposal", asked["proposal"])
    found = comparison(reading, item, asked.get("since"), asked.get("until"))
    return {
        "before": found.before,
        "after": found.after,
        "changes": [{"kind": one.kind, "words": one.words} for one in found.changes],
    }


@read(
    things,
    "/proposals/<proposal>/trace",
    "How an item came to read as it does.",
    more={"phrase": fields.String(validate=validate.Length(1, 500))},
)
def trace_of(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return trace(reading, named(reading, dialogue, "proposal", asked["proposal"]), asked.get("phrase"))


STANDING = {"standing": fields.String(validate=validate.OneOf(["stands", "lapsed", "objected", "withdrawn", "void"]))}


@read(things, "/proposals/<proposal>/signatories", "Who signed an item.", paged=True, more=STANDING)
def item_signatories(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    item = named(reading, dialogue, "proposal", asked["proposal"])
    return signatories.page(reading, item, standing=asked.get("standing"), **after(asked))


@read(things, "/documents/<document>/signatories", "Who signed a document.", paged=True, more=STANDING)
def document_signatories(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    document = named(reading, dialogue, "document", asked["document"])
    return signatories.page(reading, document, standing=asked.get("standing"), **after(asked))


@read(things, "/amendments", "Amendments: open, in conflict, answered.", paged=True)
def amendments_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return amendments.page(reading, dialogue, **after(asked))


@read(things, "/amendments/<amendment>", "One amendment.")
def amendment(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return amendments.one(reading, named(reading, dialogue, "amendment", asked["amendment"]))


@read(things, "/comments", "Comments with their dispositions.", paged=True)
def comments_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return comments.page(reading, dialogue, **after(asked))


@read(things, "/calls", "Consensus calls with their positions.", paged=True)
def calls_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return outcomes.page(reading, dialogue, **after(asked))


@read(things, "/calls/<call>", "One consensus call.")
def call(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return outcomes.one(reading, named(reading, dialogue, "call", asked["call"]))


@read(things, "/calls/<call>/explanation", "Why an outcome is what it is.")
def explanation(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return explained(reading, named(reading, dialogue, "call", asked["call"]))


@read(things, "/rulings", "Rulings on changes.", paged=True)
def rulings_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return outcomes.rulings(reading, dialogue, **after(asked))


@read(things, "/joint-acts", "Acts that wait for the assent of co-chairs.")
def joint_acts(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return {"items": outcomes.joint_acts(reading, dialogue)}


@read(things, "/documents", "Documents.", paged=True)
def documents_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return documents.page(reading, dialogue, **after(asked))


@read(things, "/documents/<document>", "One document with its current edition.")
def document(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return documents.one(reading, named(reading, dialogue, "document", asked["document"]))


@read(things, "/documents/<document>/readiness", "Whether it may be published, and every reason if not.")
def readiness(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return ready(reading, dialogue, named(reading, dialogue, "document", asked["document"]))


@read(things, "/documents/<document>/circulation", "Who had seen which edition.")
def circulation(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return who_had_seen(reading, dialogue, named(reading, dialogue, "document", asked["document"]))


@read(things, "/documents/<document>/editions/<int:number>", "An edition, as JSON, HTML or Markdown.", roles=PUBLIC)
def edition_of(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return edition(reading, dialogue, asked["document"], asked["number"])


@read(things, "/notices", "What each participant must be told.", roles=KEEPERS, more={"since": fields.Integer()})
def notices_list(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    found = notices(reading, dialogue, asked.get("since", 0))
    return {"items": [asdict(one) for one in found]}


RANGE = {"start": fields.Integer(validate=validate.Range(1)), "stop": fields.Integer(validate=validate.Range(1))}


@read(things, "/entries", "The entries, each in a sentence; as NDJSON, all of them.", paged=True, more=RANGE)
def entries(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    start = max(asked.get("start", 1), int(asked.get("after") or 0) + 1)
    if wants_ndjson():
        return as_ndjson(dialogue, asked.get("as_of"), start, asked.get("stop"))
    lines = list(log(reading, dialogue, start, asked.get("stop"), asked["limit"] + 1))
    more = str(lines[asked["limit"] - 1].entry) if len(lines) > asked["limit"] else None
    return Page([asdict(line) for line in lines[: asked["limit"]]], more)


@read(things, "/replay", "The deliberation told, with marked-up texts.", paged=True, more=RANGE)
def replay_of(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    start = max(asked.get("start", 1), int(asked.get("after") or 0) + 1)
    found = []
    for step in replay(reading, dialogue, start, asked.get("stop")):
        found.append(asdict(step))
        if len(found) > asked["limit"]:
            break
    more = str(found[asked["limit"] - 1]["line"]["entry"]) if len(found) > asked["limit"] else None
    return Page(found[: asked["limit"]], more)


@read(things, "/feed", "New entries as they come (server-sent events).", roles=READERS)
def live(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return feed(dialogue, request.headers.get("Last-Event-ID"))


def blueprints() -> tuple[Any, ...]:
    """All reads."""
    return (things,)
