"""What counts beside a year's plans: trips of these people, what these agencies send out of plan,
and whatever stands on these lines; flat, however many files of other years there are.

`facts_history` is asked about one file and one agency; for all agencies at once it read every file
that was ever decided. Here a year's files come first. A report may move a trip over New Year by
days, not by months: so far around the year the planned days are looked at.
"""

from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

COUNTED = (
    "('submitted', 'in-appraisal', 'returned', 'appraised',"
    " 'approved', 'under-way', 'completed', 'reported', 'closed')"
)
SIGNATURE = "beside_plans(bigint[], bigint[], bigint[], date, date)"


def upgrade() -> None:
    op.execute(f"""
CREATE FUNCTION beside_plans(
    people bigint[], agencies bigint[], items bigint[], first_day date, last_day date
) RETURNS TABLE (
    activity_id bigint, kind text, tenant_id bigint, plan_item_id bigint, origin text, state text,
    starts_on date, ends_on date, members bigint[]
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH of_year AS MATERIALIZED (
        SELECT a.id, a.tenant_id, a.plan_item_id
          FROM activity a LEFT JOIN trip_report r ON r.activity_id = a.id
         WHERE a.starts_on BETWEEN first_day - 120 AND last_day + 120 AND a.state IN {COUNTED}
           AND coalesce(r.departed_on, a.starts_on) BETWEEN first_day AND last_day
    ), going AS MATERIALIZED (
        SELECT m.activity_id AS id, array_agg(m.person_id ORDER BY m.person_id) AS members
          FROM of_year JOIN delegation_member m ON m.activity_id = of_year.id
          JOIN unnest(people) wanted(id) ON wanted.id = m.person_id
         WHERE m.went IS NOT FALSE
         GROUP BY m.activity_id
    ), found AS (
        SELECT id FROM going
        UNION
        SELECT y.id FROM of_year y JOIN unnest(agencies) wanted(id) ON wanted.id = y.tenant_id
          LEFT JOIN plan_item i ON i.id = y.plan_item_id
         WHERE i.id IS NULL OR i.origin = 'supplement'
        UNION
        SELECT a.id FROM activity a JOIN unnest(items) wanted(id) ON wanted.id = a.plan_item_id
         WHERE a.state IN {COUNTED}
    )
    SELECT a.id, a.kind, a.tenant_id, a.plan_item_id, i.origin, a.state,
           coalesce(r.departed_on, a.starts_on), coalesce(r.returned_on, a.ends_on),
           coalesce(going.members, '{{}}')
      FROM found JOIN activity a USING (id)
      LEFT JOIN going USING (id)
      LEFT JOIN trip_report r ON r.activity_id = a.id
      LEFT JOIN plan_item i ON i.id = a.plan_item_id
     ORDER BY a.id
$$""")
    op.execute(f"ALTER FUNCTION {SIGNATURE} OWNER TO portal_facts")
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO portal_app")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {SIGNATURE}")
