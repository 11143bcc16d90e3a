"""How often rules are waived: per 100 files decided in the same year or month."""

from __future__ import annotations

from datetime import date

from portal.oversight.rates import Rate, bar, by_month, by_year, last_year

JAN, MARCH, LAST = date(2026, 1, 1), date(2026, 3, 1), date(2025, 12, 1)


def test_a_rate_is_waivers_per_hundred_decided_files() -> None:
    assert Rate(JAN, 3, 200).per_hundred == 1.5
    assert Rate(JAN, 0, 7).per_hundred == 0


def test_where_nothing_was_decided_there_is_no_rate() -> None:
    assert Rate(JAN, 2, 0).per_hundred is None


def test_the_months_of_a_year_add_up_to_its_line_and_years_without_any_stay_in_the_row() -> None:
    years = by_year({JAN: 1, MARCH: 2, LAST: 5}, {JAN: 10, MARCH: 20, LAST: 50}, 2026)
    assert [(rate.since.year, rate.waived, rate.decided) for rate in years] == [
        (2026, 3, 30), (2025, 5, 50), (2024, 0, 0), (2023, 0, 0), (2022, 0, 0),
    ]  # fmt: skip


def test_a_year_has_twelve_months_of_its_own() -> None:
    months = by_month({MARCH: 2, LAST: 5}, {MARCH: 20, LAST: 50}, 2026)
    assert [rate.since.month for rate in months] == list(range(1, 13))
    assert sum(rate.waived for rate in months) == 2
    assert months[2] == Rate(MARCH, 2, 20)


def test_the_highest_rate_has_the_longest_bar_and_none_has_none() -> None:
    chart = [Rate(JAN, 1, 100), Rate(MARCH, 1, 25), Rate(LAST, 3, 0)]
    assert [bar(rate, chart) for rate in chart] == [25, 100, 0]
    assert bar(Rate(JAN, 0, 5), [Rate(JAN, 0, 5)]) == 0


def test_the_years_reach_today_unless_the_chosen_one_lies_too_far_back() -> None:
    assert last_year(2026, 2026) == last_year(2023, 2026) == 2026
    assert last_year(2015, 2026) == 2019
    assert last_year(2028, 2026) == 2028
