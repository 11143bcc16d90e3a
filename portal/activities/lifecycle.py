"""Taking a step with a file: the four questions of the portal in one transaction.

May this person do it (Casbin, desk, separation of duties)? Is the step allowed now (workflow)? Does
the law allow it (compliance)? Is there a free place in the quota (ledger)? Then everything is
written and committed once: state, timeline, tasks, audit event, outbox message.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.access.permissions import Permission
from portal.access.separation import FileSoFar, Objection, Taken
from portal.access.separation import Step as Duty
from portal.activities import dossier as dossiers
from portal.activities.dossier import Dossier
from portal.activities.kinds.outbound.effects import EFFECTS as OUTBOUND
from portal.activities.models import Activity, State
from portal.activities.types import MISSING, OPINION_BODIES, Effects, Input, Move
from portal.audit import services as audit
from portal.audit.events import declare
from portal.core import clock, outbox
from portal.core.context import Actor, current_actor
from portal.core.errors import Denied, FieldErrors
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.workflow import services as workflow
from portal.workflow.machine import Transition, machine_of
from portal.workflow.models import Step, Task
from portal.workflow.services import Board, Given

EFFECTS: dict[str, Effects] = {"outbound": OUTBOUND}
"""What each kind of activity does beside moving."""

EVENTS = {
    "send-for-review": "sent_to_review",
    "endorse": "reviewed",
    "send-back": "sent_back",
    "submit": "submitted",
    "refer": "referred",
    "record-after-fact": "recorded",
    "withdraw": "withdrawn",
    "receive": "received",
    "return": "returned",
    "return-for-correction": "returned",
    "ask-opinion": "opinion_asked",
    "give-opinion": "opinion_given",
    "record-opinion": "opinion_given",
    "appraise": "appraised",
    "send-back-appraisal": "appraisal_sent_back",
    "sign-appraisal": "signed",
    "consent": "consented",
    "record-consent": "consented",
    "refuse-consent": "rejected",
    "approve": "approved",
    "record-approval": "approved",
    "reject": "rejected",
    "record-rejection": "rejected",
    "cancel": "cancelled",
    "depart": "departed",
    "return-home": "completed",
    "report": "reported",
    "record-passports": "passports_returned",
    "close": "closed",
}
"""The audit event of each action."""

_DATA = "from to version ?document_no ?document_date ?on_paper ?sealed ?slots ?over_limit"
declare({f"activity.{event}": _DATA for event in set(EVENTS.values())})


@dataclass(frozen=True, slots=True)
class Option:
    """A step that the file allows now, and why this person may not take it (None: may)."""

    transition: Transition
    refusal: Denied | Objection | None


def facts_of(file: Dossier) -> frozenset[str]:
    """What the conditions of the transition table ask of a file."""
    activity = file.activity
    asked = [o for o in file.opinions if o.answer is None]
    answered = {o.body for o in file.opinions if o.answer is not None}
    required = set(file.verdict.opinions_required if file.verdict else ())
    consented = _consented(file)
    needs_consent = activity.authority == "standing-committee"
    truths = {
        "internal review": file.tenant.internal_review,
        "awaits review": file.task("review") is not None,
        "reviewed": file.task("submit") is not None,
        "already begun": activity.starts_on is not None and activity.starts_on <= clock.today(),
        "recorded after the fact": activity.after_the_fact,
        "stopped by a block nobody may waive": activity.stopped,
        "no opinion asked": not asked,
        "opinion asked": bool(asked),
        "opinion missing": bool(asked) or not (required & set(OPINION_BODIES)) <= answered,
        "appraisal written": file.task("sign-appraisal") is not None,
        "consent needed": needs_consent,
        "consented": consented,
        "consent missing": needs_consent and not consented,
        "decided centrally": activity.authority == "central",
        "referred": activity.referred,
        "passports out": activity.passports_returned_on is None,
    }
    return frozenset(name for name, holds in truths.items() if holds)


def _consented(file: Dossier) -> bool:
    """A consent counts for the version of the file that was appraised last."""
    signed = [s.at for s in file.steps if s.action == "sign-appraisal"]
    return any(
        d.act == "consent" and d.outcome == "approved" and d.amendment_id is None
        and (not signed or d.created_at >= signed[-1])
        for d in file.decisions
    )  # fmt: skip


def so_far(file: Dossier) -> FileSoFar:
    """What separation of duties knows of the file; who began the draft has proposed it."""
    taken = workflow.duties_of(file.steps)
    author = Taken(Duty.PROPOSE, file.activity.created_by, None, file.activity.tenant_id)
    return FileSoFar(
        proposing_tenant_id=file.activity.tenant_id,
        proposing_capacities=file.tenant_capacities,
        member_person_ids=frozenset(m.person_id for m in file.members),
        taken=(author, *taken),
    )


def options(file: Dossier, actor: Actor) -> list[Option]:
    """Every step that the file allows now, in the order of the table, with who may take it."""
    machine = machine_of(file.activity.kind)
    history = so_far(file)
    return [
        Option(t, workflow.refusal(t, actor, file.activity, history))
        for t in machine.allowed(file.activity.state, facts_of(file))
        if t.desk != "system"
    ]


def offered(file: Dossier, action: str, actor: Actor) -> Transition:
    """The row for `action`; Conflict unless the file allows it, Denied unless `actor` may."""
    machine = machine_of(file.activity.kind)
    transition = workflow.find(machine, file.activity, action, facts_of(file))
    workflow.require(transition, actor, file.activity, so_far(file))
    return transition


def is_editable(file: Dossier, actor: Actor) -> bool:
    """Whether `actor` may change the draft: the own tenant, while nobody else has it.

    Of a file kept on paper there is nothing to change here.
    """
    return (
        file.activity.state in (State.DRAFT, State.RETURNED)
        and file.activity.paper_register_no is None
        and actor.tenant_id == file.activity.tenant_id
        and actor.may(Permission.ACTIVITY_PROPOSE)
    )


def may_amend(file: Dossier, actor: Actor) -> bool:
    """Whether `actor` may open an amendment: the own tenant, approved, not begun, none open."""
    return (
        file.activity.state == State.APPROVED
        and file.open_amendment is None
        and actor.tenant_id == file.activity.tenant_id
        and actor.may(Permission.ACTIVITY_AMEND)
    )


def may_copy(file: Dossier, actor: Actor) -> bool:
    """Whether `actor` may begin a new draft like this file: one of the own tenant, with content."""
    return (
        file.activity.paper_register_no is None
        and actor.tenant_id == file.activity.tenant_id
        and actor.may(Permission.ACTIVITY_PROPOSE)
    )


def with_attachment(given: Input, attachment_id: int) -> Input:
    """`given` with the scanned document that came with it."""
    return replace(given, attachment_id=attachment_id)


def perform(activity_id: int, action: str, given: Input) -> None:
    """Take the step `action` with the file, as the acting person.

    Raises NotFound, Conflict (stale version, wrong state), Denied (role, desk, separation of
    duties), FieldErrors (something to give is missing), Blocked (the law), all before anything is
    written.
    """
    actor = current_actor()
    if actor is None:
        raise Denied
    # Objects are written once, when all is decided: a query in between must not flush halves.
    with unit_of_work(), db.session.no_autoflush:
        file = dossiers.lock(activity_id, given.version)
        transition = offered(file, action, actor)
        require_input(transition, given)
        move = Move(file, Board(file.activity, list(file.tasks)), transition, actor, given)
        effects = EFFECTS[file.activity.kind]
        if action in effects.before:
            effects.before[action](move)
        step = _advance(move)
        if action in effects.after:
            effects.after[action](move)
        announce(move.activity, step, move.board.opened)


def _advance(move: Move) -> Step:
    activity, given = move.activity, move.given
    before = activity.state
    step = workflow.advance(
        move.board,
        move.transition,
        move.actor,
        Given(
            note=given.reason or given.note or None,
            document_no=given.document_no or None,
            document_date=given.document_date,
            data=move.data,
        ),
        move.due_by_rule,
    )
    audit.record(
        f"activity.{EVENTS[move.transition.action]}",
        chain_id=activity.tenant_id,
        subject_type="activity",
        subject_id=activity.id,
        data={"from": before, "to": activity.state, "version": activity.version, **move.audited},
    )
    return step


def announce(activity: Activity, step: Step, opened: Iterable[Task]) -> None:
    """Promise to tell the desks that got a task, and the proposing tenant that its file moved."""
    db.session.flush()
    for task in opened:
        outbox.post("task-opened", {"task_id": task.id}, tenant_id=activity.tenant_id)
    outbox.post(
        "file-moved", {"activity_id": activity.id, "step_id": step.id}, tenant_id=activity.tenant_id
    )


def require_input(transition: Transition, given: Input) -> None:
    errors: dict[str, str] = {}
    for need in transition.needs:
        if need == "document":
            if not given.document_no.strip():
                errors["document_no"] = "Give the number of the document, for example 123/QĐ-UBND."
            if given.document_date is None:
                errors["document_date"] = "Give the date of the document, for example 05/12/2026."
            elif given.document_date > clock.today():
                errors["document_date"] = "The document cannot be dated in the future."
        elif need == "consent":
            errors |= _missing_consent(given)
        elif not str(getattr(given, need)).strip():
            errors[need] = MISSING[need]
    if errors:
        raise FieldErrors(errors)


def _missing_consent(given: Input) -> dict[str, str]:
    errors = {}
    if not str(given.extra.get("consent_no") or "").strip():
        errors["consent_no"] = "Give the number of the standing committee's document."
    dated = given.extra.get("consent_date")
    if dated is None:
        errors["consent_date"] = "Give the date of the standing committee's document."
    elif dated > clock.today():
        errors["consent_date"] = "The document cannot be dated in the future."
    return errors
