"""The register of regulations (sổ quy định): every rule in words, how a new one is enacted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from portal.register.routes import bp
    from portal.register.routes_versions import bp as versions

    app.register_blueprint(bp)
    app.register_blueprint(versions)
