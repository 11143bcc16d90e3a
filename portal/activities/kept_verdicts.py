"""Verdicts as they were given, years later too, and what today's rules would say to the same facts.

A kept verdict knows people and agencies by their ids; names are looked up when it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import orjson
from sqlalchemy import RowMapping, text

from portal.activities.assessment import leave_trace
from portal.activities.dossier import legible
from portal.activities.findings import Assessment, in_words
from portal.compliance.enacted import known_version, law_in_force
from portal.compliance.engine import judge_by
from portal.compliance.facts import Case
from portal.compliance.findings import Deadline, Finding, Judgement, Standing
from portal.compliance.messages import render
from portal.compliance.names import Names
from portal.compliance.regulations import Version
from portal.compliance.rules import RULES
from portal.compliance.verdicts import ReplayError, SealedVerdict, Told, replay, restore
from portal.core import clock
from portal.core.errors import NotFound
from portal.extensions import db
from portal.web.i18n import _, locale


@dataclass(frozen=True, slots=True)
class Given:
    """One verdict that was given; `kind` is its standing, `stage` why it was asked."""

    id: int
    stage: str
    as_of: date
    kind: Standing
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that reads otherwise today; None (one of the two): it was, or is, not in force."""

    rule: str
    then: Version | None
    now: Version | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A kept verdict beside today's. `fault` says why it can no longer be judged as it was."""

    given: Given
    digest: str
    then: Assessment
    now: Assessment
    changes: tuple[Change, ...]
    fault: str | None


def latest(activity_id: int) -> Assessment | None:
    """The last kept verdict in words, in two statements; None when the file was never judged.

    Showing other agencies' people's trips one by one leaves a line in the audit log. Raises Altered
    (as all here) for a verdict that somebody changed by hand until it cannot be read.
    """
    row = db.session.execute(_LATEST, {"id": activity_id}).mappings().one_or_none()
    if row is None:
        return None
    with legible(row["id"]):
        case, judgement = restore(row["facts"]), _stored_judgement(orjson.loads(row["result"]))
    return replace(_said(judgement, case, row["answers"]), verdict_id=row["id"])


def given(activity_id: int) -> list[Given]:
    """Every verdict that was given on a file, latest first."""
    found = []
    for row in db.session.execute(_GIVEN, {"id": activity_id}).mappings():
        with legible(row["id"]):
            found.append(_given(row, _stored_judgement(orjson.loads(row["result"]))))
    return found


def compared(activity_id: int, verdict_id: int) -> Compared:
    """One kept verdict, judged again by its own law, and its facts by today's.

    Raises NotFound when this file has no such verdict.
    """
    wanted = {"id": activity_id, "verdict": verdict_id}
    row = db.session.execute(_ONE, wanted).mappings().one_or_none()
    if row is None:
        raise NotFound
    with legible(verdict_id):
        case, result = restore(row["facts"]), orjson.loads(row["result"])
        then, now = _stored_judgement(result), _today(case)
    return Compared(
        given=_given(row, then),
        digest=row["hash"].hex(),
        then=replace(_said(then, case, {}), verdict_id=row["id"]),
        now=_said(now, case, {}),
        changes=_changes(result["rules"], now),
        fault=_fault(row),
    )


def _today(case: Case) -> Judgement:
    """The same facts by the rules in force today, whenever the trip is."""
    law = law_in_force()
    segment, ids = law.in_force(case.proposal.kind, case.province, clock.today())
    return judge_by(case, segment, ids, law)


def _fault(row: RowMapping) -> str | None:
    try:
        sealed = SealedVerdict.of(row["facts"], row["result"], row["hash"])
        replay(sealed, law_in_force(), Told(row["stage"], row["as_of"], row["verdict"]))
    except ReplayError as error:
        return _(error.message, **error.params)
    return None


def _changes(then: Mapping[str, list[str]], now: Judgement) -> tuple[Change, ...]:
    """In the order of an answer."""
    today = {version.rule: version for version in now.rules}
    found = []
    for rule in RULES:
        before = known_version(rule, then[rule][0]) if rule in then else None
        after = today.get(rule)
        if (before and before.digest) != (after and after.digest):
            found.append(Change(rule, before, after))
    return tuple(found)


_GIVEN: Final = text("""
    SELECT id, stage, as_of, created_at, result FROM verdict WHERE activity_id = :id
     ORDER BY verdict.id DESC
""")
_ONE: Final = text("""
    SELECT id, stage, as_of, verdict, created_at, facts, result, hash FROM verdict
     WHERE activity_id = :id AND verdict.id = :verdict
""")
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


def _given(row: RowMapping, judgement: Judgement) -> Given:
    return Given(row["id"], row["stage"], row["as_of"], judgement.standing, row["created_at"])


def _said(judgement: Judgement, case: Case, answers: Mapping[str, str]) -> Assessment:
    """The judgement with names, as far as the acting person may see it."""
    agencies = {entry.id: entry.agency for entry in case.history}
    names, agency_of = _names_for(judgement, agencies)
    leave_trace(judgement, agency_of)
    return in_words(judgement, names, answers, agency_of, {})


def _stored_judgement(result: Mapping[str, Any]) -> Judgement:
    kept = result["judgement"]
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


def sentences(kept: Sequence[Mapping[str, Any]]) -> list[str | None]:
    """Findings as verdicts keep them in words, trips by the numbers of their files, for whoever may
    see every one of them; None for what cannot be read any more.
    """
    keys = {key for finding in kept for key in _keys_in(finding["facts"])}
    called = {key: name for key, name, _tenant in _called(keys)}
    files = {key: _("file %(n)s", n=key[1:]) for key in keys if key[0] == "a"}
    names = Names(people=called, agencies=called, activities=files, items=called)
    return [_sentence(finding, names) for finding in kept]


def _sentence(kept: Mapping[str, Any], names: Names) -> str | None:
    try:
        vi, en = render(_stored_finding(kept), names)
    except (LookupError, TypeError, ValueError, AttributeError):
        return None
    said = en if locale() == "en" else vi
    return said[:1].upper() + said[1:]


def _called(keys: Iterable[str]) -> Sequence[Any]:
    """Rows of key, name and agency."""
    wanted = {kind: [int(key[1:]) for key in sorted(keys) if key[0] == kind] for kind in "pti"}
    return db.session.execute(_NAMES, {**wanted, "locale": locale()}).all() if keys else []


def _names_for(
    judgement: Judgement, agency_of_trip: Mapping[str, str]
) -> tuple[Names, dict[str, int]]:
    """What the ids in the findings are called, and whose people they are."""
    keys = {key for finding in judgement.findings for key in _keys_in(finding.facts)}
    keys |= {agency_of_trip[key] for key in keys if key in agency_of_trip}
    rows = _called(keys)
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
