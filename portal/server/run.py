"""`portal run`: servers, migrations, demo province, web and worker; until Ctrl-C."""

from __future__ import annotations

import subprocess
import sys

import click

from portal.config import ROOT, ConfigError, Settings
from portal.core.roles import APP, app_role_problem
from portal.embedded import Child, Lock, Servers, hold, places
from portal.embedded.places import holder
from portal.server.addresses import check_redis, connect, for_administrator
from portal.server.migrate import migrate
from portal.server.processes import (
    answers_ready,
    check_port,
    child_environ,
    web_address,
    web_child,
    worker_child,
)
from portal.server.session import addressed, check_given, create_database
from portal.server.supervisor import Supervisor

READY_WITHIN = 60.0


def run(settings: Settings) -> int:
    """Run the portal; returns the exit code. ConfigError: one sentence why it cannot."""
    check_port(settings)
    check_given(settings)
    lock = _lock(settings)
    lock.note(f"the portal on {web_address(settings)}")
    where = places(settings.data)
    embedded = settings.embedded_postgres, settings.embedded_redis
    servers = Servers(where, with_postgres=embedded[0], with_redis=embedded[1])
    supervisor = Supervisor(servers)
    supervisor.catch_signals()
    try:
        servers.start()
        if supervisor.stopping():
            return 0
        if settings.embedded_postgres:
            create_database(where)
        settings = addressed(settings, where)
        check_serving(settings, migrate_first=True, may_log_in=embedded[0])
        if settings.demo and not supervisor.stopping():
            load_demo(supervisor, settings)
        return _serve(supervisor, settings)
    finally:
        supervisor.stop()
        lock.release()


def _serve(supervisor: Supervisor, settings: Settings) -> int:
    if supervisor.stopping():
        return 0
    supervisor.add(web_child(settings))
    if not supervisor.wait_until(lambda: answers_ready(settings), READY_WITHIN):
        if supervisor.stopping():
            return 0
        dead = [child.name for child in supervisor.children if not child.alive()]
        reason = f"{' and '.join(dead)} ended" if dead else "it did not become ready in a minute"
        raise ConfigError(f"The portal did not start: {reason}; its messages stand above.")
    supervisor.add(worker_child(settings))  # not before: it would only slow the web's start
    click.echo(f"\nThe portal is at {web_address(settings)} (Ctrl-C stops it)")
    if settings.demo:
        print_accounts(settings)
    supervisor.watch()
    click.echo("\nStopping …")
    return 0


def check_serving(settings: Settings, *, migrate_first: bool, may_log_in: bool = False) -> None:
    """ConfigError unless database and Redis are fit to serve requests as portal_app."""
    if migrate_first:
        reached = migrate(settings, may_log_in=may_log_in)
        if reached:
            click.echo(f"portal: the database is now at revision {reached}.", err=True)
    with connect(settings.database_url, role=APP) as connection:
        problem = app_role_problem(connection)
    if problem:
        raise ConfigError(problem)
    check_redis(settings.redis_url)


def load_demo(supervisor: Supervisor, settings: Settings) -> None:
    """Load the demo province into an empty database, in a process of its own: it needs much
    memory once and never again."""
    with connect(*for_administrator(settings)) as admin:
        row = admin.execute("SELECT EXISTS (SELECT FROM tenant)").fetchone()
    if row and row[0]:
        return
    click.echo("portal: loading the demo province, once …", err=True)
    environ = {**child_environ(settings), "MIGRATE_DATABASE_URL": settings.migrate_database_url}
    argv = [sys.executable, "-m", "portal", "demo", "load"]
    if supervisor.run_to_end(Child("demo", argv, environ, ROOT, stop_within=3)):
        raise ConfigError("The demo province could not be loaded; its messages stand above.")


def print_accounts(settings: Settings) -> None:
    """The demo sign-ins, as `portal demo accounts` lists them."""
    sys.stdout.flush()
    argv = [sys.executable, "-m", "portal", "demo", "accounts"]
    subprocess.run(  # noqa: S603 (our own argument list)
        argv,
        env=child_environ(settings),
        cwd=ROOT,
        check=False,
        start_new_session=True,  # a Ctrl-C meanwhile is for us
    )


def _lock(settings: Settings) -> Lock:
    lock = hold(settings.data)
    if lock is None:
        raise ConfigError(
            f"The data folder {settings.data} is in use by {holder(settings.data)}; stop that or "
            "choose another with --data or PORTAL_DATA."
        )
    return lock
