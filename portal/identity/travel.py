"""What may be known of a person's trips this year, and the trace that asking leaves.

The number is for everyone who proposes or decides; the trips themselves are for the person's own
agency, the focal point, the deciders and the inspector. Asking about another agency's person is
written into the audit log, the number included.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy import text as sql

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.audit.services import record
from portal.core import clock
from portal.core.context import Actor
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.identity.queries import people_by_id
from portal.identity.types import PersonRow, TripCount

TripLimit = Callable[[dt.date], int | None]
"""Trips a year that the rules in force on a day allow a key leader; None: they say nothing."""

_limit: list[TripLimit] = []


@dataclass(frozen=True, slots=True)
class Trip:
    """One trip in full."""

    activity_id: int
    tenant_id: int
    state: str
    title: str
    countries: tuple[str, ...]
    starts_on: dt.date
    ends_on: dt.date


def set_trip_limit(lookup: TripLimit) -> None:
    """Register how the regulations are asked for the limit (they live in a room above this one)."""
    _limit[:] = [lookup]


def trip_limit(year: int) -> int | None:
    """Trips that the rules allow a key leader in `year`; None when no rule limits them."""
    if not _limit:
        return None
    today = clock.today()
    return _limit[0](today if year == today.year else dt.date(year, 12, 31))


def trip_summary(person_ids: Iterable[int], year: int) -> dict[int, TripCount]:
    """How often these people travel in `year`; audited for people of other agencies.

    Raises Denied for whoever may not know it.
    """
    actor = require(Permission.TRAVEL_VIEW)
    people = people_by_id(person_ids)
    _leave_trace(actor, people.values(), year, full=False)
    return _counts(people, year)


def may_see_trips(actor: Actor, person: PersonRow) -> bool:
    """Whether the trips themselves are shown, beside their number."""
    return actor.may(Permission.TRAVEL_VIEW_ALL) or (
        actor.may(Permission.TRAVEL_VIEW) and actor.tenant_id == person.tenant_id
    )


def trips_of(person: PersonRow, year: int) -> tuple[TripCount, list[Trip] | None]:
    """The number of trips in `year`, and the trips for those who may see them (else None); audited.

    Raises Denied for whoever may not even know the number.
    """
    actor = require(Permission.TRAVEL_VIEW, subject_type="person", subject_id=person.id)
    full = may_see_trips(actor, person)
    _leave_trace(actor, [person], year, full=full)
    count = _counts([person.id], year).get(person.id, TripCount(person.id))
    return count, _trips(person.id, year) if full else None


def is_abroad(person_id: int, on: dt.date | None = None) -> bool:
    """Whether an approved trip has the person abroad on a day (default today)."""
    return bool(db.session.execute(select(func.is_abroad(person_id, on or clock.today()))).scalar())


def _counts(person_ids: Iterable[int], year: int) -> dict[int, TripCount]:
    wanted = list(person_ids)
    rows = db.session.execute(
        sql("SELECT person_id, decided, pending FROM trip_counts(:people, :year)"),
        {"people": wanted, "year": year},
    )
    return {one: TripCount(one) for one in wanted} | {row[0]: TripCount(*row) for row in rows}


def _trips(person_id: int, year: int) -> list[Trip]:
    rows = db.session.execute(
        sql(
            "SELECT activity_id, tenant_id, state, title, countries, starts_on, ends_on"
            " FROM trips_of(:person, :first, :last)"
        ),
        {"person": person_id, "first": dt.date(year, 1, 1), "last": dt.date(year, 12, 31)},
    )
    return [
        Trip(
            activity_id=row.activity_id,
            tenant_id=row.tenant_id,
            state=row.state,
            title=row.title,
            countries=tuple(row.countries),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in rows
    ]


def _leave_trace(actor: Actor, people: Iterable[PersonRow], year: int, *, full: bool) -> None:
    foreign = [person for person in people if person.tenant_id != actor.tenant_id]
    if not foreign:
        return
    with unit_of_work():
        for person in foreign:
            record(
                "travel.looked_up",
                subject_type="person",
                subject_id=person.id,
                data={"person_id": person.id, "year": year, "full": full},
            )
