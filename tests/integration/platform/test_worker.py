"""The worker: does jobs as the system, survives bad ones and a lost Redis, stops when asked."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from redis import Redis
from rq import Queue

from portal.config import ROOT
from portal.core.bell import QUEUE
from portal.jobs.worker import _listen
from tests.support.portal_process import until


@pytest.fixture
def worker(settings, database) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, "-m", "portal", "worker"],
        cwd=ROOT,
        env={**os.environ, **settings.environ()},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def queue(settings, database) -> Iterator[Queue]:
    with Redis.from_url(settings.redis_url) as connection:
        yield Queue(QUEUE, connection=connection)


def test_jobs_run_as_the_system_each_in_a_context_of_its_own_and_a_bad_one_harms_nobody(
    worker, queue
):
    queue.enqueue("tests.support.jobs.note_who_works")
    queue.enqueue("tests.support.jobs.fail")
    queue.enqueue("tests.support.jobs.note_who_works")
    assert until(lambda: queue.connection.llen("who") == 2, 30)
    said = {line.decode() for line in queue.connection.lrange("who", 0, -1)}
    assert said == {"portal_app system system portal"}

    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0


def test_a_worker_whose_redis_forgot_everything_goes_on(worker, queue):
    queue.enqueue("tests.support.jobs.note_who_works")
    assert until(lambda: queue.connection.llen("who") == 1, 30)
    queue.connection.flushdb()
    for client in queue.connection.client_list():
        if client["cmd"].startswith("blpop") or client["cmd"].startswith("blmove"):
            queue.connection.client_kill_filter(_id=client["id"])
    queue.enqueue("tests.support.jobs.note_who_works")
    assert until(lambda: queue.connection.llen("who") == 1, 30)
    assert worker.poll() is None


@pytest.mark.no_database
def test_a_redis_that_stays_away_is_said_once(caplog):
    app, never = Flask("worker"), threading.Event()
    lost = False
    for _ in range(3):
        lost = _listen(app, "redis://127.0.0.1:1", never, lost=lost)
    assert lost
    assert [record.message.partition(" (")[0] for record in caplog.records] == [
        "Redis does not answer"
    ]
