"""`portal doctor`: looks at everything the portal needs and says how to mend what is wrong."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import click
import psycopg

from portal.config import ConfigError, Settings, variables_table
from portal.core.clock import now
from portal.core.roles import APP, OWNER, ROLES, app_role_problem
from portal.oversight.pack_key import public_key_if_any
from portal.server.addresses import check_redis, connect, for_administrator, shown
from portal.server.migrate import current_revision, head
from portal.server.session import reachable

LEAST_DISK = 1024**3
MOST_CLOCK_DRIFT = 5.0
"""Seconds between this machine and the database server: deadlines are counted on both."""
OUTBOX_PATIENCE = 60
"""Seconds after which a waiting message means that no worker is at work."""

UNGUARDED_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
              AND a.attname = 'tenant_id' AND NOT a.attisdropped)
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity
           AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
ORDER BY 1"""
FOREIGN_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm')
  AND c.relowner <> %s::regrole ORDER BY 1"""
ELEVATED = "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls)"
LATE_OUTBOX = """
SELECT count(*) FROM outbox
WHERE done_at IS NULL AND next_try_at < now() - make_interval(secs => %s)"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what is so, and how to mend it when that is wrong."""

    about: str
    text: str
    mend: str = ""

    @property
    def ok(self) -> bool:
        return not self.mend


@click.command()
@click.option("--variables", is_flag=True, help="Print the table of environment variables only.")
def doctor(variables: bool) -> None:
    """Say what is wrong with this portal and how to mend it."""
    if variables:
        click.echo(variables_table())
        return
    findings = list(examine(Settings.from_environ()))
    for finding in findings:
        click.echo(f"{'ok   ' if finding.ok else 'WRONG'} {finding.about:<14} {finding.text}")
        if finding.mend:
            click.echo(f"{'':21}→ {finding.mend}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


def examine(given: Settings) -> Iterator[Finding]:
    """Everything worth a look, in the order in which one would mend it."""
    yield from _configuration(given)
    yield _disk(given)
    yield _seal(given)
    try:
        with reachable(given) as settings:
            yield from _database(settings)
            yield _redis(settings)
    except ConfigError as error:
        yield Finding(
            "servers", str(error), "Do what the sentence says, then ask the doctor again."
        )


def _configuration(settings: Settings) -> Iterator[Finding]:
    kind = "its own servers" if settings.embedded_postgres else shown(settings.database_url)
    yield Finding("configuration", f"rules of {settings.province}; database: {kind}")
    public = settings.host not in {"127.0.0.1", "localhost", "::1"} or settings.proxy_hops
    if public and not settings.secure_cookies:
        yield Finding(
            "cookies",
            "the portal is reached from other machines and its cookies travel over plain HTTP",
            "Put HTTPS in front and set PORTAL_SECURE_COOKIES=1.",
        )
    if settings.demo and not settings.embedded_postgres:
        yield Finding(
            "demo",
            "demo accounts with known passwords are loaded into a real server",
            "Unset PORTAL_DEMO unless this is a training server.",
        )


def _disk(settings: Settings) -> Finding:
    folder = settings.data
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    text = f"{free / 1024**3:.1f} GB free for {settings.data}"
    if not os.access(folder, os.W_OK):
        return Finding("disk", f"{folder} cannot be written", f"Give it to user {os.geteuid()}.")
    return Finding(
        "disk", text, "Make room: uploads and logs need it." if free < LEAST_DISK else ""
    )


def _seal(settings: Settings) -> Finding:
    """The public key by which anybody verifies an inspector's pack."""
    try:
        public = public_key_if_any(settings)
    except ConfigError as error:
        return Finding("seal", str(error), "Name a readable Ed25519 key in PORTAL_SEAL_KEY.")
    return Finding("seal", public or "its key is made with the first inspector's pack")


def _redis(settings: Settings) -> Finding:
    try:
        check_redis(settings.redis_url)
    except ConfigError as error:
        return Finding("redis", str(error), "Start Redis or correct REDIS_URL.")
    return Finding("redis", f"answers at {shown(settings.redis_url)}")


def _database(settings: Settings) -> Iterator[Finding]:
    with connect(*for_administrator(settings)) as admin:
        yield _server(admin)
        yield _clock(admin)
        yield _roles(admin)
        newest, found = head(), current_revision(admin)
        migrated = newest == found
        yield Finding(
            "migrations",
            f"at {found or 'nothing'}" + ("" if migrated else f", the newest is {newest}"),
            "" if migrated else "Run: portal migrate",
        )
        if not found:
            return
        yield _tables(admin)
        yield _outbox(admin)
    yield _serving(settings)


def _server(admin: psycopg.Connection) -> Finding:
    row = admin.execute("SHOW server_encoding").fetchone()
    encoding = row[0] if row else "?"
    version = admin.info.server_version
    return Finding(
        "database",
        f"PostgreSQL {version // 10000}.{version % 10000}, encoding {encoding}",
        "" if encoding == "UTF8" else "Create the database again with ENCODING 'UTF8'.",
    )


def _clock(admin: psycopg.Connection) -> Finding:
    row = admin.execute("SELECT clock_timestamp()").fetchone()
    theirs: datetime = row[0] if row else now()
    drift = abs((now() - theirs).total_seconds())
    return Finding(
        "clock",
        f"{drift:.1f} s between this machine and the database",
        "Let both machines keep time by NTP." if drift > MOST_CLOCK_DRIFT else "",
    )


def _roles(admin: psycopg.Connection) -> Finding:
    rows = admin.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", (list(ROLES),))
    missing = sorted(set(ROLES) - {name for (name,) in rows})
    if missing:
        return Finding("roles", f"missing: {', '.join(missing)}", "Run: portal migrate")
    elevated = [name for (name,) in admin.execute(ELEVATED, (list(ROLES),))]
    if elevated:
        return Finding(
            "roles",
            f"{', '.join(elevated)} may bypass row-level security",
            "; ".join(f"ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS" for name in elevated),
        )
    return Finding("roles", f"{', '.join(ROLES)}; none bypasses row-level security")


def _tables(admin: psycopg.Connection) -> Finding:
    unguarded = [name for (name,) in admin.execute(UNGUARDED_TABLES)]
    if unguarded:
        return Finding(
            "row security",
            f"not enforced on: {', '.join(unguarded)}",
            "; ".join(
                f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY'
                for name in unguarded
            )
            + "; and see that its policies exist.",
        )
    foreign = [name for (name,) in admin.execute(FOREIGN_TABLES, (OWNER,))]
    if foreign:
        return Finding(
            "row security",
            f"not owned by {OWNER}: {', '.join(foreign)}",
            "; ".join(f'ALTER TABLE "{name}" OWNER TO {OWNER}' for name in foreign),
        )
    return Finding("row security", "enforced on every table of a tenant")


def _outbox(admin: psycopg.Connection) -> Finding:
    row = admin.execute(LATE_OUTBOX, (OUTBOX_PATIENCE,)).fetchone()
    late = row[0] if row else 0
    return Finding(
        "outbox",
        f"{late} messages wait longer than a minute" if late else "nothing waits",
        "Start a worker: portal worker" if late else "",
    )


def _serving(settings: Settings) -> Finding:
    try:
        with connect(settings.database_url, role=APP) as connection:
            problem = app_role_problem(connection)
    except ConfigError as error:
        problem = str(error)
    if problem:
        return Finding("serving", problem, "Run `portal migrate`, then correct DATABASE_URL.")
    return Finding("serving", f"works as {APP}")
