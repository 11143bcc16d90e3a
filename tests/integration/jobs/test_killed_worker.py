"""A worker that is killed loses nothing and doubles nothing; another notices within 15 seconds."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from portal.config import ROOT
from portal.server.addresses import conninfo
from tests.support.portal_process import until

MANY = 300


@pytest.fixture
def start_worker(settings, database) -> Iterator[Callable[[], subprocess.Popen]]:
    started: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal", "worker"],
            cwd=ROOT,
            env={**os.environ, **settings.environ()},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(10)


@pytest.fixture
def gate(settings, database) -> Iterator[psycopg.Connection]:
    """A connection whose transaction stays open."""
    with psycopg.connect(conninfo(settings.migrate_database_url)) as connection:
        yield connection


def waiting(superuser: psycopg.Connection) -> int:
    return superuser.execute("SELECT count(*) FROM outbox WHERE done_at IS NULL").fetchone()[0]


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_delivery_loses_and_doubles_nothing(
    start_worker, superuser, task, promise, gate
):
    numbers = [task(kind=f"k{number}") for number in range(MANY)]
    # The worker stands still inside its transaction, holding messages, until it is killed.
    gate.execute("LOCK TABLE notification IN ACCESS EXCLUSIVE MODE")
    victim = start_worker()
    with superuser.transaction():
        for number in numbers:
            promise("task-opened", task_id=number)
    held = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND query LIKE '%WITH message%' AND application_name = 'portal'"
    )
    assert until(lambda: superuser.execute(held).fetchone()[0] > 0, 30)
    victim.send_signal(signal.SIGKILL)
    victim.wait(10)
    gate.rollback()
    assert waiting(superuser) == MANY
    start_worker()
    ready = time.monotonic()
    assert until(lambda: waiting(superuser) == 0, 30)
    assert time.monotonic() - ready < 15
    counts = superuser.execute(
        "SELECT count(*), count(DISTINCT (user_id, outbox_id)) FROM notification"
    ).fetchone()
    assert counts == (MANY, MANY)


@pytest.mark.slow
def test_a_message_whose_bell_was_never_rung_is_noticed_within_15_seconds(
    start_worker, superuser, task, promise
):
    start_worker()
    promise("task-opened", task_id=task())
    assert until(lambda: waiting(superuser) == 0, 30)
    posted = time.monotonic()
    promise("task-opened", task_id=task(kind="another"))
    assert until(lambda: waiting(superuser) == 0, 15)
    assert time.monotonic() - posted < 15
