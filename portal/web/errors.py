"""Every refusal in our words, as page, fragment or problem+json: what happened, why, what to do.

Nothing here asks the database: the pages must appear when it is down.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, make_response, request
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError
from redis.exceptions import RedisError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from portal.core.errors import Blocked, FieldErrors, PortalError
from portal.web import kept, rendering
from portal.web.htmx import is_fragment
from portal.web.i18n import LazyText, by_program, gettext, lazy, locale

log = logging.getLogger("portal.web")

Text = str | LazyText


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error page says."""

    title: Text
    why: Text
    what_to_do: Text = ""
    details: Sequence[str] = ()
    reference: str | None = None


PROBLEMS: Final[dict[int, Problem]] = {
    400: Problem(
        lazy("The portal did not understand this request"),
        lazy("Something in the address or in the form is not as the portal sent it."),
        lazy("Go back, load the page again and repeat the step."),
    ),
    401: Problem(
        lazy("Please sign in"),
        lazy("You are not signed in, or your session has ended."),
        lazy("Sign in and repeat the step."),
    ),
    403: Problem(
        lazy("This step is not yours to take"),
        lazy("You may not do this."),
        lazy("If you think that you should, ask the administrator of your agency."),
    ),
    404: Problem(
        lazy("This page was not found"),
        lazy("There is no such page, or it is not shared with you."),
        lazy("Check the address, or look for the file with the search box."),
    ),
    405: Problem(
        lazy("This page cannot be opened like that"),
        lazy("The address belongs to a step of a form, not to a page."),
        lazy("Go back and use the buttons of the page."),
    ),
    409: Problem(
        lazy("Somebody was faster, or the file has moved on"),
        lazy("The file is no longer as your page showed it."),
        lazy(
            "Open the file again, look at what has changed, and repeat the step if it is "
            "still needed."
        ),
    ),
    410: Problem(
        lazy("A record that is kept for ever was altered"),
        lazy("What is stored can no longer be read."),
        lazy("Tell the focal point and the administrator: this is looked into by hand."),
    ),
    413: Problem(
        lazy("This is too large"),
        lazy("The files or the text you sent are larger than the portal accepts."),
        lazy(
            "Send smaller files, or fewer at a time. Your browser’s back button brings back "
            "what you typed."
        ),
    ),
    415: Problem(
        lazy("The portal cannot read this kind of file"),
        lazy("Its content is not of an accepted type."),
        lazy("Save it as PDF, DOCX, XLSX, JPG or PNG and send it again."),
    ),
    422: Problem(
        lazy("This cannot be saved yet"),
        lazy("Some fields need your attention."),
        lazy("Go back, correct them and send the form again."),
    ),
    429: Problem(
        lazy("Too many attempts"),
        lazy("There were many requests in a short time from here."),
        lazy("Wait a few minutes and try again."),
    ),
    500: Problem(
        lazy("Something went wrong on our side"),
        lazy("The step was not carried out; nothing was saved by halves."),
        lazy(
            "Try again in a moment. If it happens again, give the reference number to the "
            "administrator."
        ),
    ),
    503: Problem(
        lazy("The portal is not available just now"),
        lazy("A part that the portal needs does not answer."),
        lazy("Nothing was saved by halves. Try again in a few minutes."),
    ),
}

_TO_PROGRAMS: Final[dict[int, Problem]] = {
    404: Problem(
        lazy("There is nothing at this address"),
        lazy("What can be asked, and where, stands in /api/v1/openapi.json."),
    ),
    405: Problem(
        lazy("This address does not answer this method"),
        lazy("The header Allow names the methods that it answers."),
    ),
}
"""Who asks under /api/ has neither pages nor forms."""


def respond(status: int, problem: Problem | None = None) -> Response:
    """The answer for ``status`` in the form that the caller reads."""
    program = by_program()
    problem = problem or (_TO_PROGRAMS.get(status) if program else None)
    problem = problem or PROBLEMS.get(status) or PROBLEMS[400 if status < 500 else 500]
    if program:
        return _as_json(status, problem)
    # The database may be what failed: no bell, no list of agencies.
    context: dict[str, Any] = {"problem": problem, "bell": None, "tenant_choices": []}
    context["came_from"] = _page_of_the_form()
    if is_fragment():
        response = make_response(rendering.render("errors/fragment.html", context), status)
        response.headers["HX-Retarget"] = "#flashes"
        response.headers["HX-Reswap"] = "innerHTML show:window:top"
    else:
        response = make_response(rendering.render("errors/error.html", context), status)
    response.vary.add("HX-Request")
    return response


