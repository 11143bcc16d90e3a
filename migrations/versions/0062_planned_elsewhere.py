"""How many lines of other agencies' plans a leader is to head: the number, not the lines.

A head judges the own plan of a year by the trips that its leaders are planned for in any agency;
row-level security shows the own lines only, and this tells of the others no more than how many.
Lines with a file that counts are trips already; those whose month is over are no plan any more.
"""

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

COUNTED = (
    "('submitted', 'in-appraisal', 'returned', 'appraised',"
    " 'approved', 'under-way', 'completed', 'reported', 'closed')"
)
SIGNATURE = "planned_elsewhere(bigint[], bigint[], integer, date)"


def upgrade() -> None:
    op.execute(f"""
CREATE FUNCTION planned_elsewhere(
    people bigint[], but_of bigint[], in_year integer, today date
) RETURNS TABLE (person_id bigint, lines bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT i.leader_id, count(*)
      FROM plan p JOIN plan_item i ON i.plan_id = p.id
     WHERE p.year = in_year AND NOT p.tenant_id = ANY (but_of)
       AND i.leader_id = ANY (people) AND i.kind = 'outbound'
       AND make_date(in_year, coalesce(i.month, 12)::int, 1) + interval '1 month' > today
       AND NOT EXISTS (
           SELECT 1 FROM activity a WHERE a.plan_item_id = i.id AND a.state IN {COUNTED})
     GROUP BY i.leader_id
$$""")
    op.execute(f"ALTER FUNCTION {SIGNATURE} OWNER TO portal_facts")
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO portal_app")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {SIGNATURE}")
