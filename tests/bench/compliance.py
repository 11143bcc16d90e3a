"""One check with 200 activities of history, its cures, and judging kept verdicts again."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from portal.compliance import facts, verdicts
from portal.compliance.cures import cures
from portal.compliance.engine import judge
from tests.bench.measuring import p50, row

HISTORY = 200
KEPT_HISTORY = 5
"""What a kept verdict of a real file has beside it, by the demo province."""
REPLAYS = 5_000


def case(entries: int) -> facts.Case:
    """A leader's delegation with so many activities that may count beside it."""
    first = date(2026, 1, 5)
    history = tuple(
        facts.Outbound(
            id=f"h{n}",
            agency="a1",
            plan_item=f"i{n}",
            status="reported",
            departs=first + timedelta(days=n),
            returns=first + timedelta(days=n + 3),
            members=(facts.Member(f"p{n % 7}"),),
            reported=first + timedelta(days=n + 8),
            passports_returned=first + timedelta(days=n + 5),
        )
        for n in range(entries)
    )
    return facts.Case(
        as_of=date(2026, 9, 7),
        province="quang-nam",
        proposal=facts.Outbound(
            id="n1",
            agency="a1",
            plan_item=None,
            submitted=date(2026, 9, 7),
            departs=date(2026, 11, 16),
            returns=date(2026, 11, 20),
            countries=("LA",),
            members=(facts.Member("p1", "head"), facts.Member("p2")),
        ),
        agencies={"a1": facts.Agency("a1", "department")},
        people={f"p{n}": facts.Person(f"p{n}", "a1", key_leader=n < 2) for n in range(7)},
        plans=(),
        history=history,
        waivers=(),
    )


def crowded(proposal: facts.Case) -> facts.Case:
    """The same delegation with eight key leaders of four agencies, each with trips behind them."""
    leaders = [f"p{n}" for n in range(8)]
    people = {id_: facts.Person(id_, f"a{n % 4}", key_leader=True) for n, id_ in enumerate(leaders)}
    trip = replace(proposal.proposal, members=tuple(facts.Member(id_) for id_ in leaders))
    return replace(proposal, people=people, proposal=trip)


def rows() -> list[dict[str, Any]]:
    """One check, its cures, and replays a second on one core."""
    proposal, small = case(HISTORY), case(KEPT_HISTORY)
    check = p50(lambda: judge(proposal), 500) * 1000
    scan = p50(lambda: [entry for entry in proposal.history if entry.agency == "a1"], 500) * 1000
    many = crowded(proposal)
    found = judge(many)
    cured = p50(lambda: cures(many, found), 20) * 1000
    stored = verdicts.seal(small, judge(small))
    began = time.perf_counter()
    for _ in range(REPLAYS):
        verdicts.replay(stored)
    speed = REPLAYS / (time.perf_counter() - began)
    return [
        row(
            f"compliance check with {HISTORY} activities of history",
            check,
            "µs",
            "<= 200 µs",
            met=check <= 200,
            floor=scan,
        ),
        row(
            f"all cures of {len(found.findings)} findings, {HISTORY} activities of history",
            cured / 1000,
            "ms",
            "<= 100 ms",
            met=cured <= 100_000,
            floor=check / 1000,
        ),
        row(
            f"kept verdicts with {KEPT_HISTORY} activities judged again, one core",
            speed,
            "1/s",
            ">= 10,000 a core",
            met=speed >= 10_000,
        ),
    ]
