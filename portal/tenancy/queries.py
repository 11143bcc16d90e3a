"""Questions about agencies. The directory is public inside the province."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from portal.core import clock
from portal.core.errors import NotFound
from portal.extensions import db
from portal.tenancy.codes import normalised
from portal.tenancy.models import Tenant, TenantAlias, TenantCapacity, TenantSuccession
from portal.tenancy.types import Holding, Succession, TenantRow
from portal.web.i18n import locale
from portal.web.text import fold

_COLUMNS = (
    Tenant.id,
    Tenant.code,
    Tenant.kind,
    Tenant.name_vi,
    Tenant.name_en,
    Tenant.parent_id,
    Tenant.valid_from,
    Tenant.valid_to,
    Tenant.internal_review,
)


def get_tenant(tenant_id: int) -> TenantRow:
    """One agency, also one that exists no more. Raises NotFound."""
    row = db.session.execute(select(*_COLUMNS).where(Tenant.id == tenant_id)).first()
    if row is None:
        raise NotFound
    return TenantRow(*row)


def tenants(
    *,
    on: dt.date | None = None,
    kinds: Iterable[str] = (),
    text: str = "",
) -> list[TenantRow]:
    """The agencies that exist on a day (default today), by kind and code.

    `text` finds a part of the name without accents, or a code in any of its orderings.
    """
    statement = select(*_COLUMNS).where(_valid_on(Tenant, on)).order_by(Tenant.kind, Tenant.code)
    wanted = tuple(kinds)
    if wanted:
        statement = statement.where(Tenant.kind.in_(wanted))
    if text.strip():
        found = Tenant.search_key.contains(fold(text), autoescape=True)
        statement = statement.where(or_(found, Tenant.id.in_(_with_code(text))))
    return [TenantRow(*row) for row in db.session.execute(statement)]


def tenant_name() -> Any:
    """The column with the agency's name in the reader's language."""
    return (Tenant.name_en if locale() == "en" else Tenant.name_vi).label("tenant_name")


def tenant_names(ids: Iterable[int]) -> dict[int, str]:
    """The names of these agencies in the reader's language; unknown ids are left out."""
    statement = select(Tenant.id, tenant_name()).where(Tenant.id.in_(set(ids)))
    return {row[0]: row[1] for row in db.session.execute(statement)}


def tenant_kinds(ids: Iterable[int]) -> dict[int, str]:
    """What sort of body these agencies are, dissolved ones too; unknown ids are left out."""
    statement = select(Tenant.id, Tenant.kind).where(Tenant.id.in_(set(ids)))
    return {row[0]: row[1] for row in db.session.execute(statement)}


def holder_of(capacity: str, *, on: dt.date | None = None) -> int:
    """The tenant that is focal point, police, chair's office … on a day (default today).

    Raises NotFound when nobody holds the capacity: the administrator has to name a holder.
    """
    found = find_holder(capacity, on=on)
    if found is None:
        raise NotFound("No agency holds this part at present; the administrator has to name one.")
    return found


def find_holder(capacity: str, *, on: dt.date | None = None) -> int | None:
    """Like `holder_of`, None when nobody holds the capacity."""
    given = {"capacity": capacity, "day": on or clock.today()}
    held: int | None = db.session.execute(_HOLDER, given).scalar()
    return held


def capacities_of(tenant_id: int, *, on: dt.date | None = None) -> frozenset[str]:
    """The capacities that a tenant holds on a day (default today)."""
    statement = select(TenantCapacity.capacity).where(
        TenantCapacity.tenant_id == tenant_id, _valid_on(TenantCapacity, on)
    )
    return frozenset(db.session.execute(statement).scalars())


def holdings(tenant_ids: Iterable[int]) -> Mapping[int, list[Holding]]:
    """Every capacity these tenants hold or held, in the order of time."""
    statement = (
        select(
            TenantCapacity.tenant_id,
            TenantCapacity.capacity,
            TenantCapacity.valid_from,
            TenantCapacity.valid_to,
        )
        .where(TenantCapacity.tenant_id.in_(set(tenant_ids)))
        .order_by(TenantCapacity.valid_from, TenantCapacity.capacity)
    )
    found: dict[int, list[Holding]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row[0], []).append(Holding(*row[1:]))
    return found


def lineage(tenant_id: int) -> list[int]:
    """The agency and all that it succeeds, over any number of steps: their history is its own."""
    statement = select(func.lineage(tenant_id))
    return sorted(db.session.execute(statement).scalars())


def predecessors(tenant_ids: Iterable[int]) -> Mapping[int, list[Succession]]:
    """The agencies that these took over from, with the day and the paper."""
    return _successions(TenantSuccession.successor_id, TenantSuccession.predecessor_id, tenant_ids)


def successors(tenant_ids: Iterable[int]) -> Mapping[int, list[Succession]]:
    """The agencies that took over from these, with the day and the paper."""
    return _successions(TenantSuccession.predecessor_id, TenantSuccession.successor_id, tenant_ids)


def tenant_by_code(code: str) -> TenantRow | None:
    """The agency with this identifier code or alias, in whichever ordering it is written."""
    row = db.session.execute(
        select(*_COLUMNS).where(Tenant.id.in_(_with_code(code))).order_by(Tenant.id).limit(1)
    ).first()
    return None if row is None else TenantRow(*row)


def aliases_of(tenant_id: int) -> Sequence[str]:
    """The other codes under which systems know the tenant."""
    statement = select(TenantAlias.code).where(TenantAlias.tenant_id == tenant_id)
    return list(db.session.execute(statement.order_by(TenantAlias.code)).scalars())


def _with_code(code: str) -> Select[tuple[int]]:
    spellings = {code.strip(), normalised(code)}
    return (
        select(Tenant.id)
        .where(Tenant.code.in_(spellings))
        .union(select(TenantAlias.tenant_id).where(TenantAlias.code.in_(spellings)))
        .subquery()
        .select()
    )


def _successions(
    here: InstrumentedAttribute[int], there: InstrumentedAttribute[int], tenant_ids: Iterable[int]
) -> dict[int, list[Succession]]:
    statement = (
        select(
            here,
            Tenant.id,
            Tenant.name_vi,
            Tenant.name_en,
            TenantSuccession.on_date,
            TenantSuccession.basis,
        )
        .join_from(TenantSuccession, Tenant, Tenant.id == there)
        .where(here.in_(set(tenant_ids)))
        .order_by(TenantSuccession.on_date, Tenant.id)
    )
    found: dict[int, list[Succession]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row[0], []).append(Succession(*row[1:]))
    return found


def _valid_on(
    model: type[Tenant | TenantCapacity], on: dt.date | BindParameter[dt.date] | None
) -> ColumnElement[bool]:
    day = clock.today() if on is None else on
    return (model.valid_from <= day) & or_(model.valid_to.is_(None), model.valid_to >= day)


_HOLDER = (
    select(TenantCapacity.tenant_id)
    .where(
        TenantCapacity.capacity == bindparam("capacity"),
        _valid_on(TenantCapacity, bindparam("day", type_=Date)),
    )
    .order_by(TenantCapacity.valid_from.desc())
    .limit(1)
)
