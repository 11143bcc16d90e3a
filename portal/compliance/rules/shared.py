"""What several kinds have in common: reports that never came, missing opinions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from portal.compliance.context import Check, Facts, Hit, Opinions, Params, iso
from portal.compliance.facts import Opinion

Due = Callable[[date], date]


def calendar_days(days: int) -> Due:
    return lambda asked: asked + timedelta(days=days)


def unreported(check: Check[Any], params: Params) -> list[Hit]:
    """One hit for each earlier activity of the agency whose report is overdue at `as_of`."""
    days = params["days"]
    return [
        Hit({"activity": e.id, "ended": iso(e.end), "due": iso(due), "days": days})
        for e, due in check.overdue(days)
    ]


def missing_opinions(
    check: Check[Any], opinions: tuple[Opinion, ...], required: list[str], due: Due
) -> list[Hit]:
    """One hit naming all; waivable only once every missing body's time is up."""
    collected = Opinions.of(opinions, check.as_of)
    missing = collected.missing(required)
    if not missing:
        return []
    run_out = True
    bodies: list[Facts] = []
    for body in missing:
        asked = collected.first_asked(body)
        until = None if asked is None else due(asked)
        run_out = run_out and until is not None and check.as_of > until
        bodies.append({"body": body, "asked": iso(asked), "due": iso(until)})
    return [Hit({"missing": bodies}, grantable=run_out)]


def overdue_opinions(check: Check[Any], opinions: tuple[Opinion, ...], due: Due) -> list[Hit]:
    """One hit naming every body that was asked and let its time run out, at whatever stage."""
    late: list[Facts] = [
        {"body": body, "asked": iso(asked), "due": iso(due(asked))}
        for body, asked in Opinions.of(opinions, check.as_of).waiting()
        if check.as_of > due(asked)
    ]
    return [Hit({"late": late})] if late else []
