"""Loading the demo: once, whole, the same for everybody, and never beside real data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from portal.config import ConfigError
from portal.core import clock
from portal.core.context import Actor, Scope, acting_as, system_actor
from portal.demo import data
from portal.demo.load import counts, is_loaded, load_if_empty
from portal.demo.people import PASSWORD, accounts
from portal.extensions import db
from portal.identity.passwords import verify
from tests.integration.demo.conftest import DAY
from tests.support.cluster import Cluster

SAME = {
    "activity": "id, tenant_id, title, state, version, starts_on, due_on, blocks, warnings",
    "step": "activity_id, at, action, actor_name, document_no, note",
    "task": "activity_id, kind, desk_tenant_id, due_on, closed_at",
    "plan_item": "id, tenant_id, code, title, origin, leader_id",
    "delegation_member": "activity_id, person_id, role",
    "person": "id, tenant_id, full_name, position",
    "quota_use": "rule, subject_id, period, slot, activity_id",
    "verdict": "activity_id, stage, hash",
}


def test_it_is_the_same_for_everybody_who_loads_it_that_day(
    app: Flask, database: Cluster, demo_copy: str
) -> None:
    database.copy(demo_copy, database.database)
    first = _fingerprint(database)
    database.renew()
    with app.app_context(), acting_as(system_actor()), clock.frozen_at(DAY):
        load_if_empty()
    assert _fingerprint(database) == first


def _fingerprint(database: Cluster) -> dict[str, Any]:
    with database.superuser() as connection:
        return {
            table: connection.execute(
                f"SELECT md5(string_agg(r::text, chr(10) ORDER BY r::text)) FROM"
                f" (SELECT {columns} FROM {table}) r"
            ).fetchone()
            for table, columns in SAME.items()
        }


def test_it_can_be_loaded_on_the_first_day_of_a_year(app: Flask, database: Cluster) -> None:
    day = date(2027, 1, 1)
    with app.app_context(), acting_as(system_actor()), clock.frozen_at(day):
        assert load_if_empty() is not None
        assert len(counts()) >= 14
        assert _trips_of_the_tours_leader(day.year) == 2


def _trips_of_the_tours_leader(year: int) -> int:
    return db.session.execute(
        text(
            "SELECT decided FROM user_account u, trip_counts(ARRAY[u.person_id], :year)"
            " WHERE username = 'hoian.pld'"
        ),
        {"year": year},
    ).scalar_one()


def test_a_second_loading_changes_nothing(demo: Flask, database: Cluster) -> None:
    before = database.position()
    with acting_as(system_actor()):
        assert is_loaded()
        assert load_if_empty() is None
    assert database.position() == before


def test_it_is_never_loaded_beside_real_agencies(app: Flask, database: Cluster) -> None:
    with database.superuser() as connection:
        connection.execute(
            "INSERT INTO tenant (code, kind, name_vi, name_en, search_key, valid_from,"
            " internal_review) VALUES ('H47.99', 'department', 'Sở', 'Dept', 'so', now(), true)"
        )
    with app.app_context(), acting_as(system_actor()), pytest.raises(ConfigError, match="already"):
        load_if_empty()


def test_the_units_are_those_of_2024(demo: Flask) -> None:
    kinds = _pairs("SELECT kind, count(*) FROM tenant GROUP BY 1")
    assert kinds["district"] == 18
    assert (kinds["socio-political"], kinds["mass-organisation"]) == (6, 10)
    assert kinds["public-unit"] == 6
    assert 20 <= kinds["department"] + kinds["focal"] + kinds["chair-office"] <= 24
    held = db.session.execute(text("SELECT capacity FROM tenant_capacity")).scalars().all()
    assert sorted(held) == sorted(
        ["focal", "police", "chair", "committee", "inspectorate", "administration"]
    )


def test_the_predecessors_history_counts_for_the_successor(demo: Flask) -> None:
    with acting_as(system_actor()):
        line = db.session.execute(
            text("SELECT array_agg(l) FROM tenant t, lineage(t.id) l WHERE t.code = 'H47.56'")
        ).scalar_one()
        trips = db.session.execute(
            text("SELECT count(*) FROM activity a JOIN tenant t ON t.id = a.tenant_id"
                 " WHERE t.code = 'H47.52' AND a.tenant_id = ANY(:line)"),
            {"line": line},
        ).scalar_one()  # fmt: skip
    assert trips > 0


def test_every_account_has_the_one_password_and_an_office(demo: Flask) -> None:
    with acting_as(system_actor()):
        stored = _pairs("SELECT username, password_hash FROM user_account")
        officeless = db.session.execute(
            text(
                "SELECT username FROM user_account u WHERE NOT EXISTS (SELECT FROM membership m"
                " WHERE m.user_id = u.id AND office_scope(m.tenant_id, m.role, :day) IS NOT NULL)"
            ),
            {"day": DAY},
        ).all()
    assert set(stored) == {account.username for account in accounts()}
    assert len(set(stored.values())) == 1
    assert verify(next(iter(stored.values())), PASSWORD)
    assert not officeless


def test_every_agency_has_an_officer_and_a_head(demo: Flask) -> None:
    with acting_as(system_actor()):
        held = _pairs("SELECT role, count(DISTINCT tenant_id) FROM membership GROUP BY 1")
    assert held["officer"] == held["head"] == len(data.units())


def _pairs(statement: str) -> dict[str, Any]:
    return dict(tuple(row) for row in db.session.execute(text(statement)))


def test_an_agency_sees_its_own_files_only(
    demo: Flask, actor_of: Callable[..., Actor], acting: Callable[[Actor], Any]
) -> None:
    officer = actor_of("hoian.cb")
    with acting(officer):
        owners = db.session.execute(text("SELECT DISTINCT tenant_id FROM activity")).scalars().all()
    assert owners == [officer.tenant_id]


def test_the_police_see_what_they_were_asked_about(
    demo: Flask, actor_of: Callable[..., Actor], acting: Callable[[Actor], Any]
) -> None:
    police = actor_of("ca.cb", Scope.POLICE)
    with acting(police):
        rows = db.session.execute(
            text("SELECT tenant_id = :own OR police_involved FROM activity"),
            {"own": police.tenant_id},
        ).scalars()
        seen = list(rows)
    assert len(seen) > 30
    assert all(seen)


def test_an_unfinished_loading_leaves_nothing(
    app: Flask, database: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("killed in the middle")

    monkeypatch.setattr("portal.demo.live.perform", fail)
    with app.app_context(), acting_as(system_actor()), clock.frozen_at(DAY):
        with pytest.raises(RuntimeError):
            load_if_empty()
        assert db.session.execute(text("SELECT count(*) FROM tenant")).scalar_one() == 0
