"""Which lines of annual plans a version that is not published yet would judge otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from portal.compliance.findings import Finding, Verdict
from portal.compliance.regulations import Regulations, Version
from portal.compliance.rules import RULES
from portal.core import clock
from portal.extensions import settings
from portal.plans.cases import TOLD, Cases, Law, verdict_of
from portal.plans.types import Planned, PlannedYear
from portal.plans.yearly import planned_year, years_from

Verdicts = tuple[Verdict, Verdict]
"""Before and after."""


def years_of(version: Version) -> list[PlannedYear]:
    """The plans that may reach into the version's days; none when lines say too little for it."""
    if version.rule not in TOLD.get(RULES[version.rule].family, ()):
        return []
    return [planned_year(year) for year in years_from(version.valid_from.year)]


def compared(
    year: PlannedYear, version: Version, old: Regulations, new: Regulations
) -> Iterator[tuple[Planned, Verdicts | None]]:
    """Every line that may begin while the version holds; its verdicts, where its findings differ.

    A line knows no day: it differs when it does so on any day that is left to it.
    """
    cases = Cases(year, settings().province, clock.today())
    before, after = Law(old), Law(new)
    for line in year.items:
        if line.kind == RULES[version.rule].family and line.last_day >= version.valid_from:
            yield line, _verdicts(cases, line, version, before, after)


def _verdicts(
    cases: Cases, line: Planned, version: Version, before: Law, after: Law
) -> Verdicts | None:
    asked = cases.variants(line, since=version.valid_from)
    pairs = [(before.findings(case), after.findings(case)) for case in asked]
    if all(_of(version.rule, old) == _of(version.rule, new) for old, new in pairs):
        return None
    return (
        verdict_of(finding for old, _ in pairs for finding in old),
        verdict_of(finding for _, new in pairs for finding in new),
    )


def _of(rule: str, findings: list[Finding]) -> list[tuple[str, str]]:
    return sorted((f.subject, f.severity) for f in findings if f.rule == rule)
