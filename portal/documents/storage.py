"""Bytes under their own hash in the data folder: files/ab/cdef…, written whole or not at all.

A file is written beside its place, flushed to the disk and then renamed. The row that names it is
committed afterwards; a transaction that fails leaves an orphan, which `remove_orphans` finds.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

_BLOCK: Final = 256 * 1024
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_INCOMING: Final = "incoming"
_FOLDER: Final = re.compile(rf"[0-9a-f]{{2}}|{_INCOMING}")
ORPHAN_AFTER: Final = 24 * 3600
"""Seconds after which bytes that no row names are garbage: no upload takes so long."""


class TooLargeError(Exception):
    """More bytes than are allowed."""


@dataclass(slots=True)
class Incoming:
    """Bytes that were received and are not kept yet."""

    path: Path
    sha256: str
    size: int


class Store:
    """The files of one portal."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where the bytes with this hash lie, whether or not they are there."""
        if not _HASH.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self.root / sha256[:2] / sha256[2:]

    @contextmanager
    def receive(self, stream: IO[bytes], at_most: int) -> Iterator[Incoming]:
        """Write `stream` beside its place; gone after the block unless it was kept.

        Raises TooLargeError above `at_most` bytes.
        """
        folder = self.root / _INCOMING
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / secrets.token_hex(16)
        digest, size = hashlib.sha256(), 0
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                while block := stream.read(_BLOCK):
                    size += len(block)
                    if size > at_most:
                        raise TooLargeError
                    digest.update(block)
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            yield Incoming(path, digest.hexdigest(), size)
        finally:
            path.unlink(missing_ok=True)

    def keep(self, incoming: Incoming) -> None:
        """Move the bytes to their place; the same bytes are kept once."""
        target = self.path(incoming.sha256)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            # An orphan that is wanted again must not be swept away meanwhile.
            os.utime(target)
            if target.stat().st_size == incoming.size:
                return
        except FileNotFoundError:
            pass
        incoming.path.replace(target)
        _flush_folder(target.parent)
        _flush_folder(self.root)

    def open(self, sha256: str) -> IO[bytes]:
        """The bytes, for reading; FileNotFoundError when they are lost."""
        return self.path(sha256).open("rb")

    def remove_orphans(self, known: Callable[[list[str]], Iterable[str]]) -> tuple[int, int]:
        """Remove old files of which `known` (hashes → those that a row names) knows nothing.

        Whatever else lies in the folder is not ours and stays. Returns how many and how many bytes.
        """
        before = time.time() - ORPHAN_AFTER
        count = size = 0
        for folder in sorted(self.root.glob("*/")):
            if not _FOLDER.fullmatch(folder.name):
                continue
            old = [path for path in folder.iterdir() if _is_ours(path) and _is_older(path, before)]
            if folder.name == _INCOMING:
                wanted = set()
            else:
                hashes = [folder.name + path.name for path in old]
                wanted = {digest[2:] for digest in known(hashes)} if hashes else set()
            for path in old:
                # Asked once more: an upload may have renewed it a moment ago.
                if path.name in wanted or not _is_older(path, before):
                    continue
                with suppress(FileNotFoundError):  # another worker was quicker
                    length = path.stat().st_size
                    path.unlink()
                    count, size = count + 1, size + length
        return count, size


def _is_ours(path: Path) -> bool:
    if path.parent.name == _INCOMING:
        return True
    return _HASH.fullmatch(path.parent.name + path.name) is not None


def _is_older(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some file systems cannot
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
