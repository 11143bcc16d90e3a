"""When a session ends in the middle of a form: what was typed comes back in a form of its own.

Offered only for requests that come from our own pages; a foreign page must not be able to put its
values before a person's eyes with a valid token beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flask import Response, make_response, request, url_for
from flask_wtf.csrf import generate_csrf

from portal.web import rendering, typed
from portal.web.htmx import is_fragment, leave_to
from portal.web.security import same_origin

SIGN_IN: Final = "identity.sign_in"
_SECRET: Final = ("password", "csrf_token", "token", "otp")


def signed_out_form() -> Response | None:
    """For a POST of somebody whose session ended: the page that keeps what was typed.

    None when there is nothing to keep.
    """
    if same_origin() and any(_typed()):
        return _page(401, url_for(SIGN_IN))
    return None


def stale_form() -> Response | None:
    """The token is missing or of an older session. One look and one click send it again.

    None when there is nothing to keep or the request does not come from a page of ours.
    """
    if not same_origin():
        return None
    if is_fragment():
        response = make_response("", 400)
        response.headers["X-Fresh-Token"] = generate_csrf()
        return response
    if request.endpoint == SIGN_IN:
        return leave_to(request.full_path.removesuffix("?"))
    return _page(400, None) if any(_typed()) else None


def _page(status: int, sign_in: str | None) -> Response:
    fields, url = list(_typed()), request.full_path.removesuffix("?")
    context = {
        "fields": fields,
        "told": typed.told(url, fields),
        "files": [file.filename for file in request.files.values() if file.filename],
        "sign_in": sign_in,
        "send_to": url,
        "bell": None,
        "tenant_choices": [],
    }
    return make_response(rendering.render("errors/kept.html", context), status)


def _typed() -> Iterator[tuple[str, str]]:
    """What the person typed, secrets apart."""
    for name, value in request.form.items(multi=True):
        if not any(word in name.lower() for word in _SECRET):
            yield name, value
