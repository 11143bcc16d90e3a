"""The split desks: a queue left, the chosen file right. Steps are taken on the file's own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, request, url_for

from portal.access.guard import requires, requires_any
from portal.access.permissions import Permission
from portal.activities import kept_verdicts
from portal.activities.kinds.outbound.choices import BODIES
from portal.activities.kinds.outbound.quotas import limit_on
from portal.activities.words import AUTHORITIES, FUNDING, OPINIONS, RECOMMENDATIONS, ROLES
from portal.compliance.regulations import default_regulations
from portal.core import clock
from portal.core.context import Actor
from portal.desks import figures, files, listing, queries, tasks, words
from portal.desks.inspection import recorded_late, refused, waivers
from portal.desks.routes import acting, desk_tabs
from portal.desks.tasks import Waiting
from portal.desks.types import DeskFile, Filters
from portal.identity.services import trip_summary
from portal.identity.types import TripCount
from portal.web.htmx import render_page
from portal.web.i18n import LazyText, lazy, locale

bp = Blueprint("split", __name__, template_folder="templates", url_prefix="/desks")


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk of its own page, for whoever holds one of the permissions."""

    endpoint: str
    title: LazyText
    permissions: Sequence[Permission]
    kinds: Sequence[str] = ()


APPRAISAL: Final = Desk(
    "appraisal",
    lazy("Appraisal desk"),
    (Permission.APPRAISAL_RECEIVE, Permission.APPRAISAL_WRITE, Permission.APPRAISAL_SIGN),
    words.APPRAISAL_DESK,
)
DECISION: Final = Desk(
    "decisions",
    lazy("Decision desk"),
    (Permission.DECISION_DECIDE, Permission.DECISION_RECORD, Permission.DECISION_CONSENT),
    words.DECISION_DESK,
)
OPINION: Final = Desk("opinions", lazy("Opinions"), (Permission.OPINION_GIVE,), words.OPINION_DESK)
INSPECTION: Final = Desk("inspection", lazy("Inspection"), (Permission.AUDIT_VIEW,))
DESKS: Final = (APPRAISAL, DECISION, OPINION, INSPECTION)


@bp.get("/appraisal")
@requires_any(*APPRAISAL.permissions)
def appraisal() -> Response:
    """The focal point's queue and the file under appraisal."""
    return _split(APPRAISAL)


@bp.get("/decisions")
@requires_any(*DECISION.permissions)
def decisions() -> Response:
    """Per file one sentence, verdict, police opinion, cost and the leaders' trips."""
    return _split(DECISION, together=acting().may(Permission.DECISION_DECIDE))


@bp.get("/opinions")
@requires(Permission.OPINION_GIVE)
def opinions() -> Response:
    """The opinions that are asked of the police, with their clocks, and those given."""
    if request.args.get("view") == "given":
        return render_page(
            "desks/given.html",
            rows=queries.answered_opinions(acting()),
            desk_tabs=desk_tabs(acting()),
            views=_views(given=True),
        )
    return _split(OPINION, views=_views(given=False))


def _views(*, given: bool) -> list[dict[str, Any]]:
    here = url_for("split.opinions")
    return [
        {"label": words.TO_ANSWER, "url": here, "current": not given},
        {"label": words.ANSWERED, "url": f"{here}?view=given", "current": given},
    ]


@bp.get("/inspection")
@requires(Permission.AUDIT_VIEW)
def inspection() -> Response:
    """What an inspector looks at first: after the fact, refused, waived, reports overdue."""
    actor = acting()
    granted = waivers()
    overdue = listing.activities(actor, Filters(state="completed", overdue=True))
    return render_page(
        "desks/inspection.html",
        figures=figures.shown(queries.figures(actor, {})),
        late=recorded_late(),
        refused=refused(),
        waivers=granted,
        rules={row.rule: _rule_title(row.rule) for row in granted},
        overdue=overdue.rows,
        today=clock.today(),
        days_left=tasks.days_left,
        desk_tabs=desk_tabs(actor),
    )


def _rule_title(rule: str) -> str:
    title = default_regulations().versions(rule)[-1].title
    return title.en if locale() == "en" else title.vi


def _split(desk: Desk, **more: Any) -> Response:
    actor = acting()
    page = queries.waiting(actor, kinds=desk.kinds)
    queue = _once_a_file(tasks.in_words(page.rows, actor))
    chosen = _chosen(queue)
    shown: dict[str, Any] = {"file": None}
    if chosen is not None:
        shown = _file(chosen, actor)
    return render_page(
        "desks/split.html",
        desk=desk,
        queue=[_queue_row(desk, task, task is chosen) for task in queue],
        task=chosen,
        more=page.next is not None,
        empty=words.EMPTY[actor.scope],
        desk_tabs=desk_tabs(actor),
        **{"views": [], "together": False, **shown, **more},
    )


def _once_a_file(found: Sequence[Waiting]) -> list[Waiting]:
    """Deciding and recording the decision wait side by side: one line a file."""
    seen: dict[int, Waiting] = {}
    for task in found:
        seen.setdefault(task.row.activity_id, task)
    return list(seen.values())


def _chosen(queue: Sequence[Waiting]) -> Waiting | None:
    wanted = request.args.get("file", type=int)
    fitting = (task for task in queue if task.row.activity_id == wanted)
    return next(fitting, queue[0] if queue else None)


def _queue_row(desk: Desk, task: Waiting, current: bool) -> dict[str, Any]:
    row = task.row
    return {
        "url": url_for(f"split.{desk.endpoint}", file=row.activity_id, _anchor="file-title"),
        "title": row.title,
        "row": row,
        "what": task.what,
        "current": current,
        "due_on": row.due_on,
        "days_left": task.days_left,
        "barred": task.barred,
    }


def _file(task: Waiting, actor: Actor) -> dict[str, Any]:
    file = files.desk_file(task.row.activity_id)
    return {
        "file": file,
        "assessed": kept_verdicts.latest(file.id),
        "trips": _trips(file, actor),
        "trip_limit": limit_on(queries.LEADER_TRIPS, file.starts_on or clock.today()),
        "kinds": words.KINDS,
        "roles": ROLES,
        "funding": FUNDING,
        "authorities": AUTHORITIES,
        "opinion_words": OPINIONS,
        "recommendations": RECOMMENDATIONS,
        "bodies": BODIES,
    }


def _trips(file: DeskFile, actor: Actor) -> Mapping[int, TripCount]:
    """Trips of the leaders among the members in the year of departure; the question is audited."""
    leaders = files.leaders(file)
    if not leaders or not actor.may(Permission.TRAVEL_VIEW):
        return {}
    return trip_summary(leaders, (file.starts_on or clock.today()).year)
