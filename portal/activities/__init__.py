"""Foreign-affairs activities: what tenants propose, carry out and report."""

from functools import partial

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room and its part of the sweep."""
    from portal.activities import routes, routes_print, routes_verdicts
    from portal.activities.kinds.outbound import routes as outbound
    from portal.activities.kinds.outbound.changes import told
    from portal.activities.kinds.outbound.quotas import LEADER_TRIPS, limit_on
    from portal.identity.services import set_trip_limit
    from portal.web.typed import told_by

    app.register_blueprint(routes.bp)
    app.register_blueprint(routes_verdicts.bp)
    app.register_blueprint(routes_print.bp)
    app.register_blueprint(outbound.bp)
    told_by(outbound.bp, told)
    # The pages about people lie below the regulations and ask them through this.
    set_trip_limit(partial(limit_on, LEADER_TRIPS))
