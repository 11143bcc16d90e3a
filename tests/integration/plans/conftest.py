"""The plans' pages as the focal point, two districts and the inspector."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask

from portal.core import clock
from tests.support.pages import PageClient
from tests.support.province import Province
from tests.support.signing_in import entrance, province_with_passwords

Enter = Callable[[str], PageClient]
NEXT_YEAR = clock.today().year + 1


@pytest.fixture
def people(superuser: psycopg.Connection) -> Province:
    return province_with_passwords(superuser)


@pytest.fixture
def enter(app: Flask, people: Province) -> Enter:
    return entrance(app)


@pytest.fixture
def leader(people: Province) -> int:
    """A key leader of Hội An with one line of the own plan, and two of Nam Giang's."""
    chair = people.person("hoi-an", "Tăng Thị Hiền", honorific="bà", key_leader=True)
    own = {"month": 10, "leader_id": chair, "countries": ["JP"], "title": "Kết nghĩa với Nhật Bản"}
    people.plan_item("hoi-an", NEXT_YEAR, "ĐR-01", **own)
    for month, code in ((3, "ĐR-07"), (5, "ĐR-08")):
        facts = {"month": month, "leader_id": chair, "title": f"Chuyến riêng {code}"}
        people.plan_item("nam-giang", NEXT_YEAR, code, **facts)
    return chair
