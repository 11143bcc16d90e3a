"""The embedded Redis: memory only. What it loses is found again in PostgreSQL by the sweep."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from pathlib import Path

from portal.config import ConfigError
from portal.embedded.binaries import redis_program
from portal.embedded.places import Places
from portal.embedded.process import Child, command_line, running, server, stop_orphan

START_WITHIN = 15.0


def launch(where: Places) -> Child:
    """Start Redis; `await_ready` waits for it."""
    program = redis_program(where)
    _stop_orphan(where)
    argv = [
        str(program),
        *("--port", "0"),
        *("--unixsocket", str(where.redis_socket)),
        *("--unixsocketperm", "700"),
        *("--dir", str(where.sockets)),
        *("--pidfile", str(_pid_file(where))),
        *("--save", "", "--appendonly", "no"),
        *("--maxmemory", "128mb", "--maxmemory-policy", "noeviction"),
        *("--daemonize", "no", "--loglevel", "warning"),
    ]
    return server("redis", argv, where, signal.SIGTERM, 5)


def await_ready(where: Places, child: Child) -> None:
    """Return once it answers; one sentence when it does not."""
    until = time.monotonic() + START_WITHIN
    while not _answers(where.redis_socket):
        if not child.alive() or time.monotonic() > until:
            raise ConfigError(f"The embedded Redis does not start: {child.last_words()}")
        time.sleep(0.02)


def _pid_file(where: Places) -> Path:
    return where.sockets / "redis.pid"


def _stop_orphan(where: Places) -> None:
    with contextlib.suppress(OSError, ValueError):
        pid = int(_pid_file(where).read_text())
        if running(pid) and str(where.redis_socket) in command_line(pid):
            stop_orphan(pid, (signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))
    with contextlib.suppress(OSError):
        where.redis_socket.unlink()


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False
