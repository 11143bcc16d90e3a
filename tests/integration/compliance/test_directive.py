"""From 1 January the limit is one: a December and a January trip, each judged by its own law."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.activities import assessment
from portal.compliance.replay import Source, replay_all
from portal.core import clock
from portal.core.context import Actor
from portal.core.roles import AUDIT
from portal.core.unit_of_work import unit_of_work
from portal.server.addresses import conninfo
from tests.integration.compliance.conftest import Propose
from tests.integration.compliance.test_register import NEXT_YEAR, drafted
from tests.support.cluster import Cluster
from tests.support.province import Province
from tests.support.signing_in import Enter

Acting = Callable[[Actor | None], AbstractContextManager[None]]
RULE = "outbound.leader-trips"
DECEMBER, JANUARY = date(NEXT_YEAR - 1, 12, 14), date(NEXT_YEAR, 1, 18)


@pytest.fixture
def trips(province: Province) -> dict[date, int]:
    """A leader's submitted trips, each the second of its year, by the day of departure."""
    leader = province.person("hoi-an", "Tăng Thị Hiền", honorific="bà", key_leader=True)

    def trip(first: date, **facts: object) -> int:
        days = {"starts_on": first, "ends_on": first + timedelta(days=3)}
        file = province.activity("hoi-an", submitted_on=clock.today(), **days, **facts)
        province.member(file, "hoi-an", leader, "head")
        return file

    trip(date(NEXT_YEAR - 1, 2, 2), state="closed", passports_returned_on=clock.today())
    trip(date(NEXT_YEAR, 1, 4), state="approved")
    return {day: trip(day, state="submitted") for day in (DECEMBER, JANUARY)}


def enact(enter: Enter, propose: Propose) -> None:
    """The focal point drafts limit one, the chair's office publishes it."""
    focal, office = enter("focal_officer"), enter("chair_officer")
    page = drafted(focal)
    propose(focal, page)
    assert office.submit(f"{page}/publish", {"revision": "1"}, page=page).status_code == 303


def test_december_goes_and_january_is_stopped_each_by_its_own_law(
    enter: Enter,
    propose: Propose,
    province: Province,
    trips: dict[date, int],
    app: Flask,
    acting: Acting,
    database: Cluster,
) -> None:
    enact(enter, propose)
    found = {}
    with app.app_context(), acting(province["officer"]), unit_of_work():
        for day, file in trips.items():
            judged = assessment.assess(file, stage="submission")
            found[day] = [f for f in judged.judgement.findings if f.rule == RULE]
            [version] = [v for v in judged.judgement.rules if v.rule == RULE]
            assert version.params["limit"] == (2 if day is DECEMBER else 1)
    assert found[DECEMBER] == []
    [stopped] = found[JANUARY]
    assert stopped.stops
    assert stopped.legal_basis[0].document == "12-CT/TU"

    page = enter("officer").get(f"/activities/{trips[JANUARY]}").text
    assert "12-CT/TU" in page
    assert "12-CT/TU" not in enter("officer").get(f"/activities/{trips[DECEMBER]}").text

    source = Source(conninfo(database.settings.migrate_database_url), AUDIT)
    replayed = list(replay_all(source, 1))
    assert [count for count, _ in replayed] == [2]
    assert [differ for _, differ in replayed] == [[]]
