"""A real `portal run` in a process of its own, for tests of starting, stopping and dying."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from portal.config import ROOT


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool], within: float) -> bool:
    """Whether `condition` came true within so many seconds."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return condition()


class PortalProcess:
    """Starts `portal run` on a data folder; `stop` or `kill` it."""

    def __init__(self, data: Path, **environ: str) -> None:
        self.data = data
        self.port = int(environ.get("PORTAL_PORT") or free_port())
        self.log = data.with_name(f"{data.name}.{self.port}.log")
        settings = {"PORTAL_DEMO": "0", "PORTAL_PORT": str(self.port), "PORTAL_DATA": str(data)}
        self.environ = {
            **{k: v for k, v in os.environ.items() if not k.endswith("_URL")},
            **settings,
            **environ,
        }
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal", "run"],
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.log.read_text()

    def get(self, path: str) -> tuple[int, dict[str, str]]:
        """Status and JSON of a page; status 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()

    def ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def wait_ready(self, within: float = 60) -> PortalProcess:
        assert until(lambda: self.ready() or self.process.poll() is not None, within), self.said()
        assert self.process.poll() is None, self.said()
        assert until(lambda: "The portal is at" in self.said(), 10), self.said()
        return self

    def interrupt(self, within: float = 30) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(within)

    def kill(self) -> None:
        """The power cut of a supervisor."""
        self.process.kill()
        self.process.wait(10)

    def close(self) -> None:
        if self.process.poll() is None:
            try:
                self.interrupt()
            except subprocess.TimeoutExpired:
                self.kill()

    def pids(self, words: str) -> list[int]:
        """Processes started for this portal whose command line has `words` in it."""
        return [
            pid for pid, line, env in _processes() if words in line and self._is_ours(line, env)
        ]

    def command_lines(self, words: str) -> list[str]:
        ours = set(self.pids(words))
        return [line for pid, line, _ in _processes() if pid in ours]

    def _is_ours(self, line: str, env: str) -> bool:
        return str(self.data) in line or f"PORTAL_DATA={self.data}\0" in env


def _processes() -> list[tuple[int, str, str]]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            env = (folder / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        found.append((int(folder.name), line, env))
    return found
