"""`make bench`: design.md's numbers, each against its floor in the same run; a table and JSON.

python -m tests.bench [--small] [--only NAME …] [--json FILE]

A row that misses its target says "NOT MET" and is named again at the end. That does not fail the
run: how fast a shared machine is in this minute is no property of the portal. What fails it is
something that does not work.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

MODULES = (
    "authorisation",
    "compliance",
    "streaming",
    "kept",
    "audit",
    "whatif",
    "pages",
    "service",
    "memory",
)
SCALED = ("streaming", "kept", "audit", "pages")
"""Those whose size `--small` divides by ten."""
COLUMNS = ("name", "value", "unit", "floor", "ratio", "target", "met")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument(
        "--small", action="store_true", help="a tenth of files, verdicts, lines and entries"
    )
    parser.add_argument("--only", nargs="*", choices=MODULES, default=MODULES)
    parser.add_argument("--json", type=Path, default=Path("bench-results.json"))
    given = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for name in given.only:
        measure: Callable[..., list[dict[str, Any]]] = import_module(f"tests.bench.{name}").rows
        say(f"\n{name}")
        for row in measure(small=given.small) if name in SCALED else measure():
            rows.append(row)
            say(line(row))
    given.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    missed = [row["name"] for row in rows if row["met"] is False]
    say(f"\n{len(rows)} rows in {given.json}; not met: {', '.join(missed) or 'none'}")
    return 0


def line(row: dict[str, Any]) -> str:
    """One row of the table."""
    floor = "" if row["floor"] is None else f"floor {row['floor']}"
    ratio = "" if row["ratio"] is None else f"x {row['ratio']}"
    met = {True: "met", False: "NOT MET", None: ""}[row["met"]]
    return (
        f"  {row['name']:<66} {row['value']:>10} {row['unit']:<10} "
        f"{floor:<14} {ratio:<8} {row['target']:<22} {met}"
    )


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
