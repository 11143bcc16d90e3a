"""The one door: every view declares who may call it, and nothing undeclared is ever served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from portal.access.declarations import (
    Kind,
    access_of,
    by_token,
    public,
    requires,
    requires_any,
    signed_in,
)
from portal.access.enforcer import rights_table
from portal.access.explain import explained
from portal.access.permissions import Permission
from portal.access.separation import FileSoFar, Step, objection_to, shipped_separation
from portal.access.sign_in import turn_away
from portal.audit.services import record_refusal
from portal.core.context import Actor, current_actor, set_actor
from portal.core.errors import Denied, NotFound
from portal.web.errors import on_refusal
from portal.web.i18n import locale

__all__ = [
    "by_token",
    "check_declarations",
    "init_app",
    "must_ask",
    "public",
    "require",
    "require_apart",
    "requires",
    "requires_any",
    "set_program_lookup",
    "signed_in",
]

UNGUARDED: Final = frozenset({"static"})
"""Flask's own endpoint for style sheets and scripts; the only one that declares nothing."""

ProgramLookup = Callable[[], Actor]
"""Who brings the token of this request; raises what the caller is to be told."""

_program_lookup: list[ProgramLookup] = []
_questions: ContextVar[int] = ContextVar("portal_access_questions", default=0)


class UndeclaredError(RuntimeError):
    """Endpoints that do not say who may call them; the portal does not start."""


def init_app(app: Flask) -> None:
    """Guard every request. Reads the policy, so that a fault in it stops the start.

    Comes after the room that sets the actor (without one everybody is sent to sign-in) and before
    the forms' tokens (an ended session is told as such, not as a missing token).

    Every Denied that leaves a view, whoever raised it, gets its audit line and its explanation.
    """
    rights_table()
    shipped_separation()
    app.before_request(_enforce)
    app.register_error_handler(Denied, _on_denied)
    app.teardown_request(_forget_actor)


def check_declarations(app: Flask) -> None:
    """Refuse to start while an endpoint declares no access. Called last by the factory."""
    silent = [
        f"  {endpoint} ({view.__module__}.{view.__qualname__})"
        for endpoint, view in sorted(app.view_functions.items())
        if endpoint not in UNGUARDED and access_of(view) is None
    ]
    if silent:
        raise UndeclaredError(
            "These endpoints do not say who may call them. Write @requires(Permission.…), "
            "@requires_any(…), @signed_in, @by_token(…) or @public('why') from "
            "portal.access.guard under the "
            "@bp.route line of each:\n" + "\n".join(silent)
        )


def set_program_lookup(lookup: ProgramLookup) -> None:
    """Register how a token is recognised (the tokens live in a room above this one)."""
    _program_lookup[:] = [lookup]


def require(
    permission: Permission, *, subject_type: str | None = None, subject_id: int | None = None
) -> Actor:
    """For services: the acting person, who holds `permission`; else Denied."""
    _questions.set(_questions.get() + 1)
    actor = current_actor()
    if actor is None or permission not in actor.permissions:
        raise Denied(permission=permission, subject_type=subject_type, subject_id=subject_id)
    return actor


def require_apart(
    step: Step,
    file: FileSoFar,
    *,
    permission: Permission,
    subject_type: str | None = None,
    subject_id: int | None = None,
) -> None:
    """For services: Denied if separation of duties bars the acting person from `step`."""
    actor = require(permission, subject_type=subject_type, subject_id=subject_id)
    objection = objection_to(step, actor, file)
    if objection is not None:
        raise Denied(
            objection.text(locale()),
            permission=permission,
            rule=objection.rule,
            subject_type=subject_type,
            subject_id=subject_id,
        )


@contextmanager
def must_ask(what: str) -> Iterator[None]:
    """For tests: fails when the block ends well without a service having called `require`."""
    before = _questions.get()
    yield
    if _questions.get() == before:
        raise AssertionError(f"{what} ended without asking require(Permission.…).")


def _enforce() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in UNGUARDED:
        return None
    access = access_of(current_app.view_functions[endpoint])
    if access is None:
        raise NotFound
    if access.kind is Kind.PUBLIC:
        return None
    if access.kind is Kind.PROGRAM:
        set_actor(None)  # whoever is signed in beside it: a token's view is never theirs
        for lookup in _program_lookup:
            set_actor(lookup())
    actor = current_actor()
    if actor is None:
        return turn_away()
    if not access.admits(actor.permissions):
        raise Denied(permission=access.missing(actor.permissions))
    return None


def _on_denied(denied: Denied) -> Response:
    """Whoever refused, the audit log hears of it and the person is told who may do it."""
    record_refusal(
        action=denied.permission or "unnamed",
        reason=str(denied.params.get("rule") or denied.message),
        subject_type=denied.params.get("subject_type"),
        subject_id=denied.params.get("subject_id"),
        data={"endpoint": request.endpoint, "method": request.method},
    )
    return on_refusal(explained(denied, current_actor()))


def _forget_actor(_error: BaseException | None) -> None:
    # Server threads outlive requests: the next visitor must not inherit who acted before.
    set_actor(None)
