"""Writes units, people and accounts, and knows afterwards who everybody is in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from sqlalchemy import insert, select

from portal.access.enforcer import permissions_of
from portal.access.roles import Role, scope_of
from portal.core import clock
from portal.core.context import Actor, Scope, system_actor
from portal.core.db import bind_actor
from portal.demo import data
from portal.demo.data import Unit
from portal.demo.people import PASSWORD, SECOND_UNIT, STAND_IN, accounts, people
from portal.extensions import db
from portal.identity.models import Membership, Person, StandIn, UserAccount
from portal.identity.passwords import hash_password
from portal.tenancy.models import Tenant, TenantAlias, TenantCapacity, TenantSuccession
from portal.web.text import fold, name_sort_key

SINCE: Final = date(1997, 1, 1)
"""Quảng Nam has been a province of its own again since then; the units' own days are not needed."""


@dataclass(frozen=True)
class Directory:
    """Ids in the database: units by slug, people by number, accounts by user name."""

    tenants: dict[str, int]
    persons: dict[int, int]
    users: dict[str, int]

    def actor(self, username: str, scope: Scope | None = None) -> Actor:
        """The account acting in its first unit; `scope` chooses among several offices."""
        return self._actors[username, scope]

    @cached_property
    def _actors(self) -> dict[tuple[str, Scope | None], Actor]:
        names = {unit.slug: unit for unit in data.units()}
        found: dict[tuple[str, Scope | None], Actor] = {}
        for account in accounts():
            unit = names[account.unit]
            for scope in sorted({scope_of([role]) for role in account.roles}):
                roles = frozenset(r for r in account.roles if scope_of([r]) == scope)
                actor = Actor(
                    user_id=self.users[account.username],
                    username=account.username,
                    name=account.person.full_name,
                    tenant_id=self.tenants[unit.slug],
                    tenant_name=unit.vi,
                    tenant_name_en=unit.en,
                    scope=scope,
                    roles=roles,
                    permissions=frozenset(permissions_of(roles)),
                    person_id=self.persons[account.person.number],
                    fields=frozenset(account.fields),
                )
                found[account.username, scope] = actor
                found.setdefault((account.username, None), actor)
        return found


def write() -> Directory:
    """Write the whole directory. Inside a unit of work, acting as the system."""
    tenants = _tenants()
    persons = _persons(tenants)
    users = _users(persons, tenants)
    memberships = _memberships(users, tenants)
    _stand_in(users, tenants, memberships)
    return Directory(tenants, persons, users)


def _tenants() -> dict[str, int]:
    rows = [_tenant(unit) for unit in data.units()]
    ids = dict(zip((unit.slug for unit in data.units()), _insert(Tenant, rows), strict=True))
    _insert(
        TenantAlias, [{"tenant_id": ids[unit.slug], "code": unit.alias} for unit in data.units()]
    )
    _insert(
        TenantCapacity,
        [
            {"tenant_id": ids[unit.slug], "capacity": capacity, "valid_from": SINCE}
            for unit in data.units()
            for capacity in unit.holds
        ],
    )
    _insert(
        TenantSuccession,
        [
            {
                "predecessor_id": ids[step["predecessor"]],
                "successor_id": ids[step["successor"]],
                "on_date": _new_year(),
                "basis": step["basis"],
            }
            for step in data.successions()
        ],
    )
    return ids


def _tenant(unit: Unit) -> dict[str, Any]:
    ends = {step["predecessor"] for step in data.successions()}
    return {
        "code": unit.code,
        "kind": unit.kind,
        "name_vi": unit.vi,
        "name_en": unit.en,
        "search_key": fold(f"{unit.vi} {unit.en}"),
        "valid_from": SINCE,
        "valid_to": _new_year() - timedelta(days=1) if unit.slug in ends else None,
        "internal_review": unit.review,
    }


def _new_year() -> date:
    return date(clock.today().year + 1, 1, 1)


def _persons(tenants: dict[str, int]) -> dict[int, int]:
    rows = [
        {
            "tenant_id": tenants[person.unit],
            "full_name": person.full_name,
            "honorific": person.honorific,
            "sort_key": name_sort_key(person.full_name),
            "search_key": fold(person.full_name),
            "position": person.post.post,
            "key_leader": person.post.key,
            "managed_by": person.post.managed,
            "sensitive_post": person.post.sensitive,
        }
        for person in people()
    ]
    return dict(enumerate(_insert(Person, rows)))


def _users(persons: dict[int, int], tenants: dict[str, int]) -> dict[str, int]:
    stored = hash_password(PASSWORD)  # once: they all have the same
    rows = [
        {
            "username": account.username,
            "name": account.person.full_name,
            "password_hash": stored,
            "person_id": persons[account.person.number],
            "last_tenant_id": tenants[account.unit],
        }
        for account in accounts()
    ]
    return dict(zip((a.username for a in accounts()), _insert(UserAccount, rows), strict=True))


def _memberships(users: dict[str, int], tenants: dict[str, int]) -> dict[tuple[str, str], int]:
    wanted = [(a.username, a.unit, role, a.fields) for a in accounts() for role in a.roles]
    wanted += [
        (username, unit, role, ())
        for username, (unit, roles) in SECOND_UNIT.items()
        for role in roles
    ]
    since = date(clock.today().year - 2, 1, 1)
    deputies = (Role.DEPUTY_HEAD, Role.DEPUTY_CHAIR)
    rows = [
        {
            "user_id": users[username],
            "tenant_id": tenants[unit],
            "role": role,
            "fields": list(fields) if role in deputies else [],
            "valid_from": since,
        }
        for username, unit, role, fields in wanted
    ]
    ids = _insert(Membership, rows)
    return {(one[0], one[2]): id_ for one, id_ in zip(wanted, ids, strict=True)}


def _stand_in(
    users: dict[str, int], tenants: dict[str, int], memberships: dict[tuple[str, str], int]
) -> None:
    """A head on leave: somebody acts for him until a day, by a document."""
    head, other = STAND_IN
    unit, today = head.partition(".")[0], clock.today()
    # Appointing is the agency's own business; row-level security lets nobody else write it.
    bind_actor(
        Actor(users[head], head, "", tenants[unit], "", Scope.OWN, frozenset({Role.HEAD.value}))
    )
    _insert(
        StandIn,
        [
            {
                "tenant_id": tenants[unit],
                "membership_id": memberships[head, Role.HEAD],
                "user_id": users[other],
                "document_no": "12/UQ-SKHĐT",
                "document_date": today - timedelta(days=6),
                "valid_from": today - timedelta(days=5),
                "valid_to": today + timedelta(days=40),
                "appointed_by": users[head],
            }
        ],
    )
    bind_actor(system_actor())


def _insert(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session.execute(statement, rows).scalars()) if rows else []


def is_empty() -> bool:
    """Whether the database has no agencies yet."""
    return db.session.execute(select(Tenant.id).limit(1)).first() is None
