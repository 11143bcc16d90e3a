"""What the file page shows, worked out from the dossier: stepper, next step, timeline."""

from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import url_for

from portal.access.separation import Objection
from portal.activities.dossier import OPEN_AMENDMENT, Dossier
from portal.activities.kinds.outbound.changes import diff
from portal.activities.lifecycle import Option
from portal.activities.words import ACTIONS, ATTACHMENTS, OPINIONS, RECOMMENDATIONS, TASKS
from portal.compliance.enacted import law_in_force
from portal.compliance.messages.words import GRANTORS
from portal.core import clock
from portal.core.working_days import working_days_between
from portal.tenancy import queries as tenants
from portal.web.filters import date as shown_date
from portal.web.i18n import LazyText, gettext, lazy

OPINION_STATION = frozenset({"give-opinion", "record-opinion"})
STATIONS: tuple[tuple[LazyText, frozenset[str], frozenset[str]], ...] = (
    (
        lazy("Drafting"),
        frozenset({"draft", "returned"}),
        frozenset({"send-for-review", "submit", "refer"}),
    ),
    (lazy("Review"), frozenset({"in-review"}), frozenset({"endorse", "submit", "refer"})),
    (lazy("Submission"), frozenset(), frozenset({"submit", "refer"})),
    (lazy("Appraisal"), frozenset({"submitted", "in-appraisal"}), frozenset({"sign-appraisal"})),
    (lazy("Opinion"), frozenset(), OPINION_STATION),
    (
        lazy("Decision"),
        frozenset({"appraised"}),
        frozenset({"approve", "record-approval"}),
    ),
    (lazy("Trip"), frozenset({"approved", "under-way"}), frozenset({"return-home"})),
    (lazy("Report"), frozenset({"completed"}), frozenset({"report"})),
    (lazy("Closing"), frozenset({"reported"}), frozenset({"close"})),
)
"""Label, the states in which the file stands there, the actions that finish it."""

AFTER_THE_FACT = STATIONS[-3:]
"""What is left of the way of a trip that was recorded when it had begun: nobody decided it."""

STARTS_AGAIN = frozenset({"return", "return-for-correction", "send-back"})
ENDED_EARLY = frozenset({"rejected", "withdrawn", "cancelled"})
ORDER = {"primary": 0, "secondary": 1, "danger": 2}
"""The usual way on stands first, what ends the file last."""
GOES_ON_WITHOUT_OPINION = frozenset({"appraise", "sign-appraisal"})
PROMPTLY = frozenset(
    {"receive", "endorse", "send-for-review", "submit", "sign-appraisal", "close", "ask-opinion"}
)
"""Steps that need nothing typed: one press of a button on the file page."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A step that this person may take now."""

    action: str
    verb: LazyText
    icon: str
    kind: str
    url: str
    at_once: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """A task that is open: with whom, since when, until when."""

    label: LazyText
    desk: str
    since: Any
    due_on: date | None
    days_left: int | None


@dataclass(frozen=True, slots=True)
class FilePage:
    """Everything that the template needs beside the dossier."""

    stations: list[dict[str, Any]]
    choices: list[Choice]
    refusals: list[str]
    waits: list[Wait]
    events: list[dict[str, Any]]
    overdue: bool
    files: list[dict[str, Any]]
    amendments: list[dict[str, Any]]
    amendment_numbers: dict[int, int]
    rule_titles: dict[str, str]
    """What the rules that were waived are called."""
    grantors: dict[str, str]
    then: LazyText | None
    """The station after the one where the file stands; None at the end."""
    over: bool
    """The day of return has passed, whatever the state still says."""
    to_correct: dict[str, Any] | None
    """Who sent the file back, and why, while it waits to be corrected."""
    opinion_first: bool
    """The appraisal has to wait until the opinion that was asked has come."""


def build(file: Dossier, options: list[Option], locale: str) -> FilePage:
    """The page of `file` for somebody who has these options."""
    desks = {task.desk_tenant_id for task in file.tasks}
    acting = {step.actor_tenant_id for step in file.steps if step.actor_tenant_id}
    names = tenants.tenant_names(desks | acting)
    waits = _waits(file, names)
    places = stations(file)
    return FilePage(
        stations=places,
        then=_following(file, places),
        choices=_choices(file, options),
        refusals=_refusals(options, locale),
        waits=waits,
        events=[_event(step, names) for step in reversed(file.steps)],
        files=[_attached(attachment) for attachment in file.attachments],
        amendments=[_amendment(amendment) for amendment in reversed(file.amendments)],
        amendment_numbers={amendment.id: amendment.number for amendment in file.amendments},
        rule_titles={w.rule: _rule_title(w.rule, locale) for w in file.waivers},
        grantors={w.by: _grantor(w.by, locale) for w in file.waivers},
        over=file.activity.ends_on is not None and file.activity.ends_on < clock.today(),
        to_correct=_sent_back(file, names) if file.task("correct") else None,
        opinion_first=file.task("appraise") is not None
        and any(opinion.answer is None for opinion in file.opinions),
        overdue=any(w.days_left is not None and w.days_left < 0 for w in waits),
    )


