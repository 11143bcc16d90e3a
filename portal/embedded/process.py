"""Child processes that die with us, and orphans of a portal that was killed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded.places import Places

CLEAN_ENV = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
PR_SET_PDEATHSIG = 1
LOG_LIMIT = 5 * 1024 * 1024


@dataclass(slots=True)
class Child:
    """One process in a session of its own: a Ctrl-C at the terminal reaches only us."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    log: Path | None = None
    """Where its output goes; None: to ours."""
    uid: int | None = None
    gid: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 10.0
    """Seconds until it is killed."""
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it. Call from the main thread: the parent-death signal follows the thread."""
        other = self.uid if self.uid != os.geteuid() else None
        with contextlib.ExitStack() as stack:
            output = stack.enter_context(_open_log(self.log)) if self.log else None
            self.process = subprocess.Popen(  # noqa: S603 (our own argument lists)
                self.argv,
                env=dict(self.env),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
                user=other,
                group=self.gid if other is not None else None,
                extra_groups=[] if other is not None else None,
                preexec_fn=_die_with_parent(self.stop_signal),  # noqa: PLW1509 (no threads here)
            )

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal_stop(self) -> None:
        """Ask it to stop; `finish` waits."""
        if self.process and self.alive():
            self.process.send_signal(self.stop_signal)

    def finish(self, within: float | None = None) -> None:
        """Wait until it has stopped; kill what is left of its session after the deadline."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.stop_within if within is None else within)
        # Also when it ended by itself: its own children may have survived it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)

    def stop(self) -> None:
        self.signal_stop()
        self.finish()

    def last_words(self) -> str:
        """The last line it wrote to its log that says what went wrong."""
        if self.log is None or not self.log.exists():
            return ""
        lines = self.log.read_bytes()[-8000:].decode(errors="replace").splitlines()
        telling = [line for line in lines if "FATAL" in line or "error" in line.lower()]
        return (telling or lines or [""])[-1].strip()


@contextlib.contextmanager
def _open_log(path: Path) -> Iterator[int]:
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".old"))
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def server(
    name: str, argv: Sequence[str], where: Places, stop_signal: signal.Signals, within: float
) -> Child:
    """Start an embedded server as its own user, with a clean environment and a log."""
    child = Child(
        name=name,
        argv=argv,
        env=CLEAN_ENV,
        cwd=where.home,
        log=where.home / "log" / f"{name}.log",
        uid=where.uid,
        gid=where.gid,
        stop_signal=stop_signal,
        stop_within=within,
    )
    child.start()
    return child


def _die_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """Linux sends the child this signal when we die; elsewhere the next start stops orphans."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def command_line(pid: int) -> str:
    """How a running process was started; '' when there is none."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except OSError:
        if Path("/proc/self").exists():
            return ""
    shown = subprocess.run(  # noqa: S603 (a number)
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.strip()


def running(pid: int) -> bool:
    """Whether the process exists (a zombie does not count)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return bool(command_line(pid))


def stop_orphan(pid: int, *signals: tuple[signal.Signals, float]) -> bool:
    """Stop a process that a killed portal left behind: each signal, then wait so many seconds."""
    for sent, seconds in signals:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sent)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not running(pid):
                return True
            time.sleep(0.05)
    return not running(pid)
