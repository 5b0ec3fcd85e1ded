"""The application: one factory, which puts the routes, the limits and the answers together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request
from flask_smorest import Api
from werkzeug.exceptions import ServiceUnavailable

from api import acting, coming_in, decisions, history, keeping, people, said, signing, signing_in, texts
from api.access_log import logged
from api.body import checked
from api.documenting import problem_answers
from api.health import health
from api.limits import Limits, Rates
from api.memory import Memory
from api.pages import pages
from api.problems import HANDLERS, MEDIA_TYPE, of_http
from api.shaping import SHAPES
from projections.admission import Admission
from projections.provider import Provider, ProviderFailed
from projections.secretariat import Secretariat

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

TURN = 20.0  # seconds to wait for a turn
BODY_LIMIT = 1_000_000  # bytes; the longest text is 100,000 characters


@dataclass(frozen=True)
class Options:
    """How the API is served. Without `hosts` any Host is answered; without `origins` there is no CORS.

    `streams` is how many may be open at once; each holds a thread of the server. `at_once` is how many requests are
    worked on at once, so that they never wait for each other's connections to the stores. Without a `provider`
    nobody signs in.
    """

    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    streams: int = 16
    at_once: int = 12
    rates: Rates = field(default_factory=Rates)
    provider: Provider | None = None


class Documented(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest's Api with every failure as a problem, in answers and in the documentation."""

    ERROR_SCHEMA = "Problem"

    def _register_error_handlers(self) -> None:
        for kind, handler in {**HANDLERS, ProviderFailed: signing_in.of_provider}.items():
            self._app.register_error_handler(kind, handler)

    def _register_responses(self) -> None:
        for name, shape in SHAPES.items():
            self.spec.components.schema(name, shape)
        for name, answer in problem_answers().items():
            self.spec.components.response(name, answer)
        self.DEFAULT_RESPONSE_CONTENT_TYPE = MEDIA_TYPE
        try:
            super()._register_responses()
        finally:
            self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"


def create_app(secretariat: Secretariat, options: Options = Options()) -> Flask:
    """The WSGI application that serves this installation."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        API_TITLE="The dialogue record",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        TRUSTED_HOSTS=list(options.hosts) or None,
        API_SPEC_OPTIONS={
            "info": {"description": DESCRIPTION, "license": {"name": "Apache-2.0"}},
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
            "security": [{"token": []}],
        },
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["secretariat"] = secretariat
    app.extensions["admission"] = Admission(secretariat)
    app.extensions["memory"] = Memory()
    app.extensions["limits"] = Limits(options.rates)
    app.extensions["streams"] = BoundedSemaphore(options.streams)
    app.extensions["closing"] = Event()
    app.extensions["provider"] = options.provider
    app.extensions["places"] = BoundedSemaphore(signing_in.AT_ONCE)
    app.register_blueprint(health)
    app.register_blueprint(pages)
    api = Documented(app)
    reads = (people.blue, texts.blue, decisions.blue, history.blue)
    deeds = (said.blue, keeping.blue, signing.blue, coming_in.blue, signing_in.blue)
    for blueprint in (acting.blueprint(), *reads, *deeds):
        api.register_blueprint(blueprint)

    @app.before_request
    def _begin() -> Response | None:
        g.begun = time.monotonic()
        return checked()

    @app.after_request
    def _end(response: Response) -> Response:
        logged(response)
        return shared(response, options) if options.origins else response

    app.wsgi_app = in_turn(app.wsgi_app, options.at_once)  # type: ignore[assignment,method-assign]  # as Flask's handbook does
    return app


DESCRIPTION = (
    "Participants submit, amend, comment and sign; facilitators call, rule, declare and replay; auditors trace. "
    "Every act is an entry of an append-only record; every read can be asked for as of any entry (`as_of`). "
    "Things are named by id or by handle (P7, A3, Q4, D1, N12). Failures are problems (RFC 9457), listed at /problems."
)
HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Strict-Transport-Security", "max-age=31536000"),
]
CORS = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
}


def in_turn(application: WSGIApplication, at_once: int) -> WSGIApplication:
    """The application, working on so many requests at once, with the security headers on every answer.

    Around Flask and not in hooks of it: this is done at every request. A stream is sent outside its turn.
    """
    turns = BoundedSemaphore(at_once)

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
            return start_response(status, headers + HEADERS, error)

        if not turns.acquire(timeout=TURN):
            return busy()(environ, begin)
        try:
            return application(environ, begin)
        finally:
            turns.release()

    return answered


def busy() -> Response:
    """All turns are taken."""
    return of_http(ServiceUnavailable(retry_after=1))


def shared(response: Response, options: Options) -> Response:
    """The answer as pages of the configured origins may read it."""
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin")
    if origin in options.origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers.update(CORS)
    return response
