"""The document that other systems are built from says what is really taken and answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from portal.api.openapi import CHECK, document
from portal.api.problems import TITLES
from portal.compliance.cases import load_file
from portal.compliance.engine import judge
from portal.compliance.facts import KINDS
from portal.compliance.regulations import DEFAULT_FOLDER
from portal.web.i18n import use_locale


def schema_for(name: str) -> Draft202012Validator:
    """One schema of the document, able to follow the references between them."""
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", **document()})


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (target for key, target in value.items() if key == "$ref")
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_it_is_openapi_3_1_and_every_reference_leads_somewhere() -> None:
    whole = document()
    assert whole["openapi"] == "3.1.0"
    assert whole["info"].keys() == {"title", "version", "description"}
    schemas = whole["components"]["schemas"]
    assert set(references(whole)) == {f"#/components/schemas/{name}" for name in schemas}
    for schema in schemas.values():
        assert validator_for(schema, Draft202012Validator) is Draft202012Validator
        Draft202012Validator.check_schema(schema)


def test_it_names_every_refusal_whatever_language_is_spoken() -> None:
    with use_locale("vi"):
        answers = document()["paths"][CHECK]["post"]["responses"]
    assert answers.keys() == {"200", "default", *(str(status) for status, _ in TITLES.values())}
    for kind, (status, _title) in TITLES.items():
        assert f"({kind})" in answers[str(status)]["description"]
    assert "A token is needed" in answers["401"]["description"]


def test_a_case_may_name_agencies_and_people_by_number_or_describe_them() -> None:
    cases = schema_for("Case")
    case = {
        "case": "Đoàn đi Lào",
        "as_of": "2024-11-20",
        "province": "quang-nam",
        "agencies": [{"id": "a", "tenant_id": 4}, {"id": "b", "kind": "district"}],
        "people": [{"id": "an", "person_id": 7}, {"id": "ba", "agency": "b"}],
        "proposal": {"id": "N1", "kind": "outbound", "agency": "a"},
    }
    assert cases.is_valid(case)
    for half in ({"id": "an"}, {"person_id": 7}, {"id": "an", "person_id": 7, "agency": "b"}):
        assert not cases.is_valid({**case, "people": [half]}), half


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_to_the_cases_of_the_law_fits(kind: str) -> None:
    answers, seen = schema_for("Answer"), 0
    for file in sorted((DEFAULT_FOLDER / "cases").rglob("*.yaml")):
        for loaded in load_file(file):
            if loaded.case.proposal.kind == kind:
                told = judge(loaded.case).as_dict(loaded.name, loaded.names)
                assert not list(answers.iter_errors(told)), loaded.name
                seen += 1
    assert seen > 20
