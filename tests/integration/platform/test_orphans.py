"""Servers that a killed portal left behind are stopped before new ones start, their data kept."""

import os
import signal

import psycopg
import pytest

from portal.embedded import Servers, places
from portal.embedded.process import Child
from portal.server.addresses import conninfo
from tests.support.portal_process import until

pytestmark = pytest.mark.no_database


@pytest.fixture
def where(folder):
    (folder / "data").mkdir(mode=0o711)
    return places(folder / "data")


def test_an_orphaned_postgresql_and_redis_give_way_and_nothing_committed_is_lost(where):
    url = conninfo(where.database_url("postgres", "postgres"))
    left_behind, next_one = Servers(where, durable=False), Servers(where, durable=False)
    left_behind.start()
    orphans = [child.process for child in left_behind.children]
    try:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS answer")
        next_one.start()
        assert [process.wait(10) for process in orphans] == [0, 0]
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (1,)
    finally:
        next_one.stop()
        left_behind.stop()


def test_a_postgresql_killed_outright_recovers_at_the_next_start(where):
    url = conninfo(where.database_url("postgres", "postgres"))
    servers = Servers(where, with_redis=False)
    servers.start()
    try:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS answer")
        (child,) = servers.children
        os.kill(child.pid, signal.SIGKILL)
        assert until(lambda: not child.alive(), 10)
        servers.restart(child)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (1,)
    finally:
        servers.stop()


def test_a_process_number_that_now_belongs_to_somebody_else_is_left_alone(where, folder):
    servers = Servers(where, with_redis=False, durable=False)
    servers.start()
    servers.stop()
    stranger = Child("stranger", ["/bin/sleep", "60"], dict(os.environ), folder)
    stranger.start()
    try:
        (where.postgres / "postmaster.pid").write_text(f"{stranger.pid}\n{where.postgres}\n")
        servers.start()
        assert stranger.alive()
    finally:
        servers.stop()
        stranger.stop()


def test_an_interrupted_first_start_is_begun_again(where):
    from portal.embedded.places import prepare

    prepare(where)
    half = where.home / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    servers = Servers(where, with_redis=False, durable=False)
    servers.start()
    servers.stop()
    assert not half.exists()
