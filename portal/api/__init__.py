"""The programs' door: JSON under /api/v1, by a tenant's token."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Serve the API and the pages of its tokens; say who brings a token."""
    # Imported late: the tables are also read where nothing is served.
    from portal.access.guard import set_program_lookup
    from portal.api import problems, routes, routes_tokens
    from portal.api.programs import asking_program

    problems.init_app(app)
    set_program_lookup(asking_program)
    app.register_blueprint(routes.bp)
    app.register_blueprint(routes_tokens.bp)
