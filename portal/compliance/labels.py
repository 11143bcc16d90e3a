"""What rules, their numbers and jurisdictions are called."""

from __future__ import annotations

from typing import Final

from portal.compliance.enacted import law_in_force
from portal.web.i18n import LazyText, lazy, locale

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


def title_of(rule: str) -> str:
    """The title of a rule in the reader's language."""
    title = law_in_force().versions(rule)[-1].title
    return title.en if locale() == "en" else title.vi
