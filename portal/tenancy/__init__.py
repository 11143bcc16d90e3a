"""Tenants (cơ quan, đơn vị): their kinds, the capacities they hold, and who succeeds whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Serve the directory of agencies."""
    # Imported late: migrations read `portal.tenancy.rls` and need no web application.
    from portal.tenancy.routes import bp

    app.register_blueprint(bp)
