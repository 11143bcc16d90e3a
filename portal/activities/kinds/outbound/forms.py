"""The form of an outbound delegation: one form holds everything, and any part may be invalid.

What is valid becomes a `Content`; what is not is kept as it was typed (`Posted.raw`), so that a
save loses nothing. The same form edits a draft and an amendment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from portal.activities.forms import CostField
from portal.activities.kinds.outbound import choices, rows
from portal.activities.kinds.outbound.content import (
    MOST_COUNTRIES,
    MOST_MEMBERS,
    MOST_PROGRAMME,
    Content,
    Day,
    Member,
)
from portal.activities.kinds.outbound.rows import ProgrammeRow
from portal.core.countries import country_names
from portal.web.filters import date as shown_date
from portal.web.filters import number
from portal.web.forms import (
    BaseForm,
    ChoiceField,
    CountriesField,
    DayField,
    LongTextField,
    TextField,
)
from portal.web.i18n import gettext, lazy, locale
from portal.web.text import clean, forbidden

LONGEST_ITEM: Final = 500
LONGEST_ANSWER: Final = 4000
LONGEST_RAW: Final = 100_000
"""Characters of something invalid that are kept as typed."""
_ID: Final = re.compile(r"[0-9]{1,18}")
_RULE: Final = re.compile(r"(outbound|any)\.[a-z-]{3,40}")
_ROLES: Final = frozenset(code for code, _label in choices.ROLES)
_TOPICS: Final = tuple(code for code, _label in choices.TOPICS)


class Expected:
    """Marks a field that a submission needs; a draft may leave it empty."""

    field_flags: Final = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Nothing is refused here: the findings say what is missing."""


class BothNamesField(CountriesField):
    """Countries by their names in both languages: whichever comes to mind finds them."""

    def iter_choices(self) -> Iterator[tuple[str, str, bool, dict[str, Any]]]:
        for code, name, selected, attributes in super().iter_choices():
            other = country_names("vi" if locale() == "en" else "en").get(code, name)
            yield code, name if other == name else f"{name} ({other})", selected, attributes


class OutboundForm(BaseForm):
    """The fields that stand once; members, programme and answers are rows beside them."""

    title = TextField(lazy("Title"), longest=200)
    field = ChoiceField(lazy("Field of work"), [Expected()], choices=choices.FIELDS, empty=None)
    plan_item = TextField(lazy("Plan item"), longest=20)
    urgent = BooleanField(lazy("Urgent: the opinions are asked side by side"))
    urgent_reason = TextField(lazy("Why it is urgent"), longest=500)
    leader_rank = ChoiceField(
        lazy("Rank of the head of delegation"), [Expected()], choices=choices.RANKS
    )
    countries = BothNamesField(lazy("Countries"), [Expected()], abroad=True)
    departs = DayField(lazy("Departure"), [Expected()])
    returns = DayField(lazy("Return"), [Expected()])
    important_event = BooleanField(lazy("Important foreign-affairs event"))
    purpose = LongTextField(lazy("Purpose"), [Expected()], longest=4000, rows=3)
    host_partner = TextField(lazy("Host partner"), [Expected()], longest=300)
    content = LongTextField(lazy("Content of work"), [Expected()], longest=10_000, rows=6)
    invitation_from = TextField(lazy("Invited by"), longest=300)
    invitation_date = DayField(lazy("Date of the invitation"))
    necessity = LongTextField(lazy("Why the trip is necessary"), longest=4000, rows=3)
    funding = ChoiceField(lazy("Who pays"), [Expected()], choices=choices.FUNDING)
    cost_vnd = CostField(lazy("Estimated cost to the state budget (đồng)"), longest=30)
    organiser = ChoiceField(
        lazy("Who organises the trip"), [Expected()], choices=choices.ORGANISERS
    )
    confidential_papers = ChoiceField(
        lazy("Documents that hold state secrets"),
        [Expected()],
        choices=choices.CONFIDENTIAL_PAPERS,
        empty=None,
    )
    classified = ChoiceField(
        lazy("Does the content of this file hold state secrets?"),
        [Expected()],
        choices=choices.CLASSIFIED,
        empty=None,
        default="none",
    )


