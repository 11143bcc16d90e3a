"""Waivers (chấp thuận ngoại lệ): the grantor lets one rule rest for one file, by a document."""

from datetime import date

from portal.access.permissions import Permission
from portal.access.separation import Step as Duty
from portal.access.separation import objection_to
from portal.activities import amendments, assessment
from portal.activities import dossier as dossiers
from portal.activities.dossier import Dossier
from portal.activities.lifecycle import so_far
from portal.activities.models import State
from portal.audit import services as audit
from portal.compliance.findings import Finding, Judgement
from portal.compliance.models import StoredWaiver
from portal.core import clock
from portal.core.context import Actor, Scope, current_actor
from portal.core.errors import Conflict, Denied, FieldErrors
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.workflow import services as workflow
from portal.workflow.services import Given

GRANTED_BY = {Scope.CHAIR: "chair", Scope.COMMITTEE: "standing-committee"}
"""In whose name somebody at a desk waives. The chair's office also records others' from paper."""


def grantor_of(finding: Finding, authority: str | None) -> str | None:
    """Who may waive what was found: the deciding authority of this file, or the one named."""
    named = finding.version.waivable_by
    return authority if named == "deciding-authority" else named


def grantable(file: Dossier, actor: Actor, judgement: Judgement | None) -> frozenset[str]:
    """The rules of this judgement that the acting person may record a waiver of now."""
    if judgement is None or not actor.may(Permission.WAIVER_RECORD) or not is_time_for(file):
        return frozenset()
    return frozenset(
        finding.rule
        for finding in _waivable(judgement)
        if _grants(actor, grantor_of(finding, judgement.authority))
    )


def record(
    activity_id: int,
    *,
    version: int,
    rule: str,
    document_no: str,
    document_date: date | None,
    expires_on: date | None,
    reason: str,
) -> None:
    """Record the waiver of `rule` and judge the file again.

    Raises Denied when the acting desk is not the grantor (the chair's office may record a grantor's
    paper), FieldErrors when document, reason or last day is missing, Conflict when the rule blocks
    nothing, or a waiver of it still counts.
    """
    actor = current_actor()
    if actor is None or not actor.may(Permission.WAIVER_RECORD):
        raise Denied(permission=Permission.WAIVER_RECORD)
    _check(document_no, document_date, expires_on, reason)
    with unit_of_work():
        file = dossiers.lock(activity_id, version)
        activity = file.activity
        _require_time(file)
        judgement = _judged(file).judgement
        by = grantor_asked(file, rule, actor, judgement)
        if any(w.rule == rule and w.document_no == document_no.strip() for w in file.waivers):
            raise FieldErrors(
                {
                    "document_no": "This document has waived the rule once; a waiver is"
                    " granted anew by another one."
                }
            )
        db.session.add(
            StoredWaiver(
                tenant_id=activity.tenant_id,
                activity_id=activity.id,
                rule=rule,
                by=by,
                document_no=document_no.strip(),
                document_date=document_date,
                expires_on=expires_on,
                reason=reason.strip(),
                recorded_by=actor.user_id,
            )
        )
        activity.version += 1
        workflow.record_step(
            activity,
            "waive",
            activity.state,
            actor,
            Given(reason, document_no, document_date, {"rule": rule, "by": by}),
            duty=Duty.WAIVE,
        )
        db.session.flush()
        if file.open_amendment is None:
            assessment.assess(activity_id, stage="decision")
        audit.record(
            "waiver.recorded",
            chain_id=activity.tenant_id,
            subject_type="activity",
            subject_id=activity.id,
            data={
                "rule": rule,
                "by": by,
                "document_no": document_no,
                "document_date": document_date,
                "expires_on": expires_on,
            },
        )


def is_time_for(file: Dossier) -> bool:
    """A waiver is recorded while the file, or a change of it, is being appraised or decided."""
    if file.open_amendment is not None:
        return file.open_amendment.state in ("submitted", "appraised")
    return file.activity.state in (State.SUBMITTED, State.IN_APPRAISAL, State.APPRAISED)


def _judged(file: Dossier) -> assessment.Assessment:
    """What the law says of the version that is before the authority now."""
    amendment = amendments.open_amendment(file.activity.id)
    if amendment is not None:
        return amendments.judged(file, amendment)
    return assessment.assess(file.activity.id, stage="decision")


def grantor_asked(file: Dossier, rule: str, actor: Actor, judgement: Judgement) -> str | None:
    """In whose name the acting person may waive `rule` for this file now.

    Raises Conflict when it is not the time or nothing asks for it, Denied when it is not for them.
    """
    _require_time(file)
    objection = objection_to(Duty.WAIVE, actor, so_far(file))
    if objection is not None:
        raise Denied(objection.text(actor.locale), permission=Permission.WAIVER_RECORD)
    finding = next((f for f in _waivable(judgement) if f.rule == rule), None)
    if finding is None:
        raise Conflict("Nothing in this file asks for a waiver of this rule.")
    by = grantor_of(finding, judgement.authority)
    if not _grants(actor, by):
        raise Denied(
            "Only the authority that the regulation names can waive this rule.",
            permission=Permission.WAIVER_RECORD,
        )
    return by


def _require_time(file: Dossier) -> None:
    if not is_time_for(file):
        raise Conflict("A waiver is recorded while the file is being appraised or decided.")


def _waivable(judgement: Judgement) -> list[Finding]:
    return [finding for finding in judgement.findings if finding.stops and finding.waivable]


def _grants(actor: Actor, by: str | None) -> bool:
    return GRANTED_BY.get(actor.scope) == by or actor.may(Permission.DECISION_RECORD)


def _check(
    document_no: str, document_date: date | None, expires_on: date | None, reason: str
) -> None:
    errors: dict[str, str] = {}
    if not document_no.strip():
        errors["document_no"] = "Give the number of the document, for example 123/QĐ-UBND."
    if document_date is None:
        errors["document_date"] = "Give the date of the document, for example 05/12/2026."
    elif document_date > clock.today():
        errors["document_date"] = "The document cannot be dated in the future."
    if expires_on is None:
        errors["expires_on"] = "Give the last day on which the file may be decided by this waiver."
    elif expires_on < clock.today():
        errors["expires_on"] = "This day is over: nothing could be decided by the waiver any more."
    if not reason.strip():
        errors["reason"] = "Say why: the reason stays on the file and the other side reads it."
    if errors:
        raise FieldErrors(errors)
