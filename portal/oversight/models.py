"""Tables of the oversight: signals of evasion and how they were settled."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Stamped, WithId, one_of
from portal.extensions import Base

KINDS = (
    "split-trip",
    "same-content",
    "urgent-chain",
    "leaders-one-host",
    "one-inviter",
    "late-plan-items",
)


class Signal(WithId, Stamped, Base):
    """Facts that look like a way around a rule. It blocks nobody; people look and say why not.

    `key` is made of the files concerned, so that a signal that was settled stays settled.
    """

    __tablename__ = "signal"
    __table_args__ = (
        one_of("kind", KINDS),
        Index("uq_signal_kind_key", "kind", "key", unique=True),
        Index("ix_signal_open", "id", postgresql_where="settled_at IS NULL"),
    )

    kind: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    tenant_ids: Mapped[list[int]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    settled_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    reason: Mapped[str | None] = mapped_column(Text)
