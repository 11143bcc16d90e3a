"""Casbin's answers, asked once: which permissions each role allows and denies.

Casbin is the only source of rights, but asking it costs a quarter of a millisecond, and its fast
variant answers wrongly under threads. The policy changes only with a release, so the whole
(role x permission) table is asked from it once per policy version and is then immutable. A request
gets the frozenset of its permissions and decides by `permission in permissions`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import casbin

from portal.access.permissions import Permission
from portal.access.policy import POLICY_FOLDER, Policy, read_policy
from portal.access.roles import PROGRAM, STAND_IN, Role

_PROBE: Final = "?"
"""Prefix of a subject that has one role and, beside it, every permission."""
_EVERYTHING: Final = "?everything"

SUBJECTS: Final[tuple[str, ...]] = (*Role, STAND_IN, PROGRAM)
"""What an actor can be: the roles of memberships, and the marks of who acts for another and of
another system."""


@dataclass(frozen=True, slots=True)
class RightsTable:
    """What each role allows and denies under one version of the policy."""

    version: str
    allowed: Mapping[str, frozenset[Permission]]
    denied: Mapping[str, frozenset[Permission]]

    def permissions_of(self, roles: frozenset[str]) -> frozenset[Permission]:
        """Everything one of `roles` allows and none of them denies; unknown roles add nothing."""
        allowed: set[Permission] = set()
        denied: set[Permission] = set()
        for role in roles:
            allowed |= self.allowed.get(role, frozenset())
            denied |= self.denied.get(role, frozenset())
        return frozenset(allowed - denied)

    def roles_with(self, permission: Permission) -> tuple[Role, ...]:
        """The roles that allow `permission`, in the order of their names."""
        return tuple(role for role in Role if permission in self.allowed[role])


def build_table(policy: Policy) -> RightsTable:
    """Ask Casbin about every role and permission: is it allowed, and does it beat an allow?"""
    allowed: dict[str, set[Permission]] = {subject: set() for subject in SUBJECTS}
    denied: dict[str, set[Permission]] = {subject: set() for subject in SUBJECTS}
    for permission in Permission:
        enforcer = _small_enforcer(policy, permission)
        for subject in SUBJECTS:
            if enforcer.enforce(subject, permission.value):
                allowed[subject].add(permission)
            if not enforcer.enforce(_PROBE + subject, permission.value):
                denied[subject].add(permission)
    return RightsTable(
        policy.version,
        MappingProxyType({subject: frozenset(held) for subject, held in allowed.items()}),
        MappingProxyType({subject: frozenset(held) for subject, held in denied.items()}),
    )


def _small_enforcer(policy: Policy, permission: Permission) -> casbin.Enforcer:
    """An Enforcer that knows only the rules of one permission: Casbin scans all it has."""
    model = casbin.Enforcer.new_model(text=policy.model)
    for rule in policy.rules:
        if rule.permission == permission:
            model.add_policy("p", "p", [rule.role, rule.permission, rule.effect])
    model.add_policy("p", "p", [_EVERYTHING, permission.value, "allow"])
    for role, base in policy.links:
        model.add_policy("g", "g", [role, base])
    for subject in SUBJECTS:
        model.add_policy("g", "g", [_PROBE + subject, subject])
        model.add_policy("g", "g", [_PROBE + subject, _EVERYTHING])
    enforcer = casbin.Enforcer(model)
    enforcer.build_role_links()
    return enforcer


_KNOWN: Final = frozenset(Role)
_building = threading.Lock()


@cache
def _table_of(folder: Path) -> RightsTable:
    return build_table(read_policy(folder))


def rights_table() -> RightsTable:
    """The table of the shipped policy, built at the first call. Raises PolicyError."""
    with _building:
        return _table_of(POLICY_FOLDER)


@cache
def _permissions(roles: frozenset[str]) -> frozenset[Permission]:
    return rights_table().permissions_of(roles)


def permissions_of(roles: Iterable[str], *, standing_in: bool = False) -> frozenset[Permission]:
    """What somebody with these roles may do. `standing_in`: they hold them for another person.

    A name that is no role adds nothing, so that a row left from an older release gives no right.
    """
    held = {role for role in roles if role in _KNOWN}
    if standing_in:
        held.add(STAND_IN)
    return _permissions(frozenset(held))


def permissions_of_programs() -> frozenset[Permission]:
    """What another system may do with a tenant's token."""
    return _permissions(frozenset({PROGRAM}))


def policy_version() -> str:
    """SHA-256 of the policy files in force, as hexadecimal text."""
    return rights_table().version
