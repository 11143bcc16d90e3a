"""The inspector's page on which a pack is asked for and saved."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from flask import Blueprint, Response, flash, request, send_file, url_for
from wtforms.validators import NumberRange, Optional

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.core import clock
from portal.core.errors import FieldErrors, NotFound
from portal.identity.queries import people_by_id
from portal.oversight import pack_runs
from portal.oversight.frame import tabs
from portal.oversight.pack import filename, make
from portal.oversight.pack_facts import Scope, count_files
from portal.tenancy.queries import tenant_names, tenants
from portal.web.forms import BaseForm, ChoiceField, NumberField
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import gettext, lazy, locale

bp = Blueprint("packs", __name__, template_folder="templates", url_prefix="/oversight/pack")

MOST_FILES: Final = 2_000
"""Files of a pack that a page makes while one waits; a larger one is a worker's work."""
_BIGGEST: Final = 2**62


class PackForm(BaseForm):
    """Whose files the pack is to hold."""

    tenant = ChoiceField(lazy("Agency"), coerce=int, empty=lazy("All agencies"))
    person = NumberField(
        lazy("Person no."),
        [Optional(), NumberRange(1, _BIGGEST, lazy("There is no such person."))],
    )
    year = NumberField(
        lazy("Year"), [Optional(), NumberRange(2000, 2099, lazy("Type a year from 2000 to 2099."))]
    )


@bp.get("")
@requires(Permission.AUDIT_EXPORT)
def ask() -> Response:
    """What the pack is to be of."""
    person = request.args.get("person", type=int)
    return _page(_form(person=person, year=None if person else clock.today().year))


@bp.post("")
@requires(Permission.AUDIT_EXPORT)
def save() -> Response:
    """The pack, made now, to be saved."""
    form = _form()
    if form.validate():
        try:
            return _made(form)
        except FieldErrors as wrong:
            form.add_errors(wrong.errors)
    return _page(form, 422)


def _made(form: PackForm) -> Response:
    chosen = form.tenant.data or None, form.person.data, form.year.data
    if chosen == (None, None, None):
        raise FieldErrors({"year": "Choose an agency, a person or a year."})
    scope = Scope(*chosen)
    if count_files(scope) > MOST_FILES:
        pack_runs.ask(scope)
        flash(gettext("A worker makes this pack; it appears here when it is done."))
        return leave_to(url_for("packs.ask"))
    target = BytesIO()
    try:
        make(scope, target)
    except NotFound:
        raise FieldErrors({"person": "There is no such person."}) from None
    name = filename(scope, clock.now())
    response = send_file(target, "application/zip", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/runs")
@requires(Permission.AUDIT_EXPORT)
def runs() -> Response:
    """How far the worker is; the page asks again while it works."""
    return _page(_form(formdata=None, year=clock.today().year))


@bp.get("/runs/<int:run_id>")
@requires(Permission.AUDIT_EXPORT)
def bundle(run_id: int) -> Response:
    """A pack that a worker made, for whoever asked for it."""
    run, path = pack_runs.bundle(run_id)
    name = filename(Scope(**run.scope), run.created_at)
    response = send_file(path, "application/zip", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _form(**given: Any) -> PackForm:
    form = PackForm(**given)
    form.tenant.choices = [(tenant.id, tenant.name(locale())) for tenant in tenants()]
    return form


def _page(form: PackForm, status: int = 200) -> Response:
    asked = pack_runs.own()
    return render_page(
        "oversight/pack.html",
        "runs",
        status,
        form=form,
        tabs=tabs(),
        runs=[(run, _about(run.scope)) for run in asked],
        busy=any(run.state in ("waiting", "running") for run in asked),
        kept_until=lambda run: run.created_at + pack_runs.KEPT,
    )


def _about(scope: Mapping[str, int]) -> str:
    """Agency, person and year of a pack by their names."""
    parts: list[str] = []
    if "tenant_id" in scope:
        parts += tenant_names([scope["tenant_id"]]).values()
    if "person_id" in scope:
        parts += [row.full_name for row in people_by_id([scope["person_id"]]).values()]
    if "year" in scope:
        parts.append(str(scope["year"]))
    return " · ".join(parts)
