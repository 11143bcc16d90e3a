"""The word lists under row-level security too: only the functions that keep and ask them read them."""

from alembic import op

from portal.tenancy.rls import enable, policy

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    statements = [
        *enable("activity_search"),
        policy("activity_search", "keeps", "INSERT", "true", role="portal_facts"),
        policy("activity_search", "renews", "UPDATE", "true", role="portal_facts"),
        policy("activity_search", "finds", "SELECT", "true", role="portal_facts"),
    ]
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    for name in ("keeps", "renews", "finds"):
        op.execute(f"DROP POLICY {name} ON activity_search")
    op.execute("ALTER TABLE activity_search NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE activity_search DISABLE ROW LEVEL SECURITY")
