"""The one question of the compliance service: may this go on? Facts in, judgement out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from portal.compliance.context import Check, Hit
from portal.compliance.deciders import authority, is_out_of_scope, notify, opinions_required
from portal.compliance.facts import Authority, Case, Conference
from portal.compliance.findings import Deadline, Finding, Judgement
from portal.compliance.regulations import Regulations, Segment, Version, default_regulations


def judge(case: Case, regulations: Regulations | None = None) -> Judgement:
    """Judge one case by the rules in force on its event date; missing facts never raise."""
    law = regulations if regulations is not None else default_regulations()
    segment, ids = law.in_force(case.proposal.kind, case.province, case.event_date)
    return judge_by(case, segment, ids, law)


def judge_by(case: Case, segment: Segment, ids: frozenset[str], law: Regulations) -> Judgement:
    """Judge by exactly these versions, as a stored verdict is judged again by its own law."""
    check: Check[Any] = Check(case, law.calendar, ids)
    decides = authority(check)
    return Judgement(
        authority=decides,
        opinions_required=tuple(opinions_required(check)),
        notify=tuple(notify(check)),
        deadlines=tuple(_deadlines(check, segment)),
        findings=tuple(_findings(check, segment, decides)),
        rules=tuple([version for _, version in segment]),
    )


def findings_by(
    case: Case, segment: Segment, ids: frozenset[str], law: Regulations
) -> list[Finding]:
    """Only what these versions find; `ids` are the rules in force, whether among them or not."""
    check: Check[Any] = Check(case, law.calendar, ids)
    return _findings(check, segment, authority(check))


def _findings(check: Check[Any], segment: Segment, decides: Authority | None) -> list[Finding]:
    return [
        _finding(check, version, hit, decides)
        for spec, version in segment
        for hit in spec.check(check, version.params)
    ]


def _finding(check: Check[Any], version: Version, hit: Hit, decides: Authority | None) -> Finding:
    severity = hit.severity or version.severity
    grantor = decides if version.waivable_by == "deciding-authority" else version.waivable_by
    waivable = severity == "block" and grantor is not None and hit.grantable
    waived = waivable and _is_waived(check.case, version.rule, grantor)
    return Finding(version.rule, severity, version, hit.facts, waived, waivable)


def _is_waived(case: Case, rule: str, grantor: Authority | None) -> bool:
    return any(
        waiver.rule == rule
        and waiver.by == grantor
        and waiver.document
        and waiver.reason
        and waiver.dated is not None
        and waiver.dated <= case.as_of
        for waiver in case.waivers
    )


def _deadlines(check: Check[Any], segment: Segment) -> list[Deadline]:
    proposal = check.proposal
    end = proposal.end
    if end is None or (isinstance(proposal, Conference) and is_out_of_scope(proposal)):
        return []
    return [
        Deadline(spec.id, _due(check, end, version))
        for spec, version in segment
        if spec.is_deadline
    ]


def _due(check: Check[Any], end: date, version: Version) -> date:
    if "working_days" in version.params:
        return check.calendar.add(end, version.params["working_days"])
    return end + timedelta(days=version.params["days"])
