"""Long work that a row promises and a worker carries out, telling how far it is.

The row is the promise; the bell only wakes a worker sooner. A run whose bell or worker was lost is
taken up again by the sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from rq import Queue
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.bell import QUEUE
from portal.core.context import acting_as, system_actor
from portal.core.unit_of_work import current_unit, unit_of_work
from portal.extensions import db, redis

UNHEARD: Final = timedelta(minutes=1)
"""A run that waits longer lost its bell."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of one table: with `state` (waiting, running, done, failed), `done`, `heard_at`,
    `finished_at` and `created_at`.
    """

    table: type[Any]
    job: str
    """The function that a worker calls: it carries out whatever waits."""
    longest: int
    """Seconds that a worker may take."""
    silent: timedelta
    """A run that tells of no progress for so long lost its worker."""

    def ring(self) -> None:
        """Wake a worker once the open unit of work is committed."""
        current_unit().after_commit(self.job, self._ring)

    def _ring(self) -> None:
        queue = Queue(QUEUE, connection=redis())
        queue.enqueue(self.job, job_timeout=self.longest, result_ttl=0)

    def carry_out(self, work: Callable[[int], Mapping[str, Any]]) -> int:
        """Do every run that waits; returns how many. `work` answers with columns of its result."""
        count = 0
        while (run_id := self.taken()) is not None:
            try:
                result = work(run_id)
            except Exception:
                self.note(run_id, state="failed", finished_at=clock.now())
                raise
            self.note(run_id, state="done", finished_at=clock.now(), **result)
            count += 1
        return count

    def taken(self) -> int | None:
        """The first run that waits, now this worker's; None when there is none."""
        row = self.table
        with unit_of_work():
            waiting = select(row).where(row.state == "waiting").order_by(row.id).limit(1)
            run = db.session.scalars(waiting.with_for_update(skip_locked=True)).one_or_none()
            if run is None:
                return None
            run.state, run.heard_at = "running", clock.now()
            found: int = run.id
            return found

    def note(self, run_id: int, **columns: Any) -> None:
        """Tell of progress in a transaction of its own: the work's may be of one moment."""
        told = update(self.table).where(self.table.id == run_id)
        with acting_as(system_actor()), Session(db.engine) as session, session.begin():
            session.execute(told.values(heard_at=clock.now(), **columns))

    def take_up_again(self) -> int:
        """Ring for every run whose bell or worker was lost; returns how many there were."""
        row, now = self.table, clock.now()
        waits = (row.state == "waiting") & (row.created_at < now - UNHEARD)
        silent = (row.state == "running") & (row.heard_at < now - self.silent)
        with unit_of_work():
            again = update(row).where(waits | silent).values(state="waiting", done=0)
            lost = db.session.execute(again.returning(row.id)).all()
            if lost:
                self.ring()
        return len(lost)
