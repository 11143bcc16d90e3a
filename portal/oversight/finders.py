"""Patterns that look like a way around a rule: pure functions over trips and plan items.

A finder names facts (files, people, days, counts), never a guilt; thresholds come from
policies/oversight/signals.yaml. "The same agency" is the agency with those it succeeds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from re import findall
from typing import Any, TypeVar

from portal.web.text import fold

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Traveller:
    """A member of a delegation and whose official they are."""

    person: int
    agency: int
    key_leader: bool = False


@dataclass(frozen=True, slots=True)
class Trip:
    """A submitted or decided delegation; days as reported, else as planned, both inclusive."""

    id: int
    agency: int
    departs: date
    returns: date
    countries: tuple[str, ...] = ()
    host: str = ""
    inviter: str = ""
    content: str = ""
    urgent: bool = False
    out_of_plan: bool = False
    travellers: tuple[Traveller, ...] = ()


@dataclass(frozen=True, slots=True)
class Supplement:
    """An outbound item that was added to the plan in mid-year, and the files that stand on it."""

    id: int
    agency: int
    year: int
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern and its facts. What it is made of (`parts`) tells it from every other."""

    kind: str
    files: tuple[int, ...]
    agencies: tuple[int, ...]
    years: tuple[int, ...]
    facts: dict[str, Any] = field(default_factory=dict)
    items: tuple[int, ...] = ()

    @property
    def parts(self) -> frozenset[int]:
        """Its plan items where it is about the plan, else its files."""
        return frozenset(self.items or self.files)


def split_trips(trips: Iterable[Trip], *, gap_days: int) -> list[Found]:
    """One trip split in two: same host, overlapping days, members of one agency in each."""
    sent = (
        ((host, agency), trip)
        for trip in trips
        if (host := words_of(trip.host))
        for agency in {traveller.agency for traveller in trip.travellers}
    )
    return _merged(
        _found("split-trip", run, {agency}, host=run[0].host, people=_people(run, agency))
        for (_, agency), group in _grouped(sent)
        for run in _touching(group, gap_days)
    )


def same_content(trips: Iterable[Trip], *, years: int, alike_percent: int) -> list[Found]:
    """One agency in one country about the same again, before `years` years are over."""
    gone = (((trip.agency, country), trip) for trip in trips for country in trip.countries)
    return _merged(
        _found("same-content", run, {agency}, countries=[country])
        for (agency, country), group in _grouped(gone)
        for run in _repeated(group, years, alike_percent)
    )


def urgent_chains(trips: Iterable[Trip], *, trips_least: int, days: int) -> list[Found]:
    """Urgent trips out of plan, so many departures of one agency within so many days."""
    urgent = ((trip.agency, trip) for trip in trips if trip.urgent and trip.out_of_plan)
    return [
        _found("urgent-chain", run, {agency}, days=days)
        for agency, group in _grouped(urgent)
        for run in _dense(group, trips_least, days)
    ]


def leaders_one_host(trips: Iterable[Trip], *, days: int) -> list[Found]:
    """Two key leaders of one agency in two delegations to one host, departing within days."""
    led = (
        ((host, agency), trip)
        for trip in trips
        if (host := words_of(trip.host))
        for agency in {traveller.agency for traveller in trip.travellers if traveller.key_leader}
    )
    return _merged(
        _found("leaders-one-host", run, {agency}, host=run[0].host, people=leaders, days=days)
        for (_, agency), group in _grouped(led)
        for run in _dense(group, 2, days)
        if len(leaders := _people(run, agency, leaders=True)) > 1
    )


def one_inviter(trips: Iterable[Trip], *, trips_least: int, agencies_least: int) -> list[Found]:
    """One inviter for many delegations of many agencies in one calendar year."""
    invited = (
        ((inviter, trip.departs.year), trip)
        for trip in trips
        if (inviter := words_of(trip.inviter))
    )
    found = []
    for (_, year), group in _grouped(invited):
        agencies = {trip.agency for trip in group}
        if len(group) >= trips_least and len(agencies) >= agencies_least:
            run = sorted(group, key=_by_departure)
            found.append(_found("one-inviter", run, agencies, inviter=run[0].inviter, year=year))
    return found


