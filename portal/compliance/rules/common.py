"""Rules for every kind of activity."""

from __future__ import annotations

from portal.compliance.context import Check, Hit, Params, iso, missing_of
from portal.compliance.facts import Activity, Agreement


def classified(check: Check[Activity], _params: Params) -> list[Hit]:
    """The law keeps state secrets off networked systems, whatever the rest of the file says."""
    level = check.proposal.classified
    return [] if level == "none" else [Hit({"classified": level})]


def dates(check: Check[Activity], _params: Params) -> list[Hit]:
    """Every time limit is counted from these days; a signing may still be open."""
    proposal = check.proposal
    missing = missing_of(proposal, "submitted")
    if not isinstance(proposal, Agreement):
        missing += missing_of(proposal, "start", "end")
    start, end = proposal.start, proposal.end
    reversed_ = start is not None and end is not None and end < start
    if not missing and not reversed_:
        return []
    facts: dict[str, object] = {"kind": proposal.kind, "missing": missing}
    if reversed_:
        facts |= {"start": iso(start), "end": iso(end)}
    return [Hit(facts)]


def after_the_fact(check: Check[Activity], _params: Params) -> list[Hit]:
    """Recorded after it had begun: it stays visible as such and regularises nothing."""
    start, submitted = check.proposal.start, check.proposal.submitted
    if start is None or submitted is None or start >= submitted:
        return []
    return [Hit({"start": iso(start), "submitted": iso(submitted)})]
