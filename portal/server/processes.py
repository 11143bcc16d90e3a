"""How the web server and the worker are started, and who listens where."""

from __future__ import annotations

import errno
import http.client
import os
import socket
import sys
from dataclasses import replace

from portal.config import ROOT, ConfigError, Settings
from portal.embedded import Child


def web_argv(settings: Settings) -> list[str]:
    """granian: it served the portal's pages faster than gunicorn's threads did."""
    return [
        *(sys.executable, "-m", "portal.server.web", "wsgi:app", "--interface", "wsgi"),
        *("--host", settings.host, "--port", str(settings.port)),
        *("--workers", str(settings.web_workers)),
        *("--blocking-threads", str(settings.web_threads)),
        *("--http", "1", "--no-ws", "--backlog", "512"),
        *("--working-dir", str(ROOT)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "2"),
        *("--log-level", "warning"),
    ]


def child_environ(settings: Settings) -> dict[str, str]:
    """The environment of web and worker: never the administrator's address of the database."""
    return {
        **os.environ,
        **replace(settings, migrate_database_url="").environ(),
        "PYTHONUNBUFFERED": "1",
    }


def web_child(settings: Settings) -> Child:
    return Child("web", web_argv(settings), child_environ(settings), ROOT, stop_within=8)


def worker_child(settings: Settings) -> Child:
    argv = [sys.executable, "-m", "portal", "worker"]
    return Child("worker", argv, child_environ(settings), ROOT, stop_within=8)


def check_port(settings: Settings) -> None:
    """ConfigError when something else listens there, or the address is not ours."""
    where = f"{settings.host}:{settings.port}"
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        raise ConfigError(f"PORTAL_HOST {settings.host!r} is not an address.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConfigError(
                f"Something else listens on {where}; choose another port with --port or "
                "PORTAL_PORT."
            ) from None
        raise ConfigError(f"The portal may not listen on {where}: {error.strerror}.") from None


def web_address(settings: Settings) -> str:
    """What to type into a browser."""
    return f"http://{_local(settings.host)}:{settings.port}/"


def answers_ready(settings: Settings) -> bool:
    """Whether `/readyz` says 200."""
    connection = http.client.HTTPConnection(_local(settings.host), settings.port, timeout=2)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _local(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "localhost"}.get(host, host)  # noqa: S104 (compared)
