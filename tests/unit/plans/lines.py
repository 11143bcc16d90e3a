"""Lines of an invented year's plans, and people to lead them."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.plans.types import Agency, Beside, Official, Planned, PlannedYear

YEAR = 2027
TODAY = date(2026, 11, 23)
HOI_AN, NAM_GIANG, FRONT = 1, 2, 3
AGENCIES = {
    HOI_AN: Agency(HOI_AN, "district", "Hội An"),
    NAM_GIANG: Agency(NAM_GIANG, "district", "Nam Giang"),
    FRONT: Agency(FRONT, "socio-political", "Mặt trận"),
}
AN, BINH, CUC, DUNG = 11, 12, 13, 21
PEOPLE = {
    AN: Official(AN, HOI_AN, "ông An", True, "standing-committee", True),
    BINH: Official(BINH, HOI_AN, "bà Bình", True, "standing-committee", True),
    CUC: Official(CUC, HOI_AN, "bà Cúc", False, "agency", False),
    DUNG: Official(DUNG, NAM_GIANG, "ông Dũng", True, "standing-committee", True),
}


def line(number: int, leader: int | None = None, month: int | None = 5, **facts: Any) -> Planned:
    """A delegation of Hội An to Laos in May."""
    known: dict[str, Any] = {
        "code": f"P{number}",
        "kind": "outbound",
        "origin": "original",
        "title": f"Đoàn công tác {number}",
        "countries": ("LA",),
        "agency": HOI_AN,
        "plan": facts.get("agency", HOI_AN),
        "year": YEAR,
        **facts,
    }
    return Planned(id=number, leader=leader, month=month, **known)


def file(number: int, *people: int, month: int = 2, **facts: Any) -> Beside:
    """An approved delegation of Hội An on a line of its plan."""
    known: dict[str, Any] = {
        "agency": HOI_AN,
        "item": 900 + number,
        "origin": "original",
        "status": "approved",
        "starts": date(YEAR, month, 10),
        "ends": date(YEAR, month, 14),
        **facts,
    }
    return Beside(id=number, people=people, **known)


def plans(*lines: Planned, **more: Any) -> PlannedYear:
    return PlannedYear(
        year=YEAR, items=lines, people=PEOPLE, **({"agencies": AGENCIES, "files": ()} | more)
    )
