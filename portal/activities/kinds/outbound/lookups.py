"""What counts beside a delegation: the agency's plans, other delegations, the bodies involved.

Each question is one statement, however many files there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import text

from portal.compliance import facts
from portal.extensions import db
from portal.identity.types import TripCount

Row = Mapping[str, Any]

STATUSES: Final[Mapping[str, facts.Status]] = {
    "submitted": "submitted",
    "in-appraisal": "in-appraisal",
    "returned": "submitted",  # sent back, not withdrawn: it still means to take its place
    "appraised": "appraised",
    "approved": "approved",
    "under-way": "under-way",
    "completed": "completed",
    "reported": "reported",
    "closed": "reported",
}

_PLANS = text("""
    SELECT i.id, i.code, i.title, i.kind, i.origin, i.countries, i.month, i.size, i.leader_id,
           p.id AS plan_id, p.tenant_id, p.year, p.status,
           l.full_name, l.honorific, l.key_leader, l.managed_by, l.sensitive_post,
           l.tenant_id AS leader_agency
      FROM plan p JOIN plan_item i ON i.plan_id = p.id LEFT JOIN person l ON l.id = i.leader_id
     WHERE p.id IN (SELECT q.id FROM plan q WHERE q.tenant_id = ANY(:line) AND q.year = ANY(:years)
                    UNION SELECT j.plan_id FROM plan_item j WHERE j.id = :item)
     ORDER BY p.year, i.code, i.id
""")
_HISTORY = text("SELECT * FROM facts_history(:people, :line, :items, :first_day, :last_day)")
_AGENCIES = text("""
    SELECT t.id, t.kind, t.name_vi, t.name_en,
           ARRAY(SELECT s.predecessor_id FROM tenant_succession s
                  WHERE s.successor_id = t.id ORDER BY 1) AS succeeds
      FROM tenant t WHERE t.id = ANY(:ids) ORDER BY t.id
""")


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """A plan item that the proposal may stand on; `used` when another file already does."""

    id: int
    code: str
    title: str
    origin: str
    year: int
    approved: bool
    countries: tuple[str, ...]
    month: int | None
    size: int | None
    leader: int | None
    used: bool


def plans_of(line: Sequence[int], years: Iterable[int], item: int | None) -> Sequence[Row]:
    """Items of the plans of these agencies and years, and of the plan that holds `item`."""
    return _rows(_PLANS, line=list(line), years=sorted(set(years)), item=item)


def history_of(
    people: Sequence[int], line: Sequence[int], items: Sequence[int], year: int, but: int | None
) -> Sequence[Row]:
    """Outbound delegations that count in `year` with these people, agencies and items."""
    rows = _rows(
        _HISTORY,
        people=list(people),
        line=list(line),
        items=list(items),
        first_day=date(year, 1, 1),
        last_day=date(year, 12, 31),
    )
    return [r for r in rows if r["kind"] == "outbound" and r["activity_id"] != but]


def agencies_of(ids: Iterable[int | None]) -> Sequence[Row]:
    """Kind, names and predecessors of these agencies."""
    return _rows(_AGENCIES, ids=sorted(id_ for id_ in set(ids) if id_ is not None))


def plan_choices(line: Sequence[int], day: date) -> tuple[tuple[PlanChoice, ...], int]:
    """Items that a new file of these agencies may stand on, and how many files go without one."""
    plan_rows = plans_of(line, (day.year, day.year + 1), None)
    history = history_of((), line, outbound_items(plan_rows), day.year, None)
    return choices_in(plan_rows, history, line), supplements_in(history, line, day.year)


def outbound_items(plan_rows: Iterable[Row]) -> list[int]:
    """Ids of the items for delegations going out."""
    return [row["id"] for row in plan_rows if row["kind"] == "outbound"]


def _rows(statement: Any, **params: Any) -> Sequence[Mapping[str, Any]]:
    return [dict(row) for row in db.session.execute(statement, params).mappings()]


def choices_in(
    plan_rows: Iterable[Row], history: Sequence[Row], line: Sequence[int]
) -> tuple[PlanChoice, ...]:
    """The outbound items of these agencies, each with whether another file uses it."""
    used = {row["plan_item_id"] for row in history}
    return tuple(
        PlanChoice(
            row["id"],
            row["code"],
            row["title"],
            row["origin"],
            row["year"],
            row["status"] == "approved",
            tuple(row["countries"]),
            row["month"],
            row["size"],
            row["leader_id"],
            row["id"] in used,
        )
        for row in plan_rows
        if row["kind"] == "outbound" and row["tenant_id"] in line
    )


def trips_in(history: Iterable[Row], person: int, year: int) -> TripCount:
    """Somebody's trips of that year, as the history has them."""
    states = [
        STATUSES[row["state"]]
        for row in history
        if person in row["members"] and row["starts_on"] and row["starts_on"].year == year
    ]
    decided = sum(1 for state in states if state in facts.DECIDED)
    return TripCount(person, decided, len(states) - decided)


def supplements_in(history: Iterable[Row], line: Sequence[int], year: int) -> int:
    """Decided delegations of these agencies in that year that stand on no original item."""
    return sum(
        1
        for row in history
        if row["tenant_id"] in line
        and row["starts_on"]
        and row["starts_on"].year == year
        and STATUSES[row["state"]] in facts.DECIDED
        and (row["plan_item_id"] is None or row["origin"] == "supplement")
    )
