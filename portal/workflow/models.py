"""Tables of the workflow: what was done (steps) and what waits for whom (tasks)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import TenantOwned, WithId
from portal.extensions import Base


class Step(WithId, TenantOwned, Base):
    """One thing that somebody did to a file. Append-only: the timeline."""

    __tablename__ = "step"
    __table_args__ = (
        Index("ix_step_activity_id", "activity_id", "id"),
        # Trips cancelled when they were to be under way (portal.oversight.exceptions).
        Index(
            "ix_step_cancelled_late",
            "activity_id",
            postgresql_where="action = 'cancel' AND from_state IN ('under-way', 'completed')",
        ),
    )

    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activity.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    action: Mapped[str] = mapped_column(Text)
    from_state: Mapped[str] = mapped_column(Text)
    to_state: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    actor_name: Mapped[str] = mapped_column(Text)
    actor_tenant_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("tenant.id"))
    acting_for: Mapped[str | None] = mapped_column(Text)
    """TUQ.: the person stood in for."""
    acting_for_user_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("user_account.id")
    )
    acting_for_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    signs_for: Mapped[str | None] = mapped_column(Text)
    """KT.: a deputy signs in a field of work; the field's code."""
    note: Mapped[str | None] = mapped_column(Text)
    document_no: Mapped[str | None] = mapped_column(Text)
    document_date: Mapped[date | None] = mapped_column(Date)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class Task(WithId, TenantOwned, Base):
    """Something that waits for a desk. `tenant_id` owns the file, `desk_tenant_id` must act."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_activity_id", "activity_id"),
        Index(
            "ix_task_desk_open",
            "desk_tenant_id",
            "due_on",
            "id",
            postgresql_where="closed_at IS NULL",
        ),
        Index(
            "ix_task_opinions_given",
            "desk_tenant_id",
            "closed_at",
            postgresql_where="outcome = 'give-opinion'",
        ),
        # Two tabs or a double click never open the same task twice.
        Index(
            "uq_task_open",
            "activity_id",
            "kind",
            "desk_tenant_id",
            unique=True,
            postgresql_where="closed_at IS NULL",
        ),
    )

    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activity.id"))
    kind: Mapped[str] = mapped_column(Text)
    permission: Mapped[str] = mapped_column(Text)
    desk_tenant_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("tenant.id"))
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    opened_by: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None] = mapped_column(Date)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str | None] = mapped_column(Text)
