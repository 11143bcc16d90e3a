"""Working days in Vietnam: Monday to Friday less the public holidays, plus declared make-up days.

Tết and Hùng Kings' day move with the lunar calendar; the `holidays` package knows them and the days
the Government swaps. A province may add days of its own (a flood closes the offices) by overriding.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


@lru_cache(maxsize=256)
def _exceptions(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Weekdays off and weekend days worked in `year`; days are swapped across years."""
    import holidays  # 0.2 s: paid only by whoever counts working days

    calendar = holidays.country_holidays("VN", years=(year - 1, year, year + 1))
    closed = frozenset(d for d in calendar if d.year == year and d.weekday() < _SATURDAY)
    worked = frozenset(d for d in calendar.weekend_workdays if d.year == year)
    return closed, worked


class WorkingCalendar:
    """The official calendar with overrides; `closed` wins over `worked` when a day is in both."""

    __slots__ = ("_add", "_subtract", "closed", "worked")

    def __init__(self, closed: Iterable[date] = (), worked: Iterable[date] = ()) -> None:
        self.closed = frozenset(closed)
        self.worked = frozenset(worked)
        self._add = lru_cache(maxsize=4096)(self._walk_forwards)
        self._subtract = lru_cache(maxsize=4096)(self._walk_backwards)

    def is_working_day(self, day: date) -> bool:
        if day in self.closed:
            return False
        if day in self.worked:
            return True
        closed, worked = _exceptions(day.year)
        return day not in closed if day.weekday() < _SATURDAY else day in worked

    def add(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which itself is never counted; n = 0 is `day`."""
        return self._add(day, n)

    def subtract(self, day: date, n: int) -> date:
        """The n-th working day before `day`, which itself is never counted; n = 0 is `day`."""
        return self._subtract(day, n)

    def count_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when end is earlier."""
        if end < start:
            return -self.count_between(end, start)
        days = (start + timedelta(days=i) for i in range(1, (end - start).days + 1))
        return sum(1 for day in days if self.is_working_day(day))

    def _walk_forwards(self, day: date, n: int) -> date:
        return self._walk(day, n, _ONE_DAY)

    def _walk_backwards(self, day: date, n: int) -> date:
        return self._walk(day, n, -_ONE_DAY)

    def _walk(self, day: date, n: int, step: timedelta) -> date:
        if n < 0:
            raise ValueError("a number of working days is never negative")
        while n:
            day += step
            if self.is_working_day(day):
                n -= 1
        return day


OFFICIAL: Final = WorkingCalendar()


def is_working_day(day: date) -> bool:
    return OFFICIAL.is_working_day(day)


def add_working_days(day: date, n: int) -> date:
    """The day a period of n working days from `day` runs out (due = event + n)."""
    return OFFICIAL.add(day, n)


def subtract_working_days(day: date, n: int) -> date:
    """The n-th working day counted backwards from `day`."""
    return OFFICIAL.subtract(day, n)


def last_good_day(start: date, n: int) -> date:
    """The last day on which something due n working days before `start` is still in time."""
    return OFFICIAL.subtract(start, n)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`."""
    return OFFICIAL.count_between(start, end)
