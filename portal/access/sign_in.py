"""Where somebody who is not signed in is sent, and where they may come back to."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import Response, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from portal.web.htmx import is_fragment
from portal.web.i18n import by_program
from portal.web.kept import signed_out_form

SIGN_IN_ENDPOINT: Final = "identity.sign_in"
_LONGEST: Final = 2000


def safe_next(target: str | None) -> str | None:
    """`target` if it is a path of this portal, else None: never another site, scheme or host."""
    if not target or len(target) > _LONGEST or not target.startswith("/"):
        return None
    # Browsers read a backslash as a slash and drop control characters: /\\evil, /<tab>/evil.
    if target.startswith("//") or "\\" in target or not target.isprintable():
        return None
    return target


def turn_away() -> ResponseReturnValue:
    """The answer to a request that needs somebody signed in: 401 for programs, else to sign-in."""
    if _wants_json():
        return jsonify(error="sign-in-required"), 401
    if is_fragment():
        # htmx would follow a redirect and put the sign-in page into the middle of the old one.
        place = _sign_in_url(_page_behind_fragment())
        return Response(status=401, headers={"HX-Redirect": place})
    if request.method in {"GET", "HEAD"}:
        return redirect(_sign_in_url(request.full_path.removesuffix("?")), 303)
    kept = signed_out_form()
    if kept is not None:
        return kept
    return redirect(_sign_in_url(request.path if _can_be_opened(request.path) else None), 303)


def _wants_json() -> bool:
    if by_program() or request.is_json:
        return True
    accepts = request.accept_mimetypes
    return accepts["application/json"] > accepts["text/html"]


def _sign_in_url(back: str | None) -> str:
    return url_for(SIGN_IN_ENDPOINT, next=safe_next(back))


def _page_behind_fragment() -> str | None:
    """The page that sent an htmx request, when it is one of ours."""
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    if page.netloc != request.host:
        return None
    return f"{page.path}?{page.query}" if page.query else page.path


def _can_be_opened(path: str) -> bool:
    """Whether a form that was posted to `path` is also shown there."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    try:
        adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True
