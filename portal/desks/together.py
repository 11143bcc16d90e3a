"""Decisions that the chair takes together: files that pass without a finding.

The police agree where they were asked, the appraisal recommends approval, and nothing bars the
acting person. Every file still gets a decision of its own number; anything that asks for a second
look is decided on its own page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, flash, request, url_for
from sqlalchemy import exists, select
from wtforms import BooleanField
from wtforms.validators import Optional

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.activities import several
from portal.activities.forms import VersionField
from portal.activities.models import Activity, Opinion, State
from portal.activities.types import Input
from portal.core import clock
from portal.core.context import Actor
from portal.core.errors import FieldErrors
from portal.desks import queries, tasks
from portal.desks.routes import acting, desk_tabs
from portal.desks.tasks import Waiting
from portal.web.forms import BaseForm, DayField, TextField
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import lazy, ngettext
from portal.workflow.models import Step

bp = Blueprint("together", __name__, template_folder="templates", url_prefix="/desks/decisions")

MOST: Final = 25
"""Files of one page, decided in one transaction."""


class DayForm(BaseForm):
    """What all decisions have in common."""

    document_date = DayField(lazy("Date of the decisions"))


class FileForm(BaseForm):
    """One file of the list."""

    chosen = BooleanField(lazy("Approve this file"))
    version = VersionField(lazy("Version"), [Optional()])
    document_no = TextField(lazy("Number of the decision"), longest=60)


@bp.get("/together")
@requires(Permission.DECISION_DECIDE)
def choose() -> Response:
    """The files that pass without a finding, each with the number of its decision to fill in."""
    found = without_findings(acting())
    forms = {task.row.activity_id: _form(task, version=task.row.version) for task in found}
    return _page(found, forms, DayForm(document_date=clock.today()))


@bp.post("/together")
@requires(Permission.DECISION_DECIDE)
def approve() -> Response:
    """Approve the chosen files, all or none."""
    found, day = without_findings(acting()), DayForm()
    forms = {task.row.activity_id: _form(task) for task in found}
    chosen = {id_: form for id_, form in forms.items() if form.chosen.data}
    if not _complete(day, chosen):
        return _page(found, forms, day, 422)
    given = {
        id_: Input(
            version=form.version.data or 0,
            document_no=form.document_no.data or "",
            document_date=day.document_date.data,
        )
        for id_, form in chosen.items()
    }
    try:
        several.approve(given)
    except several.NotTogether as refused:
        _put(refused, forms[refused.activity_id], day)
        return _page(found, forms, day, 422)
    n = len(given)
    flash(ngettext("%(n)s file is approved.", "%(n)s files are approved.", n), "success")
    return leave_to(url_for("split.decisions"))


def without_findings(actor: Actor) -> Sequence[Waiting]:
    """What waits for this person's decision and asks for no second look, oldest deadline first."""
    a = Activity
    advised = (
        select(Step.data["recommendation"].astext)
        .where(Step.activity_id == a.id, Step.action == "appraise")
        .order_by(Step.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    unlike = exists().where(Opinion.activity_id == a.id, Opinion.answer.is_distinct_from("agree"))
    clean = (
        a.state == State.APPRAISED,
        a.blocks == 0,
        a.warnings == 0,
        a.referred.is_(False),
        a.after_the_fact.is_(False),
        advised == "approve",
        ~unlike,
    )
    page = queries.waiting(actor, kinds=("decide",), also=clean, size=MOST)
    return [task for task in tasks.in_words(page.rows, actor) if task.barred is None]


def _form(task: Waiting, **given: Any) -> FileForm:
    return FileForm(prefix=f"file{task.row.activity_id}-", **given)


def _complete(day: DayForm, chosen: Mapping[int, FileForm]) -> bool:
    """Whether there is enough to decide; says at the fields what is not."""
    for form in (day, *chosen.values()):
        form.validate()
    ticked = {name for name in request.form if name.endswith("-chosen")}
    if ticked - {form.chosen.name for form in chosen.values()}:
        day.add_errors(
            {"": "A file that you chose does not wait here any more. Look at the list again."}
        )
    elif not chosen:
        day.add_errors({"": "Choose the files that you approve."})
    if day.document_date.data is None and not day.document_date.errors:
        day.add_errors({"document_date": "Give the date of the document, for example 05/12/2026."})
    numbers: set[str] = set()
    for form in chosen.values():
        number = (form.document_no.data or "").casefold()
        if not number and not form.document_no.errors:
            form.add_errors({"document_no": "Give the number of this file's decision."})
        elif number and number in numbers:
            form.add_errors({"document_no": "Another file above has this number."})
        numbers.add(number)
    return not (day.all_errors() or any(form.all_errors() for form in chosen.values()))


def _put(refused: several.NotTogether, form: FileForm, day: DayForm) -> None:
    """Say at the file why none was approved."""
    if isinstance(refused.refusal, FieldErrors):
        errors = refused.refusal.errors
        day.add_errors({name: text for name, text in errors.items() if name in day})
        form.add_errors({name: text for name, text in errors.items() if name not in day})
    else:
        form.add_errors({"chosen": "This file cannot be approved now: decide it on its own page."})
    day.add_errors({"": "None of the files was approved."})


def _page(
    found: Sequence[Waiting], forms: Mapping[int, FileForm], day: DayForm, status: int = 200
) -> Response:
    day.mark_required("document_date")
    errors = [*day.all_errors(), *(error for form in forms.values() for error in form.all_errors())]
    return render_page(
        "desks/together.html",
        status=status,
        rows=[(task, forms[task.row.activity_id]) for task in found],
        form=day,
        errors=errors,
        desk_tabs=desk_tabs(acting()),
    )
