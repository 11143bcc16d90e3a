"""Everything about one file, in a constant number of statements."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import orjson
from sqlalchemy import bindparam, func, select, text

from portal.activities.kinds.outbound.model import Outbound
from portal.activities.models import Activity
from portal.compliance.verdicts import ReplayError
from portal.core import clock
from portal.core.errors import Altered, Conflict, NotFound
from portal.extensions import db
from portal.tenancy.models import Tenant, TenantCapacity

log = logging.getLogger(__name__)

_CAPACITIES = (
    select(TenantCapacity.capacity)
    .where(TenantCapacity.tenant_id == Tenant.id, TenantCapacity.valid_to.is_(None))
    .scalar_subquery()
)
_FILE = (
    select(Activity, Outbound, Tenant, func.array(_CAPACITIES))
    .join(Outbound, Outbound.activity_id == Activity.id)
    .join(Tenant, Tenant.id == Activity.tenant_id)
    .where(Activity.id == bindparam("id"))
)
_LOCKED = _FILE.with_for_update(of=Activity).execution_options(populate_existing=True)
_CHILDREN = text("""
    SELECT json_build_object(
        'members', (SELECT json_agg(json_build_object(
                        'person_id', m.person_id, 'role', m.role, 'went', m.went,
                        'relative_of_id', m.relative_of_id, 'full_name', p.full_name,
                        'honorific', p.honorific, 'post', p.position,
                        'key_leader', p.key_leader, 'managed_by', p.managed_by,
                        'tenant_id', p.tenant_id, 'agency_vi', t.name_vi, 'agency_en', t.name_en)
                        ORDER BY m.position, m.id)
                      FROM delegation_member m JOIN person p ON p.id = m.person_id
                      JOIN tenant t ON t.id = p.tenant_id WHERE m.activity_id = :id),
        'programme', (SELECT json_agg(e ORDER BY e.position) FROM programme_item e
                       WHERE e.activity_id = :id),
        'tasks', (SELECT json_agg(k ORDER BY k.id) FROM task k
                   WHERE k.activity_id = :id AND k.closed_at IS NULL),
        'steps', (SELECT json_agg(s ORDER BY s.id) FROM step s
                   WHERE s.activity_id = :id),
        'opinions', (SELECT json_agg(o ORDER BY o.id) FROM opinion o
                      WHERE o.activity_id = :id),
        'decisions', (SELECT json_agg(d ORDER BY d.id) FROM decision d
                       WHERE d.activity_id = :id),
        'waivers', (SELECT json_agg(w ORDER BY w.id) FROM waiver w
                     WHERE w.activity_id = :id),
        'amendments', (SELECT json_agg(a ORDER BY a.number) FROM amendment a
                        WHERE a.activity_id = :id),
        'attachments', (SELECT json_agg(f ORDER BY f.id) FROM attachment f
                         WHERE f.activity_id = :id AND f.removed_at IS NULL),
        'verdict', (SELECT json_build_object('id', v.id, 'as_of', v.as_of, 'result', v.result)
                      FROM verdict v WHERE v.activity_id = :id ORDER BY v.id DESC LIMIT 1),
        'report', (SELECT row_to_json(r) FROM trip_report r WHERE r.activity_id = :id),
        'plan_item', (SELECT json_build_object('code', i.code, 'title', i.title,
                                             'origin', i.origin, 'year', p.year)
                        FROM plan_item i JOIN plan p ON p.id = i.plan_id
                       WHERE i.id = :plan_item_id))
