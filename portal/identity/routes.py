"""Signing in and out, the office acted in, one's own sessions and password."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for

from portal.access.guard import public, signed_in
from portal.access.sign_in import safe_next
from portal.core.context import Actor, acting_as, current_actor
from portal.core.errors import FieldErrors, NotFound
from portal.identity import sessions
from portal.identity import sign_in as door
from portal.identity.agents import device_name
from portal.identity.forms import PasswordForm, SignInForm
from portal.identity.keeping import FIELD, KeptForm, kept_form
from portal.identity.login import (
    forget_form_tokens,
    opened_session,
    signed_in_actor,
    start,
    stop,
    token_in_cookie,
)
from portal.identity.offices import office_label
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import _, gettext
from portal.web.security import forget_everything
from portal.web.typed import told

bp = Blueprint("identity", __name__, template_folder="templates")


@bp.route("/sign-in", methods=["GET", "POST"])
@public("the door itself")
def sign_in() -> Response:
    """The door: user name, password, and back to where one came from."""
    back = safe_next(request.values.get("next"))
    if request.method == "GET" and current_actor() is not None:
        return leave_to(back or "/")
    form = SignInForm()
    if not form.validate_on_submit():
        return _door(form, back, 422 if form.is_submitted() else 200)
    try:
        token, opened = door.sign_in(
            door.Attempt(
                username=form.username.data or "",
                password=form.password.data or "",
                address=request.remote_addr or "unknown",
                user_agent=request.user_agent.string,
                old_token=token_in_cookie(),
            )
        )
    except (door.WrongCredentialsError, door.TooManyAttemptsError) as refused:
        form.form_errors.append(gettext(refused.message, **refused.params))
        response = _door(form, back, refused.status)
        if isinstance(refused, door.TooManyAttemptsError):
            response.headers["Retry-After"] = str(refused.wait)
        return response
    signed = request.form.get(FIELD, "")
    start(token, opened)
    if signed:
        kept = kept_form(signed, opened.actor.user_id)
        if kept is not None:
            return _what_was_kept(kept, opened.actor)
        flash(_("What somebody else typed here before is not shown to you."), "info")
    return leave_to(back or "/")


def _what_was_kept(kept: KeptForm, actor: Actor) -> Response:
    with acting_as(actor):  # names of people are read as the person who has just signed in
        said = told(kept.url, kept.fields)
    return render_page(
        "identity/kept.html", send_to=kept.url, fields=kept.fields, told=said, files=kept.files
    )


def _door(form: SignInForm, back: str | None, status: int) -> Response:
    kept = request.form.get(FIELD) or None
    return render_page(
        "identity/sign_in.html", block="door", status=status, form=form, next=back, kept=kept
    )


@bp.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End this session; `everywhere`: all of them."""
    everywhere = request.form.get("everywhere") == "yes"
    sessions.sign_out(signed_in_actor(), everywhere=everywhere)
    stop()
    flash(
        _("You are signed out everywhere.") if everywhere else _("You are signed out."), "success"
    )
    return forget_everything(leave_to(url_for("identity.sign_in")))


@bp.post("/acting-as")
@signed_in
def switch_tenant() -> Response:
    """Act in another of one's offices from now on."""
    opened = opened_session()
    wanted = request.form.get("membership", "")
    office = next((one for one in opened.offices if one.key == wanted), None) if opened else None
    if office is None:
        raise NotFound
    sessions.choose_office(signed_in_actor(), office)
    forget_form_tokens()
    flash(_("You act now as: %(office)s.", office=office_label(office)), "success")
    return leave_to("/")


@bp.get("/my/sessions")
@signed_in
def my_sessions() -> Response:
    """Where one is signed in."""
    actor = signed_in_actor()
    return render_page(
        "identity/sessions.html",
        sessions=sessions.sessions_of(actor.user_id or 0),
        device_name=device_name,
        here=actor.session_id,
    )


@bp.post("/my/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> Response:
    """Sign out one of one's own browsers."""
    actor = signed_in_actor()
    if session_id == actor.session_id:
        sessions.sign_out(actor)
        stop()
        return forget_everything(leave_to(url_for("identity.sign_in")))
    sessions.end_own(actor, session_id)
    flash(_("This browser is signed out."), "success")
    return leave_to(url_for("identity.my_sessions"))


@bp.route("/my/password", methods=["GET", "POST"])
@signed_in
def change_password() -> Response:
    """Choose another password; the other browsers are signed out."""
    form = PasswordForm()
    status = 200
    if form.validate_on_submit():
        try:
            door.change_password(
                signed_in_actor(),
                current=form.current.data or "",
                wanted=form.wanted.data or "",
                address=request.remote_addr or "unknown",
            )
        except FieldErrors as refused:
            form.add_errors(refused.errors)
            status = 422
        except door.TooManyAttemptsError as refused:
            form.form_errors.append(gettext(refused.message, **refused.params))
            status = 429
        else:
            flash(_("Your password is changed; your other browsers are signed out."), "success")
            return leave_to("/")
    elif form.is_submitted():
        status = 422
    opened = opened_session()
    return render_page(
        "identity/password.html",
        block="password",
        status=status,
        form=form,
        first=opened is not None and opened.one_time_password,
    )
