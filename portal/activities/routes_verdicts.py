"""The verdicts that were given on a file, each beside what today's rules would say."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.activities import dossier, kept_verdicts
from portal.web.htmx import render_page
from portal.web.i18n import LazyText, lazy, locale

bp = Blueprint("verdicts", __name__, template_folder="templates", url_prefix="/activities")

STAGES: Final[dict[str, LazyText]] = {
    "submission": lazy("For the submission"),
    "decision": lazy("For the decision"),
}


@bp.get("/<int:activity_id>/verdicts")
@requires(Permission.ACTIVITY_VIEW)
def given(activity_id: int) -> Response:
    """Every verdict on the file, latest first."""
    return render_page(
        "activities/verdicts.html",
        file=dossier.load(activity_id),
        given=kept_verdicts.given(activity_id),
        stages=STAGES,
    )


@bp.get("/<int:activity_id>/verdicts/<int:verdict_id>")
@requires(Permission.ACTIVITY_VIEW)
def verdict(activity_id: int, verdict_id: int) -> Response:
    """One verdict exactly as it was, beside the same facts judged today."""
    return render_page(
        "activities/verdict.html",
        file=dossier.load(activity_id),
        compared=kept_verdicts.compared(activity_id, verdict_id),
        stages=STAGES,
        tongue=locale(),
    )
