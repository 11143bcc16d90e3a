"""Portals of their own, started and stopped by the tests."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.portal_process import PortalProcess


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder that the servers' user may enter, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="portal-run-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., PortalProcess]]:
    """Start a portal on a folder of its own; all are stopped at the end."""
    started: list[PortalProcess] = []

    def begin(data: str = "data", **environ: str) -> PortalProcess:
        started.append(PortalProcess(folder / data, **environ))
        return started[-1]

    yield begin
    for portal in started:
        portal.close()


@pytest.fixture
def as_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can arrange this")
