"""Amendment after approval (điều chỉnh): a compared version, never a silent edit.

The approved version holds until the change is settled. A small correction is settled by the
agency's head and the focal officer; anything else is judged and decided again with the original
submission date: lead times are judged anew only when the start moves earlier or the decider
changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs
from sqlalchemy import func, select

from portal.access.permissions import Permission
from portal.activities import assessment
from portal.activities import dossier as dossiers
from portal.activities.decisions import decision_of
from portal.activities.dossier import OPEN_AMENDMENT, Dossier
from portal.activities.kinds.outbound import drafts, effects, facts, quotas
from portal.activities.kinds.outbound.content import Content
from portal.activities.lifecycle import EVENTS as FILE_EVENTS
from portal.activities.lifecycle import announce, require_input, so_far
from portal.activities.models import Activity, Amendment, Decision, State
from portal.activities.types import OPINION_BODIES, Effect, Input, Move
from portal.audit import services as audit
from portal.core import clock
from portal.core.context import Actor, current_actor
from portal.core.errors import Blocked, Conflict, Denied, FieldErrors
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.workflow import services as workflow
from portal.workflow.machine import Transition, machine_of
from portal.workflow.services import Board, Given

EVENTS = {
    "submit-amendment": "submitted",
    "withdraw-amendment": "withdrawn",
    "settle-amendment": "applied",
    "appraise-amendment": "appraised",
    "approve-amendment": "applied",
    "record-amendment-approval": "applied",
    "refuse-amendment": "refused",
    "record-amendment-refusal": "refused",
}
"""The audit event of each action; asking for an opinion is an event of the file."""

OPINIONS: dict[str, Effect] = {
    "ask-opinion": effects.ask_opinion,
    "give-opinion": effects.give_opinion,
    "record-opinion": effects.record_opinion,
}
"""What the police say of a change stands among the opinions of the file."""


@dataclass(frozen=True, slots=True)
class Review:
    """The open amendment, what the law says of it, and the steps that somebody may take."""

    amendment: Amendment
    check: assessment.Assessment | None
    """None for a small correction: nothing in it is judged."""
    steps: list[Transition]


def begin(activity_id: int, version: int) -> int:
    """Open an amendment of an approved file; its content starts as the approved one. Its id."""
    actor = _actor()
    if not actor.may(Permission.ACTIVITY_AMEND):
        raise Denied(permission=Permission.ACTIVITY_AMEND)
    with unit_of_work():
        activity = dossiers.lock(activity_id, version).activity
        if activity.state != State.APPROVED or activity.tenant_id != actor.tenant_id:
            raise Conflict("Only an approved activity that has not begun can be amended.")
        if open_amendment(activity_id) is not None:
            raise Conflict("An amendment of this activity is open already.")
        content = drafts.snapshot(activity_id)
        number = (
            1
            + db.session.execute(
                select(func.count()).where(Amendment.activity_id == activity_id)
            ).scalar_one()
        )
        amendment = Amendment(
            tenant_id=activity.tenant_id,
            activity_id=activity_id,
            number=number,
            before=content,
            after=content,
            created_by=actor.user_id,
        )
        db.session.add(amendment)
        db.session.flush()
        activity.version += 1
        _step(activity, "draft-amendment", actor, Given(data={"amendment": number}))
        _audit(activity, amendment, "drafted")
        return amendment.id


def open_amendment(activity_id: int) -> Amendment | None:
    """The amendment that is not settled yet."""
    return db.session.execute(
        select(Amendment).where(
            Amendment.activity_id == activity_id, Amendment.state.in_(OPEN_AMENDMENT)
        )
    ).scalar_one_or_none()


def changed_keys(amendment: Amendment) -> frozenset[str]:
    """Which facts of the content differ from the approved version."""
    before, after = amendment.before, amendment.after
    return frozenset(key for key in before | after if before.get(key) != after.get(key))


def is_small(amendment: Amendment) -> bool:
    """Whether nothing but small facts change, and no topic that calls for the police."""
    if not changed_keys(amendment) <= machine_of("amendment").small:
        return False
    return _topics(amendment.before) == _topics(amendment.after)


def judged(file: Dossier, amendment: Amendment, *, to_show: bool = False) -> assessment.Assessment:
    """What the law says of the amended version; `to_show` leaves a trace of who looked."""
    draft = drafts.load(file.activity.id)
    content = Content.from_json(amendment.after)
    people = facts.known_people(draft, content)
    gathered = facts.gather_draft(draft, content, people, stage="decision")
    answer = assessment.preview(gathered, content.answers)
    earlier = (
        content.departs is not None
        and file.activity.starts_on is not None
        and content.departs < file.activity.starts_on
    )
    if earlier or answer.judgement.authority != file.activity.authority:
        proposal = structs.replace(gathered.case.proposal, submitted=clock.today())
        case = structs.replace(gathered.case, proposal=proposal)
        answer = assessment.preview(replace(gathered, case=case), content.answers)
    if to_show:
        assessment.leave_trace(answer.judgement, assessment.agencies_of_people(gathered))
    return answer


def review(file: Dossier, actor: Actor) -> Review | None:
    """The open amendment as `actor` meets it; None when there is none."""
    amendment = open_amendment(file.activity.id) if file.open_amendment else None
    if amendment is None:
        return None
    check = _check(file, amendment, to_show=True)
    history = so_far(file)
    steps = [
        t
        for t in machine_of("amendment").allowed(amendment.state, _facts(file, amendment, check))
        if workflow.refusal(t, actor, file.activity, history) is None
    ]
    return Review(amendment, check, steps)


def options(file: Dossier, actor: Actor) -> list[Transition]:
    """The steps that `actor` may take with the open amendment."""
    found = review(file, actor)
    return found.steps if found else []


def perform(activity_id: int, action: str, given: Input) -> None:
    """Take a step with the open amendment of a file; errors as in lifecycle.perform."""
    actor = _actor()
    with unit_of_work():
        file = dossiers.lock(activity_id, given.version)
        amendment = open_amendment(activity_id)
        if amendment is None:
            raise Conflict("There is no open amendment of this activity.")
        if file.activity.state != State.APPROVED:
            raise Conflict("Only an approved activity that has not begun can be amended.")
        truths = _facts(file, amendment, _check(file, amendment))
        transition = machine_of("amendment").find(amendment.state, action, truths)
        if transition is None:
            raise Conflict(
                "This step is not possible now: somebody may already have taken it. "
                "The page shows where the file is."
            )
        workflow.require(transition, actor, file.activity, so_far(file))
        require_input(transition, given)
        _take(file, amendment, transition, actor, given)


def _take(
    file: Dossier, amendment: Amendment, transition: Transition, actor: Actor, given: Input
) -> None:
    activity = file.activity
    move = Move(file, Board(activity, list(file.tasks)), transition, actor, given)
    move.data["amendment"] = amendment.number
    if transition.action == "submit-amendment":
        _submit(file, amendment, given)
    if transition.action in OPINIONS:
        OPINIONS[transition.action](move)
    if transition.target is not None:
        amendment.state = transition.target
    if amendment.state == "applied":
        _apply(move, amendment)
        move.data["changed"] = sorted(changed_keys(amendment))
    elif transition.action == "record-amendment-refusal":
        db.session.add(_decision(move, amendment, outcome="rejected"))
    if amendment.state not in OPEN_AMENDMENT:
        amendment.settled_at = clock.now()
    activity.version += 1
    step = workflow.record_step(
        activity,
        transition.action,
        activity.state,
        actor,
        Given(
            given.reason or given.note or None,
            given.document_no or None,
            given.document_date,
            move.data,
        ),
        duty=transition.duty,
    )
    board = move.board
    board.close(transition.closes, outcome=transition.action)
    for opening in transition.opens:
        board.open(opening, actor, {})
    board.settle()
    announce(activity, step, board.opened)
    if transition.action in OPINIONS:
        _audit_opinion(activity, transition.action)
    else:
        _audit(activity, amendment, EVENTS[transition.action])


def _submit(file: Dossier, amendment: Amendment, given: Input) -> None:
    if not changed_keys(amendment):
        raise FieldErrors({"reason": "Nothing differs from the approved version yet."})
    amendment.size = "small" if is_small(amendment) else "large"
    amendment.reason = given.reason
    amendment.submitted_at = clock.now()
    if amendment.size == "large":
        answer = judged(file, amendment)
        if answer.judgement.stops_submission:
            raise Blocked(answer.shown(answer.judgement.stops_submission))
        if answer.unanswered:
            raise Blocked(tuple(f for f in answer.findings if f.rule in answer.unanswered))


def _apply(move: Move, amendment: Amendment) -> None:
    activity = move.activity
    if amendment.size == "large":
        answer = judged(move.dossier, amendment)
        blocking = [f for f in answer.judgement.findings if f.stops]
        if blocking:
            raise Blocked(answer.shown(blocking))
        authority = answer.judgement.authority
        db.session.add(_decision(move, amendment, outcome="approved", authority=authority))
        if authority == "standing-committee":
            db.session.add(_consent(move, amendment))
    state, version = activity.state, activity.version
    db.session.flush()
    drafts.apply_snapshot(activity.id, amendment.after)
    db.session.refresh(activity)
    activity.state, activity.version = state, version
    if amendment.size == "large":
        quotas.release(activity.id)
        quotas.take(dossiers.load(activity.id))
        assessment.assess(activity.id, stage="decision")


def _decision(
    move: Move, amendment: Amendment, *, outcome: str, authority: str | None = None
) -> Decision:
    central = authority == "central"
    return decision_of(
        move,
        act="central" if central else "decision",
        outcome=outcome,
        authority="central" if central else "chair",
        amendment_id=amendment.id,
    )


def _consent(move: Move, amendment: Amendment) -> Decision:
    """The standing committee's consent to the amended version, recorded with the decision."""
    return Decision(
        tenant_id=move.activity.tenant_id,
        activity_id=move.activity.id,
        amendment_id=amendment.id,
        act="consent",
        outcome="approved",
        authority="standing-committee",
        document_no=move.given.extra["consent_no"],
        document_date=move.given.extra["consent_date"],
        on_paper=True,
        sealed=True,
        signer=move.actor.signature,
        recorded_by=move.actor.user_id,
    )


