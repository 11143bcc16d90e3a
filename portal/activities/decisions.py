"""What is kept of a decision, whether it is signed in the portal or recorded from paper."""

from __future__ import annotations

from typing import Final

from portal.activities.models import Decision
from portal.activities.types import Move
from portal.core.errors import FieldErrors

_NEEDS_SCAN: Final = "Add the scanned document, or say that it may not enter the system."


def decision_of(
    move: Move, *, act: str, outcome: str, authority: str, amendment_id: int | None = None
) -> Decision:
    """The decision that the step gives. Raises FieldErrors for paper that came without its scan."""
    given = move.given
    on_paper = move.transition.action.startswith("record-")
    if on_paper and not given.sealed and given.attachment_id is None:
        raise FieldErrors({"upload": _NEEDS_SCAN})
    return Decision(
        tenant_id=move.activity.tenant_id,
        activity_id=move.activity.id,
        amendment_id=amendment_id,
        act=act,
        outcome=outcome,
        authority=authority,
        document_no=given.document_no,
        document_date=given.document_date,
        on_paper=on_paper,
        sealed=given.sealed,
        attachment_id=given.attachment_id,
        reason=given.reason or None,
        signer=move.actor.signature,
        recorded_by=move.actor.user_id,
    )
