"""`/healthz`: this process lives. `/readyz`: it can do its work."""

from __future__ import annotations

import redis
from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal import extensions
from portal.access.guard import public
from portal.core.roles import APP
from portal.server.migrate import head

bp = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.get("/healthz")
@public("load balancers ask without signing in; it says nothing but that the process lives")
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@bp.get("/readyz")
@public("load balancers ask without signing in; it names only what is missing")
def readyz() -> ResponseReturnValue:
    """200 when the database (as portal_app, at the newest migration) and Redis answer, else 503."""
    checks = {"database": _database(), "redis": _redis()}
    ready = all(answer == "ok" for answer in checks.values())
    return jsonify(status="ok" if ready else "not ready", **checks), 200 if ready else 503


def _database() -> str:
    try:
        with extensions.db.engine.connect() as connection:
            row = connection.execute(
                text("SELECT current_user, (SELECT version_num FROM alembic_version)")
            ).one()
    except SQLAlchemyError:
        return "no answer"
    if row[0] != APP:
        return "wrong role"
    return "ok" if row[1] == head() else "not migrated"


def _redis() -> str:
    try:
        extensions.redis().ping()
    except redis.RedisError:
        return "no answer"
    return "ok"
