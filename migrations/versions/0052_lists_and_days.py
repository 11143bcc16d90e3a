"""Indexes for the lists of the police, for spans of days and for the inspector's desk; own plans
are recognised before anybody asks which agencies one has succeeded.

With two policies PostgreSQL asked `lineage` at every statement about plans, up to five times; in
one condition it is the last question, and a unit's own plans never come to it.
"""

from alembic import op

from portal.tenancy.rls import TENANT, policy, scope_in

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_activity_police_state": "(state, id) WHERE police_involved",
    # The days of return are looked at inside the index: the calendar reads no file in vain.
    "ix_activity_days": "(starts_on, ends_on)",
    "ix_activity_after_the_fact": "(starts_on) WHERE after_the_fact",
}
OVERSEEN = (
    f"tenant_id = {TENANT} OR {scope_in('focal', 'chair', 'committee', 'inspector', 'system')}"
)
SUCCEEDED = f"tenant_id IN (SELECT lineage({TENANT}))"


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON activity {columns}")
    op.execute("DROP INDEX ix_activity_starts_on")
    for table in ("plan", "plan_item"):
        op.execute(f'DROP POLICY succeeds ON "{table}"')
        op.execute(f'ALTER POLICY reads ON "{table}" USING ({OVERSEEN} OR {SUCCEEDED})')


def downgrade() -> None:
    for table in ("plan_item", "plan"):
        op.execute(f'ALTER POLICY reads ON "{table}" USING ({OVERSEEN})')
        op.execute(policy(table, "succeeds", "SELECT", SUCCEEDED))
    op.execute("CREATE INDEX ix_activity_starts_on ON activity (starts_on)")
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
