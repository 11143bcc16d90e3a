"""A line of a plan is judged by what it says: what it leaves open is neither guessed nor held
against it.
"""

from __future__ import annotations

from datetime import date

import pytest

from portal.compliance.findings import Finding
from portal.compliance.regulations import default_regulations
from portal.plans.cases import TOLD, Cases, Law, line_of, verdict_of
from portal.plans.types import Agency, Planned, PlannedYear
from tests.unit.plans.lines import (
    AGENCIES,
    AN,
    BINH,
    CUC,
    DUNG,
    FRONT,
    HOI_AN,
    NAM_GIANG,
    TODAY,
    YEAR,
    file,
    line,
    plans,
)

LAW = Law(default_regulations())


def found(year: PlannedYear, item: Planned, today: date = TODAY) -> list[Finding]:
    cases = Cases(year, "quang-nam", today)
    return [f for case in cases.variants(item) for f in LAW.findings(case)]


def rules(year: PlannedYear, item: Planned, today: date = TODAY) -> set[str]:
    return {finding.rule for finding in found(year, item, today)}


def test_a_line_that_says_nothing_is_not_blamed_for_it() -> None:
    bare = line(1, None, None, countries=())
    assert found(plans(bare), bare) == []
    everything = default_regulations().in_force("outbound", "quang-nam", bare.last_day)[0]
    assert len(everything) > 10, "a whole judgement would ask for papers that no plan holds"


@pytest.mark.parametrize(("others", "stops"), [(1, False), (2, True)])
def test_a_key_leaders_other_lines_count_as_trips(others: int, stops: bool) -> None:
    lines = [line(number, AN) for number in range(others + 1)]
    assert rules(plans(*lines), lines[0]) == ({"outbound.leader-trips"} if stops else set())


def test_a_leaders_lines_in_other_agencies_count_as_well() -> None:
    lines = [line(1, AN), line(2, AN, agency=NAM_GIANG), line(3, AN, agency=NAM_GIANG)]
    assert rules(plans(*lines), lines[0]) == {"outbound.leader-trips"}


def test_lines_of_which_only_the_number_is_known_count_as_well() -> None:
    mine = line(1, AN)
    assert not rules(plans(mine, elsewhere={AN: 1}), mine)
    assert rules(plans(mine, elsewhere={AN: 2}), mine) == {"outbound.leader-trips"}


def test_trips_already_decided_for_the_year_count_and_those_that_wait_only_warn() -> None:
    mine = line(1, AN)
    [stopped, _] = found(plans(mine, files=(file(1, AN), file(2, AN, CUC))), mine)
    assert stopped.stops
    [warned, _] = found(plans(mine, files=(file(1, AN), file(2, AN, status="submitted"))), mine)
    assert warned.severity == "warn"


def test_who_is_no_key_leader_may_lead_as_often_as_the_plan_says() -> None:
    lines = [line(number, CUC) for number in range(5)]
    assert not rules(plans(*lines), lines[0])


@pytest.mark.parametrize(("others", "stops"), [(1, False), (2, True)])
def test_supplements_count_towards_the_agencys_limit(others: int, stops: bool) -> None:
    lines = [line(number, origin="supplement") for number in range(others + 1)]
    assert rules(plans(*lines), lines[0]) == ({"outbound.supplement-quota"} if stops else set())


def test_files_on_no_line_count_as_supplements_and_those_on_a_line_of_the_plan_do_not() -> None:
    mine = line(1, origin="supplement")
    outside = [file(n, item=None, origin=None) for n in (1, 2)]
    assert rules(plans(mine, files=tuple(outside)), mine) == {"outbound.supplement-quota"}
    assert not rules(plans(mine, files=(file(1), file(2))), mine)


