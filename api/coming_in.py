"""How one comes in: what is public to everybody, invitation links that work once, and tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import RAISE, fields, validate

from api.answers import shown, told_once
from api.asking import AsOf, Paged, named
from api.callers import EVERYBODY, HERE, KEEPERS, PUBLIC, access, limits, myself, readers, secretariat
from api.documenting import NOT_MODIFIED, refusals, words_of
from api.problems import problem
from api.record_shapes import DIALOGUES, LINK, TOKEN, TOKENS
from api.schemas import Strict, clean
from api.shapes import PUBLISHED
from api.shaping import Shape, page
from dialogue.fact import Unknown
from dialogue.shape import stamp
from projections import dialogues
from projections.access import LINK_LIFETIME, LONGEST, SCOPES, Token
from projections.published import published

View = Callable[..., Response]

blue = Blueprint("coming in", __name__, description="Coming in: what is public, invitations, tokens.")


def route(path: str, method: str, summary: str, roles: frozenset[str], answers: Shape | None) -> Callable[[View], View]:
    """Makes a route of a view, for these roles. Its answer is 200, 201 if it is a POST, 204 if there is none."""

    def decorate(view: View) -> View:
        success = 204 if answers is None else 201 if method == "POST" else 200
        body = (413, 415) if method == "POST" else ()
        documented = blue.response(success, answers, description=summary)(view)
        documented = blue.doc(
            summary=f"{summary} (for: {words_of(roles)})",
            operationId=view.__name__,
            responses={**({304: NOT_MODIFIED} if method == "GET" else {}), **refusals(*body, 401, 403, 404, 422, 429)},
            **({"security": [{}, {"token": []}]} if "public" in roles else {}),
        )(documented)
        blue.route(path, methods=[method])(readers(roles)(documented))
        return view

    return decorate


@route("/v1/published", "GET", "What is published and past its embargo.", PUBLIC, page("Published", PUBLISHED))
@blue.arguments(Paged, location="query", unknown=RAISE)
def published_list(asked: dict[str, Any]) -> Response:
    with secretariat.reading(asked.get("as_of")) as reading:
        found = published(reading, after=asked.get("after"), limit=asked["limit"])
    return shown({"items": [{**one, "url": url(one)} for one in found.items], "after": found.after})


def url(one: dict[str, Any]) -> str:
    return f"/v1/dialogues/{one['dialogue']['id']}/documents/{one['document']['handle']}/editions/{one['edition']}"


@route("/v1/dialogues", "GET", "Your dialogue: the one that your token is for.", EVERYBODY, DIALOGUES)
@blue.arguments(AsOf, location="query", unknown=RAISE)
def dialogues_list(asked: dict[str, Any]) -> Response:
    mine = myself().dialogue
    with secretariat.reading(asked.get("as_of")) as reading:
        title = reading.present.one(reading.t.dialogues, mine, "dialogue")["title"]
        line = dialogues.line(reading, str(mine), title)
        return shown({"items": [] if line is None else [line]})


class Redeem(Strict):
    """The code of an invitation link."""

    code = fields.String(
        required=True, validate=[validate.Length(1, 100), clean], metadata={"example": "the code that you were sent"}
    )


@route("/v1/invitations", "POST", "Come in with an invitation link: a token for its code, once.", PUBLIC, TOKEN)
@blue.arguments(Redeem)
def redeem_invitation(asked: dict[str, Any]) -> Response:
    limits.login(access())
    return with_secret(*access().redeem(asked["code"]))


@route(
    f"{HERE}/participants/<participant>/invitation-link",
    "POST",
    "An invitation link for a participant, which works once; earlier ones end.",
    KEEPERS,
    LINK,
)
def invitation_link(dialogue: UUID, participant: str) -> Response:
    me = myself()
    if "act" not in me.token.scopes:
        return problem(403, "scope", "This token may read and not act.")
    limits.act(access(), me.token.id)
    with secretariat.reading() as reading:
        invited = named(reading, dialogue, "participant", participant)
    expires = access().clock() + LINK_LIFETIME
    return told_once({"code": access().invite(dialogue, invited), "expires": stamp(expires)}, 201)


class NewToken(Strict):
    """What a token may do, what it is for, and for how long."""

    scopes = fields.List(
        fields.String(validate=validate.OneOf(SCOPES)),
        load_default=lambda: ["read"],
        validate=validate.Length(1, len(SCOPES)),
        metadata={"example": ["read"]},
    )
    label = fields.String(load_default="", validate=[validate.Length(max=100), clean], metadata={"example": "laptop"})
    days = fields.Integer(strict=True, load_default=30, validate=validate.Range(1, LONGEST.days))


@route("/v1/tokens", "POST", "A further token of your own, shown this once, that may do no more.", EVERYBODY, TOKEN)
@blue.arguments(NewToken)
def create_token(asked: dict[str, Any]) -> Response:
    me = myself()
    if not set(asked["scopes"]) <= set(me.token.scopes):
        return problem(403, "scope", "This token may read and not act.")
    limits.act(access(), me.token.id)
    made = access().create(
        me.dialogue,
        me.participant,
        scopes=tuple(dict.fromkeys(asked["scopes"])),
        label=asked["label"],
        lifetime=timedelta(days=asked["days"]),
    )
    return with_secret(*made)


@route("/v1/tokens", "GET", "Your own tokens, without their secrets.", EVERYBODY, TOKENS)
def tokens_list() -> Response:
    me = myself()
    return told_once({"items": [listed(one) for one in access().tokens(me.dialogue, me.participant)]})


@route("/v1/tokens/<id>", "DELETE", "End a token: your own, or as secretariat any.", EVERYBODY, None)
def revoke_token(id: str) -> Response:
    me = myself()
    whose = None if me.roles & KEEPERS else me.participant
    if id not in {one.id for one in access().tokens(me.dialogue, whose)}:
        raise Unknown("token")
    access().revoke(id, me.dialogue)
    return Response(status=204)


@route(f"{HERE}/tokens", "GET", "All tokens of the dialogue, without their secrets.", KEEPERS, TOKENS)
def dialogue_tokens(dialogue: UUID) -> Response:
    return told_once({"items": [listed(one) for one in access().tokens(dialogue)]})


def listed(token: Token) -> dict[str, Any]:
    return {**vars(token), "scopes": list(token.scopes)}


def with_secret(secret: str, token: Token) -> Response:
    return told_once({**listed(token), "token": secret}, 201)
