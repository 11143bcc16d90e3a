"""What the oversight's pages and the inspector's pack ask. Row-level security says who sees what:
waivers whoever sees their file, signals the focal point and the inspector alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final, TypeVar

from sqlalchemy import Select, any_, cast, exists, extract, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import BigInteger

from portal.activities.models import Activity
from portal.compliance.models import StoredWaiver
from portal.core.errors import NotFound
from portal.extensions import db
from portal.identity.models import UserAccount as User
from portal.oversight.models import Signal
from portal.oversight.types import (
    FileRow,
    ItemRow,
    Page,
    Place,
    SignalFilter,
    SignalRow,
    WaiverFilter,
    WaiverRow,
)
from portal.plans.models import PlanItem
from portal.tenancy.models import Tenant
from portal.tenancy.queries import tenant_name

Row = TypeVar("Row")
SIZE: Final = 25
"""Rows of a page."""


def waivers(
    wanted: WaiverFilter,
    *,
    before: int | None = None,
    above: int | None = None,
    limit: int | None = None,
) -> list[WaiverRow]:
    """Waivers, the last recorded first; `before` is the id where the page before ended.

    `above`: those with a greater id instead, the earliest recorded first.
    """
    a, w = Activity, StoredWaiver
    statement = narrowed(
        select(
            w.id, a.id, a.title, a.state, a.tenant_id, tenant_name(), a.starts_on, a.ends_on,
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
    if above is not None:
        statement = statement.where(w.id > above)
    order = w.id.desc() if above is None else w.id
    return [WaiverRow(*row) for row in db.session.execute(statement.order_by(order).limit(limit))]


def signals(
    wanted: SignalFilter,
    *,
    before: int | None = None,
    above: int | None = None,
    limit: int | None = None,
) -> list[SignalRow]:
    """Signals, the last found first; `before` is the id where the page before ended.

    `above`: those with a greater id instead, the earliest found first.
    """
    s = Signal
    statement = _signals()
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
    if above is not None:
        statement = statement.where(s.id > above)
    order = s.id.desc() if above is None else s.id
    return [SignalRow(*row) for row in db.session.execute(statement.order_by(order).limit(limit))]


def signal(signal_id: int) -> SignalRow:
    """One signal. Raises NotFound, also for whom it is not."""
    row = db.session.execute(_signals().where(Signal.id == signal_id)).one_or_none()
    if row is None:
        raise NotFound
    return SignalRow(*row)


def signal_page(
    wanted: SignalFilter, place: Place | None = None, *, size: int = SIZE
) -> Page[SignalRow]:
    """A page of signals: the open ones first, then the settled, the last found first in each."""
    forwards = place is None or place.forwards
    halves = (False, True) if wanted.settled is None else (wanted.settled,)
    rows: list[SignalRow] = []
    for settled in halves if forwards else reversed(halves):
        here = place is not None and place.settled == settled
        if place is not None and not here and settled != forwards:
            continue  # this half lies on the other side of the place
        edge = place.id if place is not None and here else None
        rows += signals(
            replace(wanted, settled=settled),
            before=edge if forwards else None,
            above=None if forwards else edge or 0,
            limit=size + 1 - len(rows),
        )
        if len(rows) > size:
            break
    return page_of(rows, size, place, lambda row: (row.id, row.settled_at is not None))


def page_of(
    rows: list[Row], size: int, place: Place | None, where: Callable[[Row], tuple[int, bool]]
) -> Page[Row]:
    """The page of `size` rows and its neighbours, from one row more, read in the direction asked.

    `where` gives a row's id, and whether it stands in the second half of the list.
    """
    more, rows = len(rows) > size, rows[:size]
    forwards = place is None or place.forwards
    if not forwards:
        rows.reverse()
    if not rows:
        return Page()
    before, after = (place is not None, more) if forwards else (more, True)
    return Page(
        rows,
        previous=Place(*where(rows[0]), forwards=False) if before else None,
        next=Place(*where(rows[-1])) if after else None,
    )


def files_of(ids: Iterable[int]) -> dict[int, FileRow]:
    """These files by their ids, as far as the acting person may see them."""
    a, wanted = Activity, sorted(set(ids))
    if not wanted:
        return {}
    statement = (
        select(
            a.id, a.title, a.state, a.tenant_id, tenant_name(), a.starts_on, a.ends_on, a.countries
        )
        .join(Tenant, Tenant.id == a.tenant_id)
        .where(a.id.in_(wanted))
        .order_by(a.starts_on, a.id)
    )
    return {row.id: FileRow(*row) for row in db.session.execute(statement)}


def items_of(ids: Iterable[int]) -> list[ItemRow]:
    """These items of annual plans, by their code."""
    i, wanted = PlanItem, sorted(set(ids))
    if not wanted:
        return []
    statement = select(i.id, i.plan_id, i.code, i.title).where(i.id.in_(wanted))
    return [ItemRow(*row) for row in db.session.execute(statement.order_by(i.code, i.id))]


def _signals() -> Select[Any]:
    s = Signal
    return select(
        s.id, s.kind, s.tenant_ids, s.facts, s.created_at, s.settled_at, User.name, s.reason
    ).outerjoin(User, User.id == s.settled_by)


def narrowed(statement: Select[Any], wanted: WaiverFilter, *, year: bool = True) -> Select[Any]:
    """A statement over waivers, narrowed; `year=False`: of every year."""
    w = StoredWaiver
    if wanted.by is not None:
        statement = statement.where(w.by == wanted.by)
    if wanted.tenant_id is not None:
        statement = statement.where(w.tenant_id == wanted.tenant_id)
    if wanted.rule is not None:
        statement = statement.where(w.rule == wanted.rule)
    if wanted.year is not None and year:
        statement = statement.where(extract("year", w.document_date) == wanted.year)
    if wanted.files is not None:
        statement = statement.where(w.activity_id.in_(wanted.files))
    return statement
