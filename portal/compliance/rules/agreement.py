"""Rules for international agreements (Law 70/2020/QH14, Decree 64/2021)."""

from __future__ import annotations

from datetime import date

from portal.compliance.context import Check, Hit, Params
from portal.compliance.deciders import agreement_opinions
from portal.compliance.facts import Agreement
from portal.compliance.rules.shared import Due, missing_opinions, overdue_opinions

Treaty = Check[Agreement]

DOCUMENTS = ("proposal", "draft-vi", "draft-foreign")


def dossier(check: Treaty, _params: Params) -> list[Hit]:
    missing = [document for document in DOCUMENTS if document not in check.proposal.documents]
    return [Hit({"missing": missing})] if missing else []


def _clock(check: Treaty, params: Params) -> Due:
    shortened = check.proposal.procedure == "shortened"
    days = params["shortened" if shortened else "working_days"]

    def due(asked: date) -> date:
        return check.calendar.add(asked, days)

    return due


def opinions(check: Treaty, params: Params) -> list[Hit]:
    """Not knowing who signs is not knowing whom to ask; that cannot be waived."""
    agreement = check.proposal
    if agreement.stage != "decision":
        return []
    if agreement.signatory is None:
        return [Hit({"missing": [], "unknown": ["signatory"]}, grantable=False)]
    required = agreement_opinions(agreement)
    return missing_opinions(check, agreement.opinions, required, _clock(check, params))


def opinion_overdue(check: Treaty, params: Params) -> list[Hit]:
    return overdue_opinions(check, check.proposal.opinions, _clock(check, params))


def non_binding_clause(check: Treaty, _params: Params) -> list[Hit]:
    agreement = check.proposal
    if agreement.signatory == "province" or agreement.non_binding_clause:
        return []
    return [Hit({"signatory": agreement.signatory})]