def late_plan_items(items: Iterable[Supplement], *, items_least: int) -> list[Found]:
    """Trips added to one year's plan in mid-year again and again."""
    of_year = (((item.agency, item.year), item) for item in items)
    found = []
    for (agency, year), group in _grouped(of_year):
        if len(group) >= items_least:
            files = sorted({file for item in group for file in item.files})
            ids = tuple(sorted(item.id for item in group))
            found.append(
                Found("late-plan-items", tuple(files), (agency,), (year,), {"year": year}, ids)
            )
    return found


@lru_cache(maxsize=50_000)
def words_of(text: str) -> str:
    """A text as it is compared: words without accents, capitals and punctuation."""
    return " ".join(findall(r"[^\W_]+", fold(text)))


@lru_cache(maxsize=100_000)
def alike(one: str, other: str) -> int:
    """Words that two texts share, in percent of all their words; 0 when one says nothing."""
    mine, theirs = set(words_of(one).split()), set(words_of(other).split())
    if not mine or not theirs:
        return 0
    return 100 * len(mine & theirs) // len(mine | theirs)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; for 29 February the last of the month."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _by_departure(trip: Trip) -> tuple[date, int]:
    return trip.departs, trip.id


def _grouped(pairs: Iterable[tuple[Any, K]]) -> Iterator[tuple[Any, list[K]]]:
    groups: defaultdict[Any, list[K]] = defaultdict(list)
    for key, one in pairs:
        groups[key].append(one)
    yield from groups.items()


def _runs(group: Iterable[Trip], belongs: Callable[[list[Trip], Trip], bool]) -> list[list[Trip]]:
    """The trips by departure, cut wherever one does not belong to the run before it."""
    runs: list[list[Trip]] = []
    for trip in sorted(group, key=_by_departure):
        if runs and belongs(runs[-1], trip):
            runs[-1].append(trip)
        else:
            runs.append([trip])
    return [run for run in runs if len(run) > 1]


def _touching(group: Iterable[Trip], gap_days: int) -> list[list[Trip]]:
    gap = timedelta(days=gap_days)
    return _runs(group, lambda run, trip: trip.departs <= max(t.returns for t in run) + gap)


def _dense(group: Sequence[Trip], least: int, days: int) -> list[list[Trip]]:
    """Longest runs of which each trip is one of `least` that depart within `days` days."""
    trips = sorted(group, key=_by_departure)
    found: list[list[Trip]] = []
    reached = 0
    for start in range(len(trips) - least + 1):
        if (trips[start + least - 1].departs - trips[start].departs).days >= days:
            continue
        if found and start < reached:
            found[-1] += trips[reached : start + least]
        else:
            found.append(trips[start : start + least])
        reached = start + least
    return found


def _repeated(group: Iterable[Trip], years: int, percent: int) -> list[list[Trip]]:
    runs: list[list[Trip]] = []
    for trip in sorted(group, key=_by_departure):
        for run in runs:
            last = run[-1]
            soon = trip.departs < years_after(last.departs, years)
            if soon and alike(last.content, trip.content) >= percent:
                run.append(trip)
                break
        else:
            runs.append([trip])
    return [run for run in runs if len(run) > 1]


def _found(kind: str, run: Sequence[Trip], agencies: Iterable[int], **facts: Any) -> Found:
    days = {"first": run[0].departs.isoformat(), "last": max(t.returns for t in run).isoformat()}
    return Found(
        kind,
        tuple(sorted(trip.id for trip in run)),
        tuple(sorted(agencies)),
        tuple(sorted({trip.departs.year for trip in run})),
        {**days, **facts},
    )


def _people(run: Iterable[Trip], agency: int, *, leaders: bool = False) -> list[int]:
    """The officials of an agency on these trips; or only its key leaders."""
    members = (member for trip in run for member in trip.travellers if member.agency == agency)
    return sorted({member.person for member in members if member.key_leader or not leaders})


def _merged(found: Iterable[Found]) -> list[Found]:
    """One signal for the same files, with the agencies, people and countries of all."""
    groups = _grouped((one.parts, one) for one in found)
    return [_one_of(same) for _, same in groups]


def _one_of(same: Sequence[Found]) -> Found:
    facts = dict(same[0].facts)
    for name in ("people", "countries"):
        if name in facts:
            facts[name] = sorted({each for one in same for each in one.facts[name]})
    agencies = sorted({agency for one in same for agency in one.agencies})
    return Found(same[0].kind, same[0].files, tuple(agencies), same[0].years, facts)
