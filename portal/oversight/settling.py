"""Settling a signal: somebody of the focal point looked, and says in writing why it rests."""

from __future__ import annotations

from typing import Final

from sqlalchemy import exists, select

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.activities.kinds.outbound.model import DelegationMember
from portal.audit.events import declare
from portal.audit.services import record
from portal.core import clock
from portal.core.context import Actor
from portal.core.errors import Conflict, Denied, FieldErrors, NotFound
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.oversight.models import Signal

declare({"signal.settled": ""})

OWN_TRIP: Final = (
    "You, or the person you act for, travelled with one of these delegations: somebody else of the"
    " focal point settles this signal."
)


def settle(signal_id: int, reason: str) -> None:
    """Settle a signal for good; the same person saying the same twice settles it once.

    Raises FieldErrors without a reason, Denied for whoever travelled themselves, Conflict when it
    was settled meanwhile, NotFound for a signal that is not there.
    """
    actor = require(Permission.SIGNAL_SETTLE, subject_type="signal", subject_id=signal_id)
    reason = reason.strip()
    if not reason:
        raise FieldErrors({"reason": "Fill in this field."})
    with unit_of_work():
        row = db.session.get(Signal, signal_id)
        if row is None:
            raise NotFound
        if travelled(actor, row.facts["files"]):
            raise Denied(OWN_TRIP, permission=Permission.SIGNAL_SETTLE)
        # A settled row is out of reach for a lock too: who comes second finds nothing to lock.
        mine = select(Signal).where(Signal.id == signal_id).with_for_update()
        if db.session.scalars(mine.execution_options(populate_existing=True)).first() is None:
            _settled_before(row, actor, reason)
            return
        row.settled_at, row.settled_by, row.reason = clock.now(), actor.user_id, reason
        record("signal.settled", subject_type="signal", subject_id=row.id)


def travelled(actor: Actor, files: list[int]) -> bool:
    """Whether the acting person, or whom they act for, is a member of one of these delegations."""
    people = [id_ for id_ in (actor.person_id, actor.acting_for_person_id) if id_ is not None]
    m = DelegationMember
    member = exists().where(m.activity_id.in_(files), m.person_id.in_(people))
    return bool(db.session.execute(select(member)).scalar_one())


def _settled_before(row: Signal, actor: Actor, reason: str) -> None:
    db.session.refresh(row)
    if (row.settled_by, row.reason) != (actor.user_id, reason):
        raise Conflict("This signal is settled already; the reason that was given first stands.")
