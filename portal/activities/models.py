"""Tables that every kind of activity shares. What is peculiar to a kind lies in `kinds/`."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Stamped, TenantOwned, WithId, one_of
from portal.extensions import Base
from portal.identity.types import FieldOfWork


class Kind(StrEnum):
    """The five kinds of foreign-affairs activity."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"
    CONFERENCE = "conference"
    PROJECT = "project"
    AGREEMENT = "agreement"


class State(StrEnum):
    """Where a file is. One name, colour and icon each: portal.web.states."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    SUBMITTED = "submitted"
    IN_APPRAISAL = "in-appraisal"
    RETURNED = "returned"
    APPRAISED = "appraised"
    APPROVED = "approved"
    REJECTED = "rejected"
    UNDER_WAY = "under-way"
    COMPLETED = "completed"
    REPORTED = "reported"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class Activity(WithId, TenantOwned, Stamped, Base):
    """One file. Days are calendar days in Việt Nam; `version` guards against lost updates."""

    __tablename__ = "activity"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("state", State),
        one_of("field", FieldOfWork),
        # The lists' keyset order, for one tenant and for those who oversee all.
        Index("ix_activity_tenant_id_id", "tenant_id", "id"),
        Index("ix_activity_tenant_id_state_id", "tenant_id", "state", "id"),
        Index("ix_activity_tenant_id_starts_on", "tenant_id", "starts_on"),
        Index("ix_activity_submitted", "id", postgresql_where="submitted_on IS NOT NULL"),
        Index("ix_activity_state_id", "state", "id", postgresql_where="submitted_on IS NOT NULL"),
        Index("ix_activity_days", "starts_on", "ends_on"),
        Index("ix_activity_plan_item_id", "plan_item_id"),
        Index("ix_activity_police", "id", postgresql_where="police_involved"),
        Index("ix_activity_police_state", "state", "id", postgresql_where="police_involved"),
        Index("ix_activity_after_the_fact", "starts_on", postgresql_where="after_the_fact"),
        Index("ix_activity_lead_person_id", "lead_person_id", "id"),
        # Lists of those who oversee all agencies (portal.desks.listing).
        Index("ix_activity_unsubmitted", "state", "id", postgresql_where="submitted_on IS NULL"),
        Index(
            "ix_activity_state_day",
            "state",
            "starts_on",
            "id",
            postgresql_where="submitted_on IS NOT NULL",
        ),
        # Counts of decided files (portal.oversight), with what row-level security asks of each.
        Index(
            "ix_activity_decided_on",
            "decided_on",
            postgresql_where="decided_on IS NOT NULL",
            postgresql_include=["tenant_id", "submitted_on", "police_involved"],
        ),
        Index("ix_activity_due_on", "due_on", "id", postgresql_where="due_on IS NOT NULL"),
        # Clocks of the sweep: files whose state follows the calendar.
        Index(
            "ix_activity_moving",
            "state",
            "starts_on",
            "ends_on",
            postgresql_where="state IN ('approved', 'under-way')",
        ),
        # Follow-up duties of an agency: trips without report or with passports still out.
        Index(
            "ix_activity_unreported",
            "tenant_id",
            "ends_on",
            postgresql_where="reported_on IS NULL OR passports_returned_on IS NULL",
        ),
    )

    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, default="")
    search_key: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default=State.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    field: Mapped[str] = mapped_column(Text, default="general")
    plan_item_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("plan_item.id"))
    paper_register_no: Mapped[str | None] = mapped_column(Text)
    """Number in the register of secret papers; such a file keeps no content here."""
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    countries: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    lead_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    urgent: Mapped[bool] = mapped_column(default=False)
    urgent_reason: Mapped[str | None] = mapped_column(Text)
    after_the_fact: Mapped[bool] = mapped_column(default=False)
    """Recorded after it had begun. Once true, true for ever."""
    after_the_fact_reason: Mapped[str | None] = mapped_column(Text)
    referred: Mapped[bool] = mapped_column(default=False)
    """Sent to the focal point in spite of a block that nobody may waive: never approved."""
    referral_reason: Mapped[str | None] = mapped_column(Text)
    authority: Mapped[str | None] = mapped_column(Text)
    police_involved: Mapped[bool] = mapped_column(default=False)
    stopped: Mapped[bool] = mapped_column(default=False)
    """The last check found a block that nobody may waive: only a referral goes on."""
    blocks: Mapped[int] = mapped_column(SmallInteger, default=0)
    warnings: Mapped[int] = mapped_column(SmallInteger, default=0)
    holder_tenant_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("tenant.id"))
    """Who has it now."""
    holder_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    due_on: Mapped[date | None] = mapped_column(Date)
    submitted_on: Mapped[date | None] = mapped_column(Date)
    """First submission; a correction or an amendment keeps it."""
    decided_on: Mapped[date | None] = mapped_column(Date)
    reported_on: Mapped[date | None] = mapped_column(Date)
    passports_returned_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    created_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), default=clock.now, onupdate=clock.now
    )


class ActivitySearch(Base):
    """Words and countries of a file, kept by a trigger and read only by `find_activities`.

    The application's role cannot read it: the function shows ids, and only of visible files.
    """

    __tablename__ = "activity_search"
    __table_args__ = (
        Index("ix_activity_search_words", "words", postgresql_using="gin"),
        Index("ix_activity_search_countries", "countries", postgresql_using="gin"),
    )

    activity_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("activity.id"), primary_key=True, autoincrement=False
    )
    words: Mapped[str] = mapped_column(TSVECTOR)
    countries: Mapped[list[str]] = mapped_column(ARRAY(Text))


class Opinion(WithId, TenantOwned, Base):
    """An opinion asked of a body, and its answer once it came."""

    __tablename__ = "opinion"
    __table_args__ = (
        one_of("answer", ("agree", "agree-with-conditions", "object", "received-on-paper")),
        Index("ix_opinion_activity_id", "activity_id"),
    )

    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activity.id"))
    body: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text, default="")
    asked_on: Mapped[date] = mapped_column(Date)
    asked_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    answer: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    document_no: Mapped[str | None] = mapped_column(Text)
    document_date: Mapped[date | None] = mapped_column(Date)
    answered_on: Mapped[date | None] = mapped_column(Date)
    answered_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))


class Decision(WithId, TenantOwned, Stamped, Base):
    """What the authority decided: a consent of the standing committee, a decision of the chair.

    `on_paper`: taken outside the portal and recorded from the document; `sealed`: the document
    itself may not enter the system, only its register number and date are kept.
    """

    __tablename__ = "decision"
    __table_args__ = (
        one_of("act", ("consent", "decision", "central")),
        one_of("outcome", ("approved", "rejected")),
        Index("ix_decision_activity_id", "activity_id"),
    )

    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activity.id"))
    amendment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("amendment.id"))
    act: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(Text)
    document_date: Mapped[date] = mapped_column(Date)
    on_paper: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[bool] = mapped_column(default=False)
    attachment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("attachment.id"))
    reason: Mapped[str | None] = mapped_column(Text)
    signer: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))


class Amendment(WithId, TenantOwned, Stamped, Base):
    """A change asked for after approval. The approved version holds until the change is settled."""

    __tablename__ = "amendment"
    __table_args__ = (
        one_of("size", ("small", "large")),
        one_of("state", ("draft", "submitted", "appraised", "applied", "refused", "withdrawn")),
        UniqueConstraint("activity_id", "number"),
        Index(
            "uq_amendment_open",
            "activity_id",
            unique=True,
            postgresql_where="state IN ('draft', 'submitted', 'appraised')",
        ),
    )

    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activity.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(Text, default="draft")
    size: Mapped[str] = mapped_column(Text, default="large")
    reason: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))
