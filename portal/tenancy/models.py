"""Tables of the tenants. The directory of agencies is public inside the province."""

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.roles import Capacity
from portal.core.db import TenantOwned, WithId, one_of
from portal.extensions import Base


class TenantKind(StrEnum):
    """What sort of body a tenant is; the words of the compliance case file."""

    DEPARTMENT = "department"
    DISTRICT = "district"
    COMMUNE = "commune"
    MASS_ORGANISATION = "mass-organisation"
    SOCIO_POLITICAL = "socio-political"
    PARTY_BODY = "party-body"
    PEOPLE_COUNCIL = "people-council"
    PUBLIC_UNIT = "public-unit"
    POLICE = "police"
    FOCAL = "focal"
    CHAIR_OFFICE = "chair-office"


class Tenant(WithId, Base):
    """An agency of the province. `internal_review` off lets the head submit without a reviewer."""

    __tablename__ = "tenant"
    __table_args__ = (
        one_of("kind", TenantKind),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_period"),
    )

    code: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    search_key: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("tenant.id"))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    internal_review: Mapped[bool] = mapped_column(default=True)


class TenantAlias(WithId, TenantOwned, Base):
    """Another identifier code under which other systems know the tenant."""

    __tablename__ = "tenant_alias"

    code: Mapped[str] = mapped_column(Text, unique=True)


class TenantCapacity(WithId, TenantOwned, Base):
    """Which tenant is the focal point, the police, the chair's office … and when."""

    __tablename__ = "tenant_capacity"
    __table_args__ = (
        one_of("capacity", Capacity),
        Index("ix_tenant_capacity_tenant_id", "tenant_id"),
        # Only one holder at a time: a new one needs the old one's last day.
        Index(
            "uq_tenant_capacity_open",
            "capacity",
            unique=True,
            postgresql_where="valid_to IS NULL",
        ),
    )

    capacity: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class TenantSuccession(WithId, Base):
    """`successor_id` took over from `predecessor_id`: history, plans and duties count for it."""

    __tablename__ = "tenant_succession"
    __table_args__ = (
        UniqueConstraint("predecessor_id", "successor_id"),
        CheckConstraint("predecessor_id <> successor_id", name="not_itself"),
    )

    predecessor_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("tenant.id"))
    successor_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("tenant.id"), index=True)
    on_date: Mapped[date] = mapped_column(Date)
    basis: Mapped[str] = mapped_column(Text)
