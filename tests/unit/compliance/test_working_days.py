"""Working days: weekends, Tết, Hùng Kings' day, days swapped by the Government."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.working_days import (
    OFFICIAL,
    WorkingCalendar,
    add_working_days,
    is_working_day,
    last_good_day,
    subtract_working_days,
    working_days_between,
)

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2024-11-20", True),
        ("2024-11-23", False),
        ("2024-04-18", False),  # Hùng Kings' day moves with the moon
        ("2025-04-07", False),
        ("2025-01-27", False),  # Tết
        ("2025-02-03", True),
        ("2024-04-29", False),  # a bridge day, worked on the next line
        ("2024-05-04", True),
        ("2025-05-02", False),
        ("2025-04-26", True),
        ("2014-12-27", True),  # worked for a day off in the following year
        ("2018-12-31", False),
        ("2019-01-05", True),
        ("2026-08-31", False),
        ("2026-08-22", True),
        ("2022-01-03", False),  # New Year fell on a Saturday
    ],
)
def test_a_day_is_worked_as_the_government_said(day: str, worked: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is worked


def test_the_day_itself_is_never_counted() -> None:
    friday = date(2024, 11, 22)
    assert add_working_days(friday, 1) == date(2024, 11, 25)
    assert subtract_working_days(date(2024, 11, 25), 1) == friday
    assert add_working_days(friday, 0) == friday


def test_five_working_days_over_tet() -> None:
    assert add_working_days(date(2025, 1, 24), 5) == date(2025, 2, 7)


def test_twenty_working_days_before_a_trip_after_tet() -> None:
    assert last_good_day(date(2025, 2, 14), 20) == date(2025, 1, 10)


def test_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        add_working_days(date(2025, 1, 1), -1)


@given(DAYS)
def test_every_day_agrees_with_the_package(day: date) -> None:
    around = range(day.year - 1, day.year + 2)
    assert is_working_day(day) is holidays.country_holidays("VN", years=around).is_working_day(day)


@given(DAYS, st.integers(1, 40))
def test_counting_forwards_and_between_agree(day: date, n: int) -> None:
    later = add_working_days(day, n)
    assert is_working_day(later)
    assert working_days_between(day, later) == n
    assert working_days_between(later, day) == -n
    assert working_days_between(day, later - timedelta(days=1)) == n - 1


@given(DAYS, st.integers(1, 40))
def test_the_last_good_day_leaves_room_for_that_many_working_days(day: date, n: int) -> None:
    last = last_good_day(day, n)
    counted = sum(1 for i in range((day - last).days) if is_working_day(last + timedelta(days=i)))
    assert counted == n


def test_a_province_may_close_and_open_days_of_its_own() -> None:
    saturday, monday = date(2024, 11, 23), date(2024, 11, 25)
    calendar = WorkingCalendar(closed=[monday], worked=[saturday])
    assert calendar.is_working_day(saturday)
    assert not calendar.is_working_day(monday)
    assert not OFFICIAL.is_working_day(saturday)
    assert calendar.add(date(2024, 11, 22), 2) == date(2024, 11, 26)
