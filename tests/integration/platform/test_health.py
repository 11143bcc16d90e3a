"""`/healthz` says that the process lives; `/readyz` that it can do its work."""

import pytest
from redis import RedisError

from portal.extensions import db


def test_a_ready_portal_says_so(client):
    assert client.get("/healthz").json == {"status": "ok"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        200,
        {"status": "ok", "database": "ok", "redis": "ok"},
    )


def test_a_database_that_was_not_migrated_is_not_ready_but_the_process_lives(client, superuser):
    superuser.execute("UPDATE alembic_version SET version_num = '0000'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "not migrated")
    assert client.get("/healthz").status_code == 200


def test_a_lost_database_is_not_ready_but_the_process_lives(client, app, monkeypatch):
    with app.app_context():
        db.engine.dispose()
        monkeypatch.setattr(db.engine.pool, "_creator", _refuse, raising=False)
        monkeypatch.setattr(db.engine.dialect, "connect", _refuse)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "no answer")
    assert client.get("/healthz").status_code == 200


def test_a_lost_redis_is_not_ready(client, app, monkeypatch):
    monkeypatch.setattr(app.extensions["portal_redis"], "ping", _no_redis)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["redis"]) == (503, "no answer")


def _no_redis():
    raise RedisError("gone")


def _refuse(*_args, **_kwargs):
    import psycopg

    raise psycopg.OperationalError("gone")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_pages_set_no_cookie(client, path):
    assert "Set-Cookie" not in client.get(path).headers
