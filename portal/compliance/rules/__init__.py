"""The rules by id. A rule is a small pure function here and dated data in policies/regulations/.

Order is the order of findings in an answer. Ids never change: audit entries and verdicts use them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from portal.compliance.context import Check, Hit, Params
from portal.compliance.facts import Kind
from portal.compliance.rules import agreement, common, conference, inbound, outbound, project
from portal.compliance.rules.shared import unreported


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A predicate, the numbers its versions give, and whether it sets a deadline.

    `more_is_stricter`: a larger number forbids more (days of notice); else it allows more (limits).
    """

    id: str
    check: Callable[[Check[Any], Params], list[Hit]]
    params: tuple[str, ...] = ()
    is_deadline: bool = False
    more_is_stricter: bool = False

    @property
    def family(self) -> str:
        return self.id.partition(".")[0]

    def concerns(self, kind: str) -> bool:
        """Whether activities of this kind are asked about it."""
        return self.family in ("any", kind)


_ANY: Final = (
    RuleSpec("any.classified", common.classified),
    RuleSpec("any.dates", common.dates),
    RuleSpec("any.after-the-fact", common.after_the_fact),
)
_OUTBOUND: Final = (
    RuleSpec("outbound.plan", outbound.plan),
    RuleSpec("outbound.plan-deviation", outbound.plan_deviation, ("months",)),
    RuleSpec("outbound.supplement-quota", outbound.supplement_quota, ("limit",)),
    RuleSpec("outbound.supplement-invitation", outbound.supplement_invitation),
    RuleSpec("outbound.supplement-necessity", outbound.supplement_necessity),
    RuleSpec("outbound.leader-trips", outbound.leader_trips, ("limit",)),
    RuleSpec("outbound.leaders-together", outbound.leaders_together, ("limit",)),
    RuleSpec("outbound.relatives", outbound.relatives),
    RuleSpec("outbound.secret-documents", outbound.secret_documents),
    RuleSpec("outbound.project-note", outbound.project_note),
    RuleSpec("outbound.enterprise-funded", outbound.enterprise_funded),
    RuleSpec("outbound.size", outbound.size, ("province_leader", "province_deputy", "department")),
    RuleSpec("outbound.days-per-country", outbound.days_per_country, ("days", "important_event")),
    RuleSpec("outbound.countries", outbound.countries, ("limit",)),
    RuleSpec("outbound.lead-time", outbound.lead_time, ("working_days",), more_is_stricter=True),
    RuleSpec("outbound.trip-report", unreported, ("days",), is_deadline=True),
    RuleSpec(
        "outbound.passport-return", outbound.passport_return, ("working_days",), is_deadline=True
    ),
)
_INBOUND: Final = (
    RuleSpec("inbound.plan", inbound.plan),
    RuleSpec("inbound.lead-time", inbound.lead_time, ("working_days",), more_is_stricter=True),
    RuleSpec("inbound.guest-details", inbound.guest_details),
    RuleSpec("inbound.police-notice", inbound.police_notice, ("days",), more_is_stricter=True),
    RuleSpec("inbound.foreign-press", inbound.foreign_press),
    RuleSpec("inbound.result-report", unreported, ("days",), is_deadline=True),
)
_CONFERENCE: Final = (
    RuleSpec("conference.scope", conference.scope),
    RuleSpec("conference.party-rules", conference.party_rules),
    RuleSpec(
        "conference.lead-time",
        conference.lead_time,
        ("prime_minister", "chair"),
        more_is_stricter=True,
    ),
    RuleSpec("conference.dossier", conference.dossier),
    RuleSpec("conference.opinions", conference.opinions, ("days",), more_is_stricter=True),
    RuleSpec("conference.authority-check", conference.authority_check),
    RuleSpec("conference.opinion-overdue", conference.opinion_overdue, ("days",)),
    RuleSpec("conference.result-report", conference.result_report, ("days",), is_deadline=True),
    RuleSpec("conference.state-secret", conference.state_secret),
)
_PROJECT: Final = (
    RuleSpec("project.dossier", project.dossier),
    RuleSpec("project.opinions", project.opinions, ("days",), more_is_stricter=True),
    RuleSpec("project.appraisal-overdue", project.appraisal_overdue, ("days",)),
    RuleSpec("project.donor-registration", project.donor_registration),
    RuleSpec("project.screening", project.screening),
    RuleSpec("project.screening-opinions", project.screening_opinions),
)
_AGREEMENT: Final = (
    RuleSpec("agreement.dossier", agreement.dossier),
    RuleSpec(
        "agreement.opinions",
        agreement.opinions,
        ("working_days", "shortened"),
        more_is_stricter=True,
    ),
    RuleSpec("agreement.opinion-overdue", agreement.opinion_overdue, ("working_days", "shortened")),
    RuleSpec("agreement.non-binding-clause", agreement.non_binding_clause),
    RuleSpec("agreement.signing-report", unreported, ("days",), is_deadline=True),
)

BY_KIND: Final[dict[Kind, tuple[RuleSpec, ...]]] = {
    "outbound": (*_ANY, *_OUTBOUND),
    "inbound": (*_ANY, *_INBOUND),
    "conference": (*_ANY, *_CONFERENCE),
    "project": (*_ANY, *_PROJECT),
    "agreement": (*_ANY, *_AGREEMENT),
}
RULES: Final[dict[str, RuleSpec]] = {
    spec.id: spec
    for specs in (_ANY, _OUTBOUND, _INBOUND, _CONFERENCE, _PROJECT, _AGREEMENT)
    for spec in specs
}
RULE_IDS: Final = frozenset(RULES)
