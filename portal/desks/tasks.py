"""The list "waiting for me" as its page shows it: grouped by deadline, with what bars a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from portal.access.separation import FileSoFar, Step, Taken, objection_to
from portal.activities.words import TASKS
from portal.core import clock
from portal.core.context import Actor
from portal.core.working_days import working_days_between
from portal.desks import words
from portal.desks.queries import AWAITS_OPINION, bars
from portal.desks.types import TaskRow
from portal.tenancy.queries import capacities_of
from portal.web.i18n import LazyText, gettext, locale
from portal.workflow.machine import machine_of

SUNDAY: Final = 6
OPINION_FIRST: Final = "The appraisal is written once the opinion of the police has come."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task with its words. `barred` says why this person may not take it."""

    row: TaskRow
    what: LazyText | str
    verb: LazyText
    days_left: int | None
    barred: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks whose deadline is equally near."""

    label: LazyText
    tasks: Sequence[Waiting]


def days_left(due_on: date | None, today: date) -> int | None:
    """Working days until a deadline; 0 only on the day itself, negative afterwards."""
    if due_on is None:
        return None
    days = working_days_between(today, due_on)
    if due_on > today:
        return max(days, 1)
    return min(days, -1) if due_on < today else 0


def in_words(rows: Iterable[TaskRow], actor: Actor) -> list[Waiting]:
    """The tasks with their names, deadlines and what bars the actor from them."""
    rows = list(rows)
    today = clock.today()
    barred = _barred(rows, actor)
    return [
        Waiting(
            row,
            TASKS.get(row.kind, row.kind),
            words.VERBS.get(row.permission, words.OPEN),
            days_left(row.due_on, today),
            barred.get(row.id),
        )
        for row in rows
    ]


def grouped(tasks: Sequence[Waiting]) -> list[Group]:
    """Overdue, today, this week (until Sunday), later; empty groups are left out."""
    today = clock.today()
    sunday = today + timedelta(days=SUNDAY - today.weekday())
    groups: dict[str, list[Waiting]] = {code: [] for code in words.GROUPS}
    for task in tasks:
        groups[_group(task.row.due_on, today, sunday)].append(task)
    return [Group(words.GROUPS[code], found) for code, found in groups.items() if found]


def _group(due_on: date | None, today: date, sunday: date) -> str:
    if due_on is None or due_on > sunday:
        return "later"
    if due_on > today:
        return "week"
    return "today" if due_on == today else "overdue"


@cache
def _duties() -> Mapping[tuple[str, str], Step]:
    """(kind of activity, permission) → the step in the sense of the separation of duties."""
    return {
        (kind, transition.permission): transition.duty
        for kind in ("outbound",)
        for transition in machine_of(kind).transitions
        if transition.duty is not None
    }


def _barred(rows: Sequence[TaskRow], actor: Actor) -> dict[int, str]:
    """Task → why the actor may not take it; a hint: the step itself asks again."""
    if not rows:
        return {}
    taken: dict[int, list[Taken]] = defaultdict(list)
    member_of: set[int] = set()
    unanswered: set[int] = set()
    for activity_id, duty, member in bars({row.activity_id for row in rows}, actor):
        if member:
            member_of.add(activity_id)
        elif duty == AWAITS_OPINION:
            unanswered.add(activity_id)
        elif duty in set(Step):
            taken[activity_id].append(Taken(Step(duty), actor.user_id, actor.person_id))
    me = frozenset(one for one in (actor.person_id, actor.acting_for_person_id) if one is not None)
    own_files = any(row.tenant_id == actor.tenant_id for row in rows)
    capacities = capacities_of(actor.tenant_id) if own_files and actor.tenant_id else frozenset()
    found: dict[int, str] = {}
    for row in rows:
        so_far = FileSoFar(
            proposing_tenant_id=row.tenant_id,
            proposing_capacities=capacities if row.tenant_id == actor.tenant_id else frozenset(),
            member_person_ids=me if row.activity_id in member_of else frozenset(),
            taken=tuple(taken[row.activity_id]),
        )
        reason = _reason(row, actor, so_far)
        if reason is None and row.kind == "appraise" and row.activity_id in unanswered:
            reason = gettext(OPINION_FIRST)
        if reason:
            found[row.id] = reason
    return found


def _reason(row: TaskRow, actor: Actor, so_far: FileSoFar) -> str | None:
    duty = _duties().get((row.activity_kind, row.permission))
    if duty is None:
        return None
    if actor.fields and row.field not in actor.fields:
        return gettext("This file is not in a field of work in which you sign.")
    objection = objection_to(duty, actor, so_far)
    return objection.text(locale()) if objection else None
