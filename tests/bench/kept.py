"""A million kept verdicts: judged again, and what one stricter rule would change in them.

They are the verdicts of the demo province, given by the portal itself, with their files, again and
again in their order: the judging process finds nothing sooner than in a real log.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from hashlib import sha256
from multiprocessing import get_context
from typing import Any, Final

import psycopg
from flask import Flask
from psycopg import sql
from psycopg.types.json import Jsonb

from portal.compliance.replay import CHUNK, Source, replay_all, rows_of
from portal.core.roles import AUDIT
from portal.demo.load import load_if_empty
from portal.extensions import db
from portal.factory import create_app
from portal.jobs.worker import as_system
from portal.register import impact
from portal.server.addresses import conninfo
from tests.bench.generate import without_indexes
from tests.bench.measuring import row, timed
from tests.support.cluster import running_cluster

VERDICTS = 1_000_000
SMALL_VERDICTS = 100_000
IMPACT_OF_A_MILLION = 60.0
PROCESSES = 2
OWN_CLUSTER = 92
STRICTER: Final = {
    "valid_from": "2024-01-01",
    "severity": "block",
    "waivable_by": "standing-committee",
    "params": {"limit": 1},
    "legal_basis": [{"document": "own", "clause": "Điều 2"}],
    "level": "province",
    "mark": "V",
    "checked_on": "2026-01-05",
    "checked_by": "Sở Ngoại vụ",
}
"""One trip a year instead of two for a leader, from before the first of the verdicts."""
DIRECTIVE: Final = {
    "number": "7/CT-UBND",
    "title": {"vi": "Chỉ thị", "en": "Directive"},
    "date": "2023-12-20",
    "level": "province",
    "address": "Sở Ngoại vụ",
}


def rows(*, small: bool = False) -> list[dict[str, Any]]:
    """Verdicts a second on two cores, and seconds of a count for one rule."""
    with running_cluster(OWN_CLUSTER) as cluster:
        app = create_app(cluster.settings)
        with app.app_context():
            load_if_empty()
        try:
            with cluster.superuser() as superuser:
                kept = _multiplied(superuser, SMALL_VERDICTS if small else VERDICTS)
                source = Source(conninfo(cluster.settings.migrate_database_url), AUDIT)
                floor = _a_second(kept, lambda: _read_and_hash(source, kept))
                speed = _a_second(kept, lambda: _replayed(source, kept))
                reading = timed(lambda: _read(source, kept)) / 1000
                seconds, files, changed = _counted(app, superuser)
        finally:
            with app.app_context():
                db.engine.dispose()
    limit = IMPACT_OF_A_MILLION * kept / 1_000_000
    return [
        row(f"{kept:,} kept verdicts judged again, {PROCESSES} cores", speed, "1/s", ">= 20,000",
            met=speed >= 20_000, floor=floor),
        row(f"impact over {kept:,} verdicts: {changed:,} of {files:,} files change", seconds, "s",
            f"<= {limit:.0f} s", met=seconds <= limit, floor=reading),
    ]  # fmt: skip


def _multiplied(superuser: psycopg.Connection, wanted: int) -> int:
    """So many verdicts and the files they belong to, give or take those of one province."""
    execute = superuser.execute
    execute("SET session_replication_role = replica")
    execute("CREATE TEMP TABLE given AS SELECT * FROM verdict ORDER BY id")
    execute(
        "CREATE TEMP TABLE file AS"
        " SELECT * FROM activity WHERE id IN (SELECT activity_id FROM verdict)"
    )
    once = execute("SELECT count(*), (SELECT max(id) FROM activity) FROM given").fetchone()
    assert once is not None
    turns = -(-wanted // once[0])
    files, verdicts = (
        _copying(superuser, "activity", "id"),
        _copying(superuser, "verdict", "activity_id"),
    )
    with without_indexes(superuser, "activity", "verdict"):
        for turn in range(1, turns):
            execute(files, [turn * once[1]])
            execute(verdicts, [turn * once[1]])
    execute("VACUUM ANALYZE verdict, activity")
    return int(once[0]) * turns


def _copying(superuser: psycopg.Connection, table: str, number: str) -> sql.Composed:
    """The statement that copies the rows of one province, with so much added to their `number`."""
    source = {"activity": "file", "verdict": "given"}[table]
    found = superuser.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
        " AND NOT (table_name = 'verdict' AND column_name = 'id')",
        [table],
    )
    columns = [sql.Identifier(name) for (name,) in found if name != number]
    return sql.SQL(
        "INSERT INTO {table} ({number}, {columns}) OVERRIDING SYSTEM VALUE"
        " SELECT {number} + %s, {columns} FROM {source} ORDER BY {source}.id"
    ).format(
        table=sql.Identifier(table),
        number=sql.Identifier(number),
        columns=sql.SQL(", ").join(columns),
        source=sql.Identifier(source),
    )


def _a_second(count: int, work: Callable[[], None]) -> float:
    return count / timed(work) * 1000


def _replayed(source: Source, kept: int) -> None:
    parts = list(replay_all(source, PROCESSES))
    differing = [difference for _, differences in parts for difference in differences]
    if differing or sum(count for count, _ in parts) != kept:
        raise RuntimeError(f"{kept} verdicts, {differing[:3]} differ")


def _read_and_hash(source: Source, kept: int) -> None:
    """The floor of replaying: the same ranges of rows in as many processes, hashed as bytes."""
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), _begin, (source,)) as pool:
        list(pool.map(_hash_range, range(1, kept, CHUNK)))


_connection: psycopg.Connection


def _begin(source: Source) -> None:
    global _connection  # noqa: PLW0603 - as in portal.compliance.replay
    _connection = source.connect()


def _hash_range(first: int) -> None:
    for _id, _file, facts, result, *_ in rows_of(_connection, (first, first + CHUNK - 1)):
        sha256(f"{facts}{result}".encode()).digest()


def _read(source: Source, kept: int) -> None:
    """The floor of counting: the same rows read by one process."""
    with source.connect() as connection:
        for _ in rows_of(connection, (1, kept)):
            pass


def _counted(app: Flask, superuser: psycopg.Connection) -> tuple[float, int, int]:
    """Seconds of one count as a worker makes it, the files looked at, and those that change."""
    user = superuser.execute("SELECT min(id) FROM user_account").fetchone()
    version = superuser.execute(
        "INSERT INTO rule_version (rule, jurisdiction, valid_from, definition, document, loosens,"
        " state, revision, drafted_by, created_at) VALUES ('outbound.leader-trips', 'quang-nam',"
        " %s, %s, %s, false, 'draft', 1, %s, now()) RETURNING id",
        [date(2024, 1, 1), Jsonb(STRICTER), Jsonb(DIRECTIVE), *(user or ())],
    ).fetchone()
    run = superuser.execute(
        "INSERT INTO impact_run (rule_version_id, revision, state, done, requested_by, created_at,"
        " heard_at) VALUES (%s, 1, 'waiting', 0, %s, now(), now()) RETURNING id",
        [*(version or ()), *(user or ())],
    ).fetchone()
    began = time.perf_counter()
    with as_system(app):
        impact.run_waiting()
    seconds = time.perf_counter() - began
    told = "SELECT result -> 'files' FROM impact_run WHERE id = %s"
    result = superuser.execute(told, run).fetchone()
    assert result is not None
    return seconds, result[0]["considered"], result[0]["changed"]
