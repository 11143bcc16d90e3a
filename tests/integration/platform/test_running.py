"""`portal run`: starts, answers, survives its children's deaths, stops cleanly, leaves nothing."""

import http.client
import os
import signal
import socket
import time
from contextlib import ExitStack

import pytest

from tests.support.portal_process import until

pytestmark = [pytest.mark.no_database, pytest.mark.slow]

SERVERS = ("/bin/postgres -D", "redis-server", "portal.server.web", "portal worker")


def test_a_portal_starts_answers_stops_on_ctrl_c_and_starts_again_quickly(start):
    portal = start().wait_ready()
    assert portal.get("/healthz") == (200, {"status": "ok"})
    assert portal.get("/readyz")[1] == {"status": "ok", "database": "ok", "redis": "ok"}
    assert f"http://127.0.0.1:{portal.port}/" in portal.said()
    assert all(until(lambda name=name: bool(portal.pids(name)), 10) for name in SERVERS)

    before = time.monotonic()
    assert portal.interrupt() == 0
    assert time.monotonic() - before < 15
    assert not any(portal.pids(name) for name in SERVERS)

    before = time.monotonic()
    again = start().wait_ready()
    # Under five seconds on an idle machine; the suite shares two cores with another test process.
    assert time.monotonic() - before < 15
    again.process.terminate()
    assert again.process.wait(20) == 0


def test_open_connections_of_browsers_do_not_hold_up_the_stop(start):
    portal = start().wait_ready()
    with ExitStack() as stack:
        idle = http.client.HTTPConnection("127.0.0.1", portal.port)
        stack.callback(idle.close)
        idle.request("GET", "/healthz")
        idle.getresponse().read()
        for begun in (b"", b"GET /half-a-requ"):
            opened = stack.enter_context(socket.create_connection(("127.0.0.1", portal.port)))
            opened.sendall(begun)
        time.sleep(0.5)
        before = time.monotonic()
        assert portal.interrupt() == 0
        # Two seconds of grace for a request under way, and the servers' own stop.
        assert time.monotonic() - before < 6


def test_whatever_of_a_portal_dies_is_started_again_and_said(start):
    portal = start().wait_ready()
    for name, words in (
        ("worker", "portal worker"),
        ("web", "portal.server.web"),
        ("redis", "redis-server"),
        ("postgres", "/bin/postgres -D"),
    ):
        assert until(lambda words=words: bool(portal.pids(words)), 10)
        victims = portal.pids(words)
        os.kill(min(victims), signal.SIGKILL)
        said = f"portal: {name} ended (killed by SIGKILL); it is started again."
        assert until(lambda said=said: said in portal.said(), 15), portal.said()
        assert until(lambda words=words, old=victims: bool(set(portal.pids(words)) - set(old)), 15)
        assert until(portal.ready, 30), portal.said()
    assert portal.interrupt() == 0


def test_a_killed_supervisor_leaves_no_orphans_and_its_data_start_again(start):
    portal = start().wait_ready()
    portal.kill()
    assert until(lambda: not any(portal.pids(name) for name in SERVERS), 30)
    again = start().wait_ready()
    assert again.interrupt() == 0


def test_two_portals_run_side_by_side_and_a_folder_takes_only_one(start):
    first, second = start("one"), start("two")
    first.wait_ready()
    second.wait_ready()
    intruder = start("one")
    assert intruder.process.wait(30) == 2
    assert intruder.said() == (
        f"portal: The data folder {first.data} is in use by the portal on "
        f"http://127.0.0.1:{first.port}/; stop that or choose another with --data or "
        "PORTAL_DATA.\n"
    )
    assert first.ready()


def test_a_portal_runs_in_a_folder_whose_path_is_too_long_for_a_socket(start):
    portal = start("long" * 30).wait_ready()
    assert "/tmp/portal-" in " ".join(portal.command_lines("/bin/postgres -D"))
    assert portal.interrupt() == 0
