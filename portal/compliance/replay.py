"""Judges every kept verdict again, by the versions it was judged by, and names what differs.

The work is cut into ranges of ids that a few processes take one after the other, each with a
connection of its own: memory does not grow with the number of verdicts.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Final, NamedTuple

import orjson
import psycopg

from portal.compliance.regulation_files import own_version
from portal.compliance.regulations import Regulations, Version, default_regulations
from portal.compliance.verdicts import ReplayError, SealedVerdict, replay

CHUNK: Final = 10_000
"""Ids in one range; a range is a few seconds of work at most."""

_PUBLISHED: Final = (
    "SELECT rule, jurisdiction, definition, document FROM rule_version"
    " WHERE state = 'published' ORDER BY id"
)
_ROWS: Final = """COPY (
    SELECT id, activity_id, encode(hash, 'hex'), facts, result FROM verdict
     WHERE id BETWEEN {} AND {} ORDER BY id
) TO STDOUT"""


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


def _replay_range(ids: tuple[int, int]) -> tuple[int, list[Difference]]:
    connection, law = _worker
    count, differ = 0, []
    with connection.cursor() as cursor, cursor.copy(_ROWS.format(*ids).encode()) as rows:
        for row in rows:
            count += 1
            difference = replay_row(bytes(row), law)
            if difference is not None:
                differ.append(difference)
    return count, differ


def replay_row(row: bytes, law: Regulations) -> Difference | None:
    """One line of COPY: id, file, hash, facts, result."""
    if b"\\" in row:
        row = row.replace(b"\\\\", b"\\")
    id_, activity, digest, facts, result = row.rstrip(b"\n").split(b"\t")
    stored = SealedVerdict(
        orjson.loads(facts), orjson.loads(result), bytes.fromhex(digest.decode())
    )
    try:
        replay(stored, law)
    except ReplayError as error:
        return Difference(int(id_), int(activity), str(error))
    return None
