"""Tables of the outbound delegation."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import TenantOwned, WithId, one_of
from portal.extensions import Base


class MemberRole(StrEnum):
    """A member's part in the delegation."""

    HEAD = "head"
    DEPUTY = "deputy"
    MEMBER = "member"


class Outbound(TenantOwned, Base):
    """What only an outbound delegation has; one row for each activity of that kind."""

    __tablename__ = "outbound"
    __table_args__ = (
        one_of("funding", ("state", "host", "enterprise", "personal")),
        one_of("organiser", ("agency", "enterprise")),
        one_of("leader_rank", ("province-leader", "province-deputy", "department")),
    )

    activity_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("activity.id"), primary_key=True, autoincrement=False
    )
    purpose: Mapped[str] = mapped_column(Text, default="")
    host_partner: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[str] = mapped_column(Text, default="")
    invitation_from: Mapped[str] = mapped_column(Text, default="")
    invitation_date: Mapped[date | None] = mapped_column(Date)
    necessity: Mapped[str] = mapped_column(Text, default="")
    funding: Mapped[str | None] = mapped_column(Text)
    cost_vnd: Mapped[Decimal | None] = mapped_column(Numeric(15, 0))
    """Estimated cost to the state budget, in đồng."""
    organiser: Mapped[str | None] = mapped_column(Text, default="agency")
    leader_rank: Mapped[str | None] = mapped_column(Text)
    important_event: Mapped[bool] = mapped_column(default=False)
    secret_documents: Mapped[bool] = mapped_column(default=False)
    secret_permission: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    """The proposer's written answer to each warning, by rule id."""
    unsaved: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What was typed last, as typed, while it is not yet valid: nothing is ever lost."""


class DelegationMember(WithId, TenantOwned, Base):
    """A member. `went` is known from the report: quotas then count those who really went."""

    __tablename__ = "delegation_member"
    __table_args__ = (
        one_of("role", MemberRole),
        UniqueConstraint("activity_id", "person_id"),
        Index("ix_delegation_member_person_id", "person_id"),
    )

    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activity.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(Text, default=MemberRole.MEMBER)
    relative_of_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Place in the list, from 0."""
    went: Mapped[bool | None] = mapped_column()


class ProgrammeItem(WithId, TenantOwned, Base):
    """One entry of the day-by-day programme."""

    __tablename__ = "programme_item"
    __table_args__ = (Index("ix_programme_item_activity_id", "activity_id"),)

    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activity.id"))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    day: Mapped[date | None] = mapped_column(Date)
    item: Mapped[str] = mapped_column(Text)
    topics: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)


class TripReport(TenantOwned, Base):
    """What came of the trip, beside what was planned."""

    __tablename__ = "trip_report"
    # A trip that slipped over the New Year counts in the year in which it really began.
    __table_args__ = (Index("ix_trip_report_tenant_id_departed_on", "tenant_id", "departed_on"),)

    activity_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("activity.id"), primary_key=True, autoincrement=False
    )
    departed_on: Mapped[date] = mapped_column(Date)
    returned_on: Mapped[date] = mapped_column(Date)
    countries: Mapped[list[str]] = mapped_column(ARRAY(Text))
    results: Mapped[str] = mapped_column(Text)
    follow_up: Mapped[str] = mapped_column(Text, default="")
    cost_vnd: Mapped[Decimal | None] = mapped_column(Numeric(15, 0))
    over_limit_reason: Mapped[str | None] = mapped_column(Text)
    """Why the real trip went above a limit; recorded, never refused."""
    reported_on: Mapped[date] = mapped_column(Date)
    reported_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))
