"""The outbox: what must happen outside the transaction, stored inside it.

A row is the promise; the job bell only wakes the worker sooner. A sweep finds rows whose bell was
lost, so a killed worker or an empty Redis delays a message and never drops it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, SmallInteger, Text, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import bell, clock
from portal.core.db import Stamped, WithId
from portal.core.unit_of_work import current_unit
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


def post(topic: str, payload: dict[str, Any], *, tenant_id: int | None) -> None:
    """Promise to deliver `payload` (ids only) under `topic` once the unit of work has committed."""
    # Who posts may not read the outbox, so nothing of the new row is asked back.
    db.session.execute(
        insert(OutboxMessage)
        .inline()
        .values(topic=topic, payload=payload, owner_tenant_id=tenant_id)
    )
    current_unit().after_commit("bell", bell.ring)
