"""What the oversight's pages and the inspector's pack ask. Row-level security says who sees what:
waivers whoever sees their file, signals the focal point and the inspector alone.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, any_, cast, exists, extract, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import BigInteger

from portal.activities.models import Activity
from portal.compliance.models import StoredWaiver
from portal.extensions import db
from portal.identity.models import UserAccount as User
from portal.oversight.models import Signal
from portal.oversight.types import SignalFilter, SignalRow, WaiverFilter, WaiverRow
from portal.tenancy.models import Tenant
from portal.web.i18n import locale


def waivers(
    wanted: WaiverFilter, *, before: int | None = None, limit: int | None = None
) -> list[WaiverRow]:
    """Waivers, the last recorded first; `before` is the id where the page before ended."""
    a, w = Activity, StoredWaiver
    statement = _narrowed(
        select(
            w.id, a.id, a.title, a.state, a.tenant_id, _tenant_name(), a.starts_on, a.ends_on,
            a.countries, w.rule, w.by, w.document_no, w.document_date, w.reason,
            w.expires_on, w.created_at, User.name,
        )
        .join_from(w, a, a.id == w.activity_id)
        .join(Tenant, Tenant.id == a.tenant_id)
        .outerjoin(User, User.id == w.recorded_by),
        wanted,
    )  # fmt: skip
    if before is not None:
        statement = statement.where(w.id < before)
    found = db.session.execute(statement.order_by(w.id.desc()).limit(limit))
    return [WaiverRow(*row) for row in found]


def signals(
    wanted: SignalFilter, *, before: int | None = None, limit: int | None = None
) -> list[SignalRow]:
    """Signals, the last found first; `before` is the id where the page before ended."""
    s = Signal
    statement = select(
        s.id, s.kind, s.tenant_ids, s.facts, s.created_at, s.settled_at, User.name, s.reason
    ).outerjoin(User, User.id == s.settled_by)
    if wanted.settled is not None:
        statement = statement.where(s.settled_at.is_not(None) == wanted.settled)
    if wanted.tenant_id is not None:
        statement = statement.where(s.tenant_ids.contains([wanted.tenant_id]))
    if wanted.kind is not None:
        statement = statement.where(s.kind == wanted.kind)
    if wanted.year is not None:
        statement = statement.where(s.facts["years"].contains(cast([wanted.year], JSONB)))
    if wanted.files is not None:
        entry = func.jsonb_array_elements_text(s.facts["files"]).table_valued("value")
        one_of_them = cast(entry.c.value, BigInteger) == any_(cast(wanted.files, ARRAY(BigInteger)))
        statement = statement.where(exists(select(entry.c.value).where(one_of_them)))
    if before is not None:
        statement = statement.where(s.id < before)
    found = db.session.execute(statement.order_by(s.id.desc()).limit(limit))
    return [SignalRow(*row) for row in found]


def _narrowed(statement: Select[Any], wanted: WaiverFilter) -> Select[Any]:
    w = StoredWaiver
    if wanted.by is not None:
        statement = statement.where(w.by == wanted.by)
    if wanted.tenant_id is not None:
        statement = statement.where(w.tenant_id == wanted.tenant_id)
    if wanted.rule is not None:
        statement = statement.where(w.rule == wanted.rule)
    if wanted.year is not None:
        statement = statement.where(extract("year", w.document_date) == wanted.year)
    if wanted.files is not None:
        statement = statement.where(w.activity_id.in_(wanted.files))
    return statement


def _tenant_name() -> Any:
    return (Tenant.name_en if locale() == "en" else Tenant.name_vi).label("tenant_name")
