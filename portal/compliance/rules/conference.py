"""Rules for international conferences and seminars (Decision 06/2020/QĐ-TTg)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from portal.compliance.context import Check, Hit, Params, iso, missing_of
from portal.compliance.deciders import (
    conference_authority,
    conference_opinions,
    is_out_of_scope,
    under_party_rules,
)
from portal.compliance.facts import Conference
from portal.compliance.rules.shared import (
    calendar_days,
    missing_opinions,
    overdue_opinions,
    unreported,
)

Meeting = Check[Conference]
Rule = Callable[[Meeting, Params], list[Hit]]

DOCUMENTS = ("request", "form-01")


def in_scope(rule: Rule) -> Rule:
    """Runs the rule only for what Decision 06/2020 calls an international conference."""

    @wraps(rule)
    def guarded(check: Meeting, params: Params) -> list[Hit]:
        return [] if is_out_of_scope(check.proposal) else rule(check, params)

    return guarded


def not_under_party_rules(rule: Rule) -> Rule:
    """Runs the rule only where the Decision, not the Party's own rules, governs the organiser."""

    @wraps(rule)
    def guarded(check: Meeting, params: Params) -> list[Hit]:
        return [] if under_party_rules(check) else rule(check, params)

    return in_scope(guarded)


def scope(check: Meeting, _params: Params) -> list[Hit]:
    meeting = check.proposal
    if not is_out_of_scope(meeting):
        return []
    reason = "press-conference" if meeting.press_conference else "nothing-foreign"
    return [Hit({"reason": reason})]


@in_scope
def party_rules(check: Meeting, _params: Params) -> list[Hit]:
    return [Hit({"agency": check.proposal.agency})] if under_party_rules(check) else []


@not_under_party_rules
def lead_time(check: Meeting, params: Params) -> list[Hit]:
    meeting = check.proposal
    if meeting.starts is None or meeting.submitted is None:
        return [Hit({"missing": missing_of(meeting, "starts", "submitted")})]
    by_prime_minister = conference_authority(check) == "prime-minister"
    days = params["prime_minister" if by_prime_minister else "chair"]
    last = meeting.starts - timedelta(days=days)
    if meeting.submitted <= last:
        return []
    told = {"submitted": iso(meeting.submitted), "last_good_day": iso(last)}
    return [Hit({"starts": iso(meeting.starts), **told, "days": days})]


@not_under_party_rules
def dossier(check: Meeting, _params: Params) -> list[Hit]:
    """Request, form 01, and the foreign rank unless certainly no foreigner comes."""
    meeting = check.proposal
    missing = [document for document in DOCUMENTS if document not in meeting.documents]
    if meeting.highest_foreign_rank is None and meeting.foreign_participants is not False:
        missing.append("highest_foreign_rank")
    return [Hit({"missing": missing})] if missing else []


@not_under_party_rules
def opinions(check: Meeting, params: Params) -> list[Hit]:
    if check.proposal.stage != "decision":
        return []
    required, due = conference_opinions(check), calendar_days(params["days"])
    return missing_opinions(check, check.proposal.opinions, required, due)


@not_under_party_rules
def authority_check(check: Meeting, _params: Params) -> list[Hit]:
    by_prime_minister = conference_authority(check) == "prime-minister"
    return [Hit({"authority": "prime-minister"})] if by_prime_minister else []


@in_scope
def opinion_overdue(check: Meeting, params: Params) -> list[Hit]:
    return overdue_opinions(check, check.proposal.opinions, calendar_days(params["days"]))


result_report = in_scope(unreported)


@in_scope
def state_secret(check: Meeting, _params: Params) -> list[Hit]:
    meeting = check.proposal
    topic = "state-secret" in meeting.topics
    if not topic and meeting.classified == "none":
        return []
    return [Hit({"topic": topic, "classified": meeting.classified})]
