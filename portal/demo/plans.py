"""Writes the annual plans: approved for last year and this one, next year's being drawn up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import Any

from sqlalchemy import insert

from portal.core import clock
from portal.core.context import Scope, system_actor
from portal.core.db import bind_actor
from portal.core.working_days import is_working_day
from portal.demo.directory import Directory
from portal.demo.journeys import Line, numbered
from portal.extensions import db
from portal.plans.models import Plan, PlanItem, PlanStatus


def write(directory: Directory, lines: Iterable[Line]) -> None:
    """Write plans and items; each line learns its id. Inside a unit of work."""
    system = system_actor()
    plans = sorted(numbered(lines).items(), key=lambda entry: entry[0])
    for unit, of_unit in groupby(plans, key=lambda entry: entry[0][0]):
        tenant_id = directory.tenants[unit]
        # A plan is its agency's own: row-level security lets nobody else write it.
        bind_actor(replace(system, tenant_id=tenant_id, scope=Scope.OWN))
        for (_, year), own in of_unit:
            _plan(directory, tenant_id, unit, year, own)
    bind_actor(system)


def _plan(directory: Directory, tenant_id: int, unit: str, year: int, lines: list[Line]) -> None:
    status = _status(unit, year)
    decided = status is PlanStatus.APPROVED
    plan_id = db.session.execute(
        insert(Plan).returning(Plan.id),
        {
            "tenant_id": tenant_id,
            "year": year,
            "status": status,
            "decision_no": f"{3100 + year % 50}/QĐ-UBND" if decided else None,
            "decision_date": _decided_on(year) if decided else None,
        },
    ).scalar_one()
    rows = [_item(directory, tenant_id, plan_id, line) for line in lines]
    found = db.session.execute(
        insert(PlanItem).returning(PlanItem.id, sort_by_parameter_order=True), rows
    )
    for line, id_ in zip(lines, found.scalars(), strict=True):
        line.id = id_


def _item(directory: Directory, tenant_id: int, plan_id: int, line: Line) -> dict[str, Any]:
    return {
        "tenant_id": tenant_id,
        "plan_id": plan_id,
        "code": line.code,
        "kind": line.kind,
        "origin": line.origin,
        "title": line.title,
        "countries": list(line.countries),
        "month": line.month,
        "size": line.size,
        "leader_id": None if line.leader is None else directory.persons[line.leader],
    }


def _status(unit: str, year: int) -> PlanStatus:
    today = clock.today()
    # In the last days of December nothing else could leave any more.
    if year <= today.year or today >= date(year - 1, 12, 29):
        return PlanStatus.APPROVED
    early = Random(f"early with the plan: {unit}").random() < 0.3
    return PlanStatus.SUBMITTED if early else PlanStatus.DRAFT


def _decided_on(year: int) -> date:
    """A working day shortly before the year."""
    day = date(year - 1, 12, 22)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
