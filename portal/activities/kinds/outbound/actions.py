"""The named buttons of the form: each changes what was posted before it is read.

A button is `name="do" value="ACTION:ARGUMENT"`, so that everything typed goes with it, with and
without JavaScript; a finding's cure is such a button too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from werkzeug.datastructures import MultiDict

from portal.activities.kinds.outbound.content import MOST_PROGRAMME
from portal.activities.kinds.outbound.rows import MARK
from portal.web.filters import date as shown_date
from portal.web.forms import parse_date

Values = MultiDict[str, str]
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_LONGEST_TRIP: Final = 60
"""Days for which rows of the programme are laid out at once."""


def apply(values: Values, do: str) -> str:
    """Carry out `do` on the posted values; the id of the part of the page where it happened."""
    name, _colon, argument = do.partition(":")
    action = _ACTIONS.get(name)
    if action is None:
        return ""
    change, anchor = action
    change(values, argument)
    return anchor


def _add_member(values: Values, argument: str) -> None:
    if _NUMBER.fullmatch(argument) and argument not in values.getlist("member"):
        if not values.getlist("member"):
            values[f"member-{argument}-role"] = "head"
        values.add("member", argument)


def _remove_members(values: Values, argument: str) -> None:
    out = argument.split(",")
    values.setlist("member", [id_ for id_ in values.getlist("member") if id_ not in out])
    for id_ in out:
        values.poplist(f"member-{id_}-role")
        values.poplist(f"member-{id_}-relative")


def _add_day(values: Values, _argument: str) -> None:
    marks = values.getlist("programme")
    if len(marks) >= MOST_PROGRAMME:
        return
    last = _day(values.get(f"programme-{marks[-1]}-day")) if marks else None
    following = last + timedelta(days=1) if last else _day(values.get("departs"))
    _put_day(values, following)


def _fill_days(values: Values, _argument: str) -> None:
    """One row for each day of the trip that has none yet."""
    first, last = _day(values.get("departs")), _day(values.get("returns"))
    if first is None or last is None or not 0 <= (last - first).days < _LONGEST_TRIP:
        return
    there = {_day(values.get(f"programme-{mark}-day")) for mark in values.getlist("programme")}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day not in there and len(values.getlist("programme")) < MOST_PROGRAMME:
            _put_day(values, day)


def _put_day(values: Values, day: date | None) -> None:
    marks = [int(mark) for mark in values.getlist("programme") if MARK.fullmatch(mark)]
    mark = max(marks, default=-1) + 1
    values.add("programme", str(mark))
    values[f"programme-{mark}-day"] = shown_date(day)


def _remove_day(values: Values, argument: str) -> None:
    values.setlist("programme", [mark for mark in values.getlist("programme") if mark != argument])


def _plan_item(values: Values, argument: str) -> None:
    values["plan_item"] = argument if _NUMBER.fullmatch(argument) else ""


def _departs(values: Values, argument: str) -> None:
    """Another day of departure; the trip keeps its length."""
    wanted = _day(argument)
    if wanted is None:
        return
    first, last = _day(values.get("departs")), _day(values.get("returns"))
    values["departs"] = shown_date(wanted)
    if first and last and last >= first:
        values["returns"] = shown_date(wanted + (last - first))


def _returns(values: Values, argument: str) -> None:
    wanted = _day(argument)
    if wanted is not None:
        values["returns"] = shown_date(wanted)


def _remove_countries(values: Values, argument: str) -> None:
    out = argument.split(",")
    kept = [code for code in values.getlist("countries") if code not in out]
    values.setlist("countries", kept)


def _no_secrets(values: Values, _argument: str) -> None:
    values["confidential_papers"] = "none"


def _nothing(_values: Values, _argument: str) -> None:
    """The posted values stay; the route does the rest."""


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text or "")
    except (ValueError, OverflowError):
        return None


_ACTIONS: Final[dict[str, tuple[Callable[[Values, str], None], str]]] = {
    "save": (_nothing, ""),
    "finish": (_nothing, ""),
    "find-people": (_nothing, "people"),
    "attach": (_nothing, "files"),
    "remove-file": (_nothing, "files"),
    "add-member": (_add_member, "people"),
    "remove-member": (_remove_members, "people"),
    "add-day": (_add_day, "programme"),
    "fill-days": (_fill_days, "programme"),
    "remove-day": (_remove_day, "programme"),
    "plan-item": (_plan_item, "plan"),
    "departs": (_departs, "time"),
    "returns": (_returns, "time"),
    "no-secrets": (_no_secrets, "files"),
    "remove-country": (_remove_countries, "time"),
}
