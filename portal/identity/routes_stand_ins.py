"""Who stands in for whom in one's agency; appointing and taking back one's own."""

from __future__ import annotations

import datetime as dt
from typing import cast

from flask import Blueprint, Response, flash, url_for

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.core import clock
from portal.core.errors import FieldErrors
from portal.identity import stand_ins as services
from portal.identity.forms_people import StandInForm
from portal.identity.login import signed_in_actor
from portal.identity.words import STAND_IN_STATUS, role_name
from portal.web import filters
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import _

bp = Blueprint("stand_ins", __name__, template_folder="templates")


@bp.get("/stand-ins")
@requires(Permission.STAND_IN_VIEW)
def stand_ins() -> Response:
    """Everybody who acts for somebody in this agency, present and past."""
    actor = signed_in_actor()
    return render_page(
        "identity/stand_ins.html",
        rows=services.stand_ins_of(actor.tenant_id),
        today=clock.today(),
        status_words=STAND_IN_STATUS,
        role_name=role_name,
        may_appoint=bool(services.own_offices(actor)),
    )


@bp.route("/stand-ins/new", methods=["GET", "POST"])
@requires(Permission.STAND_IN_APPOINT)
def appoint() -> Response:
    """Entrust one's own offices to a colleague."""
    actor = signed_in_actor()
    form = StandInForm()
    offices = services.own_offices(actor)
    form.membership_ids.choices = [(one.membership_id, role_name(one.role)) for one in offices]
    form.user_id.choices = services.candidates(actor)
    if not form.is_submitted():
        form.membership_ids.data = [one.membership_id for one in offices]
    if form.validate_on_submit():
        wanted = _appointment(form)
        try:
            services.appoint(wanted)
        except FieldErrors as refused:
            form.add_errors(refused.errors)
        else:
            flash(_("The stand-in is appointed; each of their steps will say for whom."), "success")
            abroad = services.first_day_abroad(wanted)
            if abroad is not None:
                flash(_abroad_from(abroad), "warn")
            return leave_to(url_for("stand_ins.stand_ins"))
    return render_page(
        "identity/stand_in_form.html",
        block="stand_in_form",
        status=422 if form.is_submitted() else 200,
        form=form,
    )


@bp.post("/stand-ins/<int:stand_in_id>/end")
@requires(Permission.STAND_IN_APPOINT)
def end(stand_in_id: int) -> Response:
    """Take one's office back."""
    services.end(stand_in_id)
    flash(_("The office is yours alone again."), "success")
    return leave_to(url_for("stand_ins.stand_ins"))


def _abroad_from(day: dt.date) -> str:
    return _(
        "From %(day)s an approved trip takes your stand-in abroad: the appointment rests until they"
        " are back, and somebody else may be needed for those days.",
        day=filters.date(day),
    )


def _appointment(form: StandInForm) -> services.Appointment:
    return services.Appointment(
        membership_ids=frozenset(form.membership_ids.data or ()),
        user_id=form.user_id.data,
        document_no=form.document_no.data or "",
        # Required has seen to it that none of the days is missing.
        document_date=cast("dt.date", form.document_date.data),
        valid_from=cast("dt.date", form.valid_from.data),
        valid_to=cast("dt.date", form.valid_to.data),
    )
