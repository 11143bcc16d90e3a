"""Foreign-affairs activities: what tenants propose, carry out and report."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room and its part of the sweep."""
    from portal.activities import routes
    from portal.activities.kinds.outbound import routes as outbound

    app.register_blueprint(routes.bp)
    app.register_blueprint(outbound.bp)
