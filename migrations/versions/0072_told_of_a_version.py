"""A line under the bell may tell of a version of a rule: that it waits, or what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

CHECK = op.f("ck_notification_of_one_thing")


def upgrade() -> None:
    op.add_column("notification", sa.Column("rule_version_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_notification_rule_version_id_rule_version"),
        "notification",
        "rule_version",
        ["rule_version_id"],
        ["id"],
    )
    op.drop_constraint(CHECK, "notification")
    op.create_check_constraint(
        CHECK, "notification", "num_nonnulls(activity_id, stand_in_id, rule_version_id) = 1"
    )


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE rule_version_id IS NOT NULL")
    op.drop_constraint(CHECK, "notification")
    op.drop_column("notification", "rule_version_id")
    op.create_check_constraint(CHECK, "notification", "num_nonnulls(activity_id, stand_in_id) = 1")
