"""The inspector's page on which a pack is asked for and saved."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from flask import Blueprint, Response, send_file
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.core import clock
from portal.core.errors import FieldErrors, NotFound
from portal.oversight.frame import tabs
from portal.oversight.pack import filename, make
from portal.oversight.pack_facts import Scope, count_files
from portal.tenancy.queries import tenants
from portal.web.forms import BaseForm, ChoiceField
from portal.web.htmx import render_page
from portal.web.i18n import lazy, locale

bp = Blueprint("packs", __name__, template_folder="templates", url_prefix="/oversight/pack")

MOST_FILES: Final = 2_000
"""Files of a pack that a page makes while one waits; a larger one is the command's work."""
_BIGGEST: Final = 2**62


class PackForm(BaseForm):
    """Whose files the pack is to hold."""

    tenant = ChoiceField(lazy("Agency"), coerce=int, empty=lazy("All agencies"))
    person = IntegerField(lazy("Person no."), [Optional(), NumberRange(1, _BIGGEST)])
    year = IntegerField(lazy("Year"), [Optional(), NumberRange(2000, 2099)])


@bp.get("")
@requires(Permission.AUDIT_EXPORT)
def ask() -> Response:
    """What the pack is to be of."""
    return _page(_form(year=clock.today().year))


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
        raise FieldErrors(
            {"year": "This pack is too large for a page; the administrator makes it by command."}
        )
    target = BytesIO()
    try:
        make(scope, target)
    except NotFound:
        raise FieldErrors({"person": "There is no such person."}) from None
    name = filename(scope, clock.now())
    response = send_file(target, "application/zip", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _form(**given: int) -> PackForm:
    form = PackForm(**given)
    form.tenant.choices = [(tenant.id, tenant.name(locale())) for tenant in tenants()]
    return form


def _page(form: PackForm, status: int = 200) -> Response:
    return render_page("oversight/pack.html", status=status, form=form, tabs=tabs())
