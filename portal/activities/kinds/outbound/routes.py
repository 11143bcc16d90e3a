"""Drafting an outbound delegation: one form that saves itself and says what the law says."""

from __future__ import annotations

import re
import secrets
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import MultiDict

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.activities.kinds.outbound import beginning, editor, saving
from portal.activities.kinds.outbound.editor import Editor
from portal.activities.kinds.outbound.forms import show
from portal.activities.kinds.outbound.saving import Clash, Saved
from portal.activities.kinds.outbound.targets import AMENDMENT, FILE, Target
from portal.core import clock
from portal.core.context import Actor, current_actor
from portal.core.errors import Denied, FieldErrors
from portal.web.htmx import is_fragment, leave_to, render_page
from portal.web.i18n import gettext

bp = Blueprint("outbound", __name__, template_folder="templates", url_prefix="/outbound")


@bp.get("/new")
@requires(Permission.ACTIVITY_PROPOSE)
def new() -> Response:
    """Choose what the delegation stands on: an item of the plan, or none."""
    return render_page("outbound/new.html", page=beginning.choices_for(_actor()), errors={})


@bp.post("/new")
@requires(Permission.ACTIVITY_PROPOSE)
def begin() -> Response:
    """Make the draft at once, and go on writing it."""
    try:
        activity_id = beginning.begin(_actor(), request.form)
    except FieldErrors as wrong:
        return render_page(
            "outbound/new.html",
            status=422,
            page=beginning.choices_for(_actor(), request.form),
            errors={name: gettext(text) for name, text in wrong.errors.items()},
        )
    on_paper = request.form.get("classified", "none") != "none"
    endpoint = "activities.view" if on_paper else "outbound.edit"
    return leave_to(url_for(endpoint, activity_id=activity_id))


@bp.post("/<int:activity_id>/copy")
@requires(Permission.ACTIVITY_PROPOSE)
def copy(activity_id: int) -> Response:
    """A new draft with the content of an earlier file: no dates, no answers, no papers."""
    return leave_to(url_for("outbound.edit", activity_id=beginning.copy(_actor(), activity_id)))


@bp.get("/<int:activity_id>/edit")
@requires(Permission.ACTIVITY_PROPOSE)
def edit(activity_id: int) -> Response:
    """The form as it was left."""
    return _form_page(FILE, activity_id)


@bp.post("/<int:activity_id>/edit")
@requires(Permission.ACTIVITY_PROPOSE)
def save(activity_id: int) -> Response:
    """One of the form's named buttons, with everything typed."""
    return _button(FILE, activity_id)


@bp.post("/<int:activity_id>/save")
@requires(Permission.ACTIVITY_PROPOSE)
def autosave(activity_id: int) -> Response:
    """What is typed, kept while it is typed; the answer is the mark and the findings."""
    return _autosave(FILE, activity_id)


@bp.get("/<int:activity_id>/amend")
@requires(Permission.ACTIVITY_AMEND)
def amend(activity_id: int) -> Response:
    """The same form for the version that an amendment asks for."""
    return _form_page(AMENDMENT, activity_id)


@bp.post("/<int:activity_id>/amend")
@requires(Permission.ACTIVITY_AMEND)
def save_amendment(activity_id: int) -> Response:
    """A named button of the amendment's form."""
    return _button(AMENDMENT, activity_id)


@bp.post("/<int:activity_id>/amend/save")
@requires(Permission.ACTIVITY_AMEND)
def autosave_amendment(activity_id: int) -> Response:
    """The amendment kept while it is typed."""
    return _autosave(AMENDMENT, activity_id)


