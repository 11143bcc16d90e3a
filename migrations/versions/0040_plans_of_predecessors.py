"""A merged agency works on with the plans of those it succeeds: they are its own from then on.

Reading only: nobody writes into a predecessor's plan any more.
"""

from alembic import op

from portal.tenancy.rls import TENANT, policy

revision = "0040"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("plan", "plan_item"):
        op.execute(policy(table, "succeeds", "SELECT", f"tenant_id IN (SELECT lineage({TENANT}))"))


def downgrade() -> None:
    for table in ("plan_item", "plan"):
        op.execute(f'DROP POLICY succeeds ON "{table}"')
