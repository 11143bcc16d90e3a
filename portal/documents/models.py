"""Table of the dossier files."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Stamped, TenantOwned, WithId, one_of
from portal.extensions import Base


class AttachmentKind(StrEnum):
    """What a dossier file is."""

    INVITATION = "invitation"
    PROGRAMME = "programme"
    ESTIMATE = "estimate"
    OPINION = "opinion"
    CONSENT = "consent"
    DECISION = "decision"
    REPORT = "report"
    OTHER = "other"


class Attachment(WithId, TenantOwned, Stamped, Base):
    """A file of an activity's dossier; its bytes lie under their SHA-256 in the data folder."""

    __tablename__ = "attachment"
    __table_args__ = (
        one_of("kind", AttachmentKind),
        CheckConstraint("size > 0", name="not_empty"),
        Index("ix_attachment_activity_id", "activity_id"),
    )

    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activity.id"))
    kind: Mapped[str] = mapped_column(Text)
    filename: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(Text)
    uploaded_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
