"""Tables of people and accounts."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INET
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Stamped, TenantOwned, WithId, one_of
from portal.extensions import Base


class ManagedBy(StrEnum):
    """Who manages a cadre, and so who decides on his or her trips."""

    CENTRAL = "central"
    STANDING_COMMITTEE = "standing-committee"
    CHAIR = "chair"
    AGENCY = "agency"


class FieldOfWork(StrEnum):
    """Lĩnh vực: what a file is about, and in what a deputy signs (ký thay)."""

    ECONOMY = "economy"
    CULTURE = "culture"
    EDUCATION = "education"
    HEALTH = "health"
    ENVIRONMENT = "environment"
    JUSTICE = "justice"
    PARTY = "party"
    GENERAL = "general"


class Person(WithId, TenantOwned, Base):
    """An official of a tenant. The directory is shared in the province; travel is not."""

    __tablename__ = "person"
    __table_args__ = (
        one_of("managed_by", ManagedBy),
        Index("ix_person_tenant_id_sort_key", "tenant_id", "sort_key"),
        Index("ix_person_sort_key_id", "sort_key", "id"),
        Index(
            "ix_person_search_key", "search_key", postgresql_ops={"search_key": "text_pattern_ops"}
        ),
    )

    full_name: Mapped[str] = mapped_column(Text)
    honorific: Mapped[str] = mapped_column(Text, default="ông")
    sort_key: Mapped[str] = mapped_column(Text(collation="C"))
    """Orders Vietnamese names alike on every server (portal.web.text.sort_key)."""
    search_key: Mapped[str] = mapped_column(Text)
    """Name without accents, folded (portal.web.text.fold)."""
    position: Mapped[str] = mapped_column(Text, default="")
    key_leader: Mapped[bool] = mapped_column(default=False)
    managed_by: Mapped[str] = mapped_column(Text, default=ManagedBy.AGENCY)
    sensitive_post: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class PersonWord(Base):
    """One word of a person's search key, kept by a trigger: any word's prefix is found by index."""

    __tablename__ = "person_word"
    __table_args__ = (Index("ix_person_word_word", "word", "person_id"),)

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)


class UserAccount(WithId, Stamped, Base):
    """Somebody who can sign in. `person_id` ties the account to the official."""

    __tablename__ = "user_account"

    username: Mapped[str] = mapped_column(Text, unique=True)
    """Lower case; what is typed is lower-cased before it is compared."""
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"), index=True)
    email: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    one_time_password: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Set by an administrator: nothing else opens until its owner has chosen another."""
    locale: Mapped[str] = mapped_column(Text, default="vi")
    last_tenant_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("tenant.id"))


class Membership(WithId, TenantOwned, Stamped, Base):
    """A role of a person in a tenant, from a day to a day. `fields` limits a deputy."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_user_id", "user_id"),
        Index("ix_membership_tenant_id_role", "tenant_id", "role"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_period"),
    )

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    role: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class StandIn(WithId, TenantOwned, Stamped, Base):
    """Người được ủy quyền: `user_id` acts with the rights of `membership_id` until `valid_to`.

    Written, limited in time, never passed on (Decree 30/2020/NĐ-CP, article 13).
    """

    __tablename__ = "stand_in"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="valid_period"),
        Index("ix_stand_in_user_id", "user_id"),
        Index("ix_stand_in_tenant_id", "tenant_id"),
    )

    membership_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("membership.id"), index=True)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    document_no: Mapped[str] = mapped_column(Text)
    document_date: Mapped[date] = mapped_column(Date)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    appointed_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class UserSession(WithId, Stamped, Base):
    """One signed-in browser. Only the hash of its token is stored."""

    __tablename__ = "user_session"
    __table_args__ = (UniqueConstraint("token_hash"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"), index=True)
    tenant_id_now: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("tenant.id"))
    """The tenant acted for. Not `tenant_id`: a session belongs to a person, not to a tenant."""
    scope_now: Mapped[str | None] = mapped_column(Text)
    """The scope acted in: drafting for a tenant and appraising for it are two offices."""
    stand_in_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("stand_in.id"))
    last_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    address: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str] = mapped_column(Text, default="")
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
