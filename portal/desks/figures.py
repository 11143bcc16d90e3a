"""The three figures above a desk as its page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from flask import url_for

from portal.desks.types import Fact
from portal.desks.words import FIGURES

_LISTS: Final[dict[str, dict[str, Any]]] = {
    "out-of-plan": {"out_of_plan": "y"},
    "reports-overdue": {"state": "completed", "overdue": "y"},
    "all-reports-overdue": {"state": "completed", "overdue": "y"},
}
"""Figures whose files the list can show."""
_LATE: Final = frozenset(
    {
        *("reports-overdue", "appraisals-overdue", "all-reports-overdue"),
        *("decisions-overdue", "opinions-overdue"),
    }
)


def shown(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    """Label, value ("1/2" under a limit), address of the list behind it, and tone."""
    return [
        {
            "label": FIGURES[fact.code],
            "value": f"{fact.value}/{fact.limit}" if fact.limit else fact.value,
            "url": url_for("desks.activities", **_LISTS[fact.code])
            if fact.code in _LISTS
            else None,
            "tone": _tone(fact),
        }
        for fact in facts
    ]


def _tone(fact: Fact) -> str | None:
    if fact.code in _LATE:
        return "red" if fact.value else None
    return "amber" if fact.limit and fact.value >= fact.limit else None
