"""The only place that knows htmx's headers: pages, their fragments, and leaving a page."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, make_response, redirect, request
from htmx_flask import Htmx
from htmx_flask import make_response as make_htmx_response
from htmx_flask.requests import HtmxHeaders

from portal.web import rendering


def is_fragment() -> bool:
    """True when htmx asks for a part of a page (not for a whole one by boosting or by the Back
    button).
    """
    headers: HtmxHeaders = request.htmx  # type: ignore[attr-defined] # HtmxAwareRequest has it
    return bool(headers) and not headers.boosted and not headers.history_restore_request


def render_page(
    template: str, block: str | None = None, status: int = 200, **context: Any
) -> Response:
    """The page; for an htmx request only its named ``block``. Both under one address: ``Vary: HX-
    Request``.
    """
    part = block if is_fragment() else None
    response = make_response(rendering.render(template, context, part), status)
    response.vary.add("HX-Request")
    return response


def leave_to(url: str) -> Response:
    """Go to another page after a POST: 303, or HX-Redirect (htmx would swap a 303's page into the
    fragment).
    """
    if is_fragment():
        return make_htmx_response("", 200, redirect=url)
    return make_response(redirect(url, 303))


def init_app(app: Flask) -> None:
    Htmx(app)
