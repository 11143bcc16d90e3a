"""Who may do what: permissions, roles, the table that Casbin answers, and the guard on every route.

Casbin's files in `policies/access/` are the only source of rights. This room imports `audit`, `web`
and `core` only; the memberships that give a person roles belong to `identity`.
"""