@dataclass(slots=True)
class Posted:
    """What a post said: the valid content, the invalid rest, and the messages at the fields."""

    form: OutboundForm
    content: Content
    rows: list[ProgrammeRow]
    raw: dict[str, Any] = field(default_factory=dict)
    members_error: str = ""
    programme_error: str = ""
    countries_error: str = ""
    answer_errors: dict[str, str] = field(default_factory=dict)
    answers_typed: dict[str, str] = field(default_factory=dict)

    @property
    def classified(self) -> bool:
        """Somebody says that the content holds state secrets: nothing of it may be stored."""
        return bool(self.form.classified.data not in ("none", None, ""))

    @property
    def passing_errors(self) -> bool:
        """Whether something was refused that is not kept as typed: it must be said at once."""
        unkept = self.form.plan_item.errors or self.form.countries.errors
        return bool(self.members_error or self.programme_error or unkept)

    def errors(self) -> list[tuple[str | None, str]]:
        """(field id, message) of everything that is not valid, in the order of the page."""
        found = self.form.all_errors()
        if self.members_error:
            found.append(("members", self.members_error))
        if self.programme_error:
            found.append(("programme", self.programme_error))
        for row in self.rows:
            for part in ("day", "item"):
                message = getattr(row, f"{part}_error")
                if message:
                    found.append((f"programme-{row.place}-{part}", message))
        for rule, message in self.answer_errors.items():
            found.append((f"answer-{rule.replace('.', '-')}", message))
        return found


def read(values: MultiDict[str, str], before: Content) -> Posted:
    """Read a post. A field that is not in it at all keeps what `before` says."""
    form = OutboundForm(formdata=values, data=_form_data(before))
    form.validate()
    posted = Posted(form, before, rows.rows_in(values))
    _keep_raw(posted, values)
    _read_content(posted, values, before)
    return posted


def show(content: Content, raw: Mapping[str, Any]) -> Posted:
    """The form as it stands: stored content with what was typed last and is not valid yet."""
    values = to_values(content)
    for name, typed in raw.items():
        if name == "programme":
            rows.drop(values)
            rows.put(values, [rows.row_of(index, row) for index, row in enumerate(typed)])
        else:
            values.setlist(name, [str(typed)])
    return read(values, content)


def to_values(content: Content) -> MultiDict[str, str]:
    """`content` as the form would post it."""
    values: MultiDict[str, str] = MultiDict()
    data = _form_data(content)
    for name, value in data.items():
        if name == "countries":
            values.setlist(name, list(value))
        elif isinstance(value, bool):
            if value:
                values[name] = "y"
        elif name in ("departs", "returns", "invitation_date"):
            values[name] = shown_date(value)
        elif name == "cost_vnd":
            values[name] = "" if value is None else number(Decimal(value), code=locale())
        else:
            values[name] = value or ""
    for member in content.members:
        values.add("member", str(member.person))
        values[f"member-{member.person}-role"] = member.role
        values[f"member-{member.person}-relative"] = str(member.relative_of or "")
    rows.put(
        values,
        [ProgrammeRow.of(place, entry) for place, entry in enumerate(content.programme)],
    )
    for rule, text in content.answers.items():
        values[f"answer-{rule}"] = text
    return values


def _form_data(content: Content) -> dict[str, Any]:
    names = [name for name in OutboundForm.__dict__ if name not in ("classified", "plan_item")]
    data = {name: getattr(content, name) for name in names if hasattr(content, name)}
    data["plan_item"] = "" if content.plan_item is None else str(content.plan_item)
    return data


def _keep_raw(posted: Posted, values: MultiDict[str, str]) -> None:
    for item in posted.form:
        if item.errors and item.name not in ("countries", "classified"):
            posted.raw[item.name] = storable(values.get(item.name, ""))
    if any(row.day_error or row.item_error for row in posted.rows):
        posted.raw["programme"] = [
            {"day": storable(r.day), "item": storable(r.item), "topics": list(r.topics)}
            for r in posted.rows[:MOST_PROGRAMME]
        ]


def storable(text: str) -> str:
    """`text` as PostgreSQL can keep it."""
    return text[:LONGEST_RAW].encode("utf-8", "replace").decode().replace("\0", "�")


