"""Versions of the province's own: drafted by the focal point, published by the chair's office."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, Response, flash, make_response, request, url_for

from portal.access.guard import requires, requires_any, signed_in
from portal.access.permissions import Permission
from portal.compliance import own_versions
from portal.compliance.enacted import read_own
from portal.compliance.labels import title_of
from portal.compliance.messages.words import GRANTORS
from portal.compliance.models import ImpactRun
from portal.compliance.regulations import Version
from portal.compliance.rules import RULES
from portal.core import clock
from portal.core.context import current_actor
from portal.core.errors import FieldErrors, NotFound
from portal.register import impact, own, words
from portal.register.forms import ImportForm, RefusalForm, VersionForm, given, version_form
from portal.register.routes import WORDS
from portal.tenancy.queries import tenant_names
from portal.web.htmx import is_fragment, leave_to, render_page
from portal.web.i18n import gettext, locale

bp = Blueprint("versions", __name__, template_folder="templates", url_prefix="/regulations")


@bp.get("/versions")
@signed_in
def index() -> Response:
    """The province's own versions: for everybody what is published, for its makers drafts too."""
    return _list_page(ImportForm())


@bp.get("/versions.yaml")
@signed_in
def export() -> Response:
    """What is published, in the words of the rule files."""
    response = make_response(own.exported())
    response.headers["Content-Type"] = "application/yaml; charset=utf-8"
    name = f"quy-dinh-cua-tinh-{clock.today():%Y-%m-%d}.yaml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/versions/import")
@requires(Permission.REGULATION_DRAFT)
def bring_in() -> Response:
    """Begin a draft for each version of an exported file."""
    form = ImportForm()
    if form.validate():
        try:
            ids = own_versions.bring_in(form.file.data.read(own.MOST_BYTES + 1))
        except FieldErrors as wrong:
            form.add_errors(wrong.errors)
        else:
            flash(gettext("%(n)s drafts were begun from the file.", n=len(ids)), "success")
            return leave_to(url_for("versions.index"))
    return _list_page(form, status=422)


def _list_page(form: ImportForm, *, status: int = 200) -> Response:
    rows = own.rows()
    return render_page(
        "register/versions.html",
        status=status,
        rows=rows,
        titles={row.rule: title_of(row.rule) for row in rows},
        states=words.STATES,
        form=form,
        may_draft=_may(Permission.REGULATION_DRAFT),
        tongue=locale(),
        **WORDS,
    )


@bp.route("/<string:rule>/draft", methods=["GET", "POST"])
@requires(Permission.REGULATION_DRAFT)
def draft(rule: str) -> Response:
    """A new version of a rule's numbers."""
    spec = RULES.get(rule)
    if spec is None or not spec.params:
        raise NotFound
    form = version_form(spec.params, **own.as_typed(rule))
    if form.validate_on_submit():
        try:
            version_id = own_versions.draft(rule, given(form))
        except FieldErrors as wrong:
            form.add_errors(wrong.errors)
        else:
            return leave_to(url_for("versions.version", version_id=version_id))
    return _form_page(rule, form, None)


@bp.route("/versions/<int:version_id>/edit", methods=["GET", "POST"])
@requires(Permission.REGULATION_DRAFT)
def edit(version_id: int) -> Response:
    """Write a draft anew."""
    row = own.get(version_id)
    form = version_form(RULES[row.rule].params, **own.as_stored(row))
    if form.validate_on_submit():
        try:
            own_versions.change(version_id, _revision(), given(form))
        except FieldErrors as wrong:
            form.add_errors(wrong.errors)
        else:
            return leave_to(url_for("versions.version", version_id=version_id))
    return _form_page(row.rule, form, version_id)


def _form_page(rule: str, form: VersionForm, version_id: int | None) -> Response:
    return render_page(
        "register/version_form.html",
        status=422 if form.is_submitted() else 200,
        rule=rule,
        title=title_of(rule),
        form=form,
        version_id=version_id,
    )


