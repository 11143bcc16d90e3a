"""Judges every kept verdict again, by the versions it was judged by, and names what differs.

The work is cut into ranges of ids that a few processes take one after the other, each with a
connection of its own: memory does not grow with the number of verdicts.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import psycopg

from portal.compliance.regulation_files import own_version
from portal.compliance.regulations import Regulations, Version, default_regulations
from portal.compliance.verdicts import ReplayError, SealedVerdict, Told, replay

CHUNK: Final = 2_000
"""Ids in one range: a tenth of a second of work, so that no process waits long for the last one."""

_PUBLISHED: Final = (
    "SELECT rule, jurisdiction, definition, document FROM rule_version"
    " WHERE state = 'published' ORDER BY id"
)
_ROWS: Final = """
    SELECT id, activity_id, facts, result, hash, stage, as_of, verdict FROM verdict
     WHERE id BETWEEN %s AND %s ORDER BY id
"""
AT_ONCE: Final = 100
"""Rows that the server sends together."""


class Difference(NamedTuple):
    """One verdict that can no longer be given as it was."""

    verdict_id: int
    activity_id: int
    what: str

    def __str__(self) -> str:
        return f"verdict {self.verdict_id} of file {self.activity_id}: {self.what}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the verdicts are: an address that libpq reads, and the role to read them as."""

    address: str
    role: str

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.address, autocommit=True, options=f"-c role={self.role}")


def replay_all(source: Source, processes: int) -> Iterator[tuple[int, list[Difference]]]:
    """Replay what is stored now; yields after each range how many verdicts and what differs."""
    with source.connect() as connection:
        own = [own_version(*row) for row in connection.execute(_PUBLISHED)]
        found = connection.execute("SELECT min(id), max(id) FROM verdict").fetchone()
    first, last = found or (None, None)
    if first is None:
        return
    ranges = [(start, min(start + CHUNK - 1, last)) for start in range(first, last + 1, CHUNK)]
    with ProcessPoolExecutor(
        min(processes, len(ranges)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(source, own),
    ) as pool:
        yield from pool.map(_replay_range, ranges)


_worker: tuple[psycopg.Connection, Regulations]


def _begin(source: Source, own: Sequence[Version]) -> None:
    global _worker  # noqa: PLW0603 - what one process of the pool keeps between its ranges
    _worker = source.connect(), default_regulations().with_own(own)


def rows_of(connection: psycopg.Connection, ids: tuple[int, int]) -> Iterator[Any]:
    """The verdicts with an id from the first to the last one given, read while they are used."""
    with connection.cursor() as cursor:
        yield from cursor.stream(_ROWS, ids, binary=True, size=AT_ONCE)


def _replay_range(ids: tuple[int, int]) -> tuple[int, list[Difference]]:
    connection, law = _worker
    count, differ = 0, []
    for id_, activity, facts, result, digest, *told in rows_of(connection, ids):
        count += 1
        try:
            replay(SealedVerdict.of(facts, result, digest), law, Told(*told))
        except ReplayError as error:
            differ.append(Difference(id_, activity, str(error)))
    return count, differ
