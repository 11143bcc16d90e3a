"""The rows of the programme as they are typed: kept as typed, each with its own messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from portal.activities.kinds.outbound import choices
from portal.activities.kinds.outbound.content import Day
from portal.web.filters import date as shown_date
from portal.web.forms import parse_date
from portal.web.i18n import gettext
from portal.web.text import clean, forbidden

LONGEST_ITEM: Final = 500
MARK: Final = re.compile(r"[0-9]{1,4}")
_TOPICS: Final = tuple(code for code, _label in choices.TOPICS)


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One row of the programme as typed."""

    place: int
    day: str
    item: str
    topics: tuple[str, ...]
    day_error: str = ""
    item_error: str = ""

    @property
    def entry(self) -> Day:
        """What is valid of it."""
        return Day(
            parse_date(self.day) if self.day.strip() and not self.day_error else None,
            "" if self.item_error else clean(self.item, lines=True),
            self.topics,
        )

    @classmethod
    def of(cls, place: int, entry: Day) -> ProgrammeRow:
        return cls(place, shown_date(entry.day), entry.item, entry.topics)


def rows_in(values: MultiDict[str, str]) -> list[ProgrammeRow]:
    marks = dict.fromkeys(
        mark for mark in values.getlist("programme") if re.fullmatch(r"[0-9]{1,4}", mark)
    )
    rows = []
    for place, mark in enumerate(marks):
        topics = set(values.getlist(f"programme-{mark}-topics"))
        row = ProgrammeRow(
            place,
            values.get(f"programme-{mark}-day", ""),
            values.get(f"programme-{mark}-item", ""),
            tuple(topic for topic in _TOPICS if topic in topics),
        )
        rows.append(_checked(row))
    return rows


def row_of(place: int, kept: Mapping[str, Any]) -> ProgrammeRow:
    return ProgrammeRow(
        place, str(kept.get("day", "")), str(kept.get("item", "")), tuple(kept.get("topics", ()))
    )


def _checked(row: ProgrammeRow) -> ProgrammeRow:
    day_error = item_error = ""
    if row.day.strip():
        try:
            parse_date(row.day)
        except ValueError as error:
            day_error = str(error)
    if forbidden(clean(row.item, lines=True)):
        item_error = gettext(
            "This text contains a character that cannot be printed. Type it again here."
        )
    elif len(row.item) > LONGEST_ITEM:
        item_error = gettext(
            "At most %(most)s characters; this text has %(length)s.",
            most=LONGEST_ITEM,
            length=len(row.item),
        )
    return replace(row, day_error=day_error, item_error=item_error)


def drop(values: MultiDict[str, str]) -> None:
    for name in [key for key in values if key.startswith("programme")]:
        values.poplist(name)


def put(values: MultiDict[str, str], rows: Sequence[ProgrammeRow]) -> None:
    for row in rows:
        values.add("programme", str(row.place))
        values[f"programme-{row.place}-day"] = row.day
        values[f"programme-{row.place}-item"] = row.item
        values.setlist(f"programme-{row.place}-topics", list(row.topics))
