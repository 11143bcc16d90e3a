"""Brings a database to the newest migration: roles first, then Alembic as portal_owner."""

from __future__ import annotations

import re

import psycopg
from psycopg import errors

from portal.config import ROOT, ConfigError, Settings
from portal.core.roles import APP, AUDIT, ensure_roles
from portal.server.addresses import connect, for_administrator

SCRIPTS = ROOT / "migrations"
LOCK = 0x706F7274616C
"""Advisory lock key ("portal"): one migration at a time, also from several hosts."""
WAIT_FOR_OTHERS = "120s"
AS_OWNER = ("SET ROLE portal_owner", "SET lock_timeout = '10s'", "SET statement_timeout = '15min'")


def revisions() -> tuple[str, set[str]]:
    """The newest revision and all of them, from the files' text without loading them."""
    revision = re.compile(r"^revision\b[^=]*=\s*['\"]([^'\"]+)", re.MULTILINE)
    previous = re.compile(r"^down_revision\b[^=]*=\s*['\"]([^'\"]+)", re.MULTILINE)
    texts = [path.read_text() for path in (SCRIPTS / "versions").glob("*.py")]
    known = {name for text in texts for name in revision.findall(text)}
    heads = known - {name for text in texts for name in previous.findall(text)}
    if len(heads) != 1:
        raise ConfigError(f"The migrations have {len(heads)} ends instead of one: {sorted(heads)}.")
    return heads.pop(), known


def head() -> str:
    """The newest revision."""
    return revisions()[0]


def migrate(settings: Settings, *, may_log_in: bool = False) -> str | None:
    """Create roles, upgrade to the head. Returns the revision reached, None when it was there."""
    url, name = for_administrator(settings)
    newest, known = revisions()
    with connect(url, name) as admin:
        try:
            admin.execute(f"SET lock_timeout = '{WAIT_FOR_OTHERS}'")
            admin.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        except errors.LockNotAvailable:
            raise ConfigError("Another migration has been running for two minutes.") from None
        with admin.transaction():
            ensure_roles(admin, may_log_in=may_log_in)
        found = current_revision(admin)
        if found == newest:
            return None
        if found is not None and found not in known:
            raise ConfigError(
                f"The database is at revision {found}, which this version does not know: a newer "
                "portal has used it; update this one."
            )
        _upgrade(url)
    return newest


def current_revision(connection: psycopg.Connection) -> str | None:
    """The revision that the database is at; None for an empty one."""
    found = connection.execute(
        "SELECT to_regclass('public.alembic_version') IS NOT NULL"
    ).fetchone()
    if not found or not found[0]:
        return None
    row = connection.execute("SELECT version_num FROM public.alembic_version").fetchone()
    return str(row[0]) if row else None


def _upgrade(url: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import NullPool

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            for statement in AS_OWNER:
                connection.execute(text(statement))
            connection.commit()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.execute(text(f"GRANT SELECT ON alembic_version TO {APP}, {AUDIT}"))
            connection.commit()
    except DBAPIError as error:
        if isinstance(error.orig, errors.LockNotAvailable):
            raise ConfigError(
                "The tables are in use by running processes; stop them or try again later."
            ) from error
        raise
    finally:
        engine.dispose()
