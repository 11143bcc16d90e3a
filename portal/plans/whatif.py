"""A year's plans judged as a whole: who would travel too often, with whom, when, and how late.

The rules themselves are asked, by cases made of lines. What no rule knows of (a month in which
nobody leads an agency, a line that stands twice) is said without a law. A line names a month and
no day, a leader and no members: what hangs on more than that is said to be possible, not certain.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, Final, Literal

from portal.compliance.facts import Case
from portal.compliance.findings import Finding
from portal.compliance.keys import number_of
from portal.plans.cases import DECIDERS, ELSEWHERE, TOLD, Cases, Law
from portal.plans.types import Planned, PlannedYear
from portal.web.text import fold


class About(StrEnum):
    """What a concern is about, in the order of the page."""

    TRIPS = "trips"
    TOGETHER = "together"
    ABSENCE = "absence"
    LEAD_TIME = "lead-time"
    SUPPLEMENTS = "supplements"
    COUNTRIES = "countries"
    DUPLICATES = "duplicates"


ABOUT: Final[Mapping[str, About]] = {
    "outbound.leader-trips": About.TRIPS,
    "outbound.supplement-quota": About.SUPPLEMENTS,
    "outbound.countries": About.COUNTRIES,
    "outbound.lead-time": About.LEAD_TIME,
    "conference.lead-time": About.LEAD_TIME,
}
_TOGETHER: Final = "outbound.leaders-together"
_LEAD_TIMES: Final = frozenset(rule for rule, about in ABOUT.items() if about is About.LEAD_TIME)
ALONE: Final = 1
"""Whoever leads an agency alone is abroad sometimes; that says nothing of a plan."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Something in the plans that somebody should settle before they are approved."""

    about: About
    severity: Literal["block", "warn", "info"]
    agency: int | None
    """Under which it is listed: the leader's own for trips, else the one that plans; None for
    what several plan alike.
    """
    lines: tuple[Planned, ...]
    people: tuple[int, ...] = ()
    finding: Finding | None = None
    """Of the rule that says so; None where no rule does."""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[Any, ...]:
        """The same for the same concern by another law."""
        if self.about is About.TRIPS:
            return self.about, self.people
        if self.about is About.SUPPLEMENTS:
            return self.about, self.agency
        return self.about, self.agency, tuple(line.id for line in self.lines)

    @property
    def agencies(self) -> frozenset[int]:
        """All that it concerns."""
        own = () if self.agency is None else (self.agency,)
        return frozenset((*own, *(line.agency for line in self.lines)))


@dataclass(frozen=True, slots=True)
class Heard:
    """A rule's answer to one line. `certain`: on every day left, whoever decides."""

    line: Planned
    finding: Finding
    certain: bool


def by_law(cases: Cases, law: Law) -> list[Concern]:
    """What the rules find."""
    heard: dict[tuple[About, int], list[Heard]] = defaultdict(list)
    for line, asked in cases.lines:
        if law.only is not None and law.only not in TOLD[line.kind]:
            continue
        for answer in _answers(law, line, asked):
            about = ABOUT[answer.finding.rule]
            heard[about, _subject(about, answer)].append(answer)
    found = [_concern(cases, law, about, answers) for (about, _), answers in heard.items()]
    return [*found, *_together(cases, law)] if law.asks("outbound", _TOGETHER) else found


def beside_the_law(year: PlannedYear) -> list[Concern]:
    """What no rule knows of."""
    return [*_absences(year), *_duplicates(year.items)]


def in_order(concerns: Iterable[Concern], year: PlannedYear) -> dict[int | None, list[Concern]]:
    """The concerns by agency, agencies by name, what blocks first; at the end what has none."""
    abouts, severities = list(About), ("block", "warn", "info")
    found: dict[int | None, list[Concern]] = defaultdict(list)
    for concern in concerns:
        found[concern.agency].append(concern)
    for of_agency in found.values():
        of_agency.sort(
            key=lambda one: (
                abouts.index(one.about),
                severities.index(one.severity),
                one.lines[0].month or 13,
                one.lines[0].id,
            )
        )
    return {id_: found[id_] for id_ in sorted(found, key=partial(_place, year))}


def _place(year: PlannedYear, agency: int | None) -> tuple[bool, str]:
    return agency is None, "" if agency is None else fold(year.agencies[agency].name)


def _answers(law: Law, line: Planned, asked: Sequence[Case]) -> Iterator[Heard]:
    found: dict[str, list[Finding]] = defaultdict(list)
    early = [case for case in asked if case.event_date == asked[0].event_date]
    for case in early:
        for finding in law.findings(case):
            found[finding.rule].append(finding)
    # What is in time on the first day is in time on the last, while the law is the same.
    if found.keys().isdisjoint(_LEAD_TIMES) and law.is_one(asked[0], asked[-1]):
        asked = early
    for case in asked[len(early) :]:
        for finding in law.findings(case):
            found[finding.rule].append(finding)
    for findings in found.values():
        yield Heard(line, findings[0], len(findings) == len(asked))


def _subject(about: About, heard: Heard) -> int:
    if about is About.TRIPS:
        return number_of(heard.finding.facts["person"])
    return heard.line.agency if about is About.SUPPLEMENTS else heard.line.id


