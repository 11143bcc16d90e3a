"""What jurisdictions and numbers of rules are called."""

from __future__ import annotations

from typing import Final

from portal.web.i18n import LazyText, lazy

JURISDICTIONS: Final[dict[str, LazyText]] = {
    "vn": lazy("Whole country"),
    "quang-nam": lazy("Quảng Nam"),
    "da-nang": lazy("Đà Nẵng"),
}

PARAMETERS: Final[dict[str, LazyText]] = {
    "limit": lazy("Limit"),
    "days": lazy("Days"),
    "working_days": lazy("Working days"),
    "months": lazy("Months"),
    "shortened": lazy("Working days, shortened procedure"),
    "important_event": lazy("Days, important event"),
    "province_leader": lazy("Members, leader of the province"),
    "province_deputy": lazy("Members, deputy leader of the province"),
    "department": lazy("Members, leader of a department or commune"),
    "prime_minister": lazy("Days, decided by the Prime Minister"),
    "chair": lazy("Days, decided by the chair"),
}
