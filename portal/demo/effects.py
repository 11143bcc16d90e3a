"""What the steps of a past file leave behind beside the timeline.

The same as `portal.activities.kinds.outbound.effects`, on rows in memory.
"""

from __future__ import annotations

from typing import Any, Final, Protocol

from portal.activities.kinds.outbound.model import TripReport
from portal.activities.models import Decision, Opinion
from portal.compliance.findings import Judgement
from portal.demo.answers import results_of
from portal.demo.chapter import DECISION, SUBMISSION, Chapter
from portal.demo.directory import Directory
from portal.demo.errors import DemoError
from portal.demo.script import Act


class Narrator(Protocol):
    """Who writes the chapters, and can ask the law."""

    directory: Directory

    def judge(self, chapter: Chapter, act: Act, stage: str, data: dict[str, Any]) -> Judgement:
        """Ask the law and keep the answer."""


def nothing(_h: Narrator, _chapter: Chapter, _act: Act, _data: dict[str, Any]) -> None:
    """A step that only moves the file."""


def _review(h: Narrator, chapter: Chapter, act: Act, data: dict[str, Any]) -> None:
    h.judge(chapter, act, SUBMISSION, data)


def _submit(h: Narrator, chapter: Chapter, act: Act, data: dict[str, Any]) -> None:
    chapter.standing.submitted = chapter.standing.submitted or act.at
    judged = h.judge(chapter, act, SUBMISSION, data)
    if judged.stops_submission:
        raise DemoError(f"the law stops {chapter.journey.title}: {judged.stops_submission[0].rule}")


def _record_after_fact(h: Narrator, chapter: Chapter, act: Act, data: dict[str, Any]) -> None:
    standing = chapter.standing
    standing.submitted = standing.decided = act.at
    h.judge(chapter, act, DECISION, data)
    chapter.columns |= {
        "after_the_fact": True,
        "after_the_fact_reason": act.given["reason"],
        "decided_on": act.at.date(),
    }
    chapter.over_reason = act.given["reason"]
    chapter.quota = (act.at, True)


def _ask(h: Narrator, chapter: Chapter, act: Act, _data: dict[str, Any]) -> None:
    chapter.columns["police_involved"] = True
    chapter.row(
        Opinion,
        body="police",
        question=act.given["note"],
        asked_on=act.at.date(),
        asked_by=h.directory.users[act.by],
        answer=None,
        text=None,
        answered_on=None,
        answered_by=None,
    )


def _answer(h: Narrator, chapter: Chapter, act: Act, data: dict[str, Any]) -> None:
    data["answer"] = act.given["opinion"]
    chapter.rows[Opinion][-1] |= {
        "answer": act.given["opinion"],
        "text": act.given["note"],
        "answered_on": act.at.date(),
        "answered_by": h.directory.users[act.by],
    }


def _appraise(_h: Narrator, _chapter: Chapter, act: Act, data: dict[str, Any]) -> None:
    data["recommendation"] = act.given["recommendation"]


def _decide(h: Narrator, chapter: Chapter, act: Act, data: dict[str, Any]) -> None:
    consent, central = act.action == "consent", chapter.journey.authority == "central"
    outcome = "rejected" if act.action == "reject" else "approved"
    if outcome == "approved" and not consent:
        judged = h.judge(chapter, act, DECISION, data)
        if any(finding.stops for finding in judged.findings):
            raise DemoError(f"the law stops the approval of {chapter.journey.title}")
        chapter.standing.decided = act.at
        chapter.columns["decided_on"] = act.given["document_date"]
        chapter.quota = (act.at, False)
    elif not consent:
        chapter.standing.ended = act.at
    actor = h.directory.actor(act.by, act.scope)
    chapter.row(
        Decision,
        act="consent" if consent else "central" if central else "decision",
        outcome=outcome,
        authority="standing-committee" if consent else "central" if central else "chair",
        document_no=act.given["document_no"],
        document_date=act.given["document_date"],
        on_paper=act.action.startswith("record-"),
        sealed=act.given.get("sealed", False),
        reason=act.given.get("reason"),
        signer=actor.name,
        recorded_by=actor.user_id,
        created_at=act.at,
    )


def _end(_h: Narrator, chapter: Chapter, act: Act, _data: dict[str, Any]) -> None:
    chapter.standing.ended = act.at
    chapter.quota = None


def _passports(_h: Narrator, chapter: Chapter, act: Act, data: dict[str, Any]) -> None:
    chapter.standing.passports_on = act.given["extra"]["returned_on"]
    data["returned_on"] = act.given["extra"]["returned_on"].isoformat()


def _report(h: Narrator, chapter: Chapter, act: Act, _data: dict[str, Any]) -> None:
    journey = chapter.journey
    chapter.standing.reported_on = act.at.date()
    chapter.row(
        TripReport,
        departed_on=journey.departs,
        returned_on=journey.returns,
        countries=list(journey.to.countries),
        cost_vnd=journey.cost * 19 // 20,
        over_limit_reason=None,
        reported_on=act.at.date(),
        reported_by=h.directory.users[act.by],
        **results_of(journey),
    )


def _close(_h: Narrator, chapter: Chapter, act: Act, _data: dict[str, Any]) -> None:
    chapter.columns["closed_on"] = act.at.date()


EFFECTS: Final = {
    "send-for-review": _review,
    "submit": _submit,
    "record-after-fact": _record_after_fact,
    "ask-opinion": _ask,
    "give-opinion": _answer,
    "appraise": _appraise,
    "consent": _decide,
    "approve": _decide,
    "record-approval": _decide,
    "reject": _decide,
    "withdraw": _end,
    "cancel": _end,
    "record-passports": _passports,
    "report": _report,
    "close": _close,
}
