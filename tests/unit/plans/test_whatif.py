"""A whole draft plan against the rules of its year: what each line does not show by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from portal.compliance.regulations import Version, default_regulations
from portal.plans.cases import Cases, Law
from portal.plans.trial import Number, as_if, is_beyond_the_province, is_looser, numbers
from portal.plans.types import Official, Planned, PlannedYear
from portal.plans.whatif import About, Concern, beside_the_law, by_law, in_order
from tests.unit.plans.lines import (
    AN,
    BINH,
    CUC,
    DUNG,
    HOI_AN,
    NAM_GIANG,
    PEOPLE,
    TODAY,
    YEAR,
    file,
    line,
    plans,
)

SHIPPED = default_regulations()


def by_rules(
    year: PlannedYear, law: Law | None = None, today: date = TODAY, about: About | None = None
) -> list[Concern]:
    found = by_law(Cases(year, "quang-nam", today), law or Law(SHIPPED))
    return [one for one in found if about in (None, one.about)]


def ids(concern: Concern) -> list[int]:
    return [each.id for each in concern.lines]


# Leaders who would travel too often.


def test_a_leader_above_the_limit_is_one_concern_with_all_the_lines() -> None:
    lines = [line(1, AN, 2), line(2, AN, 5, agency=NAM_GIANG), line(3, AN, 9)]
    [concern] = by_rules(plans(*lines))
    assert (concern.about, concern.severity, concern.people) == (About.TRIPS, "block", (AN,))
    assert ids(concern) == [1, 2, 3]
    assert concern.agency == HOI_AN, "it is listed under the leader's own agency"
    assert concern.agencies == {HOI_AN, NAM_GIANG}
    assert concern.finding is not None
    assert concern.finding.legal_basis[0].document == "Chỉ thị 38-CT/TW"


def test_what_the_limit_was_reached_by_is_told_apart() -> None:
    year = plans(
        line(1, AN),
        files=(file(1, AN), file(2, AN, status="submitted"), file(3, CUC)),
        elsewhere={AN: 2},
    )
    [concern] = by_rules(year)
    told = {"planned": 1, "elsewhere": 2, "decided": 1, "pending": 1, "limit": 2, "certain": True}
    assert concern.facts == told


def test_with_files_that_still_wait_it_is_a_warning() -> None:
    waiting = file(2, AN, status="in-appraisal")
    [concern] = by_rules(plans(line(1, AN), files=(file(1, AN), waiting)))
    assert concern.severity == "warn"


def test_two_trips_are_no_concern() -> None:
    assert by_rules(plans(line(1, AN, 2), line(2, AN, 9))) == []


def test_supplements_are_one_concern_of_their_agency() -> None:
    lines = [line(n, month=n, origin="supplement") for n in (1, 2, 3)]
    [concern] = by_rules(plans(*lines, line(4, agency=NAM_GIANG, origin="supplement")))
    assert (concern.about, concern.agency, ids(concern)) == (About.SUPPLEMENTS, HOI_AN, [1, 2, 3])


# Two leaders in one delegation.


def together(*lines: Planned) -> list[list[int]]:
    return [ids(one) for one in by_rules(plans(*lines), about=About.TOGETHER)]


def test_two_leaders_of_one_agency_in_one_country_and_month_may_be_one_delegation() -> None:
    assert together(line(1, AN), line(2, BINH, agency=NAM_GIANG)) == [[1, 2]]
    [concern] = by_rules(plans(line(1, AN), line(2, BINH)))
    assert concern.severity == "warn", "whether they are one delegation no line says"
    assert concern.people == (AN, BINH)


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (line(2, BINH, 6), "another month"),
        (line(2, BINH, None), "a month that is not known"),
        (line(2, BINH, countries=("TH",)), "another country"),
        (line(2, BINH, countries=()), "a country that is not known"),
        (line(2, CUC), "no key leader"),
        (line(2, DUNG), "a leader of another agency"),
        (line(2, AN), "the same leader"),
    ],
)
def test_other_lines_are_not_taken_for_one_delegation(second: Planned, why: str) -> None:
    assert not together(line(1, AN), second), why


def test_two_countries_in_common_are_one_concern() -> None:
    both: dict[str, Any] = {"countries": ("LA", "TH")}
    assert together(line(1, AN, **both), line(2, BINH, **both)) == [[1, 2]]


# Months without leaders.


def absences(year: PlannedYear) -> list[tuple[int, int]]:
    return [
        (one.agency, one.facts["month"])
        for one in beside_the_law(year)
        if one.about is About.ABSENCE
    ]


def test_a_month_in_which_the_head_and_the_deputies_are_abroad() -> None:
    apart: dict[str, Any] = {"countries": ("JP",)}
    assert absences(plans(line(1, AN, 5), line(2, BINH, 5, **apart))) == [(HOI_AN, 5)]
    assert not absences(plans(line(1, AN, 5), line(2, BINH, 6)))
    assert not absences(plans(line(1, AN, 5), line(2, CUC, 5))), "one of them stays"


def test_whoever_stays_at_home_leads_the_agency() -> None:
    deputy = Official(14, HOI_AN, "ông Em", True, "standing-committee", True)
    year = PlannedYear(YEAR, (line(1, AN), line(2, BINH)), (), PEOPLE | {14: deputy})
    assert not absences(year)


def test_who_is_out_of_office_is_not_waited_for() -> None:
    retired = Official(14, HOI_AN, "ông Em", True, "standing-committee", False)
    year = PlannedYear(YEAR, (line(1, AN), line(2, BINH)), (), PEOPLE | {14: retired})
    assert absences(year) == [(HOI_AN, 5)]


def test_decided_trips_count_for_every_month_that_they_touch() -> None:
    over = file(1, AN, starts=date(YEAR, 4, 28), ends=date(YEAR, 5, 2))
    assert absences(plans(line(1, BINH, 5), files=(over,))) == [(HOI_AN, 5)]
    assert absences(plans(line(1, BINH, 4), files=(over,))) == [(HOI_AN, 4)]
    assert not absences(plans(line(1, BINH, 6), files=(over,)))


def test_of_an_agency_whose_plan_is_not_seen_nothing_is_said() -> None:
    lines = [line(1, AN, agency=NAM_GIANG), line(2, BINH, agency=NAM_GIANG)]
    assert not absences(plans(*lines))


def test_who_leads_an_agency_alone_may_travel() -> None:
    assert not absences(plans(line(1, DUNG, agency=NAM_GIANG)))


# Conferences inside their lead time.


def conference(month: int) -> Planned:
    return line(1, None, month, kind="conference", countries=())


def test_a_conference_inside_its_lead_time_says_by_which_day_it_must_be_submitted() -> None:
    [concern] = by_rules(plans(conference(1)), today=date(2026, 12, 10))
    assert (concern.about, concern.severity) == (About.LEAD_TIME, "warn")
    told = [(one["rank"], one["begins"], one["submit_by"]) for one in concern.facts["deadlines"]]
    assert told == [
        (None, date(YEAR, 1, 1), "2026-12-02"),
        (None, date(YEAR, 1, 31), "2027-01-01"),
        ("minister", date(YEAR, 1, 1), "2026-11-22"),
        ("minister", date(YEAR, 1, 31), "2026-12-22"),
    ]


@pytest.mark.parametrize(
    ("today", "severity"),
    [(date(2026, 11, 22), None), (date(2026, 11, 23), "warn"), (date(2027, 1, 2), "block")],
)
def test_it_blocks_only_when_no_day_of_the_month_is_left_whoever_decides(
    today: date, severity: str | None
) -> None:
    found = [one.severity for one in by_rules(plans(conference(1)), today=today)]
    assert found == ([severity] if severity else [])


# Lines that stand twice.


def duplicates(*lines: Planned) -> list[tuple[str, list[int]]]:
    found = beside_the_law(plans(*lines))
    return [(one.severity, ids(one)) for one in found if one.about is About.DUPLICATES]


def test_a_line_that_stands_twice_in_a_plan_is_named_whatever_its_accents() -> None:
    lines = [line(1, title="Hội đàm Sê Kông"), line(2, title="HỘI ĐÀM SÊ  KÔNG")]
    assert duplicates(*lines) == [("warn", [1, 2])]


def test_the_same_line_of_two_agencies_is_only_pointed_at() -> None:
    lines = [line(1, title="Hội đàm"), line(2, title="Hội đàm", agency=NAM_GIANG)]
    assert duplicates(*lines) == [("info", [1, 2])]


@pytest.mark.parametrize("facts", [{"month": 6}, {"countries": ("TH",)}, {"kind": "inbound"}])
def test_another_month_place_or_kind_is_another_line(facts: dict[str, Any]) -> None:
    assert not duplicates(line(1, title="Hội đàm"), line(2, title="Hội đàm", **facts))


# As if a number were another.


def number(key: str) -> Number:
    return next(one for one in numbers(SHIPPED, "quang-nam", YEAR) if one.key == key)


LIMIT = "outbound.leader-trips:limit"


def test_as_if_the_limit_were_one() -> None:
    year = plans(line(1, AN, 2), line(2, AN, 9))
    law = Law(as_if(SHIPPED, number(LIMIT), 1, YEAR))
    [concern] = by_rules(year, law)
    assert concern.facts["limit"] == 1
    assert concern.key not in {one.key for one in by_rules(year)}


@pytest.mark.parametrize(
    ("day", "limit"),
    [(date(YEAR - 1, 12, 31), 2), (date(YEAR, 1, 1), 1), (date(YEAR, 12, 31), 1)],
)
def test_the_number_is_tried_for_the_whole_year_and_for_no_day_before(
    day: date, limit: int
) -> None:
    tried = as_if(SHIPPED, number(LIMIT), 1, YEAR)
    version = tried.version_in_force("outbound.leader-trips", "quang-nam", day)
    assert isinstance(version, Version)
    assert version.params == {"limit": limit}


def test_asked_for_one_rule_the_law_says_the_same_of_it_as_asked_for_all() -> None:
    lines = [line(n, AN, n, origin="supplement") for n in (1, 2, 3)]
    lines += [line(4, BINH, 1), line(7, None, 1, kind="conference")]
    year, today = plans(*lines), date(YEAR - 1, 12, 20)
    whole = by_rules(year, today=today)
    rules = {one.finding.rule for one in whole if one.finding}
    assert len(rules) > 3
    for rule in rules:
        alone = by_rules(year, Law(SHIPPED, only=rule), today)
        assert alone == [one for one in whole if one.finding and one.finding.rule == rule], rule


def test_a_version_that_the_province_enacted_from_new_year_is_tried_as_well() -> None:
    enacted = as_if(SHIPPED, number(LIMIT), 1, YEAR)
    own = next(one for one in numbers(enacted, "quang-nam", YEAR) if one.key == LIMIT)
    year = plans(line(1, AN, 2), line(2, AN, 9))
    assert own.value == 1
    assert not by_rules(year, Law(as_if(enacted, own, 2, YEAR)))


def test_every_number_of_a_rule_that_lines_are_judged_by_can_be_tried() -> None:
    quang_nam = {one.key for one in numbers(SHIPPED, "quang-nam", YEAR)}
    assert quang_nam == {
        "outbound.supplement-quota:limit",
        "outbound.leader-trips:limit",
        "outbound.leaders-together:limit",
        "outbound.lead-time:working_days",
        "conference.lead-time:prime_minister",
        "conference.lead-time:chair",
    }
    da_nang = {one.key for one in numbers(SHIPPED, "da-nang", YEAR)}
    assert "outbound.countries:limit" in da_nang
    assert "outbound.supplement-quota:limit" not in da_nang


def test_what_the_state_forbids_is_beyond_a_province_that_has_a_version_of_its_own() -> None:
    first = date(YEAR, 1, 1)
    own = replace(
        number(LIMIT).version, jurisdiction="quang-nam", valid_from=first, params={"limit": 1}
    )
    enacted = SHIPPED.with_own([own])
    held = next(one for one in numbers(enacted, "quang-nam", YEAR) if one.key == LIMIT)
    assert held.version.jurisdiction == "quang-nam"
    assert is_beyond_the_province(enacted, held, 3, YEAR)
    assert not is_beyond_the_province(enacted, held, 2, YEAR)


@pytest.mark.parametrize(("key", "value"), [(LIMIT, 3), ("conference.lead-time:chair", 29)])
def test_a_looser_number_is_known_as_such(key: str, value: int) -> None:
    assert is_looser(number(key), value)
    assert not is_looser(number(key), number(key).value)


def test_what_only_some_days_of_a_line_would_break_is_no_more_than_a_warning() -> None:
    stricter = as_if(SHIPPED, number(LIMIT), 1, YEAR)
    [of_new_year] = [v for v in stricter.versions(number(LIMIT).version.rule) if v.valid_to is None]
    from_june = SHIPPED.with_own([replace(of_new_year, valid_from=date(YEAR, 6, 1))])
    open_months = [line(1, AN, None), line(2, AN, None)]
    [concern] = by_rules(plans(*open_months), Law(from_june))
    assert concern.severity == "warn"
    [concern] = by_rules(plans(line(1, AN, None), line(2, AN, 7)), Law(from_june))
    assert (concern.severity, concern.facts["limit"]) == ("block", 1)


def test_the_order_of_lines_says_nothing() -> None:
    lines = [
        *(line(n, AN, n, countries=("JP", "KR")) for n in (1, 2, 3)),
        *(line(n, BINH, n - 3, origin="supplement", countries=("KR",)) for n in (4, 5, 6)),
        line(7, None, 1, kind="conference"),
        line(8, None, 1, kind="conference", title="Đoàn công tác 7"),
    ]

    def told(order: list[Planned]) -> list[tuple[object, ...]]:
        year = plans(*order)
        found = by_rules(year, today=date(YEAR - 1, 12, 20)) + beside_the_law(year)
        facts = [(one.about, one.severity, sorted(ids(one)), sorted(one.people)) for one in found]
        return sorted(facts)

    assert len(told(lines)) > 8
    for seed in range(5):
        shuffled = Random(seed).sample(lines, len(lines))
        assert told(shuffled) == told(lines)


# The order of the page.


def test_agencies_stand_by_name_and_what_blocks_stands_first() -> None:
    lines = [
        *(line(n, DUNG, n, agency=NAM_GIANG, countries=(f"A{n}",)) for n in (1, 2, 3)),
        *(line(n, AN, n, countries=(f"B{n}",)) for n in (4, 5, 6)),
        line(7, BINH, 4, countries=("B4",)),
    ]
    year = plans(*lines)
    shown = in_order(by_rules(year) + beside_the_law(year), year)
    assert list(shown) == [HOI_AN, NAM_GIANG]
    assert [one.about for one in shown[HOI_AN]] == [About.TRIPS, About.TOGETHER, About.ABSENCE]
