"""Tables of the API: a tenant's tokens."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Stamped, TenantOwned, WithId
from portal.extensions import Base


class ApiToken(WithId, TenantOwned, Stamped, Base):
    """Lets a program ask for one tenant. Only the SHA-256 of the secret is kept."""

    __tablename__ = "api_token"
    __table_args__ = (
        Index("uq_api_token_digest", "digest", unique=True),
        Index("ix_api_token_tenant_id", "tenant_id"),
    )

    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    expires_on: Mapped[date] = mapped_column(Date)
    created_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_used_on: Mapped[date | None] = mapped_column(Date)
