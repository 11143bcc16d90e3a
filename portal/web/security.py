"""What every response tells the browser about safety."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, abort, request

from portal.core.context import current_actor

#: Everything from ourselves. ``data:`` only for the check marks and arrows inside Tabler's style
#: sheet.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TWO_YEARS: Final = "max-age=63072000; includeSubDomains"


def add_headers(response: Response) -> Response:
    """Safety headers everywhere; nothing of a signed-in person stays in a cache."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", _TWO_YEARS)
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        private = current_actor() is not None
        response.headers["Cache-Control"] = "no-store" if private else "no-cache, private"
    return response


def forget_everything(response: Response) -> Response:
    """For the answer to a sign-out: the browser drops what it kept of us, the language apart."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def refuse_nonsense() -> None:
    """A NUL in an address or a query can mean nothing to us and would reach the database."""
    if "\0" in request.path or any(
        "\0" in text for pair in request.args.items(multi=True) for text in pair
    ):
        abort(400)


def same_origin() -> bool:
    """True when the browser says that the request comes from a page of ours."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return origin.rstrip("/").startswith(request.host_url.rstrip("/")) and bool(origin)


def init_app(app: Flask) -> None:
    app.before_request(refuse_nonsense)
    app.after_request(add_headers)