def _read_content(posted: Posted, values: MultiDict[str, str], before: Content) -> None:
    form = posted.form
    good = {item.name: item.data for item in form if not item.errors}

    def text(name: str) -> str:
        return good.get(name) or ""

    plan_item = text("plan_item")
    if plan_item and not _ID.fullmatch(plan_item):
        form.plan_item.errors = [gettext("Choose one from the list.")]
        plan_item = ""
    posted.content = Content(
        title=text("title"),
        field=good.get("field") or "general",
        plan_item=int(plan_item) if plan_item else None,
        urgent=bool(good.get("urgent")),
        urgent_reason=text("urgent_reason"),
        members=_members(posted, values),
        departs=good.get("departs"),
        returns=good.get("returns"),
        countries=_countries(posted, form.countries.known),
        leader_rank=good.get("leader_rank") or None,
        important_event=bool(good.get("important_event")),
        purpose=text("purpose"),
        host_partner=text("host_partner"),
        content=text("content"),
        programme=_programme(posted),
        invitation_from=text("invitation_from"),
        invitation_date=good.get("invitation_date"),
        necessity=text("necessity"),
        funding=good.get("funding") or None,
        cost_vnd=None if form.cost_vnd.errors else form.cost_vnd.amount,
        organiser=good.get("organiser") or None,
        confidential_papers=good.get("confidential_papers") or "none",
        answers=_answers(posted, values, before),
    )
    _check_together(posted)


def _check_together(posted: Posted) -> None:
    """What is wrong only beside another field: both are kept, the message stands at the second."""
    content = posted.content
    if content.urgent and not content.urgent_reason and not posted.form.urgent_reason.errors:
        posted.form.urgent_reason.errors = [gettext("Say why it is urgent.")]
    if content.departs and content.returns and content.returns < content.departs:
        posted.form.returns.errors = [
            *posted.form.returns.errors,
            gettext("The return lies before the departure. Check both days."),
        ]


def _countries(posted: Posted, codes: Sequence[str]) -> tuple[str, ...]:
    distinct = tuple(dict.fromkeys(codes))
    if len(distinct) > MOST_COUNTRIES:
        posted.form.countries.errors = [
            gettext("At most %(most)s countries in one file.", most=MOST_COUNTRIES)
        ]
    return distinct[:MOST_COUNTRIES]


def _members(posted: Posted, values: MultiDict[str, str]) -> tuple[Member, ...]:
    ids = list(dict.fromkeys(int(v) for v in values.getlist("member") if _ID.fullmatch(v)))
    if len(ids) > MOST_MEMBERS:
        posted.members_error = gettext(
            "At most %(most)s members in one file; this list has %(length)s. "
            "The first %(most)s are kept.",
            most=MOST_MEMBERS,
            length=len(ids),
        )
        ids = ids[:MOST_MEMBERS]
    present = set(ids)
    return tuple(_member(id_, present, values) for id_ in ids)


def _member(id_: int, present: set[int], values: MultiDict[str, str]) -> Member:
    role = values.get(f"member-{id_}-role", "member")
    relative = values.get(f"member-{id_}-relative", "")
    relative_of = int(relative) if _ID.fullmatch(relative) else None
    return Member(
        id_,
        role if role in _ROLES else "member",
        relative_of if relative_of in present and relative_of != id_ else None,
    )


def _programme(posted: Posted) -> tuple[Day, ...]:
    if len(posted.rows) > MOST_PROGRAMME:
        posted.programme_error = gettext(
            "At most %(most)s entries in the programme; this one has %(length)s.",
            most=MOST_PROGRAMME,
            length=len(posted.rows),
        )
        del posted.rows[MOST_PROGRAMME:]
    return tuple(row.entry for row in posted.rows)


def _answers(posted: Posted, values: MultiDict[str, str], before: Content) -> dict[str, str]:
    """The written answers; one whose question is not on the page stays as it is."""
    answers = dict(before.answers)
    for name in values:
        rule = name.removeprefix("answer-")
        if rule == name or not _RULE.fullmatch(rule):
            continue
        typed = clean(values[name], lines=True)
        if forbidden(typed) or len(typed) > LONGEST_ANSWER:
            posted.answer_errors[rule] = gettext(
                "At most %(most)s printable characters.", most=LONGEST_ANSWER
            )
            posted.raw[name] = storable(values[name])
            posted.answers_typed[rule] = values[name]
        elif typed:
            answers[rule] = typed
        else:
            answers.pop(rule, None)
    return answers
