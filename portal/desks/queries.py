"""What waits for a desk, and the figures above it. Every question is one statement of Core rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import BigInteger, Date, Integer, Text, func, or_, select, text, tuple_

from portal.access.permissions import Permission
from portal.activities.models import Activity, Amendment, State
from portal.core import clock
from portal.core.context import Actor, Scope
from portal.desks.listing import inline
from portal.desks.types import Cursor, Fact, Page, TaskRow
from portal.extensions import db
from portal.tenancy.models import Tenant
from portal.tenancy.queries import tenant_name
from portal.workflow.models import Task

TASKS_SHOWN: Final = 50
DRAFTS_SHOWN: Final = 10
FACTS_COUNTED: Final = 1_000
"""Figures above a desk are counted this far."""
LEADER_TRIPS: Final = "outbound.leader-trips"
OUT_OF_PLAN: Final = "outbound.supplement-quota"
AWAITS_OPINION: Final = "awaits-opinion"


def waiting(
    actor: Actor,
    cursor: Cursor | None = None,
    *,
    kinds: Sequence[str] = (),
    also: Sequence[Any] = (),
    size: int = TASKS_SHOWN,
) -> Page[TaskRow]:
    """Open tasks of the acting desk that the actor's roles allow, oldest deadline first.

    `kinds` and the conditions `also` narrow them.
    """
    a, t = Activity, Task
    statement = (
        select(
            t.id, t.kind, t.permission, t.opened_at, t.opened_by, t.due_on, a.id, a.kind, a.title,
            a.state, a.field, a.urgent, a.tenant_id, tenant_name(), a.starts_on, a.ends_on,
            a.countries, a.blocks, a.warnings, a.version,
        )
        .join_from(t, a, a.id == t.activity_id)
        .join(Tenant, Tenant.id == a.tenant_id)
        .where(*_open(actor, kinds), *also, *_after(cursor))
        .order_by(t.due_on.asc().nulls_last(), t.id)
        .limit(inline(size + 1, Integer))
    )  # fmt: skip
    found: Sequence[Any] = db.session.execute(statement).all()
    rows = [TaskRow(*row) for row in found]
    more, rows = len(rows) > size, rows[:size]
    return Page(rows, next=Cursor(rows[-1].id, rows[-1].due_on) if more else None)


def count_waiting(actor: Actor, kinds: Sequence[str] = ()) -> int:
    """How many tasks wait, counted up to FACTS_COUNTED."""
    found = select(Task.id).where(*_open(actor, kinds)).limit(FACTS_COUNTED).subquery()
    return db.session.execute(select(func.count()).select_from(found)).scalar_one()


def _open(actor: Actor, kinds: Sequence[str]) -> list[Any]:
    conditions: list[Any] = [
        Task.desk_tenant_id == inline(actor.tenant_id, BigInteger),
        Task.closed_at.is_(None),
        Task.permission.in_(sorted(actor.permissions)),
    ]
    if kinds:
        conditions.append(Task.kind.in_(kinds))
    return conditions


def _after(cursor: Cursor | None) -> list[Any]:
    if cursor is None:
        return []
    last = inline(cursor.id, BigInteger)
    if cursor.day is None:
        return [Task.due_on.is_(None), Task.id > last]
    place = tuple_(Task.due_on, Task.id) > tuple_(inline(cursor.day, Date), last)
    return [or_(place, Task.due_on.is_(None))]


_TENANT_FACTS: Final = text("""
    SELECT quota_used(:out_of_plan_rule, :tenant, CAST(:year AS smallint)),
           (SELECT count(*) FROM trip_counts(
                ARRAY(SELECT id FROM person WHERE tenant_id = :tenant AND key_leader AND active),
                :year)
             WHERE decided >= :trips),
           (SELECT count(*) FROM (
                SELECT 1 FROM task WHERE desk_tenant_id = :tenant AND closed_at IS NULL
                   AND kind = 'report' AND due_on < :today LIMIT :most) late)
