"""The demo's scripts hold on any day: time runs forwards, nothing lies in the future."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from portal.core.clock import LOCAL
from portal.core.working_days import is_working_day
from portal.demo import past, season
from portal.demo.journeys import Journey, Planner, numbered, tour_lines
from portal.demo.people import people, people_of

DAYS = [date(2026, 1, 1) + timedelta(days=31 * n) for n in range(12)] + [date(2026, 12, 29)]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_steps_of_live_files_are_in_order_and_not_in_the_future(today: date) -> None:
    morning = datetime.combine(today, time(0, 10), LOCAL)
    for file in season.planned(_planner(today), today):
        moments = [act.at for act in file.acts]
        assert moments == sorted(set(moments)), file.journey.title
        assert moments[-1] <= morning, file.journey.title
        assert file.acts[-1].action == file.until or file.journey.departs <= today


@pytest.mark.parametrize("today", DAYS[::3], ids=str)
def test_people_work_on_working_days(today: date) -> None:
    for file in season.planned(_planner(today), today):
        worked = [act for act in file.acts if act.by != "system"]
        assert all(is_working_day(act.at.date()) for act in worked)


def test_no_leader_is_planned_for_a_third_trip_but_those_who_are_meant_to() -> None:
    planner = Planner()
    for year in (2025, 2026):
        planner.year(year)
    leaders = {person.number for person in people() if person.post.key}
    assert max(n for (number, _), n in planner.trips.items() if number in leaders) == 2
    special = past.special(planner, 2026)
    assert [fate for _, fate in special].count("waived") == 1


def test_a_journey_never_takes_two_leaders_of_one_agency_along() -> None:
    for journey in Planner().year(2026):
        agencies = [person.unit for person in journey.key_leaders]
        assert len(agencies) == len(set(agencies))
        assert len(set(journey.members)) == len(journey.members)


def test_lines_of_a_plan_have_codes_of_their_own() -> None:
    planner = Planner()
    planner.year(2026)
    for lines in numbered([*planner.lines, *tour_lines(date(2026, 11, 23))]).values():
        assert len({line.code for line in lines}) == len(lines)


def test_the_tours_leader_is_left_alone_by_chance() -> None:
    kept = people_of("hoian")[1].number

    def travels(journey: Journey) -> bool:
        return kept in journey.members

    assert not any(travels(journey) for journey in Planner().year(2026))


def _planner(today: date) -> Planner:
    planner = Planner()
    for year in (today.year - 1, today.year):
        planner.year(year)
    return planner