def _page_of_the_form() -> str | None:
    """Where the refused form stood, as an address of ours; None for what was only opened."""
    try:
        address = urlsplit(request.referrer or "")
    except ValueError:  # no address at all: anybody can send anything here
        return None
    if request.method != "POST" or address.netloc != request.host:
        return None
    if address.path.startswith("//"):  # a browser would take it for another host
        return None
    return address.path + (f"?{address.query}" if address.query else "")


def _as_json(status: int, problem: Problem) -> Response:
    body = {
        "type": "about:blank",
        "status": status,
        "title": str(problem.title),
        "detail": " ".join([str(problem.why), *problem.details]),
    }
    if problem.reference:
        body["reference"] = problem.reference
    response = make_response(jsonify(body), status)
    response.content_type = "application/problem+json"
    return response


def on_refusal(error: PortalError) -> Response:
    """A refusal by a service: its own words say why."""
    problem = replace(PROBLEMS[error.status], why=gettext(error.message, **error.params))
    if isinstance(error, FieldErrors):
        problem = replace(problem, details=[gettext(text) for text in error.errors.values()])
    elif isinstance(error, Blocked):
        problem = replace(problem, details=[_finding_text(each) for each in error.findings])
    return respond(error.status, problem)


def _finding_text(finding: Any) -> str:
    message = getattr(finding, f"message_{locale()}", finding)
    return str(message() if callable(message) else message)


def on_http(error: HTTPException) -> Response | HTTPException:
    """What Flask and Werkzeug refuse."""
    status = error.code or 500
    if status < 400 or request_ctx.url_adapter is None:
        return error if status < 400 else _plainly()
    if status == 500:
        return on_crash(error)
    response = respond(status)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def on_csrf(error: CSRFError) -> Response:
    """The form's token is missing or of an older session: nothing typed may be lost."""
    log.info("form token refused: %s", error.description)
    return kept.stale_form() or respond(400)


def on_unavailable(error: Exception) -> Response:
    """PostgreSQL or Redis does not answer, or not in time."""
    log.error("unavailable: %s", error)
    response = respond(503)
    response.headers["Retry-After"] = "30"
    return response


def on_unstorable(error: DataError) -> Response:
    """A number or a text that no column can hold: from an address, it names nothing."""
    log.info("not storable: %s", error.orig)
    return respond(404 if request.method == "GET" else 400)


def on_foreign_host(error: SecurityError) -> Response:
    """Asked under a name that is not ours: no page, for no address of it could be built."""
    log.info("refused host %r: %s", request.headers.get("Host"), error.description)
    return _plainly()


def _plainly() -> Response:
    """Without an address of ours (a host name that cannot be one) no page can be built."""
    problem = PROBLEMS[400]
    return Response(f"{problem.title}. {problem.why}\n", 400, mimetype="text/plain")


def on_crash(error: Exception) -> Response:
    """A mistake of ours: a reference number on the page and in the log."""
    reference = secrets.token_hex(4).upper()
    cause = getattr(error, "original_exception", None) or error
    log.error("reference %s: %s %s", reference, request.method, request.path, exc_info=cause)
    try:
        return respond(500, replace(PROBLEMS[500], reference=reference))
    except Exception:
        log.exception("reference %s: the error page failed too", reference)
        return Response(f"{PROBLEMS[500].title}. {reference}\n", 500, mimetype="text/plain")


def init_app(app: Flask) -> None:
    app.register_error_handler(PortalError, on_refusal)
    app.register_error_handler(CSRFError, on_csrf)
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(SecurityError, on_foreign_host)
    for kind in (OperationalError, InterfaceError, PoolTimeout, RedisError):
        app.register_error_handler(kind, on_unavailable)
    app.register_error_handler(DataError, on_unstorable)
