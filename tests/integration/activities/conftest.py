"""One file on its way, at a fixed day, taken by the people of the cast."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pytest
from flask import Flask

from portal.activities import lifecycle
from portal.activities.calendar import advance_by_calendar
from portal.activities.types import Input
from portal.core.clock import frozen_at
from portal.core.context import Actor
from tests.support.province import Province
from tests.support.signing_in import province_with_passwords

DAY = date(2026, 9, 7)
"""A Monday."""
DEPARTS, RETURNS = date(2026, 11, 16), date(2026, 11, 20)
PAPER = {"document_no": "45/QĐ-UBND", "document_date": DAY}

Acting = Callable[[Actor | None], AbstractContextManager[None]]


@dataclass(slots=True)
class Path:
    """A file and the means to move it."""

    province: Province
    app: Flask
    acting: Acting
    id: int

    def take(self, who: str, action: str, **given: Any) -> None:
        """Let somebody of the cast take a step."""
        # A context of its own: what a request leaves behind must not reach the next one.
        with self.app.app_context(), self.acting(self.province[who]):
            lifecycle.perform(self.id, action, Input(**given))

    def sweep(self) -> int:
        """Let the calendar move what it moves today."""
        with self.app.app_context():
            return advance_by_calendar()

    def value(self, column: str) -> Any:
        """A column of the file as it is stored."""
        row = self.province.connection.execute(
            f'SELECT "{column}" FROM activity WHERE id = %s', [self.id]
        ).fetchone()
        assert row is not None
        return row[0]

    def url(self, *rest: str) -> str:
        """The address of the file's page or of one below it."""
        return "/".join((f"/activities/{self.id}", *rest))

    @property
    def state(self) -> str:
        return str(self.value("state"))

    def open_tasks(self) -> set[tuple[str, str]]:
        """(kind, code of the desk's tenant) of the open tasks."""
        rows = self.province.connection.execute(
            "SELECT k.kind, t.code FROM task k JOIN tenant t ON t.id = k.desk_tenant_id"
            " WHERE k.activity_id = %s AND k.closed_at IS NULL",
            [self.id],
        )
        return {(kind, code) for kind, code in rows}

    def to_appraisal(self) -> None:
        """Through the tenant to the focal officer's desk."""
        self.take("officer", "send-for-review")
        self.take("reviewer", "endorse")
        self.take("head", "submit")
        self.take("focal_officer", "receive")

    def to_decision(self) -> None:
        """Through the focal point to the chair's desk."""
        self.to_appraisal()
        self.take("focal_officer", "appraise", note="Phù hợp.", recommendation="approve")
        self.take("focal_head", "sign-appraisal")

    def to_approval(self) -> None:
        """To the chair's approval."""
        self.to_decision()
        self.take("chair", "approve", document_no="12/QĐ-UBND", document_date=DAY)


@pytest.fixture
def today() -> Iterator[date]:
    with frozen_at(DAY):
        yield DAY


@pytest.fixture
def province(superuser: psycopg.Connection, today: date) -> Province:
    """The cast, as of DAY."""
    return province_with_passwords(superuser)


@pytest.fixture
def path(province: Province, app: Flask, acting: Acting) -> Path:
    """A complete, planned delegation of Hội An, led by somebody whom the chair decides on."""
    leader = province.person("hoi-an", "Trương Thị Lài", managed_by="chair", honorific="bà")
    item = province.plan_item("hoi-an", DEPARTS.year)
    activity_id = province.activity(
        "hoi-an",
        plan_item_id=item,
        starts_on=DEPARTS,
        ends_on=RETURNS,
        created_by=province.users["officer"],
        lead_person_id=leader,
    )
    province.member(activity_id, "hoi-an", leader, "head")
    province.programme(activity_id, "hoi-an")
    return Path(province, app, acting, activity_id)


def slots(path: Path) -> list[tuple[str, int]]:
    """(rule, place) of the yearly places that the file takes."""
    rows = path.province.connection.execute(
        "SELECT rule, slot FROM quota_use WHERE activity_id = %s ORDER BY 1, 2", [path.id]
    )
    return [(rule, slot) for rule, slot in rows]


def led_by_a_key_leader(path: Path) -> int:
    """Whom the standing committee manages."""
    leader = path.province.person(
        "hoi-an", "Trương Công Định", key_leader=True, managed_by="standing-committee"
    )
    path.province.member(path.id, "hoi-an", leader)
    return leader


def earlier_trip(path: Path, leader: int, month: int, agency: str = "so-ngoai-vu") -> int:
    """A finished trip of the year, organised by another agency."""
    trip = path.province.activity(
        agency,
        state="closed",
        submitted_on=date(2026, 1, 5),
        starts_on=date(2026, month, 2),
        ends_on=date(2026, month, 6),
        reported_on=date(2026, month, 10),
        passports_returned_on=date(2026, month, 10),
    )
    path.province.member(trip, agency, leader, "head")
    return trip


def two_earlier_trips(path: Path, leader: int, agency: str = "so-ngoai-vu") -> None:
    """As many as a key leader may have in a year."""
    for month in (2, 4):
        earlier_trip(path, leader, month, agency)


def a_third_trip(path: Path) -> None:
    """The standing committee consented to a file whose leader has two trips already."""
    two_earlier_trips(path, led_by_a_key_leader(path))
    path.to_decision()
    path.take("committee", "consent", document_no="7-TB/TU", document_date=DAY)
