"""One file of the past while it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from portal.demo.journeys import Journey
from portal.demo.law import Standing
from portal.demo.script import Act

SUBMISSION: Final = "submission"
DECISION: Final = "decision"


@dataclass(slots=True, eq=False)
class Chapter:
    """One finished file while it is written."""

    standing: Standing
    acts: Sequence[Act]
    over_reason: str = ""
    waives: str = ""
    state: str = "draft"
    version: int = 1
    columns: dict[str, Any] = field(default_factory=dict)
    rows: dict[type, list[dict[str, Any]]] = field(default_factory=dict)
    open: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    quota: tuple[datetime, bool] | None = None
    """When its places in the quotas are taken, and whether above the limit."""

    @property
    def journey(self) -> Journey:
        return self.standing.journey

    @property
    def grantor(self) -> str:
        """Who waives its rule: the one whom the rule names, else the deciding authority."""
        leaders = self.waives == "outbound.leader-trips"
        return "standing-committee" if leaders else self.journey.authority

    def row(self, model: type, **values: Any) -> dict[str, Any]:
        found = {"activity_id": self.standing.activity_id, **values}
        self.rows.setdefault(model, []).append(found)
        return found
