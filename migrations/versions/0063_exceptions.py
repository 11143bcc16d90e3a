"""What the exceptions' pages read: files by the day of their decision, places above a limit.

The first index carries what row-level security asks of a file, so that counting reads it alone.
"""

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_activity_decided_on",
        "activity",
        ["decided_on"],
        postgresql_where="decided_on IS NOT NULL",
        postgresql_include=["tenant_id", "submitted_on", "police_involved"],
    )
    op.create_index(
        "ix_quota_use_above",
        "quota_use",
        ["activity_id"],
        postgresql_where='slot > "limit" AND waiver_id IS NULL',
    )


def downgrade() -> None:
    op.drop_index("ix_quota_use_above", "quota_use")
    op.drop_index("ix_activity_decided_on", "activity")
