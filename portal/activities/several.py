"""Approving several files at once: each by its own decision, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping

from portal.activities import lifecycle
from portal.activities.types import Input
from portal.core.errors import Blocked, Conflict, FieldErrors
from portal.core.unit_of_work import unit_of_work

Refused = Blocked | Conflict | FieldErrors


class NotTogether(Exception):
    """One of the files was refused, so none was approved: which one, and why."""

    def __init__(self, activity_id: int, refusal: Refused) -> None:
        super().__init__(str(refusal))
        self.activity_id = activity_id
        self.refusal = refusal


def approve(decisions: Mapping[int, Input]) -> None:
    """Approve each file by the decision that is given for its id, in one transaction.

    Raises NotTogether, NotFound and Denied; then nothing is written.
    """
    with unit_of_work():
        # In the order of their ids, so that two people who choose the same files do not deadlock.
        for activity_id, given in sorted(decisions.items()):
            try:
                lifecycle.perform(activity_id, "approve", given)
            except (Blocked, Conflict, FieldErrors) as refusal:
                raise NotTogether(activity_id, refusal) from refusal
