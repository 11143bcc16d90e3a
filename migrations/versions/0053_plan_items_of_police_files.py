"""The police read the plan items of the files that involve them: without them a supplement looked
like an item of the plan, and "not in the plan" left it out.
"""

from alembic import op

from portal.tenancy.rls import TENANT, scope_in

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

OVERSEEN = (
    f"tenant_id = {TENANT} OR {scope_in('focal', 'chair', 'committee', 'inspector', 'system')}"
)
OF_POLICE_FILES = f"""({scope_in("police")} AND EXISTS (
    SELECT 1 FROM activity a WHERE a.plan_item_id = plan_item.id AND a.police_involved))"""
SUCCEEDED = f"tenant_id IN (SELECT lineage({TENANT}))"


def upgrade() -> None:
    op.execute(
        f"ALTER POLICY reads ON plan_item USING ({OVERSEEN} OR {OF_POLICE_FILES} OR {SUCCEEDED})"
    )


def downgrade() -> None:
    op.execute(f"ALTER POLICY reads ON plan_item USING ({OVERSEEN} OR {SUCCEEDED})")
