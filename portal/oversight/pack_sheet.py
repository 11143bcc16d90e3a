"""The pack as a spreadsheet: one sheet a table. No cell is ever a formula, whatever was typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from portal.oversight.pack_facts import Table
from portal.oversight.pack_words import in_words

_LONGEST: Final = 32_767
"""Characters that a cell can hold; the JSON file has all of them."""
_LONGEST_TITLE: Final = 31
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(path: Path, found: Sequence[Table], moment: datetime) -> None:
    """Write the tables to an .xlsx file that bears no other time than `moment`."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        book.set_properties({"created": moment.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "bg_color": "#E6ECF2"})
        for table in found:
            sheet = book.add_worksheet(str(table.title)[:_LONGEST_TITLE])
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, len(table.columns), 18)
            for column, (_key, label) in enumerate(table.columns):
                sheet.write_string(0, column, str(label), bold)
            for number, row in enumerate(table.rows, start=1):
                for column, (key, _label) in enumerate(table.columns):
                    _write(sheet, number, column, in_words(key, row[column]))


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value)[:_LONGEST])
