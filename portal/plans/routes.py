"""The annual plans, read only: own plans by year; for overseers every agency's."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.core import clock
from portal.core.context import Scope, current_actor
from portal.core.errors import Denied, FieldErrors
from portal.plans import pages, words
from portal.plans.types import PlanRow
from portal.tenancy.naming import LONGEST, agency_called
from portal.web.htmx import render_page
from portal.web.i18n import gettext
from portal.web.navigation import link

bp = Blueprint("plans", __name__, template_folder="templates")
link(bp, "plans", "plans.overview", Permission.PLAN_VIEW)

OVERSEERS: Final = frozenset({Scope.FOCAL, Scope.CHAIR, Scope.COMMITTEE, Scope.INSPECTOR})
YEARS: Final = (2000, 2099)


@bp.get("/plans")
@requires(Permission.PLAN_VIEW)
def overview() -> Response:
    """Own plans by year; an overseer sees a year of all agencies, or one agency's years."""
    actor = current_actor()
    if actor is None or actor.tenant_id is None:
        raise Denied
    if actor.scope not in OVERSEERS:
        return _page(pages.plans_of(actor.tenant_id), many=False)
    asked = request.args.get("agency", "").strip()[:LONGEST]
    year, wrong_year = _year(request.args.get("year", "").strip())
    tenant_id, wrong_agency = _agency(asked)
    problem = wrong_year or wrong_agency
    rows: list[PlanRow] = []
    if not problem:
        rows = (
            pages.plans_of(tenant_id)
            if tenant_id
            else pages.plans_in(year, request.args.get("after", type=int))
        )
    return _page(rows, many=True, agency=asked, year=year, problem=problem)


def _page(
    rows: list[PlanRow],
    *,
    many: bool,
    agency: str = "",
    year: int = 0,
    problem: str | None = None,
) -> Response:
    return render_page(
        "plans/overview.html",
        status=422 if problem else 200,
        rows=rows[: pages.SHOWN],
        more=len(rows) > pages.SHOWN,
        many=many,
        agency=agency,
        year=year,
        problem=problem,
        statuses=words.STATUSES,
        may_judge=_may_judge(),
    )


@bp.get("/plans/<int:plan_id>")
@requires(Permission.PLAN_VIEW)
def view(plan_id: int) -> Response:
    """The items of a plan: whether each is used, and by which file."""
    actor = current_actor()
    plan = pages.get_plan(plan_id)
    return render_page(
        "plans/plan.html",
        plan=plan,
        items=pages.items_of(plan_id),
        statuses=words.STATUSES,
        origins=words.ORIGINS,
        kinds=words.KINDS,
        given_up=pages.GIVEN_UP,
        own=actor is not None and actor.scope is Scope.OWN,
        may_judge=_may_judge(),
        may_propose=actor is not None
        and actor.tenant_id == plan.tenant_id
        and actor.may(Permission.ACTIVITY_PROPOSE),
    )


def _may_judge() -> bool:
    actor = current_actor()
    return actor is not None and actor.may(Permission.PLAN_WHAT_IF)


def _year(text: str) -> tuple[int, str | None]:
    this_year = clock.today().year
    if not text:
        return this_year, None
    if text.isdecimal() and len(text) == 4 and YEARS[0] <= int(text) <= YEARS[1]:
        return int(text), None
    return this_year, gettext("The year must be from 2000 to 2099.")


def _agency(text: str) -> tuple[int | None, str | None]:
    if not text:
        return None, None
    try:
        return agency_called(text).id, None
    except FieldErrors as wrong:
        return None, wrong.errors["agency"]
