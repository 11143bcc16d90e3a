"""Everything about one file, in a constant number of statements."""

from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import aliased

from portal.activities.kinds.outbound.model import DelegationMember, Outbound, ProgrammeItem
from portal.activities.models import Activity
from portal.core.errors import Conflict, NotFound
from portal.extensions import db
from portal.identity.models import Person
from portal.tenancy.models import Tenant, TenantCapacity
from portal.workflow.models import Step, Task

_SMALL_CHILDREN = text("""
    SELECT jsonb_build_object(
        'opinions', (SELECT jsonb_agg(to_jsonb(o) ORDER BY o.id) FROM opinion o
                      WHERE o.activity_id = :id),
        'decisions', (SELECT jsonb_agg(to_jsonb(d) ORDER BY d.id) FROM decision d
                       WHERE d.activity_id = :id),
        'waivers', (SELECT jsonb_agg(to_jsonb(w) ORDER BY w.id) FROM waiver w
                     WHERE w.activity_id = :id),
        'amendments', (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.number) FROM amendment a
                        WHERE a.activity_id = :id),
        'attachments', (SELECT jsonb_agg(to_jsonb(f) ORDER BY f.id) FROM attachment f
                         WHERE f.activity_id = :id AND f.removed_at IS NULL),
        'verdict', (SELECT to_jsonb(v) - 'facts' - 'hash' FROM verdict v
                     WHERE v.activity_id = :id ORDER BY v.id DESC LIMIT 1),
        'report', (SELECT to_jsonb(r) FROM trip_report r WHERE r.activity_id = :id),
        'plan_item', (SELECT to_jsonb(i) || jsonb_build_object('year', p.year)
                        FROM plan_item i JOIN plan p ON p.id = i.plan_id
                       WHERE i.id = :plan_item_id))
""")

_DAYS = frozenset(
    [
        "asked_on",
        "answered_on",
        "document_date",
        "departed_on",
        "returned_on",
        "reported_on",
        "as_of",
    ]
)
_MOMENTS = frozenset(["created_at", "submitted_at", "settled_at", "removed_at"])


OPEN_AMENDMENT = ("draft", "submitted", "appraised")
"""States of an amendment that is not settled."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One file as its page and its workflow need it."""

    activity: Activity
    outbound: Outbound
    tenant: Tenant
    tenant_capacities: frozenset[str]
    members: list[Row[Any]]
    programme: list[ProgrammeItem]
    tasks: list[Task]
    steps: list[Step]
    opinions: list[SimpleNamespace]
    decisions: list[SimpleNamespace]
    waivers: list[SimpleNamespace]
    amendments: list[SimpleNamespace]
    attachments: list[SimpleNamespace]
    verdict: SimpleNamespace | None
    report: SimpleNamespace | None
    plan_item: SimpleNamespace | None

    @property
    def open_amendment(self) -> SimpleNamespace | None:
        """The amendment that is not settled yet."""
        for amendment in self.amendments:
            if amendment.state in OPEN_AMENDMENT:
                return amendment
        return None

    def task(self, kind: str) -> Task | None:
        """The open task of this kind."""
        return next((task for task in self.tasks if task.kind == kind), None)


def lock(activity_id: int, version: int | None) -> Activity:
    """The file's row, locked until the end of the transaction.

    Raises NotFound when the person may not know of it, Conflict when `version` is not the one that
    is stored: another tab or another person was faster.
    """
    activity = db.session.execute(
        select(Activity).where(Activity.id == activity_id).with_for_update()
    ).scalar_one_or_none()
    if activity is None:
        raise NotFound
    if version is not None and activity.version != version:
        raise Conflict(
            "This file has changed since you opened it: somebody took a step or saved a change. "
            "Nothing of yours was done. Please look at it again."
        )
    return activity


def load(activity_id: int) -> Dossier:
    """The whole file; NotFound when it does not exist for the acting person."""
    capacities = (
        select(TenantCapacity.capacity)
        .where(TenantCapacity.tenant_id == Tenant.id, TenantCapacity.valid_to.is_(None))
        .scalar_subquery()
    )
    found = db.session.execute(
        select(Activity, Outbound, Tenant, func.array(capacities))
        .join(Outbound, Outbound.activity_id == Activity.id)
        .join(Tenant, Tenant.id == Activity.tenant_id)
        .where(Activity.id == activity_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    activity, outbound, tenant, held = found
    small = db.session.execute(
        _SMALL_CHILDREN, {"id": activity_id, "plan_item_id": activity.plan_item_id}
    ).scalar_one()
    return Dossier(
        activity=activity,
        outbound=outbound,
        tenant=tenant,
        tenant_capacities=frozenset(held or ()),
        members=_members(activity_id),
        programme=_all(ProgrammeItem, activity_id, ProgrammeItem.position),
        tasks=[task for task in _all(Task, activity_id, Task.id) if task.closed_at is None],
        steps=_all(Step, activity_id, Step.id),
        verdict=_one(small["verdict"]),
        report=_one(small["report"]),
        plan_item=_one(small["plan_item"]),
        **{
            name: [_namespace(row) for row in small[name] or ()]
            for name in ("opinions", "decisions", "waivers", "amendments", "attachments")
        },
    )


def _members(activity_id: int) -> list[Row[Any]]:
    agency = aliased(Tenant)
    return list(
        db.session.execute(
            select(
                DelegationMember.person_id,
                DelegationMember.role,
                DelegationMember.went,
                DelegationMember.relative_of_id,
                Person.full_name,
                Person.honorific,
                Person.position.label("post"),
                Person.key_leader,
                Person.managed_by,
                Person.tenant_id,
                agency.name_vi.label("agency_vi"),
                agency.name_en.label("agency_en"),
            )
            .join(Person, Person.id == DelegationMember.person_id)
            .join(agency, agency.id == Person.tenant_id)
            .where(DelegationMember.activity_id == activity_id)
            .order_by(DelegationMember.position, DelegationMember.id)
        )
    )


def _all(model: Any, activity_id: int, order: Any) -> list[Any]:
    statement = select(model).where(model.activity_id == activity_id).order_by(order)
    return list(db.session.execute(statement).scalars())


def _one(row: dict[str, Any] | None) -> SimpleNamespace | None:
    return None if row is None else _namespace(row)


def _namespace(row: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**{key: _value(key, value) for key, value in row.items()})


def _value(key: str, value: Any) -> Any:
    if isinstance(value, str) and key in _DAYS:
        return date.fromisoformat(value)
    if isinstance(value, str) and key in _MOMENTS:
        return datetime.fromisoformat(value)
    return value
