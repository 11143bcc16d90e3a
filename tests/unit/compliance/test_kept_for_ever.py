"""Verdicts kept by the portal of December 2026 are read, understood and given again for ever.

A name that changes in the facts, or a default, would make stored verdicts unreadable or let them
mean something else; code that writes and reads with the same change would not notice. Lines are
only ever added to the file beside this one.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct, structs

from portal.compliance.verdicts import SealedVerdict, replay, restore, seal

KEPT = [
    json.loads(line)
    for line in Path(__file__).with_name("kept_for_ever.jsonl").read_text("utf-8").splitlines()
]
each = pytest.mark.parametrize("kept", KEPT, ids=[kept["case"] for kept in KEPT])


def spelled_out(value: object) -> Any:
    """Every fact by its name, those too that are left out where they equal their default."""
    if isinstance(value, Struct):
        named = spelled_out(structs.asdict(value))
        return named | {"kind": value.kind} if hasattr(value, "kind") else named
    if isinstance(value, dict):
        return {key: spelled_out(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [spelled_out(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_every_kind_is_among_them() -> None:
    kinds = {kept["says"]["proposal"]["kind"] for kept in KEPT}
    assert kinds == {"outbound", "inbound", "conference", "project", "agreement"}


@each
def test_it_says_what_it_said(kept: dict[str, Any]) -> None:
    assert spelled_out(restore(kept["facts"])) == kept["says"]


@each
def test_it_is_given_again_and_would_be_kept_the_same(kept: dict[str, Any]) -> None:
    stored = SealedVerdict.of(kept["facts"], kept["result"], bytes.fromhex(kept["sha256"]))
    assert seal(restore(stored.facts), replay(stored)) == stored
