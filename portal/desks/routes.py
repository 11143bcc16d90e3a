"""The first page, the list of activities, the search and the calendar."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response, request, url_for

from portal.access.guard import requires, signed_in
from portal.access.permissions import Permission
from portal.activities.kinds.outbound.quotas import limit_on
from portal.core import clock
from portal.core.context import Actor, Scope, current_actor
from portal.core.errors import Denied, FieldErrors
from portal.desks import calendar, figures, filters, listing, queries, tasks, words
from portal.desks.calendar import Month
from portal.desks.elsewhere import other_offices
from portal.desks.types import ActivityRow, Cursor, Filters, Page
from portal.identity.login import opened_session
from portal.identity.queries import search_people
from portal.tenancy.naming import LONGEST, agency_called, name_of
from portal.tenancy.queries import tenants
from portal.web.countries import countries
from portal.web.htmx import render_page
from portal.web.navigation import link, link_search

bp = Blueprint("desks", __name__, template_folder="templates")
link(bp, "tasks", "desks.waiting", Permission.DESK_VIEW, covers="/desks")
link(bp, "activities", "desks.activities", Permission.ACTIVITY_VIEW, covers="/outbound")
link(bp, "calendar", "desks.calendar_page", Permission.CALENDAR_VIEW)
link_search(bp, "desks.search")

_MONTH: Final = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])")
FOUND: Final = 20
"""Files and people that a search shows."""


def acting() -> Actor:
    """The signed-in person; the guard has let nobody else through."""
    actor = current_actor()
    if actor is None:
        raise Denied
    return actor


@bp.get("/")
@signed_in
def waiting() -> Response:
    """What waits for me, oldest deadline first, under three figures of the desk's year."""
    actor = acting()
    elsewhere = other_offices(opened_session())
    today = clock.today()
    limits = {rule: limit_on(rule, today) for rule in (queries.LEADER_TRIPS, queries.OUT_OF_PLAN)}
    page = queries.waiting(actor, filters.read_cursor(request.args))
    shown = tasks.in_words(page.rows, actor)
    return render_page(
        "desks/waiting.html",
        groups=tasks.grouped(shown),
        figures=figures.shown(queries.figures(actor, limits)),
        kinds=words.KINDS,
        empty=words.EMPTY[actor.scope],
        actor=actor,
        next_url=filters.page_url("desks.waiting", request.args, page.next),
        drafts=queries.own_drafts(actor) if actor.may(Permission.ACTIVITY_PROPOSE) else [],
        amendments=queries.amendments_begun(actor) if _amends(actor) else [],
        may_propose=actor.may(Permission.ACTIVITY_PROPOSE),
        desk_tabs=desk_tabs(actor),
        elsewhere=elsewhere,
    )


def _amends(actor: Actor) -> bool:
    """Whether this person writes changes of approved files, or sends them on."""
    return actor.may(Permission.ACTIVITY_AMEND) or actor.may(Permission.ACTIVITY_SUBMIT)


def desk_tabs(actor: Actor) -> list[dict[str, object]]:
    """The first page and the desks of this person, as tabs; nothing for one page alone."""
    from portal.desks.routes_desks import DESKS

    found = [(words.TO_DO, "desks.waiting")]
    found += [
        (desk.title, f"split.{desk.endpoint}")
        for desk in DESKS
        if any(actor.may(permission) for permission in desk.permissions)
    ]
    if len(found) < 2:
        return []
    return [
        {"label": label, "url": url_for(endpoint), "current": request.endpoint == endpoint}
        for label, endpoint in found
    ]


@bp.get("/activities")
@requires(Permission.ACTIVITY_VIEW)
def activities() -> Response:
    """The activities that this person may see, filtered; pages by keyset."""
    actor = acting()
    form, wanted = filters.read(request.args, actor)
    page: Page[ActivityRow] = Page(())
    if wanted is not None:
        page = listing.activities(actor, wanted, _fitting(wanted), counted=True)
    today = clock.today()
    return render_page(
        "desks/activities.html",
        "results",
        200 if wanted is not None else 422,
        form=form,
        page=page,
        count=page.count,
        most=listing.counted_up_to(wanted) if wanted else 0,
        filtered=wanted not in (None, Filters()),
        more_filters=any(request.args.get(name) for name in filters.SECONDARY),
        many_tenants=actor.scope in filters.ALL_TENANTS,
        today=today,
        days_left=tasks.days_left,
        previous_url=filters.page_url("desks.activities", request.args, page.previous),
        next_url=filters.page_url("desks.activities", request.args, page.next),
        may_propose=actor.may(Permission.ACTIVITY_PROPOSE),
    )


def _fitting(wanted: Filters) -> Cursor | None:
    """The cursor of the address, unless it belongs to another order of the list."""
    cursor = filters.read_cursor(request.args)
    return cursor if cursor and (cursor.day is not None) == wanted.by_day else None


@bp.get("/choices/<any(agencies, countries):what>")
@signed_in
def choices(what: str) -> Response:
    """Suggestions for a filter field: the names of all agencies or countries."""
    if what == "agencies":
        names = [name_of(tenant) for tenant in tenants()]
    else:
        names = [name for _, name in countries()]
    response = render_page("desks/choices.html", names=names)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@bp.get("/search")
@signed_in
def search() -> Response:
    """Files and people by words without accents, the newest files and the own people first."""
    actor = acting()
    text = " ".join(request.args.get("q", "").split())[:200]
    asked = bool(listing.search_words(text))
    files = people = None
    if asked and actor.may(Permission.ACTIVITY_VIEW):
        files = listing.activities(actor, Filters(words=text), size=FOUND)
    if asked and actor.may(Permission.PERSON_VIEW):
        people = search_people(text, FOUND, own_tenant_id=actor.tenant_id)
    return render_page(
        "desks/search.html", "found", text=text, asked=asked, files=files, people=people
    )


@bp.get("/calendar")
@requires(Permission.CALENDAR_VIEW)
def calendar_page() -> Response:
    """Who is abroad when, a month a page."""
    actor = acting()
    today = clock.today()
    match = _MONTH.fullmatch(request.args.get("month", ""))
    month = Month(int(match[1]), int(match[2])) if match else Month(today.year, today.month)
    asked = request.args.get("agency", "").strip()[:LONGEST]
    tenant_id, problem = None, None
    if asked and actor.scope in filters.ALL_TENANTS:
        try:
            tenant_id = agency_called(asked).id
        except FieldErrors as wrong:
            problem = wrong.errors["agency"]
    trips = [] if problem else calendar.trips(actor, month, tenant_id)
    return render_page(
        "desks/calendar.html",
        status=422 if problem else 200,
        month=month,
        today=today,
        lines=calendar.lines(trips[: calendar.MOST], month),
        too_many=len(trips) > calendar.MOST,
        bare=calendar.without_leadership(trips, month),
        trips=trips[: calendar.MOST],
        many_tenants=actor.scope in filters.ALL_TENANTS,
        only_leaders=actor.scope is not Scope.OWN and tenant_id is None,
        agency=asked,
        problem=problem,
        is_open={"agency": asked} if asked else {},
    )
