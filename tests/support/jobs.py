"""Jobs for the tests of the worker."""

from flask import current_app

from portal.core.context import current_actor
from portal.extensions import db, redis


def note_who_works() -> None:
    """Write down as whom, in which database session and in which application a job runs."""
    actor = current_actor()
    row = db.session.connection().exec_driver_sql(
        "SELECT current_user, current_setting('portal.scope', true)"
    )
    role, scope = row.one()
    redis().rpush("who", f"{role} {scope} {actor and actor.username} {current_app.name}")


def fail() -> None:
    raise RuntimeError("this job always fails")
