"""Pages for people: every operation in plain HTML, and what each problem means. Nothing comes from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from api.problem_types import TYPES
from dialogue.fact import Unknown

pages = Blueprint("pages", __name__)


@pages.get("/docs")
def documentation() -> Response:
    """Every operation, made from the OpenAPI description."""
    api: Any = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    spec = api.spec.to_dict()
    rows = []
    for path, methods in sorted(spec["paths"].items()):
        for method, operation in methods.items():
            if method in ("get", "post", "put", "delete"):
                answers = ", ".join(sorted(str(status) for status in operation["responses"] if status != "default"))
                rows.append((f"{method.upper()} {path}", operation["summary"], answers))
    text = f"""<p>{escape(spec["info"]["description"])}</p>
<p>The whole description, for tools: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).
What failures mean: <a href="/problems">/problems</a>.</p>"""
    return page(spec["info"]["title"], text, ("Address", "What it does, and for whom", "Answers"), rows)


@pages.get("/problems")
def problems() -> Response:
    """Every type of problem, as HTML or JSON."""
    if wants_html():
        rows = [(code, str(one.status), one.meaning) for code, one in TYPES.items()]
        return page("Problems", "<p>Each type, with its status.</p>", ("Type", "Status", "What it means"), rows)
    return jsonify(items=[described(code) for code in TYPES])


@pages.get("/problems/<code>")
def one_problem(code: str) -> Response:
    """One type of problem, as HTML or JSON. Raises Unknown."""
    if code not in TYPES:
        raise Unknown("type of problem")
    if wants_html():
        return page(code, f"<p>{escape(TYPES[code].meaning)}</p>", ("Status",), [(str(TYPES[code].status),)])
    return jsonify(described(code))


def wants_html() -> bool:
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"


def described(code: str) -> dict[str, Any]:
    return {"type": f"/problems/{code}", **TYPES[code]._asdict()}


@pages.get("/docs.css")
def style() -> Response:
    return Response(STYLE, mimetype="text/css")


def page(title: str, text: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Response:
    """A page with one table. `text` is HTML; all else is escaped."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(one)}</td>" for one in row) + "</tr>" for row in rows)
    return Response(PAGE.format(title=escape(title), text=text, head=head, body=body), mimetype="text/html")


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="stylesheet" href="/docs.css"><main><h1>{title}</h1>{text}
<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></main></html>"""
STYLE = """body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 0 }
main { max-width: 75rem; margin: auto; padding: 1rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem; vertical-align: top }
tr { border-bottom: 1px solid #ccc } td:first-child { font-family: monospace; overflow-wrap: anywhere }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616 } a { color: #9cf } }
"""
