"""Where the embedded servers live: the same answer for every process, safe for every path."""

import os
import signal
from pathlib import Path

import pytest

from portal.config import ConfigError
from portal.embedded.places import Places, hold, holder, places, prepare, secret_key
from portal.embedded.process import Child, command_line, running, stop_orphan


def test_sockets_lie_in_the_data_folder_when_its_path_is_short():
    where = places(Path("/srv/p"))
    assert where.sockets == Path("/srv/p/servers/run")
    assert where.redis_url == "unix:///srv/p/servers/run/redis.sock"
    assert where.database_url("portal_app").startswith("postgresql+psycopg://portal_app@/portal?")


def test_a_long_path_gets_short_sockets_of_its_own_and_always_the_same():
    one, other = (places(Path("/srv") / ("x" * 100) / name) for name in ("a", "b"))
    assert len(str(one.redis_socket)) < 60
    assert one.sockets != other.sockets
    assert one.sockets == places(one.data).sockets


def test_a_data_folder_is_held_by_one_only_and_says_by_whom(tmp_path):
    first = hold(tmp_path / "data")
    assert first is not None
    first.note("the portal on http://here/")
    assert hold(tmp_path / "data") is None
    assert holder(tmp_path / "data") == "the portal on http://here/"
    first.release()
    again = hold(tmp_path / "data")
    assert again is not None
    again.release()


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    key = secret_key(tmp_path)
    assert len(key) >= 48
    assert secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_socket_folder_that_somebody_made_before_us_is_not_used(tmp_path):
    trap, home = tmp_path / "trap", tmp_path / "servers"
    trap.mkdir()
    home.mkdir()
    (tmp_path / "run").symlink_to(trap)
    where = Places(tmp_path, home, tmp_path / "run", os.geteuid(), os.getegid())
    with pytest.raises(ConfigError, match="is not a folder of user"):
        prepare(where)


def test_a_child_that_ignores_the_request_is_killed_after_its_deadline(tmp_path):
    script = "trap '' TERM; echo up; while :; do sleep 1; done"
    child = Child("deaf", ["/bin/sh", "-c", script], dict(os.environ), tmp_path, stop_within=0.3)
    child.start()
    pid = child.pid
    assert pid is not None
    assert child.alive()
    child.stop()
    assert not child.alive()
    assert not running(pid)


def test_an_orphan_is_stopped_by_the_gentlest_signal_that_works(tmp_path):
    child = Child("orphan", ["/bin/sleep", "60"], dict(os.environ), tmp_path)
    child.start()
    assert child.pid is not None
    assert "sleep 60" in command_line(child.pid)
    assert stop_orphan(child.pid, (signal.SIGTERM, 5.0))
    child.finish(1)
