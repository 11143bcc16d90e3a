"""A lawyer reads where a rule speaks and what passes beside it, not all it is silent about."""

import pytest

from portal.compliance.rules import RULES
from portal.register.borders import borders_of

FEW = 20


def names(lines) -> set[str]:
    return {line.name for line in lines}


def test_the_third_trip_stands_beside_the_second_and_not_beside_a_plan_item() -> None:
    borders = borders_of("outbound.leader-trips")
    assert "a key leader's third trip is stopped" in names(borders.speaks)
    assert "a key leader's second trip passes" in names(borders.silent)
    assert "who is no key leader may travel a third time" in names(borders.silent)
    assert "a relative of somebody who stays at home may go" not in names(borders.silent)


def test_what_a_rule_says_without_stopping_anybody_is_a_border_too() -> None:
    """Notes are in no case's expectation; the law is asked itself."""
    said = names(borders_of("conference.scope").speaks)
    assert "a press conference is out of scope, whatever else is missing" in said


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_speaks_somewhere_and_few_silent_cases_are_shown(rule: str) -> None:
    borders = borders_of(rule)
    assert borders.speaks
    assert len(borders.silent) < FEW
    assert all(line.passes and rule not in line.severities for line in borders.silent)
    assert borders.elsewhere > 0
