"""The trip report (báo cáo kết quả chuyến đi): what really happened, beside what was planned."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import update

from portal.activities.dossier import Dossier
from portal.activities.kinds.outbound import quotas
from portal.activities.kinds.outbound.model import DelegationMember, TripReport
from portal.activities.types import Move
from portal.compliance.enacted import law_in_force
from portal.compliance.quota import QuotaFull
from portal.compliance.regulations import Version
from portal.core import clock
from portal.core.errors import FieldErrors
from portal.extensions import db, settings

RULE = "outbound.trip-report"


def deadlines(file: Dossier) -> dict[str, date]:
    """When the report is due, by the rule in force on the day of departure."""
    starts_on, ends_on = file.activity.starts_on, file.activity.ends_on
    if starts_on is None or ends_on is None:
        return {}
    version = law_in_force().version_in_force(RULE, settings().province, starts_on)
    if not isinstance(version, Version):
        return {}
    return {RULE: ends_on + timedelta(days=version.params["days"])}


def write(move: Move) -> None:
    """Keep the report and count anew those who really went.

    A real trip above a limit is recorded with its reason, never refused.
    """
    extra = move.given.extra
    _check(extra)
    report = TripReport(
        activity_id=move.activity.id,
        tenant_id=move.activity.tenant_id,
        departed_on=extra["departed_on"],
        returned_on=extra["returned_on"],
        countries=list(extra["countries"]),
        results=extra["results"],
        follow_up=extra.get("follow_up") or "",
        cost_vnd=_money(extra.get("cost_vnd")),
        over_limit_reason=extra.get("over_limit_reason") or None,
        reported_on=clock.today(),
        reported_by=move.actor.user_id,
    )
    db.session.add(report)
    went = frozenset(int(person) for person in extra["went"])
    for member in move.dossier.members:
        db.session.execute(
            update(DelegationMember)
            .where(
                DelegationMember.activity_id == move.activity.id,
                DelegationMember.person_id == member.person_id,
            )
            .values(went=member.person_id in went)
        )
    db.session.flush()
    move.activity.reported_on = clock.today()
    _count_anew(move, report, went)


def _count_anew(move: Move, report: TripReport, went: frozenset[int]) -> None:
    actual = replace(
        move.dossier,
        report=SimpleNamespace(departed_on=report.departed_on),
        members=[m for m in move.dossier.members if m.person_id in went],
    )
    reason = report.over_limit_reason or move.activity.after_the_fact_reason
    quotas.release(move.activity.id)
    try:
        move.audited["slots"] = quotas.take(actual, over_reason=reason)
    except QuotaFull as full:
        raise FieldErrors(
            {
                "over_limit_reason": "The trip as it really was goes above a yearly limit. It is "
                "recorded all the same: please say how that came about."
            }
        ) from full
    move.audited["over_limit"] = report.over_limit_reason is not None


def _check(extra: Any) -> None:
    errors: dict[str, str] = {}
    departed, returned = extra.get("departed_on"), extra.get("returned_on")
    if departed is None:
        errors["departed_on"] = "Give the day of departure."
    if returned is None:
        errors["returned_on"] = "Give the day of return."
    if departed and returned and returned < departed:
        errors["returned_on"] = "The return cannot be before the departure."
    elif returned and returned > clock.today():
        errors["returned_on"] = "A trip can be reported once it is over."
    if not extra.get("countries"):
        errors["countries"] = "Choose the countries that were really visited."
    if not extra.get("went"):
        errors["went"] = "Mark at least one person who really went; cancel the file if nobody did."
    if not (extra.get("results") or "").strip():
        errors["results"] = "Say what came of the trip."
    if errors:
        raise FieldErrors(errors)


def _money(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
