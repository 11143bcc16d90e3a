"""How much waits in an office that a person holds beside the one acted as.

With the rights of whoever asks: row-level security sees as that office sees, inside the function
only. One statement asks for all offices of a person.
"""

from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

SIGNATURE = "waiting_in(bigint, text, text[], integer)"


def upgrade() -> None:
    op.execute("""
CREATE FUNCTION waiting_in(office_tenant bigint, office_scope text, rights text[], most integer)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    acting_tenant text := current_setting('portal.tenant_id', true);
    acting_scope text := current_setting('portal.scope', true);
    found bigint;
BEGIN
    PERFORM set_config('portal.tenant_id', office_tenant::text, true),
            set_config('portal.scope', office_scope, true);
    SELECT count(*) INTO found FROM (
        SELECT 1 FROM task t JOIN activity a ON a.id = t.activity_id
         WHERE t.desk_tenant_id = office_tenant AND t.closed_at IS NULL
           AND t.permission = ANY (rights)
         LIMIT most) waiting;
    PERFORM set_config('portal.tenant_id', acting_tenant, true),
            set_config('portal.scope', acting_scope, true);
    RETURN found;
END
$$""")
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO portal_app")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {SIGNATURE}")
