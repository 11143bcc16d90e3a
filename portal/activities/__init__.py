"""Foreign-affairs activities: what tenants propose, carry out and report."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room and its part of the sweep."""
    from portal.activities import routes

    app.register_blueprint(routes.bp)
