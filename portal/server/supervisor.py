"""Keeps the portal's processes alive and ends them together."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from types import FrameType

import click

from portal.embedded import Child, Servers

LOOK_EVERY = 0.2
QUICK_DEATH = 5.0
"""A child that lived shorter than so many seconds is restarted more and more slowly."""
SLOWEST = 10.0


class Supervisor:
    """Restarts what dies; on SIGTERM or Ctrl-C stops web and worker first, the servers last."""

    def __init__(self, servers: Servers | None) -> None:
        self.servers = servers
        self.children: list[Child] = []
        self._stopping = False
        self._born: dict[str, float] = {}
        self._deaths: dict[str, int] = {}
        self._due: dict[str, float] = {}

    def catch_signals(self) -> None:
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wanted, self._on_signal)

    def stopping(self) -> bool:
        """Whether somebody asked us to stop."""
        return self._stopping

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def add(self, child: Child) -> None:
        self.children.append(child)
        self._start(child)

    def wait_until(self, ready: Callable[[], bool], within: float) -> bool:
        """Wait for readiness; False when told to stop, when a child died, or when time is up."""
        until = time.monotonic() + within
        while not self.stopping() and time.monotonic() < until:
            if any(not child.alive() for child in self.children):
                return False
            if ready():
                return True
            time.sleep(0.05)
        return False

    def run_to_end(self, child: Child) -> int | None:
        """Let a child do its work once; its exit code, or None when told to stop meanwhile."""
        child.start()
        while child.alive() and not self.stopping():
            time.sleep(0.05)
        child.stop()
        return child.process.returncode if child.process and not self.stopping() else None

    def watch(self) -> None:
        """Until a signal comes: notice the dead and start them again, with a message."""
        while not self.stopping():
            for child in [*(self.servers.children if self.servers else []), *self.children]:
                if not child.alive():
                    self._revive(child)
            time.sleep(LOOK_EVERY)

    def stop(self) -> None:
        """Stop all, each killed after its deadline."""
        for child in self.children:
            child.signal_stop()
        for child in self.children:
            child.finish()
        if self.servers:
            self.servers.stop()

    def _start(self, child: Child) -> None:
        child.start()
        self._born[child.name] = time.monotonic()

    def _revive(self, child: Child) -> None:
        now, name = time.monotonic(), child.name
        if name not in self._due:
            lived = now - self._born.get(name, 0.0)
            self._deaths[name] = self._deaths.get(name, 0) + 1 if lived < QUICK_DEATH else 0
            delay = min(SLOWEST, 0.5 * 2 ** self._deaths[name]) if self._deaths[name] else 0.0
            self._due[name] = now + delay
            code = child.process.returncode if child.process else None
            click.echo(f"portal: {name} ended ({_how(code)}); it is started again.", err=True)
        if now < self._due[name]:
            return
        del self._due[name]
        if self.servers and child in self.servers.children:
            self.servers.restart(child)
            self._born[name] = time.monotonic()
        else:
            child.finish(0)
            self._start(child)


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
