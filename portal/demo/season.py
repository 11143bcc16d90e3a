"""The files that are on their way today: which there are, and the script of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from portal.core.clock import LOCAL
from portal.core.working_days import is_working_day, subtract_working_days
from portal.demo import data, script
from portal.demo.chapter import Chapter
from portal.demo.data import Destination
from portal.demo.history import Historian
from portal.demo.journeys import KEPT, Journey, Planner
from portal.demo.people import STAND_IN, DemoPerson, people_of
from portal.demo.script import Act

_NOT_BEFORE: Final = timedelta(days=3)


@dataclass(slots=True, eq=False)
class LiveFile:
    """One file to perform."""

    journey: Journey
    until: str
    ago: int
    more: frozenset[str]
    random: Random
    activity_id: int = 0
    acts: list[Act] = field(default_factory=list)


def planned(planner: Planner, today: date) -> list[LiveFile]:
    """The files of data/live.yaml with their journeys; their lines join the plans."""
    rows = data.read("live.yaml")["files"]
    files = [_planned(planner, today, number, row) for number, row in enumerate(rows)]
    for file in files:
        file.acts = _acts(file, today)
    return files


def chapters(historian: Historian, files: Sequence[LiveFile], since: datetime) -> list[Chapter]:
    """What happened to these files before `since`, to be written down; each file learns its id."""
    begun = [file for file in files if file.acts[0].at < since]
    standings = historian.begin([file.journey for file in begun])
    found = []
    for file, standing in zip(begun, standings, strict=True):
        file.activity_id = standing.activity_id
        found.append(Chapter(standing, [act for act in file.acts if act.at < since]))
    return found


def _planned(planner: Planner, today: date, number: int, row: dict[str, Any]) -> LiveFile:
    random = Random(f"live file {number}")
    unit = next(unit for unit in data.units() if unit.slug == row["unit"])
    more = frozenset(row.get("more", ()))
    if "this-year" in more and (today + timedelta(days=row["leaves"])).year < today.year:
        row = {**row, "leaves": -row["leaves"], "until": "approve", "ago": 2}
    theme = data.themes()[row.get("theme") or random.choice(unit.themes)]
    departs = _departure(today, row["leaves"], more)
    place = random.choice(_in_season(theme.to, departs.month))
    staff = people_of(unit.slug)
    leader = _leader(planner, staff, row.get("led_by"), departs)
    journey = planner.journey(random, unit, departs, theme, place, leader=leader, out_of_plan=False)
    if "out-of-plan" in more and journey.line:
        planner.lines.remove(journey.line)
        journey.line = None
    journey.invited = "no-invitation" not in more
    journey.necessity = "no-necessity" not in more
    if journey.line:
        journey.line.leader = None
    if "second-leader" in more:
        journey.members[1] = staff[1].number
    if "urgent" in more:
        journey.urgent = "Phía bạn mời gấp để phối hợp xử lý vụ việc."
    if "on-paper" in more:
        journey.register_no = f"07/{departs.year}/BM"
    if row["leaves"] < 0 and row["until"] == "depart":
        journey.returns = max(journey.returns, today + timedelta(days=1))
    return LiveFile(journey, row["until"], row.get("ago", 1), more, random)


def _in_season(places: Sequence[Destination], month: int) -> list[Destination]:
    """Destinations that one visits about this time of the year; the nearest if there is none."""

    def away(place: Destination) -> int:
        return min(min((month - one) % 12, (one - month) % 12) for one in place.months)

    nearest = min(away(place) for place in places)
    return [place for place in places if away(place) <= max(nearest, 2)]


def _leader(
    planner: Planner, staff: Sequence[DemoPerson], led_by: int | None, departs: date
) -> DemoPerson:
    """The person asked for; another leader of the agency when that one has no trip left."""
    if led_by is None:
        return next(p for p in staff if not p.post.key and not p.post.account)
    wanted = staff[led_by]
    kept = (wanted.unit, led_by) in KEPT
    if kept or planner.free(wanted, departs.year):
        return wanted
    free = (p for p in staff if p.post.key and planner.free(p, departs.year))
    return next(free, next(p for p in staff if not p.post.key and not p.post.account))


def _departure(today: date, leaves: int, more: frozenset[str]) -> date:
    """The day of departure; late in December still this year, because next year has no plan yet."""
    if "next-year" in more:
        return max(date(today.year + 1, 1, 12), today + timedelta(days=leaves))
    if "after-the-fact" in more:
        return subtract_working_days(today, 3)
    day = today + timedelta(days=leaves)
    if leaves > 0 and day.year > today.year and (date(today.year, 12, 31) - today).days >= 3:
        return max(date(today.year, 12, 30) - timedelta(days=leaves * 5 % 8), today + _NOT_BEFORE)
    return day


def _acts(file: LiveFile, today: date) -> list[Act]:
    """The script of a file, from its draft until its last step."""
    journey, random, until = file.journey, file.random, file.until
    last = office(subtract_working_days(today, file.ago), random)
    if "after-the-fact" in file.more:
        return script.acts_until(journey, ["create", "record-after-fact"], last, random)
    if journey.departs > today:
        return _before_departure(file, last)
    decided = "record-approval" if journey.authority == "central" else "approve"
    approved = office(subtract_working_days(journey.departs, random.randint(8, 14)), random)
    path = script.way(journey, to=decided, returned="returned" in file.more)
    morning = datetime(today.year, today.month, today.day, 0, 10, tzinfo=LOCAL)
    late = 8 if journey.departs < today - timedelta(days=30) else None
    return script.acts_until(journey, path, approved, random) + script.acts_after(
        journey,
        random,
        to="report" if until == "report" else until,
        until=morning,
        report_after=late,
        passports_after=0 if "passports-out" in file.more else None,
    )


def _before_departure(file: LiveFile, last: datetime) -> list[Act]:
    journey, random, until = file.journey, file.random, file.until
    decided = "record-approval" if journey.authority == "central" else "approve"
    full = script.way(journey, to=decided, returned="returned" in file.more)
    stops = {
        "send-back": "endorse", "return": "appraise", "return-for-correction": decided,
        "reject": decided, "refuse-consent": "consent", "withdraw": "receive", "refer": "submit",
    }  # fmt: skip
    if until in stops:
        path = [*full[: full.index(stops[until])], until]
    elif until == "cancel":
        path = [*full, "cancel"]
    else:
        path = full[: full.index(until) + 1]
    acts = script.acts_until(journey, path, last, random)
    if "stand-in" in file.more:
        acts[-1] = replace(acts[-1], by=STAND_IN[1])
    if "conditions" in file.more:
        acts[-1].given["opinion"] = "agree-with-conditions"
        acts[-1].given["note"] = (
            "Thống nhất, với điều kiện đoàn báo cáo lộ trình qua khu vực biên giới."
        )
    return acts


def office(day: date, random: Random) -> datetime:
    while not is_working_day(day):
        day -= timedelta(days=1)
    return datetime(
        day.year, day.month, day.day, random.choice((8, 9, 10, 13, 14, 15)), random.randint(1, 55),
        random.randint(0, 59), tzinfo=LOCAL,
    )  # fmt: skip
