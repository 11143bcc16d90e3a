"""Who is acting, for which agency: bound to the thread and to the database transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """How far the acting tenant sees. Row-level security reads it as `portal.scope`."""

    OWN = "own"
    FOCAL = "focal"
    POLICE = "police"
    CHAIR = "chair"
    COMMITTEE = "committee"
    INSPECTOR = "inspector"
    ADMIN = "admin"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person acting for one tenant, or a system job (`user_id` None)."""

    user_id: int | None
    username: str
    name: str
    tenant_id: int | None
    tenant_name: str
    scope: Scope
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    person_id: int | None = None
    fields: frozenset[str] = frozenset()
    """Fields of work in which a deputy signs; empty for everybody else."""
    acting_for: str | None = None
    """Name of the person whom the actor stands in for, shown on every step."""
    acting_for_user_id: int | None = None
    acting_for_person_id: int | None = None
    session_id: int | None = None
    token_id: int | None = None
    """The token that another system brought; `user_id` is then who issued it."""
    locale: str = "vi"
    tenant_name_en: str = ""

    @property
    def signature(self) -> str:
        """Who signs a paper, and as papers say it (thừa ủy quyền) by whose authority."""
        return f"{self.name} (TUQ. {self.acting_for})" if self.acting_for else self.name

    def may(self, permission: str) -> bool:
        """Whether the actor's roles carry `permission`."""
        return permission in self.permissions


_actor: ContextVar[Actor | None] = ContextVar("portal_actor", default=None)


def current_actor() -> Actor | None:
    """The person acting now, None when nobody is signed in."""
    return _actor.get()


def set_actor(actor: Actor | None) -> None:
    """Fix who acts. Use `portal.core.db.bind_actor` when a transaction may be open."""
    _actor.set(actor)


@contextmanager
def acting_as(actor: Actor | None) -> Iterator[None]:
    """Act as `actor` inside; transactions begun there carry the actor's tenant and scope."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def system_actor(name: str = "Hệ thống") -> Actor:
    """The portal itself: clocks, sweeps, deliveries."""
    return Actor(
        user_id=None,
        username="system",
        name=name,
        tenant_id=None,
        tenant_name=name,
        scope=Scope.SYSTEM,
    )
