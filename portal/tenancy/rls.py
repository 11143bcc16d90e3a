"""Row-level security, written in one place and used by every migration.

The settings are read inside a sub-select so that PostgreSQL plans them once a statement; unset or
empty settings compare as NULL, and NULL lets nobody see anything.
"""

from collections.abc import Iterable

TENANT = "(SELECT nullif(current_setting('portal.tenant_id', true), '')::bigint)"
USER = "(SELECT nullif(current_setting('portal.user_id', true), '')::bigint)"
SCOPE = "(SELECT current_setting('portal.scope', true))"

_COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def enable(table: str) -> list[str]:
    """Statements that put `table` under row-level security, for its owner too."""
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
    ]


def policy(table: str, name: str, command: str, condition: str, *, role: str = "portal_app") -> str:
    """A permissive policy: `condition` must hold for the rows read and for the rows written."""
    if command not in _COMMANDS:
        raise ValueError(f"unknown command {command}")
    clauses = {
        "SELECT": f"USING ({condition})",
        "INSERT": f"WITH CHECK ({condition})",
        "UPDATE": f"USING ({condition}) WITH CHECK ({condition})",
        "DELETE": f"USING ({condition})",
    }
    return f'CREATE POLICY {name} ON "{table}" FOR {command} TO {role} {clauses[command]}'


def policies(
    table: str, *, read: str, write: str | None = None, delete: str | None = None
) -> list[str]:
    """Row-level security of `table`: who reads, who writes, who deletes (default: nobody)."""
    statements = [*enable(table), policy(table, "reads", "SELECT", read)]
    if write:
        statements += [
            policy(table, "inserts", "INSERT", write),
            policy(table, "updates", "UPDATE", write),
        ]
    if delete:
        statements.append(policy(table, "deletes", "DELETE", delete))
    statements.append(policy(table, "audits", "SELECT", "true", role="portal_audit"))
    return statements


def scope_in(*scopes: str) -> str:
    """Condition: the acting person's scope is one of `scopes`."""
    return f"{SCOPE} IN ({_quoted(scopes)})"


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
