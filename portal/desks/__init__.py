"""Dashboards and desks: what waits for whom. They read; only notifications are theirs, and steps
with several files at once are asked of the activities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Serve the first page, the lists, the calendar, the search and the split desks."""
    # Imported late: the worker reads the notifications and serves no page.
    from portal.desks import routes, routes_desks, together

    app.register_blueprint(routes.bp)
    app.register_blueprint(routes_desks.bp)
    app.register_blueprint(together.bp)
