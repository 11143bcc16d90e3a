"""A generated audit log of any length, linked as the portal links it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import psycopg

from portal.audit.links import GENESIS, NOBODY, data_text, moment, quoted, text_of

BASE = 820_000_000_000_000
"""Microseconds since 2000-01-01: the end of 2025."""


def generated(
    entries: int, chains: int, heads: dict[int, tuple[int, bytes]]
) -> Iterator[tuple[object, ...]]:
    """Rows of audit_event, the chains taking turns; `heads` receives where each chain ends."""
    action, subject = quoted("activity.submitted"), quoted("activity")
    for number in range(entries):
        chain, at = 1 + number % chains, BASE + number * 250_007
        seq, prev = heads.get(chain, (0, GENESIS))
        user = NOBODY if number % 7 == 0 else number % 997
        data = data_text(
            {"from": "in-review", "to": "submitted", "version": number % 9, "reason": 'bổ sung "A"'}
        )
        when = moment(at)
        text = text_of(
            chain, seq + 1, when, user, chain, NOBODY, action, subject, number, data, prev
        )
        heads[chain] = (seq + 1, sha256(text).digest())
        yield (
            chain, seq + 1, when.decode(), None if user == NOBODY else user, chain, None,
            "activity.submitted", "activity", number, data.decode(), prev, heads[chain][1],
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
                copy.write_row((chain, seq, digest))
    superuser.execute("ANALYZE audit_event")