def stations(file: Dossier) -> list[dict[str, Any]]:
    """The stepper: what is done, by whom and when, and where the file stands."""
    state = file.activity.state
    latest = _since_last_start(file.steps)
    recorded = next((s for s in latest if s.action == "record-after-fact"), None)
    shown = [] if recorded is None else [_taken(ACTIONS[recorded.action].done, recorded)]
    for label, states, actions in STATIONS if recorded is None else AFTER_THE_FACT:
        done = next((s for s in latest if s.action in actions), None)
        if actions is OPINION_STATION and done is None and not file.opinions:
            continue
        status = "done" if done else "todo"
        if state in states:
            status = "current"
        station: dict[str, Any] = {"label": label, "status": status}
        if done is not None and status == "done":
            station = _taken(label, done)
        shown.append(station)
    if state in ENDED_EARLY:
        shown = [s for s in shown if s["status"] == "done"]
        last = file.steps[-1]
        shown.append(_taken(ACTIONS[last.action].done, last) | {"status": "stopped"})
    return shown


def _taken(label: LazyText, step: SimpleNamespace) -> dict[str, Any]:
    return {"label": label, "status": "done", "who": _who(step), "when": _day(step)}


def _following(file: Dossier, places: list[dict[str, Any]]) -> LazyText | None:
    if file.task("consent") or file.task("record-consent"):
        return lazy("Decision of the chair")
    here = next((n for n, place in enumerate(places) if place["status"] == "current"), len(places))
    return next((p["label"] for p in places[here + 1 :] if p["status"] == "todo"), None)


def _since_last_start(steps: list[SimpleNamespace]) -> list[SimpleNamespace]:
    for index in range(len(steps) - 1, -1, -1):
        if steps[index].action in STARTS_AGAIN:
            return steps[index + 1 :]
    return steps


def _day(step: SimpleNamespace) -> str:
    return f"{clock.local(step.at):%d/%m/%Y}"


def _choices(file: Dossier, options: list[Option]) -> list[Choice]:
    """What may be done, the usual first; where the appraisal can go on, an opinion is an extra."""
    allowed = [option for option in options if option.refusal is None]
    found = [_choice(file, option) for option in allowed]
    if any(choice.action in GOES_ON_WITHOUT_OPINION for choice in found):
        found = [replace(c, kind="secondary") if c.action == "ask-opinion" else c for c in found]
    return sorted(found, key=lambda choice: ORDER[choice.kind])


def _choice(file: Dossier, option: Option) -> Choice:
    action = option.transition.action
    words = ACTIONS[action]
    endpoint = "activities.report" if action == "report" else "activities.step"
    values: dict[str, Any] = {"activity_id": file.activity.id}
    if endpoint == "activities.step":
        values["action"] = action
    return Choice(
        action, words.verb, words.icon, words.kind, url_for(endpoint, **values), action in PROMPTLY
    )


def _refusals(options: list[Option], locale: str) -> list[str]:
    """Why a step that the role allows is not this person's on this file (separation of duties)."""
    said = []
    for option in options:
        refusal = option.refusal
        if isinstance(refusal, Objection):
            said.append(f"{ACTIONS[option.transition.action].verb}: {refusal.text(locale)}")
    return said


def _attached(attachment: SimpleNamespace) -> dict[str, Any]:
    return {
        "name": attachment.filename,
        "url": url_for("documents.download", attachment_id=attachment.id),
        "size": attachment.size,
        "kind": ATTACHMENTS[attachment.kind],
        "added_at": attachment.created_at,
    }


def open_amendment(file: Dossier) -> dict[str, Any] | None:
    """The change that is not settled yet, with what it changes."""
    return _amendment(file.open_amendment) if file.open_amendment else None


def _amendment(amendment: SimpleNamespace) -> dict[str, Any]:
    return {
        "number": amendment.number,
        "state": amendment.state,
        "size": amendment.size,
        "reason": amendment.reason,
        "open": amendment.state in OPEN_AMENDMENT,
        "changes": diff(amendment.before, amendment.after),
    }


def _rule_title(rule: str, locale: str) -> str:
    title = law_in_force().versions(rule)[-1].title
    return title.en if locale == "en" else title.vi


def _grantor(by: str, locale: str) -> str:
    name = GRANTORS[by][1 if locale == "en" else 0] if by in GRANTORS else by
    return name.removeprefix("the ").capitalize() if locale == "en" else name


def _waits(file: Dossier, names: dict[int, str]) -> list[Wait]:
    return [
        Wait(
            TASKS[task.kind],
            names.get(task.desk_tenant_id, ""),
            task.opened_at,
            task.due_on,
            None if task.due_on is None else working_days_between(clock.today(), task.due_on),
        )
        for task in file.tasks
    ]


def _sent_back(file: Dossier, names: dict[int, str]) -> dict[str, Any] | None:
    last = next((step for step in reversed(file.steps) if step.action in STARTS_AGAIN), None)
    return None if last is None else _event(last, names)


def _who(step: SimpleNamespace) -> str:
    """Who took a step, and by whose authority when it was not their own."""
    who = step.actor_name
    if step.signs_for:
        who = gettext("%(name)s, signing for the head", name=who)
    if step.acting_for:
        who += ", " + gettext("on behalf of %(name)s", name=step.acting_for)
    return str(who)


def _event(step: SimpleNamespace, names: dict[int, str]) -> dict[str, Any]:
    words = ACTIONS[step.action]
    said = RECOMMENDATIONS.get(step.data.get("recommendation", "")) or (
        OPINIONS.get(step.data.get("answer", "")) if step.action == "give-opinion" else None
    )
    event: dict[str, Any] = {
        "at": step.at,
        "who": _who(step),
        "what": f"{words.done} · {said}" if said else words.done,
        "icon": words.icon,
        "tenant": names.get(step.actor_tenant_id or 0, ""),
        "reason": step.note,
    }
    if step.document_no:
        day = shown_date(step.document_date) or "–"
        text = gettext("no. %(number)s of %(day)s", number=step.document_no, day=day)
        event["paper"] = {"text": text}
    return event