@bp.get("/versions/<int:version_id>")
@signed_in
def version(version_id: int) -> Response:
    """One version of the province's own beside what it replaces, and what it would change."""
    return _version_page(version_id, RefusalForm())


def _version_page(version_id: int, form: RefusalForm, **more: Any) -> Response:
    row, actor = own.get(version_id), current_actor()
    counted = impact.latest(row) if own.sees_drafts(actor) else None
    new = read_own(row)
    before = own.replaced_by(new)
    english = locale() == "en"
    return render_page(
        "register/version.html",
        block=more.pop("block", None),
        status=more.pop("status", 200),
        row=row,
        title=title_of(row.rule),
        new=new,
        before=before if isinstance(before, Version) else None,
        people=own.people_of(row),
        impact=counted,
        agencies=_agencies(counted),
        verdicts=words.VERDICTS,
        form=form,
        states=words.STATES,
        may_draft=_may(Permission.REGULATION_DRAFT),
        may_publish=_may(Permission.REGULATION_PUBLISH),
        grantors={by: said[1 if english else 0] for by, said in GRANTORS.items()},
        tongue=locale(),
        **WORDS,
        **more,
    )


@bp.post("/versions/<int:version_id>/propose")
@requires(Permission.REGULATION_DRAFT)
def propose(version_id: int) -> Response:
    """Lay it before the chair's office, once it is known what it would change."""
    if not impact.is_counted(own.get(version_id)):
        form = RefusalForm()
        form.add_errors({"": "Count what the version would change before you propose it."})
        return _version_page(version_id, form, status=422)
    own_versions.propose(version_id, _revision())
    flash(gettext("The version lies before the chair's office."), "success")
    return leave_to(url_for("versions.version", version_id=version_id))


@bp.post("/versions/<int:version_id>/publish")
@requires(Permission.REGULATION_PUBLISH)
def publish(version_id: int) -> Response:
    """Put it into force from its day on."""
    own_versions.publish(version_id, _revision())
    flash(gettext("The version is published; verdicts given before keep their own."), "success")
    return leave_to(url_for("versions.version", version_id=version_id))


@bp.post("/versions/<int:version_id>/refuse")
@requires(Permission.REGULATION_PUBLISH)
def refuse(version_id: int) -> Response:
    """Send it away for good, with the reason."""
    form = RefusalForm()
    if not form.validate():
        return _version_page(version_id, form, status=422)
    own_versions.refuse(version_id, _revision(), form.reason.data)
    flash(gettext("The version is refused."), "success")
    return leave_to(url_for("versions.version", version_id=version_id))


@bp.post("/versions/<int:version_id>/impact")
@requires_any(Permission.REGULATION_DRAFT, Permission.REGULATION_PUBLISH)
def measure(version_id: int) -> Response:
    """Ask a worker what the version would change."""
    impact.ask(own.get(version_id))
    return leave_to(url_for("versions.version", version_id=version_id) + "#impact")


@bp.get("/versions/<int:version_id>/impact")
@signed_in
def impact_so_far(version_id: int) -> Response:
    """How far the worker is; the page asks again while it works.

    Once it is done the whole page comes anew: then the version may be proposed.
    """
    counted = impact.latest(own.get(version_id))
    if is_fragment() and (counted is None or counted.state not in ("waiting", "running")):
        return leave_to(url_for("versions.version", version_id=version_id))
    return _version_page(version_id, RefusalForm(), block="impact")


def _may(permission: Permission) -> bool:
    actor = current_actor()
    return actor is not None and actor.may(permission)


def _agencies(counted: ImpactRun | None) -> dict[int, str]:
    """What the agencies of a count are called, those with most changes first."""
    if counted is None or counted.result is None:
        return {}
    changes: Counter[int] = Counter()
    for counts in counted.result.values():
        changes.update({int(id_): number for id_, number in counts["by_tenant"].items()})
    names = tenant_names(changes)
    return {id_: names[id_] for id_ in sorted(names, key=lambda id_: (-changes[id_], names[id_]))}


def _revision() -> int:
    return request.form.get("revision", default=0, type=int)
