"""The plans' pages as the focal point, two districts and the inspector."""

from __future__ import annotations

import pytest

from portal.core import clock
from tests.support.province import Province

NEXT_YEAR = clock.today().year + 1


@pytest.fixture
def leader(province: Province) -> int:
    """A key leader of Hội An with one line of the own plan, and two of Nam Giang's."""
    chair = province.person("hoi-an", "Tăng Thị Hiền", honorific="bà", key_leader=True)
    own = {"month": 10, "leader_id": chair, "countries": ["JP"], "title": "Kết nghĩa với Nhật Bản"}
    province.plan_item("hoi-an", NEXT_YEAR, "ĐR-01", **own)
    for month, code in ((3, "ĐR-07"), (5, "ĐR-08")):
        facts = {"month": month, "leader_id": chair, "title": f"Chuyến riêng {code}"}
        province.plan_item("nam-giang", NEXT_YEAR, code, **facts)
    return chair
