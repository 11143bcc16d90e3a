"""The database roles: who may what, made by whoever administers the server."""

import psycopg
import pytest
from psycopg import sql

from portal.config import ConfigError
from portal.core.roles import APP, FACTS, OWNER, ROLES, app_role_problem, ensure_roles
from portal.server.addresses import conninfo
from tests.support.cluster import on_database


def attributes(connection, role):
    return connection.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
        " WHERE rolname = %s",
        (role,),
    ).fetchone()


@pytest.mark.parametrize("role", ROLES)
def test_no_role_of_the_portal_has_special_powers(superuser, role):
    assert attributes(superuser, role) == (False, False, False, False)


def test_ensuring_the_roles_twice_changes_nothing(superuser):
    with superuser.transaction():
        ensure_roles(superuser)
        ensure_roles(superuser)


def test_the_owner_owns_every_table_and_may_hand_functions_to_portal_facts(superuser):
    owners = {
        name
        for (name,) in superuser.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        )
    }
    assert owners == {OWNER}
    with superuser.transaction(force_rollback=True):
        superuser.execute("SET LOCAL ROLE portal_owner")
        superuser.execute("CREATE FUNCTION handed() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        superuser.execute(
            sql.SQL("ALTER FUNCTION handed OWNER TO {}").format(sql.Identifier(FACTS))
        )


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE tenant (id int)",
        "ALTER TABLE tenant DISABLE ROW LEVEL SECURITY",
        "DROP TABLE outbox",
        "SET ROLE portal_owner",
        "SET ROLE portal_facts",
        "CREATE ROLE friend",
    ],
)
def test_the_serving_role_may_neither_define_nor_become_anything(settings, database, statement):
    with psycopg.connect(conninfo(settings.database_url), autocommit=True) as connection:
        connection.execute("SET SESSION AUTHORIZATION portal_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("ALTER ROLE portal_app BYPASSRLS", "bypasses row-level security"),
        ("ALTER ROLE portal_app SUPERUSER", "bypasses row-level security"),
        ("GRANT portal_owner TO portal_app", "may act as the owner of the tables"),
    ],
)
def test_a_role_that_escapes_row_level_security_may_not_serve(superuser, change, sentence):
    with superuser.transaction(force_rollback=True):
        superuser.execute(change)
        superuser.execute("SET LOCAL ROLE portal_app")
        assert sentence in (app_role_problem(superuser) or "")


def test_the_serving_role_as_it_is_may_serve(superuser):
    with superuser.transaction(force_rollback=True):
        superuser.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(APP)))
        assert app_role_problem(superuser) is None


def test_a_superuser_or_the_owner_may_not_serve(superuser):
    assert "bypasses row-level security" in (app_role_problem(superuser) or "")
    with superuser.transaction(force_rollback=True):
        superuser.execute("SET LOCAL ROLE portal_owner")
        assert "owner of the tables" in (app_role_problem(superuser) or "")


def test_the_owner_of_a_database_who_is_no_superuser_can_prepare_it(cluster):
    name = f"{cluster.database}_plain"
    with cluster.admin() as admin:
        admin.execute("CREATE ROLE plain_admin LOGIN CREATEROLE PASSWORD 'pw'")
        for role in ROLES:
            admin.execute(f"GRANT {role} TO plain_admin WITH ADMIN OPTION")
        admin.execute(f"CREATE DATABASE {name} OWNER plain_admin")
        try:
            with psycopg.connect(
                conninfo(on_database(cluster.maintenance_url, name)),
            ) as plain:
                plain.execute("SET SESSION AUTHORIZATION plain_admin")
                ensure_roles(plain)
                plain.commit()
                plain.execute("SET ROLE portal_owner")
                plain.execute("CREATE TABLE works (id int)")
        finally:
            admin.execute(f"DROP DATABASE {name}")
            admin.execute("DROP ROLE plain_admin")


def test_a_login_that_may_prepare_nothing_is_told_so_in_one_sentence(cluster):
    name = f"{cluster.database}_poor"
    with cluster.admin() as admin:
        admin.execute("CREATE ROLE poor_login LOGIN")
        admin.execute(f"CREATE DATABASE {name}")
        try:
            with psycopg.connect(conninfo(on_database(cluster.maintenance_url, name))) as poor:
                poor.execute("SET SESSION AUTHORIZATION poor_login")
                with pytest.raises(ConfigError, match="may not prepare the database"):
                    ensure_roles(poor)
        finally:
            admin.execute(f"DROP DATABASE {name}")
            admin.execute("DROP ROLE poor_login")
