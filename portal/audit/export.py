"""The log as a file: a line for each link, exactly as it was hashed, then one signed checkpoint.

A line is JSON whose last key is the link's hash; the hash covers the line without that key, so
that anybody with SHA-256 can follow a chain. The checkpoint names the heads of all chains; its
HMAC proves that this portal wrote it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final

from portal.audit.links import Link
from portal.audit.verify import Heads

_HASH_KEY: Final = b', "hash": "'
_TAIL: Final = len(_HASH_KEY) + 64 + len(b'"}\n')


class ExportError(Exception):
    """A file that is no export of an audit log; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where all chains ended at a moment; `signed` is None when it was not checked."""

    at: str
    heads: Heads
    signed: bool | None


def write(links: Iterable[Link], heads: Heads, at: datetime, secret: str, file: IO[bytes]) -> int:
    """Write the log to `file`; returns the number of links."""
    count = 0
    for link in links:
        file.write(b'%b%b%b"}\n' % (link.text[:-1], _HASH_KEY, link.hash))
        count += 1
    file.write(checkpoint_line(heads, at, secret))
    return count


def checkpoint_line(heads: Heads, at: datetime, secret: str) -> bytes:
    """The heads of all chains under one signature."""
    body = {
        "at": at.isoformat(),
        "heads": [[chain, seq, digest.decode()] for chain, (seq, digest) in sorted(heads.items())],
    }
    line = {"checkpoint": body, "hmac_sha256": _signature(body, secret)}
    return json.dumps(line).encode() + b"\n"


def read_links(file: IO[bytes], found: list[bytes]) -> Iterator[Link]:
    """The links of an exported file; its checkpoint line is put into `found`.

    Raises ExportError for a line that is none.
    """
    for number, line in enumerate(file, start=1):
        if line.startswith(b'{"checkpoint"'):
            found.append(line)
            continue
        if found:
            raise ExportError(f"Line {number} stands behind the checkpoint.")
        yield _read_link(line, number)


def _read_link(line: bytes, number: int) -> Link:
    text = line[:-_TAIL] + b"}"
    try:
        if not line[-_TAIL:].startswith(_HASH_KEY):
            raise ValueError("no hash")
        entry = json.loads(text)
        place = int(entry["chain"]), int(entry["seq"])
        return Link(*place, entry["prev"].encode(), line[-67:-3], text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ExportError(f"Line {number} is not an entry of an audit log.") from error


def read_checkpoint(line: bytes, secret: str) -> Checkpoint:
    """The checkpoint in `line`; its signature is checked when there is a `secret`."""
    try:
        whole: dict[str, Any] = json.loads(line)
        body = whole["checkpoint"]
        heads = {chain: (seq, str(digest).encode()) for chain, seq, digest in body["heads"]}
        signature = str(whole["hmac_sha256"])
        at = str(body["at"])
    except (ValueError, KeyError, TypeError) as error:
        raise ExportError("The checkpoint cannot be read.") from error
    signed = hmac.compare_digest(signature, _signature(body, secret)) if secret else None
    return Checkpoint(at, heads, signed)


def last_checkpoint(file: IO[bytes], secret: str) -> Checkpoint:
    """The checkpoint at the end of an exported file, or of a file that holds nothing else."""
    lines = deque(file, maxlen=1)
    return read_checkpoint(lines.pop() if lines else b"", secret)


def _signature(body: Any, secret: str) -> str:
    key = hmac.digest(secret.encode(), b"portal audit checkpoint", hashlib.sha256)
    return hmac.new(key, json.dumps(body).encode(), hashlib.sha256).hexdigest()
