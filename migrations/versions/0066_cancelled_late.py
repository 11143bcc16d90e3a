"""Where the exceptions' page finds the trips that were cancelled when they were to be under way."""

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_step_cancelled_late",
        "step",
        ["activity_id"],
        postgresql_where="action = 'cancel' AND from_state IN ('under-way', 'completed')",
    )


def downgrade() -> None:
    op.drop_index("ix_step_cancelled_late", "step")
