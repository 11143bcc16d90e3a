"""What happens without a click: lost bells are heard, the calendar moves files, litter goes.

Every worker sweeps; whatever a clock calls must bear being called twice at once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

from portal.activities.calendar import advance_by_calendar
from portal.core.context import acting_as, system_actor
from portal.documents.services import remove_orphans
from portal.extensions import db
from portal.identity.sessions import forget_ended_sessions
from portal.jobs.deliver import deliver_waiting
from portal.jobs.remind import remind_once
from portal.oversight import pack_runs
from portal.oversight.signals import find_signals
from portal.register.impact import take_up_again

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Clock:
    """Work that is due again after so many seconds."""

    work: Callable[[], object]
    every: float
    last: float = float("-inf")

    def due(self, now: float) -> bool:
        return now - self.last >= self.every


CLOCKS: list[Clock] = [
    Clock(deliver_waiting, 0),
    Clock(advance_by_calendar, 60),
    Clock(take_up_again, 60),
    Clock(pack_runs.take_up_again, 60),
    Clock(remind_once, 300),
    Clock(forget_ended_sessions, 3600),
    Clock(remove_orphans, 6 * 3600),
    Clock(pack_runs.remove_old, 3600),
    Clock(find_signals, 6 * 3600),
]
"""In the order in which they are called; deliveries come first."""


def sweep_once() -> None:
    """Do everything that is due. What fails is logged and does not stop the rest."""
    for each in CLOCKS:
        now = time.monotonic()
        if each.due(now):
            each.last = now
            _run(each)


def _run(each: Clock) -> None:
    try:
        with acting_as(system_actor()):
            each.work()
    except OperationalError:
        raise  # without a database nothing of the rest would do better
    except Exception:
        log.exception("%s failed in the sweep", getattr(each.work, "__name__", each.work))
    finally:
        db.session.remove()
