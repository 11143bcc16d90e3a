"""Who sees and changes which rows, as the application's own role.

Oversight (focal point, chair's office, standing committee, inspector) and shared rows (an opinion
asked of the police, a task on another desk) have policies of their own, never exemptions.
"""

import sqlalchemy as sa
from alembic import op

from portal.tenancy.rls import SCOPE, TENANT, USER, enable, policies, policy, scope_in

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Tables whose rows hang on an activity: whoever sees the activity sees them.
OF_AN_ACTIVITY = (
    "outbound",
    "delegation_member",
    "programme_item",
    "trip_report",
    "step",
    "task",
    "opinion",
    "decision",
    "amendment",
    "attachment",
    "verdict",
    "waiver",
)
REPLACEABLE = ("delegation_member", "programme_item")
APPEND_ONLY = ("step", "verdict", "audit_event")

OWN = f"tenant_id = {TENANT}"
OVERSIGHT = scope_in("focal", "chair", "committee", "inspector", "system")
CHANGES_NOTHING = f"{SCOPE} <> 'inspector'"


def upgrade() -> None:
    for statement in [
        *_grants(),
        *_directory(),
        *_identity(),
        *_plans(),
        *_activity(),
        *_of_an_activity(),
        *_ledgers(),
        *_facts_role(),
    ]:
        op.execute(statement)


def downgrade() -> None:
    bind = op.get_bind()
    rows = bind.execute(
        sa.text("SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema()")
    ).all()
    for table, name in rows:
        op.execute(sa.text(f'DROP POLICY {name} ON "{table}"'))
        op.execute(sa.text(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY'))
        op.execute(sa.text(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'))


def _grants() -> list[str]:
    statements = [
        "GRANT USAGE ON SCHEMA public TO portal_app, portal_audit, portal_facts",
        "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO portal_app",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO portal_audit",
        "REVOKE SELECT ON user_account, user_session FROM portal_audit",
        "GRANT SELECT (id, username, name, person_id, active) ON user_account TO portal_audit",
        "REVOKE INSERT, UPDATE ON quota_use FROM portal_app",
        "REVOKE INSERT, UPDATE ON alembic_version FROM portal_app",
        "GRANT DELETE ON quota_use TO portal_app",
    ]
    statements += [f"REVOKE UPDATE ON {table} FROM portal_app" for table in APPEND_ONLY]
    statements += [f"GRANT DELETE ON {table} TO portal_app" for table in REPLACEABLE]
    return statements


def _directory() -> list[str]:
    everyone, admin = "true", scope_in("admin", "system")
    return [
        statement
        for table in ("tenant", "tenant_alias", "tenant_capacity", "tenant_succession")
        for statement in policies(table, read=everyone, write=admin)
    ]


def _identity() -> list[str]:
    # Who works where and holds which office is no secret among those who are signed in.
    signed_in = f"{USER} IS NOT NULL OR {scope_in('admin', 'system')}"
    return [
        *policies("person", read=signed_in, write=f"{OWN} OR {scope_in('admin', 'system')}"),
        *policies("membership", read=signed_in, write=scope_in("admin", "system")),
        *policies(
            "stand_in",
            read=f"user_id = {USER} OR {OWN} OR {scope_in('admin', 'inspector', 'system')}",
            write=OWN,
        ),
    ]


def _plans() -> list[str]:
    return [
        statement
        for table in ("plan", "plan_item")
        for statement in policies(
            table, read=f"{OWN} OR {OVERSIGHT}", write=f"{OWN} AND {CHANGES_NOTHING}"
        )
    ]


def _activity() -> list[str]:
    # A tenant's drafts are its own until it submits; the inspector and the clocks see all.
    submitted = f"submitted_on IS NOT NULL AND {scope_in('focal', 'chair', 'committee')}"
    police = f"police_involved AND {scope_in('police')}"
    read = f"{OWN} OR ({submitted}) OR ({police}) OR {scope_in('inspector', 'system')}"
    write = f"({OWN} AND {CHANGES_NOTHING}) OR ({submitted}) OR ({police}) OR {scope_in('system')}"
    return policies("activity", read=read, write=write)


def _of_an_activity() -> list[str]:
    statements: list[str] = []
    for table in OF_AN_ACTIVITY:
        shared = (
            f'EXISTS (SELECT 1 FROM activity a WHERE a.id = "{table}".activity_id'
            f' AND a.tenant_id = "{table}".tenant_id)'
        )
        read = f"{OWN} OR {shared}"
        if table == "task":
            read = f"{OWN} OR desk_tenant_id = {TENANT} OR {shared}"
        write = f"{CHANGES_NOTHING} AND {shared}"
        delete = write if table in REPLACEABLE else None
        statements += policies(table, read=read, write=write, delete=delete)
    return statements


def _ledgers() -> list[str]:
    through_activity = "EXISTS (SELECT 1 FROM activity a WHERE a.id = quota_use.activity_id)"
    return [
        # Slots are taken by a function that sees them all (0003); given back through the file.
        *policies(
            "quota_use",
            read=through_activity,
            delete=f"{CHANGES_NOTHING} AND {through_activity}",
        ),
        *policies("audit_event", read=f"chain_id = {TENANT} OR {scope_in('inspector', 'system')}"),
        policy("audit_event", "inserts", "INSERT", "true"),
        *policies("audit_head", read="true", write="true"),
        *enable("outbox"),
        policy("outbox", "reads", "SELECT", scope_in("system")),
        policy("outbox", "inserts", "INSERT", "true"),
        policy("outbox", "updates", "UPDATE", scope_in("system")),
        *policies(
            "notification",
            read=f"user_id = {USER} OR {scope_in('system')}",
            write=f"user_id = {USER} OR {scope_in('system')}",
        ),
    ]


def _facts_role() -> list[str]:
    """The compliance service reads across tenants only inside the functions of 0003."""
    readable = (
        "activity",
        "delegation_member",
        "trip_report",
        "plan",
        "plan_item",
        "person",
        "tenant_succession",
        "quota_use",
        "user_account",
    )
    statements = [f"GRANT SELECT ON {', '.join(readable)} TO portal_facts"]
    statements.append("GRANT INSERT ON quota_use TO portal_facts")
    statements += [
        policy(table, "facts", "SELECT", "true", role="portal_facts")
        for table in readable
        if table != "user_account"
    ]
    statements.append(policy("quota_use", "takes", "INSERT", "true", role="portal_facts"))
    return statements
