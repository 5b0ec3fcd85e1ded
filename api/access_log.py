"""The access log: one line of JSON a request, without personal data."""

from __future__ import annotations

import json
import logging
import time

from flask import Flask, Response, g, request

log = logging.getLogger("dialogue.access")


def logged(app: Flask) -> None:
    """One line of JSON a request: the route and not the address, as an address may name somebody; no token, no IP."""

    @app.before_request
    def _begun() -> None:
        g.begun = time.monotonic()

    @app.after_request
    def _ended(response: Response) -> Response:
        taken = time.monotonic() - g.get("begun", time.monotonic())
        rule = request.url_rule.rule if request.url_rule else None
        line = {"method": request.method, "route": rule, "status": response.status_code, "ms": round(taken * 1000, 1)}
        log.info(json.dumps(line))
        return response
