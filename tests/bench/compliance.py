"""One check with 200 activities of history, and its cures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from portal.compliance import facts
from portal.compliance.cures import cures
from portal.compliance.engine import judge
from tests.bench.measuring import p50, row

HISTORY = 200


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
    """One check, against one look at every activity, and its cures."""
    proposal = case(HISTORY)
    check = p50(lambda: judge(proposal), 500) * 1000
    scan = p50(lambda: [entry for entry in proposal.history if entry.agency == "a1"], 500) * 1000
    many = crowded(proposal)
    found = judge(many)
    cured = p50(lambda: cures(many, found), 20)
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
            cured,
            "ms",
            "<= 100 ms",
            met=cured <= 100,
            floor=check / 1000,
        ),
    ]
