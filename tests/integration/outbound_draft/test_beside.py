"""Of the agency's own trips those stand beside a file that a rule can ask for, and no others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.activities.kinds.outbound import facts
from portal.compliance.keys import activity_key
from portal.core.context import Actor
from tests.integration.outbound_draft.conftest import DAY
from tests.support.province import Province

Acting = Callable[[Actor | None], AbstractContextManager[None]]
MONDAY = date(DAY.year, 3, 2)
BACK = MONDAY + timedelta(days=4)
IN_TIME = BACK + timedelta(days=5)


@pytest.fixture
def file(province: Province, app_context: Flask) -> int:
    """A file without members: only what its agency did can stand beside it."""
    start = DAY + timedelta(days=5)
    return province.activity("hoi-an", starts_on=start, ends_on=start + timedelta(days=2))


def earlier(province: Province, **changes: object) -> int:
    """A trip of this March, planned, reported and with its passports back in time."""
    stated = {
        "state": "reported",
        "submitted_on": MONDAY - timedelta(days=40),
        "starts_on": MONDAY,
        "ends_on": BACK,
        "reported_on": IN_TIME,
        "passports_returned_on": IN_TIME,
        "plan_item_id": province.plan_item("hoi-an", MONDAY.year, origin="original"),
    }
    return province.activity("hoi-an", **(stated | changes))


def beside(province: Province, acting: Acting, file: int, as_of: date = DAY) -> list[str]:
    with acting(province["officer"]):
        return [entry.id for entry in facts.gather(file, as_of=as_of).case.history]


def test_a_planned_trip_that_owes_nothing_counts_for_no_rule(
    province: Province, acting: Acting, file: int
) -> None:
    earlier(province)
    assert beside(province, acting, file) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"reported_on": None},
        {"passports_returned_on": None},
        {"plan_item_id": None},
        {"plan_item_id": None, "state": "in-appraisal", "reported_on": None},
    ],
)
def test_a_trip_out_of_plan_and_one_that_owes_something_count(
    province: Province, acting: Acting, file: int, changes: dict[str, object]
) -> None:
    trip = earlier(province, **changes)
    assert beside(province, acting, file) == [activity_key(trip)]


def test_a_trip_on_a_line_that_was_added_in_mid_year_counts(
    province: Province, acting: Acting, file: int
) -> None:
    added = province.plan_item("hoi-an", MONDAY.year, "B1", origin="supplement")
    trip = earlier(province, plan_item_id=added)
    assert beside(province, acting, file) == [activity_key(trip)]


@pytest.mark.parametrize("late", ["reported_on", "passports_returned_on"])
def test_what_came_in_later_was_still_owed_on_the_day_that_is_asked_about(
    province: Province, acting: Acting, file: int, late: str
) -> None:
    trip = earlier(province, **{late: DAY})
    assert beside(province, acting, file, DAY - timedelta(days=1)) == [activity_key(trip)]
    assert beside(province, acting, file, DAY) == []
