"""The quota ledger: a place is taken in the transaction that approves, and given back with it.

The database function `quota_take` counts and takes under a lock of the subject, so that racing
approvals cannot overrun. Subjects are taken in ascending order: two files that share people
wait for each other and never in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, text

from portal.compliance.models import QuotaUse
from portal.core.errors import Conflict
from portal.core.unit_of_work import current_unit
from portal.extensions import db

_TAKE = text(
    "SELECT quota_take(:rule, :subject, CAST(:period AS smallint), CAST(:limit AS smallint),"
    " :activity_id, :waiver_id, :over_reason)"
)
_USED = text("SELECT quota_used(:rule, :subject, CAST(:period AS smallint))")


class QuotaFull(Conflict):
    """No place is left for `subject_id` (a person or an agency); nothing may be committed now."""

    def __init__(self, rule: str, subject_id: int, period: int, limit: int) -> None:
        super().__init__(
            "The yearly limit of %(limit)s for %(year)s is used up meanwhile: another file was "
            "approved first. Check the regulations again.",
            limit=limit,
            year=period,
        )
        self.rule, self.subject_id, self.period, self.limit = rule, subject_id, period, limit


def take(
    rule: str,
    subjects: Iterable[int],
    period: int,
    limit: int,
    activity_id: int,
    waiver_id: int | None = None,
    over_reason: str | None = None,
) -> Mapping[int, int]:
    """Take a place in the quota of `rule` for each subject; returns subject → slot.

    A file that has its place keeps it. Above the limit only with a waiver or a reason, else
    QuotaFull names the first subject without a place; the caller's transaction must then fail.
    """
    current_unit()
    taken: dict[int, int] = {}
    for subject in sorted(set(subjects)):
        slot = db.session.execute(
            _TAKE,
            {
                "rule": rule,
                "subject": subject,
                "period": period,
                "limit": limit,
                "activity_id": activity_id,
                "waiver_id": waiver_id,
                "over_reason": over_reason,
            },
        ).scalar_one()
        if slot is None:
            raise QuotaFull(rule, subject, period, limit)
        taken[subject] = int(slot)
    return taken


def release(activity_id: int) -> int:
    """Give back every place of the file; returns how many.

    Before taking anew for an amended file too: whoever is no longer a member, or goes in another
    year, must not keep a place.
    """
    current_unit()
    result = db.session.execute(
        delete(QuotaUse).where(QuotaUse.activity_id == activity_id).returning(QuotaUse.id)
    )
    return len(result.all())


def used(rule: str, subject_id: int, period: int) -> int:
    """How many places of the subject's quota are taken, by files of any agency."""
    found = db.session.execute(_USED, {"rule": rule, "subject": subject_id, "period": period})
    return int(found.scalar_one())
