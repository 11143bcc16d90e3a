"""The tokens of one's agency, and how other systems ask with them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, flash, url_for

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.api import limits, tokens
from portal.api.forms import TokenForm
from portal.api.problems import TITLES
from portal.compliance.strict_yaml import MAX_BYTES
from portal.core import clock
from portal.core.context import current_actor
from portal.core.errors import FieldErrors
from portal.extensions import settings
from portal.web.filters import file_size
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import LazyText, gettext, lazy, locale
from portal.web.navigation import link_person

bp = Blueprint("api_tokens", __name__, template_folder="templates", url_prefix="/api-tokens")
link_person(bp, "api_tokens.index", lazy("Other systems"), Permission.API_TOKEN_MANAGE)

STATUS: Final[dict[str, tuple[LazyText, str]]] = {
    "working": (lazy("Works"), "green"),
    "resting": (lazy("Issuer's account is disabled"), "amber"),
    "expired": (lazy("Run out"), "grey"),
    "revoked": (lazy("Revoked"), "red"),
}


@bp.get("")
@requires(Permission.API_TOKEN_MANAGE)
def index() -> Response:
    """Every token of the agency, living or not."""
    actor = current_actor()
    return render_page(
        "api/tokens.html",
        rows=tokens.tokens_of(actor.tenant_id if actor else None),
        today=clock.today(),
        status_words=STATUS,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.API_TOKEN_MANAGE)
def issue() -> Response:
    """A new token; the answer to the form is the one page that ever shows its secret."""
    form = TokenForm()
    if form.validate_on_submit() and form.expires_on.data is not None:
        try:
            secret = tokens.issue(form.name.data or "", form.expires_on.data)
        except FieldErrors as refused:
            form.add_errors(refused.errors)
        else:
            return render_page("api/token_secret.html", name=form.name.data, secret=secret)
    return render_page(
        "api/token_form.html",
        block="token_form",
        status=422 if form.is_submitted() else 200,
        form=form,
    )


@bp.post("/<int:token_id>/revoke")
@requires(Permission.API_TOKEN_MANAGE)
def revoke(token_id: int) -> Response:
    """End a token."""
    tokens.revoke(token_id)
    flash(gettext("The token is revoked; its system gets no answer any more."), "success")
    return leave_to(url_for("api_tokens.index"))


@bp.get("/guide")
@requires(Permission.API_TOKEN_MANAGE)
def guide() -> Response:
    """How to ask, for whoever connects the other system."""
    actor = current_actor()
    tenant_id = (actor.tenant_id if actor else None) or 0
    return render_page(
        "api/guide.html",
        tenant_id=tenant_id,
        example=json.dumps(example(tenant_id), ensure_ascii=False, indent=2),
        problems=[(status, kind, title) for kind, (status, title) in TITLES.items()],
        questions=limits.QUESTIONS.limit,
        foreign=limits.FOREIGN_PEOPLE.limit,
        most=file_size(MAX_BYTES, code=locale()),
    )


def example(tenant_id: int) -> dict[str, Any]:
    """A question that the service can answer as it stands."""
    today = clock.today()
    departs, returns = (today + timedelta(days=days) for days in (60, 64))
    return {
        "case": "Đoàn công tác Lào",
        "as_of": today.isoformat(),
        "province": settings().province,
        "agencies": [{"id": "co-quan", "tenant_id": tenant_id}],
        "people": [{"id": "an", "agency": "co-quan", "key_leader": False}],
        "proposal": {
            "id": "VB-12",
            "kind": "outbound",
            "agency": "co-quan",
            "submitted": today.isoformat(),
            "departs": departs.isoformat(),
            "returns": returns.isoformat(),
            "countries": ["LA"],
            "members": [{"person": "an", "role": "head"}],
            "purpose": "giao lưu biên giới",
            "host_partner": "huyện Đắc Chưng",
            "content": "hội đàm thường niên",
            "programme": [{"date": departs.isoformat(), "item": "hội đàm"}],
            "funding": "state",
            "organiser": "agency",
            "leader_rank": "department",
        },
    }
