"""Whether the process lives, and whether it can serve; and a plain page that lists every operation."""

from __future__ import annotations

from html import escape
from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from api.callers import secretariat

health = Blueprint("health", __name__)


@health.get("/health")
def alive() -> Response:
    """The process lives."""
    return jsonify(status="alive")


@health.get("/ready")
def able() -> tuple[Response, int]:
    """The stores can be read."""
    house = secretariat()
    try:
        with house.stores.views.connect() as conn:
            conn.execute(select(1))
        house.record.rows.about()
    except (SQLAlchemyError, OSError):
        return jsonify(status="not ready"), 503
    return jsonify(status="ready"), 200


@health.get("/docs")
def documentation() -> Response:
    """Every operation in plain HTML, made from the OpenAPI description; nothing is fetched from elsewhere."""
    api: Any = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    spec = api.spec.to_dict()
    rows = []
    for path, methods in sorted(spec["paths"].items()):
        for method, operation in methods.items():
            if method in ("get", "post", "put", "delete"):
                answers = ", ".join(sorted(str(status) for status in operation.get("responses", {})))
                cells = (method.upper(), path, operation.get("summary", ""), answers)
                rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    page = PAGE.format(
        title=escape(spec["info"]["title"]), text=escape(spec["info"]["description"]), rows="".join(rows)
    )
    return Response(page, mimetype="text/html")


@health.get("/docs.css")
def style() -> Response:
    return Response(STYLE, mimetype="text/css")


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="stylesheet" href="/docs.css"><main><h1>{title}</h1><p>{text}</p>
<p>The whole description, for tools: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
<table><thead><tr><th scope="col">Method</th><th scope="col">Address</th><th scope="col">What it does, and for whom</th>
<th scope="col">Answers</th></tr></thead><tbody>{rows}</tbody></table></main></html>"""
STYLE = """body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 0 }
main { max-width: 75rem; margin: auto; padding: 1rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem; vertical-align: top }
tr { border-bottom: 1px solid #ccc } td:nth-child(2) { font-family: monospace }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616 } a { color: #9cf } }
"""
