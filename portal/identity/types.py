"""What the identity room tells other rooms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.access.enforcer import permissions_of
from portal.access.permissions import Permission
from portal.core.context import Actor, Scope
from portal.identity.models import FieldOfWork, ManagedBy

__all__ = [
    "FieldOfWork",
    "HolderRow",
    "ManagedBy",
    "Office",
    "OpenSession",
    "PersonRow",
    "TripCount",
]


@dataclass(frozen=True, slots=True)
class Office:
    """What somebody acts as: a tenant, a scope in it, and for whom.

    Roles that a person holds in one tenant and in one scope are united; a role of another scope
    (drafting for the agency, appraising as the focal point) is another office, so that one click
    never mixes both. A stand-in's office carries the one role that was entrusted, and nothing of
    the stand-in's own.
    """

    tenant_id: int
    tenant_name: str
    tenant_name_en: str
    scope: Scope
    roles: frozenset[str]
    fields: frozenset[str]
    stand_in_id: int | None = None
    acting_for: str | None = None
    acting_for_user_id: int | None = None
    acting_for_person_id: int | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """What may be done in it."""
        return permissions_of(self.roles, standing_in=self.stand_in_id is not None)

    @property
    def key(self) -> str:
        """Names the office in forms."""
        return f"{self.tenant_id}-{self.scope}-{self.stand_in_id or 0}"

    def name(self, locale: str) -> str:
        """The name of the tenant."""
        return self.tenant_name if locale == "vi" else self.tenant_name_en


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A signed-in browser at the start of a request."""

    actor: Actor
    offices: tuple[Office, ...]
    office: Office | None
    """The one acted as; None when nothing is left."""
    last_seen_at: dt.datetime
    one_time_password: bool
    moved: bool
    """The office chosen before is gone (revoked, run out), so another one was taken."""


@dataclass(frozen=True, slots=True)
class HolderRow:
    """Somebody who holds a role today."""

    user_id: int
    name: str
    tenant_id: int
    tenant_name: str
    tenant_name_en: str
    role: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """An official as lists and pickers show them."""

    id: int
    tenant_id: int
    tenant_name: str
    full_name: str
    honorific: str
    position: str
    key_leader: bool
    managed_by: str
    sensitive_post: bool
    active: bool
    sort_key: str


@dataclass(frozen=True, slots=True)
class TripCount:
    """How often a person travels in a year: decided trips count, pending ones are asked for."""

    person_id: int
    decided: int = 0
    pending: int = 0
