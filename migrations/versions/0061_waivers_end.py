"""A waiver says until when a decision may rest on it; a settled signal is out of everybody's reach.

Until now one waiver of a rule was all that a file could have. A document waives a rule for a file
once; when it ran out before the decision, another document may. And what was settled with a reason
stays settled: nobody, the sweep included, writes into that row any more.
"""

import sqlalchemy as sa
from alembic import op

from portal.tenancy.rls import scope_in

revision = "0061"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("waiver", sa.Column("expires_on", sa.Date(), nullable=True))
    op.drop_constraint(op.f("uq_waiver_activity_id_rule"), "waiver", type_="unique")
    op.create_unique_constraint(
        op.f("uq_waiver_activity_id_rule_document_no"),
        "waiver",
        ["activity_id", "rule", "document_no"],
    )
    op.execute("DROP POLICY settles ON signal")
    op.execute(settles("settled_at IS NULL AND "))


def settles(only_if: str) -> str:
    """Who may change which signal, and into what."""
    who = scope_in("focal", "system")
    return (
        "CREATE POLICY settles ON signal FOR UPDATE TO portal_app"
        f" USING ({only_if}{who}) WITH CHECK ({who})"
    )


def downgrade() -> None:
    op.execute("DROP POLICY settles ON signal")
    op.execute(settles(""))
    op.drop_constraint(op.f("uq_waiver_activity_id_rule_document_no"), "waiver", type_="unique")
    op.create_unique_constraint(
        op.f("uq_waiver_activity_id_rule"), "waiver", ["activity_id", "rule"]
    )
    op.drop_column("waiver", "expires_on")
