"""The transition tables: every pair of state and action is either a row or refused."""

from itertools import combinations, product
from pathlib import Path

import pytest
import yaml

from portal.access.enforcer import rights_table
from portal.activities.models import State
from portal.activities.words import ACTIONS, TASKS
from portal.workflow.machine import FOLDER, Machine, WorkflowError, machine_of, parse

KINDS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
TERMINAL = {"rejected", "withdrawn", "cancelled", "closed"}


@pytest.fixture(scope="module")
def outbound() -> Machine:
    return machine_of("outbound")


def facts_named(machine: Machine) -> list[str]:
    return sorted({f.removeprefix("not ") for t in machine.transitions for f in t.when})


@pytest.mark.parametrize("kind", KINDS)
def test_no_state_and_action_has_two_rows_for_the_same_facts(kind: str) -> None:
    machine = machine_of(kind)
    for one, other in combinations(machine.transitions, 2):
        if one.action != other.action or not set(one.sources) & set(other.sources):
            continue
        opposed = any(
            fact.removeprefix("not ") == against.removeprefix("not ") and fact != against
            for fact, against in product(one.when, other.when)
        )
        differ_by_task = {"awaits review", "reviewed"} <= {*one.when, *other.when}
        assert opposed or differ_by_task, f"{one.action} has two rows from {one.sources}"


def test_only_known_states_are_used(outbound: Machine) -> None:
    used = {s for t in outbound.transitions for s in (*t.sources, t.target) if s is not None}
    assert used == set(State)


def test_an_ended_file_allows_nothing(outbound: Machine) -> None:
    every_fact = frozenset(facts_named(outbound))
    for state in TERMINAL:
        assert outbound.allowed(state, every_fact) == []
        assert outbound.allowed(state, frozenset()) == []


def test_every_state_but_the_ended_ones_has_a_way_on(outbound: Machine) -> None:
    moves = [t for t in outbound.transitions if t.target not in (None, *t.sources)]
    leaving = {state for t in moves for state in t.sources}
    assert leaving == set(State) - TERMINAL


def test_a_pair_that_is_no_row_is_refused(outbound: Machine) -> None:
    rows = {(state, t.action) for t in outbound.transitions for state in t.sources}
    facts = frozenset(facts_named(outbound))
    for state, action in product(State, outbound.actions()):
        if (state, action) not in rows:
            assert outbound.find(state, action, facts) is None
            assert outbound.find(state, action, frozenset()) is None


def test_nothing_is_approved_without_the_committees_consent(outbound: Machine) -> None:
    for action in ("approve", "record-approval"):
        assert outbound.find("appraised", action, frozenset({"consent missing"})) is None
        assert outbound.find("appraised", action, frozenset()) is not None


def test_a_referred_file_is_never_approved(outbound: Machine) -> None:
    for action in ("approve", "record-approval"):
        assert outbound.find("appraised", action, frozenset({"referred"})) is None
    assert outbound.find("appraised", "reject", frozenset({"referred"})) is not None


def test_no_appraisal_while_an_opinion_is_missing(outbound: Machine) -> None:
    assert outbound.find("in-appraisal", "appraise", frozenset({"opinion missing"})) is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_step_and_task_has_words(kind: str) -> None:
    machine = machine_of(kind)
    assert machine.actions() <= ACTIONS.keys()
    assert {o.task for t in machine.transitions for o in t.opens} <= TASKS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_every_permission_of_the_table_is_held_by_some_role(kind: str) -> None:
    table = rights_table()
    for transition in machine_of(kind).transitions:
        if transition.permission != "system":
            assert table.roles_with(transition.permission), transition.action


@pytest.mark.parametrize("kind", KINDS)
def test_who_gets_a_task_may_close_it(kind: str) -> None:
    """A task that no row closes, or that closes with another permission, would wait for ever."""
    machine = machine_of(kind)
    for transition in machine.transitions:
        for opening in transition.opens:
            closing = [
                t
                for t in machine.transitions
                if t.permission == opening.permission
                and (t.closes is None or opening.task in t.closes)
            ]
            assert closing, f"nobody can finish {opening.task}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"permission": "activity:fly"}, "unknown permission"),
        ({"desk": "embassy"}, "unknown desk"),
        ({"needs": ["money"]}, "unknown need"),
        ({"colour": "red"}, "unknown key"),
    ],
)
def test_a_row_with_an_unknown_word_is_refused_at_the_start(
    change: dict[str, object], message: str
) -> None:
    raw = yaml.safe_load((FOLDER / "outbound.yaml").read_text("utf-8"))
    raw["transitions"][0] |= change
    with pytest.raises(WorkflowError, match=message):
        parse(raw, Path("outbound.yaml"))


def test_a_row_without_a_permission_is_refused() -> None:
    raw = yaml.safe_load((FOLDER / "outbound.yaml").read_text("utf-8"))
    del raw["transitions"][0]["permission"]
    with pytest.raises(WorkflowError, match="permission is missing"):
        parse(raw, Path("outbound.yaml"))
