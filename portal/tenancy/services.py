"""What agencies change about themselves. Merging and splitting units is a later tool of its own."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.audit.services import record
from portal.core.errors import Denied
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db


def set_internal_review(*, wanted: bool) -> None:
    """Switch internal review of the acting head's agency; a file under way keeps its path.

    Only the head in their own name: the switch takes away one pair of eyes. Raises Denied.
    """
    actor = require(Permission.ACTIVITY_SUBMIT, subject_type="tenant")
    if Role.HEAD not in actor.roles or actor.acting_for is not None:
        raise Denied("Only the head of the agency switches internal review, and in person.")
    with unit_of_work():
        changed = db.session.execute(select(func.set_internal_review(wanted))).scalar()
        if changed:
            record(
                "tenant.changed",
                subject_type="tenant",
                subject_id=actor.tenant_id,
                data={"changed": {"internal_review": wanted}},
            )
