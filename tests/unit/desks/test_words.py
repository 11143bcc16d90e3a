"""Everything that can wait on a desk has words and a button."""

from __future__ import annotations

from portal.activities.words import TASKS
from portal.core.context import Scope
from portal.desks import queries, words
from portal.desks.tasks import _duties
from portal.workflow.machine import machine_of


def openings() -> set[tuple[str, str]]:
    """(task, permission) of everything that the workflow puts on a desk."""
    return {
        (opening.task, opening.permission)
        for transition in machine_of("outbound").transitions
        for opening in transition.opens
    }


def test_every_task_of_the_workflow_has_a_name_and_a_verb() -> None:
    assert {task for task, _ in openings()} <= TASKS.keys()
    assert {permission for _, permission in openings()} <= words.VERBS.keys()


def test_every_task_of_a_split_desk_exists() -> None:
    desks = {*words.APPRAISAL_DESK, *words.DECISION_DESK, *words.OPINION_DESK}
    assert desks <= TASKS.keys()


def test_every_figure_has_words_and_every_scope_an_empty_state() -> None:
    codes = {code for _, names in queries._FACTS.values() for code in names}
    assert codes == words.FIGURES.keys()
    assert words.EMPTY.keys() == {scope.value for scope in Scope} - {Scope.SYSTEM.value}


def test_a_permission_means_one_duty_so_that_a_hint_can_be_given_before_the_step() -> None:
    found: dict[str, set[str]] = {}
    for transition in machine_of("outbound").transitions:
        if transition.duty is not None:
            found.setdefault(transition.permission, set()).add(transition.duty.value)
    assert {permission: duties for permission, duties in found.items() if len(duties) > 1} == {}
    assert len(_duties()) == len(found)
