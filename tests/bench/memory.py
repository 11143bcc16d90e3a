"""Memory of a running portal with the demo province, after somebody has looked around."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.bench.measuring import row
from tests.support.portal_process import PortalProcess, until

MB = 1024


def rows() -> list[dict[str, Any]]:
    """Each process's share (PSS) of memory."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        Path(folder).chmod(0o711)
        portal = PortalProcess(Path(folder) / "data", PORTAL_DEMO="1")
        try:
            address = f"http://127.0.0.1:{portal.port}"
            assert until(lambda: _answers(address), 90), portal.said()
            for _ in range(50):
                urlopen(f"{address}/sign-in").read()
            tree = _tree(portal.process.pid)
            web = [_pss(pid) for pid in tree if "portal.server.web" in _command(pid)]
            whole = sum(_pss(pid) for pid in tree)
        finally:
            portal.process.terminate()
            portal.process.wait(20)
    return [
        row("memory of the largest web process", max(web) / MB, "MB", "<= 150 MB",
            met=max(web) <= 150 * MB),
        row("memory of the whole embedded portal", whole / MB, "MB", "<= 600 MB",
            met=whole <= 600 * MB),
    ]  # fmt: skip


def _answers(address: str) -> bool:
    try:
        return bool(urlopen(f"{address}/readyz", timeout=2).status == 200)
    except OSError:
        return False


def _tree(root: int) -> list[int]:
    """The process and all that descend from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat[1])
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _pss(pid: int) -> int:
    """Kilobytes: private memory and a fair share of what is shared."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith("Pss:")))


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
