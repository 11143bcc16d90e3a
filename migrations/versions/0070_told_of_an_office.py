"""A line under the bell tells of a file, or of an office that was entrusted to the person."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("notification", "activity_id", nullable=True)
    op.add_column("notification", sa.Column("stand_in_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_notification_stand_in_id_stand_in"),
        "notification",
        "stand_in",
        ["stand_in_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_notification_of_one_thing"),
        "notification",
        "num_nonnulls(activity_id, stand_in_id) = 1",
    )


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE activity_id IS NULL")
    op.drop_constraint(op.f("ck_notification_of_one_thing"), "notification")
    op.drop_column("notification", "stand_in_id")
    op.alter_column("notification", "activity_id", nullable=False)
