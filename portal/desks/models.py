"""Table of the bell: what a person has been told."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Stamped, WithId
from portal.extensions import Base


class Notification(WithId, Stamped, Base):
    """One line under the bell of one person; written by the worker, once per outbox message."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("user_id", "outbox_id"),
        CheckConstraint(
            "num_nonnulls(activity_id, stand_in_id, rule_version_id) = 1", name="of_one_thing"
        ),
        Index("ix_notification_unread", "user_id", "id", postgresql_where="read_at IS NULL"),
    )

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    desk_tenant_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("tenant.id"))
    outbox_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("outbox.id"))
    activity_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("activity.id"))
    stand_in_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("stand_in.id"))
    rule_version_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("rule_version.id"))
    topic: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
