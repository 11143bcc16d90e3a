"""Loads the demo province into an empty database, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from time import monotonic
from typing import Final

from sqlalchemy import select, text

from portal.activities.kinds.outbound.quotas import LEADER_TRIPS, SUPPLEMENTS, limit_on
from portal.audit import services as audit
from portal.audit.models import PROVINCE_CHAIN, AuditEvent
from portal.compliance import quota
from portal.compliance.models import StoredWaiver
from portal.config import ConfigError
from portal.core import clock
from portal.core.clock import LOCAL
from portal.core.context import acting_as, system_actor
from portal.core.unit_of_work import unit_of_work
from portal.core.working_days import subtract_working_days
from portal.demo import directory, live, overseen, past, plans, season
from portal.demo.ahead import unsettled_lines
from portal.demo.chapter import Chapter
from portal.demo.directory import Directory
from portal.demo.history import Historian
from portal.demo.journeys import Planner, late_lines, other_lines, tour_lines
from portal.demo.law import Past
from portal.demo.people import people
from portal.extensions import db

STILL_ON_THEIR_WAY: Final = timedelta(days=50)
"""Journeys that left longer ago than this are over; the others are this season's files."""

REALLY_PERFORMED: Final = 4
"""The steps of so many last working days go through the portal's services."""

MARK: Final = "demo.loaded"
"""The audit event that says that this database holds the demo."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded."""

    units: int
    people: int
    finished: int
    under_way: int
    seconds: float


def load_if_empty() -> Loaded | None:
    """Load the demo into an empty database; None when it is there already.

    Raises ConfigError when the database holds anything else: sample data never mixes with real.
    """
    with acting_as(system_actor("Dữ liệu mẫu")):
        db.session.rollback()
        if is_loaded():
            return None
        if not directory.is_empty():
            raise ConfigError(
                "This database already holds agencies that are not the demo's; the demo province "
                "is loaded into an empty database only."
            )
        return _load()


def is_loaded() -> bool:
    """Whether this database holds the demo province."""
    mark = select(AuditEvent.seq).where(
        AuditEvent.chain_id == PROVINCE_CHAIN, AuditEvent.action == MARK
    )
    return db.session.execute(mark.limit(1)).first() is not None


def _load() -> Loaded:
    began, today = monotonic(), clock.today()
    morning = datetime.combine(today, time(0, 10), LOCAL)
    with unit_of_work():
        written = directory.write()
        planner = Planner()
        years = today.year - 1, today.year
        journeys = [journey for year in years for journey in planner.year(year)]
        over = today - STILL_ON_THEIR_WAY
        finished = past.happened([journey for journey in journeys if journey.departs <= over])
        # What this season's files stand on is planned with them; later lines stay free.
        for journey in journeys:
            if over < journey.departs <= today + STILL_ON_THEIR_WAY:
                planner.drop(journey)
        spring = over.year if over.month > 6 else over.year - 1
        special = [one for year in years if year <= spring for one in past.special(planner, year)]
        files = season.planned(planner, today)
        planner.year(today.year + 1)
        others = [line for year in (*years, today.year + 1) for line in other_lines(year)]
        others += [*late_lines(today.year), *unsettled_lines(today.year + 1)]
        plans.write(written, [*planner.lines, *tour_lines(today), *others])

        historian = Historian(written, Past(written, planner.lines))
        told = past.chapters(
            historian,
            [*finished, *(journey for journey, _ in special)],
            [*(None for _ in finished), *(fate for _, fate in special)],
            morning,
        )
        since = datetime.combine(subtract_working_days(today, REALLY_PERFORMED), time(), LOCAL)
        begun = season.chapters(historian, files, since)
        historian.tell([*told, *begun])
        _take_places(written, [*told, *begun])
        live.perform(written, files, since, morning)
        overseen.look(written, morning)
        audit.record(MARK, chain_id=PROVINCE_CHAIN, data={"activities": len(told) + len(files)})
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    return Loaded(len(written.tenants), len(people()), len(told), len(files), monotonic() - began)


def _take_places(written: Directory, told: list[Chapter]) -> None:
    """The places in the yearly quotas, in the order of the decisions."""
    ids = [chapter.standing.activity_id for chapter in told if chapter.waives]
    waivers = {
        (activity_id, rule): id_
        for id_, activity_id, rule in db.session.execute(
            select(StoredWaiver.id, StoredWaiver.activity_id, StoredWaiver.rule).where(
                StoredWaiver.activity_id.in_(ids)
            )
        )
    }
    for chapter in sorted((c for c in told if c.quota), key=lambda c: c.quota or ()):
        journey, activity_id = chapter.journey, chapter.standing.activity_id
        wanted = {
            LEADER_TRIPS: [written.persons[one.number] for one in journey.key_leaders],
            SUPPLEMENTS: [written.tenants[journey.unit.slug]] if journey.out_of_plan else [],
        }
        for rule, subjects in wanted.items():
            limit = limit_on(rule, journey.departs)
            if limit is None or not subjects:
                continue
            quota.take(
                rule,
                subjects,
                journey.departs.year,
                limit,
                activity_id,
                waiver_id=waivers.get((activity_id, rule)),
                over_reason=chapter.over_reason or None,
            )


def counts() -> dict[str, int]:
    """How many files are in each state; acting as the system."""
    rows = db.session.execute(text("SELECT state, count(*) FROM activity GROUP BY 1 ORDER BY 1"))
    return {state: int(number) for state, number in rows}
