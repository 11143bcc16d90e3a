"""People: officials, user accounts, memberships, stand-ins, sessions, sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Say who asks, before the guard asks whether they may; serve the pages about people."""
    # Imported late: the tables are also read where no page is served.
    from portal.access.explain import set_holder_lookup
    from portal.identity import login, routes, routes_accounts, routes_people, routes_stand_ins
    from portal.identity.queries import who_holds
    from portal.identity.sign_in import remember_locale
    from portal.web.i18n import locale_chosen

    login.init_app(app)
    for room in (routes, routes_people, routes_stand_ins, routes_accounts):
        app.register_blueprint(room.bp)
    set_holder_lookup(who_holds)
    locale_chosen.connect(remember_locale)
