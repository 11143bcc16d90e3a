"""Where the embedded servers keep their files, and who may use the data folder."""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from portal.config import ConfigError

SOCKET_PATH_LIMIT = 90
"""Characters of a folder that still leave room for a socket's name (the kernel allows 107)."""
LEAST_FREE = 200 * 1024 * 1024
"""Bytes that a new database cluster and its first logs need."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one portal's servers and the user they run as."""

    data: Path
    home: Path
    """The servers' own folder; outside `data` when root keeps the data where nobody may go."""
    sockets: Path
    uid: int
    gid: int

    @property
    def postgres(self) -> Path:
        return self.home / "postgres"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def changes_user(self) -> bool:
        return self.uid != os.geteuid()

    def database_url(self, user: str, database: str = "portal") -> str:
        """The address of a database in SQLAlchemy's spelling."""
        host = quote(str(self.sockets), safe="")
        return f"postgresql+psycopg://{user}@/{database}?host={host}"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.redis_socket))}"


def places(data: Path) -> Places:
    """The same answer for every process that asks about this data folder. Creates nothing."""
    home = data / "servers"
    if home.is_symlink():
        home = home.readlink()
    elif os.geteuid() == 0 and not home.exists() and not reachable_by_others(data):
        home = Path("/var/lib") / f"foreign-affairs-portal-{_digest(data)}"
    uid, gid = _server_user(home)
    sockets = home / "run"
    if len(str(sockets)) > SOCKET_PATH_LIMIT:
        sockets = Path("/tmp") / f"portal-{uid}-{_digest(data)}"  # noqa: S108 (short on purpose, checked in prepare)
    return Places(data=data, home=home, sockets=sockets, uid=uid, gid=gid)


def reachable_by_others(path: Path) -> bool:
    """Whether any user may walk down to `path` (as far as it exists)."""
    return all(
        folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents) if folder.exists()
    )


def _server_user(home: Path) -> tuple[int, int]:
    """PostgreSQL refuses root: root's servers run as the cluster's owner, or as nobody."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    try:
        owner = (home / "postgres").stat().st_uid
        person = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except (FileNotFoundError, KeyError):
        person = pwd.getpwnam("nobody")
    return person.pw_uid, person.pw_gid


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]


def prepare(where: Places) -> None:
    """Create the servers' folders with their owners and modes."""
    try:
        link = where.data / "servers"
        if where.home != link and not link.is_symlink() and where.home.exists():
            # The data folder it belonged to was removed: a new one must not wake its database.
            where.home.rename(f"{where.home}.until-{int(time.time())}")
        where.home.mkdir(mode=0o711, parents=True, exist_ok=True)
        if where.home != link and not link.is_symlink():
            link.symlink_to(where.home)
        for folder in (where.home / "log", where.sockets):
            own_folder(folder, where)
        free = shutil.disk_usage(where.home).free
    except OSError as error:
        raise unusable(where.data, error) from None
    if free < LEAST_FREE and not (where.postgres / "PG_VERSION").exists():
        raise ConfigError(
            f"The data folder {where.data} has only {free // 2**20} MB free and a new portal "
            f"needs {LEAST_FREE // 2**20} MB; make room or choose another with --data."
        )


def own_folder(folder: Path, where: Places) -> None:
    """A folder of mode 0700 that belongs to the servers' user, and to nobody who came first."""
    try:
        folder.mkdir(mode=0o700)
        if where.changes_user:
            os.chown(folder, where.uid, where.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != where.uid:
            raise ConfigError(
                f"{folder} is not a folder of user {where.uid}; remove it or choose another "
                "data folder with --data."
            ) from None
        folder.chmod(0o700)


def unusable(data: Path, error: OSError) -> ConfigError:
    """One sentence for a data folder that cannot be written."""
    return ConfigError(
        f"The data folder {data} cannot be written ({error.strerror}); mend that or choose "
        "another with --data or PORTAL_DATA."
    )


class Lock:
    """The exclusive right to run servers on a data folder, held until `release` or death."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def note(self, text: str) -> None:
        """Tell whoever finds the folder locked who holds it."""
        os.truncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def release(self) -> None:
        os.truncate(self._descriptor, 0)
        os.close(self._descriptor)


def hold(data: Path) -> Lock | None:
    """Lock the data folder, creating it; None when another portal holds it."""
    try:
        mode = 0o711 if os.geteuid() == 0 else 0o700
        data.mkdir(mode=mode, parents=True, exist_ok=True)
        descriptor = os.open(data / "portal.lock", os.O_RDWR | os.O_CREAT, 0o600)
        # Opening alone succeeds on a full disk.
        os.pwrite(descriptor, b"", 0)
    except OSError as error:
        raise unusable(data, error) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    try:
        os.pwrite(descriptor, f"process {os.getpid()}".encode(), 0)
    except OSError as error:
        os.close(descriptor)
        raise unusable(data, error) from None
    return Lock(descriptor)


def holder(data: Path) -> str:
    """Who said they hold the data folder's lock."""
    try:
        return (data / "portal.lock").read_text() or "another process"
    except OSError:
        return "another process"


def secret_key(data: Path) -> str:
    """The key that signs cookies, made once and readable by the owner only."""
    path = data / "secret_key"
    try:
        if path.exists() and (key := path.read_text().strip()):
            return key
        key = secrets.token_urlsafe(48)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(key + "\n")
    except OSError as error:
        raise unusable(data, error) from None
    return key
