"""The database and Redis servers that tests use: embedded ones of each test process, or real ones.

A test process (every xdist worker is one) has its own PostgreSQL, started on the first use and
stopped with the process, and in it one migrated template. The database under test is a copy of
the template (20 ms); after a test that wrote anything it is copied afresh. So the application
commits for real, as portal_app, and no test sees another's rows.

DATABASE_URL and REDIS_URL choose real servers instead: DATABASE_URL must sign in as a superuser
there; databases named portal_test_… are created and dropped.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from portal.config import Settings
from portal.core.roles import ensure_roles
from portal.embedded import Servers, hold, places
from portal.embedded.postgres import SUPERUSER
from portal.server.addresses import connect
from portal.server.migrate import migrate

ROLES_LOCK = 0x726F6C6573
"""Roles belong to the server, not to a database: two test processes may not create them at once."""


@dataclass(slots=True)
class Cluster:
    """Servers to test on, and the settings of a portal on them."""

    settings: Settings
    """`migrate_database_url` is the superuser's address of the database under test."""
    maintenance_url: str
    template: str
    database: str

    def admin(self) -> psycopg.Connection:
        """A superuser's connection beside the database under test."""
        return connect(self.maintenance_url)

    def superuser(self) -> psycopg.Connection:
        """A superuser's connection to the database under test, in autocommit: arranging only."""
        return connect(self.settings.migrate_database_url)

    def position(self) -> str:
        """Where the server's log of changes stands: it moves with every write."""
        with self.admin() as admin:
            row = admin.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        return str(row[0]) if row else ""

    def copy(self, source: str, target: str) -> None:
        """Make `target` a fresh copy of `source`, throwing out who is connected to it."""
        with self.admin() as admin:
            _drop(admin, target)
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            admin.execute(statement.format(sql.Identifier(target), sql.Identifier(source)))

    def renew(self) -> None:
        """Make the database under test a fresh copy of the template."""
        self.copy(self.template, self.database)
        with self.superuser() as connection:
            ensure_roles(connection)  # a copy comes without the rights on the database itself

    def drop(self, *names: str) -> None:
        with self.admin() as admin:
            for name in names:
                _drop(admin, name)


def _drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def running_cluster(worker: int) -> Iterator[Cluster]:
    """Servers with a migrated template and a first copy of it; all gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o711)  # embedded servers started by root run as nobody
    given = Settings.from_environ(
        {
            "DATABASE_URL": os.environ.get("DATABASE_URL", ""),
            "REDIS_URL": os.environ.get("REDIS_URL", ""),
            "PORTAL_DATA": str(folder / "data"),
            "PORTAL_SECRET_KEY": "only-for-tests-" + "x" * 32,
            "PORTAL_DEMO": "0",
        }
    )
    lock = hold(given.data)
    where = places(given.data)
    servers = Servers(
        where,
        with_postgres=given.embedded_postgres,
        with_redis=given.embedded_redis,
        durable=False,
    )
    names = [f"portal_test_{os.getpid()}_{part}" for part in ("template", "live")]
    maintenance = given.database_url or where.database_url(SUPERUSER, "postgres")
    redis_url = _numbered(given.redis_url, worker) if given.redis_url else where.redis_url
    cluster = Cluster(
        settings=replace(
            given,
            database_url=on_database(maintenance, names[1]),
            migrate_database_url=on_database(maintenance, names[1]),
            redis_url=redis_url,
        ),
        maintenance_url=maintenance,
        template=names[0],
        database=names[1],
    )
    try:
        servers.start()
        _build_template(cluster)
        cluster.renew()
        yield cluster
    finally:
        if not given.embedded_postgres:
            cluster.drop(*names)
        servers.stop()
        if lock:
            lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _build_template(cluster: Cluster) -> None:
    with cluster.admin() as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", (ROLES_LOCK,))
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'").format(
                sql.Identifier(cluster.template)
            )
        )
        address = on_database(cluster.maintenance_url, cluster.template)
        migrate(replace(cluster.settings, database_url=address, migrate_database_url=address))


def on_database(url: str, name: str) -> str:
    """The same server and login, another database."""
    scheme, _, rest = url.partition("://")
    parts = urlsplit("x://" + rest)
    query = f"?{parts.query}" if parts.query else ""
    return f"{scheme}://{parts.netloc}/{name}{query}"


def _numbered(url: str, worker: int) -> str:
    """A Redis database of its own for each test process: 1, 2, …"""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"{url.partition('?')[0]}?db={worker + 1}"
    return parts._replace(path=f"/{worker + 1}").geturl()
