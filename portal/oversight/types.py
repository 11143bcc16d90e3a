"""What the oversight tells: waivers, their rate, signals of evasion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list, newest first: what follows this row (or precedes it), without it.

    `settled`: the row stands in the second half of the signals, behind the open ones.
    """

    id: int
    settled: bool = False
    forwards: bool = True


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a keyset list and where its neighbours begin; None: there is none."""

    rows: Sequence[Row] = ()
    previous: Place | None = None
    next: Place | None = None


@dataclass(frozen=True, slots=True)
class WaiverFilter:
    """What a list of waivers is narrowed to; `year` is the one of the waiver's document."""

    by: str | None = None
    tenant_id: int | None = None
    rule: str | None = None
    year: int | None = None
    files: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A waiver with the file that it was granted for."""

    id: int
    activity_id: int
    title: str
    state: str
    tenant_id: int
    tenant_name: str
    starts_on: date | None
    ends_on: date | None
    countries: Sequence[str]
    rule: str
    by: str
    document_no: str
    document_date: date
    reason: str
    expires_on: date | None
    recorded_at: datetime
    recorded_by: str | None


@dataclass(frozen=True, slots=True)
class SignalFilter:
    """What a list of signals is narrowed to; `year` is one in which a file of it departs.

    `files`: only signals that one of these files is part of.
    """

    settled: bool | None = None
    tenant_id: int | None = None
    kind: str | None = None
    year: int | None = None
    files: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal of evasion: its facts (ids, days, counts; no names) and how it was settled."""

    id: int
    kind: str
    tenant_ids: Sequence[int]
    facts: Mapping[str, Any]
    found_at: datetime
    settled_at: datetime | None
    settled_by: str | None
    reason: str | None

    @property
    def files(self) -> Sequence[int]:
        """Ids of the files that the signal is made of."""
        found: Sequence[int] = self.facts["files"]
        return found

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day of its trips; None for what is about a plan."""
        if "first" not in self.facts:
            return None
        return date.fromisoformat(self.facts["first"]), date.fromisoformat(self.facts["last"])


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as the oversight lists it: one that a signal is made of, or one with an exception."""

    id: int
    title: str
    state: str
    tenant_id: int
    tenant_name: str
    starts_on: date | None
    ends_on: date | None
    countries: Sequence[str]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A plan item that a signal is made of."""

    id: int
    plan_id: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many waivers there are by each of what they are counted by."""

    by: Mapping[str, int]
    tenants: Mapping[int, int]
    rules: Mapping[str, int]
    years: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class TripFilter:
    """What the list of late and exceeding trips is narrowed to; `year` is that of departure."""

    tenant_id: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class LateRow(FileRow):
    """A trip recorded after the fact, above a limit without a waiver, or cancelled too late."""

    after_the_fact: bool
    cancelled_late: bool
    """Cancelled on or after the day on which it was to begin."""
    reason: str | None


@dataclass(frozen=True, slots=True)
class Above:
    """A place above the limit: the `slot`-th of its year, where `limit` are allowed."""

    rule: str
    year: int
    slot: int
    limit: int
    reason: str | None
    honorific: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Loosened:
    """A published version of the province's own that loosens a rule."""

    id: int
    rule: str
    valid_from: date
    params: Mapping[str, int]
    document_no: str
    document_date: str
    published_at: datetime
    published_by: str | None

    @property
    def dated(self) -> date:
        """The date of the document."""
        return date.fromisoformat(self.document_date)
