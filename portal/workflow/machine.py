"""The transition tables: (state, action) → what it needs and what follows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from portal.access.permissions import Permission
from portal.access.separation import Step as Duty
from portal.config import ROOT
from portal.core.context import Scope

FOLDER: Final = ROOT / "policies" / "workflow"
DESKS: Final = frozenset({"tenant", "focal", "police", "chair", "committee", "system"})
NEEDS: Final = frozenset({"reason", "document", "note", "recommendation", "opinion", "consent"})
SYSTEM: Final = "system"


class WorkflowError(Exception):
    """A table under policies/workflow/ cannot be used; the message names file and row."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a desk has: a number of working days, or the due day that a rule gives."""

    name: str
    working_days: int | None
    rule: str | None
    basis: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A task that a transition opens."""

    task: str
    desk: str
    permission: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a table."""

    action: str
    sources: tuple[str, ...]
    target: str | None
    """None: the state stays."""
    permission: str
    desk: str
    when: tuple[str, ...]
    duty: Duty | None
    needs: frozenset[str]
    closes: tuple[str, ...] | None
    """None: closes every open task."""
    opens: tuple[Opening, ...]

    def holds(self, facts: frozenset[str]) -> bool:
        """Whether the facts of a file allow this row."""
        return all(
            (fact[4:] not in facts) if fact.startswith("not ") else (fact in facts)
            for fact in self.when
        )


@dataclass(frozen=True, slots=True)
class Machine:
    """The table of one kind of activity."""

    kind: str
    clocks: Mapping[str, Clock]
    transitions: tuple[Transition, ...]
    small: frozenset[str] = frozenset()
    """Facts whose change alone makes an amendment small."""

    def allowed(self, state: str, facts: frozenset[str]) -> list[Transition]:
        """What can be done with a file in `state`, whoever does it."""
        return [t for t in self.transitions if state in t.sources and t.holds(facts)]

    def find(self, state: str, action: str, facts: frozenset[str]) -> Transition | None:
        """The row for `action`, None when the file does not allow it now."""
        for transition in self.allowed(state, facts):
            if transition.action == action:
                return transition
        return None

    def actions(self) -> frozenset[str]:
        """Every action of the table."""
        return frozenset(t.action for t in self.transitions)


@cache
def machine_of(kind: str) -> Machine:
    """The table of `kind`; raises WorkflowError when there is none or it is not sound."""
    path = FOLDER / f"{kind}.yaml"
    if not path.is_file():
        raise WorkflowError(f"{path.name}: there is no workflow for {kind}")
    return parse(yaml.safe_load(path.read_text(encoding="utf-8")), path)


def parse(raw: Any, path: Path) -> Machine:
    """A table from its YAML form, every name in it checked."""
    if not isinstance(raw, dict) or set(raw) - {"small"} != {"kind", "clocks", "transitions"}:
        raise WorkflowError(f"{path.name}: expected the keys kind, clocks and transitions")
    clocks = {name: _clock(name, body, path) for name, body in raw["clocks"].items()}
    rows = tuple(
        _transition(row, clocks, f"{path.name}: transition {number}")
        for number, row in enumerate(raw["transitions"], start=1)
    )
    return Machine(raw["kind"], clocks, rows, frozenset(raw.get("small", ())))


def _clock(name: str, body: dict[str, Any], path: Path) -> Clock:
    if set(body) not in ({"working_days", "basis"}, {"rule", "basis"}):
        raise WorkflowError(f"{path.name}: clock {name} needs a basis and working_days or a rule")
    return Clock(name, body.get("working_days"), body.get("rule"), body["basis"])


_KEYS: Final = {
    "action", "from", "to", "permission", "desk", "when", "duty", "needs", "closes", "opens",
}  # fmt: skip


def _transition(row: dict[str, Any], clocks: Mapping[str, Clock], where: str) -> Transition:
    unknown = set(row) - _KEYS
    if unknown:
        raise WorkflowError(f"{where}: unknown key {', '.join(sorted(unknown))}")
    for key in ("action", "from", "to", "permission", "desk"):
        if key not in row:
            raise WorkflowError(f"{where}: {key} is missing; a step nobody may take is not a step")
    closes = row.get("closes", ())
    needs = frozenset(row.get("needs", ()))
    if needs - NEEDS:
        raise WorkflowError(f"{where}: unknown need {', '.join(sorted(needs - NEEDS))}")
    return Transition(
        action=row["action"],
        sources=tuple(row["from"]),
        target=None if row["to"] == "same" else row["to"],
        permission=_permission(row["permission"], where),
        desk=_desk(row["desk"], where),
        when=tuple(row.get("when", ())),
        duty=Duty(row["duty"]) if "duty" in row else None,
        needs=needs,
        closes=None if closes == "all" else tuple(closes),
        opens=tuple(_opening(o, clocks, where) for o in row.get("opens", ())),
    )


def _opening(body: dict[str, Any], clocks: Mapping[str, Clock], where: str) -> Opening:
    if set(body) != {"task", "desk", "permission", "clock"}:
        raise WorkflowError(f"{where}: a task needs task, desk, permission and clock")
    if body["clock"] not in clocks:
        raise WorkflowError(f"{where}: unknown clock {body['clock']}")
    return Opening(
        task=body["task"],
        desk=_desk(body["desk"], where),
        permission=_permission(body["permission"], where),
        clock=clocks[body["clock"]],
    )


def _permission(value: str, where: str) -> str:
    if value != SYSTEM and value not in set(Permission):
        raise WorkflowError(f"{where}: unknown permission {value}")
    return value


def _desk(value: str, where: str) -> str:
    if value not in DESKS:
        raise WorkflowError(f"{where}: unknown desk {value}")
    return value


SCOPE_OF_DESK: Final[Mapping[str, Scope]] = {
    "focal": Scope.FOCAL,
    "police": Scope.POLICE,
    "chair": Scope.CHAIR,
    "committee": Scope.COMMITTEE,
    "system": Scope.SYSTEM,
}
"""In which scope somebody acts for a desk; the proposing tenant's desk goes by the tenant."""
