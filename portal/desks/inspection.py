"""What an inspector looks at first. Each question is one bounded statement."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import Date, Integer, Select, Text, select

from portal.activities.models import Activity, Decision, State
from portal.compliance.models import StoredWaiver
from portal.core import clock
from portal.desks.listing import inline
from portal.extensions import db
from portal.tenancy.models import Tenant
from portal.tenancy.queries import tenant_name

SHOWN: Final = 25


def recorded_late() -> list[Any]:
    """Files of this and last year that were recorded after the fact, latest departure first."""
    a = Activity
    return _rows(
        select(
            a.id, a.title, tenant_name(), a.state, a.starts_on, a.ends_on, a.countries,
            a.after_the_fact_reason.label("reason"),
        )
        .join(Tenant, Tenant.id == a.tenant_id)
        .where(a.after_the_fact, a.starts_on >= inline(_last_january(), Date))
        .order_by(a.starts_on.desc(), a.id.desc())
    )  # fmt: skip


def refused() -> list[Any]:
    """Files that were not approved, newest first, with the reason of the decision."""
    a, d = Activity, Decision
    return _rows(
        select(
            a.id, a.title, tenant_name(), a.state, a.starts_on, a.ends_on, a.countries,
            d.document_no, d.document_date, d.reason,
        )
        .join(Tenant, Tenant.id == a.tenant_id)
        .outerjoin(d, (d.activity_id == a.id) & (d.outcome == "rejected"))
        .where(a.state == inline(State.REJECTED, Text), a.submitted_on.is_not(None))
        .order_by(a.id.desc())
    )  # fmt: skip


def waivers() -> list[Any]:
    """The waivers recorded last, with their documents."""
    a, w = Activity, StoredWaiver
    return _rows(
        select(
            a.id, a.title, tenant_name(), a.state, a.starts_on, a.ends_on, a.countries,
            w.rule, w.by, w.document_no, w.document_date, w.reason,
        )
        .join_from(w, a, a.id == w.activity_id)
        .join(Tenant, Tenant.id == a.tenant_id)
        .order_by(w.id.desc())
    )  # fmt: skip


def _rows(statement: Select[Any]) -> list[Any]:
    return list(db.session.execute(statement.limit(inline(SHOWN, Integer))))


def _last_january() -> date:
    return date(clock.today().year - 1, 1, 1)
