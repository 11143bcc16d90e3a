"""The pack's summary on paper: whose it is, how much of what, and what to look at first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from portal.oversight.pack_facts import Table
from portal.oversight.pack_words import in_words
from portal.web.filters import datetime as shown_moment
from portal.web.i18n import gettext

FONTS: Final = Path(__file__).parent / "fonts"
SHOWN: Final = 200
"""Lines of a table; the spreadsheet has all of them."""
_TOLD: Final = {
    "files": ("activity_id", "title", "state", "starts_on", "ends_on"),
    "refusals": ("activity_id", "at", "action", "who", "reason"),
    "waivers": ("activity_id", "rule", "by", "document_no", "reason"),
    "signals": ("signal_id", "said", "files", "settled_at", "reason"),
}
"""Tables of which the summary shows lines, and which of their columns."""
_WIDE: Final = {"activity_id": 1, "signal_id": 1, "title": 5, "said": 5, "reason": 4}
"""How wide a column is beside the others, which are 2."""
_LONGEST: Final = 160
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(T|$)")


class _Paper(FPDF):
    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("DejaVu", size=8)
        self.cell(0, 6, f"{self.page_no()}", align="C")


def write(
    path: Path, title: str, public_key: str, found: Sequence[Table], moment: datetime
) -> None:
    """Write the summary in the reader's language."""
    paper = _Paper(format="A4")
    paper.set_creation_date(moment)
    paper.add_font("DejaVu", "", FONTS / "DejaVuSans.ttf")
    paper.add_font("DejaVu", "B", FONTS / "DejaVuSans-Bold.ttf")
    paper.set_title(title)
    paper.add_page()
    _line(paper, title, 15, bold=True)
    _line(paper, f"{gettext('Made')}: {shown_moment(moment)}", 9)
    _line(paper, public_key, 9)
    _line(paper, gettext("What it holds"), 11, bold=True)
    for table in found:
        _line(paper, f"{table.title}: {len(table.rows)}", 9)
    for table in found:
        if table.name in _TOLD and table.rows:
            _lines(paper, table, _TOLD[table.name])
    paper.output(str(path))


def _lines(paper: FPDF, table: Table, wanted: Sequence[str]) -> None:
    keys = [key for key, _label in table.columns]
    places = [keys.index(key) for key in wanted]
    _line(paper, str(table.title), 11, bold=True)
    labels: Mapping[str, Any] = dict(table.columns)
    paper.set_font("DejaVu", size=7)
    widths = [_WIDE.get(key, 2) for key in wanted]
    with paper.table(line_height=4, text_align="LEFT", col_widths=widths) as grid:
        grid.row([str(labels[key]) for key in wanted])
        for row in table.rows[:SHOWN]:
            grid.row([_shown(keys[n], row[n]) for n in places])
    if len(table.rows) > SHOWN:
        _line(paper, gettext("The spreadsheet has all of them."), 8)


def _shown(key: str, value: Any) -> str:
    """The value in words, days as people write them."""
    if value is None:
        return ""
    said = str(in_words(key, value))
    if _DAY.match(said):
        return f"{said[8:10]}/{said[5:7]}/{said[:4]}" + said[10:16].replace("T", " ")
    return said[:_LONGEST]


def _line(paper: FPDF, words: str, size: int, *, bold: bool = False) -> None:
    paper.set_font("DejaVu", "B" if bold else "", size)
    paper.multi_cell(0, size * 0.55 + 1, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
