"""Verdicts are kept to the letter: as the text that was hashed, no longer as what it says.

So a replay hashes what it reads, and nobody writes a million verdicts anew to compare them.
"""

from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

# Sorted keys, no spaces: the form that every kept hash was taken of.
CANONICAL = """
    CREATE FUNCTION canonical_json(given jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        RETURN CASE jsonb_typeof(given)
            WHEN 'object' THEN (
                SELECT '{' || coalesce(string_agg(to_json(key)::text || ':' || canonical_json(value), ','
                                                  ORDER BY key COLLATE "C"), '') || '}'
                  FROM jsonb_each(given))
            WHEN 'array' THEN (
                SELECT '[' || coalesce(string_agg(canonical_json(value), ',' ORDER BY place), '')
                           || ']'
                  FROM jsonb_array_elements(given) WITH ORDINALITY AS each(value, place))
            ELSE given::text END;
    END $$
"""


def upgrade() -> None:
    op.execute(CANONICAL)
    op.execute(
        "ALTER TABLE verdict ALTER facts TYPE text USING canonical_json(facts),"
        " ALTER result TYPE text USING canonical_json(result)"
    )
    op.execute("DROP FUNCTION canonical_json(jsonb)")


def downgrade() -> None:
    op.execute(
        "ALTER TABLE verdict ALTER facts TYPE jsonb USING facts::jsonb,"
        " ALTER result TYPE jsonb USING result::jsonb"
    )