def _concern(cases: Cases, law: Law, about: About, heard: Sequence[Heard]) -> Concern:
    """One concern of all the lines that a rule speaks of for one leader, agency or line."""
    worst = max(heard, key=lambda one: (one.certain, one.finding.severity == "block"))
    line, finding = worst.line, worst.finding
    facts: dict[str, Any] = {"certain": worst.certain}
    people = () if line.leader is None else (line.leader,)
    agency = line.agency
    if about is About.TRIPS and line.leader is not None:
        agency = cases.year.people[line.leader].agency
    if about in (About.TRIPS, About.SUPPLEMENTS):
        facts |= _counted(finding)
    if about is About.LEAD_TIME:
        facts |= {"deadlines": _deadlines(cases, law, line)}
    severity = finding.severity if worst.certain else "warn"
    lines = tuple(sorted((one.line for one in heard), key=lambda one: (one.month or 13, one.id)))
    return Concern(about, severity, agency, lines, people, finding, facts)


def _counted(finding: Finding) -> dict[str, int]:
    """What a limit was reached by, the judged line included; other agencies' lines as a number."""
    decided = Counter(entry["id"][0] for entry in finding.facts["decided"])
    return {
        "planned": decided["i"] + 1,
        "elsewhere": decided[ELSEWHERE],
        "decided": decided["a"],
        "pending": len(finding.facts["pending"]),
        "limit": finding.facts["limit"],
    }


def _deadlines(cases: Cases, law: Law, line: Planned) -> list[dict[str, Any]]:
    """The last day of submission for the first and the last day of the month, by who decides.

    The rule says it of a file that is submitted on the very day.
    """
    told: list[dict[str, Any]] = []
    for rank in DECIDERS if line.kind == "conference" else DECIDERS[:1]:
        for day in sorted({line.first_day(cases.today), line.last_day}):
            case = cases.of(line, day, submitted=day, rank=rank)
            last = [f.facts["last_good_day"] for f in law.findings(case) if f.rule in _LEAD_TIMES]
            told += [
                {
                    "rank": rank,
                    "begins": day,
                    "submit_by": submit_by,
                    "too_late": submit_by < cases.today.isoformat(),
                }
                for submit_by in last
            ]
    return told


def _together(cases: Cases, law: Law) -> Iterator[Concern]:
    """Key leaders of one agency whose lines have a country and a month in common.

    Whether they are one delegation no line says; the rule is asked as if they were.
    """
    people = cases.year.people
    groups: dict[tuple[int, int, str], list[Planned]] = defaultdict(list)
    for line in cases.year.items:
        if line.kind == "outbound" and line.leader is not None and line.month is not None:
            leader = people[line.leader]
            if leader.key_leader:
                for country in line.countries:
                    groups[leader.agency, line.month, country].append(line)
    seen: set[tuple[int, ...]] = set()
    for (agency, _, _), lines in groups.items():
        ids = tuple(line.id for line in lines)
        if ids in seen or len({line.leader for line in lines}) == 1:
            continue
        seen.add(ids)
        for finding in law.findings(cases.together(lines)):
            if finding.rule == _TOGETHER:
                who = tuple(number_of(key) for key in finding.facts["people"])
                yield Concern(About.TOGETHER, "warn", agency, tuple(lines), who, finding)


def _absences(year: PlannedYear) -> Iterator[Concern]:
    """Months in which everybody who leads an agency is to be abroad at some time.

    Only of agencies whose own plan is seen: of others not all who lead them are known here.
    """
    planning = {line.agency for line in year.items}
    leaders: dict[int, set[int]] = defaultdict(set)
    for person in year.people.values():
        if person.leads and person.agency in planning:
            leaders[person.agency].add(person.id)
    away: dict[tuple[int, int], set[int]] = defaultdict(set)
    lines: dict[tuple[int, int], list[Planned]] = defaultdict(list)
    for who, month, line in _journeys(year):
        person = year.people[who]
        if person.id in leaders.get(person.agency, ()):
            away[person.agency, month].add(who)
            lines[person.agency, month] += [] if line is None else [line]
    for (agency, month), gone in sorted(away.items()):
        if len(gone) > ALONE and gone == leaders[agency] and lines[agency, month]:
            of_month = tuple(lines[agency, month])
            facts = {"month": month}
            yield Concern(About.ABSENCE, "warn", agency, of_month, tuple(sorted(gone)), facts=facts)


def _journeys(year: PlannedYear) -> Iterator[tuple[int, int, Planned | None]]:
    """Who is abroad in which month, by a line of a plan or by a file."""
    for line in year.items:
        if line.kind == "outbound" and line.leader is not None and line.month is not None:
            yield line.leader, line.month, line
    for file in year.files:
        last = file.ends.month if file.ends.year == file.starts.year else 12
        for month in range(file.starts.month, last + 1):
            for person in file.people:
                yield person, month, None


def _duplicates(lines: Iterable[Planned]) -> Iterator[Concern]:
    """Lines of one kind, title, month and destination: one of them may be too many."""
    alike: dict[tuple[Any, ...], list[Planned]] = defaultdict(list)
    for line in lines:
        same = (line.kind, fold(line.title), line.month, frozenset(line.countries))
        alike[same].append(line)
    for group in alike.values():
        if len(group) > 1:
            if len({line.agency for line in group}) == 1:
                yield Concern(About.DUPLICATES, "warn", group[0].agency, tuple(group))
            else:
                yield Concern(About.DUPLICATES, "info", None, tuple(group))
