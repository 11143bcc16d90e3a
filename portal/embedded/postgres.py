"""The embedded PostgreSQL: its cluster, its start, and what a killed portal left of it."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import time
from pathlib import Path

from portal.config import ConfigError
from portal.embedded.binaries import postgres_programs
from portal.embedded.places import Places, own_folder, unusable
from portal.embedded.process import CLEAN_ENV, Child, command_line, running, server, stop_orphan

SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] ",
    "cluster_name": "portal",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For clusters that only tests use: quick, and worthless after a crash."""
START_WITHIN = 60.0


def launch(where: Places, *, durable: bool) -> Child:
    """Start PostgreSQL on its cluster, created when there is none; ready when this returns."""
    programs = postgres_programs(where)
    if not (where.postgres / "PG_VERSION").exists():
        _create_cluster(where, programs, durable=durable)
    _check_version(where, programs)
    _stop_orphan(where)
    settings = SETTINGS | ({} if durable else THROWAWAY)
    settings["unix_socket_directories"] = str(where.sockets)
    argv = [str(programs / "postgres"), "-D", str(where.postgres)]
    for name, value in settings.items():
        argv += ["-c", f"{name}={value}"]
    until = time.monotonic() + START_WITHIN
    while True:
        child = server("postgres", argv, where, signal.SIGINT, 20)
        try:
            if _await_ready(where, child, until):
                return child
        except BaseException:
            child.stop()
            raise
        words = child.last_words()
        # Backends of a killed server may need a moment to notice.
        if "shared memory block" not in words or time.monotonic() > until:
            raise ConfigError(f"The embedded PostgreSQL does not start: {words}")
        time.sleep(0.2)


def _await_ready(where: Places, child: Child, until: float) -> bool:
    """True when it is ready, False when it died."""
    while child.alive():
        if _ready(where, child):
            return True
        if time.monotonic() > until:
            raise ConfigError(
                f"The embedded PostgreSQL is not ready after a minute; see {child.log}."
            )
        time.sleep(0.02)
    return False


def _ready(where: Places, child: Child) -> bool:
    """As pg_ctl asks: the last line of postmaster.pid, written by this very process."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = (where.postgres / "postmaster.pid").read_text().splitlines()
        return int(lines[0]) == child.pid and lines[7].strip() == "ready"
    return False


def _create_cluster(where: Places, programs: Path, *, durable: bool) -> None:
    """`initdb` beside, then rename: an interrupted one is never taken for whole."""
    fresh = where.home / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    own_folder(fresh, where)
    argv = [
        str(programs / "initdb"),
        f"--pgdata={fresh}",
        f"--username={SUPERUSER}",
        "--auth=trust",  # the sockets' folder lets in only its owner
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions",
    ]
    changes = where.changes_user
    done = subprocess.run(  # noqa: S603 (our own argument list)
        argv if durable else [*argv, "--no-sync"],
        env=CLEAN_ENV,
        cwd=where.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        start_new_session=True,  # a Ctrl-C meanwhile is for us, who see to it afterwards
        user=where.uid if changes else None,
        group=where.gid if changes else None,
        extra_groups=[] if changes else None,
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").splitlines()
        said = [line for line in lines if "error" in line or "FATAL" in line] or lines or ["?"]
        raise ConfigError(
            f"The embedded database cannot be created in {where.data}: {said[0].strip()}"
        )
    try:
        fresh.rename(where.postgres)
    except OSError as error:
        raise unusable(where.data, error) from None


def _check_version(where: Places, programs: Path) -> None:
    try:
        found = (where.postgres / "PG_VERSION").read_text().strip()
    except OSError as error:
        raise unusable(where.data, error) from None
    ours = programs.parent.name.removeprefix("pginstall")
    if found != ours:
        raise ConfigError(
            f"The data folder {where.data} holds a database of PostgreSQL {found}, this portal "
            f"brings {ours}; restore a dump of it into a new data folder."
        )


def _stop_orphan(where: Places) -> None:
    """A second server would die, but a connection test would be answered by the orphan."""
    pid_file = where.postgres / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    if not running(pid):
        return
    if str(where.postgres) not in command_line(pid):
        pid_file.unlink(missing_ok=True)  # the number has gone to another process since
        return
    stops = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
    if not stop_orphan(pid, *stops):
        raise ConfigError(
            f"A PostgreSQL of an earlier portal (process {pid}) still runs on {where.data} and "
            "does not stop; stop it by hand."
        )
