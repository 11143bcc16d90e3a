"""Annual plans (kế hoạch hoạt động đối ngoại năm) and their items."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Serve the plans; they are read here and changed in a later issue."""
    from portal.plans.routes import bp

    app.register_blueprint(bp)
