"""The province's own rule versions, checks of rules, impact runs, signals, tokens of programs.

Who reads and writes them is row-level security's business as for every other table. A published
version is out of everybody's reach: verdicts rest on it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.tenancy.rls import TENANT, enable, policy, scope_in

revision = "0050"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLES = ("rule_version", "rule_check", "impact_run", "signal", "api_token")


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_api_token_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_api_token_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
    )
    op.create_index("ix_api_token_tenant_id", "api_token", ["tenant_id"], unique=False)
    op.create_index("uq_api_token_digest", "api_token", ["digest"], unique=True)
    op.create_table(
        "rule_check",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_rule_check_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_check")),
    )
    op.create_index("ix_rule_check_rule", "rule_check", ["rule", "id"], unique=False)
    op.create_table(
        "rule_version",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("definition", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("loosens", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("drafted_by", sa.BigInteger(), nullable=False),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "jurisdiction IN ('quang-nam', 'da-nang')",
            name=op.f("ck_rule_version_jurisdiction_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'published', 'refused')",
            name=op.f("ck_rule_version_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by"],
            ["user_account.id"],
            name=op.f("fk_rule_version_drafted_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"],
            ["user_account.id"],
            name=op.f("fk_rule_version_settled_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version")),
    )
    op.create_index(
        "uq_rule_version_published",
        "rule_version",
        ["rule", "jurisdiction", "valid_from"],
        unique=True,
        postgresql_where="state = 'published'",
    )
    op.create_table(
        "signal",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("tenant_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('split-trip', 'same-content', 'urgent-chain', 'leaders-one-host', 'one-inviter', 'late-plan-items')",
            name=op.f("ck_signal_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["user_account.id"], name=op.f("fk_signal_settled_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
    )
    op.create_index(
        "ix_signal_open", "signal", ["id"], unique=False, postgresql_where="settled_at IS NULL"
    )
    op.create_index("uq_signal_kind_key", "signal", ["kind", "key"], unique=True)
    op.create_table(
        "impact_run",
        sa.Column("rule_version_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_by", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')",
            name=op.f("ck_impact_run_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["user_account.id"],
            name=op.f("fk_impact_run_requested_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_version_id"],
            ["rule_version.id"],
            name=op.f("fk_impact_run_rule_version_id_rule_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact_run")),
    )
    op.create_index(
        "ix_impact_run_rule_version_id", "impact_run", ["rule_version_id", "id"], unique=False
    )
    for statement in (*_grants(), *_policies()):
        op.execute(statement)


def _grants() -> list[str]:
    """Tables are younger than the grants of 0002."""
    return [
        f"GRANT SELECT, INSERT, UPDATE ON {', '.join(TABLES)} TO portal_app",
        "REVOKE UPDATE ON rule_check FROM portal_app",
        f"GRANT SELECT ON {', '.join(TABLES)} TO portal_audit",
        "REVOKE SELECT ON api_token FROM portal_audit",
        "GRANT SELECT (id, tenant_id, name, expires_on, revoked_at) ON api_token TO portal_audit",
    ]


def _policies() -> list[str]:
    focal, chair, system = scope_in("focal"), scope_in("chair"), scope_in("system")
    oversight = scope_in("focal", "chair", "inspector", "system")
    own = f"tenant_id = {TENANT} AND NOT {scope_in('inspector')}"
    statements = [statement for table in TABLES for statement in enable(table)]
    statements += [
        policy(table, "audits", "SELECT", "true", role="portal_audit") for table in TABLES
    ]
    changes = (
        "CREATE POLICY changes ON rule_version FOR UPDATE TO portal_app"
        f" USING (state IN ('draft', 'proposed') AND ({focal} OR {chair}))"
        f" WITH CHECK ({chair} OR ({focal} AND state IN ('draft', 'proposed')))"
    )
    return [
        *statements,
        # Everybody is judged by what is published; drafts are for those who make them.
        policy("rule_version", "reads", "SELECT", f"state = 'published' OR {oversight}"),
        policy("rule_version", "drafts", "INSERT", f"state = 'draft' AND ({focal} OR {system})"),
        changes,
        policy("rule_check", "reads", "SELECT", "true"),
        policy("rule_check", "inserts", "INSERT", focal),
        policy("impact_run", "reads", "SELECT", oversight),
        policy("impact_run", "inserts", "INSERT", f"state = 'waiting' AND ({focal} OR {chair})"),
        policy("impact_run", "updates", "UPDATE", system),
        policy("signal", "reads", "SELECT", scope_in("focal", "inspector", "system")),
        policy("signal", "finds", "INSERT", system),
        policy("signal", "settles", "UPDATE", scope_in("focal", "system")),
        # A program is known by its token before its tenant is: the lookup is the portal's own.
        policy("api_token", "reads", "SELECT", f"({own}) OR {system}"),
        policy("api_token", "inserts", "INSERT", own),
        policy("api_token", "updates", "UPDATE", f"({own}) OR {system}"),
    ]


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
