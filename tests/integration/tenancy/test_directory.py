"""Agencies: found under every name and code, parts held from day to day, history kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.core import clock
from portal.core.context import Actor
from portal.core.errors import Denied, NotFound
from portal.extensions import db
from portal.tenancy import queries
from portal.tenancy.services import set_internal_review
from portal.web.i18n import use_locale
from tests.support.province import Province, arrange, insert

Acting = Callable[[Actor | None], AbstractContextManager[None]]


@pytest.fixture
def province(superuser: psycopg.Connection) -> Province:
    return arrange(superuser, today=clock.today())


@pytest.fixture
def reading(app: Flask, province: Province, acting: Acting) -> Iterator[Province]:
    """An officer asks."""
    with app.test_request_context(), acting(province["officer"]):
        yield province


def succeed(province: Province, old: str, new: str) -> None:
    insert(
        province.connection,
        "tenant_succession",
        predecessor_id=province.tenants[old],
        successor_id=province.tenants[new],
        on_date=clock.today(),
        basis="NQ 1241/NQ-UBTVQH15",
    )


def test_a_part_for_the_province_is_found_by_its_holder_of_that_day(reading: Province) -> None:
    today = clock.today()
    old, new = reading.tenants["so-ngoai-vu"], reading.tenants["hoi-an"]
    assert queries.holder_of("focal") == old
    reading.connection.execute(
        "UPDATE tenant_capacity SET valid_to = %s WHERE capacity = 'focal'", (today,)
    )
    tomorrow = today + dt.timedelta(days=1)
    insert(reading.connection, "tenant_capacity", tenant_id=new, capacity="focal",
           valid_from=tomorrow)  # fmt: skip
    assert queries.holder_of("focal") == old
    assert queries.holder_of("focal", on=tomorrow) == new
    assert queries.capacities_of(new) == frozenset()
    assert queries.capacities_of(new, on=tomorrow) == {"focal"}


def test_a_part_that_nobody_holds_is_said_plainly(reading: Province) -> None:
    reading.connection.execute("DELETE FROM tenant_capacity WHERE capacity = 'police'")
    assert queries.find_holder("police") is None
    with pytest.raises(NotFound):
        queries.holder_of("police")


def test_a_successor_carries_the_whole_line_of_its_predecessors(reading: Province) -> None:
    succeed(reading, "nam-giang", "hoi-an")
    succeed(reading, "so-tttt", "nam-giang")
    line = [reading.tenants[name] for name in ("hoi-an", "nam-giang", "so-tttt")]
    assert queries.lineage(line[0]) == sorted(line)
    assert queries.lineage(line[2]) == [line[2]]
    before = queries.predecessors([line[0]])[line[0]]
    assert [(step.tenant_id, step.basis) for step in before] == [(line[1], "NQ 1241/NQ-UBTVQH15")]
    assert [step.tenant_id for step in queries.successors([line[2]])[line[2]]] == [line[1]]


@pytest.mark.parametrize("written", ["H47.15", "000.00.15.H47", "15.H47", "h47.15", "H47-15"])
def test_an_agency_is_found_by_its_code_in_each_ordering(reading: Province, written: str) -> None:
    insert(reading.connection, "tenant_alias", tenant_id=reading.tenants["hoi-an"], code="H47.15")
    found = queries.tenant_by_code(written)
    assert found is not None
    assert found.id == reading.tenants["hoi-an"]
    assert queries.tenant_by_code("H47.16") is None
    assert [one.id for one in queries.tenants(text=written)] == [reading.tenants["hoi-an"]]


def test_agencies_of_the_past_are_named_but_not_listed(reading: Province) -> None:
    gone = reading.tenants["nam-giang"]
    reading.connection.execute(
        "UPDATE tenant SET valid_to = %s WHERE id = %s",
        (clock.today() - dt.timedelta(days=1), gone),
    )
    assert gone not in {one.id for one in queries.tenants()}
    assert queries.get_tenant(gone).name("vi") == "UBND huyện Nam Giang"
    with use_locale("en"):
        assert queries.tenant_names([gone, 999_999]) == {
            gone: "Nam Giang District People's Committee"
        }


def test_the_head_switches_internal_review_of_their_own_agency_only(
    app: Flask, province: Province, acting: Acting
) -> None:
    with app.test_request_context(), acting(province["head"]):
        set_internal_review(wanted=False)
        assert not queries.get_tenant(province.tenants["hoi-an"]).internal_review
        assert queries.get_tenant(province.tenants["nam-giang"]).internal_review
    changes = province.connection.execute(
        "SELECT chain_id, data FROM audit_event WHERE action = 'tenant.changed'"
    ).fetchall()
    assert changes == [(province.tenants["hoi-an"], {"changed": {"internal_review": False}})]


@pytest.mark.parametrize("who", ["officer", "reviewer", "focal_head", "chair", "administrator"])
def test_nobody_else_switches_internal_review(
    app: Flask, province: Province, acting: Acting, who: str
) -> None:
    with app.test_request_context(), acting(province[who]), pytest.raises(Denied):
        set_internal_review(wanted=False)


@pytest.mark.parametrize("who", ["focal_head", "chair", "inspector", "administrator"])
def test_the_database_switches_for_nobody_outside_the_agencys_own_offices(
    app: Flask, province: Province, acting: Acting, who: str
) -> None:
    with app.test_request_context(), acting(province[who]):
        assert db.session.execute(text("SELECT set_internal_review(false)")).scalar() is None


def test_nothing_else_of_an_agency_is_its_heads_to_change(
    app: Flask, province: Province, acting: Acting
) -> None:
    with app.test_request_context(), acting(province["head"]):
        done = db.session.execute(text("UPDATE tenant SET name_vi = 'x'"))
        assert done.rowcount == 0
    with app.test_request_context(), acting(province["head"]), pytest.raises(DBAPIError):
        db.session.execute(
            text("INSERT INTO tenant_capacity (tenant_id, capacity, valid_from)"
                 " VALUES (:t, 'chair', now())"),
            {"t": province.tenants["hoi-an"]},
        )  # fmt: skip
