"""Moving a file: one transition, its step in the timeline, its tasks and clocks.

Asks whether the person may (role, desk, separation of duties) and whether the file allows it; the
law is the compliance service's business and has been asked before `advance` is called.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlalchemy import bindparam, update

from portal.access.separation import FileSoFar, Objection, Taken, objection_to
from portal.access.separation import Step as Duty
from portal.core import clock
from portal.core.context import Actor
from portal.core.db import table_of
from portal.core.errors import Conflict, Denied
from portal.core.working_days import add_working_days
from portal.extensions import db
from portal.tenancy.queries import holder_of
from portal.workflow.machine import SCOPE_OF_DESK, SYSTEM, Machine, Opening, Transition
from portal.workflow.models import Step, Task

_CLOSE = (
    update(table_of(Task))
    .where(Task.id.in_(bindparam("ids", expanding=True)))
    .values(closed_at=bindparam("now"), outcome=bindparam("by"))
)

CONSULTATIONS = frozenset({"give-opinion"})
"""Tasks that run beside the main one: the file stays with the desk that asked."""


class File(Protocol):
    """What the workflow needs to know of a file."""

    id: Any
    state: Any
    version: Any
    field: Any
    holder_tenant_id: Any
    holder_since: Any
    due_on: Any

    @property
    def tenant_id(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Given:
    """What the acting person gave with the step."""

    note: str | None = None
    document_no: str | None = None
    document_date: date | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def find(machine: Machine, file: File, action: str, facts: frozenset[str]) -> Transition:
    """The transition for `action`; Conflict when the file does not allow it (any more)."""
    transition = machine.find(file.state, action, facts)
    if transition is None:
        raise Conflict(
            "This step is not possible now: somebody may already have taken it. "
            "The page shows where the file is."
        )
    return transition


def refusal(
    transition: Transition, actor: Actor, file: File, so_far: FileSoFar
) -> Denied | Objection | None:
    """Why `actor` may not take the step: role, desk or separation of duties; None: may."""
    if transition.permission == SYSTEM:
        return None if actor.user_id is None else Denied(permission=SYSTEM)
    if not actor.may(transition.permission) or not _at_desk(transition.desk, actor, file):
        return Denied(permission=transition.permission)
    if actor.fields and file.field not in actor.fields and transition.duty is not None:
        return Denied(
            "This file is not in a field of work in which you sign.",
            permission=transition.permission,
        )
    if transition.duty is None:
        return None
    return objection_to(transition.duty, actor, so_far)


def require(transition: Transition, actor: Actor, file: File, so_far: FileSoFar) -> None:
    """Raise Denied with the reason unless `actor` may take the step."""
    reason = refusal(transition, actor, file, so_far)
    if isinstance(reason, Denied):
        raise reason
    if reason is not None:
        raise Denied(reason.text(actor.locale), permission=transition.permission)


def _at_desk(desk: str, actor: Actor, file: File) -> bool:
    if desk == "tenant":
        return bool(actor.tenant_id == file.tenant_id)
    return actor.scope == SCOPE_OF_DESK[desk]


@dataclass(slots=True)
class Board:
    """A file with its open tasks, oldest first; what is done to them is written once."""

    file: File
    tasks: list[Any]
    opened: list[Task] = field(default_factory=list)
    """Tasks of this step; their ids are known after the flush."""

    def close(self, kinds: Iterable[str] | None, *, outcome: str) -> None:
        """Close the open tasks of these kinds, or all of them (None)."""
        closing = [task for task in self.tasks if kinds is None or task.kind in kinds]
        if not closing:
            return
        self.tasks = [task for task in self.tasks if task not in closing]
        given = {"ids": [task.id for task in closing], "now": clock.now(), "by": outcome}
        db.session.execute(_CLOSE, given)

    def open(self, opening: Opening, actor: Actor, due_by_rule: Mapping[str, date]) -> None:
        """Put `opening` on its desk with its due day."""
        file = self.file
        desk = file.tenant_id if opening.desk == "tenant" else holder_of(opening.desk)
        task = Task(
            tenant_id=file.tenant_id,
            activity_id=file.id,
            kind=opening.task,
            permission=opening.permission,
            desk_tenant_id=desk,
            opened_at=clock.now(),
            opened_by=actor.name,
            due_on=self._due(opening, desk, due_by_rule),
        )
        db.session.add(task)
        self.tasks.append(task)
        self.opened.append(task)

    def _due(self, opening: Opening, desk: int, due_by_rule: Mapping[str, date]) -> date | None:
        if opening.clock.rule is not None:
            return due_by_rule.get(opening.clock.rule)
        since = clock.now()
        # The focal point's three days are for the whole of its work, not for each hand it passes.
        if opening.desk != "tenant" and desk == self.file.holder_tenant_id:
            since = self.file.holder_since or since
        return add_working_days(clock.local(since).date(), opening.clock.working_days or 0)

    def settle(self) -> None:
        """Say on the file who has it, since when and until when, from its open tasks."""
        main = next((task for task in self.tasks if task.kind not in CONSULTATIONS), None)
        file = self.file
        if main is None:
            file.holder_tenant_id, file.holder_since, file.due_on = None, None, None
            return
        if main.desk_tenant_id != file.holder_tenant_id:
            file.holder_tenant_id, file.holder_since = main.desk_tenant_id, clock.now()
        file.due_on = main.due_on


def advance(
    board: Board,
    transition: Transition,
    actor: Actor,
    given: Given,
    due_by_rule: Mapping[str, date],
) -> Step:
    """Take the step: change state, write the timeline, close tasks and open the next ones.

    `due_by_rule` gives the due day of tasks whose clock is a rule of the law.
    """
    file = board.file
    state_before = file.state
    if transition.target is not None:
        file.state = transition.target
    file.version += 1
    step = record_step(file, transition.action, state_before, actor, given, duty=transition.duty)
    board.close(transition.closes, outcome=transition.action)
    for opening in transition.opens:
        board.open(opening, actor, due_by_rule)
    board.settle()
    return step


def record_step(
    file: File,
    action: str,
    state_before: str,
    actor: Actor,
    given: Given,
    *,
    duty: Duty | None = None,
) -> Step:
    """Write one line of the timeline; a step without transition (a waiver, an amendment) too."""
    step = Step(
        tenant_id=file.tenant_id,
        activity_id=file.id,
        at=clock.now(),
        action=action,
        from_state=state_before,
        to_state=file.state,
        user_id=actor.user_id,
        person_id=actor.person_id,
        actor_name=actor.name,
        actor_tenant_id=actor.tenant_id,
        acting_for=actor.acting_for,
        acting_for_user_id=actor.acting_for_user_id,
        acting_for_person_id=actor.acting_for_person_id,
        signs_for=file.field if actor.fields else None,
        note=given.note,
        document_no=given.document_no,
        document_date=given.document_date,
        data={**given.data, **({"duty": duty.value} if duty else {})},
    )
    db.session.add(step)
    return step


def duties_of(steps: Iterable[Any]) -> tuple[Taken, ...]:
    """The steps of a file that bear on the separation of duties, of all its versions."""
    return tuple(
        Taken(
            Duty(step.data["duty"]),
            step.user_id,
            step.person_id,
            step.actor_tenant_id,
            step.acting_for_user_id,
            step.acting_for_person_id,
        )
        for step in steps
        if "duty" in step.data
    )
