"""The four database roles and what each may do, whoever administers the server.

portal_owner   owns the schema and migrates; nobody serves requests as it
portal_app     serves and works; row-level security binds it
portal_audit   reads, for the inspector's offline checks
portal_facts   cannot sign in; owns the few SECURITY DEFINER functions
"""

from __future__ import annotations

from typing import LiteralString

from psycopg import Connection, sql
from psycopg.errors import InsufficientPrivilege
from psycopg.rows import TupleRow

from portal.config import ConfigError

OWNER = "portal_owner"
APP = "portal_app"
AUDIT = "portal_audit"
FACTS = "portal_facts"
ROLES = (OWNER, APP, AUDIT, FACTS)

DEMANDS = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT"


def ensure_roles(connection: Connection[TupleRow], *, may_log_in: bool = False) -> None:
    """Create what is missing of the roles and their rights, in the caller's transaction.

    `may_log_in` lets them sign in, as on the embedded server, whose sockets only their owner
    reaches; on a real server the administrator decides that. Raises ConfigError when the
    connection's role may not do it.
    """
    try:
        _create_roles(connection, may_log_in=may_log_in)
        _join_roles(connection)
        _own_schema(connection)
        _close_database(connection)
    except InsufficientPrivilege as error:
        raise ConfigError(
            "MIGRATE_DATABASE_URL (or DATABASE_URL) signs in as a role that may not prepare the "
            f"database ({error.diag.message_primary}); use a superuser, or the owner of the "
            "database with CREATEROLE."
        ) from error


def app_role_problem(connection: Connection[TupleRow]) -> str | None:
    """Why this connection must not serve requests, in one sentence; None when all is well."""
    row = connection.execute(
        "SELECT rolname, rolsuper OR rolbypassrls,"
        " pg_has_role(rolname, (SELECT nspowner FROM pg_namespace WHERE nspname = 'public'),"
        " 'MEMBER') AND rolname <> %s OR rolname = %s"
        " FROM pg_roles WHERE rolname = current_user",
        (APP, OWNER),
    ).fetchone()
    name, bypasses, owns = row or ("?", True, True)
    if bypasses:
        return f"The role {name} bypasses row-level security; serve as portal_app with NOBYPASSRLS."
    if owns or _true(connection, "SELECT pg_has_role(%s, %s, 'MEMBER')", APP, OWNER):
        return f"The role {name} may act as the owner of the tables; revoke portal_owner from it."
    return None


def _create_roles(connection: Connection[TupleRow], *, may_log_in: bool) -> None:
    rows = connection.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", (list(ROLES),)
    )
    found = {name for (name,) in rows}
    for role in ROLES:
        if role not in found:
            login = "LOGIN" if may_log_in and role != FACTS else "NOLOGIN"
            statement = sql.SQL("CREATE ROLE {} " + login + " " + DEMANDS)
            connection.execute(statement.format(sql.Identifier(role)))


def _join_roles(connection: Connection[TupleRow]) -> None:
    """The migrating login may become the owner; the owner may hand functions to portal_facts."""
    # Since PostgreSQL 16 a role's creator is its member without the right to become it.
    right = "SET" if connection.info.server_version >= 160000 else "MEMBER"
    if not _true(connection, "SELECT pg_has_role(current_user, %s, %s)", OWNER, right):
        _run(connection, "GRANT {} TO CURRENT_USER", OWNER)
    if not _true(connection, "SELECT pg_has_role(%s, %s, 'MEMBER')", OWNER, FACTS):
        _run(connection, "GRANT {} TO {}", FACTS, OWNER)


def _own_schema(connection: Connection[TupleRow]) -> None:
    if _true(
        connection,
        "SELECT nspowner = %s::regrole FROM pg_namespace WHERE nspname = 'public'",
        OWNER,
    ):
        return
    _run(connection, "ALTER SCHEMA public OWNER TO {}", OWNER)
    _run(connection, "SET LOCAL ROLE {}", OWNER)
    _run(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for role in (APP, AUDIT, FACTS):
        _run(connection, "GRANT USAGE ON SCHEMA public TO {}", role)
    # PostgreSQL asks that of the new owner of a function.
    _run(connection, "GRANT CREATE ON SCHEMA public TO {}", FACTS)
    _run(connection, "RESET ROLE")


def _close_database(connection: Connection[TupleRow]) -> None:
    """Only our roles connect, and none may put a temporary table in front of a real one.

    Asked each time: a restored or copied database comes without these rights.
    """
    if not _true(connection, "SELECT has_database_privilege(%s, current_database(), 'TEMP')", APP):
        return
    row = connection.execute("SELECT current_database()").fetchone()
    database = str(row[0]) if row else ""
    _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)
    for role in ROLES:
        _run(connection, "GRANT CONNECT ON DATABASE {} TO {}", database, role)


def _run(connection: Connection[TupleRow], statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _true(connection: Connection[TupleRow], query: LiteralString, *params: str) -> bool:
    row = connection.execute(query, params).fetchone()
    return bool(row and row[0])
