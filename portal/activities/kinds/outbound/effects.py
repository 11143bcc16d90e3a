"""What the steps of an outbound delegation do beside moving the file."""

from datetime import date

from sqlalchemy import update

from portal.activities.assessment import Assessment, assess
from portal.activities.decisions import decision_of
from portal.activities.dossier import OPEN_AMENDMENT
from portal.activities.kinds.outbound import quotas, report
from portal.activities.models import Amendment, Opinion
from portal.activities.types import Effects, Move
from portal.core import clock
from portal.core.errors import Blocked, FieldErrors
from portal.extensions import db
from portal.workflow.machine import machine_of


def send_for_review(move: Move) -> None:
    """The reviewer sees what the law says; a block does not stop the work inside the agency."""
    _judge(move, stage="submission")


def submit(move: Move) -> None:
    """The law is asked; a block that nobody may waive stops, a warning wants a written answer."""
    judged = _judge(move, stage="submission")
    if judged.judgement.stops_submission:
        raise Blocked(judged.shown(judged.judgement.stops_submission))
    # A warning does not stop, but it wants an answer in writing (rules.md, severity).
    if judged.unanswered:
        raise Blocked(tuple(f for f in judged.findings if f.rule in judged.unanswered))
    _first_submission(move)


def refer(move: Move) -> None:
    """The head sends a blocked file on; it can be returned or refused, never approved."""
    _judge(move, stage="submission")
    _first_submission(move)
    move.activity.referred = True
    move.activity.referral_reason = move.given.reason


def record_after_fact(move: Move) -> None:
    """What happened can always be entered, marked for ever; it regularises nothing."""
    _judge(move, stage="decision")
    _first_submission(move)
    move.activity.after_the_fact = True
    move.activity.after_the_fact_reason = move.given.reason
    move.activity.decided_on = clock.today()
    move.audited["slots"] = quotas.take(move.dossier, over_reason=move.given.reason)


def ask_the_police(move: Move) -> None:
    """An urgent file asks the police at once, beside the focal point, instead of after it.

    A question that was open when the file was returned stands: it goes back to their desk.
    """
    asked = any(opinion.answer is None for opinion in move.dossier.opinions)
    urgent = move.activity.urgent and "police" in move.data.get("opinions_required", ())
    if not (asked or urgent):
        return
    if not asked:
        ask_opinion(move)
    ask = machine_of("outbound").find(
        "in-appraisal", "ask-opinion", frozenset({"no opinion asked"})
    )
    for opening in ask.opens if ask else ():
        move.board.open(opening, move.actor, {})


def return_for_correction(move: Move) -> None:
    """A returned file starts its appraisal anew; a referral is judged again."""
    move.activity.referred = False
    move.activity.referral_reason = None


def ask_opinion(move: Move) -> None:
    """The police see the file from now on."""
    move.activity.police_involved = True
    db.session.add(
        Opinion(
            tenant_id=move.activity.tenant_id,
            activity_id=move.activity.id,
            body="police",
            question=move.given.note,
            asked_on=clock.today(),
            asked_by=move.actor.user_id,
        )
    )


def give_opinion(move: Move) -> None:
    """The answer stands on the file; an objection or a condition needs its reason."""
    given = move.given
    if given.opinion != "agree" and not given.note.strip():
        raise FieldErrors({"note": "Say what you object to, or on what condition you agree."})
    _answer(move, given.opinion, text=given.note)


def record_opinion(move: Move) -> None:
    """Received on paper: the register number and date only; the paper itself stays outside."""
    _answer(move, "received-on-paper", text=None)


def appraise(move: Move) -> None:
    """The recommendation is kept with the appraisal."""
    if move.given.recommendation not in ("approve", "refuse"):
        raise FieldErrors(
            {"recommendation": "Choose whether you recommend to approve or to refuse."}
        )
    move.data["recommendation"] = move.given.recommendation


def consent(move: Move) -> None:
    _decide(move, act="consent", outcome="approved", authority="standing-committee")


def refuse_consent(move: Move) -> None:
    _decide(move, act="consent", outcome="rejected", authority="standing-committee")


def approve(move: Move) -> None:
    """The law is asked again as of today, then the places in the quotas are taken."""
    judged = _judge(move, stage="decision")
    blocking = [f for f in judged.judgement.findings if f.stops]
    if blocking:
        raise Blocked(judged.shown(blocking))
    move.audited["slots"] = quotas.take(move.dossier)
    move.activity.decided_on = move.given.document_date or clock.today()
    _decide(move, act=_act(move), outcome="approved", authority=_authority(move))


