"""A year's plans with all that counts beside them: the same few statements, however many lines.

Row-level security decides whose lines there are; of lines that it hides, a leader's number is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import text

from portal.compliance.keys import STATUSES
from portal.core import clock
from portal.core.context import Scope, current_actor
from portal.core.errors import Denied
from portal.extensions import db
from portal.plans.cases import line_of
from portal.plans.types import Agency, Beside, Official, Planned, PlannedYear
from portal.web.i18n import locale

_ITEMS: Final = text("""
    SELECT i.id, i.code, i.kind, i.origin, i.title, i.countries, i.month, i.leader_id AS leader,
           p.tenant_id AS agency, p.id AS plan, p.year
      FROM plan p JOIN plan_item i ON i.plan_id = p.id
     WHERE p.year = :year
     ORDER BY p.tenant_id, p.id, i.month NULLS LAST, length(i.code), i.code
""")
_PEOPLE: Final = text("""
    SELECT p.id, p.tenant_id, p.honorific || ' ' || p.full_name, p.key_leader, p.managed_by, o.leads
      FROM person p CROSS JOIN LATERAL (
        SELECT p.active AND (p.key_leader OR EXISTS (
            SELECT 1 FROM user_account u JOIN membership m ON m.user_id = u.id
             WHERE u.person_id = p.id AND u.active AND m.tenant_id = p.tenant_id
               AND m.role IN ('head', 'deputy-head') AND m.revoked_at IS NULL
               AND m.valid_from <= :today AND (m.valid_to IS NULL OR m.valid_to >= :today)
        )) AS leads) o
     WHERE p.id = ANY (:leaders) OR (p.tenant_id = ANY (:agencies) AND o.leads)
     ORDER BY p.id
""")
_AGENCIES: Final = text("""
    SELECT t.id, t.kind, CASE WHEN :english THEN t.name_en ELSE t.name_vi END,
           ARRAY(SELECT s.predecessor_id FROM tenant_succession s
                  WHERE s.successor_id = t.id ORDER BY 1)
      FROM tenant t
     WHERE t.id = ANY (:agencies)
        OR t.id IN (SELECT leader.tenant_id FROM person leader WHERE leader.id = ANY (:leaders))
        OR t.id IN (SELECT s.predecessor_id FROM tenant_succession s)
""")
_FILES: Final = text("""
    SELECT activity_id, kind, tenant_id, plan_item_id, origin, state, starts_on, ends_on, members
      FROM beside_plans(:people, :agencies, :items, :first_day, :last_day)
""")
_ELSEWHERE: Final = text(
    "SELECT person_id, lines FROM planned_elsewhere(:leaders, :agencies, :year, :today)"
)

Row = Mapping[str, Any]


def planned_year(year: int) -> PlannedYear:
    """The lines of a year's plans that no file stands on yet, and what counts beside them."""
    actor, today = current_actor(), clock.today()
    if actor is None:
        raise Denied
    items = [_item(dict(row)) for row in db.session.execute(_ITEMS, {"year": year}).mappings()]
    leaders = sorted({item.leader for item in items if item.leader is not None})
    planning = sorted({item.agency for item in items})
    own = [] if actor.tenant_id is None else [actor.tenant_id]
    agencies = _agencies([*planning, *own], leaders)
    people = _people(leaders, planning, today)
    rows = _files(items, people, agencies, year)
    used = {row["plan_item_id"] for row in rows}
    waiting = [item for item in items if item.id not in used]
    elsewhere: dict[int, int] = {}
    if actor.scope is Scope.OWN and own:
        elsewhere = _elsewhere(people, line_of(own[0], agencies), year, today)
    return PlannedYear(
        year=year,
        items=tuple(item for item in waiting if item.last_day >= today),
        files=tuple(_beside(row) for row in rows if _of_year(row, year)),
        people=people,
        agencies=agencies,
        elsewhere=elsewhere,
        used=len(items) - len(waiting),
        gone_by=sum(1 for item in waiting if item.last_day < today),
    )


def years_from(year: int) -> list[int]:
    """The years from this one on for which there are plans."""
    found = text("SELECT DISTINCT year FROM plan WHERE year >= :year ORDER BY year")
    return list(db.session.execute(found, {"year": year}).scalars())


def _item(row: Row) -> Planned:
    return Planned(**{**row, "countries": tuple(row["countries"])})


def _agencies(ids: list[int], leaders: list[int]) -> dict[int, Agency]:
    given = {"english": locale() == "en", "agencies": ids, "leaders": leaders}
    rows = db.session.execute(_AGENCIES, given)
    return {row[0]: Agency(row[0], row[1], row[2], tuple(row[3])) for row in rows}


def _people(leaders: list[int], agencies: list[int], today: date) -> dict[int, Official]:
    given = {"leaders": leaders, "agencies": agencies, "today": today}
    return {row[0]: Official(*row) for row in db.session.execute(_PEOPLE, given)}


def _files(
    items: Iterable[Planned], people: Iterable[int], agencies: Mapping[int, Agency], year: int
) -> list[Row]:
    """Files of these people, on these lines, and of agencies with supplements to be counted."""
    adding = {item.agency for item in items if item.origin == "supplement"}
    given = {
        "people": sorted(people),
        "agencies": sorted({one for id_ in adding for one in line_of(id_, agencies)}),
        "items": [item.id for item in items],
        "first_day": date(year, 1, 1),
        "last_day": date(year, 12, 31),
    }
    return [dict(row) for row in db.session.execute(_FILES, given).mappings()]


def _of_year(row: Row, year: int) -> bool:
    starts = row["starts_on"]
    return row["kind"] == "outbound" and starts is not None and starts.year == year


def _beside(row: Row) -> Beside:
    return Beside(
        id=row["activity_id"],
        agency=row["tenant_id"],
        item=row["plan_item_id"],
        origin=row["origin"],
        status=STATUSES[row["state"]],
        starts=row["starts_on"],
        ends=row["ends_on"] or row["starts_on"],
        people=tuple(row["members"]),
    )


def _elsewhere(people: Iterable[int], own: list[int], year: int, today: date) -> dict[int, int]:
    given = {"leaders": sorted(people), "agencies": own, "year": year, "today": today}
    return {row[0]: row[1] for row in db.session.execute(_ELSEWHERE, given)}