def _check(
    file: Dossier, amendment: Amendment, *, to_show: bool = False
) -> assessment.Assessment | None:
    """What the law says of the amended version; None where nothing in it is judged."""
    return None if _small(amendment) else judged(file, amendment, to_show=to_show)


def _small(amendment: Amendment) -> bool:
    return is_small(amendment) if amendment.state == "draft" else amendment.size == "small"


def _facts(
    file: Dossier, amendment: Amendment, check: assessment.Assessment | None
) -> frozenset[str]:
    """The amended version says who decides and whose opinion is needed, not the approved one."""
    asked = file.task("give-opinion") is not None
    required = set(check.judgement.opinions_required) if check else set()
    answered = any(
        s.action in ("give-opinion", "record-opinion")
        and s.data.get("amendment") == amendment.number
        for s in file.steps
    )
    authority = check.judgement.authority if check else None
    truths = {
        "small": _small(amendment),
        "consent needed": authority == "standing-committee",
        "decided centrally": authority == "central",
        "opinion asked": asked,
        "opinion missing": asked or (bool(required & set(OPINION_BODIES)) and not answered),
    }
    return frozenset(name for name, holds in truths.items() if holds)


def _topics(content: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(topic for day in content.get("programme", ()) for topic in day["topics"])


def _step(activity: Activity, action: str, actor: Actor, given: Given) -> Any:
    return workflow.record_step(activity, action, activity.state, actor, given)


def _audit(activity: Activity, amendment: Amendment, event: str) -> None:
    audit.record(
        f"amendment.{event}",
        chain_id=activity.tenant_id,
        subject_type="activity",
        subject_id=activity.id,
        data={"amendment_id": amendment.id, "number": amendment.number},
    )


def _audit_opinion(activity: Activity, action: str) -> None:
    state = {"from": activity.state, "to": activity.state, "version": activity.version}
    audit.record(
        f"activity.{FILE_EVENTS[action]}",
        chain_id=activity.tenant_id,
        subject_type="activity",
        subject_id=activity.id,
        data=state,
    )


def _actor() -> Actor:
    actor = current_actor()
    if actor is None:
        raise Denied
    return actor
