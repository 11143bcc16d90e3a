"""What the rules are asked about a past moment, from the files in memory.

The portal itself asks the database, which knows only the present; for the demo's past the same
facts are put together as they stood on the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import cast

from portal.activities.kinds.outbound.content import Content
from portal.compliance import facts
from portal.demo import data
from portal.demo.directory import Directory
from portal.demo.journeys import Journey, Line
from portal.demo.people import people
from portal.extensions import settings


@dataclass(slots=True, eq=False)
class Standing:
    """How a file stands among the others: from when on it counts, and as what."""

    activity_id: int
    journey: Journey
    content: Content
    submitted: datetime | None = None
    decided: datetime | None = None
    ended: datetime | None = None
    """Withdrawn, refused or cancelled: from then on it counts no more."""
    reported_on: date | None = None
    passports_on: date | None = None
    waivers: list[facts.Waiver] = field(default_factory=list)
    has_invitation: bool = True

    def status(self, moment: datetime) -> facts.Status | None:
        """As the rules count it at `moment`; None when it does not count."""
        if self.submitted is None or self.submitted > moment:
            return None
        if self.ended is not None and self.ended <= moment:
            return None
        return "approved" if self.decided is not None and self.decided <= moment else "submitted"


class Past:
    """All files of the demo so far, and the question about one of them."""

    def __init__(self, directory: Directory, lines: Iterable[Line]) -> None:
        self.directory = directory
        self._plans: dict[tuple[str, int], list[Line]] = defaultdict(list)
        for line in lines:
            self._plans[line.unit, line.year].append(line)
        self._by_person: dict[int, list[Standing]] = defaultdict(list)
        self._by_unit: dict[str, list[Standing]] = defaultdict(list)

    def add(self, standing: Standing) -> None:
        """Let a file count from now on."""
        self._by_unit[standing.journey.unit.slug].append(standing)
        for number in standing.journey.members:
            self._by_person[number].append(standing)

    def case(self, standing: Standing, stage: str, moment: datetime) -> facts.Case:
        """The question whether this file may go on, as of `moment`."""
        journey = standing.journey
        line = self._line(journey.unit.slug)
        beside = self._beside(standing, line, moment)
        plans = [
            plan
            for slug in line
            for year in sorted({journey.departs.year, moment.year})
            for plan in self._plan(slug, year)
        ]
        leaders = {one.leader for slug in line for one in self._plans[slug, journey.departs.year]}
        numbers = {*journey.members, *(number for number in leaders if number is not None)}
        return facts.Case(
            as_of=moment.date(),
            province=settings().province,
            proposal=self._proposal(standing, stage, moment),
            agencies=self._agencies,
            people={self.person(number): self._person(number) for number in sorted(numbers)},
            plans=tuple(plans),
            history=tuple(self._entry(one, moment, set(journey.members)) for one in beside),
            waivers=tuple(standing.waivers),
        )

    def person(self, number: int) -> str:
        return f"p{self.directory.persons[number]}"

    def agency(self, slug: str) -> str:
        return f"t{self.directory.tenants[slug]}"

    def _line(self, slug: str) -> list[str]:
        before = [s["predecessor"] for s in data.successions() if s["successor"] == slug]
        return [slug, *before]

    def _beside(self, asked: Standing, line: list[str], moment: datetime) -> list[Standing]:
        year = asked.journey.departs.year
        found = {
            one.activity_id: one
            for number in asked.journey.members
            for one in self._by_person[number]
            if one.journey.departs.year == year
        }
        for slug in line:
            for one in self._by_unit[slug]:
                open_duty = one.reported_on is None or one.passports_on is None
                if one.journey.departs.year == year or open_duty:
                    found[one.activity_id] = one
        found.pop(asked.activity_id, None)
        return [found[id_] for id_ in sorted(found) if found[id_].status(moment)]

    def _entry(self, one: Standing, moment: datetime, asked: set[int]) -> facts.Outbound:
        journey, day = one.journey, moment.date()
        return facts.Outbound(
            id=f"a{one.activity_id}",
            agency=self.agency(journey.unit.slug),
            plan_item=f"i{journey.line.id}" if journey.line else None,
            status=one.status(moment),
            submitted=one.submitted.date() if one.submitted else None,
            departs=journey.departs,
            returns=journey.returns,
            reported=one.reported_on if one.reported_on and one.reported_on <= day else None,
            passports_returned=(
                one.passports_on if one.passports_on and one.passports_on <= day else None
            ),
            members=tuple(
                facts.Member(self.person(number))
                for number in sorted(journey.members)
                if number in asked
            ),
        )

    def _proposal(self, standing: Standing, stage: str, moment: datetime) -> facts.Outbound:
        journey, content = standing.journey, standing.content
        given = facts.given
        return facts.Outbound(
            id=f"a{standing.activity_id}",
            agency=self.agency(journey.unit.slug),
            plan_item=None if content.plan_item is None else f"i{content.plan_item}",
            stage=cast("facts.Stage", stage),
            submitted=(standing.submitted or moment).date(),
            departs=content.departs,
            returns=content.returns,
            countries=content.countries,
            members=tuple(
                facts.Member(f"p{member.person}", cast("facts.Role", member.role))
                for member in content.members
            ),
            purpose=given(content.purpose),
            host_partner=given(content.host_partner),
            content=given(content.content),
            programme=tuple(facts.ProgrammeItem(d.day, d.topics) for d in content.programme),
            invitation=facts.Invitation(
                given(content.invitation_from), content.invitation_date, standing.has_invitation
            ),
            necessity=given(content.necessity),
            funding=cast("facts.Funding | None", content.funding),
            organiser=cast("facts.Organiser | None", content.organiser),
            leader_rank=cast("facts.LeaderRank | None", content.leader_rank),
        )

    def _person(self, number: int) -> facts.Person:
        person = people()[number]
        return facts.Person(
            self.person(number),
            self.agency(person.unit),
            person.post.key,
            cast("facts.ManagedBy", person.post.managed),
            person.post.sensitive,
        )

    @cached_property
    def _agencies(self) -> dict[str, facts.Agency]:
        return {
            self.agency(unit.slug): facts.Agency(
                self.agency(unit.slug),
                cast("facts.AgencyKind", unit.kind),
                tuple(self.agency(slug) for slug in self._line(unit.slug)[1:]),
            )
            for unit in data.units()
        }

    def _plan(self, slug: str, year: int) -> list[facts.Plan]:
        lines = self._plans.get((slug, year))
        if not lines:
            return []
        items = tuple(self._item(line) for line in lines)
        return [facts.Plan(self.agency(slug), year, "approved", items)]

    def _item(self, line: Line) -> facts.PlanItem:
        return facts.PlanItem(
            f"i{line.id}",
            cast("facts.Kind", line.kind),
            cast("facts.Origin", line.origin),
            line.countries,
            line.month,
            line.size,
            None if line.leader is None else self.person(line.leader),
        )
