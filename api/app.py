"""The application: one factory, which puts the routes, the limits and the answers together."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event

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
from api.problems import HANDLERS, MEDIA_TYPE
from api.shapes import SHAPES
from projections.admission import Admission
from projections.provider import Provider, ProviderFailed
from projections.secretariat import Secretariat

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
    logged(app)
    app.register_blueprint(health)
    app.register_blueprint(pages)
    api = Documented(app)
    reads = (people.blue, texts.blue, decisions.blue, history.blue)
    deeds = (said.blue, keeping.blue, signing.blue, coming_in.blue, signing_in.blue)
    for blueprint in (acting.blueprint(), *reads, *deeds):
        api.register_blueprint(blueprint)

    turns = BoundedSemaphore(options.at_once)

    @app.before_request
    def _begin() -> None:
        g.turn = turns.acquire(timeout=TURN)
        if not g.turn:
            raise ServiceUnavailable(retry_after=1)

    app.before_request(checked)

    @app.teardown_request
    def _end(_: BaseException | None) -> None:
        if g.pop("turn", False):
            turns.release()

    @app.after_request
    def _after(response: Response) -> Response:
        return secured(response, options)

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


def secured(response: Response, options: Options) -> Response:
    """Security headers on every answer, and CORS only where it is configured."""
    response.headers.extend(HEADERS)
    if options.origins:
        response.headers.add("Vary", "Origin")
        origin = request.headers.get("Origin")
        if origin in options.origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers.update(CORS)
    return response
