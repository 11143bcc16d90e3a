"""The what-if of a year as a spreadsheet. No cell is ever a formula, whatever was typed."""

from __future__ import annotations

from datetime import datetime
from typing import IO, Any, Final

import xlsxwriter

from portal.plans.whatif_page import Answer
from portal.plans.whatif_words import SEVERITIES, Shown
from portal.web.i18n import gettext

_LONGEST: Final = 32_767
"""Characters that a cell can hold."""
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTHS: Final = (32, 18, 26, 80, 60, 60)


def write(target: IO[bytes], found: Answer, moment: datetime) -> None:
    """Write one row a concern, and what the plans do not say yet; leaves `target` at its start."""
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties({"created": moment.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "bg_color": "#E6ECF2", "text_wrap": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _table(book, str(found.year.year), _heads(found), _rows(found), bold, wrapped)
        unknown = [[kind, v.title.vi, v.title.en] for kind, vs in found.unknown.items() for v in vs]
        heads = [gettext("Kind"), "Tiếng Việt", "English"]
        _table(book, gettext("Not known yet"), heads, unknown, bold, wrapped)
    target.seek(0)


def _heads(found: Answer) -> list[str]:
    led_to = gettext("What the plan would lead to")
    if found.as_if is not None:
        # Printed, the sheet is all that its reader has: it is not the law.
        tried, value = found.as_if.name, found.as_if.value
        led_to += "\n" + gettext("As if “%(name)s” were %(value)s:", name=tried, value=value)
    return [
        gettext("Agency"),
        gettext("Kind"),
        gettext("About"),
        led_to,
        gettext("Plan items"),
        gettext("Legal basis"),
    ]


def _rows(found: Answer) -> list[list[str]]:
    return [
        [
            agency or gettext("Several agencies"),
            str(SEVERITIES[one.severity][0]),
            str(one.about) + (f" ({gettext('only as if')})" if one.only_as_if else ""),
            one.sentence,
            _lines(found, one),
            "\n".join(f"{law.document}: {law.clause}" for law in one.law),
        ]
        for agency, concerns in found.shown(list(found.concerns))
        for one in concerns
    ]


def _lines(found: Answer, concern: Shown) -> str:
    agencies = found.year.agencies
    return "\n".join(
        f"{line.code} {agencies[line.agency].name}: {line.title}" for line in concern.lines
    )


def _table(
    book: Any, name: str, heads: list[str], rows: list[list[str]], bold: Any, wrapped: Any
) -> None:
    sheet = book.add_worksheet(name[:31])
    sheet.freeze_panes(1, 1)
    for column, head in enumerate(heads):
        sheet.set_column(column, column, _WIDTHS[column])
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value[:_LONGEST], wrapped)
