"""What a proposer writes about an outbound delegation: one value, whether typed, stored or amended.

A draft is columns and rows, an amendment is JSON; both become a `Content` and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import field as with_default
from datetime import date
from typing import Any, Final

from portal.core.countries import country_names
from portal.web.filters import period
from portal.web.text import fold

MOST_MEMBERS: Final = 100
MOST_PROGRAMME: Final = 200
MOST_COUNTRIES: Final = 30


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who travels; ids are those of the directory of people."""

    person: int
    role: str = "member"
    relative_of: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One entry of the programme."""

    day: date | None = None
    item: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The whole proposal. An empty `title` means: the generated one."""

    title: str = ""
    field: str = "general"
    plan_item: int | None = None
    urgent: bool = False
    urgent_reason: str = ""
    members: tuple[Member, ...] = ()
    departs: date | None = None
    returns: date | None = None
    countries: tuple[str, ...] = ()
    leader_rank: str | None = None
    important_event: bool = False
    purpose: str = ""
    host_partner: str = ""
    content: str = ""
    programme: tuple[Day, ...] = ()
    invitation_from: str = ""
    invitation_date: date | None = None
    necessity: str = ""
    funding: str | None = None
    cost_vnd: int | None = None
    organiser: str | None = "agency"
    confidential_papers: str = "none"
    answers: Mapping[str, str] = with_default(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The content as JSON has it; `from_json` gives the same content back."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Content:
        """Content from `to_json`; unknown keys are ignored, missing ones have their defaults."""
        known = {item.name for item in fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        for key in ("departs", "returns", "invitation_date"):
            values[key] = _day(values.get(key))
        values["countries"] = tuple(values.get("countries") or ())
        values["members"] = tuple(
            Member(m["person"], m.get("role", "member"), m.get("relative_of"))
            for m in values.get("members") or ()
        )
        values["programme"] = tuple(
            Day(_day(d.get("day")), d.get("item", ""), tuple(d.get("topics") or ()))
            for d in values.get("programme") or ()
        )
        values["answers"] = dict(values.get("answers") or {})
        return cls(**values)

    @property
    def head(self) -> int | None:
        """The head of delegation's person id, None while nobody leads."""
        return next((m.person for m in self.members if m.role == "head"), None)

    def misses(self, day: date | None) -> bool:
        """Whether a day of the programme lies before or after the trip."""
        if day is None or self.departs is None or self.returns is None:
            return False
        return not self.departs <= day <= self.returns

    @property
    def people(self) -> list[int]:
        """Ids of the members, in the order of the list."""
        return [member.person for member in self.members]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Member | Day):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return dict(value) if isinstance(value, Mapping) else value


def _day(value: Any) -> date | None:
    return value if value is None or isinstance(value, date) else date.fromisoformat(value)


def generated_title(content: Content) -> str:
    """ "Đoàn công tác Lào, 12–16/12/2026": Vietnamese, because it stands on the papers."""
    names = [_territory("vi", code) for code in content.countries]
    where = ", ".join(names[:3]) + (f" và {len(names) - 3} nước khác" if len(names) > 3 else "")
    when = period(content.departs, content.returns)
    return ", ".join(part for part in (f"Đoàn công tác {where or 'nước ngoài'}", when) if part)


def title_of(content: Content) -> str:
    """The title as lists show it."""
    return content.title or generated_title(content)


def search_key(content: Content, leader: str | None) -> str:
    """Everything one looks for a file by, without accents: title, leader, host, countries."""
    names = [_territory(code, country) for country in content.countries for code in ("vi", "en")]
    return fold(" ".join([title_of(content), leader or "", content.host_partner, *names]))


def _territory(language: str, country: str) -> str:
    return country_names(language).get(country, country)
