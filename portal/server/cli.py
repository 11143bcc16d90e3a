"""The commands that run a portal."""

from __future__ import annotations

import os
import sys

import click

from portal.config import ROOT, ConfigError, Settings
from portal.embedded import hold, places
from portal.server.session import addressed

_data = click.option("--data", metavar="FOLDER", default="", help="Instead of PORTAL_DATA.")
_port = click.option("--port", metavar="PORT", default="", help="Instead of PORTAL_PORT.")


@click.command()
@_data
@_port
def run(data: str, port: str) -> None:
    """Run everything here: servers, web, worker. Ctrl-C stops it."""
    from portal.server.run import run as run_portal

    sys.exit(run_portal(Settings.from_environ(data=data, port=port)))


@click.command()
@_port
def web(port: str) -> None:
    """Serve the web pages."""
    from portal.server.processes import check_port, child_environ, web_argv
    from portal.server.run import check_serving

    settings = _with_servers(Settings.from_environ(port=port))
    check_port(settings)
    check_serving(settings, migrate_first=False)
    os.chdir(ROOT)
    argv = web_argv(settings)
    os.execve(argv[0], argv, child_environ(settings))  # noqa: S606 (our own argument list)


@click.command()
def worker() -> None:
    """Carry out queued work and sweep for what was missed."""
    from portal.factory import create_app
    from portal.jobs.worker import work
    from portal.server.run import check_serving

    settings = _with_servers(Settings.from_environ())
    check_serving(settings, migrate_first=False)
    work(create_app(settings))


@click.command()
@_data
def migrate(data: str) -> None:
    """Create the roles and bring the tables up to date."""
    from portal.server.migrate import migrate as upgrade
    from portal.server.session import check_given, reachable

    given = Settings.from_environ(data=data)
    check_given(given)
    with reachable(given) as settings:
        reached = upgrade(settings, may_log_in=given.embedded_postgres)
    click.echo(f"The database is at revision {reached}." if reached else "Nothing to do.")


def _with_servers(settings: Settings) -> Settings:
    """Use the embedded servers of a running portal; this command starts none."""
    if not settings.embedded_postgres and not settings.embedded_redis:
        return addressed(settings, places(settings.data))
    lock = hold(settings.data)
    if lock is not None:
        lock.release()
        raise ConfigError(
            "No portal runs here whose servers could be used; start one with `portal run`, or set "
            "DATABASE_URL and REDIS_URL."
        )
    return addressed(settings, places(settings.data))
