"""Two versions of a proposal beside each other: for amendments, and for two tabs that met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from portal.activities.kinds.outbound import choices
from portal.activities.kinds.outbound.content import Content, Day, Member
from portal.activities.kinds.outbound.facts import display_of
from portal.activities.kinds.outbound.forms import OutboundForm
from portal.identity.queries import people_by_id
from portal.identity.types import PersonRow
from portal.web.countries import country_name
from portal.web.filters import date as shown_date
from portal.web.filters import money
from portal.web.i18n import LazyText, gettext, lazy, locale

_LABELS: Final[Mapping[str, LazyText]] = {
    "members": lazy("Members"),
    "programme": lazy("Programme"),
    "answers": lazy("Written answers"),
}
_CHOICES: Final[Mapping[str, choices.Choices]] = {
    "field": choices.FIELDS,
    "leader_rank": choices.RANKS,
    "funding": choices.FUNDING,
    "organiser": choices.ORGANISERS,
    "confidential_papers": choices.CONFIDENTIAL_PAPERS,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs; `old` and `new` as the reader of the page would write them."""

    key: str
    label: LazyText | str
    old: str
    new: str


def diff(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    people: Mapping[int, PersonRow] | None = None,
    items: Mapping[int, str] | None = None,
) -> list[Change]:
    """What changed from one snapshot to the other, in the order of the form.

    Names of people are looked up (one statement) unless they are given; `items` calls plan items.
    """
    old, new = Content.from_json(before), Content.from_json(after)
    if people is None:
        people = people_by_id([*old.people, *new.people])
    words = _Words(people, items or {})
    return [
        Change(key, label_of(key), words.say(key, old), words.say(key, new))
        for key in (item.name for item in fields(Content))
        if getattr(old, key) != getattr(new, key)
    ]


def label_of(key: str) -> LazyText | str:
    """What the field is called in the form."""
    found = _LABELS.get(key)
    if found is not None:
        return found
    label: LazyText = getattr(OutboundForm, key).args[0]
    return label


@dataclass(frozen=True, slots=True)
class _Words:
    people: Mapping[int, PersonRow]
    items: Mapping[int, str]

    def say(self, key: str, content: Content) -> str:
        value = getattr(content, key)
        if key in _CHOICES:
            return choices.label_of(_CHOICES[key], value)
        if key == "members":
            return self._members(value)
        if key == "programme":
            return "\n".join(_day(entry) for entry in value)
        if key == "countries":
            return ", ".join(country_name(code) for code in value)
        if key == "plan_item":
            return gettext("Out of plan") if value is None else self.items.get(value, str(value))
        if key == "cost_vnd":
            return money(value, code=locale())
        if key in ("departs", "returns", "invitation_date"):
            return shown_date(value)
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        if isinstance(value, Mapping):
            return "\n".join(value.values())
        return str(value or "")

    def _members(self, members: Iterable[Member]) -> str:
        return "\n".join(
            f"{self._name(m.person)} ({choices.label_of(choices.ROLES, m.role)})" for m in members
        )

    def _name(self, id_: int) -> str:
        person = self.people.get(id_)
        return display_of(person) if person else str(id_)


def _day(entry: Day) -> str:
    topics = ", ".join(choices.label_of(choices.TOPICS, topic) for topic in entry.topics)
    text = f"{shown_date(entry.day)} {entry.item}".strip()
    return f"{text} ({topics})" if topics else text
