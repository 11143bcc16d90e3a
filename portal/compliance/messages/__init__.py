"""Turns a finding into the two sentences an official reads, names put in at the last moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from portal.compliance.findings import Finding
from portal.compliance.messages import common, others, outbound
from portal.compliance.messages.words import GRANTORS, Facts, Said
from portal.compliance.names import NO_NAMES, Names

_REPORT: Final = others.unreported(
    "Hoạt động trước ({which}) đã kết thúc ngày {ended} mà chưa có báo cáo kết quả, hạn ngày {due}."
    " Gửi báo cáo, hoặc giải trình khi trình hồ sơ này.",
    "An earlier activity ({which}) ended on {ended} and its report, due on {due}, is not in."
    " Send the report, or explain when submitting this file.",
)
_DOSSIER: Final = others.missing(
    "Hồ sơ còn thiếu: {}. Bổ sung cho đủ trước khi trình.",
    "The dossier lacks {}. Complete it before it is submitted.",
)
_SENTENCES: Final[dict[str, Callable[[Facts, Names], Said]]] = {
    "any.classified": common.classified,
    "any.dates": common.dates,
    "any.after-the-fact": common.after_the_fact,
    "outbound.plan": outbound.plan,
    "outbound.plan-deviation": outbound.plan_deviation,
    "outbound.supplement-quota": outbound.supplement_quota,
    "outbound.supplement-invitation": outbound.supplement_invitation,
    "outbound.supplement-necessity": outbound.supplement_necessity,
    "outbound.leader-trips": outbound.leader_trips,
    "outbound.leaders-together": outbound.leaders_together,
    "outbound.relatives": outbound.relatives,
    "outbound.secret-documents": outbound.secret_documents,
    "outbound.project-note": outbound.project_note,
    "outbound.enterprise-funded": outbound.enterprise_funded,
    "outbound.size": outbound.size,
    "outbound.days-per-country": outbound.days_per_country,
    "outbound.countries": outbound.countries,
    "outbound.lead-time": outbound.lead_time,
    "outbound.trip-report": outbound.trip_report,
    "outbound.passport-return": outbound.passport_return,
    "inbound.plan": others.inbound_plan,
    "inbound.lead-time": others.inbound_lead_time,
    "inbound.guest-details": others.guest_details,
    "inbound.police-notice": others.police_notice,
    "inbound.foreign-press": others.foreign_press,
    "inbound.result-report": _REPORT,
    "conference.scope": others.conference_scope,
    "conference.party-rules": others.party_rules,
    "conference.lead-time": others.conference_lead_time,
    "conference.dossier": _DOSSIER,
    "conference.opinions": others.opinions,
    "conference.authority-check": others.authority_check,
    "conference.opinion-overdue": others.opinion_overdue,
    "conference.result-report": _REPORT,
    "conference.state-secret": others.state_secret,
    "project.dossier": _DOSSIER,
    "project.opinions": others.opinions,
    "project.appraisal-overdue": others.appraisal_overdue,
    "project.donor-registration": others.donor_registration,
    "project.screening": others.missing(
        "Chưa trả lời câu hỏi sàng lọc: {}. Trả lời có hoặc không cho từng câu.",
        "Screening questions are unanswered: {}. Answer each with yes or no.",
    ),
    "project.screening-opinions": others.screening_opinions,
    "agreement.dossier": _DOSSIER,
    "agreement.opinions": others.opinions,
    "agreement.opinion-overdue": others.opinion_overdue,
    "agreement.non-binding-clause": others.non_binding_clause,
    "agreement.signing-report": _REPORT,
}


def render(finding: Finding, names: Names = NO_NAMES) -> Said:
    """The Vietnamese and the English sentence; what is a default or could be waived comes last."""
    vi, en = _SENTENCES[finding.rule](finding.facts, names)
    if finding.version.is_default and _shows_a_number(finding):
        return (
            f"{vi} Mức này là giá trị mặc định, tỉnh có thể đổi.",
            f"{en} This limit is a default, which the province may change.",
        )
    if finding.waived:
        return f"{vi} Đã có chấp thuận ngoại lệ.", f"{en} A waiver has been granted."
    if finding.waivable and not finding.says_missing:
        grantor = GRANTORS[finding.version.waivable_by or "deciding-authority"]
        return (
            (
                f"{vi} Hoặc cứ trình và đề nghị {grantor[0]} chấp thuận ngoại lệ; chưa có chấp"
                " thuận thì hồ sơ chưa được phê duyệt."
            ),
            (
                f"{en} Or submit it all the same and ask {grantor[1]} for a waiver; without one"
                " the file is not approved."
            ),
        )
    return vi, en


def _shows_a_number(finding: Finding) -> bool:
    return any(name in finding.facts for name in finding.version.params)
