"""One worker process: RQ's jobs in the main thread, beside it the sweep for lost bells."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from flask import Flask
from redis import Redis, RedisError
from rq import Queue, SimpleWorker
from rq.executions import Execution
from rq.job import Job
from sqlalchemy.exc import OperationalError

from portal.core.bell import QUEUE
from portal.core.context import acting_as, system_actor
from portal.extensions import settings
from portal.jobs.sweep import sweep_once

log = logging.getLogger(__name__)

SWEEP_EVERY = 5.0
"""Seconds. A sweep costs a third of a millisecond when there is nothing."""
RETRY_AFTER = 1.0
"""Seconds before a lost Redis is asked again; the sweep goes on meanwhile."""


class PortalWorker(SimpleWorker):
    """Runs each job in an application context of its own, as the system."""

    max_connection_wait_time = 2.0
    app: Flask
    stop: threading.Event

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        with as_system(self.app):
            return bool(super().perform_job(job, queue, execution))

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.stop.set()
        super().request_stop(signum, frame)


@contextmanager
def as_system(app: Flask) -> Iterator[None]:
    """A fresh database session that acts as the portal itself."""
    with app.app_context(), acting_as(system_actor()):
        yield


def work(app: Flask) -> None:
    """Work until SIGTERM or Ctrl-C; a running job is finished first."""
    stop = threading.Event()
    sweeper = threading.Thread(target=_sweep_until, args=(app, stop), name="sweep", daemon=True)
    sweeper.start()
    with app.app_context():
        url = settings().redis_url
    lost = False
    try:
        while not stop.is_set():
            _stop_on_signals(stop)
            lost = _listen(app, url, stop, lost=lost)
            _stop_on_signals(stop)
            stop.wait(RETRY_AFTER)
    finally:
        stop.set()
        sweeper.join(10)


def _listen(app: Flask, url: str, stop: threading.Event, *, lost: bool) -> bool:
    """Carry out jobs until asked to stop or until Redis is lost; whether it is lost now.

    One line is logged when Redis goes and one when it comes back, however long that takes.
    """
    connection = Redis.from_url(url, socket_connect_timeout=2)
    try:
        connection.ping()
        if lost:
            log.warning("Redis answers again")
            lost = False
        worker = PortalWorker([QUEUE], connection=connection)
        worker.app, worker.stop = app, stop
        worker.work(logging_level="WARNING")
    except (RedisError, OSError) as error:
        if not stop.is_set() and not lost:
            log.warning("Redis does not answer (%s); the sweep works on alone", error)
        return True
    finally:
        connection.close()
    return False


def _stop_on_signals(stop: threading.Event) -> None:
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda _number, _frame: stop.set())


def _sweep_until(app: Flask, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            with as_system(app):
                sweep_once()
        except OperationalError as error:
            log.warning("the sweep could not reach the database: %s", error.orig)
        except Exception:
            log.exception("the sweep failed")
        stop.wait(SWEEP_EVERY)
