"""Which system is asking: the token of the Authorization header as an acting program."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask import request
from sqlalchemy import Row, select, update

from portal.access.enforcer import permissions_of_programs
from portal.api import limits
from portal.api.models import ApiToken
from portal.api.problems import ApiProblem
from portal.api.tokens import digest, may_be_one
from portal.core import clock
from portal.core.context import Actor, Scope, acting_as, system_actor
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.identity.models import UserAccount
from portal.tenancy.models import Tenant
from portal.web.i18n import LazyText, lazy, locale

_SCHEME: Final = "bearer "


def asking_program() -> Actor:
    """The program whose token this request brings, acting for its tenant and in its scope only.

    Raises ApiProblem: 401 without a good token, 429 when it asks too often.
    """
    header = request.headers.get("Authorization", "")
    if not header.lower().startswith(_SCHEME):
        raise ApiProblem(
            "no-token", lazy("Send the token of your agency in the header Authorization: Bearer …")
        )
    row = _found(header[len(_SCHEME) :].strip())
    limits.admit(row.id)
    return Actor(
        user_id=row.created_by,
        username="",
        name=row.name,
        tenant_id=row.tenant_id,
        tenant_name=row.name_vi,
        tenant_name_en=row.name_en,
        scope=Scope.OWN,
        permissions=permissions_of_programs(),
        token_id=row.id,
        locale=locale(),
    )


def _found(secret: str) -> Row[Any]:
    """The living token with this secret. The lookup, and it alone, is the portal's own."""
    with acting_as(system_actor()):
        db.session.rollback()  # what acts is bound when a transaction begins
        try:
            return _living(secret)
        finally:
            db.session.rollback()


def _living(secret: str) -> Row[Any]:
    today = clock.today()
    known = _with_digest(digest(secret))
    row = db.session.execute(known).first() if may_be_one(secret) else None
    if row is None:
        raise _refusal(lazy("It is not a token of this portal."))
    why = _objection(row, today)
    if why is not None:
        raise _refusal(why)
    if row.last_used_on != today:
        with unit_of_work():
            used = update(ApiToken).where(ApiToken.id == row.id).values(last_used_on=today)
            db.session.execute(used)
    return row


def _objection(row: Row[Any], today: date) -> LazyText | None:
    """Why this token opens nothing any more. Only who has the secret ever reads it."""
    if row.revoked_at is not None:
        return lazy("It was revoked.")
    if row.expires_on < today:
        return lazy("It has expired.")
    if not row.active:
        return lazy("The account of the person who issued it is disabled.")
    if row.valid_from > today or (row.valid_to is not None and row.valid_to < today):
        return lazy("Its agency exists no more.")
    return None


def _with_digest(known: bytes) -> Any:
    """By the digest of a long random secret: how long the search takes tells nothing of one."""
    return (
        select(
            ApiToken.id,
            ApiToken.name,
            ApiToken.tenant_id,
            ApiToken.created_by,
            ApiToken.expires_on,
            ApiToken.revoked_at,
            ApiToken.last_used_on,
            UserAccount.active,
            Tenant.name_vi,
            Tenant.name_en,
            Tenant.valid_from,
            Tenant.valid_to,
        )
        .join_from(ApiToken, UserAccount, UserAccount.id == ApiToken.created_by)
        .join(Tenant, Tenant.id == ApiToken.tenant_id)
        .where(ApiToken.digest == known)
    )


def _refusal(why: LazyText) -> ApiProblem:
    """Who tries token after token is sent away for a while."""
    wait = limits.take(limits.WRONG_TOKENS, request.remote_addr or "unknown")
    if wait:
        return ApiProblem("too-many", lazy("Too many wrong tokens from this address."), wait=wait)
    return ApiProblem("bad-token", why)
