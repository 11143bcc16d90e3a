"""One link of a chain as text, and what it takes to write it.

The text is canonical JSON: fixed order of keys, one space after `,` and `:`, letters as they are,
data as PostgreSQL's jsonb writes them. The database function `audit_append` builds the same text,
`portal audit export` writes it out line by line; a test makes them agree. Hashes are SHA-256 over
the text, in hexadecimal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

GENESIS: Final = b"0" * 64
"""What the first link of a chain follows."""


class Link(NamedTuple):
    """A link as it is stored: its place, the hash before it, its own hash, and what was hashed."""

    chain: int
    seq: int
    prev: bytes
    hash: bytes
    text: bytes


_TEMPLATE: Final = (
    b'{"chain": %b, "seq": %b, "at": "%b", "user": %b, "tenant": %b, "acting_for": %b,'
    b' "action": %b, "subject": %b, "subject_id": %b, "data": %b, "prev": "%b"}'
)


def text_of(parts: Sequence[bytes]) -> bytes:
    """What is hashed, of the eleven parts in their order: all of them JSON already, except the
    hash of the link before and the `moment`."""
    return _TEMPLATE % tuple(parts)


def moment(shown: bytes) -> bytes:
    """`2026-11-23 03:00:00.1234+00`, as PostgreSQL shows it in UTC, as ISO to the microsecond."""
    if len(shown) == 29:
        return b"%bT%bZ" % (shown[:10], shown[11:26])
    day, _, rest = shown.removesuffix(b"+00").partition(b" ")
    time, _, fraction = rest.partition(b".")
    return b"%bT%b.%bZ" % (day, time, fraction.ljust(6, b"0"))
