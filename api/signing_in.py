"""Signing in with an identity provider, where one is configured: to it, back from it, and a token, shown once.

Whatever the reason that somebody is not let in, the answer is the same: nobody learns who takes part. The cookie
ties the way back to the browser that went; it authorises nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from flask import Response, current_app, request
from flask_smorest import Blueprint
from marshmallow import EXCLUDE, RAISE, Schema, fields, validate
from werkzeug.exceptions import ServiceUnavailable

from api.answers import told_once
from api.callers import PUBLIC, access, limits, readers, secretariat
from api.coming_in import listed
from api.documenting import refusals, words_of
from api.pages import page, wants_html
from api.problems import problem
from api.record_shapes import TOKEN
from api.schemas import Strict, clean
from api.shaping import STRING, Shape
from dialogue.fact import Unknown
from projections.access import Token
from projections.provider import CALLBACK, NotSignedIn, Provider, ProviderFailed
from projections.signing_in import PATIENCE, Begun, SignIns

View = Callable[..., Response]

AT_ONCE = 4  # who may wait for the provider at once, so that a slow one does not keep others from being served
LONGEST = 4096  # characters of a code
REFUSED = (
    "This sign-in did not bring you in. Begin it again; if that does not help, ask the secretariat of your dialogue "
    "whether it knows this e-mail address, or for an invitation link."
)
UNREACHABLE = "The identity provider does not answer as it should just now; try again a little later."
HTML = "text/html"
log = logging.getLogger("dialogue.api")

blue = Blueprint("signing in", __name__, description="Signing in with an identity provider, where one is configured.")


class SignIn(Strict):
    """Where to."""

    dialogue = fields.UUID(metadata={"description": "For those whose address is known in several dialogues."})


class CameBack(Schema):
    """What the provider adds to the address; what else it may add is passed over."""

    class Meta:
        unknown = EXCLUDE

    state = fields.String(load_default="", validate=[validate.Length(max=LONGEST), clean])
    code = fields.String(load_default="", validate=[validate.Length(max=LONGEST), clean])
    iss = fields.String(validate=[validate.Length(max=LONGEST), clean])


def offered(view: View) -> View:
    """Answers as for an absent address where no provider is configured. Raises Unknown."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Response:
        if current_app.extensions["provider"] is None:
            raise Unknown("address")
        return view(*args, **kwargs)

    return guarded


def route(path: str, summary: str, status: int, answers: Shape | None, **said: Any) -> Callable[[View], View]:
    """Makes a route of a view, for everybody."""

    def decorate(view: View) -> View:
        documented = blue.response(status, answers, description=summary, headers=said.get("headers"))(view)
        for other, shape in said.get("also", {}).items():
            documented = blue.alt_response(status, schema=shape, content_type=other, success=True)(documented)
        documented = blue.arguments(said["takes"], location="query", unknown=said["unknown"])(documented)
        documented = blue.doc(
            summary=f"{summary} (for: {words_of(PUBLIC)})",
            operationId=view.__name__,
            responses=refusals(401, *said["refuses"], 404, 422, 429, 502),
            security=[{}, {"token": []}],
        )(documented)
        blue.route(path, methods=["GET"])(offered(readers(PUBLIC)(documented)))
        return view

    return decorate


@route(
    "/v1/sign-in",
    "Sign in with the identity provider, where one is configured: it sends you back here.",
    302,
    None,
    headers={"Location": {"schema": STRING, "description": "Where to sign in."}},
    takes=SignIn,
    unknown=RAISE,
    refuses=(),
)
def sign_in(asked: dict[str, Any]) -> Response:
    limits.login(access())
    with provider() as there:
        begun = SignIns(secretariat).begin(asked.get("dialogue"))
        answer = Response(status=302, headers={"Location": there.place(begun), "Cache-Control": "no-store"})
    kept(answer, there, begun.browser, int(PATIENCE.total_seconds()))
    return answer


@route(
    CALLBACK,
    "Back from the identity provider: a token, shown this once, for whom it vouches for.",
    200,
    TOKEN,
    also={HTML: {**STRING, "description": "The same, to be read by people."}},
    takes=CameBack,
    unknown=EXCLUDE,
    refuses=(403,),
)
def signed_in(asked: dict[str, Any]) -> Response:
    limits.login(access())
    sign_ins = SignIns(secretariat)
    with provider() as there:
        begun = Begun(asked["state"], request.cookies.get(cookie(there), ""))
        known, dialogue = sign_ins.end(begun)
        if not known:
            return refused("it was not begun by this browser, or is over")
        if not asked["code"]:
            return refused("the provider sent no code")
        try:
            now = int(secretariat.now().timestamp())
            email = there.email(begun, asked["code"], asked.get("iss"), now)
        except NotSignedIn as error:
            return refused(str(error))
    found = sign_ins.participant(email, dialogue)
    if found is None:
        return refused("the address is that of no one participant")
    answer = told(*sign_ins.token(*found))
    kept(answer, there, "", 0)
    return answer


@contextmanager
def provider() -> Iterator[Provider]:
    """The provider, to be asked. Raises ServiceUnavailable while too many wait for it, and what it fails with."""
    places: BoundedSemaphore = current_app.extensions["places"]
    if not places.acquire(blocking=False):
        raise ServiceUnavailable(retry_after=1)
    try:
        yield current_app.extensions["provider"]
    finally:
        places.release()


def of_provider(failed: ProviderFailed) -> Response:
    """The provider fails: logged for the keepers, and told without particulars."""
    log.error("identity provider: %s", failed)
    return problem(502, "provider", UNREACHABLE)


def refused(why: str) -> Response:
    """The one answer to everybody who is not let in; why is for the log, which learns of nobody."""
    log.warning("sign-in refused: %s", why)
    return problem(403, "sign-in", REFUSED)


def told(secret: str, token: Token) -> Response:
    """The token as JSON; to a browser as a page."""
    if not wants_html():
        answer = told_once({**listed(token), "token": secret})
    else:
        words = "<p>Send this token with your requests (Authorization: Bearer …). It is shown this once.</p>"
        answer = page("You are signed in", words, ("Token", "Works until"), [(secret, token.expires)])
        answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept"
    return answer


def cookie(there: Provider) -> str:
    """The cookie's name; by this prefix browsers take it only from this host, and by https (RFC 6265bis, 4.1.3.2)."""
    return "__Host-sign-in" if there.secure else "sign-in"


def kept(answer: Response, there: Provider, value: str, seconds: int) -> None:
    """Has the browser keep its own secret for so long; Lax, for it is the provider that sends the browser back."""
    answer.set_cookie(
        cookie(there), value, max_age=seconds, path="/", secure=there.secure, httponly=True, samesite="Lax"
    )
