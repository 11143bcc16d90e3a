"""Two versions of a proposal beside each other: for amendments, and for two tabs that met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from portal.activities.kinds.outbound import choices
from portal.activities.kinds.outbound.content import Content, Day, Member
from portal.activities.kinds.outbound.facts import display_of
from portal.activities.kinds.outbound.forms import OutboundForm, read
from portal.activities.kinds.outbound.lookups import item_names
from portal.identity.queries import people_by_id
from portal.identity.types import PersonRow
from portal.web.countries import countries_in_words
from portal.web.filters import date as shown_date
from portal.web.filters import money
from portal.web.i18n import LazyText, gettext, lazy, locale
from portal.web.typed import Told

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

    Names of people and of plan items are looked up (a statement each) unless they are given.
    """
    old, new = Content.from_json(before), Content.from_json(after)
    if people is None:
        people = people_by_id([*old.people, *new.people])
    if items is None and old.plan_item != new.plan_item:
        items = item_names(id_ for id_ in (old.plan_item, new.plan_item) if id_ is not None)
    words = _Words(people, items or {})
    return [
        Change(key, label_of(key), words.say(key, old), words.say(key, new))
        for key in (item.name for item in fields(Content))
        if getattr(old, key) != getattr(new, key)
    ]


def label_of(key: str) -> LazyText | str:
    """What the field is called in the form."""
    found = _LABELS.get("answers" if key.startswith("answer-") else key)
    if found is not None:
        return found
    label: LazyText = getattr(OutboundForm, key).args[0]
    return label


def told(values: MultiDict[str, str]) -> Told:
    """What somebody typed into the form, for the page that keeps it when their session ends."""
    posted = read(values, Content())
    items = {posted.content.plan_item or 0: gettext("chosen")}
    said = diff(Content().to_json(), posted.content.to_json(), items=items)
    rows = [(str(change.label), change.new) for change in said]
    for name, typed in posted.raw.items():
        if name == "programme":
            days = "\n".join(f"{row['day']} {row['item']}".strip() for row in typed)
            rows = [pair for pair in rows if pair[0] != str(_LABELS[name])]
            rows.append((str(_LABELS[name]), days))
        else:
            rows.append((str(label_of(name)), typed))
    number = values.get("paper_register_no", "").strip()
    return [*rows, (gettext("Number in the register of secret papers"), number)] if number else rows


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
            return countries_in_words(value)
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
