"""Tables of the compliance service: kept verdicts, waivers, quota ledger, the province's own law.

The engine itself knows none of them: it judges facts.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Stamped, TenantOwned, WithId, one_of
from portal.extensions import Base


class StoredVerdict(WithId, TenantOwned, Stamped, Base):
    """A verdict exactly as it was given: facts (ids only), rule versions, result, hash."""

    __tablename__ = "verdict"
    __table_args__ = (
        one_of("stage", ("submission", "decision")),
        one_of("verdict", ("pass", "warn", "block")),
        Index("ix_verdict_activity_id", "activity_id", "id"),
    )

    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activity.id"))
    stage: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date] = mapped_column(Date)
    verdict: Mapped[str] = mapped_column(Text)
    facts: Mapped[str] = mapped_column(Text)
    """Canonical JSON, as `result` is: text, because the hash is over these very letters."""
    result: Mapped[str] = mapped_column(Text)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class StoredWaiver(WithId, TenantOwned, Stamped, Base):
    """Chấp thuận ngoại lệ: who let one rule rest for one file, by which document, and why.

    It is for this file alone and ends: after `expires_on` it counts no more for what is not decided
    by then; what was decided by it stands. One that ran out may be granted anew, by another paper.
    """

    __tablename__ = "waiver"
    __table_args__ = (UniqueConstraint("activity_id", "rule", "document_no"),)

    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activity.id"))
    rule: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(Text)
    document_date: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    expires_on: Mapped[date | None] = mapped_column(Date)
    """The last day on which a decision may rest on it; NULL where none was asked for yet."""
    recorded_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))


class QuotaUse(WithId, Base):
    """A taken place in a yearly quota. Slots 1..limit are the quota; a slot above it says why.

    `subject_id` is a person (leader trips) or a tenant (out-of-plan delegations). The unique
    constraint is what racing approvals run into: no isolation level is trusted alone.
    """

    __tablename__ = "quota_use"
    __table_args__ = (
        one_of("rule", ("outbound.leader-trips", "outbound.supplement-quota")),
        UniqueConstraint("rule", "subject_id", "period", "slot"),
        UniqueConstraint("rule", "subject_id", "activity_id"),
        CheckConstraint("slot >= 1", name="slot_counts_from_one"),
        CheckConstraint(
            'slot <= "limit" OR waiver_id IS NOT NULL OR over_reason IS NOT NULL',
            name="over_the_limit_says_why",
        ),
        Index("ix_quota_use_activity_id", "activity_id"),
        Index(
            "ix_quota_use_above",
            "activity_id",
            postgresql_where='slot > "limit" AND waiver_id IS NULL',
        ),
    )

    rule: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    period: Mapped[int] = mapped_column(SmallInteger)
    slot: Mapped[int] = mapped_column(SmallInteger)
    limit: Mapped[int] = mapped_column(SmallInteger)
    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activity.id"))
    waiver_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("waiver.id"))
    over_reason: Mapped[str | None] = mapped_column(Text)


class VersionState(StrEnum):
    """Where a version of the province's own is on its way into force."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    REFUSED = "refused"


class RuleVersion(WithId, Stamped, Base):
    """A version of a rule that the province itself enacts, beside the shipped files.

    Judged by once it is published, from `valid_from` on; then nothing of it changes any more.
    `definition` is the version as a rule file writes it (`regulations/<jurisdiction>/<rule>.yaml`).
    """

    __tablename__ = "rule_version"
    __table_args__ = (
        one_of("state", VersionState),
        one_of("jurisdiction", ("quang-nam", "da-nang")),
        Index(
            "uq_rule_version_published",
            *("rule", "jurisdiction", "valid_from"),
            unique=True,
            postgresql_where="state = 'published'",
        ),
    )

    rule: Mapped[str] = mapped_column(Text)
    jurisdiction: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The text it rests on, as documents.yaml writes it, and `file_id` where it was uploaded."""
    loosens: Mapped[bool]
    """Allows something that the version before it forbids; shown to the inspector."""
    state: Mapped[str] = mapped_column(Text, default=VersionState.DRAFT)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    drafted_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    settled_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    remark: Mapped[str | None] = mapped_column(Text)


class RuleCheck(WithId, Stamped, Base):
    """Somebody compared a rule with its sources on a day; a year later it is due again."""

    __tablename__ = "rule_check"
    __table_args__ = (Index("ix_rule_check_rule", "rule", "id"),)

    rule: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    remark: Mapped[str] = mapped_column(Text)


class ImpactRun(WithId, Stamped, Base):
    """What a drafted version would change, counted by a worker; `done` of `total` as it goes."""

    __tablename__ = "impact_run"
    __table_args__ = (
        one_of("state", ("waiting", "running", "done", "failed")),
        Index("ix_impact_run_rule_version_id", "rule_version_id", "id"),
    )

    rule_version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("rule_version.id"))
    revision: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text, default="waiting")
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int | None] = mapped_column(Integer)
    heard_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)
    """When its worker last told of progress."""
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    requested_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
