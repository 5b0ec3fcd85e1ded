"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
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
    try:
        stores = secretariat.stores
        for engine in (stores.views, stores.vault, stores.keys):
            with engine.connect() as conn:
                conn.execute(select(1))
        secretariat.record.rows.about()
    except (SQLAlchemyError, OSError):
        return jsonify(status="not ready"), 503
    return jsonify(status="ready"), 200
