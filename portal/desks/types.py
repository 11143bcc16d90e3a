"""What the desks' questions answer with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: everything after (or before) this row, which itself is left out."""

    id: int
    day: date | None = None
    forwards: bool = True


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a keyset list and where its neighbours begin; None: there is none."""

    rows: Sequence[Row]
    count: int = 0
    """Rows of the whole list, as far as they were asked for and are counted."""
    previous: Cursor | None = None
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of activities is narrowed to; the default is everything the person may see."""

    words: str = ""
    tenant_id: int | None = None
    state: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    country: str | None = None
    leader_ids: tuple[int, ...] | None = None
    out_of_plan: bool = False
    overdue: bool = False
    by_day: bool = False
    """Ordered by the day of departure, latest first; files without a day are left out."""


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One line of a list of activities."""

    id: int
    kind: str
    title: str
    state: str
    tenant_id: int
    tenant_name: str
    starts_on: date | None
    ends_on: date | None
    countries: Sequence[str]
    leader: str | None
    blocks: int
    warnings: int
    due_on: date | None
    urgent: bool
    after_the_fact: bool
    out_of_plan: bool


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One thing that waits for the acting person's desk."""

    id: int
    kind: str
    permission: str
    opened_at: datetime
    opened_by: str
    due_on: date | None
    activity_id: int
    activity_kind: str
    title: str
    state: str
    field: str
    urgent: bool
    tenant_id: int
    tenant_name: str
    starts_on: date | None
    ends_on: date | None
    countries: Sequence[str]
    blocks: int
    warnings: int
    version: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure above a list: its code (the page has the words), its value, its limit if any."""

    code: str
    value: int
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Trip:
    """One person abroad on one delegation, between the days that count (reported, else planned)."""

    activity_id: int
    tenant_id: int
    tenant_name: str
    person_id: int
    full_name: str
    honorific: str
    position: str
    key_leader: bool
    countries: Sequence[str]
    starts_on: date
    ends_on: date
    state: str
    decided: bool


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of the file on a desk."""

    person_id: int
    full_name: str
    honorific: str
    position: str
    role: str
    key_leader: bool
    managed_by: str


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """An opinion asked of a body, and its answer."""

    body: str
    asked_on: date
    answer: str | None
    text: str | None
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class DeskFile:
    """What a desk shows of one file beside its queue."""

    id: int
    kind: str
    title: str
    state: str
    tenant_id: int
    tenant_name: str
    starts_on: date | None
    ends_on: date | None
    countries: Sequence[str]
    urgent: bool
    after_the_fact: bool
    referred: bool
    authority: str | None
    submitted_on: date | None
    blocks: int
    warnings: int
    plan_item_id: int | None
    plan_item: str | None
    """Its code and title, for whoever may read the plan."""
    plan_origin: str | None
    purpose: str
    host_partner: str
    funding: str | None
    cost_vnd: int | None
    members: Sequence[MemberRow] = ()
    opinions: Sequence[OpinionRow] = ()
    recommendation: str | None = None
    appraisal: str | None = None
