"""The exceptions for the focal point and the inspector: waivers, late trips, loosened rules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.compliance.labels import PARAMETERS, title_of
from portal.compliance.regulations import default_regulations
from portal.compliance.rules import RULES
from portal.core import clock
from portal.oversight import exceptions, rates, words
from portal.oversight.forms import OversightFilter, WaiverForm
from portal.oversight.frame import page_here, page_url, tabs
from portal.oversight.types import Counts, LateRow, Page, TripFilter, WaiverFilter
from portal.tenancy.queries import tenant_names
from portal.web.htmx import render_page
from portal.web.navigation import link

bp = Blueprint("oversight", __name__, template_folder="templates", url_prefix="/oversight")
link(bp, "oversight", "oversight.exceptions_page", Permission.WAIVER_VIEW, covers="/oversight")

MOST_AGENCIES = 20
"""Agencies that are named in the counts, those with the most waivers first."""


@bp.get("/exceptions")
@requires(Permission.WAIVER_VIEW)
def exceptions_page() -> Response:
    """Who waived which rule for whom, how many, how often, and which rules were loosened."""
    form = WaiverForm(request.args or None)
    form.rule.choices = [(rule, title_of(rule)) for rule in _waivable()]
    fits = form.validate() if request.args else True
    return render_page(
        "oversight/exceptions.html",
        "results",
        200 if fits else 422,
        form=form,
        filtered=form.is_used(),
        grantors=words.GRANTORS,
        title_of=title_of,
        today=clock.today(),
        loosened=exceptions.loosened(),
        parameters=PARAMETERS,
        tabs=tabs(),
        **(_found(_wanted(form)) if fits else {"page": Page()}),
    )


@bp.get("/exceptions/trips")
@requires(Permission.WAIVER_VIEW)
def trips() -> Response:
    """Trips recorded after they happened, or above a limit that nobody waived."""
    form = OversightFilter(request.args or None)
    fits = form.validate() if request.args else True
    page: Page[LateRow] = Page()
    if fits:
        wanted = TripFilter(form.tenant_id, form.year.data)
        page = page_here(lambda place: exceptions.late_page(wanted, place))
    return render_page(
        "oversight/trips.html",
        "results",
        200 if fits else 422,
        form=form,
        filtered=form.is_used(),
        page=page,
        above=exceptions.above(row.id for row in page.rows),
        exceeded=words.exceeded,
        tabs=tabs(),
        previous_url=page_url("oversight.trips", page.previous),
        next_url=page_url("oversight.trips", page.next),
    )


@cache
def _waivable() -> tuple[str, ...]:
    """The rules of which some version can be waived, in the order of an answer."""
    law = default_regulations()
    return tuple(rule for rule in RULES if any(v.waivable_by for v in law.versions(rule)))


def _wanted(form: WaiverForm) -> WaiverFilter:
    return WaiverFilter(
        by=form.by.data, tenant_id=form.tenant_id, rule=form.rule.data, year=form.year.data
    )


def _found(wanted: WaiverFilter) -> dict[str, Any]:
    """The list, the counts and the rates of what is wanted."""
    page = page_here(lambda place: exceptions.waiver_page(wanted, place))
    counted = exceptions.counts(wanted)
    this_year = clock.today().year
    year = wanted.year or this_year
    last = rates.last_year(year, this_year)
    waived = exceptions.waived_by_month(wanted, last)
    decided = exceptions.decided_by_month(wanted.tenant_id, last)
    years, months = rates.by_year(waived, decided, last), rates.by_month(waived, decided, year)
    return {
        "page": page,
        "counted": _linked(counted),
        "charts": [
            {"by": name, "lines": [(rate, rates.bar(rate, chart)) for rate in chart]}
            for name, chart in (("year", years), ("month", months))
        ],
        "year": year,
        "previous_url": page_url("oversight.exceptions_page", page.previous),
        "next_url": page_url("oversight.exceptions_page", page.next),
    }


def _linked(counted: Counts) -> Mapping[str, list[tuple[Any, int, str]]]:
    """What each thing that is counted is called, how many, and the list narrowed to it."""
    most = [*counted.tenants][:MOST_AGENCIES]
    agencies = tenant_names(most)
    said: dict[str, list[tuple[Any, Any, int]]] = {
        "by": [(by, words.GRANTORS[by], n) for by, n in counted.by.items()],
        "agency": [(agencies[id_], agencies[id_], counted.tenants[id_]) for id_ in most],
        "rule": [(rule, title_of(rule), n) for rule, n in counted.rules.items()],
        "year": [(year, year, n) for year, n in counted.years.items()],
    }
    asked = {key: value for key, value in request.args.items() if key in said and value}
    return {
        name: [
            (label, n, url_for("oversight.exceptions_page", **{**asked, name: value}))
            for value, label, n in lines
        ]
        for name, lines in said.items()
    }
