"""Who may do what: permissions, roles, the table that Casbin answers, and the guard on every route.

Casbin's files in `policies/access/` are the only source of rights. This room imports `audit`, `web`
and `core` only; the memberships that give a person roles belong to `identity`.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Guard the app. The factory calls `guard.check_declarations(app)` after the last room."""
    # The names of permissions are also read where nothing is served.
    from portal.access import guard

    guard.init_app(app)
