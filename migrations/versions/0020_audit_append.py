"""The audit log is written by one function and by nothing else.

The application loses the right to insert links or to move heads itself: it hands its events to
`audit_append`, which locks the heads in the order of their chains and links what it is given. A
trigger refuses changes even to the owner; whoever switches that off is found by `audit verify`.
"""

from alembic import op

revision = "0020"
down_revision = "0003"
branch_labels = None
depends_on = None

# The text that is hashed is the line that `portal audit export` writes (portal.audit.links).
APPEND = """
CREATE FUNCTION audit_append(entries jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entry record;
    head audit_head;
    link bytea;
BEGIN
    FOR entry IN
        SELECT chain, at, "user", tenant, acting_for, action, subject, subject_id, data,
               lag(chain) OVER (ORDER BY chain, n) IS DISTINCT FROM chain AS first_of_chain,
               lead(chain) OVER (ORDER BY chain, n) IS DISTINCT FROM chain AS last_of_chain
          FROM ROWS FROM (
               jsonb_to_recordset(entries) AS (
                   chain bigint, at timestamptz, "user" bigint, tenant bigint, acting_for bigint,
                   action text, subject text, subject_id bigint, data jsonb)
               ) WITH ORDINALITY AS e(
                   chain, at, "user", tenant, acting_for, action, subject, subject_id, data, n)
         ORDER BY chain, n
    LOOP
        IF entry.first_of_chain THEN
            SELECT * INTO head FROM audit_head WHERE chain_id = entry.chain FOR UPDATE;
            IF NOT FOUND THEN
                INSERT INTO audit_head (chain_id, seq, hash)
                VALUES (entry.chain, 0, decode(repeat('00', 32), 'hex'))
                ON CONFLICT DO NOTHING;
                SELECT * INTO head FROM audit_head WHERE chain_id = entry.chain FOR UPDATE;
            END IF;
        END IF;
        link := convert_to(
            '{"chain": ' || entry.chain || ', "seq": ' || head.seq + 1
            || ', "at": "' || to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
            || 'Z", "user": ' || coalesce(entry."user"::text, 'null')
            || ', "tenant": ' || coalesce(entry.tenant::text, 'null')
            || ', "acting_for": ' || coalesce(entry.acting_for::text, 'null')
            || ', "action": ' || to_json(entry.action)
            || ', "subject": ' || coalesce(to_json(entry.subject)::text, 'null')
            || ', "subject_id": ' || coalesce(entry.subject_id::text, 'null')
            || ', "data": ' || entry.data
            || ', "prev": "' || encode(head.hash, 'hex') || '"}', 'UTF8');
        INSERT INTO audit_event (chain_id, seq, at, user_id, actor_tenant_id, acting_for_user_id,
                                 action, subject_type, subject_id, data, prev_hash, hash)
        VALUES (entry.chain, head.seq + 1, entry.at, entry."user", entry.tenant, entry.acting_for,
                entry.action, entry.subject, entry.subject_id, entry.data, head.hash, sha256(link));
        head.seq := head.seq + 1;
        head.hash := sha256(link);
        IF entry.last_of_chain THEN
            UPDATE audit_head SET seq = head.seq, hash = head.hash WHERE chain_id = entry.chain;
        END IF;
    END LOOP;
END
$$"""

REFUSE_CHANGE = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'insufficient_privilege';
END
$$"""

UPGRADE = (
    APPEND,
    "ALTER FUNCTION audit_append(jsonb) OWNER TO portal_facts",
    "REVOKE ALL ON FUNCTION audit_append(jsonb) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION audit_append(jsonb) TO portal_app",
    "GRANT INSERT ON audit_event TO portal_facts",
    "GRANT SELECT, INSERT, UPDATE ON audit_head TO portal_facts",
    "CREATE POLICY appends ON audit_event FOR INSERT TO portal_facts WITH CHECK (true)",
    "CREATE POLICY appends ON audit_head FOR ALL TO portal_facts USING (true) WITH CHECK (true)",
    "REVOKE INSERT, UPDATE, DELETE ON audit_event, audit_head FROM portal_app",
    "DROP POLICY inserts ON audit_event",
    "DROP POLICY inserts ON audit_head",
    "DROP POLICY updates ON audit_head",
    REFUSE_CHANGE,
    """CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_event
       FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()""",
    """CREATE TRIGGER never_removed BEFORE DELETE ON audit_head
       FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()""",
    """CREATE TRIGGER never_back BEFORE UPDATE ON audit_head
       FOR EACH ROW WHEN (NEW.chain_id <> OLD.chain_id OR NEW.seq <= OLD.seq)
       EXECUTE FUNCTION audit_refuse_change()""",
    # The audit page asks what one person did, newest first.
    "CREATE INDEX ix_audit_event_user ON audit_event (user_id, at)",
)

DOWNGRADE = (
    "DROP INDEX ix_audit_event_user",
    "DROP TRIGGER append_only ON audit_event",
    "DROP TRIGGER never_removed ON audit_head",
    "DROP TRIGGER never_back ON audit_head",
    "DROP FUNCTION audit_refuse_change()",
    "CREATE POLICY inserts ON audit_event FOR INSERT TO portal_app WITH CHECK (true)",
    "CREATE POLICY inserts ON audit_head FOR INSERT TO portal_app WITH CHECK (true)",
    "CREATE POLICY updates ON audit_head FOR UPDATE TO portal_app USING (true) WITH CHECK (true)",
    "GRANT INSERT ON audit_event TO portal_app",
    "GRANT INSERT, UPDATE ON audit_head TO portal_app",
    "DROP POLICY appends ON audit_event",
    "DROP POLICY appends ON audit_head",
    "REVOKE ALL ON audit_event, audit_head FROM portal_facts",
    "DROP FUNCTION audit_append(jsonb)",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
