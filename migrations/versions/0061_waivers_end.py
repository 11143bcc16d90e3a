"""A waiver says until when a decision may rest on it; after that it may be granted anew.

Until now one waiver of a rule was all that a file could have. A document waives a rule for a file
once; when it ran out before the decision, another document may.
"""

import sqlalchemy as sa
from alembic import op

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


def downgrade() -> None:
    op.drop_constraint(op.f("uq_waiver_activity_id_rule_document_no"), "waiver", type_="unique")
    op.create_unique_constraint(
        op.f("uq_waiver_activity_id_rule"), "waiver", ["activity_id", "rule"]
    )
    op.drop_column("waiver", "expires_on")
