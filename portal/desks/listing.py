"""The list of activities: keyset pages and bounded counts that cost the same at any size.

One agency's files, or one leader's, are few and filtered as they are read. Across agencies every
page is read along an index in the list's order: what belongs to the agency itself and what others
have submitted are two lists, merged, because a condition with OR finds no index. Words and
countries need an index that row-level security does not let PostgreSQL use; `find_activities`
(migration 0030) asks it and returns ids.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from portal.activities.models import Activity
from portal.core import clock
from portal.core.context import Actor, Scope
from portal.desks.types import ActivityRow, Cursor, Filters, Page
from portal.extensions import db
from portal.identity.models import Person
from portal.plans.models import Origin, PlanItem
from portal.tenancy.models import Tenant
from portal.tenancy.queries import tenant_name
from portal.web.text import fold

SIZE: Final = 25
COUNTED: Final = 500
"""Counts go this far; beyond it "more than 500" says as much."""
COUNTED_ONE_BY_ONE: Final = 100
"""Words, countries and what is out of plan are looked for in every file; few may be found."""
MOST_WORDS: Final = 8
OVERSEERS: Final = frozenset({Scope.FOCAL, Scope.CHAIR, Scope.COMMITTEE})

Condition = ColumnElement[bool]


def search_words(text: str) -> list[str]:
    """The words of a search without accents; each must be there as it is."""
    return re.findall(r"[^\W_]+", fold(text))[:MOST_WORDS]


def activities(
    actor: Actor,
    filters: Filters,
    cursor: Cursor | None = None,
    *,
    size: int = SIZE,
    counted: bool = False,
) -> Page[ActivityRow]:
    """One page of the activities that `actor` may see; `counted`: and how many there are, up to
    one more than `counted_up_to`. One statement.
    """
    found = _merged(actor, filters, cursor, size + 1).subquery()
    a = Activity
    # Asked row by row: beside what costs much, PostgreSQL does not care how it joins small tables.
    agency = select(tenant_name()).where(Tenant.id == a.tenant_id).scalar_subquery()
    leader = select(Person.full_name).where(Person.id == a.lead_person_id).scalar_subquery()
    statement = (
        select(
            a.id, a.kind, a.title, a.state, a.tenant_id, agency, a.starts_on, a.ends_on,
            a.countries, leader, a.blocks, a.warnings, a.due_on, a.urgent, a.after_the_fact,
            or_(a.plan_item_id.is_(None), PlanItem.origin == Origin.SUPPLEMENT),
            _count(actor, filters) if counted else null(),
        )
        .select_from(found)
        .join(a, a.id == found.c.id)
        .outerjoin(PlanItem, PlanItem.id == a.plan_item_id)
        .order_by(*_order(a, filters, cursor))
    )  # fmt: skip
    found_rows: Sequence[Any] = db.session.execute(statement).all()
    rows = [ActivityRow(*row[:-1]) for row in found_rows]
    return _page(rows, found_rows[0][-1] or 0 if found_rows else 0, filters, cursor, size)


def counted_up_to(filters: Filters) -> int:
    """How far this list is counted."""
    sought = filters.words or filters.country or filters.out_of_plan
    return COUNTED_ONE_BY_ONE if sought else COUNTED


def _count(actor: Actor, filters: Filters) -> Any:
    """How many there are, as far as one counts, read in whatever order is quickest.

    What is out of plan is said by no index: it is read in the order of the list until enough is
    found, where PostgreSQL would gather every file first.
    """
    many = counted_up_to(filters) + 1
    if filters.words or filters.country:
        found = _from_index(actor, filters, None, many)
    else:
        order = _order(Activity, filters, None) if filters.out_of_plan else ()
        found = _united(
            [
                _branch([*reach, *_conditions(filters)], filters, many, order)
                for reach in _reaches(actor, filters, by_day=False)
            ]
        ).limit(inline(many, Integer))
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def _page(
    rows: list[ActivityRow], count: int, filters: Filters, cursor: Cursor | None, size: int
) -> Page[ActivityRow]:
    forwards = cursor is None or cursor.forwards
    more = len(rows) > size
    rows = rows[:size]
    if not forwards:
        rows.reverse()
    if not rows:
        return Page(())
    before = cursor is not None if forwards else more
    after = more if forwards else True
    return Page(
        rows,
        count=count,
        previous=_cursor(rows[0], filters, forwards=False) if before else None,
        next=_cursor(rows[-1], filters, forwards=True) if after else None,
    )


def _cursor(row: ActivityRow, filters: Filters, *, forwards: bool) -> Cursor:
    return Cursor(row.id, row.starts_on if filters.by_day else None, forwards)


def _merged(actor: Actor, filters: Filters, cursor: Cursor | None, many: int) -> Select[Any]:
    """The ids of the `many` activities after the cursor."""
    if filters.words or filters.country:
        return _from_index(actor, filters, cursor, many)
    order = _order(Activity, filters, cursor)
    branches = [
        _branch([*reach, *_conditions(filters), *_after(filters, cursor)], filters, many, order)
        for reach in _reaches(actor, filters, by_day=filters.by_day)
    ]
    if len(branches) == 1:
        return branches[0]
    merged = _united(branches)
    order = _order(merged.selected_columns, filters, cursor)
    return merged.order_by(*order).limit(inline(many, Integer))


def _united(branches: Sequence[Select[Any]]) -> Select[Any]:
    if len(branches) == 1:
        return branches[0]
    return select(union_all(*(select(branch.subquery()) for branch in branches)).subquery())


def inline(value: Any, kind: type[TypeEngine[Any]] | TypeEngine[Any]) -> Any:
    """`value` written into the statement: after five runs PostgreSQL would plan for any value.

    How common a state is, and how short a page, decides which index is right.
    """
    return bindparam(None, value, kind, literal_execute=True)


def _branch(
    conditions: Sequence[Condition],
    filters: Filters,
    many: int,
    order: Sequence[Any] = (),
) -> Select[Any]:
    a = Activity
    columns: list[Any] = [a.id, a.starts_on] if filters.by_day else [a.id]
    statement: Select[Any] = select(*columns).where(*conditions)
    if filters.out_of_plan:
        # Without a plan item, or with a supplement to the plan (rule outbound.supplement-quota).
        # Asked row by row: a join would read all plans before it knows that a page is enough.
        origin = select(PlanItem.origin).where(PlanItem.id == a.plan_item_id).scalar_subquery()
        statement = statement.where(
            or_(a.plan_item_id.is_(None), origin == inline(Origin.SUPPLEMENT, Text))
        )
    return statement.order_by(*order).limit(inline(many, Integer))


def _reaches(actor: Actor, filters: Filters, *, by_day: bool) -> list[list[Condition]]:
    """The lists that together are what `actor` may see, each with an index of its own."""
    a = Activity
    me = inline(actor.tenant_id, BigInteger)
    if filters.tenant_id is not None:
        return [[a.tenant_id == inline(filters.tenant_id, BigInteger)]]
    if filters.leader_ids is not None:
        return [[a.lead_person_id.in_(filters.leader_ids)]]
    submitted = a.submitted_on.is_not(None)
    if actor.scope is Scope.INSPECTOR:
        by_state = filters.state is not None and not by_day
        return [[submitted], [a.submitted_on.is_(None)]] if by_state else [[]]
    own, others = a.tenant_id == me, a.tenant_id != me
    if actor.scope in OVERSEERS:
        return [[own], [others, submitted]]
    if actor.scope is Scope.POLICE:
        # The police are asked about what has been submitted.
        return [[own], [others, submitted, a.police_involved]]
    return [[own]]


def _conditions(filters: Filters) -> list[Condition]:
    a = Activity
    found: list[Condition] = []
    if filters.state is not None:
        found.append(a.state == inline(filters.state, Text))
    if filters.first_day is not None:
        found.append(a.starts_on >= inline(filters.first_day, Date))
    if filters.last_day is not None:
        found.append(a.starts_on <= inline(filters.last_day, Date))
    if filters.tenant_id is not None and filters.leader_ids is not None:
        found.append(a.lead_person_id.in_(filters.leader_ids))
    if filters.overdue:
        found.append(a.due_on < inline(clock.today(), Date))
    if filters.by_day:
        found.append(a.starts_on.is_not(None))
    return found


def _after(filters: Filters, cursor: Cursor | None) -> list[Condition]:
    if cursor is None:
        return []
    here: Any = Activity.id
    there: Any = inline(cursor.id, BigInteger)
    if filters.by_day:
        here, there = tuple_(Activity.starts_on, here), tuple_(inline(cursor.day, Date), there)
    return [here < there if cursor.forwards else here > there]


def _order(columns: Any, filters: Filters, cursor: Cursor | None) -> list[Any]:
    keys = [columns.starts_on, columns.id] if filters.by_day else [columns.id]
    forwards = cursor is None or cursor.forwards
    return [key.desc() if forwards else key.asc() for key in keys]


def _from_index(actor: Actor, filters: Filters, cursor: Cursor | None, many: int) -> Select[Any]:
    words = " & ".join(f"'{word}'" for word in search_words(filters.words))
    only_own = actor.scope in (Scope.OWN, Scope.ADMIN)
    asked = func.find_activities(
        cast(words or None, Text),
        cast(filters.country, Text),
        cast(filters.state, Text),
        cast(actor.tenant_id if only_own else filters.tenant_id, BigInteger),
        cast(filters.leader_ids and list(filters.leader_ids), ARRAY(BigInteger)),
        cast(filters.first_day, Date),
        cast(filters.last_day, Date),
        filters.out_of_plan,
        cast(clock.today() if filters.overdue else None, Date),
        filters.by_day,
        cursor is None or cursor.forwards,
        cast(cursor.day if cursor else None, Date),
        cast(cursor.id if cursor else None, BigInteger),
        many,
    )
    found = asked.table_valued(column("id", BigInteger), name="found").render_derived()
    return select(Activity.id).join(found, found.c.id == Activity.id)
