"""The few functions that see more than one tenant, each as narrow as its question.

They are owned by portal_facts, which can read what they need and nothing else, and run with its
rights (SECURITY DEFINER). Everything else obeys the row-level security of the person asking.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DECIDED = "('approved', 'under-way', 'completed', 'reported', 'closed')"
COUNTED = (
    "('submitted', 'in-appraisal', 'returned', 'appraised',"
    " 'approved', 'under-way', 'completed', 'reported', 'closed')"
)

# What counts beside a proposal: trips of these people in any agency, activities of these agencies,
# other uses of these plan items, and the agencies' trips without report or with passports out.
# Planned days find the rows; the days that really were (from the report) are what is returned.
FACTS_HISTORY = f"""
CREATE FUNCTION facts_history(
    people bigint[], agencies bigint[], items bigint[], first_day date, last_day date
) RETURNS TABLE (
    activity_id bigint, kind text, tenant_id bigint, plan_item_id bigint, origin text, state text,
    submitted_on date, starts_on date, ends_on date, reported_on date, passports_returned_on date,
    members bigint[]
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH wanted AS (
        SELECT m.activity_id AS id FROM delegation_member m JOIN activity a ON a.id = m.activity_id
         WHERE m.person_id = ANY (people) AND m.went IS NOT FALSE
           AND a.state IN {COUNTED} AND a.starts_on BETWEEN first_day AND last_day
        UNION
        SELECT a.id FROM activity a
         WHERE a.tenant_id = ANY (agencies) AND a.state IN {COUNTED}
           AND a.starts_on BETWEEN first_day AND last_day
        UNION
        SELECT a.id FROM activity a
         WHERE a.tenant_id = ANY (agencies) AND a.state IN {DECIDED}
           AND (a.reported_on IS NULL OR a.passports_returned_on IS NULL)
        UNION
        SELECT a.id FROM activity a
         WHERE a.plan_item_id = ANY (items) AND a.state IN {COUNTED}
    )
    SELECT a.id, a.kind, a.tenant_id, a.plan_item_id, i.origin, a.state, a.submitted_on,
           coalesce(r.departed_on, a.starts_on), coalesce(r.returned_on, a.ends_on),
           a.reported_on, a.passports_returned_on,
           ARRAY(SELECT m.person_id FROM delegation_member m
                  WHERE m.activity_id = a.id AND m.person_id = ANY (people)
                    AND m.went IS NOT FALSE ORDER BY m.person_id)
      FROM wanted JOIN activity a USING (id)
      LEFT JOIN trip_report r ON r.activity_id = a.id
      LEFT JOIN plan_item i ON i.id = a.plan_item_id
     ORDER BY a.id
$$"""

# The number of trips is everybody's business; which trips is not.
TRIP_COUNTS = f"""
CREATE FUNCTION trip_counts(people bigint[], in_year integer)
RETURNS TABLE (person_id bigint, decided bigint, pending bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT m.person_id, count(*) FILTER (WHERE a.state IN {DECIDED}),
           count(*) FILTER (WHERE a.state NOT IN {DECIDED})
      FROM delegation_member m
      JOIN activity a ON a.id = m.activity_id
      LEFT JOIN trip_report r ON r.activity_id = a.id
     WHERE m.person_id = ANY (people) AND m.went IS NOT FALSE AND a.state IN {COUNTED}
       AND extract(year FROM coalesce(r.departed_on, a.starts_on)) = in_year
     GROUP BY m.person_id
$$"""

# Full facts only for the person's own agency, the focal point, the deciders and the inspector.
TRIPS_OF = f"""
CREATE FUNCTION trips_of(of_person bigint, first_day date, last_day date)
RETURNS TABLE (
    activity_id bigint, tenant_id bigint, state text, title text, countries text[],
    starts_on date, ends_on date
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT a.id, a.tenant_id, a.state, a.title, a.countries,
           coalesce(r.departed_on, a.starts_on), coalesce(r.returned_on, a.ends_on)
      FROM delegation_member m
      JOIN activity a ON a.id = m.activity_id
      JOIN person p ON p.id = m.person_id
      LEFT JOIN trip_report r ON r.activity_id = a.id
     WHERE m.person_id = of_person AND m.went IS NOT FALSE AND a.state IN {COUNTED}
       AND coalesce(r.departed_on, a.starts_on) BETWEEN first_day AND last_day
       AND (p.tenant_id = nullif(current_setting('portal.tenant_id', true), '')::bigint
            OR current_setting('portal.scope', true)
               IN ('focal', 'chair', 'committee', 'inspector', 'system'))
     ORDER BY 6, 1
$$"""

IS_ABROAD = f"""
CREATE FUNCTION is_abroad(of_person bigint, on_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (
        SELECT 1 FROM delegation_member m
          JOIN activity a ON a.id = m.activity_id
          LEFT JOIN trip_report r ON r.activity_id = a.id
         WHERE m.person_id = of_person AND m.went IS NOT FALSE AND a.state IN {DECIDED}
           AND on_day BETWEEN coalesce(r.departed_on, a.starts_on)
                          AND coalesce(r.returned_on, a.ends_on))
$$"""

# The agency itself and all that it succeeds, over any number of steps.
LINEAGE = """
CREATE FUNCTION lineage(agency bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH RECURSIVE line(id) AS (
        SELECT agency
        UNION
        SELECT s.predecessor_id FROM tenant_succession s JOIN line ON s.successor_id = line.id
    )
    SELECT id FROM line
$$"""

# The first free slot; NULL when the limit is reached and nothing allows a slot above it.
# A racing transaction that inserts the same slot makes this one wait for it, then look again.
QUOTA_TAKE = """
CREATE FUNCTION quota_take(
    the_rule text, subject bigint, in_period smallint, the_limit smallint, activity bigint,
    waiver bigint, reason text
) RETURNS smallint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    free smallint;
BEGIN
    SELECT q.slot INTO free FROM quota_use q
     WHERE q.rule = the_rule AND q.subject_id = subject AND q.activity_id = activity
       AND q.period = in_period;
    IF FOUND THEN
        RETURN free;
    END IF;
    LOOP
        SELECT min(s) INTO free FROM generate_series(1, the_limit) s
         WHERE NOT EXISTS (
             SELECT 1 FROM quota_use q
              WHERE q.rule = the_rule AND q.subject_id = subject AND q.period = in_period
                AND q.slot = s);
        IF free IS NULL THEN
            IF waiver IS NULL AND reason IS NULL THEN
                RETURN NULL;
            END IF;
            SELECT greatest(max(q.slot), the_limit) + 1 INTO free FROM quota_use q
             WHERE q.rule = the_rule AND q.subject_id = subject AND q.period = in_period;
        END IF;
        INSERT INTO quota_use (rule, subject_id, period, slot, "limit", activity_id, waiver_id, over_reason)
        VALUES (the_rule, subject, in_period, free, the_limit, activity, waiver, reason)
        ON CONFLICT (rule, subject_id, period, slot) DO NOTHING;
        IF FOUND THEN
            RETURN free;
        END IF;
    END LOOP;
END
$$"""

# One question at the start of a request: who is this, in which offices, for which agency; and the
# three settings of the transaction with it. Runs with the rights of the person asking.
OPEN_SESSION = """
CREATE FUNCTION open_session(token bytea, at timestamptz, idle interval) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    found_session user_session;
    account user_account;
    offices jsonb;
    chosen jsonb;
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
    SELECT jsonb_agg(to_jsonb(o) ORDER BY o.stand_in_id NULLS FIRST, o.tenant_name, o.role)
      INTO offices
      FROM (
        SELECT m.id AS membership_id, m.tenant_id, t.name_vi AS tenant_name, t.name_en AS tenant_name_en,
               m.role, m.fields, NULL::bigint AS stand_in_id, NULL::text AS acting_for,
               NULL::bigint AS acting_for_user_id, NULL::bigint AS acting_for_person_id,
               office_scope(m.tenant_id, m.role, day) AS scope
          FROM membership m JOIN tenant t ON t.id = m.tenant_id
         WHERE m.user_id = account.id AND m.revoked_at IS NULL
           AND day >= m.valid_from AND (m.valid_to IS NULL OR day <= m.valid_to)
           AND day >= t.valid_from AND (t.valid_to IS NULL OR day <= t.valid_to)
        UNION ALL
        SELECT m.id, m.tenant_id, t.name_vi, t.name_en, m.role, m.fields, s.id, p.name, p.id, p.person_id,
               office_scope(m.tenant_id, m.role, day)
          FROM stand_in s
          JOIN membership m ON m.id = s.membership_id
          JOIN user_account p ON p.id = m.user_id AND p.active
          JOIN tenant t ON t.id = m.tenant_id
         WHERE s.user_id = account.id AND s.revoked_at IS NULL AND m.revoked_at IS NULL
           AND day BETWEEN s.valid_from AND s.valid_to
           AND day >= m.valid_from AND (m.valid_to IS NULL OR day <= m.valid_to)
           AND NOT (account.person_id IS NOT NULL AND is_abroad(account.person_id, day))
      ) o
     WHERE o.scope IS NOT NULL;
    offices := coalesce(offices, '[]'::jsonb);
    SELECT o INTO chosen FROM jsonb_array_elements(offices) o
     WHERE (o ->> 'tenant_id')::bigint = found_session.tenant_id_now
       AND (o ->> 'stand_in_id')::bigint IS NOT DISTINCT FROM found_session.stand_in_id
     ORDER BY array_position(
         ARRAY['inspector', 'admin', 'chair', 'committee', 'focal', 'police', 'own'], o ->> 'scope')
     LIMIT 1;
    IF chosen IS NULL THEN
        SELECT o INTO chosen FROM jsonb_array_elements(offices) o
         ORDER BY (o ->> 'tenant_id')::bigint IS NOT DISTINCT FROM account.last_tenant_id DESC,
                  (o ->> 'stand_in_id') IS NOT NULL
         LIMIT 1;
    END IF;
    PERFORM set_config('portal.tenant_id', coalesce(chosen ->> 'tenant_id', ''), true),
            set_config('portal.scope', coalesce(chosen ->> 'scope', ''), true);
    RETURN jsonb_build_object(
        'session_id', found_session.id, 'last_seen_at', found_session.last_seen_at,
        'user_id', account.id, 'username', account.username, 'name', account.name,
        'person_id', account.person_id, 'locale', account.locale,
        'offices', offices,
        'tenant_id', chosen -> 'tenant_id', 'stand_in_id', chosen -> 'stand_in_id',
        'scope', chosen ->> 'scope');
END
$$"""

# An office with a part for the whole province counts only while the tenant holds that part.
OFFICE_SCOPE = """
CREATE FUNCTION office_scope(of_tenant bigint, office text, day date) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN needed.capacity IS NULL OR EXISTS (
               SELECT 1 FROM tenant_capacity c
                WHERE c.tenant_id = of_tenant AND c.capacity = needed.capacity
                  AND day >= c.valid_from AND (c.valid_to IS NULL OR day <= c.valid_to))
           THEN needed.scope END
      FROM (SELECT
        CASE WHEN office LIKE 'focal-%' THEN 'focal'
             WHEN office LIKE 'police-%' THEN 'police'
             WHEN office IN ('chair', 'deputy-chair', 'chair-officer') THEN 'chair'
             WHEN office = 'standing-committee' THEN 'committee'
             WHEN office = 'inspector' THEN 'inspectorate'
             WHEN office = 'administrator' THEN 'administration' END AS capacity,
        CASE WHEN office LIKE 'focal-%' THEN 'focal'
             WHEN office LIKE 'police-%' THEN 'police'
             WHEN office IN ('chair', 'deputy-chair', 'chair-officer') THEN 'chair'
             WHEN office = 'standing-committee' THEN 'committee'
             WHEN office = 'inspector' THEN 'inspector'
             WHEN office = 'administrator' THEN 'admin'
             ELSE 'own' END AS scope) needed
$$"""

DEFINERS = {
    "facts_history(bigint[], bigint[], bigint[], date, date)": FACTS_HISTORY,
    "trip_counts(bigint[], integer)": TRIP_COUNTS,
    "trips_of(bigint, date, date)": TRIPS_OF,
    "is_abroad(bigint, date)": IS_ABROAD,
    "lineage(bigint)": LINEAGE,
    "quota_take(text, bigint, smallint, smallint, bigint, bigint, text)": QUOTA_TAKE,
}


def upgrade() -> None:
    for signature, body in DEFINERS.items():
        op.execute(body)
        op.execute(f"ALTER FUNCTION {signature} OWNER TO portal_facts")
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO portal_app")
    op.execute(OFFICE_SCOPE)
    op.execute(OPEN_SESSION)


def downgrade() -> None:
    op.execute("DROP FUNCTION open_session(bytea, timestamptz, interval)")
    op.execute("DROP FUNCTION office_scope(bigint, text, date)")
    for signature in reversed(DEFINERS):
        op.execute(f"DROP FUNCTION {signature}")
