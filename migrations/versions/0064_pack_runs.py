"""Inspector's packs that a worker makes, because they are too large to wait for.

Each is its asker's alone. The portal itself works on them and deletes them after a day.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.tenancy.rls import TENANT, USER, enable, policy, scope_in

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pack_run",
        sa.Column("requested_by", sa.BigInteger(), nullable=False),
        sa.Column("asking_tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("scope", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.SmallInteger(), nullable=False),
        sa.Column("total", sa.SmallInteger(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')",
            name=op.f("ck_pack_run_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["user_account.id"],
            name=op.f("fk_pack_run_requested_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["asking_tenant_id"], ["tenant.id"], name=op.f("fk_pack_run_asking_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_run")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON pack_run TO portal_app")
    op.execute("GRANT SELECT ON pack_run TO portal_audit")
    for statement in _policies():
        op.execute(statement)


def _policies() -> list[str]:
    system = scope_in("system")
    own = f"({scope_in('inspector')} AND requested_by = {USER} AND asking_tenant_id = {TENANT})"
    return [
        *enable("pack_run"),
        policy("pack_run", "reads", "SELECT", f"{own} OR {system}"),
        policy("pack_run", "asks", "INSERT", f"{own} AND state = 'waiting'"),
        policy("pack_run", "works", "UPDATE", system),
        policy("pack_run", "forgets", "DELETE", system),
        policy("pack_run", "audits", "SELECT", "true", role="portal_audit"),
    ]


def downgrade() -> None:
    op.drop_table("pack_run")
