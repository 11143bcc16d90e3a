"""Reads links and heads from the database, as a stream, for whoever verifies or exports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from portal.audit.links import Link, moment, text_of

_COPY: Final = """COPY (
    SELECT chain_id, seq, at, user_id, actor_tenant_id, acting_for_user_id, to_json(action),
           to_json(subject_type), subject_id, data, encode(prev_hash, 'hex'), encode(hash, 'hex')
      FROM audit_event {} ORDER BY chain_id, seq
) TO STDOUT (NULL 'null')"""
SELECT: Final = _COPY.format("")


@contextmanager
def snapshot(connection: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """One moment of the log, while the portal goes on writing."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL timezone = 'UTC'")
        # The index has the order already; sorting millions of rows would fill the disk.
        connection.execute("SET LOCAL enable_sort = off")
        yield connection


def heads(connection: psycopg.Connection) -> dict[int, tuple[int, bytes]]:
    """Where every chain ends."""
    rows = connection.execute(
        "SELECT chain_id, seq, encode(hash, 'hex') FROM audit_head ORDER BY chain_id"
    )
    return {chain: (seq, digest.encode()) for chain, seq, digest in rows}


def links(connection: psycopg.Connection) -> Iterator[Link]:
    """Every link of every chain in order, at a constant cost of memory."""
    return _copied(connection, "")


def segment(connection: psycopg.Connection, chain: int, first: int, last: int) -> Iterator[Link]:
    """The links of one chain from one number to another. The session's time zone must be UTC."""
    place = f"WHERE chain_id = {chain:d} AND seq BETWEEN {first:d} AND {last:d}"
    return _copied(connection, place)


def _copied(connection: psycopg.Connection, place: str) -> Iterator[Link]:
    with connection.cursor().copy(_COPY.format(place).encode()) as copy:
        for row in copy:
            line = bytes(row)[:-1]
            if b"\\" in line:  # JSON's own; COPY writes them twice
                line = line.replace(b"\\\\", b"\\")
            parts = line.split(b"\t")
            parts[2] = moment(parts[2])
            digest = parts.pop()
            yield Link(int(parts[0]), int(parts[1]), parts[10], digest, text_of(parts))
