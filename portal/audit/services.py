"""Writing the audit log: the only way in.

`record` queues an event in the open unit of work; it is written as the last thing before the
commit, in one statement, because the head of a chain stays locked until then. `record_refusal`
writes at once, in a transaction of its own: the request's is about to be rolled back.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.audit.events import EventError, check
from portal.audit.models import PROVINCE_CHAIN
from portal.audit.throttle import Throttle
from portal.core import clock
from portal.core.context import current_actor
from portal.core.unit_of_work import UnitOfWork, current_unit
from portal.extensions import db, settings

log = logging.getLogger(__name__)

REFUSALS_A_MINUTE = 30
"""Refusals written for one person in a minute and process; what comes on top is counted."""
LONGEST_TEXT = 500
"""Characters of a value in an event's data."""

_APPEND = text("SELECT audit_append(CAST(:entries AS jsonb))")
_refusals = Throttle(REFUSALS_A_MINUTE)
_queue: ContextVar[tuple[UnitOfWork, list[dict[str, Any]]] | None] = ContextVar(
    "portal_audit_queue", default=None
)


def record(
    action: str,
    *,
    chain_id: int | None = None,
    subject_type: str | None = None,
    subject_id: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write down, with the commit of the open unit of work, that `action` happened.

    `chain_id` is the tenant that owns the subject; without it the actor's tenant, else the
    province. Raises EventError (in production: logs) when the event is not declared like this.
    """
    _waiting().append(_entry(action, chain_id, subject_type, subject_id, data))


def record_refusal(
    *,
    action: str,
    reason: str,
    subject_type: str | None = None,
    subject_id: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write down that the acting person wanted `action` (a permission) and why it was refused.

    Never raises: whoever refuses goes on refusing. A robot cannot fill the log: above the limit
    the refusals of a minute are only counted, and the next one written tells the number.
    """
    try:
        actor = current_actor()
        verdict = _refusals.ask(actor.user_id if actor else None)
        if not verdict.admitted:
            return
        told: dict[str, Any] = {**(data or {}), "wanted": action, "reason": reason}
        if verdict.skipped:
            told["unrecorded"] = verdict.skipped
        if verdict.last:
            told["more"] = "not recorded singly in this minute"
        entry = _entry("access.refused", None, subject_type, subject_id, told)
        with Session(db.engine) as session, session.begin():
            session.execute(_APPEND, {"entries": json.dumps([entry])})
    except Exception:
        log.exception("a refusal of %s (%s) could not be recorded", action, reason)


def pseudonym(personal: str) -> str:
    """A salted hash that stands for personal data (a typed user name, an address) in the log."""
    key = settings().secret_key.encode()
    return hmac.new(key, b"audit:" + personal.encode(), hashlib.sha256).hexdigest()[:24]


def _waiting() -> list[dict[str, Any]]:
    """The events queued in the open unit of work."""
    unit = current_unit()
    held = _queue.get()
    if held is None or held[0] is not unit:
        held = (unit, [])
        _queue.set(held)
        entries = held[1]
        unit.last_of_all("audit", lambda: _write(entries))
    return held[1]


def _write(entries: list[dict[str, Any]]) -> None:
    db.session.execute(_APPEND, {"entries": json.dumps(entries)})


def _entry(
    action: str,
    chain_id: int | None,
    subject_type: str | None,
    subject_id: int | None,
    data: Mapping[str, Any] | None,
) -> dict[str, Any]:
    actor = current_actor()
    if chain_id is None:
        chain_id = PROVINCE_CHAIN if actor is None else actor.tenant_id or PROVINCE_CHAIN
    kept = {key: _plain(value) for key, value in (data or {}).items()}
    try:
        check(action, kept)
    except EventError:
        if current_app.testing or current_app.debug:
            raise
        log.exception("an event is recorded although it is not declared like this")
    return {
        "chain": chain_id,
        "at": clock.now().isoformat(),
        "user": actor and actor.user_id,
        "tenant": actor and actor.tenant_id,
        "acting_for": actor and actor.acting_for_user_id,
        "action": action,
        "subject": subject_type,
        "subject_id": subject_id,
        "data": kept,
    }


def _plain(value: Any) -> Any:
    """The value as JSON has it, the same for ever: no fractions, nothing endless."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        # What PostgreSQL cannot store as text, and what a robot may send.
        clean = value.encode(errors="replace").decode().replace("\0", "�")
        return clean[:LONGEST_TEXT]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_plain(str(key)): _plain(inner) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(_plain(inner) for inner in value)
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    raise EventError(f"{type(value).__name__} has no lasting form in the audit log")
