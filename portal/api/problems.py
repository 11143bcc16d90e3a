"""What a program is told when it gets no answer: RFC 9457, never a page."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, Response, jsonify

from portal.web.i18n import LazyText, lazy

TITLES: Final[dict[str, tuple[int, LazyText]]] = {
    "no-token": (401, lazy("A token is needed")),
    "bad-token": (401, lazy("This token opens nothing")),
    "not-yours": (403, lazy("This agency is not yours")),
    "unknown-person": (404, lazy("There is no such person")),
    "too-large": (413, lazy("The question is too large")),
    "not-json": (415, lazy("The question is not JSON in UTF-8")),
    "malformed": (422, lazy("The question cannot be read")),
    "too-many": (429, lazy("Too many questions in a short time")),
}
"""Every kind of refusal of the API: its status and its title."""


class ApiProblem(Exception):
    """A refusal of the API. `members` say more to a program: key, expected, line."""

    def __init__(
        self,
        kind: str,
        detail: str | LazyText,
        *,
        wait: int | None = None,
        **members: str | int | None,
    ) -> None:
        super().__init__(kind)
        self.kind, self.detail, self.wait = kind, detail, wait
        self.members = {name: value for name, value in members.items() if value is not None}


def on_problem(problem: ApiProblem) -> Response:
    """The refusal as application/problem+json."""
    status, title = TITLES[problem.kind]
    body: dict[str, Any] = {
        "type": f"urn:portal:problem:{problem.kind}",
        "title": str(title),
        "status": status,
        "detail": str(problem.detail),
    }
    response = jsonify(body | problem.members)
    response.status_code = status
    response.content_type = "application/problem+json"
    if status == 401:
        error = ', error="invalid_token"' if problem.kind == "bad-token" else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="portal"{error}'
    if problem.wait is not None:
        response.headers["Retry-After"] = str(problem.wait)
    return response


def init_app(app: Flask) -> None:
    app.register_error_handler(ApiProblem, on_problem)
