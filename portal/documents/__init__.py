"""Dossier files: stored by content hash outside the web root, checked, served as attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Serve the documents."""
    from portal.documents import routes

    app.register_blueprint(routes.bp)
