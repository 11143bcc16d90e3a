"""Rules for projects and grant aid with foreign elements."""

from __future__ import annotations

from datetime import timedelta

from portal.compliance.context import Check, Facts, Hit, Opinions, Params, iso
from portal.compliance.deciders import grant_aid_opinions
from portal.compliance.deciders import screening_opinions as called_for
from portal.compliance.facts import SCREENING_QUESTIONS, Project
from portal.compliance.rules.shared import calendar_days, missing_opinions

Undertaking = Check[Project]

DOCUMENTS = ("request", "donor-agreement", "project-document", "donor-status")


def dossier(check: Undertaking, _params: Params) -> list[Hit]:
    project = check.proposal
    missing = [document for document in DOCUMENTS if document not in project.documents]
    return [Hit({"missing": missing})] if missing and project.type == "grant-aid" else []


def opinions(check: Undertaking, params: Params) -> list[Hit]:
    project = check.proposal
    if project.stage != "decision" or project.type != "grant-aid":
        return []
    due = calendar_days(params["days"])
    return missing_opinions(check, project.opinions, list(grant_aid_opinions()), due)


def appraisal_overdue(check: Undertaking, params: Params) -> list[Hit]:
    project = check.proposal
    complete, appraised = project.dossier_complete, project.appraised
    if project.type != "grant-aid" or complete is None:
        return []
    due = complete + timedelta(days=params["days"])
    if check.as_of <= due or (appraised is not None and appraised <= check.as_of):
        return []
    return [Hit({"complete": iso(complete), "due": iso(due), "days": params["days"]})]


def donor_registration(check: Undertaking, _params: Params) -> list[Hit]:
    """Only a foreign NGO registers; not knowing who gives is not knowing whether it must."""
    project = check.proposal
    if project.type != "grant-aid":
        return []
    donor = project.donor
    if donor is None or donor.kind is None:
        return [Hit({"missing": ["donor" if donor is None else "donor.kind"]})]
    unregistered = donor.kind == "ngo" and not donor.registered
    return [Hit({"donor": "ngo", "registered": False})] if unregistered else []


def screening(check: Undertaking, _params: Params) -> list[Hit]:
    missing = [q for q in SCREENING_QUESTIONS if q not in check.proposal.screening]
    return [Hit({"missing": missing})] if missing else []


def screening_opinions(check: Undertaking, _params: Params) -> list[Hit]:
    """What the answers call for beyond the opinions that `project.opinions` already misses."""
    project = check.proposal
    if project.stage != "decision":
        return []
    runs_too = project.type == "grant-aid" and check.runs("project.opinions")
    named_there = grant_aid_opinions() if runs_too else ()
    wanted = [body for body in called_for(project) if body not in named_there]
    missing = Opinions.of(project.opinions, check.as_of).missing(wanted)
    answers = [q for q in SCREENING_QUESTIONS if project.screening.get(q)]
    facts: Facts = {"missing": [{"body": body} for body in missing], "answers": answers}
    return [Hit(facts)] if missing else []
