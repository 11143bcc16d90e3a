"""Tables of the oversight: signals of evasion and how they were settled, packs being made."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
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


class PackRun(WithId, Stamped, Base):
    """An inspector's pack that a worker makes; `done` of `total` steps as it goes.

    The bundle lies in the data folder for a day and is its asker's alone; then both are deleted.
    """

    __tablename__ = "pack_run"
    __table_args__ = (one_of("state", ("waiting", "running", "done", "failed")),)

    requested_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    asking_tenant_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("tenant.id"))
    """The agency in whose name the pack was asked for."""
    locale: Mapped[str] = mapped_column(Text)
    scope: Mapped[dict[str, int]] = mapped_column(JSONB)
    """Whose files it holds, as `Scope.as_dict` has it."""
    state: Mapped[str] = mapped_column(Text, default="waiting")
    done: Mapped[int] = mapped_column(SmallInteger, default=0)
    total: Mapped[int] = mapped_column(SmallInteger)
    heard_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    """When its worker last told of progress."""
    sha256: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(BigInteger)
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
