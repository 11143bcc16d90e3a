"""The filters of a list, read from its address: what cannot be understood is said at the field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import url_for
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from portal.activities.models import State
from portal.core.context import Actor, Scope
from portal.core.errors import FieldErrors
from portal.desks.types import Cursor, Filters
from portal.identity.queries import search_people
from portal.tenancy.naming import agency_called
from portal.web.countries import countries
from portal.web.forms import BaseForm, ChoiceField, DayField, TextField
from portal.web.i18n import gettext, lazy
from portal.web.states import STATES
from portal.web.text import fold

LEADERS: Final = 20
"""People of one name that the filter takes together."""
_CURSOR: Final = re.compile(r"(?:(\d{4}-\d{2}-\d{2})\.)?(\d{1,18})")
SECONDARY: Final = ("country", "leader", "since", "until", "order", "out_of_plan", "overdue")
"""Filters that are folded away until one of them is used."""
ALL_TENANTS: Final = frozenset(
    {Scope.FOCAL, Scope.POLICE, Scope.CHAIR, Scope.COMMITTEE, Scope.INSPECTOR}
)
"""Scopes that see more than one agency's files."""


class FilterForm(BaseForm):
    """The filter bar of the list of activities."""

    q = TextField(lazy("Words"), longest=200)
    agency = TextField(lazy("Agency"), longest=200)
    state = ChoiceField(
        lazy("State"),
        empty=lazy("All states"),
        choices=[(state.value, STATES[state.value].label) for state in State],
    )
    country = TextField(lazy("Country"), longest=100)
    leader = TextField(lazy("Head of delegation"), longest=200)
    since = DayField(lazy("Departure from"))
    until = DayField(lazy("Departure until"))
    out_of_plan = BooleanField(lazy("Out of plan"))
    overdue = BooleanField(lazy("Overdue"))
    order = ChoiceField(
        lazy("Order"),
        empty=None,
        default="newest",
        choices=[("newest", lazy("Newest file first")), ("day", lazy("Latest departure first"))],
    )


def read(args: MultiDict[str, str], actor: Actor) -> tuple[FilterForm, Filters | None]:
    """The form as it was sent, and its filters; None when something in it means nothing."""
    form = FilterForm(args or None)
    right = form.validate() if args else True
    tenant_id = country = None
    leader_ids: tuple[int, ...] | None = None
    if form.agency.data and actor.scope in ALL_TENANTS:
        tenant_id = _agency(form.agency)
    if form.country.data:
        country = _country(form.country)
    if form.leader.data:
        leader_ids = tuple(person.id for person in search_people(form.leader.data, LEADERS))
    since, until = form.since.data, form.until.data
    if since and until and until < since:
        form.until.errors = [gettext("This day is before the first one.")]
    if not right or any(field.errors for field in form):
        return form, None
    if (since or until) and not (form.q.data or country):
        # A span of days is read along the days; newest first would wade through all newer files.
        form.order.data = "day"
    return form, Filters(
        words=form.q.data or "",
        tenant_id=tenant_id,
        state=form.state.data or None,
        first_day=since,
        last_day=until,
        country=country,
        leader_ids=leader_ids,
        out_of_plan=form.out_of_plan.data,
        overdue=form.overdue.data,
        by_day=form.order.data == "day",
    )


def _agency(field: Any) -> int | None:
    try:
        return agency_called(field.data).id
    except FieldErrors as wrong:
        field.errors = list(wrong.errors.values())
        return None


def _country(field: Any) -> str | None:
    wanted = fold(field.data)
    found = [code for code, name in countries() if wanted in (code.lower(), fold(name))]
    if not found:
        field.errors = [
            gettext("There is no country of this name; write it as in the list, or its code.")
        ]
        return None
    return found[0]


def read_cursor(args: Mapping[str, str]) -> Cursor | None:
    """The place in a list from `after=` or `before=`; nonsense means the first page."""
    for name, forwards in (("after", True), ("before", False)):
        match = _CURSOR.fullmatch(args.get(name, ""))
        if match:
            try:
                day = date.fromisoformat(match[1]) if match[1] else None
            except ValueError:
                return None
            return Cursor(int(match[2]), day, forwards)
    return None


def page_url(endpoint: str, args: MultiDict[str, str], cursor: Cursor | None) -> str | None:
    """The address of the neighbouring page that begins at `cursor`, with the same filters."""
    if cursor is None:
        return None
    kept: dict[str, Any] = {
        key: value for key, value in args.items() if value and key not in ("after", "before")
    }
    place = f"{cursor.day}.{cursor.id}" if cursor.day else str(cursor.id)
    kept["after" if cursor.forwards else "before"] = place
    return url_for(endpoint, **kept)
