"""What the plans room tells other rooms."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.compliance import facts


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan of one agency and year; `used` of its `items` have a file that is not given up."""

    id: int
    tenant_id: int
    tenant_name: str
    year: int
    status: str
    decision_no: str | None
    decision_date: date | None
    items: int
    used: int


@dataclass(frozen=True, slots=True)
class ItemUse:
    """A file that stands on a plan item."""

    activity_id: int
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One planned activity and the files that stand on it."""

    id: int
    code: str
    kind: str
    origin: str
    title: str
    countries: Sequence[str]
    month: int | None
    size: int | None
    leader: str | None
    uses: Sequence[ItemUse]


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of a plan that no file stands on; None is what it leaves open."""

    id: int
    code: str
    kind: facts.Kind
    origin: facts.Origin
    title: str
    countries: tuple[str, ...]
    month: int | None
    leader: int | None
    agency: int
    plan: int
    year: int

    @property
    def last_day(self) -> date:
        """The last day on which it can begin."""
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])

    def first_day(self, today: date) -> date:
        """The first day on which it can still begin."""
        return max(date(self.year, self.month or 1, 1), min(today, self.last_day))


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody who leads a line, or belongs to the leadership of an agency with lines."""

    id: int
    agency: int
    name: str
    key_leader: bool
    managed_by: facts.ManagedBy
    leads: bool
    """Head, deputy or key leader of the agency, in office."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency with lines, files or people among these, and those it succeeds."""

    id: int
    kind: facts.AgencyKind
    name: str
    succeeds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """A file that counts beside the plan: decided, or waiting for its decision."""

    id: int
    agency: int
    item: int | None
    origin: facts.Origin | None
    """Of its line, None without one."""
    status: facts.Status
    starts: date
    ends: date
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlannedYear:
    """All that the reader may know of a year's plans."""

    year: int
    items: tuple[Planned, ...] = ()
    files: tuple[Beside, ...] = ()
    people: Mapping[int, Official] = field(default_factory=dict)
    agencies: Mapping[int, Agency] = field(default_factory=dict)
    elsewhere: Mapping[int, int] = field(default_factory=dict)
    """Leader → lines of other agencies' plans: their number is known, the lines are not."""
    used: int = 0
    """Lines on which a file stands: the file counts, not the line."""
    gone_by: int = 0
    """Lines whose month is over without a file."""
