"""What if a year's plans were carried out: the focal point and the inspector see all of them, a
head the own one.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from flask import Blueprint, Response, request, send_file, url_for

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.core import clock
from portal.core.context import Actor, Scope, current_actor
from portal.core.errors import Denied, FieldErrors
from portal.plans import whatif_page, whatif_sheet, whatif_words
from portal.plans.whatif_page import OVERSEERS, Answer, WhatIfForm
from portal.web.htmx import render_page
from portal.web.i18n import locale

bp = Blueprint("what_if", __name__, template_folder="templates", url_prefix="/plans/what-if")

AGENCIES: Final = 20
"""Agencies on a page."""
ASKED: Final = ("year", "agency", "about", "number", "value")
"""What the address asks by."""
SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("")
@requires(Permission.PLAN_WHAT_IF)
def page() -> Response:
    """A year's plans against the rules of that year, also as if a number were another."""
    actor, form = _actor(), whatif_page.read(request.args)
    return _page(form, actor, _answer(form, actor))


@bp.get("/sheet")
@requires(Permission.PLAN_WHAT_IF)
def sheet() -> Response:
    """The same as a spreadsheet, whole."""
    actor, form = _actor(), whatif_page.read(request.args)
    found = _answer(form, actor)
    if found is None:
        return _page(form, actor, found)
    target = BytesIO()
    whatif_sheet.write(target, found, clock.now())
    name = f"soat-ke-hoach-{found.year.year}.xlsx"
    response = send_file(target, SPREADSHEET, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _answer(form: WhatIfForm, actor: Actor) -> Answer | None:
    """What was found; None where the form says at its fields what was not understood."""
    try:
        return whatif_page.answer(form, actor)
    except FieldErrors as wrong:
        form.add_errors(wrong.errors)
        return None


def _page(form: WhatIfForm, actor: Actor, found: Answer | None) -> Response:
    agencies = list(found.concerns) if found else []
    after = request.args.get("after", default=0, type=int)
    after = after if 0 <= after < len(agencies) else 0
    shown = agencies[after : after + AGENCIES]
    return render_page(
        "plans/what_if.html",
        status=200 if found else 422,
        form=form,
        found=found,
        groups=found.shown(shown) if found else [],
        abouts=whatif_words.ABOUTS,
        severities=whatif_words.SEVERITIES,
        many=actor.scope in OVERSEERS,
        tongue=locale(),
        filtered=any(request.args.get(name) for name in ASKED),
        address=_address,
        next_url=_address(after=after + AGENCIES) if agencies[after + AGENCIES :] else None,
        previous_url=_address(after=max(after - AGENCIES, 0)) if after else None,
    )


def _address(endpoint: str = "what_if.page", **more: Any) -> str:
    """An address that asks the same, with something else in it."""
    values: dict[str, Any] = {name: request.args.get(name) or None for name in ASKED}
    return url_for(endpoint, **(values | more))


def _actor() -> Actor:
    """Who asks: the own agency's head, or somebody who oversees all."""
    actor = current_actor()
    if actor is None or actor.scope not in OVERSEERS | {Scope.OWN}:
        raise Denied
    return actor
