"""Why somebody may not do something: which roles may, and who holds them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from portal.access.enforcer import rights_table
from portal.access.permissions import Permission
from portal.access.roles import STAND_IN, Role
from portal.core.context import Actor
from portal.core.errors import Denied
from portal.web.i18n import locale

log = logging.getLogger(__name__)

_MOST_HOLDERS: Final = 3
_UNEXPLAINED: Final = Denied().message
_PERMISSIONS: Final = frozenset(Permission)


class Holder(NamedTuple):
    """Somebody who could do it."""

    person: str
    tenant: str
    role: str


HolderLookup = Callable[[Sequence[Role], int | None], Sequence[Holder]]
"""(roles, tenant id or None for any tenant) → people who hold one of the roles now."""

_lookup: list[HolderLookup] = []


def set_holder_lookup(lookup: HolderLookup) -> None:
    """Register how identity finds the holders of roles; without it only the roles are named."""
    _lookup[:] = [lookup]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Which roles may do what was refused, and up to three people who hold one of them."""

    permission: Permission
    roles: tuple[Role, ...]
    holders: tuple[Holder, ...] = ()
    standing_in: bool = False
    """The actor could do it in their own name, but not for the person they act for."""

    def denied(self) -> Denied:
        """The refusal that says it, in words and names of the reader's language."""
        params = {"act": named(self.permission), "roles": ", ".join(map(named, self.roles))}
        if self.standing_in:
            message = "While you act for another person, you may not do this: %(act)s."
        elif self.holders:
            message = "You may not do this: %(act)s. It is done by: %(roles)s. Turn to: %(people)s."
            params["people"] = "; ".join(f"{one.person} ({one.tenant})" for one in self.holders)
        else:
            message = "You may not do this: %(act)s. It is done by: %(roles)s."
        return Denied(message, permission=self.permission, **params)


def explained(denied: Denied, actor: Actor | None) -> Denied:
    """`denied` with words that say who may do it, unless it has its own words already."""
    if denied.message != _UNEXPLAINED or denied.permission not in _PERMISSIONS:
        return denied
    return why_not(Permission(denied.permission), actor).denied()


def why_not(permission: Permission, actor: Actor | None) -> Explanation:
    """Why `actor` may not do this: the roles that may, and people who hold one.

    Of the roles that every agency has, only the holders in the actor's own agency are named.
    """
    roles = rights_table().roles_with(permission)
    if _only_standing_in_forbids(permission, actor):
        return Explanation(permission, roles, standing_in=True)
    return Explanation(permission, roles, _holders(roles, actor))


def named(what: Permission | Role) -> str:
    """The name of a permission or role in the reader's language."""
    return what.vi if locale() == "vi" else what.en


def _only_standing_in_forbids(permission: Permission, actor: Actor | None) -> bool:
    if actor is None or actor.acting_for is None:
        return False
    table = rights_table()
    alone = table.permissions_of(actor.roles - {STAND_IN})
    return permission in alone and permission in table.denied[STAND_IN]


def _holders(roles: tuple[Role, ...], actor: Actor | None) -> tuple[Holder, ...]:
    if not _lookup or actor is None:
        return ()
    own = tuple(role for role in roles if role.capacity is None)
    elsewhere = tuple(role for role in roles if role.capacity is not None)
    found: list[Holder] = []
    try:
        if own and actor.tenant_id is not None:
            found.extend(_lookup[0](own, actor.tenant_id))
        if elsewhere:
            found.extend(_lookup[0](elsewhere, None))
    except SQLAlchemyError:
        # The refusal stands without names, also when the database is what fails.
        log.exception("the holders of %s could not be read", ", ".join(roles))
    others = [holder for holder in dict.fromkeys(found) if holder.person != actor.name]
    return tuple(others[:_MOST_HOLDERS])
