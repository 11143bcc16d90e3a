"""`portal audit verify` over a million entries, against reading and hashing the same bytes only."""

from __future__ import annotations

import time
from hashlib import sha256
from typing import Any

import psycopg

from portal.audit import source
from portal.audit.verify import check
from portal.core.roles import AUDIT
from portal.server.addresses import connect
from tests.support.audit import fill
from tests.support.cluster import running_cluster

ENTRIES = 1_000_000
SMALL_ENTRIES = 100_000
CHAINS = 150
OWN_CLUSTER = 90
"""Beside the workers of the test suite."""


def rows(*, small: bool = False) -> list[dict[str, Any]]:
    """The rows of the benchmark: name, value, unit, floor, ratio, target, and whether it is met."""
    entries = SMALL_ENTRIES if small else ENTRIES
    with running_cluster(OWN_CLUSTER) as cluster:
        with cluster.superuser() as superuser:
            fill(superuser, entries, CHAINS)
        with connect(cluster.settings.migrate_database_url, role=AUDIT) as auditor:
            floor = max(_read_and_hash(auditor, entries) for _ in range(2))
            speed = max(_verify(auditor, entries) for _ in range(2))
    return [
        {
            "name": f"audit verify, {entries:,} entries in {CHAINS} chains, one core of ours",
            "value": round(speed),
            "unit": "entries/s",
            "floor": round(floor),
            "ratio": round(floor / speed, 2),
            "target": ">= 100,000",
            "met": speed >= 100_000,
        }
    ]


def _verify(auditor: psycopg.Connection, entries: int) -> float:
    start = time.perf_counter()
    with source.snapshot(auditor):
        report = check(source.links(auditor), source.heads(auditor))
    if report.faults or report.entries != entries:
        raise RuntimeError(f"the generated log does not hold: {report}")
    return entries / (time.perf_counter() - start)


def _read_and_hash(auditor: psycopg.Connection, entries: int) -> float:
    start = time.perf_counter()
    with source.snapshot(auditor), auditor.cursor().copy(source.SELECT) as copy:
        for row in copy:
            sha256(row).hexdigest()
    return entries / (time.perf_counter() - start)


if __name__ == "__main__":
    for each in rows():
        print(each)
