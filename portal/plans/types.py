"""What the plans room tells other rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan of one agency and year; `used` of its `items` have a file that is not given up."""

    id: int
    tenant_id: int
    tenant_name: str
    year: int
    status: str
    decision_no: str | None
    decision_date: date | None
    items: int
    used: int


@dataclass(frozen=True, slots=True)
class ItemUse:
    """A file that stands on a plan item."""

    activity_id: int
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One planned activity and the files that stand on it."""

    id: int
    code: str
    kind: str
    origin: str
    title: str
    countries: Sequence[str]
    month: int | None
    size: int | None
    leader: str | None
    uses: Sequence[ItemUse]
