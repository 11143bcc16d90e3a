"""What became of the journeys that are over: mostly closed, some otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from portal.core.clock import LOCAL
from portal.core.working_days import is_working_day, subtract_working_days
from portal.demo import data, script
from portal.demo.chapter import Chapter
from portal.demo.history import Historian
from portal.demo.journeys import KEPT_OUT_OF_PLAN, Journey, Planner
from portal.demo.law import Standing
from portal.demo.people import DemoPerson, people_of
from portal.demo.script import Act

FATES: Final = (
    ("closed", 0.80), ("returned", 0.10), ("cancelled", 0.03), ("rejected", 0.03),
    ("withdrawn", 0.025), ("after-the-fact", 0.015),
)  # fmt: skip
NEVER_PROPOSED: Final = 0.13
"""Share of the plan that nobody ever proposed."""


def happened(journeys: Sequence[Journey]) -> list[Journey]:
    """Those that were proposed at all; the others stay unused lines of the plan."""
    random = Random("never proposed")
    return [journey for journey in journeys if random.random() >= NEVER_PROPOSED]


def special(planner: Planner, year: int) -> list[tuple[Journey, str]]:
    """Journeys that collide with the rules, each with its fate."""
    random = Random(f"special journeys of {year % 2}")
    found: list[tuple[Journey, str]] = []
    for slug, place, fate in (("kkt", 2, "waived"), ("svhttdl", 2, "after-the-fact")):
        leader = people_of(slug)[place]
        for number, day in enumerate((date(year, 2, 25), date(year, 3, 25), date(year, 5, 13))):
            journey = _journey(planner, random, leader, day)
            if journey.line:
                journey.line.leader = None
            found.append((journey, fate if number == 2 else "closed"))
    for number, day in enumerate((date(year, 2, 4), date(year, 3, 4), date(year, 5, 6))):
        journey = _journey(planner, random, people_of(KEPT_OUT_OF_PLAN)[2], day)
        if journey.line:
            planner.lines.remove(journey.line)
            journey.line = None
        journey.urgent = "Phía bạn mời gấp, không kịp đưa vào kế hoạch năm."
        found.append((journey, "waived-supplement" if number == 2 else "closed"))
    return found


def _journey(planner: Planner, random: Random, leader: DemoPerson, day: date) -> Journey:
    unit = next(unit for unit in data.units() if unit.slug == leader.unit)
    theme = data.themes()[random.choice(unit.themes)]
    while not is_working_day(day):
        day += timedelta(days=1)
    place = random.choice(theme.to)
    return planner.journey(random, unit, day, theme, place, leader=leader, out_of_plan=False)


def chapters(
    historian: Historian, journeys: Sequence[Journey], given: Sequence[str | None], until: datetime
) -> list[Chapter]:
    """The journeys with all that happened to them until then. `given` names a fate or leaves it."""
    standings = historian.begin(journeys)
    found = []
    for number, (standing, fate) in enumerate(zip(standings, given, strict=True)):
        random = Random(f"the fate of {number}")
        found.append(_chapter(standing, fate or _fate(random, standing.journey), random, until))
    return found


def _fate(random: Random, journey: Journey) -> str:
    drawn = random.random()
    for fate, share in FATES:
        drawn -= share
        if drawn < 0:
            # What the central authorities decide is recorded from paper, and never fails here.
            return fate if journey.authority != "central" else "closed"
    return "closed"


def _chapter(standing: Standing, fate: str, random: Random, until: datetime) -> Chapter:
    journey = standing.journey
    if fate == "after-the-fact":
        acts = _after_the_fact(journey, random, until)
    elif fate in ("rejected", "withdrawn"):
        acts = _ended_early(journey, random, "reject" if fate == "rejected" else "withdraw")
    else:
        waives = _WAIVES.get(fate, "")
        path = script.way(
            journey,
            to="record-approval" if journey.authority == "central" else "approve",
            returned=fate == "returned",
            waiver=waives,
        )
        acts = script.acts_until(journey, path, _decision_day(journey, random), random)
        if fate == "cancelled":
            between = subtract_working_days(journey.departs, random.randint(1, 2))
            acts.append(script.act(journey, "cancel", _at(between, 9, random), random))
        else:
            late = random.random() < 0.07
            acts += script.acts_after(
                journey,
                random,
                to="close",
                until=until,
                report_after=random.randint(17, 26) if late else None,
            )
        return Chapter(standing, acts, waives=waives)
    return Chapter(standing, acts)


_WAIVES: Final = {
    "waived": "outbound.leader-trips",
    "waived-supplement": "outbound.supplement-quota",
}


def _decision_day(journey: Journey, random: Random) -> datetime:
    """Early enough that most were submitted twenty working days before they left."""
    days = random.randint(11, 18) if random.random() < 0.85 else random.randint(3, 7)
    return _at(subtract_working_days(journey.departs, days), 15, random)


def _ended_early(journey: Journey, random: Random, action: str) -> list[Act]:
    path = script.way(journey, to="approve")
    stop = path.index("approve") if action == "reject" else path.index("receive") + 1
    last = _decision_day(journey, random)
    return script.acts_until(journey, [*path[:stop], action], last, random)


def _after_the_fact(journey: Journey, random: Random, until: datetime) -> list[Act]:
    day = journey.returns + timedelta(days=4)
    while not is_working_day(day):
        day += timedelta(days=1)
    recorded = _at(day, 10, random)
    acts = script.acts_until(journey, ["create", "record-after-fact"], recorded, random)
    acts.append(script.act(journey, "return-home", recorded.replace(hour=12, minute=0), random))
    follow = script.acts_after(journey, random, to="close", until=until, report_after=12,
                               passports_after=6)  # fmt: skip
    return acts + [one for one in follow if one.action not in ("depart", "return-home")]


def _at(day: date, hour: int, random: Random) -> datetime:
    return datetime(
        day.year, day.month, day.day, hour, random.randint(0, 40), random.randint(0, 59),
        tzinfo=LOCAL,
    )  # fmt: skip
