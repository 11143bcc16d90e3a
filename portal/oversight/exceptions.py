"""What the exceptions' pages ask: waivers counted, trips above the law, regulations loosened.

Row-level security says of which files; every statement is bounded or reads an index of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, and_, cast, extract, func, select, union
from sqlalchemy.orm import aliased
from sqlalchemy.types import Integer

from portal.activities.models import Activity, State
from portal.compliance.models import QuotaUse, RuleVersion, StoredWaiver, VersionState
from portal.extensions import db
from portal.identity.models import Person
from portal.identity.models import UserAccount as User
from portal.oversight import queries
from portal.oversight.queries import SIZE, narrowed, page_of
from portal.oversight.rates import YEARS
from portal.oversight.types import (
    Above,
    Counts,
    LateRow,
    Loosened,
    Page,
    Place,
    TripFilter,
    WaiverFilter,
    WaiverRow,
)
from portal.tenancy.models import Tenant
from portal.tenancy.queries import tenant_name
from portal.workflow.models import Step

LEADER_TRIPS: Final = "outbound.leader-trips"
MOST: Final = 100
"""Loosened regulations that are listed, the latest first."""


def waiver_page(wanted: WaiverFilter, place: Place | None = None) -> Page[WaiverRow]:
    """A page of waivers, the last recorded first."""
    edge = {} if place is None else {"before" if place.forwards else "above": place.id}
    rows = queries.waivers(wanted, limit=SIZE + 1, **edge)
    return page_of(rows, SIZE, place, lambda row: (row.id, False))


def counts(wanted: WaiverFilter) -> Counts:
    """How many waivers by grantor, agency, rule and year of the document, the most first."""
    w = StoredWaiver
    parts = {
        "by": w.by,
        "tenant_id": w.tenant_id,
        "rule": w.rule,
        "year": cast(extract("year", w.document_date), Integer),
    }
    labelled: list[Any] = [part.label(name) for name, part in parts.items()]
    base = narrowed(select(*labelled), wanted).subquery()
    names = [base.c[name] for name in parts]
    statement = select(
        *(func.grouping(name) == 0 for name in names), *names, func.count()
    ).group_by(func.grouping_sets(*names))
    found: dict[str, dict[Any, int]] = {name: {} for name in parts}
    for row in sorted(db.session.execute(statement), key=lambda row: -row[-1]):
        for number, name in enumerate(parts):
            if row[number]:
                found[name][row[len(parts) + number]] = row[-1]
    return Counts(
        by=found["by"], tenants=found["tenant_id"], rules=found["rule"],
        years=dict(sorted(found["year"].items(), reverse=True)),
    )  # fmt: skip


def waived_by_month(wanted: WaiverFilter, last: int) -> Mapping[date, int]:
    """Waivers of the years up to `last` by the month of their document."""
    return _by_month(narrowed(_by_day(StoredWaiver.document_date, last), wanted, year=False))


def decided_by_month(tenant_id: int | None, last: int) -> Mapping[date, int]:
    """Files that were decided, approved or not, in the years up to `last` by month."""
    statement = _by_day(Activity.decided_on, last)
    if tenant_id is not None:
        statement = statement.where(Activity.tenant_id == tenant_id)
    return _by_month(statement)


def _by_day(day: Any, last: int) -> Select[Any]:
    """Grouped as the index has it: the days of five years are few, their files may be many."""
    grouped: list[Any] = [day]
    return (
        select(*grouped, func.count())
        .where(day >= date(last - YEARS + 1, 1, 1), day < date(last + 1, 1, 1))
        .group_by(day)
    )


def _by_month(statement: Select[Any]) -> Mapping[date, int]:
    months: Counter[date] = Counter()
    for day, count in db.session.execute(statement):
        months[day.replace(day=1)] += count
    return months


def late_page(wanted: TripFilter, place: Place | None = None) -> Page[LateRow]:
    """A page of files recorded after the fact, above a limit without a waiver, or cancelled when
    they were to be under way, newest first.
    """
    a, cancelled = Activity, aliased(Step, _cancelled_late().subquery())
    ids = union(
        select(a.id.label("id")).where(a.after_the_fact),
        select(_over().subquery().c.activity_id),
        select(_cancelled_late().subquery().c.activity_id),
    ).subquery()
    statement = (
        select(
            a.id, a.title, a.state, a.tenant_id, tenant_name(), a.starts_on, a.ends_on,
            a.countries, a.after_the_fact, cancelled.id.is_not(None),
            func.coalesce(cancelled.note, a.after_the_fact_reason),
        )
        .join(ids, ids.c.id == a.id)
        .outerjoin(cancelled, cancelled.activity_id == a.id)
        .join(Tenant, Tenant.id == a.tenant_id)
    )  # fmt: skip
    if wanted.tenant_id is not None:
        statement = statement.where(a.tenant_id == wanted.tenant_id)
    if wanted.year is not None:
        first, after = date(wanted.year, 1, 1), date(wanted.year + 1, 1, 1)
        statement = statement.where(a.starts_on >= first, a.starts_on < after)
    if place is not None:
        statement = statement.where(a.id < place.id if place.forwards else a.id > place.id)
    order = a.id.desc() if place is None or place.forwards else a.id
    rows = [LateRow(*row) for row in db.session.execute(statement.order_by(order).limit(SIZE + 1))]
    return page_of(rows, SIZE, place, lambda row: (row.id, False))


def above(files: Iterable[int]) -> Mapping[int, Sequence[Above]]:
    """By file: the places above a limit that it took without a waiver, and whose they are."""
    q = QuotaUse
    statement = (
        _over()
        .add_columns(q.rule, q.period, q.slot, q.limit, q.over_reason)
        .add_columns(Person.honorific, Person.full_name)
        .outerjoin(Person, and_(Person.id == q.subject_id, q.rule == LEADER_TRIPS))
        .where(q.activity_id.in_([*files]))
        .order_by(q.id)
    )
    found: dict[int, list[Above]] = {}
    for file, *rest in db.session.execute(statement):
        found.setdefault(file, []).append(Above(*rest))
    return found


def _cancelled_late() -> Select[Any]:
    """The steps that cancelled a trip after the calendar had begun it: its place was given back."""
    return select(Step).where(
        Step.action == "cancel", Step.from_state.in_((State.UNDER_WAY, State.COMPLETED))
    )


def _over() -> Select[Any]:
    q = QuotaUse
    return select(q.activity_id).where(q.slot > q.limit, q.waiver_id.is_(None))


def loosened() -> list[Loosened]:
    """Published versions that allow what the one before them forbids, the latest first."""
    v = RuleVersion
    statement = (
        select(
            v.id, v.rule, v.valid_from, v.definition["params"], v.document["number"].astext,
            v.document["date"].astext, v.settled_at, User.name,
        )
        .outerjoin(User, User.id == v.settled_by)
        .where(v.loosens, v.state == VersionState.PUBLISHED)
        .order_by(v.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [Loosened(*row) for row in db.session.execute(statement)]
