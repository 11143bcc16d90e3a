"""Reminders: a desk is told a working day before something is due, and once when it is overdue."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from portal.core import bell, clock
from portal.core.context import acting_as, system_actor
from portal.core.unit_of_work import unit_of_work
from portal.core.working_days import add_working_days
from portal.extensions import db

# The unique index uq_outbox_reminder makes it once for a task and its due day, however many
# workers ask.
_REMIND: Final = text("""
INSERT INTO outbox (owner_tenant_id, topic, payload, attempts, next_try_at, created_at)
SELECT k.tenant_id, CASE WHEN k.due_on < :today THEN 'task-overdue' ELSE 'task-due-soon' END,
       jsonb_build_object('task_id', k.id, 'due_on', k.due_on), 0, :now, :now
  FROM task k
 WHERE k.closed_at IS NULL AND k.due_on <= :soon
    ON CONFLICT (topic, ((payload ->> 'task_id')::bigint), (payload ->> 'due_on'))
       WHERE topic IN ('task-due-soon', 'task-overdue') DO NOTHING
RETURNING id
""")


def remind_once() -> int:
    """Promise a reminder for every open task that needs one; returns how many are new."""
    today = clock.today()
    with acting_as(system_actor()), unit_of_work() as unit:
        rows = db.session.execute(
            _REMIND,
            {"today": today, "soon": add_working_days(today, 1), "now": clock.now()},
        ).all()
        if rows:
            unit.after_commit("bell", bell.ring)
    return len(rows)
