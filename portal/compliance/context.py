"""What the small rules look at: one case, and what several of them need worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Generic, Literal, TypeVar, cast

from msgspec import Struct

from portal.compliance.facts import DECIDED, PENDING, Activity, Case, Opinion, PlanItem
from portal.core.working_days import WorkingCalendar

A = TypeVar("A", bound=Activity)
Params = Mapping[str, int]
Facts = dict[str, object]


class Hit(Struct, frozen=True):
    """A rule found something. `severity` softens the version's; `grantable` False bars waivers."""

    facts: Facts
    severity: Literal["warn"] | None = None
    grantable: bool = True


class Check(Generic[A]):
    """One case under examination; everything derived is computed at most once."""

    def __init__(
        self, case: Case, calendar: WorkingCalendar, in_force: frozenset[str] = frozenset()
    ) -> None:
        self.case = case
        self.calendar = calendar
        self._in_force = in_force
        self.proposal: A = cast("A", case.proposal)
        self.as_of = case.as_of
        self.event_date = case.event_date
        self.year = self.event_date.year
        self.own = case.line
        self.decided, self.pending = self._past()

    def runs(self, rule: str) -> bool:
        """Whether the rule is in force for this case."""
        return rule in self._in_force

    def _past(self) -> tuple[list[A], list[A]]:
        """What was decided and what waits for it: of the kind, of any agency, without itself."""
        what, own_id = type(self.proposal), self.proposal.id
        decided: list[A] = []
        pending: list[A] = []
        for entry in self.case.history:
            if isinstance(entry, what) and entry.id != own_id:
                if entry.status in DECIDED:
                    decided.append(entry)
                elif entry.status in PENDING:
                    pending.append(entry)
        return decided, pending

    @cached_property
    def own_decided(self) -> list[A]:
        """Decided activities of the proposing agency and of those it succeeds."""
        own = self.own
        return [entry for entry in self.decided if entry.agency in own]

    @cached_property
    def _items(self) -> dict[str, PlanItem]:
        return {item.id: item for plan in self.case.plans for item in plan.items}

    def item(self, id_: str | None) -> PlanItem | None:
        """A plan item by its id alone, whatever plan holds it."""
        return self._items.get(id_) if id_ is not None else None

    @cached_property
    def out_of_plan(self) -> frozenset[str | None]:
        """What a `plan_item` is that is out of plan: none at all, or one added in mid-year."""
        added = (item.id for item in self._items.values() if item.origin == "supplement")
        return frozenset((None, *added))

    def is_out_of_plan(self, activity: Activity) -> bool:
        """Without a plan item, or with one added in mid-year; an unknown item is neither."""
        return activity.plan_item in self.out_of_plan

    @cached_property
    def plan_users(self) -> list[A]:
        """The activities that stand on the proposal's plan item already."""
        wanted = self.proposal.plan_item
        return [e for e in (*self.decided, *self.pending) if e.plan_item == wanted]

    @cached_property
    def plan_faults(self) -> list[str]:
        """Why the plan item is none of an approved plan of the agency for kind and year."""
        wanted = self.proposal.plan_item
        for plan in self.case.plans:
            for item in plan.items:
                if item.id == wanted:
                    faults = (
                        ("kind", item.kind != self.proposal.kind),
                        ("agency", plan.agency not in self.own),
                        ("year", plan.year != self.year),
                        ("not-approved", plan.status != "approved"),
                    )
                    return [name for name, is_fault in faults if is_fault]
        return ["unknown"]

    def overdue(self, days: int) -> list[tuple[A, date]]:
        """Own decided activities that ended more than `days` ago without a report by `as_of`."""
        day, limit = self.as_of, timedelta(days=days)
        last = day - limit
        late = [
            (entry, end + limit)
            for entry in self.own_decided
            if not entry.reported_by(day) and (end := entry.end) is not None and end < last
        ]
        return sorted(late, key=lambda pair: pair[0].id)

    def came(self, opinion: Opinion) -> bool:
        return opinion.received is not None and opinion.received <= self.as_of


@dataclass(slots=True)
class Asked:
    """What is known of one body's opinion: first asked when, and whether it came."""

    first: date | None = None
    came: bool = False


@dataclass(slots=True)
class Opinions:
    """The opinions of one file by body; a body asked more than once counts from the first time."""

    by_body: dict[str, Asked] = field(default_factory=dict)

    @classmethod
    def of(cls, opinions: Iterable[Opinion], as_of: date) -> Opinions:
        collected = cls()
        for opinion in opinions:
            asked = collected.by_body.setdefault(opinion.body, Asked())
            if opinion.asked is not None and (asked.first is None or opinion.asked < asked.first):
                asked.first = opinion.asked
            if opinion.received is not None and opinion.received <= as_of:
                asked.came = True
        return collected

    def missing(self, required: Iterable[str]) -> list[str]:
        return [body for body in required if not self._asked(body).came]

    def first_asked(self, body: str) -> date | None:
        return self._asked(body).first

    def waiting(self) -> list[tuple[str, date]]:
        """Bodies that were asked and have not answered, with the day they were first asked."""
        return [
            (body, asked.first)
            for body, asked in sorted(self.by_body.items())
            if asked.first is not None and not asked.came
        ]

    def _asked(self, body: str) -> Asked:
        return self.by_body.get(body, Asked())


def iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def trip(activity: Activity) -> Facts:
    """How a finding names an activity: its id and dates, nothing of its content."""
    return {"id": activity.id, "start": iso(activity.start), "end": iso(activity.end)}


def trips(activities: Iterable[Activity]) -> list[Facts]:
    return [trip(activity) for activity in sorted(activities, key=_by_start)]


def _by_start(activity: Activity) -> tuple[date, str]:
    return activity.start or date.min, activity.id


def missing_of(activity: object, *names: str) -> list[str]:
    """Which of the named facts are absent, empty or blank."""
    return [name for name in names if not getattr(activity, name)]
