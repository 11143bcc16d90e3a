"""The outbox: what must happen outside the transaction, stored inside it.

A row is the promise; the job bell only wakes the worker sooner. A sweep finds rows whose bell was
lost, so a killed worker or an empty Redis delays a message and never drops it.
"""

from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, SmallInteger, Text, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import bell, clock
from portal.core.db import Stamped, WithId, table_of
from portal.core.unit_of_work import UnitOfWork, current_unit
from portal.extensions import Base, db


class OutboxMessage(WithId, Stamped, Base):
    """One effect to deliver. `owner_tenant_id` says for whose file; workers see all of them."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "next_try_at", "id", postgresql_where="done_at IS NULL"),
    )

    owner_tenant_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("tenant.id"))
    topic: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    next_try_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_error: Mapped[str | None] = mapped_column(Text)


_STORE = insert(table_of(OutboxMessage)).inline()
"""Inline: who posts may not read the outbox, so nothing of the new rows is asked back."""

_posted: ContextVar[tuple[UnitOfWork, list[dict[str, Any]]] | None] = ContextVar(
    "portal_outbox", default=None
)


def post(topic: str, payload: dict[str, Any], *, tenant_id: int | None) -> None:
    """Promise to deliver `payload` (ids only) under `topic` once the unit of work has committed."""
    now = clock.now()
    waiting = _waiting()
    waiting.append(
        {
            "topic": topic,
            "payload": payload,
            "owner_tenant_id": tenant_id,
            "attempts": 0,
            "next_try_at": now,
            "created_at": now,
        }
    )


def _waiting() -> list[dict[str, Any]]:
    """The messages posted in the open unit of work; they are stored together at its end."""
    unit = current_unit()
    held = _posted.get()
    if held is None or held[0] is not unit:
        held = (unit, [])
        _posted.set(held)
        messages = held[1]
        unit.before_commit("outbox", lambda: _store(messages))
        unit.after_commit("bell", bell.ring)
    return held[1]


def _store(messages: list[dict[str, Any]]) -> None:
    db.session.execute(_STORE, messages)
