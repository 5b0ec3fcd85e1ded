"""How a read is asked: its address, what it takes, who may, and the shape of its answer, in one declaration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import RAISE, ValidationError, fields, validate
from sqlalchemy import select

from api.answers import shown
from api.callers import HERE, READERS, audience, readers, secretariat
from api.documenting import NOT_MODIFIED, refusals, with_headers, words_of
from api.memory import remembered
from api.schemas import Strict, clean
from api.shaping import Shape
from dialogue.fact import Refused, Unknown
from dialogue.shape import stamp
from projections.read import PAGE, Page, Reading, moment
from projections.resolve import subject_named, thing_named

ETAG = {"schema": {"type": "string"}, "description": "For If-None-Match, and for If-Match where it can be edited."}
NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "schema": {"type": "string"},
    "description": "The ETag of what you have; 304 if it is still so.",
}
LONGEST_PAGE = 500
LARGEST = 2**53
Answer = Callable[[Reading, UUID, dict[str, Any]], Any]


def place_in_time(value: str) -> None:
    """Refuses what is neither an entry number nor an instant."""
    clean(value)
    if value.isascii() and value.isdigit():
        return
    try:
        stamp(moment(value.removeprefix("happened:")))
    except (Refused, OverflowError) as error:
        raise ValidationError("Give an entry number, an instant or happened:INSTANT.") from error


THING = fields.String(
    validate=[validate.Length(1, 100), clean], metadata={"description": "Only those on this item or document (P7, D1)."}
)


class AsOf(Strict):
    """What every read takes."""

    as_of = fields.String(
        validate=[validate.Length(1, 64), place_in_time],
        metadata={"description": "An entry number, an instant, or happened:INSTANT.", "example": "142"},
    )


class Paged(AsOf):
    """What every list takes besides."""

    limit = fields.Integer(strict=False, load_default=PAGE, validate=validate.Range(1, LONGEST_PAGE))
    after = fields.String(
        validate=[validate.Length(1, 64), clean], metadata={"description": "The `after` of the page before."}
    )


def read(
    blueprint: Blueprint,
    path: str,
    summary: str,
    answers: Shape,
    *,
    roles: frozenset[str] = READERS,
    paged: bool = False,
    more: dict[str, Any] | None = None,
    kind: str | None = None,
    steady: bool = False,
    media_type: str = "application/json",
    also: dict[str, Shape] | None = None,
) -> Callable[[Answer], Answer]:
    """Makes a route of a function from (reading, dialogue, what is asked) to what is shown.

    `kind` is that of the thing shown, whose version is then in the ETag; `steady` says that the answer depends on the
    views and names only, and may be remembered while they stand; `also` are further media types.
    """

    def decorate(answer: Answer) -> Answer:
        arguments = type(f"{answer.__name__}_query", (Paged if paged else AsOf,), dict(more or {}))

        def view(asked: dict[str, Any], dialogue: UUID, **given: Any) -> Response:
            with secretariat.reading(asked.get("as_of"), audience(dialogue)) as reading:
                known(reading, dialogue)
                found = answer(reading, dialogue, {**asked, **given})
                if isinstance(found, Response):
                    return found
                if isinstance(found, Page):
                    return shown({"items": found.items, "after": found.after})
                return shown(found, version_of(reading, kind, found) if kind else None)

        view.__name__ = answer.__name__
        documented = blueprint.response(
            200,
            answers,
            content_type=media_type,
            description=summary,
            headers={"ETag": ETAG} if media_type == "application/json" else None,
        )(view)
        for other, shape in (also or {}).items():
            documented = blueprint.alt_response(200, schema=shape, content_type=other, success=True)(documented)
        documented = with_headers(
            blueprint.arguments(arguments, location="query", unknown=RAISE)(documented), NONE_MATCH
        )
        documented = blueprint.doc(
            summary=f"{summary} (for: {words_of(roles)})",
            operationId=answer.__name__,
            responses={304: NOT_MODIFIED, **refusals(401, 404, 406, 409, 422, 429)},
            **({"security": [{}, {"token": []}]} if "public" in roles else {}),
        )(documented)
        blueprint.route(f"{HERE}{path}")(readers(roles)(remembered(documented) if steady else documented))
        return answer

    return decorate


def known(reading: Reading, dialogue: UUID) -> None:
    """Demands that there is such a dialogue. Raises Unknown, and Damaged where it cannot be read."""
    reading.bound(dialogue)


def named(reading: Reading, dialogue: UUID, kind: str, reference: str) -> UUID:
    """The thing that an address names by id or handle, in this dialogue only. Raises Unknown, Ambiguous."""
    found = thing_named(reading, dialogue, kind, reference)
    here(reading, dialogue, found)
    return found


def on(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> UUID | None:
    """The item or document that a list is asked for; None for all of the dialogue. Raises Unknown, Ambiguous."""
    if "on" not in asked:
        return None
    found = subject_named(reading, dialogue, asked["on"])
    here(reading, dialogue, found)
    return found


def here(reading: Reading, dialogue: UUID, id: UUID | str) -> None:
    """Demands that a thing is of this dialogue. Raises Unknown."""
    things = reading.t.things
    whose = reading.conn.execute(select(things.c.dialogue).where(things.c.id == str(id))).scalar()
    if whose != str(dialogue):
        raise Unknown("thing")


def after(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> dict[str, Any]:
    """Where a list goes on, and how long its page is. Raises Unknown for a thing that is not of this dialogue."""
    if "after" in asked:
        here(reading, dialogue, asked["after"])
    return {"after": asked.get("after"), "limit": asked["limit"]}


def version_of(reading: Reading, kind: str, found: dict[str, Any]) -> str:
    """What stands in the ETag of a thing for If-Match to name: v and a text's version, or e and its last entry."""
    return f"v{found['version']}" if kind == "proposal" else f"e{changed(reading, kind, found['id'])}"


def changed(reading: Reading, kind: str, id: UUID | str) -> int:
    """The entry that changed a thing last. Raises Unknown."""
    row = reading.row(TABLES[kind](reading), id)
    if row is None:
        raise Unknown(kind)
    return int(row["from_entry"])


TABLES: dict[str, Callable[[Reading], Any]] = {
    "dialogue": lambda reading: reading.t.dialogues,
    "participant": lambda reading: reading.t.participants,
    "meeting": lambda reading: reading.t.meetings,
    "session": lambda reading: reading.t.sessions,
    "proposal": lambda reading: reading.t.proposals,
    "amendment": lambda reading: reading.t.amendments,
    "comment": lambda reading: reading.t.comments,
    "call": lambda reading: reading.t.calls,
    "ruling": lambda reading: reading.t.rulings,
    "endorsement": lambda reading: reading.t.endorsements,
    "document": lambda reading: reading.t.documents,
    "circulation": lambda reading: reading.t.circulations,
    "joint": lambda reading: reading.t.joints,
}
