"""For commands that need the application: `with application() as app:`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from portal.config import Settings
from portal.core.context import acting_as, system_actor
from portal.extensions import db
from portal.factory import create_app
from portal.server.migrate import migrate
from portal.server.session import reachable


@contextmanager
def settings_in_reach() -> Iterator[Settings]:
    """Settings whose servers run and whose tables are up to date: the portal's own servers are
    started for the length of the command unless they run already."""
    with reachable(Settings.from_environ()) as settings:
        migrate(settings, may_log_in=not Settings.from_environ().database_url)
        yield settings


@contextmanager
def application() -> Iterator[Flask]:
    """The application, its context pushed, acting as the system."""
    with settings_in_reach() as settings:
        app = create_app(settings)
        with app.app_context(), acting_as(system_actor()):
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()
