"""What kinds, levels, marks and numbers of rules are called."""

from __future__ import annotations

from datetime import date
from typing import Final

from portal.compliance.regulations import LegalBasis
from portal.web.i18n import LazyText, lazy

FAMILIES: Final[dict[str, LazyText]] = {
    "any": lazy("Every activity"),
    "outbound": lazy("Outbound delegations"),
    "inbound": lazy("Inbound delegations"),
    "conference": lazy("International conferences"),
    "project": lazy("Projects with foreign elements"),
    "agreement": lazy("International agreements"),
}

SEVERITIES: Final[dict[str, tuple[LazyText, str, str]]] = {
    "block": (lazy("Blocks"), "red", "ban"),
    "warn": (lazy("Warns"), "amber", "alert-triangle"),
    "info": (lazy("Informs"), "blue", "info-circle"),
}

LEVELS: Final[dict[str, LazyText]] = {
    "law": lazy("Law"),
    "decree": lazy("Decree"),
    "pm-decision": lazy("Decision of the Prime Minister"),
    "party": lazy("Party regulation"),
    "province": lazy("Text of the province"),
    "practice-elsewhere": lazy("Practice of other provinces"),
    "design": lazy("Proposed by the system"),
}

MARKS: Final[dict[str, LazyText]] = {
    "V": lazy("the provision itself was read"),
    "V-": lazy("read in part or in a report of it"),
    "M": lazy("from memory, not read yet"),
    "D": lazy("a choice of the system"),
}

CHECKERS: Final[dict[str, LazyText]] = {
    "nhóm xây dựng hệ thống, chưa có luật gia xác nhận": lazy(
        "the team that built the system; no lawyer has confirmed it"
    ),
}
"""Who compared the rules that came with the software; all others are named as they are."""

STATES: Final[dict[str, tuple[LazyText, str, str]]] = {
    "draft": (lazy("Draft"), "grey", "pencil"),
    "proposed": (lazy("Proposed to the chair's office"), "blue", "send"),
    "published": (lazy("Published"), "green", "circle-check"),
    "refused": (lazy("Refused"), "red", "x"),
}

VERDICTS: Final[dict[str, LazyText]] = {
    "pass": lazy("passes"),
    "warn": lazy("warned"),
    "block": lazy("blocked"),
}


def issued_on(basis: LegalBasis) -> date | None:
    """The day of the document, where more than its year is known."""
    return date.fromisoformat(basis.date) if basis.date and "-" in basis.date else None
