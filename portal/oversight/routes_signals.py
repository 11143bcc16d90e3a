"""Signals of evasion, for the focal point and the inspector alone. They stop nobody."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, flash, request, url_for

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.core.context import Actor
from portal.core.errors import FieldErrors
from portal.identity.queries import people_by_id
from portal.oversight import queries, words
from portal.oversight.forms import SettleForm, SignalForm
from portal.oversight.frame import acting, page_here, page_url, tabs
from portal.oversight.settling import OWN_TRIP, settle, travelled
from portal.oversight.thresholds import thresholds
from portal.oversight.types import Page, SignalFilter, SignalRow
from portal.tenancy.queries import tenant_names
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import gettext

bp = Blueprint("signals", __name__, template_folder="templates", url_prefix="/oversight/signals")


@bp.get("")
@requires(Permission.SIGNAL_VIEW)
def index() -> Response:
    """What was found, what is open first."""
    form = SignalForm(request.args or None)
    fits = form.validate() if request.args else True
    page: Page[SignalRow] = Page()
    if fits:
        wanted = _wanted(form)
        page = page_here(lambda place: queries.signal_page(wanted, place))
    agencies = tenant_names(id_ for row in page.rows for id_ in row.tenant_ids)
    return render_page(
        "oversight/signals.html",
        "results",
        200 if fits else 422,
        form=form,
        page=page,
        kinds=words.KINDS,
        said={row.id: _said(row, agencies) for row in page.rows},
        filtered=form.is_used(),
        tabs=tabs(),
        previous_url=page_url("signals.index", page.previous),
        next_url=page_url("signals.index", page.next),
    )


@bp.get("/<int:signal_id>")
@requires(Permission.SIGNAL_VIEW)
def signal(signal_id: int) -> Response:
    """One signal with its facts."""
    return _signal_page(signal_id, SettleForm(formdata=None))


@bp.post("/<int:signal_id>/settle")
@requires(Permission.SIGNAL_SETTLE)
def settle_signal(signal_id: int) -> Response:
    """Settle it with a reason, once and for all."""
    form = SettleForm()
    if form.validate():
        try:
            settle(signal_id, form.reason.data)
        except FieldErrors as wrong:
            form.add_errors(wrong.errors)
        else:
            flash(gettext("The signal is settled; the same files are not reported again."))
            return leave_to(url_for("signals.signal", signal_id=signal_id))
    return _signal_page(signal_id, form, 422)


def _signal_page(signal_id: int, form: SettleForm, status: int = 200) -> Response:
    row, actor, numbers = queries.signal(signal_id), acting(), thresholds()
    files = queries.files_of(row.files)
    names = tenant_names([*row.tenant_ids, *row.facts.get("agencies", ())])
    return render_page(
        "oversight/signal.html",
        status=status,
        row=row,
        title=words.KINDS[row.kind],
        said=_said(row, names),
        agencies=names,
        files=[*files.values()],
        unseen=[id_ for id_ in row.files if id_ not in files],
        items=queries.items_of(row.facts.get("items", ())),
        people=people_by_id(row.facts.get("people", ())).values(),
        threshold=words.threshold(row.kind, numbers),
        source=words.source(row.kind, numbers),
        form=form,
        may_settle=_may_settle(actor),
        barred=gettext(OWN_TRIP) if _is_barred(actor, row) else None,
    )


def _may_settle(actor: Actor) -> bool:
    return actor.may(Permission.SIGNAL_SETTLE)


def _is_barred(actor: Actor, row: SignalRow) -> bool:
    return row.settled_at is None and _may_settle(actor) and travelled(actor, [*row.files])


def _wanted(form: SignalForm) -> SignalFilter:
    return SignalFilter(
        settled={"yes": True, "no": False}.get(form.settled.data or ""),
        tenant_id=form.tenant_id,
        kind=form.kind.data,
        year=form.year.data,
    )


def _said(row: SignalRow, agencies: Mapping[int, str]) -> str:
    return words.sentence(row.kind, words.seen(row.facts, row.tenant_ids, agencies))
