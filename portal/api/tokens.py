"""A tenant's tokens: issued by its head, shown once, kept as SHA-256, revoked at any time.

A token speaks for its tenant while it is neither revoked nor run out, the tenant exists and the
account of whoever issued it is open.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, update

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.api.models import ApiToken
from portal.audit.events import declare
from portal.audit.services import record
from portal.core import clock
from portal.core.errors import FieldErrors, NotFound
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.identity.models import UserAccount

declare({"api_token.issued": "name expires_on", "api_token.revoked": "name"})

LONGEST_LIFE: Final = dt.timedelta(days=365)
MOST: Final = 10
"""Living tokens of one tenant."""
_MARK: Final = "portal_"
"""Begins every secret, so that tools which look for secrets in files find ours."""
_BYTES: Final = 32
_LENGTH: Final = len(_MARK) + math.ceil(_BYTES * 8 / 6)
_LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token of the tenant; nobody sees the secret again."""

    id: int
    name: str
    issued_by: str
    created_at: dt.datetime
    expires_on: dt.date
    last_used_on: dt.date | None
    revoked_at: dt.datetime | None
    issuer_active: bool

    def status(self, today: dt.date) -> str:
        """revoked, expired, resting (its issuer's account is disabled) or working."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_on < today:
            return "expired"
        return "working" if self.issuer_active else "resting"


def tokens_of(tenant_id: int | None) -> Sequence[TokenRow]:
    """The tokens of a tenant, the latest first."""
    statement = (
        select(
            ApiToken.id,
            ApiToken.name,
            UserAccount.name,
            ApiToken.created_at,
            ApiToken.expires_on,
            ApiToken.last_used_on,
            ApiToken.revoked_at,
            UserAccount.active,
        )
        .join(UserAccount, UserAccount.id == ApiToken.created_by)
        .where(ApiToken.tenant_id == tenant_id)
        .order_by(ApiToken.id.desc())
        .limit(_LISTED)
    )
    return [TokenRow(*row) for row in db.session.execute(statement)]


def issue(name: str, expires_on: dt.date) -> str:
    """A new token of the acting person's tenant; returns the secret, which nothing keeps.

    Raises FieldErrors.
    """
    actor = require(Permission.API_TOKEN_MANAGE)
    today = clock.today()
    if not today < expires_on <= today + LONGEST_LIFE:
        raise FieldErrors({"expires_on": "Choose a day after today and within one year."})
    secret = _MARK + secrets.token_urlsafe(_BYTES)
    with unit_of_work():
        lock = func.hashtextextended(f"api-tokens:{actor.tenant_id}", 0)
        db.session.execute(select(func.pg_advisory_xact_lock(lock)))
        living = select(func.count()).where(
            ApiToken.tenant_id == actor.tenant_id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_on >= today,
        )
        if db.session.execute(living).scalar_one() >= MOST:
            raise FieldErrors({"name": "Ten tokens work already; revoke one that is not used."})
        row = ApiToken(
            tenant_id=actor.tenant_id,
            name=name,
            digest=digest(secret),
            expires_on=expires_on,
            created_by=actor.user_id,
        )
        db.session.add(row)
        db.session.flush()
        record(
            "api_token.issued",
            subject_type="api_token",
            subject_id=row.id,
            data={"name": name, "expires_on": expires_on},
        )
    return secret


def revoke(token_id: int) -> None:
    """End a token of the acting person's tenant at once. Raises NotFound."""
    actor = require(Permission.API_TOKEN_MANAGE, subject_type="api_token", subject_id=token_id)
    with unit_of_work():
        name = db.session.execute(
            update(ApiToken)
            .where(
                ApiToken.id == token_id,
                ApiToken.tenant_id == actor.tenant_id,
                ApiToken.revoked_at.is_(None),
            )
            .values(revoked_at=clock.now())
            .returning(ApiToken.name)
        ).scalar()
        if name is None:
            raise NotFound
        record(
            "api_token.revoked",
            subject_type="api_token",
            subject_id=token_id,
            data={"name": name},
        )


def may_be_one(secret: str) -> bool:
    """Whether this has the form of a secret: nothing else is looked up."""
    return len(secret) == _LENGTH and secret.startswith(_MARK)


def digest(secret: str) -> bytes:
    """What the database knows of a secret."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()
