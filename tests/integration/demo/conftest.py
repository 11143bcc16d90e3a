"""The demo province, loaded once for a test process and copied for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text

from portal.access.enforcer import permissions_of
from portal.access.roles import Role, scope_of
from portal.core import clock
from portal.core.context import Actor, Scope, acting_as, system_actor
from portal.demo.load import load_if_empty
from portal.extensions import db
from tests.support.cluster import Cluster

DAY = date(2026, 11, 23)
"""The day on which the demo is loaded in these tests: a Monday."""

ActorOf = Callable[..., Actor]


@pytest.fixture(scope="session")
def demo_copy(cluster: Cluster, app: Flask) -> Iterator[str]:
    """The name of a database that holds the demo."""
    name = f"{cluster.database}_demo"
    cluster.renew()
    with app.app_context(), acting_as(system_actor()), clock.frozen_at(DAY):
        load_if_empty()
        db.session.remove()
        db.engine.dispose()
    cluster.copy(cluster.database, name)
    cluster.renew()
    yield name
    cluster.drop(name)


@pytest.fixture
def demo(demo_copy: str, database: Cluster, app: Flask) -> Iterator[Flask]:
    """The application on a fresh copy of the demo, on the demo's day."""
    database.copy(demo_copy, database.database)
    with app.app_context(), clock.frozen_at(DAY):
        yield app
        db.session.remove()


@pytest.fixture
def actor_of(demo: Flask) -> ActorOf:
    """The person with this user name, in the office of this scope (default: the first role's)."""

    def find(username: str, scope: Scope | None = None) -> Actor:
        with acting_as(system_actor()):
            rows = db.session.execute(_OFFICES, {"username": username}).mappings().all()
            db.session.rollback()
        wanted = scope or scope_of([rows[0]["role"]])
        held = [row for row in rows if scope_of([row["role"]]) == wanted]
        roles = frozenset(row["role"] for row in held)
        first = held[0]
        return Actor(
            user_id=first["user_id"],
            username=username,
            name=first["name"],
            tenant_id=first["tenant_id"],
            tenant_name=first["tenant_name"],
            scope=wanted,
            roles=roles,
            permissions=frozenset(permissions_of(roles)),
            person_id=first["person_id"],
            fields=frozenset(
                field
                for row in held
                if row["role"] in (Role.DEPUTY_HEAD, Role.DEPUTY_CHAIR)
                for field in row["fields"]
            ),
        )

    return find


_OFFICES = text("""
    SELECT u.id AS user_id, u.name, u.person_id, m.tenant_id, t.name_vi AS tenant_name, m.role,
           m.fields
      FROM user_account u JOIN membership m ON m.user_id = u.id JOIN tenant t ON t.id = m.tenant_id
     WHERE u.username = :username ORDER BY m.id
""")
