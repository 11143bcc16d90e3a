"""What the pages of the register show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.compliance.regulations import Version


@dataclass(frozen=True, slots=True)
class Checked:
    """Who last compared a rule with its sources."""

    on: date
    by: str
    remark: str = ""

    def is_due(self, today: date) -> bool:
        """Whether the comparison is older than a year."""
        return self.on <= _year_before(today)


def _year_before(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as the list shows it."""

    rule: str
    version: Version
    """The version of today, or the nearest one."""
    in_force: bool
    checked: Checked
    is_due: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What is different from one day on: `before` ends the day before `after` starts."""

    rule: str
    day: date
    before: Version | None
    after: Version | None

    @property
    def numbers(self) -> Mapping[str, tuple[int | None, int | None]]:
        """Parameters whose value differs, before and after."""
        old = dict(self.before.params) if self.before else {}
        new = dict(self.after.params) if self.after else {}
        names = sorted(old.keys() | new.keys())
        return {n: (old.get(n), new.get(n)) for n in names if old.get(n) != new.get(n)}
