"""How a deed is asked for: what is done beside the record, as a POST or PUT, and becomes no entry of it.

Signing the record as it stands, keeping a cosignature, removing who said what when its time is over. Acts, which
become entries, are in acting.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema

from api.answers import told_once
from api.callers import HERE, KEEPERS, access, limits, myself, readers
from api.documenting import refusals, words_of
from api.problems import problem
from api.shaping import Shape

Done = Callable[[UUID, dict[str, Any]], Any]


def deed(
    blueprint: Blueprint,
    path: str,
    summary: str,
    answers: Shape,
    *,
    body: type[Schema] = Schema,
    roles: frozenset[str] = KEEPERS,
    method: str = "POST",
    only_asks: bool = False,
) -> Callable[[Done], Done]:
    """Makes a route of a function from (dialogue, what is asked) to what is answered.

    `only_asks` is for a question whose words may not stand in an address: a token that may only read may ask it.
    """

    def decorate(done: Done) -> Done:
        def view(asked: dict[str, Any], dialogue: UUID, **given: Any) -> Response:
            me = myself()
            if not only_asks and "act" not in me.token.scopes:
                return problem(403, "scope", "This token may read and not act.")
            limits.act(access(), me.token.id)
            return told_once(done(dialogue, {**asked, **given}))

        view.__name__ = done.__name__
        documented = blueprint.response(200, answers, description=summary)(view)
        members = body().fields.items()
        documented = blueprint.arguments(
            body,
            required=any(one.required for _, one in members),
            example={name: one.metadata["example"] for name, one in members if "example" in one.metadata},
        )(documented)
        documented = blueprint.doc(
            summary=f"{summary} (for: {words_of(roles)})",
            operationId=done.__name__,
            responses=refusals(401, 403, 404, 409, 413, 415, 422, 429),
        )(documented)
        blueprint.route(f"{HERE}{path}", methods=[method])(readers(roles)(documented))
        return done

    return decorate
