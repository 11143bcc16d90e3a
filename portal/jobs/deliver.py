"""Carries the outbox out: each message once, in whatever order workers and bells come.

A worker takes rows that nobody else holds, does their work and marks them done in one transaction.
If it is killed, PostgreSQL forgets the transaction and the next sweep takes the rows again.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.context import acting_as, system_actor
from portal.core.outbox import OutboxMessage
from portal.core.unit_of_work import unit_of_work
from portal.desks.notifications import (
    Message,
    tell_authors,
    tell_desks,
    tell_drafters,
    tell_publishers,
    tell_stand_ins,
)
from portal.extensions import db

log = logging.getLogger(__name__)

BATCH: Final = 200
LONGEST_WAIT: Final = timedelta(hours=1)
MOST_ATTEMPTS: Final = 1_000
"""Where counting stops; a message is never given up."""

Handler = Callable[[str, Sequence[Message]], None]

HANDLERS: dict[str, Handler] = {
    "task-opened": tell_desks,
    "task-due-soon": tell_desks,
    "task-overdue": tell_desks,
    "file-moved": tell_authors,
    "stand-in-appointed": tell_stand_ins,
    "stand-in-ended": tell_stand_ins,
    "version-proposed": tell_publishers,
    "version-published": tell_drafters,
    "version-refused": tell_drafters,
}
"""What each topic means. A handler takes many messages at once and may see one twice."""


def deliver_waiting() -> int:
    """Deliver everything that waits and is due; returns how many messages are done."""
    done = 0
    with acting_as(system_actor()):
        while True:
            taken, delivered = _deliver_batch()
            done += delivered
            if taken < BATCH:
                return done


def _deliver_batch() -> tuple[int, int]:
    with unit_of_work():
        messages = _take()
        by_topic: dict[str, list[Message]] = defaultdict(list)
        for message in messages:
            by_topic[message.topic].append(message)
        done = sum(_deliver(topic, waiting) for topic, waiting in by_topic.items())
    return len(messages), done


def _take() -> list[Message]:
    rows = db.session.execute(
        select(OutboxMessage.id, OutboxMessage.topic, OutboxMessage.payload)
        .where(OutboxMessage.done_at.is_(None), OutboxMessage.next_try_at <= clock.now())
        .order_by(OutboxMessage.next_try_at, OutboxMessage.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return [Message(*row) for row in rows]


def _deliver(topic: str, messages: list[Message]) -> int:
    """Deliver all at once; if one of them spoils it, one by one."""
    error = _attempt(topic, messages)
    if error is None:
        return len(messages)
    if len(messages) == 1:
        _put_off(messages[0], error)
        return 0
    return sum(_deliver(topic, [message]) for message in messages)


def _attempt(topic: str, messages: list[Message]) -> Exception | None:
    try:
        with db.session.begin_nested():
            HANDLERS[topic](topic, messages)
            db.session.execute(
                update(OutboxMessage)
                .where(OutboxMessage.id.in_([message.id for message in messages]))
                .values(done_at=clock.now(), last_error=None)
            )
    except Exception as error:  # noqa: BLE001 (whatever one message does, the others go out)
        return error
    return None


def _put_off(message: Message, error: Exception) -> None:
    log.warning("outbox message %s (%s) failed: %s", message.id, message.topic, error)
    attempts = db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message.id)
        .values(
            attempts=func.least(OutboxMessage.attempts + 1, MOST_ATTEMPTS),
            last_error=f"{type(error).__name__}: {error}"[:500],
        )
        .returning(OutboxMessage.attempts)
    ).scalar_one()
    db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message.id)
        .values(next_try_at=clock.now() + delay(attempts))
    )


def delay(attempts: int) -> timedelta:
    """How long to wait after so many failures: 5 s, 10 s, 20 s, … up to an hour."""
    return min(LONGEST_WAIT, timedelta(seconds=5 * 2 ** min(attempts - 1, 12)))
