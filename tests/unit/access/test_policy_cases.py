"""The cases that a security officer reads, in policies/access/cases/roles: each is one test."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.access.enforcer import permissions_of
from portal.access.permissions import Permission
from portal.access.policy import POLICY_FOLDER

FOLDER = POLICY_FOLDER / "cases" / "roles"
KEYS = {"case", "roles", "asks", "answer", "standing_in"}


def read_cases() -> list[tuple[Path, dict[str, Any]]]:
    return [
        (path, case)
        for path in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


CASES = read_cases()


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{p.stem}: {c['case']}") for p, c in CASES])
def test_the_policy_answers_as_the_case_says(case: dict[str, Any]) -> None:
    assert case.keys() <= KEYS
    held = permissions_of(case["roles"], standing_in=case.get("standing_in", False))
    asked = {Permission(name) for name in case["asks"]}
    if case["answer"] == "ALLOW":
        assert asked <= held, f"not allowed: {sorted(asked - held)}"
    else:
        assert case["answer"] == "DENY"
        assert not asked & held, f"allowed: {sorted(asked & held)}"


def test_there_are_more_refusals_than_permissions_among_the_cases() -> None:
    def count(answer: str) -> int:
        return sum(len(case["asks"]) for _, case in CASES if case["answer"] == answer)

    assert count("DENY") > count("ALLOW")


def test_every_permission_is_allowed_in_one_case_and_refused_in_another() -> None:
    for answer in ("ALLOW", "DENY"):
        asked = {name for _, case in CASES if case["answer"] == answer for name in case["asks"]}
        assert set(Permission) <= asked, answer


def test_no_case_is_told_twice() -> None:
    sentences = [case["case"] for _, case in CASES]
    assert len(sentences) == len(set(sentences))
