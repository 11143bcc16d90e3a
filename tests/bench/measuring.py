"""What the rows share: timing and the shape of a row."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any


def p50(work: Callable[[], object], times: int, warm: int = 5) -> float:
    """The median of `times` runs, in milliseconds."""
    for _ in range(warm):
        work()
    return median(timed(work) for _ in range(times))


def in_turn(*works: Callable[[], object], times: int = 40, warm: int = 5) -> list[float]:
    """The medians of several, run one after the other: a machine's slow moment meets them all."""
    for work in works * warm:
        work()
    found = [[timed(work) for work in works] for _ in range(times)]
    return [median(column) for column in zip(*found, strict=True)]


def timed(work: Callable[[], object]) -> float:
    """One run, in milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def row(
    name: str,
    value: float,
    unit: str,
    target: str,
    *,
    met: bool | None,
    floor: float | None = None,
) -> dict[str, Any]:
    """One row of the benchmark."""
    return {
        "name": name,
        "value": round(value, 2),
        "unit": unit,
        "floor": None if floor is None else round(floor, 2),
        "ratio": None if floor is None else round(value / floor, 2),
        "target": target,
        "met": met,
    }
