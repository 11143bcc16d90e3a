"""What identity needs beyond the spine: the chosen office, one-time passwords, search by word.

An office is (tenant, scope, stand-in or own): somebody who drafts for an agency and appraises for
it holds two of them and chooses, so the session remembers the scope beside the tenant.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0020"
branch_labels = None
depends_on = None

# Replaces the function of 0003. New: the office is chosen by scope too, a stand-in must still
# belong to the tenant, and the answer says when the chosen office is gone or the password was a
# one-time one.
OPEN_SESSION = """
CREATE OR REPLACE FUNCTION open_session(token bytea, at timestamptz, idle interval) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    found_session user_session;
    account user_account;
    offices jsonb;
    chosen jsonb;
    kept boolean;
    home bigint;
    day date := (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
BEGIN
    SELECT * INTO found_session FROM user_session s
     WHERE s.token_hash = token AND s.revoked_at IS NULL
       AND s.expires_at > at AND s.last_seen_at > at - idle;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO account FROM user_account u WHERE u.id = found_session.user_id AND u.active;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('portal.user_id', account.id::text, true);
    SELECT jsonb_agg(to_jsonb(o) ORDER BY o.stand_in_id NULLS FIRST, o.tenant_name, o.scope, o.role)
      INTO offices
      FROM (
        SELECT m.tenant_id, t.name_vi AS tenant_name, t.name_en AS tenant_name_en,
               m.role, m.fields, NULL::bigint AS stand_in_id, NULL::text AS acting_for,
               NULL::bigint AS acting_for_user_id, NULL::bigint AS acting_for_person_id,
               office_scope(m.tenant_id, m.role, day) AS scope
          FROM membership m JOIN tenant t ON t.id = m.tenant_id
         WHERE m.user_id = account.id AND m.revoked_at IS NULL
           AND day >= m.valid_from AND (m.valid_to IS NULL OR day <= m.valid_to)
           AND day >= t.valid_from AND (t.valid_to IS NULL OR day <= t.valid_to)
        UNION ALL
        SELECT m.tenant_id, t.name_vi, t.name_en, m.role, m.fields, s.id, p.name, p.id, p.person_id,
               office_scope(m.tenant_id, m.role, day)
          FROM stand_in s
          JOIN membership m ON m.id = s.membership_id
          JOIN user_account p ON p.id = m.user_id AND p.active
          JOIN tenant t ON t.id = m.tenant_id
         WHERE s.user_id = account.id AND s.revoked_at IS NULL AND m.revoked_at IS NULL
           AND day BETWEEN s.valid_from AND s.valid_to
           AND day >= m.valid_from AND (m.valid_to IS NULL OR day <= m.valid_to)
           AND day >= t.valid_from AND (t.valid_to IS NULL OR day <= t.valid_to)
           AND EXISTS (
               SELECT 1 FROM membership own
                WHERE own.user_id = account.id AND own.tenant_id = m.tenant_id
                  AND own.revoked_at IS NULL AND day >= own.valid_from
                  AND (own.valid_to IS NULL OR day <= own.valid_to))
           AND NOT (account.person_id IS NOT NULL AND is_abroad(account.person_id, day))
      ) o
     WHERE o.scope IS NOT NULL;
    offices := coalesce(offices, '[]'::jsonb);
    SELECT o INTO chosen FROM jsonb_array_elements(offices) o
     WHERE (o ->> 'tenant_id')::bigint = found_session.tenant_id_now
       AND (o ->> 'stand_in_id')::bigint IS NOT DISTINCT FROM found_session.stand_in_id
       AND o ->> 'scope' = found_session.scope_now
     LIMIT 1;
    kept := chosen IS NOT NULL;
    IF NOT kept THEN
        SELECT p.tenant_id INTO home FROM person p WHERE p.id = account.person_id;
        SELECT o INTO chosen FROM jsonb_array_elements(offices) o
         ORDER BY (o ->> 'stand_in_id') IS NOT NULL,
                  (o ->> 'tenant_id')::bigint IS NOT DISTINCT FROM account.last_tenant_id DESC,
                  (o ->> 'tenant_id')::bigint IS NOT DISTINCT FROM home DESC,
                  array_position(
                      ARRAY['focal', 'police', 'chair', 'committee', 'inspector', 'admin', 'own'],
                      o ->> 'scope')
         LIMIT 1;
    END IF;
    PERFORM set_config('portal.tenant_id', coalesce(chosen ->> 'tenant_id', ''), true),
            set_config('portal.scope', coalesce(chosen ->> 'scope', ''), true);
    RETURN jsonb_build_object(
        'session_id', found_session.id, 'last_seen_at', found_session.last_seen_at,
        'user_id', account.id, 'username', account.username, 'name', account.name,
        'person_id', account.person_id, 'locale', account.locale,
        'one_time_password', account.one_time_password,
        'offices', offices,
        'chose', found_session.tenant_id_now IS NOT NULL, 'kept', kept,
        'tenant_id', chosen -> 'tenant_id', 'stand_in_id', chosen -> 'stand_in_id',
        'scope', chosen ->> 'scope');
END
$$"""

# A prefix of any word of a name, found by index under row-level security: comparisons of text are
# leakproof, LIKE and text search are not.
PERSON_WORDS = """
CREATE FUNCTION person_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.search_key = OLD.search_key THEN
            RETURN NULL;
        END IF;
        DELETE FROM person_word w WHERE w.person_id = NEW.id;
    END IF;
    INSERT INTO person_word (person_id, word)
    SELECT DISTINCT NEW.id, word FROM unnest(string_to_array(NEW.search_key, ' ')) word
     WHERE word <> '';
    RETURN NULL;
END
$$"""

SWITCH_RIGHTS = "SELECT (id, internal_review), UPDATE (internal_review)"
# The head switches internal review of their own agency; nothing else of the directory is theirs.
SET_INTERNAL_REVIEW = """
CREATE FUNCTION set_internal_review(wanted boolean) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
    UPDATE tenant SET internal_review = wanted
     WHERE id = nullif(current_setting('portal.tenant_id', true), '')::bigint
       AND current_setting('portal.scope', true) = 'own'
       AND internal_review <> wanted
    RETURNING true
$$"""


def upgrade() -> None:
    op.add_column("user_session", sa.Column("scope_now", sa.Text(), nullable=True))
    op.add_column(
        "user_account",
        sa.Column(
            "one_time_password", sa.Boolean(), nullable=False, server_default=sa.text("false")
        ),
    )
    op.execute("GRANT DELETE ON user_session TO portal_app")
    op.execute(OPEN_SESSION)
    _person_words()
    _internal_review()


def _person_words() -> None:
    op.create_table(
        "person_word",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_word_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "word", name=op.f("pk_person_word")),
    )
    op.create_index(op.f("ix_person_word_word"), "person_word", ["word", "person_id"])
    # By code point on every server: the key is made for that order.
    op.alter_column("person", "sort_key", type_=sa.Text(collation="C"))
    op.create_index(op.f("ix_person_sort_key_id"), "person", ["sort_key", "id"])
    op.execute("GRANT SELECT, INSERT, DELETE ON person_word TO portal_app")
    op.execute("GRANT SELECT ON person_word TO portal_audit")
    op.execute(
        "INSERT INTO person_word (person_id, word)"
        " SELECT DISTINCT p.id, word FROM person p, unnest(string_to_array(p.search_key, ' ')) word"
        " WHERE word <> ''"
    )
    op.execute(PERSON_WORDS)
    op.execute(
        "CREATE TRIGGER person_words AFTER INSERT OR UPDATE OF search_key ON person"
        " FOR EACH ROW EXECUTE FUNCTION person_words()"
    )


def _internal_review() -> None:
    op.execute(f"GRANT {SWITCH_RIGHTS} ON tenant TO portal_facts")
    own = "id = (SELECT nullif(current_setting('portal.tenant_id', true), '')::bigint)"
    op.execute(f"CREATE POLICY switches_read ON tenant FOR SELECT TO portal_facts USING ({own})")
    op.execute(f"CREATE POLICY switches ON tenant FOR UPDATE TO portal_facts USING ({own})")
    op.execute(SET_INTERNAL_REVIEW)
    op.execute("ALTER FUNCTION set_internal_review(boolean) OWNER TO portal_facts")
    op.execute("REVOKE ALL ON FUNCTION set_internal_review(boolean) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION set_internal_review(boolean) TO portal_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION set_internal_review(boolean)")
    op.execute("DROP POLICY switches ON tenant")
    op.execute("DROP POLICY switches_read ON tenant")
    op.execute(f"REVOKE {SWITCH_RIGHTS} ON tenant FROM portal_facts")
    op.execute("DROP TRIGGER person_words ON person")
    op.execute("DROP FUNCTION person_words()")
    op.drop_index("ix_person_sort_key_id")
    op.alter_column("person", "sort_key", type_=sa.Text())
    op.drop_table("person_word")
    op.execute("REVOKE DELETE ON user_session FROM portal_app")
    op.drop_column("user_account", "one_time_password")
    op.drop_column("user_session", "scope_now")