@bp.get("/<int:activity_id>/people")
@requires(Permission.ACTIVITY_PROPOSE)
def people(activity_id: int) -> Response:
    """People to add, as one types a name."""
    target = AMENDMENT if request.args.get("amendment") else FILE
    target.load(activity_id, _actor(), lock=False)
    query = request.args.get("people_query", "")
    year = request.args.get("year", "")
    asked = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0
    in_year = asked if 2000 <= asked <= 2099 else clock.today().year
    members = request.args.getlist("member")
    chosen = [int(id_) for id_ in members if re.fullmatch(r"[0-9]{1,18}", id_)][:100]
    return render_page(
        "outbound/people.html",
        block="found",
        found=editor.find(query, chosen, in_year),
        query=query,
        post_url=target.urls(activity_id)["edit_url"],
    )


def _form_page(target: Target, activity_id: int) -> Response:
    draft = target.load(activity_id, _actor(), lock=False)
    page = editor.build(
        draft,
        show(draft.content, draft.raw),
        draft.people,
        tab=secrets.token_hex(8),
        query=request.args.get("people_query"),
    )
    return _page(target, page)


def _button(target: Target, activity_id: int) -> Response:
    values = request.form
    answer = saving.press(target, activity_id, _actor(), values, request.files)
    if isinstance(answer, Clash):
        return _clash_page(target, activity_id, answer)
    invalid = answer.posted.errors() if answer.do == "finish" else answer.posted.passing_errors
    if answer.refused or answer.file_error or invalid:
        return _page(target, _after(answer, values), 422, message=answer.message)
    if answer.do == "finish":
        return leave_to(url_for("activities.view", activity_id=activity_id))
    if is_fragment():
        return _page(target, _after(answer, values))
    url = target.urls(activity_id)["edit_url"]
    if answer.do == "find-people":
        url += "?" + urlencode({"people_query": values.get("people_query", "")[:100]})
    return leave_to(f"{url}#{answer.anchor}" if answer.anchor else url)


def _autosave(target: Target, activity_id: int) -> Response:
    answer = saving.autosave(target, activity_id, _actor(), request.form)
    if not is_fragment():
        if isinstance(answer, Clash):
            return _clash_page(target, activity_id, answer)
        return leave_to(target.urls(activity_id)["edit_url"])
    if isinstance(answer, Clash):
        return _unsaved(409, clash=answer)
    if answer.refused:
        return _unsaved(422, message=answer.message)
    page = _after(answer, request.form)
    return render_page(
        "outbound/saved.html",
        block="saved",
        panel_changed=request.form.get("panel") != page.digest,
        saved_at=clock.now(),
        **editor.context(page, **target.urls(activity_id)),
    )


def _unsaved(status: int, clash: Clash | None = None, message: str = "") -> Response:
    """Say above the form why it is not saved; nothing that is typed moves."""
    response = render_page("outbound/unsaved.html", "unsaved", status, clash=clash, message=message)
    response.headers["HX-Retarget"] = "#clash"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _after(answer: Saved, values: MultiDict[str, str]) -> Editor:
    return editor.build(
        answer.draft,
        answer.posted,
        answer.draft.people,
        tab=values.get("tab", ""),
        query=values.get("people_query", "") if answer.do == "find-people" else None,
        anchor=answer.anchor,
        file_error=answer.file_error,
        gathered=answer.gathered,
    )


def _page(target: Target, page: Editor, status: int = 200, message: str = "") -> Response:
    return render_page(
        "outbound/edit.html",
        block="editor",
        status=status,
        target=target,
        message=message,
        saved_at=page.draft.updated_at,
        **editor.context(page, **target.urls(page.draft.id)),
    )


def _clash_page(target: Target, activity_id: int, clash: Clash) -> Response:
    response = render_page(
        "outbound/clash.html",
        block="content",
        status=409,
        clash=clash,
        activity_id=activity_id,
        **target.urls(activity_id),
    )
    if is_fragment():
        response.headers["HX-Retarget"] = "#main"
        response.headers["HX-Reswap"] = "innerHTML show:top"
    return response


def _actor() -> Actor:
    actor = current_actor()
    if actor is None:
        raise Denied
    return actor
