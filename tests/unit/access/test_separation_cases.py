"""Separation of duties as told in policies/access/cases/duties: each case is one test."""

from typing import Any

import pytest
import yaml

from portal.access.policy import POLICY_FOLDER, PolicyError
from portal.access.separation import (
    FileSoFar,
    Step,
    Taken,
    objection_to,
    read_separation,
    shipped_separation,
)
from portal.core.context import Actor, Scope

FOLDER = POLICY_FOLDER / "cases" / "duties"
TENANTS = ("hoi-an", "focal", "police", "chair", "committee")
CAST = (
    *("an", "binh", "chi", "dung", "em", "giang", "hoa", "khanh", "lam", "minh"),
    "an-2",
)


def user(name: str | None) -> int | None:
    return None if name is None else 1000 + CAST.index(name)


def person(name: str | None) -> int | None:
    return None if name is None else 1 + CAST.index(name)


def tenant(name: str) -> int:
    return 1 + TENANTS.index(name)


def taken(step: str, by: str, acts_for: str | None = None) -> Taken:
    return Taken(Step(step), user(by), person(by), 1, user(acts_for), person(acts_for))


def actor(by: str, of: str, acts_for: str | None, roles: list[str], account: str) -> Actor:
    return Actor(
        user_id=user(account),
        username=account,
        name=by,
        tenant_id=tenant(of),
        tenant_name=of,
        scope=Scope.OWN,
        roles=frozenset(roles),
        person_id=person(by),
        acting_for=acts_for,
        acting_for_user_id=user(acts_for),
        acting_for_person_id=person(acts_for),
    )


def read_cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['case']}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("case", read_cases())
def test_the_separation_answers_as_the_case_says(case: dict[str, Any]) -> None:
    assert case.keys() <= {"case", "taken", "members", "proposed_by", "asks", "answer"}
    asks = case["asks"]
    assert asks.keys() <= {"step", "by", "of", "acts_for", "roles", "account"}
    proposer = case.get("proposed_by", "hoi-an")
    file = FileSoFar(
        proposing_tenant_id=tenant(proposer),
        proposing_capacities=frozenset() if proposer == "hoi-an" else frozenset({proposer}),
        member_person_ids=frozenset(1 + CAST.index(name) for name in case.get("members", [])),
        taken=tuple(taken(*step) for step in case["taken"]),
    )
    by = asks["by"]
    who = actor(
        by,
        asks.get("of", "hoi-an"),
        asks.get("acts_for"),
        asks.get("roles", []),
        asks.get("account", by),
    )
    objection = objection_to(Step(asks["step"]), who, file)
    assert ("ALLOW" if objection is None else objection.rule) == case["answer"]


def test_there_are_more_refusals_than_permissions_among_the_cases() -> None:
    answers = [param.values[0]["answer"] for param in read_cases()]
    assert 2 * answers.count("ALLOW") < len(answers)


def test_every_rule_refuses_in_at_least_one_case() -> None:
    rules = shipped_separation()
    known = {"member", *(rule.id for rule in rules.apart), *(rule.id for rule in rules.tenants)}
    answers = {param.values[0]["answer"] for param in read_cases()}
    assert known == answers - {"ALLOW"}


def test_an_objection_names_what_the_person_did_in_both_languages() -> None:
    file = FileSoFar(9, taken=(taken("propose", "an"), taken("submit", "an")))
    objection = objection_to(Step.APPRAISE, actor("an", "focal", None, [], "an"), file)
    assert objection is not None
    assert "soạn đề xuất, duyệt và trình" in objection.text("vi")
    assert "drafted it, submitted it" in objection.text("en")


def test_steps_of_the_system_and_people_without_a_record_never_meet() -> None:
    file = FileSoFar(9, taken=(Taken(Step.PROPOSE, None), Taken(Step.SUBMIT, 7)))
    nobody = Actor(None, "system", "Hệ thống", None, "", Scope.SYSTEM)
    assert objection_to(Step.DECIDE, nobody, file) is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("one: [appraise]", "one: [apraise]", "apraise"),
        ("own_file: [focal]", "own_file: [sea]", "sea"),
        ("barred_roles: [head]", "barred_roles: [hed]", "hed"),
        ("  close: {vi", "  shut: {vi", "shut"),
        ("  close: {vi: đóng hồ sơ, en: closed it}\n", "", "without a name: close"),
        ("messages:", "message:", "expected the keys"),
        ("en: closed it", "en: 100 % closed", "no %"),
        ("steps:\n", "steps: [\n", "YAML|ParserError|expected"),
    ],
)
def test_a_separation_with_a_mistake_does_not_start_and_says_what(
    tmp_path: Any, old: str, new: str, says: str
) -> None:
    text = (POLICY_FOLDER / "separation.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "separation.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError, match=says):
        read_separation(path)
