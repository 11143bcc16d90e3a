"""A generated audit log of any length, linked as the portal links it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import psycopg

from portal.audit.links import GENESIS, text_of

START = datetime(2025, 12, 26, tzinfo=UTC)
DATA = '{"to": "submitted", "from": "in-review", "reason": "bổ sung \\"A\\"", "version": %d}'


def generated(
    entries: int, chains: int, heads: dict[int, tuple[int, bytes]]
) -> Iterator[tuple[object, ...]]:
    """Rows of audit_event, the chains taking turns; `heads` receives where each chain ends."""
    for number in range(entries):
        chain, at = b"%d" % (1 + number % chains), START + timedelta(microseconds=number * 250_007)
        last, prev = heads.get(int(chain), (0, GENESIS))
        seq, user = b"%d" % (last + 1), b"%d" % (number % 997) if number % 7 else b"null"
        when, data = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode(), (DATA % (number % 9)).encode()
        parts = [chain, seq, when, user, chain, b"null", b'"activity.submitted"', b'"activity"']
        text = text_of([*parts, b"%d" % number, data, prev])
        heads[int(chain)] = (last + 1, sha256(text).hexdigest().encode())
        yield (
            int(chain), last + 1, at, None if user == b"null" else int(user), int(chain), None,
            "activity.submitted", "activity", number, data.decode(),
            bytes.fromhex(prev.decode()), sha256(text).digest(),
        )  # fmt: skip


def fill(superuser: psycopg.Connection, entries: int, chains: int) -> None:
    """Put a generated log into the database, past the function that guards it."""
    heads: dict[int, tuple[int, bytes]] = {}
    with superuser.transaction(), superuser.cursor() as cursor:
        with cursor.copy(
            "COPY audit_event (chain_id, seq, at, user_id, actor_tenant_id, acting_for_user_id,"
            " action, subject_type, subject_id, data, prev_hash, hash) FROM STDIN"
        ) as copy:
            for row in generated(entries, chains, heads):
                copy.write_row(row)
        with cursor.copy("COPY audit_head (chain_id, seq, hash) FROM STDIN") as copy:
            for chain, (seq, digest) in heads.items():
                copy.write_row((chain, seq, bytes.fromhex(digest.decode())))
    superuser.execute("ANALYZE audit_event")
