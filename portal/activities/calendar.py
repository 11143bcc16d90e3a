"""Files whose state follows the calendar: departure and return happen without anybody's click."""

from sqlalchemy import or_, select

from portal.activities import lifecycle
from portal.activities.models import Activity, State
from portal.activities.types import Input
from portal.core import clock
from portal.core.context import acting_as, system_actor
from portal.core.errors import Conflict, NotFound
from portal.extensions import db

BATCH = 200
"""Files moved in one sweep; the next sweep takes the rest."""


def advance_by_calendar() -> int:
    """Move every approved file that has departed and every trip that is over. Returns how many."""
    with acting_as(system_actor()):
        waiting = _waiting()
        return sum(_move(activity_id, action) for activity_id, action in waiting)


def _waiting() -> list[tuple[int, str]]:
    today = clock.today()
    departing = (Activity.state == State.APPROVED) & (Activity.starts_on <= today)
    returning = (Activity.state == State.UNDER_WAY) & (Activity.ends_on < today)
    rows = db.session.execute(
        select(Activity.id, Activity.state).where(or_(departing, returning)).limit(BATCH)
    ).all()
    db.session.rollback()
    return [(id_, "depart" if state == State.APPROVED else "return-home") for id_, state in rows]


def _move(activity_id: int, action: str) -> bool:
    try:
        lifecycle.perform(activity_id, action, Input())
    except (Conflict, NotFound):
        # Somebody was faster; the next sweep looks again.
        return False
    return True
