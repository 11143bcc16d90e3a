"""What the steps of a file pass to each other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.activities.dossier import Dossier
from portal.activities.models import Activity
from portal.core.context import Actor
from portal.workflow.machine import Transition
from portal.workflow.services import Board

OPINION_BODIES = ("police",)
"""Whose opinion an outbound delegation can need beside the focal point's own appraisal."""


@dataclass(frozen=True, slots=True)
class Input:
    """What the acting person typed. `version` is that of the page; None only for the system."""

    version: int | None = None
    reason: str = ""
    note: str = ""
    recommendation: str = ""
    document_no: str = ""
    document_date: date | None = None
    opinion: str = ""
    sealed: bool = False
    attachment_id: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Move:
    """One step on its way: what its effects read and add to."""

    dossier: Dossier
    board: Board
    transition: Transition
    actor: Actor
    given: Input
    data: dict[str, Any] = field(default_factory=dict)
    """What the timeline keeps of the step."""
    audited: dict[str, Any] = field(default_factory=dict)
    """What the audit event says beside the states."""
    due_by_rule: dict[str, date] = field(default_factory=dict)

    @property
    def activity(self) -> Activity:
        return self.dossier.activity


Effect = Callable[[Move], None]


@dataclass(frozen=True, slots=True)
class Effects:
    """What a kind of activity does beside moving: before the state changes and after it."""

    before: Mapping[str, Effect]
    after: Mapping[str, Effect]


MISSING = {
    "reason": "Say why: the reason stays on the file and the other side reads it.",
    "note": "Write the appraisal: at least what was checked and what you conclude.",
    "recommendation": "Choose whether you recommend to approve or to refuse.",
    "opinion": "Choose one of the answers.",
}
"""What is said when a step lacks what it needs."""
