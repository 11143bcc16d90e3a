"""Pages that belong to no room: the choice of language and, in tests and debugging, the style
guide.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, request

from portal.access.guard import public
from portal.access.sign_in import safe_next
from portal.core.errors import NotFound
from portal.web import i18n
from portal.web.htmx import render_page
from portal.web.style_guide import samples

bp = Blueprint("frame", __name__)

_YEAR = 31_536_000


@bp.post("/language")
@public("everybody reads in the language of their choice, before signing in too")
def choose_language() -> Response:
    """Remember the language and go back to the page."""
    code = request.form.get("language", "")
    response = make_response(redirect(safe_next(request.form.get("next")) or "/", 303))
    if code in i18n.LOCALES:
        i18n.locale_chosen.send(None, locale=code)
        response.set_cookie(
            i18n.LOCALE_COOKIE,
            code,
            max_age=_YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
    return response


@bp.get("/_/style-guide")
@public("shows components with invented text, only in tests and debugging")
def style_guide() -> Response:
    """Every component once, for screenshots and accessibility checks."""
    if not (current_app.debug or current_app.testing):
        raise NotFound
    return render_page("style_guide.html", **samples())


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
