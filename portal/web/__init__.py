"""The web room: pages and fragments, forms, languages, errors, safety headers. Knows no feature."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask

from portal.web import errors, htmx, navigation, rendering, security, static


def init_app(app: Flask) -> None:
    """First of the rooms. ``portal.web.tokens`` follows after the guard."""
    app.register_blueprint(Blueprint("web", __name__, template_folder="templates"))
    static.init_app(app)
    rendering.init_app(app)
    htmx.init_app(app)
    security.init_app(app)
    errors.init_app(app)

    demo = app.extensions["portal_settings"].demo

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {"demo": demo, "tenant_choices": [], "person_menu": [], **navigation.frame()}
