"""The administrator's pages: accounts, their roles, lost passwords. No file is seen here."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.core import clock
from portal.core.errors import FieldErrors
from portal.identity import accounts as services
from portal.identity.forms_people import AccountFilterForm, AccountForm, GrantForm, role_choices
from portal.identity.queries import agencies_of_accounts, get_person
from portal.identity.types import PersonRow
from portal.identity.words import FIELDS_OF_WORK, role_name
from portal.tenancy.queries import tenants
from portal.web import navigation
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import _, locale

bp = Blueprint("accounts", __name__, template_folder="templates", url_prefix="/admin/users")
navigation.link(bp, "administration", "accounts.users", Permission.USER_MANAGE)


@bp.get("")
@requires(Permission.USER_MANAGE)
def users() -> Response:
    """Accounts by user name."""
    form = AccountFilterForm(request.args)
    form.agency.choices = [(one.id, one.name(locale())) for one in tenants()]
    fits = form.validate()
    text, agency = form.q.data or "", form.agency.data
    after = request.args.get("after", "")[:40].replace("\0", "")
    found = services.accounts_page(text, tenant_id=agency, after=after) if fits else []
    shown = found[: services.PAGE_ROWS]
    more = len(found) > len(shown)
    return render_page(
        "identity/users.html",
        status=200 if fits else 422,
        form=form,
        users=shown,
        agencies=agencies_of_accounts(one.id for one in shown),
        first_url=_users_url(text, agency) if after else None,
        next_url=_users_url(text, agency, after=shown[-1].username) if more else None,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.USER_MANAGE)
def new_user() -> Response:
    """A new account, for a person of the directory when `person` names one."""
    person = _person()
    form = AccountForm(name=person.full_name if person else "")
    if form.validate_on_submit():
        try:
            user_id, password = services.create_account(
                username=form.username.data or "",
                name=form.name.data or "",
                person_id=person.id if person else None,
            )
        except FieldErrors as refused:
            form.add_errors(refused.errors)
        else:
            return _told_once(user_id, password)
    return render_page(
        "identity/user_form.html",
        block="user_form",
        status=422 if form.is_submitted() else 200,
        form=form,
        person=person,
    )


@bp.get("/<int:user_id>")
@requires(Permission.USER_MANAGE)
def user(user_id: int) -> Response:
    """One account and its roles."""
    return _user_page(user_id, _grant_form())


@bp.post("/<int:user_id>/roles")
@requires(Permission.MEMBERSHIP_MANAGE)
def grant(user_id: int) -> Response:
    """Give a role."""
    form = _grant_form()
    if form.validate():
        try:
            services.grant(
                services.Grant(
                    user_id=user_id,
                    tenant_id=form.tenant_id.data,
                    role=form.role.data,
                    fields=tuple(form.fields_of_work.data or ()),
                    valid_from=form.valid_from.data,
                    valid_to=form.valid_to.data,
                )
            )
        except FieldErrors as refused:
            form.add_errors(refused.errors)
        else:
            flash(_("The role is given."), "success")
            return leave_to(url_for("accounts.user", user_id=user_id))
    return _user_page(user_id, form, status=422)


@bp.post("/<int:user_id>/roles/<int:membership_id>/revoke")
@requires(Permission.MEMBERSHIP_MANAGE)
def revoke(user_id: int, membership_id: int) -> Response:
    """Take a role away."""
    services.revoke(membership_id)
    flash(_("The role is revoked; it counts no more from the person's next step on."), "success")
    return leave_to(url_for("accounts.user", user_id=user_id))


@bp.post("/<int:user_id>/disable")
@requires(Permission.USER_MANAGE)
def disable(user_id: int) -> Response:
    """Close an account."""
    services.disable(user_id)
    flash(_("The account is disabled and signed out everywhere."), "success")
    return leave_to(url_for("accounts.user", user_id=user_id))


@bp.post("/<int:user_id>/enable")
@requires(Permission.USER_MANAGE)
def enable(user_id: int) -> Response:
    """Open an account again."""
    services.enable(user_id)
    flash(_("The account may sign in again."), "success")
    return leave_to(url_for("accounts.user", user_id=user_id))


@bp.post("/<int:user_id>/reset-password")
@requires(Permission.USER_MANAGE)
def reset_password(user_id: int) -> Response:
    """A one-time password, shown once."""
    return _told_once(user_id, services.reset_password(user_id))


def _users_url(text: str, agency: int | None, after: str | None = None) -> str:
    return url_for("accounts.users", q=text or None, agency=agency, after=after)


def _told_once(user_id: int, password: str) -> Response:
    """The one page that ever shows a password; nothing keeps it."""
    account = services.get_account(user_id)
    return render_page("identity/user_password.html", account=account, password=password)


def _user_page(user_id: int, form: GrantForm, status: int = 200) -> Response:
    account = services.get_account(user_id)
    return render_page(
        "identity/user.html",
        status=status,
        account=account,
        person=get_person(account.person_id) if account.person_id else None,
        memberships=services.memberships_of(user_id),
        today=clock.today(),
        role_name=role_name,
        fields_of_work=FIELDS_OF_WORK,
        form=form,
    )


def _grant_form() -> GrantForm:
    form = GrantForm()
    form.tenant_id.choices = [(one.id, one.name(locale())) for one in tenants()]
    form.role.choices = role_choices()
    return form


def _person() -> PersonRow | None:
    text = request.values.get("person", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return get_person(int(text))
