"""A reminder is promised once for a task and its due day; a person's bell lists without a scan."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE UNIQUE INDEX uq_outbox_reminder ON outbox"
        " (topic, ((payload ->> 'task_id')::bigint), (payload ->> 'due_on'))"
        " WHERE topic IN ('task-due-soon', 'task-overdue')"
    )
    op.execute("CREATE INDEX ix_notification_user_id_id ON notification (user_id, id)")


def downgrade() -> None:
    op.execute("DROP INDEX ix_notification_user_id_id")
    op.execute("DROP INDEX uq_outbox_reminder")
