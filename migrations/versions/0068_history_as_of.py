"""Of an agency's own trips of the year only those that a rule can ask for stand beside a file.

Those are the trips out of plan and those whose report or passports were not in on the day of the
question. An agency with a hundred planned and reported trips had them all read, judged and kept
with every file. Its other ways to find a trip stay: by member, by plan item, by what is open.
"""

from importlib import import_module

from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

before = import_module("migrations.versions.0051_trips_by_their_report")
COUNTED, DECIDED = before.COUNTED, before.DECIDED
OLD = "facts_history(bigint[], bigint[], bigint[], date, date)"
NEW = "facts_history(bigint[], bigint[], bigint[], date, date, date)"


def upgrade() -> None:
    op.execute(f"DROP FUNCTION {OLD}")
    op.execute(f"""
CREATE FUNCTION facts_history(
    people bigint[], agencies bigint[], items bigint[], first_day date, last_day date, as_of date
) RETURNS TABLE (
    activity_id bigint, kind text, tenant_id bigint, plan_item_id bigint, origin text, state text,
    submitted_on date, starts_on date, ends_on date, reported_on date, passports_returned_on date,
    members bigint[]
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH of_year AS (
        SELECT a.id FROM activity a
         WHERE a.tenant_id = ANY (agencies) AND a.state IN {COUNTED}
           AND a.starts_on BETWEEN first_day AND last_day
        UNION
        SELECT r.activity_id FROM trip_report r
         WHERE r.tenant_id = ANY (agencies) AND r.departed_on BETWEEN first_day AND last_day
    ), wanted AS (
        SELECT m.activity_id AS id FROM delegation_member m JOIN activity a ON a.id = m.activity_id
         WHERE m.person_id = ANY (people) AND m.went IS NOT FALSE
           AND a.state IN {COUNTED} AND a.starts_on BETWEEN first_day AND last_day
        UNION
        SELECT m.activity_id FROM delegation_member m JOIN trip_report r USING (activity_id)
         WHERE m.person_id = ANY (people) AND m.went IS NOT FALSE
           AND r.departed_on BETWEEN first_day AND last_day
        UNION
        SELECT a.id FROM of_year JOIN activity a USING (id)
          LEFT JOIN plan_item i ON i.id = a.plan_item_id
         WHERE i.id IS NULL OR i.origin = 'supplement'
            OR a.reported_on > as_of OR a.passports_returned_on > as_of
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
$$""")
    _given_to_the_portal(NEW)


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {NEW}")
    op.execute(before.history(before.BY_REPORT))
    _given_to_the_portal(OLD)


def _given_to_the_portal(signature: str) -> None:
    op.execute(f"ALTER FUNCTION {signature} OWNER TO portal_facts")
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO portal_app")
