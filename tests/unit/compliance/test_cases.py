"""Every case of the project is a test item: lawyers and developers run the same file."""

from collections import defaultdict
from pathlib import Path

import pytest

from portal.cli_compliance import differences
from portal.compliance.cases import LoadedCase, load_file
from portal.compliance.engine import judge
from portal.compliance.facts import KINDS
from portal.compliance.rules import RULES

FOLDER = Path(__file__).parents[3] / "policies" / "regulations" / "cases"
CASES = [(file, case) for file in sorted(FOLDER.glob("*.yaml")) for case in load_file(file)]


@pytest.mark.parametrize(
    "loaded", [case for _, case in CASES], ids=[f"{f.stem}: {c.name}" for f, c in CASES]
)
def test_the_law_answers_as_the_case_says(loaded: LoadedCase) -> None:
    assert loaded.expect is not None, "a case in the project says what it expects"
    assert differences(judge(loaded.case), loaded.expect) == []


def test_no_two_cases_say_the_same_sentence() -> None:
    names = [case.name for _, case in CASES]
    assert sorted(names) == sorted(set(names))


def test_there_are_cases_of_every_kind_and_many() -> None:
    kinds = defaultdict(int)
    for _, case in CASES:
        kinds[case.case.proposal.kind] += 1
    assert set(kinds) == set(KINDS)
    assert kinds["outbound"] >= 150
    assert len(CASES) >= 300


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_a_case_that_fires_and_one_in_force_that_does_not(rule: str) -> None:
    fires, silent = 0, 0
    for _, loaded in CASES:
        judgement = judge(loaded.case)
        if any(finding.rule == rule for finding in judgement.findings):
            fires += 1
        elif any(version.rule == rule for version in judgement.rules):
            silent += 1
    assert fires >= 1
    assert silent >= 1
