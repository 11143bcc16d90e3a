"""What the units plan and whom they send: the same for every run of a day, before any file exists.

A journey is a plan item and the delegation that may come of it. Leaders' trips are counted while
they are planned, so that collisions with the rules are those that the demo means to show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from portal.core.working_days import is_working_day, subtract_working_days
from portal.demo import data
from portal.demo.data import Destination, Theme, Unit
from portal.demo.people import DemoPerson, people, people_of

MOST_TRIPS_OF_A_LEADER: Final = 2
MOST_OUT_OF_PLAN: Final = 2

OUT_OF_PLAN_SHARE: Final = 0.11
SUPPLEMENT_SHARE: Final = 0.05
CARRIED_OVER_SHARE: Final = 0.06
LED_BY_A_KEY_LEADER: Final = 0.5

KEPT: Final = frozenset({("hoian", 1), ("sngv", 1), ("kkt", 2), ("svhttdl", 2)})
"""Leaders (unit, place) whose journeys are chosen one by one: the tour's, who has travelled twice
when it begins, and those whose third trip was waived or recorded after the fact."""

KEPT_OUT_OF_PLAN: Final = "hnhabao"
"""The unit whose third delegation out of plan was waived."""


@dataclass(slots=True, kw_only=True, eq=False)
class Line:
    """A line of an annual plan. `id` is known once it is written."""

    unit: str
    year: int
    title: str
    kind: str = "outbound"
    origin: str = "original"
    countries: tuple[str, ...] = ()
    month: int | None = None
    size: int | None = None
    leader: int | None = None
    code: str = ""
    id: int | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Journey:
    """A delegation as it is meant to be. People are numbers of `portal.demo.people`."""

    unit: Unit
    theme: Theme
    to: Destination
    departs: date
    returns: date
    members: list[int]
    """The head first."""
    line: Line | None
    title: str = ""
    cost: int = 0
    invited: bool = True
    necessity: bool = True
    deputy: bool = False
    urgent: str = ""
    """Why it cannot wait."""
    register_no: str = ""
    """The number in the register of secret papers; of such a file nothing else is written."""

    @property
    def leader(self) -> DemoPerson:
        return people()[self.members[0]]

    @property
    def out_of_plan(self) -> bool:
        """As the rules see it: without an item, or with one added in mid-year."""
        return self.line is None or self.line.origin == "supplement"

    @property
    def people(self) -> list[DemoPerson]:
        return [people()[number] for number in self.members]

    @property
    def key_leaders(self) -> list[DemoPerson]:
        return [person for person in self.people if person.post.key]

    @property
    def topics(self) -> set[str]:
        return {topic for topics in self.theme.topics.values() for topic in topics}

    @property
    def needs_police(self) -> bool:
        """By the rules: a sensitive post among the members, defence or security as a topic."""
        return bool(self.topics & {"defence", "security"}) or any(
            person.post.sensitive for person in self.people
        )

    @property
    def authority(self) -> str:
        managers = {person.post.managed for person in self.people}
        return next((m for m in ("central", "standing-committee") if m in managers), "chair")

    @property
    def invited_on(self) -> date:
        """The date of the host's letter, well before the trip."""
        return subtract_working_days(self.departs, 45 + self.cost // 1_000_000 % 9)

    def role_of(self, place: int) -> str:
        """The part of the member at this place of the list."""
        return "head" if place == 0 else "deputy" if place == 1 and self.deputy else "member"

    def move_to(self, departs: date) -> None:
        """The same journey on other days."""
        length = self.returns - self.departs
        self.departs, self.returns = departs, departs + length


class Planner:
    """Plans journeys one after the other and counts what the rules count."""

    def __init__(self) -> None:
        self.trips: Counter[tuple[int, int]] = Counter()
        self.out_of_plan: Counter[tuple[str, int]] = Counter()
        self.lines: list[Line] = []

    def year(self, year: int) -> list[Journey]:
        """The journeys of an ordinary year, by day of departure."""
        random = Random(f"journeys of {year % 2}")
        found = [
            self.journey(random, unit, _day(random, year, place.months), theme, place)
            for unit in data.units()
            for theme, place in _places(random, unit)
        ]
        return sorted(found, key=lambda journey: (journey.departs, journey.unit.slug))

    def journey(
        self,
        random: Random,
        unit: Unit,
        departs: date,
        theme: Theme,
        place: Destination,
        *,
        leader: DemoPerson | None = None,
        out_of_plan: bool | None = None,
    ) -> Journey:
        """A journey of `unit`, with its line in the plan unless it is out of plan."""
        chosen = leader or self._leader(random, unit, departs.year)
        size = max(2, place.size - random.randint(0, 2))
        members = [chosen, *_companions(random, unit, chosen, size - 1)]
        for person in members:
            self.trips[person.number, departs.year] += 1
        returns = departs + timedelta(days=place.days - 1)
        if out_of_plan is None:
            out_of_plan = random.random() < OUT_OF_PLAN_SHARE + SUPPLEMENT_SHARE
        out_of_plan = out_of_plan and unit.slug != KEPT_OUT_OF_PLAN
        if out_of_plan and self._room_out_of_plan(unit, departs.year):
            self.out_of_plan[unit.slug, departs.year] += 1
            without = random.random() < OUT_OF_PLAN_SHARE / (OUT_OF_PLAN_SHARE + SUPPLEMENT_SHARE)
            line = None if without else self.line(random, unit, departs, place, origin="supplement")
        else:
            carried = random.random() < CARRIED_OVER_SHARE
            line = self.line(
                random, unit, departs, place,
                origin="carried-over" if carried else "original",
                leader=chosen if random.random() < 0.4 else None,
            )  # fmt: skip
        return Journey(
            unit=unit,
            theme=theme,
            to=place,
            departs=departs,
            returns=returns,
            members=[person.number for person in members],
            line=line,
            title=place.title,
            cost=len(members) * (18 + 4 * place.days + random.randint(0, 9)) * 1_000_000,
            deputy=len(members) > 4 and random.random() < 0.5,
        )

    def line(
        self,
        random: Random,
        unit: Unit,
        day: date,
        place: Destination,
        *,
        origin: str = "original",
        leader: DemoPerson | None = None,
    ) -> Line:
        """A line in the plan of the year of `day`."""
        line = Line(
            unit=unit.slug,
            year=day.year,
            title=place.title,
            origin=origin,
            countries=place.countries,
            month=day.month,
            size=place.size + random.randint(0, 2),
            leader=leader.number if leader else None,
        )
        self.lines.append(line)
        return line

    def drop(self, journey: Journey) -> None:
        """Plan this journey no more, nor its line."""
        for number in journey.members:
            self.trips[number, journey.departs.year] -= 1
        if journey.out_of_plan:
            self.out_of_plan[journey.unit.slug, journey.departs.year] -= 1
        if journey.line:
            self.lines.remove(journey.line)

    def free(self, person: DemoPerson, year: int) -> bool:
        """Whether one more trip of that year is within the limit."""
        return not person.post.key or self.trips[person.number, year] < MOST_TRIPS_OF_A_LEADER

    def _room_out_of_plan(self, unit: Unit, year: int) -> bool:
        return self.out_of_plan[unit.slug, year] < MOST_OUT_OF_PLAN

    def _leader(self, random: Random, unit: Unit, year: int) -> DemoPerson:
        staff = people_of(unit.slug)
        travels = random.random() < LED_BY_A_KEY_LEADER
        # Leaders of the province travel seldom: their delegations need the central authorities.
        leaders = [
            person
            for place, person in enumerate(staff)
            if person.post.key
            and self.free(person, year)
            and (person.post.managed != "central" or random.random() < 0.15)
            and (unit.slug, place) not in KEPT
        ]
        if travels and leaders:
            return random.choice(leaders)
        others = [person for person in staff if not person.post.key and not _on_duty(person)]
        return random.choice(others[:2])


def _companions(
    random: Random, unit: Unit, leader: DemoPerson, number: int
) -> Iterable[DemoPerson]:
    """Who goes along: own staff first, then staff of other agencies; never a second key leader."""
    own = [
        p for p in people_of(unit.slug) if not p.post.key and p is not leader and not _on_duty(p)
    ]
    random.shuffle(own)
    others = [
        p
        for p in people()
        if p.unit != unit.slug and not p.post.key and not p.post.account and not p.post.sensitive
    ]
    mine = own[: max(1, number - random.randint(0, 2))][:number]
    return [*mine, *random.sample(others, number - len(mine))]


def _on_duty(person: DemoPerson) -> bool:
    """Whether the person works on other agencies' files, and so must not travel with them."""
    duties = {
        "focal-officer", "focal-head", "police-officer", "police-head", "chair", "deputy-chair",
        "chair-officer", "standing-committee", "inspector", "administrator", "officer", "reviewer",
    }  # fmt: skip
    return not duties.isdisjoint(person.post.roles)


def _places(random: Random, unit: Unit) -> list[tuple[Theme, Destination]]:
    """So many destinations of the unit's themes as it has trips in a year, one theme in turn."""
    themes = [data.themes()[name] for name in unit.themes]
    found = []
    decks: dict[int, list[Destination]] = {}
    for number in range(unit.trips):
        theme = themes[number % len(themes)]
        deck = decks.setdefault(id(theme), [])
        if not deck:
            deck.extend(random.sample(theme.to, len(theme.to)))
        found.append((theme, deck.pop()))
    return found


def _day(random: Random, year: int, months: Sequence[int]) -> date:
    """A working day in one of the months, not in the last days of the year."""
    day = date(year, random.choice(months), random.randint(2, 24))
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


TOUR_LINES: Final = (
    ("Giao lưu văn hóa và quảng bá du lịch tại Nhật Bản", "JP", 6),
    ("Trao đổi kinh nghiệm bảo tồn phố cổ tại Lào", "LA", 7),
    ("Quảng bá làng nghề truyền thống tại Hàn Quốc", "KR", 5),
)


def tour_lines(today: date) -> list[Line]:
    """Free lines of Hội An, for the delegation that the tour drafts five weeks ahead."""
    day = min(today + timedelta(days=35), max(date(today.year, 12, 28), today))
    return [
        Line(
            unit="hoian", year=day.year, title=title, countries=(code,), month=day.month, size=size
        )
        for title, code, size in TOUR_LINES
    ]


def late_lines(year: int) -> list[Line]:
    """What one unit added to its plan in mid-year, again and again; nobody proposed them yet."""
    titles = (
        "Khảo sát thị trường lao động",
        "Làm việc về tiếp nhận tu nghiệp sinh",
        "Hội chợ việc làm",
    )
    return [
        Line(
            unit="sldtbxh", year=year, title=title, origin="supplement", countries=(code,),
            month=month, size=4,
        )
        for title, code, month in zip(titles, ("JP", "KR", "TW"), (6, 8, 10), strict=True)
    ]  # fmt: skip


def other_lines(year: int) -> list[Line]:
    """What else stands in the plans: guests, conferences, projects."""
    random = Random(f"other lines of {year % 2}")
    titles: dict[str, list[str]] = {
        "inbound": [
            "Đón đoàn công tác tỉnh Sê Kông, Lào",
            "Đón đoàn doanh nghiệp Hàn Quốc khảo sát đầu tư",
            "Đón đoàn đại biểu thành phố kết nghĩa Nhật Bản",
        ],
        "conference": [
            "Hội thảo quốc tế bảo tồn di sản và phát triển du lịch xanh",
            "Hội nghị gặp gỡ các tổ chức phi chính phủ nước ngoài",
        ],
        "project": ["Vận động viện trợ không hoàn lại hỗ trợ sinh kế cộng đồng"],
    }
    found = []
    for unit in data.units():
        for _ in range(random.randint(0, 2)):
            kind = random.choice(list(titles))
            found.append(
                Line(
                    unit=unit.slug,
                    year=year,
                    kind=kind,
                    title=random.choice(titles[kind]),
                    month=random.randint(2, 12),
                )
            )
    return found


def numbered(lines: Iterable[Line]) -> dict[tuple[str, int], list[Line]]:
    """The lines by unit and year, each with its code: ĐR-01 outbound, ĐV-01 inbound, …"""
    prefixes: dict[str, Any] = {
        "outbound": "ĐR",
        "inbound": "ĐV",
        "conference": "HN",
        "project": "DA",
    }
    found: dict[tuple[str, int], list[Line]] = {}
    for line in lines:
        found.setdefault((line.unit, line.year), []).append(line)
    for plan in found.values():
        plan.sort(key=lambda one: (one.kind != "outbound", one.kind, one.origin != "original",
                                   one.month or 0, one.title))  # fmt: skip
        counts: Counter[str] = Counter()
        for line in plan:
            counts[line.kind] += 1
            line.code = f"{prefixes[line.kind]}-{counts[line.kind]:02}"
    return found
