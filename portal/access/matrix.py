"""The access matrix as text: what each role may do, and who may call each address.

It is committed as `policies/access/matrix.txt`, so that every change of rights shows in review.
"""

from __future__ import annotations

from typing import Final

from flask import Flask
from werkzeug.routing import Rule

from portal.access.declarations import Access, Kind, access_of
from portal.access.enforcer import RightsTable, rights_table
from portal.access.guard import UNGUARDED
from portal.access.permissions import Permission
from portal.access.policy import POLICY_FOLDER
from portal.access.roles import PROGRAM, STAND_IN, Role

MATRIX_FILE: Final = POLICY_FOLDER / "matrix.txt"

SHORT: Final[dict[Role, str]] = {
    Role.OFFICER: "off",
    Role.REVIEWER: "rev",
    Role.HEAD: "hea",
    Role.DEPUTY_HEAD: "dep",
    Role.CLERK: "cle",
    Role.VIEWER: "vie",
    Role.FOCAL_OFFICER: "fof",
    Role.FOCAL_HEAD: "fhe",
    Role.POLICE_OFFICER: "pof",
    Role.POLICE_HEAD: "phe",
    Role.CHAIR_OFFICER: "cof",
    Role.CHAIR: "cha",
    Role.DEPUTY_CHAIR: "dch",
    Role.STANDING_COMMITTEE: "com",
    Role.INSPECTOR: "ins",
    Role.ADMINISTRATOR: "adm",
}
"""Columns of the matrix, in the order of a file's way through the province."""

MARKS: Final = {STAND_IN: "sta", PROGRAM: "pro"}
"""Columns for what no membership gives: acting for another, and another system with its token."""

_HEADING: Final = """\
# Who may do what. Generated: `portal access matrix --write` after a change; a test compares.
# yes = allowed, NO = denied whatever other role is held, - = not allowed by this role.
#
"""


def full_matrix(app: Flask) -> str:
    """Both tables: role x permission and role x address of `app`."""
    legend = "".join(f"#   {short} {role}\n" for role, short in (SHORT | MARKS).items())
    return f"{_HEADING}{legend}\n{permission_matrix()}\n{endpoint_matrix(app)}"


def permission_matrix() -> str:
    """One line for each permission; the last columns are the marks of who acts for another and of
    other systems.
    """
    table = rights_table()
    lines = [_line("PERMISSION", 28, [*SHORT.values(), *MARKS.values()])]
    for permission in Permission:
        cells = [_cell(table, subject, permission) for subject in (*SHORT, *MARKS)]
        lines.append(_line(permission, 28, cells))
    return "\n".join(lines) + "\n"


def endpoint_matrix(app: Flask) -> str:
    """One line for each address and set of methods, with what its view declares."""
    table = rights_table()
    lines = [_line("ADDRESS", 64, [*SHORT.values(), "declared"])]
    for rule in sorted(app.url_map.iter_rules(), key=_order):
        if rule.endpoint in UNGUARDED:
            continue
        access = access_of(app.view_functions[rule.endpoint])
        cells = [_admission(table, access, role) for role in SHORT]
        lines.append(_line(f"{_methods(rule)} {rule.rule}", 64, [*cells, str(access)]))
    return "\n".join(lines) + "\n"


def _cell(table: RightsTable, subject: str, permission: Permission) -> str:
    if permission in table.denied[subject]:
        return "NO"
    return "yes" if permission in table.allowed[subject] else "-"


def _admission(table: RightsTable, access: Access | None, role: Role) -> str:
    if access is None:
        return "?"
    if access.kind is Kind.PUBLIC:
        return "all"
    if access.kind is Kind.PROGRAM:
        return "-"
    return "yes" if access.admits(table.allowed[role]) else "-"


def _line(name: str, width: int, cells: list[str]) -> str:
    columns = "".join(f"{cell:<4}" for cell in cells[:-1])
    return f"{name:<{width}} {columns}{cells[-1]}".rstrip()


def _order(rule: Rule) -> tuple[str, str]:
    return rule.rule, _methods(rule)


def _methods(rule: Rule) -> str:
    return "+".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