def test_supplements_of_the_agency_that_was_succeeded_count_for_its_successor() -> None:
    merged = AGENCIES | {HOI_AN: Agency(HOI_AN, "district", "Hội An", (NAM_GIANG,))}
    lines = [line(1, origin="supplement")]
    lines += [line(n, origin="supplement", agency=NAM_GIANG) for n in (2, 3)]
    assert not rules(plans(*lines), lines[0])
    assert rules(plans(*lines, agencies=merged), lines[0]) == {"outbound.supplement-quota"}
    assert not rules(plans(*lines, agencies=merged), lines[1]), "and not the other way round"


def test_a_merger_in_a_circle_ends() -> None:
    circle = {1: Agency(1, "district", "A", (2,)), 2: Agency(2, "district", "B", (1,))}
    assert line_of(1, circle) == [1, 2]


def conference(month: int | None, agency: int = HOI_AN) -> Planned:
    return line(1, None, month, kind="conference", agency=agency)


@pytest.mark.parametrize(
    ("today", "late"),
    [
        (date(2026, 11, 22), 0),  # 1 January less the 40 days of the Prime Minister
        (date(2026, 11, 23), 1),
        (date(2026, 12, 2), 1),  # less the 30 days of the chair
        (date(2026, 12, 3), 2),
        (date(2026, 12, 23), 3),  # 31 January less 40 days is over
        (date(2027, 1, 2), 4),  # and less 30 days
    ],
)
def test_a_conference_is_asked_for_both_authorities_on_the_first_and_last_day_of_its_month(
    today: date, late: int
) -> None:
    item = conference(1)
    assert len(found(plans(item), item, today)) == late


def test_the_front_and_the_unions_hold_conferences_by_the_partys_own_rules() -> None:
    item = conference(12, FRONT)
    assert not found(plans(item), item, date(2027, 12, 20))


def test_without_a_month_nothing_is_said_of_time_limits() -> None:
    item = conference(None)
    assert not found(plans(item), item, date(2027, 12, 1))
    trip = line(2, None, None)
    assert not found(plans(trip), trip, date(2027, 12, 30))


def test_a_delegation_too_near_to_be_submitted_in_time_is_warned_of() -> None:
    trip = line(1, None, 12)
    assert not rules(plans(trip), trip, date(2027, 11, 2))
    [only_early_days] = found(plans(trip), trip, date(2027, 11, 15))
    assert (only_early_days.rule, only_early_days.severity) == ("outbound.lead-time", "warn")


def test_days_of_a_month_that_has_begun_are_not_looked_back_to() -> None:
    trip = line(1, None, 5)
    assert trip.first_day(date(YEAR, 5, 20)) == date(YEAR, 5, 20)
    assert trip.first_day(TODAY) == date(YEAR, 5, 1)
    assert trip.last_day == date(YEAR, 5, 31)


def test_two_key_leaders_of_one_agency_are_too_many_for_one_delegation() -> None:
    def together(*lines: Planned) -> set[str]:
        cases = Cases(plans(*lines), "quang-nam", TODAY)
        return {finding.rule for finding in LAW.findings(cases.together(lines))}

    assert together(line(1, AN), line(2, BINH, agency=NAM_GIANG)) == {"outbound.leaders-together"}
    assert not together(line(1, AN), line(2, CUC)), "one of the two is no key leader"
    assert not together(line(1, AN), line(2, DUNG)), "the two are of two agencies"
    assert not together(line(1, AN), line(2, AN)), "it is one person"


def test_what_a_line_says_too_little_for_is_named() -> None:
    unknown = {v.rule for v in LAW.not_told("outbound", "quang-nam", date(YEAR, 1, 1))}
    assert {"outbound.relatives", "outbound.project-note"} <= unknown
    assert unknown.isdisjoint(TOLD["outbound"])
    assert "outbound.plan" not in unknown, "a line is in the plan"
    assert "outbound.trip-report" not in unknown, "it concerns earlier trips, not this line"


def test_the_worst_finding_is_the_verdict() -> None:
    lines = [line(number, AN, 12) for number in range(3)]
    assert verdict_of(found(plans(*lines), lines[0], date(2027, 11, 20))) == "block"
    assert verdict_of([]) == "pass"
