"""The directory of people, and what may be known of their trips this year."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.access.sign_in import safe_next
from portal.core import clock
from portal.core.context import Actor, Scope
from portal.core.errors import FieldErrors, NotFound
from portal.identity import people, queries, travel
from portal.identity.forms_people import ColleagueForm, PeopleFilterForm, PersonForm
from portal.identity.login import signed_in_actor
from portal.identity.types import PersonRow, TripCount
from portal.identity.words import MANAGED_BY
from portal.tenancy.queries import tenant_names
from portal.web import navigation
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import _, ngettext

bp = Blueprint("people", __name__, template_folder="templates")
navigation.link(bp, "people", "people.directory", Permission.PERSON_VIEW, covers="/agencies")


@bp.get("/people")
@requires(Permission.PERSON_VIEW)
def directory() -> Response:
    """The people of one's own agency, or of all."""
    actor = signed_in_actor()
    form = PeopleFilterForm(request.args)
    if not form.whose.data or actor.scope is Scope.ADMIN:
        form.whose.data = "all" if actor.scope is Scope.ADMIN else "own"
    fits = form.validate()
    own = fits and form.whose.data == "own"
    wanted = queries.PeopleFilter(
        text=(form.q.data or "") if fits else "",
        tenant_id=actor.tenant_id if own else None,
        key_leaders=bool(form.key_leaders.data),
        with_former=own and people.may_manage(actor, actor.tenant_id or 0),
    )
    page = queries.people_page(wanted, after=_mark("after"), before=_mark("before"))
    return render_page(
        "identity/people.html",
        block="people",
        form=form,
        page=page,
        own=own,
        managed_by=MANAGED_BY,
        sees_trips=actor.may(Permission.TRAVEL_VIEW),
        trips=_own_counts(actor, page.rows) if own else {},
        limit=travel.trip_limit(clock.today().year),
        year=clock.today().year,
        may_add=actor.tenant_id is not None and actor.may(Permission.PERSON_ENTER),
        previous_url=_page_url(before=page.previous),
        next_url=_page_url(after=page.next),
    )


@bp.get("/people/<int:person_id>")
@requires(Permission.PERSON_VIEW)
def person(person_id: int) -> Response:
    """One official and this year's trips, as far as the reader may know them."""
    actor = signed_in_actor()
    found = queries.get_person(person_id)
    year = clock.today().year
    count, trips = None, None
    if actor.may(Permission.TRAVEL_VIEW):
        count, trips = travel.trips_of(found, year)
    return render_page(
        "identity/person.html",
        person=found,
        managed_by=MANAGED_BY,
        year=year,
        count=count,
        verdict=_verdict(found, count, travel.trip_limit(year)),
        trips=trips,
        tenants=tenant_names({trip.tenant_id for trip in trips or ()}),
        may_manage=people.may_manage(actor, found.tenant_id),
        may_make_account=actor.may(Permission.USER_MANAGE),
    )


@bp.route("/people/new", methods=["GET", "POST"])
@requires(Permission.PERSON_ENTER)
def new_person() -> Response:
    """Enter somebody into the list of one's own agency, and go back to where they were missed."""
    form = PersonForm() if signed_in_actor().may(Permission.PERSON_MANAGE) else ColleagueForm()
    back = safe_next(request.args.get("next"))
    if form.validate_on_submit():
        try:
            person_id = people.create_person(form.facts())
        except FieldErrors as refused:
            form.add_errors(refused.errors)
        else:
            flash(_("The person is entered."), "success")
            return leave_to(back or url_for("people.person", person_id=person_id))
    return _person_form(form, None, back)


@bp.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@requires(Permission.PERSON_MANAGE)
def edit_person(person_id: int) -> Response:
    """Correct what one's own agency says of somebody."""
    found = queries.get_person(person_id)
    if not people.may_manage(signed_in_actor(), found.tenant_id):
        raise NotFound
    form = PersonForm(obj=found)
    if form.validate_on_submit():
        people.change_person(person_id, form.facts())
        flash(_("The changes are saved."), "success")
        return leave_to(url_for("people.person", person_id=person_id))
    return _person_form(form, found)


def _person_form(form: ColleagueForm, found: PersonRow | None, back: str | None = None) -> Response:
    return render_page(
        "identity/person_form.html",
        block="person_form",
        status=422 if form.is_submitted() else 200,
        form=form,
        person=found,
        back=back,
    )


def _own_counts(actor: Actor, rows: list[PersonRow]) -> dict[int, TripCount]:
    if not actor.may(Permission.TRAVEL_VIEW) or not rows:
        return {}
    return travel.trip_summary([row.id for row in rows], clock.today().year)


def _verdict(found: PersonRow, count: TripCount | None, limit: int | None) -> str:
    """What the number means for the next proposal; nothing where no limit applies."""
    if count is None or limit is None or not found.key_leader:
        return ""
    left = limit - count.decided
    if left <= 0:
        return _("the yearly limit is reached")
    return ngettext("%(n)s more trip this year", "%(n)s more trips this year", left)


def _mark(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _page_url(**mark: int | None) -> str | None:
    if not any(mark.values()):
        return None
    values: dict[str, Any] = {**request.args.to_dict(), "after": None, "before": None, **mark}
    return url_for("people.directory", **values)
