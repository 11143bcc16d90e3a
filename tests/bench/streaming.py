"""`portal compliance check FILE.jsonl`: cases a second of one core, and memory however many lines.

The lines are the hand-written cases of policies/regulations, of every kind of activity, each on
one day after the other: nothing is judged twice.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from portal.compliance.regulations import DEFAULT_FOLDER
from tests.bench.measuring import row

LINES = (10_000, 100_000)
SMALL_LINES = (2_000, 20_000)
PORTAL = Path(sys.executable).with_name("portal")


class Spent(NamedTuple):
    """What one process took: seconds of a core, and its largest resident memory in MB."""

    seconds: float
    memory: float


def rows(*, small: bool = False) -> list[dict[str, Any]]:
    """Cases a second, and what ten times as many lines do to memory."""
    few, many = SMALL_LINES if small else LINES
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        files = [_written(Path(folder) / f"{lines}.jsonl", lines) for lines in (few, many)]
        floor = _spent(sys.executable, "-c", PARSE_ONLY, str(files[1]))
        low, high = (_spent(str(PORTAL), "compliance", "check", str(file)) for file in files)
    speed = (many - few) / (high.seconds - low.seconds)
    return [
        row(f"check of {many:,} cases in a .jsonl, one core", speed, "1/s", ">= 3,000",
            met=speed >= 3_000, floor=many / floor.seconds),
        row(f"its memory: {many:,} lines against {few:,}", high.memory, "MB", "<= 1.1 x",
            met=high.memory <= 1.1 * low.memory, floor=low.memory),
    ]  # fmt: skip


PARSE_ONLY = (
    "import json, sys\n"
    "for line in open(sys.argv[1], encoding='utf-8'):\n"
    "    json.dumps(json.loads(line), ensure_ascii=False)"
)
"""The floor: every line read and written again as JSON."""


TELL = (
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "print(used.ru_utime + used.ru_stime, used.ru_maxrss)"
)
"""Runs a command; prints its seconds of a core and its largest resident memory in kilobytes."""


def _written(file: Path, lines: int) -> Path:
    with file.open("w", encoding="utf-8") as stream:
        for case in islice(_cases(), lines):
            stream.write(json.dumps(case, ensure_ascii=False) + "\n")
    return file


def _cases() -> Iterator[Any]:
    """The questions of the case files, then all of them a day earlier, and so on."""
    written = [
        case
        for file in sorted((DEFAULT_FOLDER / "cases").glob("*.yaml"))
        for case in yaml.load_all(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
        if case["as_of"].year > 2000  # the first day that a case may have
    ]
    for days in count():
        for case in written:
            question = {key: value for key, value in case.items() if key != "expect"}
            yield _moved(question, timedelta(days=-days))


def _moved(value: Any, by: timedelta) -> Any:
    """The same with every date moved; dates become texts, as JSON has them."""
    if isinstance(value, dict):
        return {key: _moved(inner, by) for key, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner, by) for inner in value]
    return (value + by).isoformat() if isinstance(value, date) else value


def _spent(*command: str) -> Spent:
    """Run by a small process: the memory of a large one would be counted to its child."""
    told = subprocess.run(
        [sys.executable, "-c", TELL, *command], check=True, capture_output=True, text=True
    )
    seconds, kilobytes = told.stdout.split()
    return Spent(float(seconds), int(kilobytes) / 1024)
