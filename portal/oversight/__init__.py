"""Oversight: exceptions, signals of evasion, the inspector's pack. It reads all, blocks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    # Imported late: the worker finds signals and serves no page.
    from portal.oversight import pack_page, routes, routes_signals

    app.register_blueprint(routes.bp)
    app.register_blueprint(routes_signals.bp)
    app.register_blueprint(pack_page.bp)
