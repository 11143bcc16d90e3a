"""Who is asking: flask-login finds the session of the cookie, once a request, before any guard.

What a request may be answered with instead of its page: another password first, no office left,
the office of the form is gone, or what was typed kept for after the sign-in.
"""

from __future__ import annotations

from typing import Any, Final, cast

from flask import Flask, current_app, flash, g, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.exceptions import NotFound as NoSuchPage

from portal.access.declarations import Kind, access_of
from portal.core.context import Actor, current_actor, set_actor
from portal.core.errors import Conflict, NotFound
from portal.identity import sessions
from portal.identity.keeping import keep_form
from portal.identity.offices import office_label
from portal.identity.queries import administrators
from portal.identity.types import OpenSession
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import _
from portal.web.navigation import person_links

SIGN_IN: Final = "identity.sign_in"
CHANGE_PASSWORD: Final = "identity.change_password"  # noqa: S105 (an endpoint)
SIGN_OUT: Final = "identity.sign_out"
SWITCH: Final = "identity.switch_tenant"

_TOKEN: Final = "_user_id"  # noqa: S105 - the key under which flask-login keeps it
_ALWAYS: Final = frozenset({SIGN_IN, SIGN_OUT, "frame.choose_language", "static"})

login_manager: Final = LoginManager()
# A phone changes its address from one page to the next; the token is what counts.
login_manager.session_protection = None


class SignedIn(UserMixin):
    """What flask-login holds of a signed-in browser: its token, and whose it is."""

    def __init__(self, token: str, opened: OpenSession) -> None:
        self.token = token
        self.opened = opened

    def get_id(self) -> str:
        return self.token


@login_manager.user_loader
def load(token: str) -> SignedIn | None:
    """One statement: who holds the token, in which offices; the transaction is theirs after it."""
    opened = sessions.open_session(token)
    return None if opened is None else SignedIn(token, opened)


def start(token: str, opened: OpenSession) -> None:
    """Give the browser its new token and nothing of what its cookie held before."""
    session.clear()
    login_user(SignedIn(token, opened))


def stop() -> None:
    """Take the token from the browser."""
    logout_user()
    session.clear()


def forget_form_tokens() -> None:
    """Forms shown before belong to another office: sent now, they ask for a second look first."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def token_in_cookie() -> str | None:
    """The token that the browser sent, whether it is still good or not."""
    token = session.get(_TOKEN)
    return token if isinstance(token, str) else None


def opened_session() -> OpenSession | None:
    """The signed-in browser of this request."""
    return cast("OpenSession | None", g.get("portal_session"))


def signed_in_actor() -> Actor:
    """The acting person, in views that the guard opens to nobody else."""
    actor = current_actor()
    if actor is None:
        raise NotFound
    return actor


def identify() -> ResponseReturnValue | None:
    """Before every request: set the acting person, or say why nobody acts."""
    if request.endpoint == "static" or _has_no_page() or token_in_cookie() is None or _by_token():
        return None
    if not current_user.is_authenticated:
        return keep_form(cast("str", token_in_cookie())) if _needs_sign_in() else None
    opened: OpenSession = current_user.opened
    g.portal_session = opened
    set_actor(opened.actor)
    sessions.touch(opened)
    if request.endpoint in _ALWAYS:
        return None
    if opened.one_time_password:
        return _only_the_password()
    if opened.office is None:
        return _no_office()
    if opened.moved:
        _tell_of_move(opened)
    return None


def _has_no_page() -> bool:
    """An address that is not ours; an unknown page still wears the person's frame."""
    return request.endpoint is None and not isinstance(
        request.routing_exception, NoSuchPage | MethodNotAllowed
    )


def _kind() -> Kind | None:
    view = current_app.view_functions.get(request.endpoint or "")
    access = access_of(view) if view else None
    return None if access is None else access.kind


def _needs_sign_in() -> bool:
    return _kind() not in (None, Kind.PUBLIC)


def _by_token() -> bool:
    """A view for other systems: whose cookie the request brings does not matter."""
    return _kind() is Kind.PROGRAM


def _only_the_password() -> ResponseReturnValue | None:
    if request.endpoint == CHANGE_PASSWORD:
        return None
    return leave_to(url_for(CHANGE_PASSWORD))


def _no_office() -> ResponseReturnValue | None:
    if request.blueprint == "identity" or not _needs_sign_in():
        return None
    return render_page("identity/no_office.html", status=403, helpers=administrators())


def _tell_of_move(opened: OpenSession) -> None:
    """The next office was taken over; nothing is ever done in it by a form of the last one."""
    label = office_label(opened.office) if opened.office else ""
    if request.method == "POST" and request.endpoint != SWITCH:
        raise Conflict(
            "The role in which you opened this page has ended, so nothing was done. "
            "You act now as: %(office)s.",
            office=label,
        )
    forget_form_tokens()
    flash(
        _("The role in which you acted has ended. You act now as: %(office)s.", office=label),
        "warn",
    )


def frame() -> dict[str, Any]:
    """What the page's head shows: the offices to choose from and the person's own pages."""
    opened = opened_session()
    if opened is None:
        return {}
    choices = [
        {
            "value": office.key,
            "label": office_label(office),
            "current": office == opened.office,
        }
        for office in opened.offices
    ]
    return {
        "tenant_choices": choices if len(choices) > 1 else [],
        "person_menu": [
            {"url": url_for("stand_ins.stand_ins"), "label": _("Stand-ins")},
            *person_links(opened.actor),
            {"url": url_for("identity.my_sessions"), "label": _("My sessions")},
            {"url": url_for(CHANGE_PASSWORD), "label": _("Change password")},
        ],
    }


def init_app(app: Flask) -> None:
    """Identify before the guard asks."""
    login_manager.init_app(app)
    app.before_request(identify)
    app.context_processor(frame)
