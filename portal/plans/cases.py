"""What a line of an annual plan says, as a case for the rules, and what the rules answer to it.

A line knows its agency, kind, origin, month, countries, size and who leads it. Everything else is
not known yet: rules that ask for it are not asked, and a finding that only misses facts is none.
The plan is judged as if it were approved and carried out: its other lines count as decided trips.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Final

from portal.compliance import facts
from portal.compliance.engine import judge_by
from portal.compliance.findings import Finding, Verdict
from portal.compliance.keys import activity_key, agency_key, item_key, person_key
from portal.compliance.regulations import Regulations, Segment, Version
from portal.plans.types import Agency, Beside, Official, Planned, PlannedYear

TOLD: Final[Mapping[str, frozenset[str]]] = {
    "outbound": frozenset(
        {
            "outbound.supplement-quota",
            "outbound.leader-trips",
            "outbound.leaders-together",
            "outbound.countries",
            "outbound.lead-time",
        }
    ),
    "conference": frozenset({"conference.lead-time"}),
}
"""Rules by kind that ask nothing but what a line may say."""
_ABOUT_LINES: Final = frozenset({"outbound.plan", "outbound.plan-deviation", "inbound.plan"})
"""Rules that hold a file to its line; a line by itself cannot break them."""
DECIDERS: Final[tuple[facts.ForeignRank | None, ...]] = (None, "minister")
"""Highest rank of a conference's guests: not stated (the chair's limits), and the Premier's."""
ELSEWHERE: Final = "x"
"""Begins the id of a planned trip of which the reader may know that it is there, and no more."""

Trips = dict[str, facts.Outbound]
"""Trips by their id in a case."""


class Cases:
    """The cases of a year's lines; what several of them share is put together once."""

    def __init__(self, year: PlannedYear, province: facts.Province, today: date) -> None:
        self.year, self.province, self.today = year, province, today
        self._agencies = {
            agency_key(id_): _agency(agency, year.agencies) for id_, agency in year.agencies.items()
        }
        self._people = {person_key(id_): _person(person) for id_, person in year.people.items()}
        self._of_leader = _of_leaders(year)
        self._supplements = _supplements(year)

    def of(
        self,
        item: Planned,
        day: date,
        *,
        submitted: date | None,
        rank: facts.ForeignRank | None = None,
    ) -> facts.Case:
        """The case of a line of a kind in TOLD, beginning on `day`; `rank`: of foreign guests."""
        if item.kind == "conference":
            return self._case(_conference(item, day, submitted, rank))
        beside = self._of_leader.get(item.leader or 0, {})
        plans: tuple[facts.Plan, ...] = ()
        if item.origin == "supplement":
            plans, others = self._out_of_plan(item.agency)
            beside = beside | others
        return self._case(_trip(item, day, submitted), plans, tuple(beside.values()))

    @cached_property
    def lines(self) -> list[tuple[Planned, list[facts.Case]]]:
        """Every line of a kind in TOLD with its variants."""
        return [(item, self.variants(item)) for item in self.year.items if item.kind in TOLD]

    def variants(self, item: Planned, since: date = date.min) -> list[facts.Case]:
        """The case of a line on the first and on the last day on which it can begin from `since`
        on; of a conference for either authority. Without a month nothing is said of time limits.
        """
        days = sorted({max(item.first_day(self.today), since), item.last_day})
        submitted = None if item.month is None else self.today
        ranks = DECIDERS if item.kind == "conference" else DECIDERS[:1]
        return [
            self.of(item, day, submitted=submitted, rank=rank) for day in days for rank in ranks
        ]

    def together(self, items: Sequence[Planned]) -> facts.Case:
        """The case of one delegation that all the leaders of these lines join."""
        first = items[0]
        leaders = sorted({item.leader for item in items if item.leader is not None})
        members = tuple(facts.Member(person_key(leader)) for leader in leaders)
        return self._case(
            facts.Outbound(
                id=item_key(first.id),
                agency=agency_key(first.agency),
                departs=first.last_day,
                members=members,
            )
        )

    def _case(
        self,
        proposal: facts.AnyActivity,
        plans: tuple[facts.Plan, ...] = (),
        history: tuple[facts.AnyActivity, ...] = (),
    ) -> facts.Case:
        return facts.Case(
            as_of=self.today,
            province=self.province,
            proposal=proposal,
            agencies=self._agencies,
            people=self._people,
            plans=plans,
            history=history,
        )

    def _out_of_plan(self, agency: int) -> tuple[tuple[facts.Plan, ...], Trips]:
        """What is out of plan, of the agency and of those it succeeds."""
        plans: list[facts.Plan] = []
        trips: Trips = {}
        for id_ in line_of(agency, self.year.agencies):
            items, own = self._supplements.get(id_, ((), {}))
            plans.append(facts.Plan(agency_key(id_), self.year.year, "approved", items))
            trips |= own
        return tuple(plans), trips


