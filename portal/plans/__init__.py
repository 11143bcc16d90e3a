"""Annual plans (kế hoạch hoạt động đối ngoại năm) and their items."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Serve the plans: they are read and judged here, and changed in a later issue."""
    from portal.plans.routes import bp
    from portal.plans.routes_whatif import bp as what_if

    app.register_blueprint(bp)
    app.register_blueprint(what_if)
