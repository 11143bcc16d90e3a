"""Puts rows in place before a test, as a superuser, past every policy; and people to act as."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module

from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from portal.activities.models import Activity
from portal.core.context import Actor, Scope
from portal.identity.models import Membership, Person, UserAccount
from portal.tenancy.models import Tenant
from tests.support.cluster import Cluster

# A table is known to the others only once its module is loaded.
for room in ("plans", "workflow", "documents", "compliance", "desks", "activities.kinds.outbound"):
    import_module(f"portal.{room}.{'model' if '.' in room else 'models'}")


@contextmanager
def arranging(cluster: Cluster) -> Iterator[Session]:
    """A superuser's session; committed when the block ends well."""
    engine = create_engine(cluster.settings.migrate_database_url, poolclass=NullPool)
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.commit()
    engine.dispose()


def tenant(session: Session, code: str, *, kind: str = "district") -> Tenant:
    row = Tenant(
        code=code,
        kind=kind,
        name_vi=f"UBND {code}",
        name_en=f"{code} People's Committee",
        search_key=code.lower(),
        valid_from=date(2000, 1, 1),
    )
    session.add(row)
    session.flush()
    return row


def person(session: Session, of: Tenant, name: str) -> Person:
    row = Person(tenant_id=of.id, full_name=name, sort_key=name.lower(), search_key=name.lower())
    session.add(row)
    session.flush()
    return row


def user(session: Session, username: str, *, active: bool = True) -> UserAccount:
    row = UserAccount(username=username, name=username.title(), password_hash="none", active=active)
    session.add(row)
    session.flush()
    return row


def member(
    session: Session,
    of: Tenant,
    who: UserAccount,
    role: str,
    *,
    since: date = date(2000, 1, 1),
    until: date | None = None,
) -> Membership:
    row = Membership(tenant_id=of.id, user_id=who.id, role=role, valid_from=since, valid_to=until)
    session.add(row)
    session.flush()
    return row


def activity(session: Session, of: Tenant, **values: object) -> Activity:
    row = Activity(tenant_id=of.id, kind="outbound", **values)
    session.add(row)
    session.flush()
    return row


def actor(
    of: Tenant | None,
    who: UserAccount | None = None,
    *,
    scope: Scope = Scope.OWN,
    permissions: frozenset[str] = frozenset(),
) -> Actor:
    """Somebody acting for a tenant; without an account an id that nobody has."""
    return Actor(
        user_id=who.id if who else 999_999,
        username=who.username if who else "somebody",
        name=who.name if who else "Somebody",
        tenant_id=of.id if of else None,
        tenant_name=of.name_vi if of else "",
        scope=scope,
        permissions=permissions,
    )
