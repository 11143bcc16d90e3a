"""When the worker that counts what a version would change last told of progress, as for packs."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("impact_run", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE impact_run SET heard_at = coalesce(finished_at, created_at)")
    op.alter_column("impact_run", "heard_at", nullable=False)


def downgrade() -> None:
    op.drop_column("impact_run", "heard_at")
