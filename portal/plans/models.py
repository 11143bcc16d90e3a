"""Tables of the annual plans."""

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import TenantOwned, WithId, one_of
from portal.extensions import Base


class PlanStatus(StrEnum):
    """Where a plan is on its way to the approving authority."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"


class Origin(StrEnum):
    """How an item came into the plan; a supplement counts as out of plan."""

    ORIGINAL = "original"
    SUPPLEMENT = "supplement"
    CARRIED_OVER = "carried-over"


class Plan(WithId, TenantOwned, Base):
    """What a tenant means to do abroad and with foreigners in one calendar year."""

    __tablename__ = "plan"
    __table_args__ = (
        one_of("status", PlanStatus),
        CheckConstraint("year BETWEEN 2000 AND 2099", name="year_range"),
        Index("ix_plan_tenant_id_year", "tenant_id", "year"),
    )

    year: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(Text)
    decision_no: Mapped[str | None] = mapped_column(Text)
    decision_date: Mapped[date | None] = mapped_column(Date)


class PlanItem(WithId, TenantOwned, Base):
    """One planned activity. What it leaves open (NULL) a proposal may choose."""

    __tablename__ = "plan_item"
    __table_args__ = (
        one_of("kind", ("outbound", "inbound", "conference", "project", "agreement")),
        one_of("origin", Origin),
        CheckConstraint("month BETWEEN 1 AND 12", name="month_range"),
        CheckConstraint("size >= 1", name="size_range"),
        UniqueConstraint("plan_id", "code"),
        Index("ix_plan_item_tenant_id", "tenant_id"),
    )

    plan_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("plan.id"), index=True)
    code: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text, default=Origin.ORIGINAL)
    title: Mapped[str] = mapped_column(Text)
    countries: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    month: Mapped[int | None] = mapped_column(SmallInteger)
    size: Mapped[int | None] = mapped_column(SmallInteger)
    leader_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
