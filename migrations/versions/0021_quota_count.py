"""A place in a quota is free only while fewer than the limit are used at all.

With slots alone, a place given back below one that was taken above the limit would let a third
trip through. Takers of one subject now queue up on a lock of their own, so that the count is exact;
the unique slot stays the last guard. A merged agency's places count for its successor.
"""

from alembic import op

revision = "0021"
down_revision = "0030"
branch_labels = None
depends_on = None

SIGNATURE = "quota_take(text, bigint, smallint, smallint, bigint, bigint, text)"

TAKE = """
CREATE OR REPLACE FUNCTION quota_take(
    the_rule text, subject bigint, in_period smallint, the_limit smallint, activity bigint,
    waiver bigint, reason text
) RETURNS smallint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    free smallint;
    used bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(
        hashtextextended(the_rule || ':' || subject || ':' || in_period, 0));
    SELECT q.slot INTO free FROM quota_use q
     WHERE q.rule = the_rule AND q.subject_id = subject AND q.activity_id = activity
       AND q.period = in_period;
    IF FOUND THEN
        RETURN free;
    END IF;
    SELECT count(*) INTO used FROM quota_use q
     WHERE q.rule = the_rule AND q.period = in_period
       AND (q.subject_id = subject OR the_rule = 'outbound.supplement-quota'
            AND q.subject_id IN (SELECT lineage(subject)));
    IF used < the_limit THEN
        SELECT min(s) INTO free FROM generate_series(1, the_limit) s
         WHERE NOT EXISTS (
             SELECT 1 FROM quota_use q
              WHERE q.rule = the_rule AND q.subject_id = subject AND q.period = in_period
                AND q.slot = s);
    ELSIF waiver IS NULL AND reason IS NULL THEN
        RETURN NULL;
    ELSE
        SELECT greatest(max(q.slot), the_limit) + 1 INTO free FROM quota_use q
         WHERE q.rule = the_rule AND q.subject_id = subject AND q.period = in_period;
    END IF;
    INSERT INTO quota_use
        (rule, subject_id, period, slot, "limit", activity_id, waiver_id, over_reason)
    VALUES (the_rule, subject, in_period, free, the_limit, activity, waiver, reason);
    RETURN free;
END
$$"""

# Who asks about a quota learns the number, not whose trips they are.
USED = """
CREATE FUNCTION quota_used(the_rule text, subject bigint, in_period smallint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM quota_use q
     WHERE q.rule = the_rule AND q.period = in_period
       AND (q.subject_id = subject OR the_rule = 'outbound.supplement-quota'
            AND q.subject_id IN (SELECT lineage(subject)))
$$"""


def upgrade() -> None:
    op.execute(TAKE)
    op.execute(USED)
    op.execute("ALTER FUNCTION quota_used(text, bigint, smallint) OWNER TO portal_facts")
    op.execute("REVOKE ALL ON FUNCTION quota_used(text, bigint, smallint) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION quota_used(text, bigint, smallint) TO portal_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION quota_used(text, bigint, smallint)")
    # 0003 drops quota_take whatever it does inside.
