"""The file page and the steps that can be taken with a file. No rule lives here."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import FileStorage
from wtforms.fields.choices import SelectChoice

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.activities import (
    amendments,
    assessment,
    kept_verdicts,
    lifecycle,
    pages,
    waivers,
    words,
)
from portal.activities import dossier as dossiers
from portal.activities.dossier import Dossier
from portal.activities.forms import ReportForm, StepForm
from portal.activities.kinds.outbound.quotas import is_out_of_plan
from portal.activities.models import State
from portal.activities.types import Input
from portal.core.context import Actor, current_actor
from portal.core.errors import Blocked, Denied, FieldErrors, NotFound
from portal.core.unit_of_work import unit_of_work
from portal.documents import services as documents
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import gettext
from portal.workflow.machine import Transition

bp = Blueprint("activities", __name__, template_folder="templates")

SCANS = {
    "record-consent": "consent",
    "record-approval": "decision",
    "record-rejection": "decision",
    "record-opinion": "opinion",
    "consent": "consent",
    "refuse-consent": "consent",
    "approve": "decision",
    "reject": "decision",
    "approve-amendment": "decision",
    "record-amendment-approval": "decision",
    "record-amendment-refusal": "decision",
}
"""Steps that may bring the scanned document, and what it is filed as."""
FIELDS = {
    "document": ("document_no", "document_date"),
    "consent": ("consent_no", "consent_date"),
}
"""The fields of a need that are not called like it."""


@bp.get("/activities/<int:activity_id>")
@requires(Permission.ACTIVITY_VIEW)
def view(activity_id: int) -> Response:
    """The file: where it is, who has it, what happens next, all that happened."""
    return _file_page(activity_id)


@bp.get("/activities/<int:activity_id>/steps/<string:action>")
@requires(Permission.ACTIVITY_VIEW)
def ask_step(activity_id: int, action: str) -> Response:
    """What the step needs, before it is taken."""
    file, transition = _transition(activity_id, action)
    return _step_page(file, transition, StepForm(version=file.activity.version))


@bp.post("/activities/<int:activity_id>/steps/<string:action>")
@requires(Permission.ACTIVITY_VIEW)
def step(activity_id: int, action: str) -> Response:
    """Take the step; whether this person may is asked where it is taken."""
    if action not in words.ACTIONS:
        raise NotFound
    form = StepForm()
    if not form.validate():
        return _step_again(activity_id, action, form, 422)
    try:
        with unit_of_work():
            given = _with_scan(activity_id, action, form)
            lifecycle.perform(activity_id, action, given)
    except FieldErrors as wrong:
        form.add_errors(wrong.errors)
        return _step_again(activity_id, action, form, 422)
    except Blocked as blocked:
        return _file_page(activity_id, blocked=blocked, status=422)
    return leave_to(url_for("activities.view", activity_id=activity_id))


@bp.get("/activities/<int:activity_id>/report")
@requires(Permission.ACTIVITY_REPORT)
def ask_report(activity_id: int) -> Response:
    """The trip report, filled with what was planned."""
    file, _transition_row = _transition(activity_id, "report")
    activity = file.activity
    form = ReportForm(
        version=activity.version,
        departed_on=activity.starts_on,
        returned_on=activity.ends_on,
        countries=activity.countries,
        went=[m.person_id for m in file.members],
        cost_vnd=file.outbound.cost_vnd,
    )
    return _report_page(file, form)


@bp.post("/activities/<int:activity_id>/report")
@requires(Permission.ACTIVITY_REPORT)
def report(activity_id: int) -> Response:
    """Keep the trip report."""
    file = dossiers.load(activity_id)
    form = ReportForm()
    form.went.choices = _member_choices(file)
    if not form.validate():
        return _report_page(file, form, 422)
    try:
        lifecycle.perform(activity_id, "report", form.given())
    except FieldErrors as wrong:
        form.add_errors(wrong.errors)
        return _report_page(dossiers.load(activity_id), form, 422)
    return leave_to(url_for("activities.view", activity_id=activity_id))


@bp.post("/activities/<int:activity_id>/amendment")
@requires(Permission.ACTIVITY_AMEND)
def begin_amendment(activity_id: int) -> Response:
    """Open an amendment of the approved version and go to edit it."""
    amendments.begin(activity_id, request.form.get("version", 0, type=int))
    return leave_to(url_for("outbound.amend", activity_id=activity_id))


@bp.get("/activities/<int:activity_id>/amendment/<string:action>")
@requires(Permission.ACTIVITY_VIEW)
def ask_amendment(activity_id: int, action: str) -> Response:
    """What a step of the amendment needs."""
    file = dossiers.load(activity_id)
    return _amendment_page(file, action, StepForm(version=file.activity.version))


@bp.post("/activities/<int:activity_id>/amendment/<string:action>")
@requires(Permission.ACTIVITY_VIEW)
def amendment_step(activity_id: int, action: str) -> Response:
    """Take a step with the open amendment."""
    form = StepForm()
    if form.validate():
        try:
            with unit_of_work():
                given = _with_scan(activity_id, action, form)
                amendments.perform(activity_id, action, given)
            return leave_to(url_for("activities.view", activity_id=activity_id))
        except FieldErrors as wrong:
            form.add_errors(wrong.errors)
        except Blocked as blocked:
            return _file_page(activity_id, blocked=blocked, status=422)
    return _amendment_page(dossiers.load(activity_id), action, form, 422)


@bp.get("/activities/<int:activity_id>/waivers/<string:rule>")
@requires(Permission.WAIVER_RECORD)
def ask_waiver(activity_id: int, rule: str) -> Response:
    """Which rule is to rest for this file, and what it takes."""
    file = dossiers.load(activity_id)
    departs = file.activity.starts_on
    return _waiver_page(file, rule, StepForm(version=file.activity.version, expires_on=departs))


@bp.post("/activities/<int:activity_id>/waivers/<string:rule>")
@requires(Permission.WAIVER_RECORD)
def record_waiver(activity_id: int, rule: str) -> Response:
    """Record the waiver of one rule for this file."""
    form = StepForm()
    if form.validate():
        try:
            waivers.record(
                activity_id,
                version=form.version.data or 0,
                rule=rule,
                document_no=form.document_no.data or "",
                document_date=form.document_date.data,
                expires_on=form.expires_on.data,
                reason=form.reason.data or "",
            )
            return leave_to(url_for("activities.view", activity_id=activity_id))
        except FieldErrors as wrong:
            form.add_errors(wrong.errors)
    return _waiver_page(dossiers.load(activity_id), rule, form, 422)


def _actor() -> Actor:
    actor = current_actor()
    if actor is None:
        raise Denied
    return actor


def _transition(activity_id: int, action: str) -> tuple[Dossier, Transition]:
    """The file and the step that this person may take now; else NotFound, Denied or Conflict."""
    if action not in words.ACTIONS:
        raise NotFound
    file = dossiers.load(activity_id)
    return file, lifecycle.offered(file, action, _actor())


def _with_scan(activity_id: int, action: str, form: StepForm) -> Input:
    given = form.given()
    upload: FileStorage | None = form.upload.data
    if upload is None or not upload.filename or action not in SCANS:
        return given
    if not form.not_secret.data:
        raise FieldErrors(
            {"not_secret": "Confirm that the file holds no state secret, or leave it out."}
        )
    tenant_id = dossiers.lock(activity_id, given.version).activity.tenant_id
    attachment_id = documents.attach(activity_id, tenant_id, SCANS[action], upload)
    return lifecycle.with_attachment(given, attachment_id)


def _file_page(activity_id: int, *, blocked: Blocked | None = None, status: int = 200) -> Response:
    file = dossiers.load(activity_id)
    actor = _actor()
    options = lifecycle.options(file, actor)
    review = amendments.review(file, actor)
    assessed = _assessed(file)
    before = review.check if review else assessed
    return render_page(
        "activities/file.html",
        status=status,
        file=file,
        activity=file.activity,
        outbound=file.outbound,
        page=pages.build(file, options, actor.locale),
        assessed=assessed,
        blocked=blocked,
        out_of_plan=is_out_of_plan(file),
        own=actor.tenant_id == file.activity.tenant_id,
        editable=lifecycle.is_editable(file, actor),
        drafts_amendments=actor.tenant_id == file.activity.tenant_id
        and actor.may(Permission.ACTIVITY_AMEND),
        amendment_steps=review.steps if review else (),
        amendment_check=review.check if review else None,
        amending=review is not None and review.amendment.state == "draft",
        may_amend=lifecycle.may_amend(file, actor),
        may_copy=lifecycle.may_copy(file, actor),
        may_waive=waivers.grantable(file, actor, before.judgement if before else None),
        words=words,
    )


def _assessed(file: Dossier) -> assessment.Assessment | None:
    """The kept verdict; before the submission, and when a waiver of it ran out before the decision,
    what the law says of the file as it stands now.
    """
    if file.activity.paper_register_no is not None:
        return None
    asked_anew = file.activity.state in (State.DRAFT, State.IN_REVIEW, State.RETURNED)
    if asked_anew or (file.ran_out and waivers.is_time_for(file)):
        return assessment.as_it_stands(file.activity.id)
    return kept_verdicts.latest(file.activity.id)


def _step_again(activity_id: int, action: str, form: StepForm, status: int) -> Response:
    file, transition = _transition(activity_id, action)
    return _step_page(file, transition, form, status)


def _amendment_page(file: Dossier, action: str, form: StepForm, status: int = 200) -> Response:
    offered = {t.action: t for t in amendments.options(file, _actor())}
    if action not in offered:
        raise NotFound
    return _step_page(
        file,
        offered[action],
        form,
        status,
        post_to=url_for("activities.amendment_step", activity_id=file.activity.id, action=action),
        amendment=pages.open_amendment(file),
    )


def _step_page(
    file: Dossier,
    transition: Transition,
    form: StepForm,
    status: int = 200,
    post_to: str | None = None,
    amendment: dict[str, Any] | None = None,
) -> Response:
    """`amendment`: the change that the step is about, with the address it is posted to."""
    action = transition.action
    on_paper = action in SCANS and action.startswith("record-")
    form.mark_required(*(name for need in transition.needs for name in FIELDS.get(need, (need,))))
    if on_paper:
        form.mark_required("upload")
    if action == "record-passports":
        form.mark_required("returned_on")
    return render_page(
        "activities/step.html",
        post_to=post_to or url_for("activities.step", activity_id=file.activity.id, action=action),
        status=status,
        file=file,
        activity=file.activity,
        transition=transition,
        form=form,
        words=words,
        # What was said of the approved version says nothing of a change.
        advice=None if amendment else file.advice,
        opinion=file.opinions[-1].answer if file.opinions and not amendment else None,
        amendment=amendment,
        step_words=words.ACTIONS[action],
        consequence=words.CONSEQUENCES.get(action),
        scan=action in SCANS,
        on_paper=on_paper,
    )


def _member_choices(file: Dossier) -> list[SelectChoice]:
    return [SelectChoice(m.person_id, f"{m.full_name}, {m.post}") for m in file.members]


def _report_page(file: Dossier, form: ReportForm, status: int = 200) -> Response:
    form.went.choices = _member_choices(file)
    form.mark_required("departed_on", "returned_on", "countries", "went", "results")
    return render_page(
        "activities/report.html", status=status, file=file, activity=file.activity, form=form
    )


def _waiver_page(file: Dossier, rule: str, form: StepForm, status: int = 200) -> Response:
    review = amendments.review(file, _actor())
    assessed = review.check if review else _assessed(file)
    findings = assessed.findings if assessed else ()
    shown = next((f for f in findings if f.rule == rule and f.grantor), None)
    if assessed is None or shown is None:
        raise NotFound(gettext("This file has no finding of that rule."))
    waivers.grantor_asked(file, rule, _actor(), assessed.judgement)
    form.mark_required("document_no", "document_date", "expires_on", "reason")
    return render_page(
        "activities/waiver.html",
        status=status,
        file=file,
        activity=file.activity,
        finding=shown,
        rule=rule,
        form=form,
    )
