"""What the law says to one file: judged as it stands, and kept with it.

`assess` judges a stored file and keeps the verdict; `preview` judges what is being typed and keeps
nothing, `as_it_stands` a stored file. What is kept is shown by `kept_verdicts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import cast

from sqlalchemy import insert

from portal.access.permissions import Permission
from portal.activities.findings import Assessment, in_words
from portal.activities.kinds.outbound import facts
from portal.activities.kinds.outbound.changes import label_of
from portal.activities.kinds.outbound.facts import Gathered
from portal.activities.kinds.outbound.remedies import remedies
from portal.activities.models import Activity
from portal.audit import services as audit
from portal.compliance.enacted import ask, law_in_force
from portal.compliance.facts import Stage
from portal.compliance.findings import Judgement
from portal.compliance.keys import number_of, person_key
from portal.compliance.models import StoredVerdict
from portal.compliance.verdicts import seal
from portal.core.context import current_actor
from portal.core.db import table_of
from portal.core.errors import FieldErrors
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.web.i18n import gettext

__all__ = [
    "Assessment",
    "agencies_of_people",
    "as_it_stands",
    "assess",
    "leave_trace",
    "preview",
]

_KEEP = insert(table_of(StoredVerdict)).returning(StoredVerdict.id)


def preview(gathered: Gathered, answers: Mapping[str, str], *, cures: bool = True) -> Assessment:
    """The judgement on what is being typed, with what would cure it; nothing is kept."""
    case = gathered.case
    judgement = ask(case)
    found = remedies(case, judgement, gathered.names, law_in_force()) if cures else {}
    return in_words(judgement, gathered.names, answers, agencies_of_people(gathered), found)


def assess(activity_id: int, *, stage: str, as_of: date | None = None) -> Assessment:
    """Judge a stored file and keep the verdict with it; inside a unit of work.

    Raises FieldErrors at the submission while something that was typed could not be saved.
    """
    db.session.flush()
    gathered = facts.gather(activity_id, stage=cast("Stage", stage), as_of=as_of)
    if stage == "submission" and gathered.draft.raw:
        said = "%(field)s: what is typed on the drafting page is not valid yet."
        raise FieldErrors(
            {name: gettext(said, field=label_of(name)) for name in gathered.draft.raw}
        )
    judged = preview(gathered, gathered.content.answers, cures=False)
    kept = {
        "activity_id": activity_id,
        "tenant_id": gathered.draft.tenant_id,
        "stage": stage,
        "as_of": gathered.case.as_of,
        "verdict": judged.judgement.verdict,
        **seal(gathered.case, judged.judgement).columns,
    }
    verdict_id = db.session.execute(_KEEP, kept).scalar_one()
    activity = db.session.get_one(Activity, activity_id)
    for column, value in judged.columns.items():
        setattr(activity, column, value)
    return replace(judged, verdict_id=verdict_id)


def as_it_stands(activity_id: int) -> Assessment:
    """The judgement on a stored file as of today; nothing is kept but the trace of who looked."""
    gathered = facts.gather(activity_id)
    judged = preview(gathered, gathered.content.answers, cures=False)
    leave_trace(judged.judgement, agencies_of_people(gathered))
    return judged


def agencies_of_people(gathered: Gathered) -> dict[str, int]:
    """Whose people the members are, by the ids that findings use."""
    return {person_key(id_): person.tenant_id for id_, person in gathered.people.items()}


def leave_trace(judgement: Judgement, agency_of: Mapping[str, int]) -> None:
    """Write into the log that somebody saw other agencies' people's trips one by one."""
    actor = current_actor()
    if actor is None or not actor.may(Permission.TRAVEL_VIEW_ALL):
        return
    foreign = [
        finding
        for finding in judgement.findings
        if "person" in finding.facts and agency_of.get(finding.facts["person"]) != actor.tenant_id
    ]
    if not foreign:
        return
    with unit_of_work():
        for finding in foreign:
            person_id = number_of(finding.facts["person"])
            audit.record(
                "travel.looked_up",
                subject_type="person",
                subject_id=person_id,
                data={"person_id": person_id, "year": finding.facts["year"], "full": True},
            )