class Law:
    """One edition of the law, asked for the rules that a line can be judged by, or for one only."""

    def __init__(self, regulations: Regulations, only: str | None = None) -> None:
        self.regulations = regulations
        self.only = only
        self._told: dict[int, Segment] = {}

    def findings(self, case: facts.Case) -> list[Finding]:
        """What these rules find; what only misses facts is no finding about a line."""
        kind = case.proposal.kind
        whole, ids = self.regulations.in_force(kind, case.province, case.event_date)
        segment = self._told.get(id(whole))
        if segment is None:
            segment = tuple(pair for pair in whole if self.asks(kind, pair[0].id))
            self._told[id(whole)] = segment
        judged = judge_by(case, segment, ids, self.regulations)
        return [finding for finding in judged.findings if not finding.says_missing]

    def asks(self, kind: str, rule: str) -> bool:
        """Whether lines of the kind are judged by the rule here."""
        return rule in TOLD[kind] and self.only in (None, rule)

    def is_one(self, case: facts.Case, later: facts.Case) -> bool:
        """Whether the same versions hold for both cases of a line."""
        kind, province, of = case.proposal.kind, case.province, self.regulations.in_force
        return of(kind, province, case.event_date)[0] is of(kind, province, later.event_date)[0]

    def not_told(self, kind: facts.Kind, province: facts.Province, day: date) -> list[Version]:
        """Rules in force for the kind for which a line says too little."""
        segment, _ = self.regulations.in_force(kind, province, day)
        told = TOLD.get(kind, frozenset()) | _ABOUT_LINES
        return [
            version
            for spec, version in segment
            if spec.id not in told and spec.family != "any" and not spec.is_deadline
        ]


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The verdict that these findings make."""
    severities = {finding.severity for finding in findings}
    return "block" if "block" in severities else "warn" if "warn" in severities else "pass"


def line_of(agency: int, agencies: Mapping[int, Agency]) -> list[int]:
    """The agency and all that it succeeds, over any number of steps."""
    found = [agency]
    for id_ in found:  # grows while it is walked
        known = agencies.get(id_)
        found += [earlier for earlier in (known.succeeds if known else ()) if earlier not in found]
    return found


def _agency(agency: Agency, known: Mapping[int, Agency]) -> facts.Agency:
    earlier = tuple(agency_key(id_) for id_ in agency.succeeds if id_ in known)
    return facts.Agency(agency_key(agency.id), agency.kind, earlier)


def _person(person: Official) -> facts.Person:
    return facts.Person(
        person_key(person.id), agency_key(person.agency), person.key_leader, person.managed_by
    )


def _conference(
    item: Planned, day: date, submitted: date | None, rank: facts.ForeignRank | None
) -> facts.Conference:
    return facts.Conference(
        id=item_key(item.id),
        agency=agency_key(item.agency),
        plan_item=item_key(item.id),
        submitted=submitted,
        starts=day,
        highest_foreign_rank=rank,
    )


def _trip(
    item: Planned, day: date, submitted: date | None, status: facts.Status | None = None
) -> facts.Outbound:
    return facts.Outbound(
        id=item_key(item.id),
        agency=agency_key(item.agency),
        plan_item=item_key(item.id),
        status=status,
        submitted=submitted,
        departs=day,
        countries=item.countries,
        members=() if item.leader is None else (facts.Member(person_key(item.leader), "head"),),
    )


def _carried_out(item: Planned) -> facts.Outbound:
    return _trip(item, item.last_day, None, "approved")


def _file(file: Beside) -> facts.Outbound:
    return facts.Outbound(
        id=activity_key(file.id),
        agency=agency_key(file.agency),
        plan_item=None if file.item is None else item_key(file.item),
        status=file.status,
        departs=file.starts,
        returns=file.ends,
        members=tuple(facts.Member(person_key(person)) for person in file.people),
    )


def _of_leaders(year: PlannedYear) -> dict[int, Trips]:
    """Leader → every trip that counts: lines, files, and what is only known to be there."""
    found: dict[int, Trips] = defaultdict(dict)
    for item in year.items:
        if item.kind == "outbound" and item.leader is not None:
            trip = _carried_out(item)
            found[item.leader][trip.id] = trip
    for file in year.files:
        trip = _file(file)
        for person in file.people:
            found[person][trip.id] = trip
    for leader, count in year.elsewhere.items():
        for number in range(count):
            id_ = f"{ELSEWHERE}{leader}.{number}"
            members = (facts.Member(person_key(leader)),)
            found[leader][id_] = facts.Outbound(
                id=id_,
                agency=ELSEWHERE,
                plan_item=ELSEWHERE,
                status="approved",
                departs=date(year.year, 12, 31),
                members=members,
            )
    return found


def _supplements(year: PlannedYear) -> dict[int, tuple[tuple[facts.PlanItem, ...], Trips]]:
    """Agency → its lines that were added in mid-year, and its trips on them or on no line."""
    items: dict[int, dict[str, facts.PlanItem]] = defaultdict(dict)
    trips: dict[int, Trips] = defaultdict(dict)
    for item in year.items:
        if item.kind == "outbound" and item.origin == "supplement":
            trip = _carried_out(item)
            trips[item.agency][trip.id] = trip
            items[item.agency][trip.id] = facts.PlanItem(trip.id, "outbound", "supplement")
    for file in year.files:
        if file.origin in (None, "supplement"):
            trip = _file(file)
            trips[file.agency][trip.id] = trip
            if trip.plan_item is not None:
                line = facts.PlanItem(trip.plan_item, "outbound", "supplement")
                items[file.agency][trip.plan_item] = line
    return {id_: (tuple(items[id_].values()), trips[id_]) for id_ in trips}
