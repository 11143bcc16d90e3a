"""Who is abroad when: the trips of a month, and the days when an agency has no leader at home."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import text

from portal.core.context import Actor, Scope
from portal.desks.types import Trip
from portal.extensions import db
from portal.web.i18n import locale

MOST: Final = 300
"""Lines of one month; beyond it the page asks for an agency."""
LONGEST: Final = 120
"""Days that a trip can have begun before the month and still reach into it."""
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def days(self) -> list[date]:
        return [self.first + ONE_DAY * n for n in range(self.last.day)]

    @property
    def previous(self) -> Month:
        day = self.first - ONE_DAY
        return Month(day.year, day.month)

    @property
    def next(self) -> Month:
        day = self.last + ONE_DAY
        return Month(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


_TRIPS: Final = """
    SELECT a.id, a.tenant_id, CASE WHEN :english THEN t.name_en ELSE t.name_vi END,
           p.id, p.full_name, p.honorific, p.position, p.key_leader,
           coalesce(r.countries, a.countries), coalesce(r.departed_on, a.starts_on),
           coalesce(r.returned_on, a.ends_on), a.state,
           a.state IN ('approved', 'under-way', 'completed', 'reported', 'closed')
      FROM activity a
      JOIN delegation_member m ON m.activity_id = a.id AND m.went IS NOT FALSE
      JOIN person p ON p.id = m.person_id
      JOIN tenant t ON t.id = a.tenant_id
      LEFT JOIN trip_report r ON r.activity_id = a.id
     WHERE a.starts_on BETWEEN :reach AND :last AND a.ends_on >= :first
       AND a.state IN ('submitted', 'in-appraisal', 'appraised',
                       'approved', 'under-way', 'completed', 'reported', 'closed')
       {narrowed}
     ORDER BY a.starts_on, a.id, m.position
     LIMIT :most
"""
_OF_TENANT: Final = text(_TRIPS.format(narrowed="AND a.tenant_id = :tenant"))
_OF_LEADERS: Final = text(_TRIPS.format(narrowed="AND p.key_leader"))


def trips(actor: Actor, month: Month, tenant_id: int | None = None) -> list[Trip]:
    """Trips that touch the month, by departure, at most MOST + 1 lines.

    One agency in full; across agencies (no `tenant_id`, for overseers) only key leaders.
    """
    if actor.scope is Scope.OWN:
        tenant_id = actor.tenant_id
    values = {
        "english": locale() == "en",
        "reach": month.first - ONE_DAY * LONGEST,
        "first": month.first,
        "last": month.last,
        "most": MOST + 1,
    }
    if tenant_id is None:
        rows = db.session.execute(_OF_LEADERS, values)
    else:
        rows = db.session.execute(_OF_TENANT, {**values, "tenant": tenant_id})
    found = [Trip(*row) for row in rows]
    # What a report says of the real days decides which month a trip is in.
    return [trip for trip in found if trip.ends_on >= month.first and trip.starts_on <= month.last]


_LEADERSHIP: Final = text("""
    SELECT m.tenant_id, u.person_id
      FROM membership m JOIN user_account u ON u.id = m.user_id
     WHERE m.tenant_id = ANY (:tenants) AND m.role IN ('head', 'deputy-head')
       AND m.revoked_at IS NULL AND u.active AND u.person_id IS NOT NULL
       AND m.valid_from <= :last AND (m.valid_to IS NULL OR m.valid_to >= :first)
""")


def without_leadership(found: Sequence[Trip], month: Month) -> dict[int, list[date]]:
    """Agency → days of the month on which its head and every deputy are abroad on decided trips."""
    decided = [trip for trip in found if trip.decided]
    if not decided:
        return {}
    rows = db.session.execute(
        _LEADERSHIP,
        {
            "tenants": sorted({trip.tenant_id for trip in decided}),
            "first": month.first,
            "last": month.last,
        },
    )
    leaders: dict[int, set[int]] = defaultdict(set)
    for tenant_id, person_id in rows:
        leaders[tenant_id].add(person_id)
    away = _away(decided, month)
    bare: dict[int, list[date]] = {}
    for tenant_id, people in leaders.items():
        days = [day for day in month.days if people <= away.get(day, set())]
        if days and len(people) > 1:
            bare[tenant_id] = days
    return bare


def _away(decided: Iterable[Trip], month: Month) -> dict[date, set[int]]:
    away: dict[date, set[int]] = defaultdict(set)
    for trip in decided:
        day = max(trip.starts_on, month.first)
        while day <= min(trip.ends_on, month.last):
            away[day].add(trip.person_id)
            day += ONE_DAY
    return away


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of one line of the month: a trip, or nothing (`trip` None), over `span` days."""

    span: int
    trip: Trip | None = None
    begins_before: bool = False
    ends_after: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One person's month; somebody with two trips at once has two lines."""

    trip: Trip
    bars: Sequence[Bar]


def lines(found: Sequence[Trip], month: Month) -> list[Line]:
    """The month as lines of bars, by agency and person; together a line's bars fill the month."""
    by_person: dict[tuple[str, str, int], list[Trip]] = defaultdict(list)
    for trip in found:
        by_person[trip.tenant_name, trip.full_name, trip.person_id].append(trip)
    shown: list[Line] = []
    for _, theirs in sorted(by_person.items()):
        rest = theirs
        while rest:
            fitting, rest = _first_that_fit(rest)
            shown.append(Line(fitting[0], _bars(fitting, month)))
    return shown


def _first_that_fit(wanted: Sequence[Trip]) -> tuple[list[Trip], list[Trip]]:
    fitting: list[Trip] = []
    rest: list[Trip] = []
    for trip in wanted:
        clear = not fitting or trip.starts_on > fitting[-1].ends_on
        (fitting if clear else rest).append(trip)
    return fitting, rest


def _bars(fitting: Sequence[Trip], month: Month) -> list[Bar]:
    bars: list[Bar] = []
    here = month.first
    for trip in fitting:
        start, end = max(trip.starts_on, month.first), min(trip.ends_on, month.last)
        if start > here:
            bars.append(Bar((start - here).days))
        before, after = trip.starts_on < month.first, trip.ends_on > month.last
        bars.append(Bar((end - start).days + 1, trip, before, after))
        here = end + ONE_DAY
    if here <= month.last:
        bars.append(Bar((month.last - here).days + 1))
    return bars
