"""Tables of the portal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("chain_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_tenant_id", sa.BigInteger(), nullable=True),
        sa.Column("acting_for_user_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "seq", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"], unique=False)
    op.create_index(
        "ix_audit_event_subject", "audit_event", ["subject_type", "subject_id"], unique=False
    )
    op.create_table(
        "audit_head",
        sa.Column("chain_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "tenant",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("internal_review", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "kind IN ('department', 'district', 'commune', 'mass-organisation', 'socio-political', 'party-body', 'people-council', 'public-unit', 'police', 'focal', 'chair-office')",
            name=op.f("ck_tenant_kind_known"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_tenant_valid_period")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["tenant.id"], name=op.f("fk_tenant_parent_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
        sa.UniqueConstraint("code", name=op.f("uq_tenant_code")),
    )
    op.create_table(
        "outbox",
        sa.Column("owner_tenant_id", sa.BigInteger(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_tenant_id"], ["tenant.id"], name=op.f("fk_outbox_owner_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["next_try_at", "id"],
        unique=False,
        postgresql_where="done_at IS NULL",
    )
    op.create_table(
        "person",
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("honorific", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("key_leader", sa.Boolean(), nullable=False),
        sa.Column("managed_by", sa.Text(), nullable=False),
        sa.Column("sensitive_post", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "managed_by IN ('central', 'standing-committee', 'chair', 'agency')",
            name=op.f("ck_person_managed_by_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_person_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(
        "ix_person_search_key",
        "person",
        ["search_key"],
        unique=False,
        postgresql_ops={"search_key": "text_pattern_ops"},
    )
    op.create_index(
        "ix_person_tenant_id_sort_key", "person", ["tenant_id", "sort_key"], unique=False
    )
    op.create_table(
        "plan",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decision_no", sa.Text(), nullable=True),
        sa.Column("decision_date", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'approved')", name=op.f("ck_plan_status_known")
        ),
        sa.CheckConstraint("year BETWEEN 2000 AND 2099", name=op.f("ck_plan_year_range")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_plan_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index("ix_plan_tenant_id_year", "plan", ["tenant_id", "year"], unique=False)
    op.create_table(
        "tenant_alias",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_tenant_alias_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_alias")),
        sa.UniqueConstraint("code", name=op.f("uq_tenant_alias_code")),
    )
    op.create_table(
        "tenant_capacity",
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "capacity IN ('focal', 'police', 'chair', 'committee', 'inspectorate', 'administration')",
            name=op.f("ck_tenant_capacity_capacity_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_tenant_capacity_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_capacity")),
    )
    op.create_index("ix_tenant_capacity_tenant_id", "tenant_capacity", ["tenant_id"], unique=False)
    op.create_index(
        "uq_tenant_capacity_open",
        "tenant_capacity",
        ["capacity"],
        unique=True,
        postgresql_where="valid_to IS NULL",
    )
    op.create_table(
        "tenant_succession",
        sa.Column("predecessor_id", sa.BigInteger(), nullable=False),
        sa.Column("successor_id", sa.BigInteger(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "predecessor_id <> successor_id", name=op.f("ck_tenant_succession_not_itself")
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["tenant.id"],
            name=op.f("fk_tenant_succession_predecessor_id_tenant"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["tenant.id"], name=op.f("fk_tenant_succession_successor_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_succession")),
        sa.UniqueConstraint(
            "predecessor_id",
            "successor_id",
            name=op.f("uq_tenant_succession_predecessor_id_successor_id"),
        ),
    )
    op.create_index(
        op.f("ix_tenant_succession_successor_id"),
        "tenant_succession",
        ["successor_id"],
        unique=False,
    )
    op.create_table(
        "plan_item",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("countries", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=True),
        sa.Column("size", sa.SmallInteger(), nullable=True),
        sa.Column("leader_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('outbound', 'inbound', 'conference', 'project', 'agreement')",
            name=op.f("ck_plan_item_kind_known"),
        ),
        sa.CheckConstraint(
            "origin IN ('original', 'supplement', 'carried-over')",
            name=op.f("ck_plan_item_origin_known"),
        ),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_plan_item_month_range")),
        sa.CheckConstraint("size >= 1", name=op.f("ck_plan_item_size_range")),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["person.id"], name=op.f("fk_plan_item_leader_id_person")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_item_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_plan_item_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_plan_item_plan_id_code")),
    )
    op.create_index(op.f("ix_plan_item_plan_id"), "plan_item", ["plan_id"], unique=False)
    op.create_index("ix_plan_item_tenant_id", "plan_item", ["tenant_id"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("last_tenant_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["last_tenant_id"], ["tenant.id"], name=op.f("fk_user_account_last_tenant_id_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_user_account_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_index(op.f("ix_user_account_person_id"), "user_account", ["person_id"], unique=False)
    op.create_table(
        "activity",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("plan_item_id", sa.BigInteger(), nullable=True),
        sa.Column("paper_register_no", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("countries", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("lead_person_id", sa.BigInteger(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("urgent_reason", sa.Text(), nullable=True),
        sa.Column("after_the_fact", sa.Boolean(), nullable=False),
        sa.Column("after_the_fact_reason", sa.Text(), nullable=True),
        sa.Column("referred", sa.Boolean(), nullable=False),
        sa.Column("referral_reason", sa.Text(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.Column("police_involved", sa.Boolean(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("blocks", sa.SmallInteger(), nullable=False),
        sa.Column("warnings", sa.SmallInteger(), nullable=False),
        sa.Column("holder_tenant_id", sa.BigInteger(), nullable=True),
        sa.Column("holder_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("passports_returned_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "field IN ('economy', 'culture', 'education', 'health', 'environment', 'justice', 'party', 'general')",
            name=op.f("ck_activity_field_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('outbound', 'inbound', 'conference', 'project', 'agreement')",
            name=op.f("ck_activity_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in-review', 'submitted', 'in-appraisal', 'returned', 'appraised', 'approved', 'rejected', 'under-way', 'completed', 'reported', 'closed', 'withdrawn', 'cancelled')",
            name=op.f("ck_activity_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_activity_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["holder_tenant_id"], ["tenant.id"], name=op.f("fk_activity_holder_tenant_id_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["lead_person_id"], ["person.id"], name=op.f("fk_activity_lead_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["plan_item_id"], ["plan_item.id"], name=op.f("fk_activity_plan_item_id_plan_item")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_activity_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(
        "ix_activity_lead_person_id", "activity", ["lead_person_id", "id"], unique=False
    )
    op.create_index(
        "ix_activity_moving",
        "activity",
        ["state", "starts_on", "ends_on"],
        unique=False,
        postgresql_where="state IN ('approved', 'under-way')",
    )
    op.create_index("ix_activity_plan_item_id", "activity", ["plan_item_id"], unique=False)
    op.create_index(
        "ix_activity_police", "activity", ["id"], unique=False, postgresql_where="police_involved"
    )
    op.create_index("ix_activity_starts_on", "activity", ["starts_on"], unique=False)
    op.create_index(
        "ix_activity_state_id",
        "activity",
        ["state", "id"],
        unique=False,
        postgresql_where="submitted_on IS NOT NULL",
    )
    op.create_index(
        "ix_activity_submitted",
        "activity",
        ["id"],
        unique=False,
        postgresql_where="submitted_on IS NOT NULL",
    )
    op.create_index("ix_activity_tenant_id_id", "activity", ["tenant_id", "id"], unique=False)
    op.create_index(
        "ix_activity_tenant_id_starts_on", "activity", ["tenant_id", "starts_on"], unique=False
    )
    op.create_index(
        "ix_activity_tenant_id_state_id", "activity", ["tenant_id", "state", "id"], unique=False
    )
    op.create_index(
        "ix_activity_unreported",
        "activity",
        ["tenant_id", "ends_on"],
        unique=False,
        postgresql_where="reported_on IS NULL OR passports_returned_on IS NULL",
    )
    op.create_table(
        "membership",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_membership_valid_period")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_membership_tenant_id_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(
        "ix_membership_tenant_id_role", "membership", ["tenant_id", "role"], unique=False
    )
    op.create_index("ix_membership_user_id", "membership", ["user_id"], unique=False)
    op.create_table(
        "amendment",
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("size", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size IN ('small', 'large')", name=op.f("ck_amendment_size_known")),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'appraised', 'applied', 'refused', 'withdrawn')",
            name=op.f("ck_amendment_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_amendment_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_amendment_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_amendment_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("activity_id", "number", name=op.f("uq_amendment_activity_id_number")),
    )
    op.create_index(
        "uq_amendment_open",
        "amendment",
        ["activity_id"],
        unique=True,
        postgresql_where="state IN ('draft', 'submitted', 'appraised')",
    )
    op.create_table(
        "attachment",
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('invitation', 'programme', 'estimate', 'opinion', 'consent', 'decision', 'report', 'other')",
            name=op.f("ck_attachment_kind_known"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachment_not_empty")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_attachment_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_attachment_tenant_id_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"],
            ["user_account.id"],
            name=op.f("fk_attachment_uploaded_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_activity_id", "attachment", ["activity_id"], unique=False)
    op.create_table(
        "delegation_member",
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("relative_of_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("went", sa.Boolean(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "role IN ('head', 'deputy', 'member')", name=op.f("ck_delegation_member_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_delegation_member_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_delegation_member_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["relative_of_id"],
            ["person.id"],
            name=op.f("fk_delegation_member_relative_of_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_delegation_member_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation_member")),
        sa.UniqueConstraint(
            "activity_id", "person_id", name=op.f("uq_delegation_member_activity_id_person_id")
        ),
    )
    op.create_index(
        "ix_delegation_member_person_id", "delegation_member", ["person_id"], unique=False
    )
    op.create_table(
        "notification",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("desk_tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_notification_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["desk_tenant_id"], ["tenant.id"], name=op.f("fk_notification_desk_tenant_id_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_notification_outbox_id_outbox")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notification_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("user_id", "outbox_id", name=op.f("uq_notification_user_id_outbox_id")),
    )
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["user_id", "id"],
        unique=False,
        postgresql_where="read_at IS NULL",
    )
    op.create_table(
        "opinion",
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('agree', 'agree-with-conditions', 'object', 'received-on-paper')",
            name=op.f("ck_opinion_answer_known"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_opinion_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user_account.id"], name=op.f("fk_opinion_answered_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_opinion_asked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_opinion_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
    )
    op.create_index("ix_opinion_activity_id", "opinion", ["activity_id"], unique=False)
    op.create_table(
        "outbound",
        sa.Column("activity_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("host_partner", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("invitation_from", sa.Text(), nullable=False),
        sa.Column("invitation_date", sa.Date(), nullable=True),
        sa.Column("necessity", sa.Text(), nullable=False),
        sa.Column("funding", sa.Text(), nullable=True),
        sa.Column("cost_vnd", sa.Numeric(precision=15, scale=0), nullable=True),
        sa.Column("organiser", sa.Text(), nullable=True),
        sa.Column("leader_rank", sa.Text(), nullable=True),
        sa.Column("important_event", sa.Boolean(), nullable=False),
        sa.Column("secret_documents", sa.Boolean(), nullable=False),
        sa.Column("secret_permission", sa.Boolean(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("unsaved", postgresql.JSONB(), nullable=True),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "funding IN ('state', 'host', 'enterprise', 'personal')",
            name=op.f("ck_outbound_funding_known"),
        ),
        sa.CheckConstraint(
            "leader_rank IN ('province-leader', 'province-deputy', 'department')",
            name=op.f("ck_outbound_leader_rank_known"),
        ),
        sa.CheckConstraint(
            "organiser IN ('agency', 'enterprise')", name=op.f("ck_outbound_organiser_known")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_outbound_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_outbound_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_outbound")),
    )
    op.create_table(
        "programme_item",
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("topics", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_programme_item_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_programme_item_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_item")),
    )
    op.create_index(
        "ix_programme_item_activity_id", "programme_item", ["activity_id"], unique=False
    )
    op.create_table(
        "stand_in",
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("appointed_by", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_stand_in_valid_period")),
        sa.ForeignKeyConstraint(
            ["appointed_by"],
            ["user_account.id"],
            name=op.f("fk_stand_in_appointed_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_stand_in_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_stand_in_tenant_id_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_stand_in_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in")),
    )
    op.create_index(op.f("ix_stand_in_membership_id"), "stand_in", ["membership_id"], unique=False)
    op.create_index("ix_stand_in_tenant_id", "stand_in", ["tenant_id"], unique=False)
    op.create_index("ix_stand_in_user_id", "stand_in", ["user_id"], unique=False)
    op.create_table(
        "step",
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("actor_tenant_id", sa.BigInteger(), nullable=True),
        sa.Column("acting_for", sa.Text(), nullable=True),
        sa.Column("acting_for_user_id", sa.BigInteger(), nullable=True),
        sa.Column("acting_for_person_id", sa.BigInteger(), nullable=True),
        sa.Column("signs_for", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["acting_for_person_id"],
            ["person.id"],
            name=op.f("fk_step_acting_for_person_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["acting_for_user_id"],
            ["user_account.id"],
            name=op.f("fk_step_acting_for_user_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_step_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["actor_tenant_id"], ["tenant.id"], name=op.f("fk_step_actor_tenant_id_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_step_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_step_tenant_id_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_step_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
    )
    op.create_index("ix_step_activity_id", "step", ["activity_id", "id"], unique=False)
    op.create_table(
        "task",
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("desk_tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_task_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["desk_tenant_id"], ["tenant.id"], name=op.f("fk_task_desk_tenant_id_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_task_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index("ix_task_activity_id", "task", ["activity_id"], unique=False)
    op.create_index(
        "ix_task_desk_open",
        "task",
        ["desk_tenant_id", "due_on", "id"],
        unique=False,
        postgresql_where="closed_at IS NULL",
    )
    op.create_index(
        "uq_task_open",
        "task",
        ["activity_id", "kind", "desk_tenant_id"],
        unique=True,
        postgresql_where="closed_at IS NULL",
    )
    op.create_table(
        "trip_report",
        sa.Column("activity_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("departed_on", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("countries", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("follow_up", sa.Text(), nullable=False),
        sa.Column("cost_vnd", sa.Numeric(precision=15, scale=0), nullable=True),
        sa.Column("over_limit_reason", sa.Text(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("reported_by", sa.BigInteger(), nullable=True),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_trip_report_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"],
            ["user_account.id"],
            name=op.f("fk_trip_report_reported_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_trip_report_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_trip_report")),
    )
    op.create_table(
        "verdict",
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stage IN ('submission', 'decision')", name=op.f("ck_verdict_stage_known")
        ),
        sa.CheckConstraint(
            "verdict IN ('pass', 'warn', 'block')", name=op.f("ck_verdict_verdict_known")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_verdict_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_verdict_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    op.create_index("ix_verdict_activity_id", "verdict", ["activity_id", "id"], unique=False)
    op.create_table(
        "waiver",
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_waiver_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user_account.id"], name=op.f("fk_waiver_recorded_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_waiver_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
        sa.UniqueConstraint("activity_id", "rule", name=op.f("uq_waiver_activity_id_rule")),
    )
    op.create_table(
        "decision",
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("amendment_id", sa.BigInteger(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("attachment_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "act IN ('consent', 'decision', 'central')", name=op.f("ck_decision_act_known")
        ),
        sa.CheckConstraint(
            "outcome IN ('approved', 'rejected')", name=op.f("ck_decision_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_decision_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["amendment_id"], ["amendment.id"], name=op.f("fk_decision_amendment_id_amendment")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_decision_attachment_id_attachment")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user_account.id"], name=op.f("fk_decision_recorded_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_decision_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_activity_id", "decision", ["activity_id"], unique=False)
    op.create_table(
        "quota_use",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.SmallInteger(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("limit", sa.SmallInteger(), nullable=False),
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("waiver_id", sa.BigInteger(), nullable=True),
        sa.Column("over_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "rule IN ('outbound.leader-trips', 'outbound.supplement-quota')",
            name=op.f("ck_quota_use_rule_known"),
        ),
        sa.CheckConstraint(
            'slot <= "limit" OR waiver_id IS NOT NULL OR over_reason IS NOT NULL',
            name=op.f("ck_quota_use_over_the_limit_says_why"),
        ),
        sa.CheckConstraint("slot >= 1", name=op.f("ck_quota_use_slot_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_quota_use_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["waiver_id"], ["waiver.id"], name=op.f("fk_quota_use_waiver_id_waiver")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_use")),
        sa.UniqueConstraint(
            "rule",
            "subject_id",
            "activity_id",
            name=op.f("uq_quota_use_rule_subject_id_activity_id"),
        ),
        sa.UniqueConstraint(
            "rule",
            "subject_id",
            "period",
            "slot",
            name=op.f("uq_quota_use_rule_subject_id_period_slot"),
        ),
    )
    op.create_index("ix_quota_use_activity_id", "quota_use", ["activity_id"], unique=False)
    op.create_table(
        "user_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id_now", sa.BigInteger(), nullable=True),
        sa.Column("stand_in_id", sa.BigInteger(), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["stand_in_id"], ["stand_in.id"], name=op.f("fk_user_session_stand_in_id_stand_in")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id_now"], ["tenant.id"], name=op.f("fk_user_session_tenant_id_now_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)


def downgrade() -> None:
    for table in TABLES:
        op.execute(sa.text(f'DROP TABLE IF EXISTS "{table}" CASCADE'))


TABLES = (
    "audit_event",
    "audit_head",
    "tenant",
    "outbox",
    "person",
    "plan",
    "tenant_alias",
    "tenant_capacity",
    "tenant_succession",
    "plan_item",
    "user_account",
    "activity",
    "membership",
    "amendment",
    "attachment",
    "delegation_member",
    "notification",
    "opinion",
    "outbound",
    "programme_item",
    "stand_in",
    "step",
    "task",
    "trip_report",
    "verdict",
    "waiver",
    "decision",
    "quota_use",
    "user_session",
)
