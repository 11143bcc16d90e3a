"""What the figures, groups and kinds of the desks are called."""

from __future__ import annotations

from typing import Final

from portal.web.i18n import LazyText, lazy

KINDS: Final[dict[str, LazyText]] = {
    "outbound": lazy("Outbound delegation"),
    "inbound": lazy("Inbound delegation"),
    "conference": lazy("International conference"),
    "project": lazy("Project with foreign elements"),
    "agreement": lazy("International agreement"),
}

#: Verb on the button of a task, by the permission that the task needs.
VERBS: Final[dict[str, LazyText]] = {
    "activity:review": lazy("Review"),
    "activity:submit": lazy("Approve and submit"),
    "activity:propose": lazy("Correct"),
    "appraisal:receive": lazy("Receive"),
    "appraisal:write": lazy("Appraise"),
    "appraisal:sign": lazy("Sign"),
    "opinion:give": lazy("Give an opinion"),
    "decision:consent": lazy("Give consent"),
    "decision:decide": lazy("Decide"),
    "decision:record": lazy("Record"),
    "activity:report": lazy("Report"),
    "activity:close": lazy("Close the file"),
    "activity:settle-amendment": lazy("Settle"),
}
OPEN: Final = lazy("Open")
TO_DO: Final = lazy("To do")
TO_ANSWER: Final = lazy("Waiting for an answer")
ANSWERED: Final = lazy("Answered")

FIGURES: Final[dict[str, LazyText]] = {
    "out-of-plan": lazy("Delegations out of plan this year"),
    "leaders-at-limit": lazy("Leaders with all trips used"),
    "reports-overdue": lazy("Trip reports overdue"),
    "in-appraisal": lazy("Files in appraisal"),
    "appraisals-overdue": lazy("Appraisals overdue"),
    "all-reports-overdue": lazy("Trip reports overdue in the province"),
    "to-decide": lazy("Files waiting for a decision"),
    "to-consent": lazy("Files waiting for consent"),
    "decisions-overdue": lazy("Decisions overdue"),
    "to-decide-clean": lazy("Without any finding"),
    "opinions-waiting": lazy("Opinions waiting"),
    "opinions-overdue": lazy("Opinions overdue"),
    "opinions-given": lazy("Opinions given this month"),
    "after-the-fact": lazy("Recorded after the fact this year"),
    "waivers": lazy("Waivers this year"),
}

GROUPS: Final[dict[str, LazyText]] = {
    "overdue": lazy("Overdue"),
    "today": lazy("Today"),
    "week": lazy("This week"),
    "later": lazy("Later"),
}

#: Tasks of the focal point's and the chair's split desks, in the order of the work.
APPRAISAL_DESK: Final = (
    "receive", "appraise", "sign-appraisal", "settle-amendment", "appraise-amendment",
)  # fmt: skip
DECISION_DESK: Final = (
    "consent", "record-consent", "decide", "record-decision", "decide-amendment",
    "record-amendment",
)  # fmt: skip
OPINION_DESK: Final = ("give-opinion",)

EMPTY: Final[dict[str, LazyText]] = {
    "own": lazy("New steps appear here as soon as a file of your agency needs you."),
    "focal": lazy("The next file appears here as soon as an agency submits it."),
    "police": lazy("The next request appears here as soon as an opinion is asked."),
    "chair": lazy("The next file appears here as soon as its appraisal is signed."),
    "committee": lazy("The next file appears here as soon as it needs the committee's consent."),
    "inspector": lazy("An inspector reads and takes no step: look at the inspection page."),
    "admin": lazy("An administrator keeps agencies, people and accounts."),
}
