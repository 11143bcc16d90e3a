"""One question of another system to the compliance service, from its bytes to the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.api import limits
from portal.api.named import Named, filled_in
from portal.api.problems import ApiProblem
from portal.api.stored import HIDDEN, Stored, stored_beside
from portal.audit.services import record, record_refusal
from portal.compliance.cases import LoadedCase, read_case
from portal.compliance.enacted import ask
from portal.compliance.facts import Case
from portal.compliance.findings import Finding, Judgement
from portal.compliance.json_lines import read_json
from portal.compliance.keys import agency_key
from portal.compliance.names import Names
from portal.compliance.strict_yaml import MalformedError, line_of
from portal.core.context import Actor
from portal.core.unit_of_work import unit_of_work
from portal.web.i18n import lazy


def answer(data: bytes) -> dict[str, Any]:
    """The verdict as `portal compliance check` prints it, and the trips of those named by number.

    Raises ApiProblem for a question that cannot be read or that is not the asking agency's.
    """
    actor = require(Permission.COMPLIANCE_CHECK)
    if len(data) > limits.ONE_QUESTION:
        limits.admit(actor.token_id, len(data) // limits.ONE_QUESTION)
    try:
        document, named = filled_in(read_json(data), actor.tenant_id or 0)
        loaded = read_case(document)
    except MalformedError as error:
        raise _malformed(data, error) from None
    if not named.line:
        return ask(loaded.case).as_dict(loaded.name, loaded.names)
    _about_others(actor, named, loaded.case.event_date.year)
    return told(loaded, named, ask)


def told(loaded: LoadedCase, named: Named, judge: Callable[[Case], Judgement]) -> dict[str, Any]:
    """The answer to a case in which somebody is named by number."""
    case = loaded.case
    stored = stored_beside(case, named)
    judgement = judge(stored.beside(case))
    findings = tuple(_for_its_eyes(finding, named) for finding in judgement.findings)
    agencies = {agency_key(row.tenant_id): row.tenant_name for row in named.people.values()}
    names = Names(people=stored.leaders, agencies=agencies, guests=loaded.names.guests)
    answer = replace(judgement, findings=findings).as_dict(loaded.name, names)
    return answer | {"people": _counts(case, named, stored)}


def _for_its_eyes(finding: Finding, named: Named) -> Finding:
    """Numbers in place of trips where they are another agency's."""
    used = finding.facts.get("used_by", ())
    hidden = any(trip["id"] == HIDDEN for trip in used)
    return (
        finding.concealed() if hidden or finding.facts.get("person") in named.foreign else finding
    )


def _counts(case: Case, named: Named, stored: Stored) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for id_, row in named.people.items():
        decided, pending = stored.trips(id_, case)
        found.append({"id": id_, "person_id": row.id, "decided": decided, "pending": pending})
    return found


def _about_others(actor: Actor, named: Named, year: int) -> None:
    """Questions about other agencies' people are few, and each is written down before its answer.

    Raises ApiProblem above the limit; that is written down too.
    """
    if not named.foreign:
        return
    require(Permission.TRAVEL_VIEW)
    wait = limits.take(limits.FOREIGN_PEOPLE, actor.tenant_id, len(named.foreign))
    if wait:
        record_refusal(
            action=Permission.TRAVEL_VIEW,
            reason="Too many questions about people of other agencies.",
            data={"endpoint": "api.check", "method": "POST"},
        )
        raise ApiProblem(
            "too-many",
            lazy(
                "At most %(most)s people of other agencies an hour and agency.",
                most=limits.FOREIGN_PEOPLE.limit,
            ),
            wait=wait,
        )
    with unit_of_work():
        for id_ in sorted(named.foreign):
            person_id = named.people[id_].id
            record(
                "travel.looked_up",
                subject_type="person",
                subject_id=person_id,
                data={
                    "person_id": person_id,
                    "year": year,
                    "full": False,
                    "token_id": actor.token_id,
                },
            )


def _malformed(data: bytes, error: MalformedError) -> ApiProblem:
    said = f"{error.key}: {error.expected}"
    line = _line(data, error)
    return ApiProblem("malformed", said, key=error.key, expected=error.expected, line=line)


def _line(data: bytes, error: MalformedError) -> int | None:
    if error.line is not None or len(data) > limits.ONE_QUESTION:  # too long to be searched again
        return error.line
    try:
        return line_of(data, 1, error.key)
    except MalformedError as found:  # a key given twice, too many levels: there it stands
        return found.line
