"""The published schema of a case says what the readers of the case file take, no more, no less."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from portal.api.case_schema import case_schema
from portal.compliance.cases import read_case
from portal.compliance.facts import KINDS
from portal.compliance.regulations import DEFAULT_FOLDER
from portal.compliance.strict_yaml import MalformedError, read_documents

STRANGE: tuple[Any, ...] = (
    None,
    True,
    0,
    7,
    -3,
    "",
    "??",
    "LA",
    "2024-01-01",
    [],
    ["x"],
    {},
    {"x": 1},
)
BEYOND_A_SCHEMA = ("a declared", "unique ids", "without a circle", "each person once")
"""What a reader refuses because of another key; a schema of shapes cannot say it."""


def documents() -> list[dict[str, Any]]:
    files = sorted((DEFAULT_FOLDER / "cases").rglob("*.yaml"))
    found = [document for file in files for document in read_documents(file.read_bytes())]
    return json.loads(json.dumps(found, default=str))


CASES = documents()


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    Draft202012Validator.check_schema(case_schema())
    return Draft202012Validator(case_schema())


def refusal(document: object) -> str | None:
    try:
        read_case(document)
    except MalformedError as error:
        return error.expected
    return None


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in a document but what the author expects."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    for key in keys:
        if key != "expect":
            yield value, key
            if isinstance(value[key], dict | list):
                yield from places(value[key])


def test_every_case_of_the_law_fits_the_schema(schema: Draft202012Validator) -> None:
    assert len(CASES) > 300
    assert {case["proposal"]["kind"] for case in CASES} == set(KINDS)
    for case in CASES:
        assert not list(schema.iter_errors(case)), case["case"]


def test_what_the_schema_refuses_the_reader_refuses_and_the_other_way_round(
    schema: Draft202012Validator,
) -> None:
    chance = random.Random(20261123)
    refused = 0
    for case in CASES:
        for _ in range(4):
            changed = copy.deepcopy(case)
            container, key = chance.choice(list(places(changed)))
            if isinstance(container, dict) and chance.random() < 0.2:
                container["no_such_key"] = container.pop(key)
            else:
                container[key] = chance.choice(STRANGE)
            said, fits = refusal(changed), schema.is_valid(changed)
            refused += said is not None
            if said is not None and any(words in said for words in BEYOND_A_SCHEMA):
                continue
            assert fits == (said is None), f"{said}: {json.dumps(changed, ensure_ascii=False)}"
    assert refused > 300


def test_an_entry_of_the_history_says_its_status_and_a_proposal_may_not() -> None:
    proposal, history = (
        case_schema()["properties"]["proposal"],
        case_schema()["properties"]["history"],
    )
    for kind in proposal["oneOf"]:
        assert "status" not in kind["properties"]
    for kind in history["items"]["oneOf"]:
        assert "status" in kind["required"]
