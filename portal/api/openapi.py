"""The OpenAPI 3.1 document of the API, made of what the code itself reads and says."""

from __future__ import annotations

from functools import cache, partial
from importlib.metadata import version
from typing import Any, Final, get_args

from portal.api import limits, named
from portal.api.case_schema import Schema, case_schema, noting, schema_of
from portal.api.problems import TITLES
from portal.compliance.facts import Authority
from portal.compliance.findings import SEVERITIES, VERDICTS
from portal.compliance.regulations import Level
from portal.compliance.rules import RULE_IDS
from portal.compliance.strict_yaml import MAX_BYTES
from portal.web.i18n import use_locale

CHECK: Final = "/api/v1/compliance/check"
_TEXT: Final[Schema] = {"type": "string"}
_DAY: Final[Schema] = {"type": "string", "format": "date"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_RULE: Final[Schema] = {"enum": sorted(RULE_IDS)}
_MEMBERS: Final[dict[str, Schema]] = {
    "type": {"type": "string", "format": "uri-reference"},
    "title": _TEXT,
    "status": {"type": "integer"},
    "detail": _TEXT,
    "key": {"type": "string", "description": "The dotted place in the case, as people.0.person_id"},
    "expected": _TEXT,
    "line": {"type": "integer", "minimum": 1},
    "reference": {"type": "string", "description": "Under which the portal's log tells of it"},
}


@cache
def document() -> dict[str, Any]:
    """The whole document; the same for everybody."""
    with use_locale("en"):
        refusals = {str(status): _refusal(status) for status, _title in TITLES.values()}
    refusals["default"] = _said_no("Anything else that went wrong")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Foreign Affairs Portal",
            "version": version("foreign-affairs-portal"),
            "description": "May this activity go on? One case in, the verdict of the law out.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {
            CHECK: {
                "post": {
                    "operationId": "check",
                    "summary": "Judge one case by the law in force on the day of the event",
                    "requestBody": {
                        "required": True,
                        "description": f"At most {MAX_BYTES} bytes of JSON in UTF-8.",
                        "content": {"application/json": {"schema": _ref("Case")}},
                    },
                    "responses": {"200": _answered(), **refusals},
                }
            }
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Case": _case(), "Answer": _answer(), "Problem": _problem()},
        },
    }


def _case() -> Schema:
    """A case file's case, whose agencies and people may also be named by number."""
    schema = case_schema()
    properties = dict(schema["properties"])
    readers = noting(named)
    for key, reader in (("agencies", "named_agency"), ("people", "named_person")):
        described = properties[key]
        by_number = schema_of(partial(readers[reader], path=()))
        properties[key] = {**described, "items": {"oneOf": [described["items"], by_number]}}
    properties["expect"] = {**properties["expect"], "description": "Ignored."}
    return {**schema, "properties": properties}


def _answer() -> Schema:
    finding = _object(
        {
            "rule": _RULE,
            "severity": {"enum": list(SEVERITIES)},
            "waived": {"const": True},
            "version": _TEXT,
            "facts": {"type": "object"},
            "legal_basis": _list(_basis()),
            "message_vi": _TEXT,
            "message_en": _TEXT,
        },
        optional=("waived",),
    )
    person = {"id": _TEXT, "person_id": {"type": "integer"}, "decided": _COUNT, "pending": _COUNT}
    return _object(
        {
            "case": _TEXT,
            "verdict": {"enum": list(VERDICTS)},
            "authority": {"enum": [*get_args(Authority), None]},
            "opinions_required": _list(_TEXT),
            "notify": _list(_TEXT),
            "deadlines": _list(_object({"rule": _RULE, "due": _DAY})),
            "findings": _list(finding),
            "people": _list(_object(person)),
        },
        optional=("people",),
    )


def _basis() -> Schema:
    texts = dict.fromkeys(("document", "title_vi", "title_en", "clause", "address"), _TEXT)
    return _object(
        {**texts, "date": {"type": ["string", "null"]}, "level": {"enum": list(get_args(Level))}}
    )


def _problem() -> Schema:
    return _object(_MEMBERS, optional=("key", "expected", "line", "reference"))


def _refusal(status: int) -> dict[str, Any]:
    kinds = [f"{title} ({kind})" for kind, (code, title) in TITLES.items() if code == status]
    said = _said_no("; ".join(kinds))
    if status == 429:
        asked, foreign = limits.QUESTIONS, limits.FOREIGN_PEOPLE
        said["description"] += (
            f": {asked.limit} questions in {asked.seconds} s of one token, each"
            f" {limits.ONE_QUESTION} bytes counted as one; {foreign.limit} people of other agencies"
            f" in {foreign.seconds} s of one agency"
        )
        said["headers"] = {
            "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}
        }
    return said


def _said_no(description: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    return {"description": description, "content": content}


def _answered() -> dict[str, Any]:
    return {
        "description": "The verdict, with every finding, its law and its sentence in two languages",
        "content": {"application/json": {"schema": _ref("Answer")}},
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: dict[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }
