"""What the law says to one file: judged as it stands, kept with it, shown again.

`assess` judges a stored file and keeps the verdict; `preview` judges what is being typed and keeps
nothing, `as_it_stands` a stored file; `latest` shows the last kept verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, cast

from sqlalchemy import text

from portal.access.permissions import Permission
from portal.activities.findings import Assessment, in_words
from portal.activities.kinds.outbound import facts
from portal.activities.kinds.outbound.facts import Gathered, person_key
from portal.activities.kinds.outbound.remedies import remedies
from portal.activities.models import Activity
from portal.audit import services as audit
from portal.compliance.enacted import known_version, law_in_force
from portal.compliance.engine import judge
from portal.compliance.facts import Stage
from portal.compliance.findings import Deadline, Finding, Judgement
from portal.compliance.models import StoredVerdict
from portal.compliance.names import Names
from portal.compliance.verdicts import seal
from portal.core.context import current_actor
from portal.core.errors import FieldErrors
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.web.i18n import _, locale

__all__ = [
    "Assessment",
    "agencies_of_people",
    "as_it_stands",
    "assess",
    "latest",
    "leave_trace",
    "preview",
]


def preview(gathered: Gathered, answers: Mapping[str, str], *, cures: bool = True) -> Assessment:
    """The judgement on what is being typed, with what would cure it; nothing is kept."""
    law = law_in_force()
    judgement = judge(gathered.case, law)
    found = remedies(gathered.case, judgement, gathered.names, law) if cures else {}
    return in_words(judgement, gathered.names, answers, agencies_of_people(gathered), found)


def assess(activity_id: int, *, stage: str, as_of: date | None = None) -> Assessment:
    """Judge a stored file and keep the verdict with it; inside a unit of work.

    Raises FieldErrors at the submission while something that was typed could not be saved.
    """
    db.session.flush()
    gathered = facts.gather(activity_id, stage=cast("Stage", stage), as_of=as_of)
    if stage == "submission" and gathered.draft.raw:
        raise FieldErrors(dict.fromkeys(gathered.draft.raw, "What is typed here is not valid yet."))
    judged = preview(gathered, gathered.content.answers, cures=False)
    sealed = seal(gathered.case, judged.judgement)
    verdict = StoredVerdict(
        activity_id=activity_id,
        tenant_id=gathered.draft.tenant_id,
        stage=stage,
        as_of=gathered.case.as_of,
        verdict=judged.judgement.verdict,
        facts=dict(sealed.facts),
        result=dict(sealed.result),
        hash=sealed.digest,
    )
    db.session.add(verdict)
    db.session.flush()
    activity = db.session.get_one(Activity, activity_id)
    for column, value in judged.columns.items():
        setattr(activity, column, value)
    return replace(judged, verdict_id=verdict.id)


def as_it_stands(activity_id: int) -> Assessment:
    """The judgement on a stored file as of today; nothing is kept but the trace of who looked."""
    gathered = facts.gather(activity_id)
    judged = preview(gathered, gathered.content.answers, cures=False)
    leave_trace(judged.judgement, agencies_of_people(gathered))
    return judged


def agencies_of_people(gathered: Gathered) -> dict[str, int]:
    """Whose people the members are, by the ids that findings use."""
    return {person_key(id_): person.tenant_id for id_, person in gathered.people.items()}


def latest(activity_id: int) -> Assessment | None:
    """The last kept verdict in words, in two statements; None when the file was never judged.

    Showing other agencies' people's trips one by one leaves a line in the audit log.
    """
    row = db.session.execute(_LATEST, {"id": activity_id}).mappings().one_or_none()
    if row is None:
        return None
    judgement = _stored_judgement(row["result"]["judgement"])
    agencies = {entry["id"]: entry["agency"] for entry in row["facts"]["case"]["history"]}
    names, agency_of = _names_for(judgement, agencies)
    leave_trace(judgement, agency_of)
    said = in_words(judgement, names, row["answers"], agency_of, {})
    return replace(said, verdict_id=row["id"])


_LATEST: Final = text("""
    SELECT v.id, v.facts, v.result, o.answers
      FROM verdict v JOIN outbound o ON o.activity_id = v.activity_id
     WHERE v.activity_id = :id ORDER BY v.id DESC LIMIT 1
""")
_NAMES: Final = text("""
    SELECT 'p' || p.id AS key, concat_ws(' ', p.honorific, p.full_name) AS name, p.tenant_id
      FROM person p WHERE p.id = ANY(:p)
    UNION ALL
    SELECT 't' || t.id, CASE :locale WHEN 'en' THEN t.name_en ELSE t.name_vi END, t.id
      FROM tenant t WHERE t.id = ANY(:t)
    UNION ALL
    SELECT 'i' || i.id, i.code || ' (' || i.title || ')', i.tenant_id
      FROM plan_item i WHERE i.id = ANY(:i)
""")
_KEY: Final = re.compile(r"[ptia][0-9]+")


def _stored_judgement(kept: Mapping[str, Any]) -> Judgement:
    return Judgement(
        authority=kept["authority"],
        opinions_required=tuple(kept["opinions_required"]),
        notify=tuple(kept["notify"]),
        deadlines=tuple(
            Deadline(item["rule"], date.fromisoformat(item["due"])) for item in kept["deadlines"]
        ),
        findings=tuple(_stored_finding(item) for item in kept["findings"]),
        rules=(),
    )


def _stored_finding(kept: Mapping[str, Any]) -> Finding:
    version = known_version(kept["rule"], kept["version"])
    if version is None:
        raise LookupError(f"{kept['rule']}: version {kept['version']} of a kept verdict is gone")
    waived = kept.get("waived", False)
    waivable = kept["severity"] == "block" and version.waivable_by is not None
    return Finding(
        kept["rule"], kept["severity"], version, kept["facts"], waived, waivable or waived
    )


def _names_for(
    judgement: Judgement, agency_of_trip: Mapping[str, str]
) -> tuple[Names, dict[str, int]]:
    """What the ids in the findings are called, and whose people they are."""
    keys = {key for finding in judgement.findings for key in _keys_in(finding.facts)}
    keys |= {agency_of_trip[key] for key in keys if key in agency_of_trip}
    wanted = {kind: [int(key[1:]) for key in sorted(keys) if key[0] == kind] for kind in "pti"}
    rows = db.session.execute(_NAMES, {**wanted, "locale": locale()}).all() if keys else []
    called = {key: name for key, name, _tenant in rows}
    return (
        Names(
            people=called,
            agencies=called,
            activities={
                trip: _("delegation of %(agency)s", agency=called.get(agency, ""))
                for trip, agency in agency_of_trip.items()
            },
            items=called,
        ),
        {key: tenant for key, _name, tenant in rows if key[0] == "p"},
    )


def _keys_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _KEY.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _keys_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys_in(inner)


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
            person_id = facts.number_of(finding.facts["person"])
            audit.record(
                "travel.looked_up",
                subject_type="person",
                subject_id=person_id,
                data={"person_id": person_id, "year": finding.facts["year"], "full": True},
            )
