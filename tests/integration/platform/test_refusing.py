"""What stops a portal from starting is one sentence and exit code 2, never a traceback."""

import os
import socket
import subprocess
import sys

import pytest

from portal.config import ConfigError
from portal.server.addresses import check_redis, connect
from tests.support.fake_servers import old_postgres, old_redis
from tests.support.portal_process import free_port

pytestmark = pytest.mark.no_database

KEY = {"PORTAL_SECRET_KEY": "k" * 40}


def refusal(portal) -> str:
    assert portal.process.wait(40) == 2, portal.said()
    said = portal.said()
    assert said.startswith("portal: ")
    assert said.count("\n") == 1
    assert "Traceback" not in said
    return said


def test_a_busy_port(start):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        said = refusal(start(PORTAL_PORT=str(port)))
    assert f"Something else listens on 127.0.0.1:{port}" in said


def test_a_data_folder_that_is_a_file(start, folder):
    (folder / "data").write_text("")
    assert "cannot be written" in refusal(start())


def test_a_read_only_and_a_full_data_folder(start, folder, as_root):
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(folder)]).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    log = {"PORTAL_DATA": str(folder / "data")}
    try:
        assert "has only 1" in refusal(start("../portal-full", **log))
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        assert "Read-only file system" in refusal(start("../portal-read-only", **log))
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL must look like postgresql://"),
        ({"DATABASE_URL": "postgresql://u:geheim@127.0.0.1:1/x", **KEY}, "Connection refused"),
        ({"REDIS_URL": "redis://:geheim@127.0.0.1:1", **KEY}, "Connection refused"),
        ({"REDIS_URL": "http://x"}, "REDIS_URL must start with redis://"),
        ({"PORTAL_SESSION_HOURS": "ten"}, "PORTAL_SESSION_HOURS must be a whole number"),
        ({"PORTAL_PROVINCE": "hanoi"}, "PORTAL_PROVINCE must be one of quang-nam, da-nang"),
        ({"PORTAL_SECRET_KEY": "short"}, "PORTAL_SECRET_KEY must have at least 32 characters"),
        ({"PORTAL_HOST": "no.such.host.invalid"}, "is not an address"),
    ],
)
def test_a_wrong_setting(start, environ, sentence):
    said = refusal(start(**environ))
    assert sentence in said
    assert "geheim" not in said


def test_a_real_database_without_a_key_of_its_own(start, cluster):
    said = refusal(start(DATABASE_URL=cluster.maintenance_url, PORTAL_SECRET_KEY=""))
    assert "PORTAL_SECRET_KEY is required with DATABASE_URL" in said


@pytest.mark.parametrize("command", ["web", "worker", "migrate", "audit verify", "demo status"])
def test_every_command_that_needs_the_database_says_that_it_is_gone_and_which_setting(
    folder, command
):
    environ = {
        **os.environ,
        **KEY,
        "DATABASE_URL": "postgresql://u:geheim@127.0.0.1:1/x",
        "REDIS_URL": "redis://127.0.0.1:1",
        "MIGRATE_DATABASE_URL": "",
        "PORTAL_DATA": str(folder / "data"),
        "PORTAL_PORT": str(free_port()),
    }
    argv = [sys.executable, "-m", "portal", *command.split()]
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("portal: PostgreSQL at postgresql://127.0.0.1:1/x (DATABASE_URL)")


def test_an_old_postgresql():
    with old_postgres("14.2") as url, pytest.raises(ConfigError) as refused:
        connect(url)
    assert str(refused.value).endswith("is version 14; the portal needs 15 or newer.")


def test_an_old_redis():
    with old_redis("6.0.16") as url, pytest.raises(ConfigError) as refused:
        check_redis(url)
    assert str(refused.value).endswith("is version 6.0.16; the portal needs 6.2 or newer.")


def test_a_server_that_answers_nonsense():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(ConfigError, match="cannot be used"):
            check_redis(f"redis://127.0.0.1:{port}")


def test_a_login_that_may_not_become_portal_app(cluster):
    with cluster.admin() as admin:
        admin.execute("CREATE ROLE stranger LOGIN PASSWORD 'geheim'")
        admin.execute(f'GRANT CONNECT ON DATABASE "{cluster.database}" TO stranger')
        try:
            scheme, _, rest = cluster.settings.database_url.partition("://")
            url = f"{scheme}://stranger:geheim@{rest.rpartition('@')[2]}"
            with pytest.raises(ConfigError) as refused:
                connect(url, role="portal_app")
        finally:
            admin.execute("DROP OWNED BY stranger")
            admin.execute("DROP ROLE stranger")
    assert "may not become portal_app" in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_a_folder_that_another_user_owns(start, folder, as_root):
    (folder / "data").mkdir()
    foreign = folder / "data" / "servers"
    foreign.mkdir()
    (foreign / "run").mkdir()
    os.chown(foreign / "run", 1, 1)
    assert "is not a folder of user" in refusal(start())
