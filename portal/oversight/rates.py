"""How often rules are waived: waivers beside the files decided in the same months and years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

YEARS: Final = 5
"""Calendar years that are compared, the last one included."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Waivers by their document's date and files by their decision in one year or month.

    `since` is the first day of the year or month.
    """

    since: date
    waived: int
    decided: int

    @property
    def per_hundred(self) -> float | None:
        """Waivers per 100 decided files; None where nothing was decided."""
        return 100 * self.waived / self.decided if self.decided else None


def last_year(year: int, this_year: int) -> int:
    """The last of the years compared: this one, as long as `year` is still among them."""
    return max(year, min(this_year, year + YEARS - 1))


def by_year(waived: Mapping[date, int], decided: Mapping[date, int], last: int) -> Sequence[Rate]:
    """The years up to `last` from counts by month, the latest first."""
    waivers, files = _yearly(waived), _yearly(decided)
    return [
        Rate(date(year, 1, 1), waivers[year], files[year]) for year in range(last, last - YEARS, -1)
    ]


def by_month(waived: Mapping[date, int], decided: Mapping[date, int], year: int) -> Sequence[Rate]:
    """The months of a year from counts by month, in their order."""
    months = [date(year, month, 1) for month in range(1, 13)]
    return [Rate(month, waived.get(month, 0), decided.get(month, 0)) for month in months]


def bar(rate: Rate, among: Sequence[Rate]) -> float:
    """The length of a bar in percent of the longest of its chart."""
    most = max((one.per_hundred or 0 for one in among), default=0)
    return round(100 * (rate.per_hundred or 0) / most, 1) if most else 0


def _yearly(months: Mapping[date, int]) -> Counter[int]:
    years: Counter[int] = Counter()
    for month, count in months.items():
        years[month.year] += count
    return years
