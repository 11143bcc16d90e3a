"""What counts beside a delegation: the agency's plans, other delegations, the bodies involved.

All of it is one statement, however many files there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, SmallInteger, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from portal.activities.models import Activity, State
from portal.compliance import facts
from portal.compliance.keys import STATUSES
from portal.extensions import db
from portal.identity.types import TripCount

Row = Mapping[str, Any]

_SURROUNDINGS = text("""
    WITH plans AS MATERIALIZED (
        SELECT i.id, i.code, i.title, i.kind, i.origin, i.countries, i.month, i.size, i.leader_id,
               p.id AS plan_id, p.tenant_id, p.year, p.status,
               l.full_name, l.honorific, l.key_leader, l.managed_by, l.sensitive_post,
               l.tenant_id AS leader_agency
          FROM plan p JOIN plan_item i ON i.plan_id = p.id LEFT JOIN person l ON l.id = i.leader_id
         WHERE p.id IN (SELECT q.id FROM plan q
                         WHERE q.tenant_id = ANY(:line) AND q.year = ANY(:years)
                        UNION SELECT j.plan_id FROM plan_item j WHERE j.id = :item)
    ), history AS MATERIALIZED (
        SELECT * FROM facts_history(
            :people, :line,
            ARRAY(SELECT id FROM plans WHERE kind = 'outbound' AND (:every_item OR id = :item)),
            :first_day, :last_day, :as_of)
         WHERE kind = 'outbound' AND activity_id IS DISTINCT FROM :but
    ), agencies AS (
        SELECT t.id, t.kind, t.name_vi, t.name_en,
               ARRAY(SELECT s.predecessor_id FROM tenant_succession s
                      WHERE s.successor_id = t.id ORDER BY 1) AS succeeds
          FROM tenant t
         WHERE t.id IN (SELECT unnest(:agencies) UNION SELECT tenant_id FROM plans
                        UNION SELECT leader_agency FROM plans UNION SELECT tenant_id FROM history)
    )
    SELECT coalesce((SELECT json_agg(p ORDER BY p.year, p.code, p.id) FROM plans p),
                    '[]') AS plans,
           coalesce((SELECT json_agg(h ORDER BY h.activity_id) FROM history h),
                    '[]') AS history,
           coalesce((SELECT json_agg(t ORDER BY t.id) FROM agencies t),
                    '[]') AS agencies
""").bindparams(
    bindparam("people", type_=ARRAY(BigInteger)),
    bindparam("line", type_=ARRAY(BigInteger)),
    bindparam("years", type_=ARRAY(SmallInteger)),
    bindparam("agencies", type_=ARRAY(BigInteger)),
    bindparam("item", type_=BigInteger),
    bindparam("every_item", type_=Boolean),
    bindparam("but", type_=BigInteger),
)
_ITEM_NAMES = text("SELECT id, code, title FROM plan_item WHERE id = ANY(:ids)")
_HISTORY_DAYS: Final = (
    "submitted_on", "starts_on", "ends_on", "reported_on", "passports_returned_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a proposal, as rows."""

    plans: Sequence[Row]
    """Items of the plans of the agencies and years asked for, and of the plan of its own item."""
    history: Sequence[Row]
    """Other outbound delegations that count, of these people, agencies and items."""
    agencies: Sequence[Row]
    """Kind, names and predecessors of every agency in plans and history, and of those asked for."""


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


def surroundings(
    line: Sequence[int],
    years: Iterable[int],
    year: int,
    as_of: date,
    *,
    people: Sequence[int] = (),
    item: int | None = None,
    every_item: bool = True,
    but: int | None = None,
    agencies: Iterable[int] = (),
) -> Surroundings:
    """Plans of `line` in `years`, and what counts in `year` beside the file `but`. One statement.

    `line` is the proposing agency and those it succeeds. Of their own trips those count that went
    out of plan or still owed something on the day `as_of`. Files that stand on a plan item count
    whenever they leave: those on any item of the plans, or else on `item` alone.
    """
    found = db.session.execute(
        _SURROUNDINGS,
        {
            "line": list(line),
            "years": sorted(set(years)),
            "item": item,
            "every_item": every_item,
            "people": list(people),
            "first_day": date(year, 1, 1),
            "last_day": date(year, 12, 31),
            "as_of": as_of,
            "but": but,
            "agencies": sorted({*line, *agencies}),
        },
    ).one()
    return Surroundings(found.plans, [_with_days(row) for row in found.history], found.agencies)


def _with_days(row: dict[str, Any]) -> Row:
    """A row that came as JSON, its days as dates again."""
    for name in _HISTORY_DAYS:
        if row[name] is not None:
            row[name] = date.fromisoformat(row[name])
    return row


def plan_choices(line: Sequence[int], day: date) -> tuple[tuple[PlanChoice, ...], int]:
    """Items that a new file of these agencies may stand on, and how many files go without one."""
    around = surroundings(line, (day.year, day.year + 1), day.year, day)
    return (
        choices_in(around.plans, around.history, line),
        supplements_in(around.history, line, day.year),
    )


def begun_on(items: Iterable[int]) -> dict[int, int]:
    """Plan items on which somebody of the agency is writing already → the newest such file."""
    a = Activity
    writing = (State.DRAFT, State.IN_REVIEW, State.RETURNED)
    statement = (
        select(a.plan_item_id, func.max(a.id))
        .where(a.plan_item_id.in_([*items]), a.state.in_(writing))
        .group_by(a.plan_item_id)
    )
    rows = db.session.execute(statement)
    return {item: file for item, file in rows if item is not None}


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


def item_names(ids: Iterable[int]) -> dict[int, str]:
    """How these plan items are called on a page."""
    rows = db.session.execute(_ITEM_NAMES, {"ids": list(ids)})
    return {id_: f"{code} ({title})" for id_, code, title in rows}
