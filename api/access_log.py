"""The access log: one line of JSON a request, without personal data."""

from __future__ import annotations

import json
import logging
import time

from flask import Response, g, request

log = logging.getLogger("dialogue.access")


def logged(response: Response) -> None:
    """One line of JSON a request: the route and not the address, as an address may name somebody; no token, no IP."""
    if not log.isEnabledFor(logging.INFO):
        return
    taken = time.monotonic() - g.get("begun", time.monotonic())
    rule = request.url_rule.rule if request.url_rule else None
    line = {"method": request.method, "route": rule, "status": response.status_code, "ms": round(taken * 1000, 1)}
    log.handle(logging.LogRecord(log.name, logging.INFO, "", 0, json.dumps(line), (), None))  # nobody asks from where