""")
_FOCAL_FACTS: Final = text("""
    SELECT (SELECT count(*) FROM (
                SELECT 1 FROM task WHERE desk_tenant_id = :tenant AND closed_at IS NULL
                   AND kind IN ('receive', 'appraise', 'sign-appraisal') LIMIT :most) here),
           (SELECT count(*) FROM (
                SELECT 1 FROM task WHERE desk_tenant_id = :tenant AND closed_at IS NULL
                   AND kind IN ('receive', 'appraise', 'sign-appraisal')
                   AND due_on < :today LIMIT :most) late),
           (SELECT count(*) FROM (
                SELECT 1 FROM activity WHERE state = 'completed' AND due_on < :today
                   AND submitted_on IS NOT NULL LIMIT :most) unreported)
""")
_CHAIR_FACTS: Final = text("""
    SELECT count(DISTINCT a.id),
           count(DISTINCT a.id) FILTER (WHERE t.due_on < :today),
           count(DISTINCT a.id) FILTER (WHERE a.blocks = 0 AND a.warnings = 0)
      FROM (SELECT activity_id, due_on FROM task
             WHERE desk_tenant_id = :tenant AND closed_at IS NULL AND kind <> ALL(:of_others)
             LIMIT :most) t
      JOIN activity a ON a.id = t.activity_id
""")
_POLICE_FACTS: Final = text("""
    SELECT (SELECT count(*) FROM (
                SELECT 1 FROM task WHERE desk_tenant_id = :tenant AND closed_at IS NULL
                   AND kind = 'give-opinion' LIMIT :most) here),
           (SELECT count(*) FROM (
                SELECT 1 FROM task WHERE desk_tenant_id = :tenant AND closed_at IS NULL
                   AND kind = 'give-opinion' AND due_on < :today LIMIT :most) late),
           (SELECT count(*) FROM (
                SELECT 1 FROM task WHERE desk_tenant_id = :tenant AND outcome = 'give-opinion'
                   AND closed_at >= :month LIMIT :most) given)
""")
_INSPECTOR_FACTS: Final = text("""
    SELECT (SELECT count(*) FROM (
                SELECT 1 FROM activity WHERE after_the_fact AND starts_on >= :january
                 LIMIT :most) late),
           (SELECT count(*) FROM (
                SELECT 1 FROM waiver WHERE document_date >= :january LIMIT :most) waived),
           (SELECT count(*) FROM (
                SELECT 1 FROM activity WHERE state = 'completed' AND due_on < :today
                 LIMIT :most) unreported)
""")
_FACTS: Final[dict[Scope, tuple[Any, tuple[str, str, str]]]] = {
    Scope.OWN: (_TENANT_FACTS, ("out-of-plan", "leaders-at-limit", "reports-overdue")),
    Scope.FOCAL: (_FOCAL_FACTS, ("in-appraisal", "appraisals-overdue", "all-reports-overdue")),
    Scope.CHAIR: (_CHAIR_FACTS, ("to-decide", "decisions-overdue", "to-decide-clean")),
    Scope.COMMITTEE: (_CHAIR_FACTS, ("to-consent", "decisions-overdue", "to-decide-clean")),
    Scope.POLICE: (_POLICE_FACTS, ("opinions-waiting", "opinions-overdue", "opinions-given")),
    Scope.INSPECTOR: (_INSPECTOR_FACTS, ("after-the-fact", "waivers", "all-reports-overdue")),
}


def figures(actor: Actor, limits: dict[str, int | None]) -> list[Fact]:
    """The three figures of this desk; `limits` gives the yearly limits in force, by rule."""
    if actor.scope not in _FACTS:
        return []
    statement, codes = _FACTS[actor.scope]
    today = clock.today()
    values = {
        "tenant": actor.tenant_id,
        "today": today,
        "year": today.year,
        "january": date(today.year, 1, 1),
        "month": date(today.year, today.month, 1),
        "most": FACTS_COUNTED,
        "trips": limits.get(LEADER_TRIPS) or 0,
        "out_of_plan_rule": OUT_OF_PLAN,
        "of_others": _tasks_of_others(actor),
    }
    wanted = {name: values[name] for name in statement.compile().params}
    row = db.session.execute(statement, wanted).one()
    facts = [Fact(code, value or 0) for code, value in zip(codes, row, strict=True)]
    if actor.scope is Scope.OWN:
        facts[0] = Fact(facts[0].code, facts[0].value, limits.get(OUT_OF_PLAN))
        if not limits.get(LEADER_TRIPS) or not actor.may(Permission.TRAVEL_VIEW):
            del facts[1]
    return facts


def _tasks_of_others(actor: Actor) -> list[str]:
    """Tasks of the same desk that are not this person's: the chair records nothing from paper."""
    recorded = ["record-decision"] if actor.may(Permission.DECISION_DECIDE) else []
    return ["record-consent", *recorded]