def reject(move: Move) -> None:
    _decide(move, act=_act(move), outcome="rejected", authority=_authority(move))


def cancel(move: Move) -> None:
    """The places in the quotas are given back."""
    move.audited["slots"] = quotas.release(move.activity.id)
    lapse_amendment(move)


def lapse_amendment(move: Move) -> None:
    """A change that nobody settled in time is void; the approved version stands."""
    amendment = move.dossier.open_amendment
    if amendment is None:
        return
    db.session.execute(
        update(Amendment)
        .where(Amendment.id == amendment.id, Amendment.state.in_(OPEN_AMENDMENT))
        .values(state="withdrawn", settled_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    move.data["lapsed_amendment"] = amendment.number


def return_home(move: Move) -> None:
    """The report is due by the rule in force on the day of departure."""
    move.due_by_rule.update(report.deadlines(move.dossier))


def record_passports(move: Move) -> None:
    """The official passports are handed in (Law 49/2019/QH14, article 23.3)."""
    returned_on = move.given.extra.get("returned_on")
    ends_on = move.activity.ends_on
    if not isinstance(returned_on, date):
        raise FieldErrors({"returned_on": "Give the day on which the passports were handed in."})
    if returned_on > clock.today() or (ends_on is not None and returned_on < ends_on):
        raise FieldErrors(
            {"returned_on": "This day must lie between the return of the delegation and today."}
        )
    move.activity.passports_returned_on = returned_on
    move.data["returned_on"] = returned_on.isoformat()


def close(move: Move) -> None:
    move.activity.closed_on = clock.today()


def _first_submission(move: Move) -> None:
    activity = move.activity
    if activity.submitted_on is None:
        activity.submitted_on = clock.today()
    # Once true, true for ever.
    begun = activity.starts_on is not None and activity.starts_on < activity.submitted_on
    activity.after_the_fact = activity.after_the_fact or begun


def _judge(move: Move, *, stage: str) -> Assessment:
    """Ask the law and keep the answer with the file."""
    judged = assess(move.activity.id, stage=stage)
    move.data["verdict_id"] = judged.verdict_id
    move.data["opinions_required"] = list(judged.judgement.opinions_required)
    return judged


def _answer(move: Move, answer: str, *, text: str | None) -> None:
    if answer not in ("agree", "agree-with-conditions", "object", "received-on-paper"):
        raise FieldErrors({"opinion": "Choose one of the answers."})
    asked = next(o for o in reversed(move.dossier.opinions) if o.answer is None)
    opinion = db.session.get_one(Opinion, asked.id)
    opinion.answer = answer
    opinion.text = text
    opinion.document_no = move.given.document_no or None
    opinion.document_date = move.given.document_date
    opinion.answered_on = clock.today()
    opinion.answered_by = move.actor.user_id
    move.data["answer"] = answer


def _act(move: Move) -> str:
    return "central" if move.activity.authority == "central" else "decision"


def _authority(move: Move) -> str:
    # With the committee's consent on the file the chair decides to carry it out.
    return "central" if move.activity.authority == "central" else "chair"


def _decide(move: Move, *, act: str, outcome: str, authority: str) -> None:
    given = move.given
    if given.document_date is None:
        raise FieldErrors({"document_date": "Give the date of the document."})
    decision = decision_of(move, act=act, outcome=outcome, authority=authority)
    db.session.add(decision)
    move.audited.update(
        document_no=decision.document_no,
        document_date=given.document_date.isoformat(),
        on_paper=decision.on_paper,
        sealed=decision.sealed,
    )


EFFECTS = Effects(
    before={
        "send-for-review": send_for_review,
        "submit": submit,
        "refer": refer,
        "record-after-fact": record_after_fact,
        "return": return_for_correction,
        "return-for-correction": return_for_correction,
        "ask-opinion": ask_opinion,
        "give-opinion": give_opinion,
        "record-opinion": record_opinion,
        "appraise": appraise,
        "consent": consent,
        "record-consent": consent,
        "refuse-consent": refuse_consent,
        "approve": approve,
        "record-approval": approve,
        "reject": reject,
        "record-rejection": reject,
        "cancel": cancel,
        "depart": lapse_amendment,
        "return-home": return_home,
        "report": report.write,
        "record-passports": record_passports,
        "close": close,
    },
    after={"submit": ask_the_police, "refer": ask_the_police},
)
