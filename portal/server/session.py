"""Settings with real addresses in them: given ones, the running portal's, or servers of our own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from portal.config import ConfigError, Settings
from portal.embedded import Places, Servers, hold, places
from portal.embedded.places import secret_key
from portal.embedded.postgres import SUPERUSER
from portal.server.addresses import check_redis, connect, for_administrator

DATABASE = "portal"


def addressed(settings: Settings, where: Places) -> Settings:
    """The settings with the embedded servers' addresses where none were given."""
    changes: dict[str, Any] = {}
    if settings.embedded_postgres:
        changes["database_url"] = where.database_url("portal_app", DATABASE)
        changes["migrate_database_url"] = where.database_url(SUPERUSER, DATABASE)
        if not settings.secret_key:
            changes["secret_key"] = secret_key(settings.data)
    elif not settings.secret_key:
        raise ConfigError(
            "PORTAL_SECRET_KEY is required with DATABASE_URL: every process and host needs the "
            "same one; make one with: openssl rand -base64 48."
        )
    elif not settings.migrate_database_url:
        changes["migrate_database_url"] = settings.database_url
    if settings.embedded_redis:
        changes["redis_url"] = where.redis_url
    return replace(settings, **changes)


def create_database(where: Places) -> None:
    """The portal's database in a new embedded cluster."""
    with connect(where.database_url(SUPERUSER, "postgres")) as admin:
        row = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
        if not row.fetchone():
            admin.execute(f"CREATE DATABASE {DATABASE}")


def check_given(settings: Settings) -> None:
    """One sentence when a given address cannot be used."""
    if not settings.embedded_postgres:
        connect(*for_administrator(settings)).close()
    if not settings.embedded_redis:
        check_redis(settings.redis_url)


@contextmanager
def reachable(settings: Settings) -> Iterator[Settings]:
    """For a command that needs the database: use the running servers, or start them meanwhile."""
    if not settings.embedded_postgres and not settings.embedded_redis:
        yield addressed(settings, places(settings.data))
        return
    lock = hold(settings.data)
    if lock is None:
        yield addressed(settings, places(settings.data))
        return
    where = places(settings.data)
    servers = Servers(
        where, with_postgres=settings.embedded_postgres, with_redis=settings.embedded_redis
    )
    try:
        servers.start()
        if settings.embedded_postgres:
            create_database(where)
        yield addressed(settings, where)
    finally:
        servers.stop()
        lock.release()
