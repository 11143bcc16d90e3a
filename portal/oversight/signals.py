"""Finds signals of evasion and keeps them; called by the sweep, and bears being called twice.

A signal is known by the files (or plan items) that it is made of. One that was settled stays
settled: the same files, or fewer of them, are not found again. When files join a pattern that was
settled a new signal opens; one that is still open takes them in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.core import clock
from portal.core.context import acting_as, system_actor
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.oversight import finders
from portal.oversight.finders import Found
from portal.oversight.models import KINDS, Signal
from portal.oversight.thresholds import Thresholds, thresholds
from portal.oversight.trips import supplements_since, trips_since


def find_signals() -> int:
    """Look for every pattern and keep what is new; returns how many signals were opened."""
    with acting_as(system_actor()), unit_of_work():
        mine = func.pg_try_advisory_xact_lock(func.hashtext("signals-of-evasion"))
        if not db.session.execute(select(mine)).scalar_one():
            return 0  # another worker is looking
        known = {kind: _of_kind(kind) for kind in KINDS}
        return sum(_keep(found, known[found.kind]) for found in _patterns(thresholds()))


def _patterns(numbers: Thresholds) -> Iterable[Found]:
    since = finders.years_after(clock.today(), -numbers.look_back_years)
    trips = list(trips_since(since))
    urgent, inviter = numbers["urgent-chain"], numbers["one-inviter"]
    return [
        *finders.split_trips(trips, **numbers["split-trip"]),
        *finders.same_content(trips, **numbers["same-content"]),
        *finders.urgent_chains(trips, trips_least=urgent["trips"], days=urgent["days"]),
        *finders.leaders_one_host(trips, **numbers["leaders-one-host"]),
        *finders.one_inviter(
            trips, trips_least=inviter["trips"], agencies_least=inviter["agencies"]
        ),
        *finders.late_plan_items(
            supplements_since(since.year), items_least=numbers["late-plan-items"]["items"]
        ),
    ]


def _keep(found: Found, known: Iterable[Any]) -> bool:
    part = "items" if found.items else "files"
    values: dict[str, Any] = {
        "key": sha256(json.dumps([part, sorted(found.parts)]).encode()).hexdigest(),
        "tenant_ids": list(found.agencies),
        "facts": {
            **found.facts,
            "files": list(found.files),
            "items": list(found.items),
            "years": list(found.years),
        },
    }
    grown_from = None
    for row in known:
        parts = frozenset(row.facts.get(part, ()))
        if found.parts <= parts:
            return False
        if row.settled_at is None and parts and parts < found.parts:
            grown_from = row.id
    if grown_from is not None:
        db.session.execute(update(Signal).where(Signal.id == grown_from).values(**values))
        return False
    db.session.execute(
        insert(Signal).values(kind=found.kind, created_at=clock.now(), **values)
        .on_conflict_do_nothing()
    )  # fmt: skip
    return True


def _of_kind(kind: str) -> list[Any]:
    """What is kept of a kind; no two patterns of one search have the same parts."""
    s = Signal
    rows = select(s.id, s.facts, s.settled_at).where(s.kind == kind).order_by(s.id)
    return list(db.session.execute(rows))
