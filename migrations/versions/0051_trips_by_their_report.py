"""A trip that slipped over the New Year counts in the year in which it really began.

`facts_history` found files by their planned days only; the day of departure that a report gives
finds them now as well.
"""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

DECIDED = "('approved', 'under-way', 'completed', 'reported', 'closed')"
COUNTED = (
    "('submitted', 'in-appraisal', 'returned', 'appraised',"
    " 'approved', 'under-way', 'completed', 'reported', 'closed')"
)
BY_REPORT = """
        UNION
        SELECT m.activity_id FROM delegation_member m JOIN trip_report r USING (activity_id)
         WHERE m.person_id = ANY (people) AND m.went IS NOT FALSE
           AND r.departed_on BETWEEN first_day AND last_day
        UNION
        SELECT r.activity_id FROM trip_report r
         WHERE r.tenant_id = ANY (agencies) AND r.departed_on BETWEEN first_day AND last_day"""


def history(also: str) -> str:
    """The function; `also` gives further ways to find a file."""
    return f"""
CREATE OR REPLACE FUNCTION facts_history(
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
         WHERE a.plan_item_id = ANY (items) AND a.state IN {COUNTED}{also}
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


def upgrade() -> None:
    op.create_index(
        "ix_trip_report_tenant_id_departed_on", "trip_report", ["tenant_id", "departed_on"]
    )
    op.execute(history(BY_REPORT))


def downgrade() -> None:
    op.execute(history(""))
    op.drop_index("ix_trip_report_tenant_id_departed_on", "trip_report")
