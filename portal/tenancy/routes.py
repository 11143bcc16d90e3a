"""The directory of agencies: which there are, what they are for the province, whom they succeed."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.core import clock
from portal.core.context import Actor, current_actor
from portal.tenancy import queries, services
from portal.tenancy.forms import AgencyFilter
from portal.tenancy.words import CAPACITIES, KINDS
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import _

bp = Blueprint("tenancy", __name__, template_folder="templates")


@bp.get("/agencies")
@requires(Permission.DIRECTORY_VIEW)
def agencies() -> Response:
    """Every agency of today."""
    form = AgencyFilter(request.args)
    # An unreadable filter shows everything; the field says what is wrong with it.
    fits = form.validate()
    found = queries.tenants(
        text=(form.q.data or "") if fits else "",
        kinds=[form.kind.data] if fits and form.kind.data else [],
    )
    ids = [tenant.id for tenant in found]
    today = clock.today()
    return render_page(
        "tenancy/agencies.html",
        block="agencies",
        form=form,
        tenants=found,
        kinds=KINDS,
        capacities=CAPACITIES,
        holdings={
            tenant_id: [
                held for held in held_ones if held.valid_to is None or held.valid_to >= today
            ]
            for tenant_id, held_ones in queries.holdings(ids).items()
        },
        predecessors=queries.predecessors(ids),
    )


@bp.get("/agencies/<int:tenant_id>")
@requires(Permission.DIRECTORY_VIEW)
def agency(tenant_id: int) -> Response:
    """One agency, also one of the past."""
    tenant = queries.get_tenant(tenant_id)
    return render_page(
        "tenancy/agency.html",
        tenant=tenant,
        today=clock.today(),
        parent=queries.get_tenant(tenant.parent_id) if tenant.parent_id else None,
        aliases=queries.aliases_of(tenant_id),
        kinds=KINDS,
        capacities=CAPACITIES,
        held=queries.holdings([tenant_id]).get(tenant_id, []),
        predecessors=queries.predecessors([tenant_id]).get(tenant_id, []),
        successors=queries.successors([tenant_id]).get(tenant_id, []),
        may_switch=_heads(tenant_id, current_actor()),
    )


@bp.post("/agencies/internal-review")
@requires(Permission.ACTIVITY_SUBMIT)
def switch_internal_review() -> Response:
    """The head switches internal review of their own agency."""
    wanted = request.form.get("wanted") == "on"
    services.set_internal_review(wanted=wanted)
    flash(
        _("Internal review is on: every draft is reviewed before the head submits it.")
        if wanted
        else _("Internal review is off: the head submits drafts without a reviewer."),
        "success",
    )
    actor = current_actor()
    return leave_to(url_for("tenancy.agency", tenant_id=actor.tenant_id if actor else 0))


def _heads(tenant_id: int, actor: Actor | None) -> bool:
    return (
        actor is not None
        and actor.tenant_id == tenant_id
        and actor.acting_for is None
        and Role.HEAD in actor.roles
    )