""")

_DAYS = frozenset(
    {
        "as_of",
        "answered_on",
        "asked_on",
        "day",
        "departed_on",
        "document_date",
        "due_on",
        "expires_on",
        "reported_on",
        "returned_on",
    }
)
_MOMENTS = frozenset(
    {"at", "closed_at", "created_at", "opened_at", "removed_at", "settled_at", "submitted_at"}
)


OPEN_AMENDMENT = ("draft", "submitted", "appraised")
"""States of an amendment that is not settled."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One file as its page and its workflow need it; rows that hang on it carry their columns."""

    activity: Activity
    outbound: Outbound
    tenant: Tenant
    tenant_capacities: frozenset[str]
    members: list[SimpleNamespace]
    programme: list[SimpleNamespace]
    tasks: list[SimpleNamespace]
    """The open ones, oldest first."""
    steps: list[SimpleNamespace]
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

    def waiver_of(self, rule: str) -> SimpleNamespace | None:
        """The waiver of this rule that a decision of today may rest on, or already does."""
        return next((w for w in self.waivers if w.rule == rule and not self._ran_out(w)), None)

    @property
    def ran_out(self) -> list[SimpleNamespace]:
        """Waivers whose last day passed before anything was decided by them."""
        return [w for w in self.waivers if self._ran_out(w)]

    def _ran_out(self, waiver: SimpleNamespace) -> bool:
        if waiver.expires_on is None or waiver.expires_on >= clock.today():
            return False
        return not any(
            d.outcome == "approved" and d.act != "consent" and d.created_at >= waiver.created_at
            for d in self.decisions
        )

    @property
    def advice(self) -> str | None:
        """What the last appraisal recommends; None before there is one."""
        appraisals = [step for step in self.steps if step.action == "appraise"]
        return appraisals[-1].data.get("recommendation") if appraisals else None

    def task(self, kind: str) -> SimpleNamespace | None:
        """The open task of this kind."""
        return next((task for task in self.tasks if task.kind == kind), None)


LISTS = (
    "members", "programme", "tasks", "steps", "opinions", "decisions", "waivers", "amendments",
    "attachments",
)  # fmt: skip


def lock(activity_id: int, version: int | None) -> Dossier:
    """The file, locked until the end of the transaction.

    Raises NotFound when the person may not know of it, Conflict when `version` is not the one that
    is stored: another tab or another person was faster.
    """
    file = load(activity_id, locked=True)
    if version is not None and file.activity.version != version:
        raise Conflict(
            "This file has changed since you opened it: somebody took a step or saved a change. "
            "Nothing of yours was done. Please look at it again."
        )
    return file


def load(activity_id: int, *, locked: bool = False) -> Dossier:
    """The whole file, in two statements; NotFound when it does not exist for the acting person."""
    statement = _LOCKED if locked else _FILE
    found = db.session.execute(statement, {"id": activity_id}).one_or_none()
    if found is None:
        raise NotFound
    activity, outbound, tenant, held = found
    children = db.session.execute(
        _CHILDREN, {"id": activity_id, "plan_item_id": activity.plan_item_id}
    ).scalar_one()
    return Dossier(
        activity=activity,
        outbound=outbound,
        tenant=tenant,
        tenant_capacities=frozenset(held or ()),
        verdict=_verdict(children["verdict"]),
        report=_one(children["report"]),
        plan_item=_one(children["plan_item"]),
        **{name: [_namespace(row) for row in children[name] or ()] for name in LISTS},
    )


@contextmanager
def legible(verdict_id: int) -> Iterator[None]:
    """What was altered until nobody can read it is said to be so, never a crash."""
    try:
        yield
    except (ReplayError, ValueError, LookupError, TypeError, AttributeError) as error:
        log.error("verdict %s cannot be read: %s", verdict_id, error)
        raise Altered(
            "Verdict %(number)s was altered after it was given and cannot be read.",
            number=verdict_id,
        ) from error


def _one(row: dict[str, Any] | None) -> SimpleNamespace | None:
    return None if row is None else _namespace(row)


def _verdict(row: dict[str, Any] | None) -> SimpleNamespace | None:
    """Of the last kept verdict its day and the opinions it requires."""
    if row is None:
        return None
    with legible(row["id"]):
        required = orjson.loads(row["result"])["judgement"]["opinions_required"]
    return SimpleNamespace(as_of=date.fromisoformat(row["as_of"]), opinions_required=required)


def _namespace(row: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**{key: _value(key, value) for key, value in row.items()})


def _value(key: str, value: Any) -> Any:
    if isinstance(value, str) and key in _DAYS:
        return date.fromisoformat(value)
    if isinstance(value, str) and key in _MOMENTS:
        return datetime.fromisoformat(value)
    return value
