"""Rules for inbound delegations (đoàn vào)."""

from __future__ import annotations

from datetime import timedelta

from portal.compliance.context import Check, Facts, Hit, Params, iso, missing_of
from portal.compliance.facts import Guest, Inbound

Incoming = Check[Inbound]

GUEST_DETAILS = ("name", "title", "nationality", "passport_no")


def plan(check: Incoming, _params: Params) -> list[Hit]:
    if check.proposal.plan_item is None:
        return []
    faults = check.plan_faults
    facts: Facts = {"plan_item": check.proposal.plan_item, "year": check.year, "faults": faults}
    return [Hit(facts)] if faults else []


def lead_time(check: Incoming, params: Params) -> list[Hit]:
    """Only when a province leader is to receive the guests; not knowing who does is not knowing."""
    visit = check.proposal
    if visit.received_by is None:
        return [Hit({"missing": ["received_by"]})]
    if visit.received_by != "province-leader":
        return []
    if visit.arrives is None or visit.submitted is None:
        return [Hit({"missing": missing_of(visit, "arrives", "submitted")})]
    last = check.calendar.subtract(visit.arrives, params["working_days"])
    if visit.submitted <= last:
        return []
    days = {"working_days": params["working_days"], "last_good_day": iso(last)}
    return [Hit({"arrives": iso(visit.arrives), "submitted": iso(visit.submitted), **days})]


def guest_details(check: Incoming, _params: Params) -> list[Hit]:
    guests = check.proposal.guests
    if not guests:
        return [Hit({"missing": ["guests"]})]
    incomplete: list[Facts] = [
        {"guest": number, "missing": missing}
        for number, guest in enumerate(guests, start=1)
        if (missing := _unknown(guest))
    ]
    return [Hit({"guests": incomplete})] if incomplete else []


def _unknown(guest: Guest) -> list[str]:
    return missing_of(guest, *GUEST_DETAILS)


def police_notice(check: Incoming, params: Params) -> list[Hit]:
    visit = check.proposal
    if visit.arrives is None or visit.police_notified is None:
        missing = missing_of(visit, "arrives", "police_notified")
        return [Hit({"missing": missing, "days": params["days"]})]
    last = visit.arrives - timedelta(days=params["days"])
    if visit.police_notified <= last:
        return []
    told = {"police_notified": iso(visit.police_notified), "last_good_day": iso(last)}
    return [Hit({"arrives": iso(visit.arrives), **told, "days": params["days"]})]


def foreign_press(check: Incoming, _params: Params) -> list[Hit]:
    """A guest marked as press is a foreign reporter whatever the nationality says."""
    reporters = [n for n, guest in enumerate(check.proposal.guests, start=1) if guest.press]
    if not reporters or check.proposal.press_permit:
        return []
    return [Hit({"guests": reporters})]
