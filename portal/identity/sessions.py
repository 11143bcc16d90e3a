"""Signed-in browsers: begun at sign-in, opened at each request, ended by time or hand.

The browser holds 32 random bytes in Flask's signed cookie; the database only their SHA-256, so that
a copy of the database signs nobody in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, func, insert, select, text, update

from portal.audit.services import record
from portal.core import clock
from portal.core.context import Actor
from portal.core.errors import NotFound
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db, settings
from portal.identity.models import UserAccount, UserSession
from portal.identity.offices import session_from
from portal.identity.types import Office, OpenSession

TOUCH_AFTER: Final = dt.timedelta(minutes=1)
"""`last_seen_at` is written at most so often."""
KEPT_FOR: Final = dt.timedelta(days=30)
"""How long an ended session is remembered: for its owner's list and for a form that outlived it."""

_LONGEST_TOKEN: Final = 100
_OPEN: Final = text("SELECT open_session(:token, :at, :idle)")


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One of a person's signed-in browsers."""

    id: int
    created_at: dt.datetime
    last_seen_at: dt.datetime
    expires_at: dt.datetime
    address: str | None
    user_agent: str


def open_session(token: str) -> OpenSession | None:
    """Whose token this is, in one statement that binds the transaction too; None: it is over."""
    if len(token) > _LONGEST_TOKEN:
        return None
    found = db.session.execute(
        _OPEN, {"token": digest(token), "at": clock.now(), "idle": _idle()}
    ).scalar()
    return None if found is None else session_from(found)


def begin(user_id: int, *, address: str | None, user_agent: str) -> str:
    """Inside a unit of work: a new session of this user; returns its token."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.execute(
        insert(UserSession).values(
            token_hash=digest(token),
            user_id=user_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + dt.timedelta(hours=settings().session_hours),
            address=address,
            user_agent=user_agent[:300].replace("\0", ""),
        )
    )
    return token


def touch(opened: OpenSession) -> None:
    """Note that the session is in use, at most once a minute; commits before the request works."""
    now = clock.now()
    if now - opened.last_seen_at < TOUCH_AFTER and not opened.moved:
        return
    values: dict[str, Any] = {"last_seen_at": now}
    if opened.moved:
        values |= _choice(opened.office)
    _change(UserSession.id == opened.actor.session_id, **values)
    db.session.commit()


def choose_office(actor: Actor, office: Office) -> None:
    """Act as `office` from the next request on, and at the next sign-in."""
    with unit_of_work():
        _change(UserSession.id == actor.session_id, **_choice(office))
        db.session.execute(
            update(UserAccount)
            .where(UserAccount.id == actor.user_id)
            .values(last_tenant_id=office.tenant_id)
        )
        record(
            "tenant.switched",
            data={
                "from": actor.tenant_id,
                "to": office.tenant_id,
                "stand_in_id": office.stand_in_id,
            },
        )


def settle(opened: OpenSession) -> None:
    """Inside the unit of work of a sign-in: remember the office that was chosen for the person."""
    _change(UserSession.id == opened.actor.session_id, **_choice(opened.office))


def sessions_of(user_id: int) -> Sequence[SessionRow]:
    """The person's sessions that are still good, the last used first."""
    now = clock.now()
    statement = (
        select(
            UserSession.id,
            UserSession.created_at,
            UserSession.last_seen_at,
            UserSession.expires_at,
            func.host(UserSession.address),
            UserSession.user_agent,
        )
        .where(
            UserSession.user_id == user_id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now,
            UserSession.last_seen_at > now - _idle(),
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        .limit(100)
    )
    return [SessionRow(*row) for row in db.session.execute(statement)]


def end_own(actor: Actor, session_id: int) -> None:
    """Sign out one of the person's own browsers. Raises NotFound for anybody else's."""
    with unit_of_work():
        if not _revoke(UserSession.id == session_id, UserSession.user_id == actor.user_id):
            raise NotFound
        record(
            "session.revoked",
            subject_type="user",
            subject_id=actor.user_id,
            data={"session_id": session_id},
        )


def sign_out(actor: Actor, *, everywhere: bool = False) -> None:
    """End this session, or all of the person's."""
    with unit_of_work():
        if everywhere:
            end_all(actor.user_id)
        else:
            _revoke(UserSession.id == actor.session_id)
        record(
            "account.signed_out",
            subject_type="user",
            subject_id=actor.user_id,
            data={"session_id": actor.session_id, "everywhere": everywhere},
        )


def end_all(user_id: int | None, *, but: int | None = None) -> int:
    """Inside a unit of work: end every session of a user but one. Returns how many."""
    conditions = [UserSession.user_id == user_id]
    if but is not None:
        conditions.append(UserSession.id != but)
    return _revoke(*conditions)


def end_by_token(token: str) -> None:
    """Inside a unit of work: end the session that a browser brought to its next sign-in."""
    _revoke(UserSession.token_hash == digest(token))


def owner_of_ended(token: str) -> int | None:
    """Whose session this was, also when it is over; None for a token that never was one."""
    statement = select(UserSession.user_id).where(UserSession.token_hash == digest(token))
    found: int | None = db.session.execute(statement).scalar()
    return found


def forget_ended_sessions() -> int:
    """Delete sessions that ended a month ago; for the worker's sweep. Returns how many."""
    with unit_of_work():
        done = db.session.execute(
            delete(UserSession).where(UserSession.expires_at < clock.now() - KEPT_FOR)
        )
        return _count(done)


def digest(token: str) -> bytes:
    """What the database knows of a token."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def _idle() -> dt.timedelta:
    return dt.timedelta(minutes=settings().session_idle_minutes)


def _choice(office: Office | None) -> dict[str, Any]:
    return {
        "tenant_id_now": office.tenant_id if office else None,
        "scope_now": office.scope.value if office else None,
        "stand_in_id": office.stand_in_id if office else None,
    }


def _revoke(*conditions: Any) -> int:
    return _change(UserSession.revoked_at.is_(None), *conditions, revoked_at=clock.now())


def _change(*conditions: Any, **values: Any) -> int:
    statement = update(UserSession).where(*conditions).values(**values)
    return _count(db.session.execute(statement, execution_options={"synchronize_session": False}))


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
