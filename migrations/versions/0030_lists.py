"""Lists that stay flat: what the keyset pages need beside the spine's indexes, and search by word.

The operators of a word or an array search are not leakproof: under row-level security PostgreSQL
may use neither their index nor their statistics. So words and countries lie in a table of their
own that the application's role cannot read, kept by a trigger; `find_activities` asks it with the
same visibility that the policies of 0002 give and returns nothing but ids. Whoever shows a row
still reads it under row-level security.
"""

from alembic import op

revision = "0030"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEXES = {
    # Unsubmitted files are few and mostly somebody else's: overseers must not wade through them.
    "ix_activity_unsubmitted": "(state, id) WHERE submitted_on IS NULL",
    "ix_activity_state_day": "(state, starts_on, id) WHERE submitted_on IS NOT NULL",
    "ix_activity_due_on": "(due_on, id) WHERE due_on IS NOT NULL",
}

# Punctuation parts words ("24/2024", "Sê-kông"); the parser would make one odd token of them.
SPACED = "translate(NEW.search_key, '/-.,:;()&+_''', '            ')"

KEEP_SEARCH = f"""
CREATE FUNCTION keep_activity_search() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO activity_search (activity_id, words, countries)
    VALUES (NEW.id, to_tsvector('pg_catalog.simple', {SPACED}), NEW.countries)
    ON CONFLICT (activity_id) DO UPDATE SET words = EXCLUDED.words, countries = EXCLUDED.countries;
    RETURN NULL;
END
$$"""

# Ids of the files that the acting person may see and that fit every filter given (NULL = any), in
# the list's order, after the cursor. The statement is put together so that only the filters given
# are in it and the planner knows their values; it never contains a value itself.
#
# Newest first it looks twice: through the 20,000 files after the cursor, which is enough for
# common words; and only if these do not fill the page, for the rarer ones, in the word index (the
# sum keeps the planner from walking the whole key in the hope of a match).
FIND = """
CREATE FUNCTION find_activities(
    in_words text, in_country text, in_state text, in_tenant bigint, leaders bigint[],
    first_day date, last_day date, out_of_plan boolean, due_before date, by_day boolean,
    forwards boolean, cursor_day date, cursor_id bigint, many integer
) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    me bigint := nullif(current_setting('portal.tenant_id', true), '')::bigint;
    reach text := current_setting('portal.scope', true);
    beyond text := CASE
        WHEN reach IN ('inspector', 'system') THEN 'true'
        WHEN reach IN ('focal', 'chair', 'committee') THEN 'a.submitted_on IS NOT NULL'
        WHEN reach = 'police' THEN 'a.police_involved'
        ELSE 'false' END;
    direction text := CASE WHEN forwards THEN 'DESC' ELSE 'ASC' END;
    past text := CASE WHEN forwards THEN '<' ELSE '>' END;
    found bigint[];
    near bigint;
    query text :=
        'SELECT s.activity_id FROM activity_search s JOIN activity a ON a.id = s.activity_id'
        || CASE WHEN out_of_plan THEN ' LEFT JOIN plan_item i ON i.id = a.plan_item_id' ELSE '' END
        || ' WHERE (a.tenant_id = $1 OR ' || beyond || ')'
        || CASE WHEN in_words IS NULL THEN '' ELSE ' AND s.words @@ $2::tsquery' END
        || CASE WHEN in_country IS NULL THEN '' ELSE ' AND s.countries @> ARRAY[$3]' END
        || CASE WHEN in_state IS NULL THEN '' ELSE ' AND a.state = $4' END
        || CASE WHEN in_tenant IS NULL THEN '' ELSE ' AND a.tenant_id = $5' END
        || CASE WHEN leaders IS NULL THEN '' ELSE ' AND a.lead_person_id = ANY ($6)' END
        || CASE WHEN first_day IS NULL THEN '' ELSE ' AND a.starts_on >= $7' END
        || CASE WHEN last_day IS NULL THEN '' ELSE ' AND a.starts_on <= $8' END
        || CASE WHEN out_of_plan THEN
            ' AND (a.plan_item_id IS NULL OR i.origin = ''supplement'')' ELSE '' END
        || CASE WHEN due_before IS NULL THEN '' ELSE ' AND a.due_on < $9' END
        || CASE WHEN by_day THEN ' AND a.starts_on IS NOT NULL' ELSE '' END
        || CASE WHEN cursor_id IS NULL THEN ''
                WHEN by_day THEN ' AND (a.starts_on, a.id) ' || past || ' ($10, $11)'
                ELSE ' AND s.activity_id ' || past || ' $11' END;
BEGIN
    IF NOT by_day AND in_tenant IS NULL AND leaders IS NULL THEN
        near := coalesce(cursor_id, (SELECT max(activity_id) FROM activity_search))
                + CASE WHEN forwards THEN -20000 ELSE 20000 END;
        EXECUTE 'SELECT array_agg(q.activity_id) FROM ('
            || query || ' AND s.activity_id ' || CASE WHEN forwards THEN '>=' ELSE '<=' END
            || ' $13 ORDER BY s.activity_id ' || direction || ' LIMIT $12) q'
        INTO found
        USING me, in_words, in_country, in_state, in_tenant, leaders, first_day, last_day,
              due_before, cursor_day, cursor_id, many, near;
        IF cardinality(found) = many THEN
            RETURN QUERY SELECT unnest(found);
            RETURN;
        END IF;
    END IF;
    RETURN QUERY EXECUTE query || ' ORDER BY '
        || CASE WHEN by_day THEN 'a.starts_on ' || direction || ', s.activity_id '
                ELSE 's.activity_id + 0 ' END || direction || ' LIMIT $12'
    USING me, in_words, in_country, in_state, in_tenant, leaders, first_day, last_day, due_before,
          cursor_day, cursor_id, many;
END
$$"""
SIGNATURE = (
    "find_activities(text, text, text, bigint, bigint[], date, date, boolean, date, boolean,"
    " boolean, date, bigint, integer)"
)


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON activity {columns}")
    op.execute(
        "CREATE INDEX ix_task_opinions_given ON task (desk_tenant_id, closed_at)"
        " WHERE outcome = 'give-opinion'"
    )
    op.execute(
        "CREATE TABLE activity_search ("
        " activity_id bigint CONSTRAINT pk_activity_search PRIMARY KEY"
        " CONSTRAINT fk_activity_search_activity_id_activity REFERENCES activity (id),"
        " words tsvector NOT NULL, countries text[] NOT NULL)"
    )
    op.execute("CREATE INDEX ix_activity_search_words ON activity_search USING gin (words)")
    op.execute("CREATE INDEX ix_activity_search_countries ON activity_search USING gin (countries)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON activity_search TO portal_facts")
    op.execute("GRANT SELECT ON activity_search TO portal_audit")
    for signature, body in (("keep_activity_search()", KEEP_SEARCH), (SIGNATURE, FIND)):
        op.execute(body)
        op.execute(f"ALTER FUNCTION {signature} OWNER TO portal_facts")
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO portal_app")
    op.execute(
        "CREATE TRIGGER keep_search AFTER INSERT OR UPDATE OF search_key, countries ON activity"
        " FOR EACH ROW EXECUTE FUNCTION keep_activity_search()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER keep_search ON activity")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.execute("DROP FUNCTION keep_activity_search()")
    op.drop_table("activity_search")
    for name in ("ix_task_opinions_given", *INDEXES):
        op.execute(f"DROP INDEX {name}")