def bars(activity_ids: Iterable[int], actor: Actor) -> list[tuple[int, str | None, bool]]:
    """What ties the actor to these files: (activity, duty taken or None, is a member); and which
    of them wait for an opinion: their duty is AWAITS_OPINION.
    """
    users = [one for one in (actor.user_id, actor.acting_for_user_id) if one is not None]
    people = [one for one in (actor.person_id, actor.acting_for_person_id) if one is not None]
    rows = db.session.execute(_BARS, {"ids": list(activity_ids), "users": users, "people": people})
    return [(activity_id, duty, member) for activity_id, duty, member in rows]


_BARS: Final = text("""
    SELECT activity_id, data ->> 'duty', false FROM step
     WHERE activity_id = ANY (:ids) AND data ? 'duty'
       AND (user_id = ANY (:users) OR acting_for_user_id = ANY (:users)
            OR person_id = ANY (:people) OR acting_for_person_id = ANY (:people))
    UNION
    SELECT activity_id, NULL, true FROM delegation_member
     WHERE activity_id = ANY (:ids) AND person_id = ANY (:people)
    UNION
    SELECT activity_id, 'awaits-opinion', false FROM opinion
     WHERE activity_id = ANY (:ids) AND answer IS NULL
""")


def own_drafts(actor: Actor) -> list[Any]:
    """The files that this person began and has not sent on, newest first."""
    a = Activity
    return list(
        db.session.execute(
            select(a.id, a.title, a.countries, a.starts_on, a.ends_on, a.updated_at)
            .where(
                a.tenant_id == inline(actor.tenant_id, BigInteger),
                a.state == inline(State.DRAFT, Text),
                a.created_by == actor.user_id,
            )
            .order_by(a.id.desc())
            .limit(inline(DRAFTS_SHOWN, Integer))
        )
    )


def amendments_begun(actor: Actor) -> list[Any]:
    """Changes of approved files that this agency has begun and its head has not sent on."""
    m, a = Amendment, Activity
    statement = (
        select(a.id, a.title, a.starts_on, a.ends_on, m.number, m.created_at)
        .join_from(m, a, a.id == m.activity_id)
        .where(m.tenant_id == inline(actor.tenant_id, BigInteger), m.state == inline("draft", Text))
        .order_by(a.starts_on, a.id)
        .limit(inline(DRAFTS_SHOWN, Integer))
    )
    return list(db.session.execute(statement))


def answered_opinions(actor: Actor, size: int = TASKS_SHOWN) -> list[Any]:
    """The opinions that this desk gave last, newest first."""
    return list(
        db.session.execute(
            select(
                Task.activity_id, Activity.title, tenant_name(), Activity.countries,
                Activity.starts_on, Activity.ends_on, Activity.state, Task.closed_at,
            )
            .join_from(Task, Activity, Activity.id == Task.activity_id)
            .join(Tenant, Tenant.id == Activity.tenant_id)
            .where(
                Task.desk_tenant_id == inline(actor.tenant_id, BigInteger),
                Task.outcome == inline("give-opinion", Text),
            )
            .order_by(Task.closed_at.desc())
            .limit(inline(size, Integer))
        )
    )  # fmt: skip
