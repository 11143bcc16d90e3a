"""The states of a file: one word, one colour, one icon, everywhere; the only table of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from portal.web.i18n import LazyText, lazy


@dataclass(frozen=True, slots=True)
class State:
    """How a state looks. ``tone`` names a colour of portal.css; the icon and the word carry it on
    paper.
    """

    code: str
    label: LazyText
    tone: str
    icon: str
    outline: bool = False
    struck: bool = False

    @property
    def css(self) -> str:
        """Class names of the chip."""
        marks = (" chip-outline" if self.outline else "") + (" chip-struck" if self.struck else "")
        return f"chip-{self.tone}{marks}"


_TABLE: Final = (
    State("draft", lazy("Draft"), "grey", "pencil"),
    State("in-review", lazy("In internal review"), "slate", "eye"),
    State("submitted", lazy("Submitted"), "blue", "send"),
    State("in-appraisal", lazy("In appraisal"), "blue", "scale"),
    State("returned", lazy("Returned for correction"), "amber", "arrow-back-up"),
    State("appraised", lazy("Appraised"), "blue", "file-check"),
    State("approved", lazy("Approved"), "green", "rubber-stamp"),
    State("rejected", lazy("Rejected"), "darkred", "circle-x"),
    State("under-way", lazy("Under way"), "teal", "plane-departure"),
    State("completed", lazy("Completed"), "teal", "flag"),
    State("reported", lazy("Reported"), "green", "notes", outline=True),
    State("closed", lazy("Closed"), "grey", "archive", outline=True),
    State("withdrawn", lazy("Withdrawn"), "grey", "x", struck=True),
    State("cancelled", lazy("Cancelled"), "grey", "ban", struck=True),
)

STATES: Final[dict[str, State]] = {state.code: state for state in _TABLE}

#: A mark beside a state, not a state.
OVERDUE: Final = State("overdue", lazy("Overdue"), "overdue", "hourglass")
