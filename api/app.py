"""The application: one factory, which puts the routes, the limits and the answers together."""

from __future__ import annotations

from dataclasses import dataclass
from threading import BoundedSemaphore, Event

from flask import Flask, Response, request
from flask_smorest import Api

from api import acts, reads
from api.callers import caller
from api.health import health
from api.limits import Reads
from api.problems import HANDLERS, MEDIA_TYPE, ProblemSchema, problem
from projections.secretariat import Secretariat

BODY_LIMIT = 1_000_000  # bytes; the longest text is 100,000 characters


@dataclass(frozen=True)
class Options:
    """How the API is served. Without `hosts` any Host is answered; without `origins` there is no CORS."""

    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    streams: int = 16


class Documented(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest's Api with every failure as a problem, in answers and in the documentation."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        for kind, handler in HANDLERS.items():
            self._app.register_error_handler(kind, handler)

    def _register_responses(self) -> None:
        self.DEFAULT_RESPONSE_CONTENT_TYPE = MEDIA_TYPE
        try:
            super()._register_responses()
        finally:
            self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"


def create_app(secretariat: Secretariat, options: Options = Options()) -> Flask:
    """The WSGI application that serves this installation."""
    app = Flask(__name__)
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
    app.extensions["streams"] = BoundedSemaphore(options.streams)
    app.extensions["closing"] = Event()
    api = Documented(app)
    for blueprint in (acts.blueprint(), *reads.blueprints()):
        blueprint.PAGINATION_HEADER_NAME = None
        api.register_blueprint(blueprint)
    app.register_blueprint(health)
    counted = Reads()

    @app.before_request
    def _before() -> Response | None:
        counted.count(request.remote_addr or "")
        if request.method in ("POST", "PUT") and request.content_length and not request.is_json:
            return problem(415, "unsupported-media-type", "Send JSON: Content-Type: application/json.")
        caller()
        return None

    @app.after_request
    def _after(response: Response) -> Response:
        return secured(response, options)

    return app


DESCRIPTION = (
    "Participants submit, amend, comment and sign; facilitators call, rule, declare and replay; auditors trace. "
    "Every act is an entry of an append-only record; every read can be asked for as of any entry (`as_of`)."
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}


def secured(response: Response, options: Options) -> Response:
    """Security headers on every answer, and CORS only where it is configured."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    origin = request.headers.get("Origin")
    if origin is not None and origin in options.origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers.add("Vary", "Origin")
    return response
