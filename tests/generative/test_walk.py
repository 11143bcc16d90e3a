"""Nonsense of every kind, sent to every route and every form by everybody of the cast.

Four walks send more than 20,000 requests. A failure names its seed and number; the same seed sends
the same requests again. For longer or other walks: PORTAL_WALK_REQUESTS (of each walk, 5200) and
PORTAL_WALK_SEEDS ("1 2 3 4").
"""

from __future__ import annotations

import os
from random import Random
from typing import Final

import pytest
from flask import Flask

from tests.generative.invariants import broken
from tests.generative.walker import Walker
from tests.generative.world import World

REQUESTS: Final = int(os.environ.get("PORTAL_WALK_REQUESTS", "5200"))
SEEDS: Final = [int(seed) for seed in os.environ.get("PORTAL_WALK_SEEDS", "1 2 3 4").split()]
NOT_CALLED: Final = {("POST", "api.check"): "its caller is a program with a token"}
"""(method, endpoint) → why no walk gets there."""


def views(app: Flask, *methods: str) -> set[tuple[str, str]]:
    """Every view of the portal that may be called so."""
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in methods
        if method in (rule.methods or ())
    }


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_nonsense_never_breaks_the_portal_and_never_shows_a_foreign_row(
    world: World, app: Flask, seed: int
) -> None:
    walker = Walker(world, app, Random(seed))
    walker.walk(REQUESTS)
    found = [
        f"{key}\n  seed {seed}, request {failure.number}: {failure.request}\n{failure.what}"
        for key, failure in walker.judge.failures.items()
    ]
    found += broken(world)
    assert not found, "\n\n".join([f"{len(found)} broken promises", *found])
    assert walker.judge.number >= REQUESTS
    assert not walker.fresh, "forms that nobody filled"
    assert views(app, "GET", "POST") - set(walker.ran) <= set(NOT_CALLED)
