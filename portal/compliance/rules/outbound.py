"""Rules for outbound delegations (đoàn ra)."""

from __future__ import annotations

from datetime import timedelta

from portal.compliance.context import Check, Facts, Hit, Params, iso, missing_of, trips
from portal.compliance.facts import Invitation, Outbound, PlanItem

Outgoing = Check[Outbound]


def plan(check: Outgoing, _params: Params) -> list[Hit]:
    """A stated plan item is the agency's own, approved, of the year, used by nobody else."""
    trip = check.proposal
    if trip.plan_item is None:
        return []
    faults, users = check.plan_faults, check.plan_users
    if not faults and not users:
        return []
    if users:
        faults = [*faults, "used"]
    facts: Facts = {"plan_item": trip.plan_item, "year": check.year, "faults": faults}
    return [Hit(facts | ({"used_by": trips(users)} if users else {}))]


def plan_deviation(check: Outgoing, params: Params) -> list[Hit]:
    """The proposal keeps to what its plan item states; silence of either side is no deviation."""
    trip = check.proposal
    item = check.item(trip.plan_item)
    if item is None or check.plan_faults or check.plan_users:
        return []
    facts: Facts = {}
    foreign = sorted(set(trip.countries) - set(item.countries))
    if item.countries and foreign:
        facts |= {"countries": foreign, "planned_countries": list(item.countries)}
    facts |= _other_month(trip, item, params["months"])
    if item.size is not None and len(trip.members) > item.size:
        facts |= {"size": len(trip.members), "planned_size": item.size}
    facts |= _other_head(trip, item)
    return [Hit({"plan_item": item.id} | facts)] if facts else []


def _other_month(trip: Outbound, item: PlanItem, allowed: int) -> Facts:
    if item.month is None or trip.departs is None:
        return {}
    month = trip.departs.month
    if abs(month - item.month) <= allowed:
        return {}
    return {"month": month, "planned_month": item.month}


def _other_head(trip: Outbound, item: PlanItem) -> Facts:
    heads = sorted(member.person for member in trip.members if member.role == "head")
    if item.leader is None or not heads or item.leader in heads:
        return {}
    return {"heads": heads, "planned_leader": item.leader}


def supplement_quota(check: Outgoing, params: Params) -> list[Hit]:
    """An agency's out-of-plan delegations in the calendar year of departure."""
    if not check.is_out_of_plan(check.proposal):
        return []
    decided = _supplements(check, check.own_decided)
    pending = _supplements(check, check.pending)
    return _limit(check, params["limit"], decided, pending, {})


def _supplements(check: Outgoing, entries: list[Outbound]) -> list[Outbound]:
    year, own, out_of_plan = check.year, check.own, check.out_of_plan
    return [
        entry
        for entry in entries
        if entry.plan_item in out_of_plan
        and entry.agency in own
        and (day := entry.departs) is not None
        and day.year == year
    ]


def _limit(
    check: Outgoing, limit: int, decided: list[Outbound], pending: list[Outbound], who: Facts
) -> list[Hit]:
    if len(decided) + len(pending) < limit:
        return []
    counted = {"decided": trips(decided), "pending": trips(pending)}
    facts: Facts = {**who, "year": check.year, "limit": limit, **counted}
    return [Hit(facts, severity=None if len(decided) >= limit else "warn")]


def supplement_invitation(check: Outgoing, _params: Params) -> list[Hit]:
    """Out of plan only when invited: inviter and date first, the paper at the decision."""
    trip = check.proposal
    if not check.is_out_of_plan(trip):
        return []
    invitation = trip.invitation or Invitation()
    missing = missing_of(invitation, "inviter", "dated")
    if trip.stage == "decision":
        missing += missing_of(invitation, "document")
    return [Hit({"missing": missing})] if missing else []


def supplement_necessity(check: Outgoing, _params: Params) -> list[Hit]:
    if check.proposal.necessity or not check.is_out_of_plan(check.proposal):
        return []
    return [Hit({"missing": ["necessity"]})]


def leader_trips(check: Outgoing, params: Params) -> list[Hit]:
    """A key leader's trips in the calendar year of departure, whoever organised them."""
    people = check.case.people
    leaders = sorted(m.person for m in check.proposal.members if people[m.person].key_leader)
    if not leaders:
        return []
    decided = _trips_of(leaders, check.decided, check.year)
    pending = _trips_of(leaders, check.pending, check.year)
    hits: list[Hit] = []
    for leader in leaders:
        who: Facts = {"person": leader}
        hits += _limit(check, params["limit"], decided[leader], pending[leader], who)
    return hits


def _trips_of(leaders: list[str], entries: list[Outbound], year: int) -> dict[str, list[Outbound]]:
    """The entries departing in `year` by leader; a person counts in whatever role."""
    found: dict[str, list[Outbound]] = {leader: [] for leader in leaders}
    for entry in entries:
        if entry.departs is not None and entry.departs.year == year:
            for member in entry.members:
                if member.person in found:
                    found[member.person].append(entry)
    return found


def leaders_together(check: Outgoing, params: Params) -> list[Hit]:
    """Key leaders of one agency on one delegation; a person's own agency counts, untranslated."""
    by_agency: dict[str, list[str]] = {}
    for member in check.proposal.members:
        person = check.case.people[member.person]
        if person.key_leader:
            by_agency.setdefault(person.agency, []).append(person.id)
    limit = params["limit"]
    return [
        Hit({"agency": agency, "people": sorted(people), "limit": limit})
        for agency, people in sorted(by_agency.items())
        if len(people) > limit
    ]


def relatives(check: Outgoing, _params: Params) -> list[Hit]:
    members = check.proposal.members
    present = {member.person for member in members}
    pairs: list[Facts] = [
        {"person": member.person, "relative_of": member.relative_of}
        for member in sorted(members, key=lambda m: m.person)
        if member.relative_of in present and member.relative_of != member.person
    ]
    return [Hit({"pairs": pairs})] if pairs else []


def secret_documents(check: Outgoing, _params: Params) -> list[Hit]:
    papers = check.proposal.secret_documents
    return [] if papers in ("none", "permitted") else [Hit({"permission": False})]


def project_note(check: Outgoing, _params: Params) -> list[Hit]:
    """A trip needs a project note: why, with whom, about what, day by day, and who goes."""
    wanted = ("purpose", "host_partner", "content", "programme", "members")
    missing = missing_of(check.proposal, *wanted)
    return [Hit({"missing": missing})] if missing else []


def enterprise_funded(check: Outgoing, _params: Params) -> list[Hit]:
    trip = check.proposal
    missing = missing_of(trip, "organiser", "funding")
    by_enterprise = [f for f in ("organiser", "funding") if getattr(trip, f) == "enterprise"]
    if not missing and not by_enterprise:
        return []
    return [Hit({"missing": missing, "enterprise": by_enterprise})]


def size(check: Outgoing, params: Params) -> list[Hit]:
    trip = check.proposal
    if trip.leader_rank is None:
        return [Hit({"missing": ["leader_rank"]})]
    limit = params[trip.leader_rank.replace("-", "_")]
    if len(trip.members) <= limit:
        return []
    facts: Facts = {"size": len(trip.members), "limit": limit, "leader_rank": trip.leader_rank}
    return [Hit(facts)]


def days_per_country(check: Outgoing, params: Params) -> list[Hit]:
    """Both travel days count; the days are shared out over the distinct countries, unrounded."""
    trip = check.proposal
    missing = missing_of(trip, "departs", "returns", "countries")
    if trip.departs is None or trip.returns is None or missing:
        return [Hit({"missing": missing})]
    if trip.returns < trip.departs:
        return []
    limit = params["important_event" if trip.important_event else "days"]
    days = (trip.returns - trip.departs).days + 1
    countries = sorted(set(trip.countries))
    if days <= limit * len(countries):
        return []
    last = trip.departs + timedelta(days=limit * len(countries) - 1)
    return [Hit({"days": days, "countries": countries, "limit": limit, "last_day": iso(last)})]


def countries(check: Outgoing, params: Params) -> list[Hit]:
    distinct = sorted(set(check.proposal.countries))
    if not distinct:
        return [Hit({"missing": ["countries"]})]
    if len(distinct) <= params["limit"]:
        return []
    return [Hit({"countries": distinct, "limit": params["limit"]})]


def lead_time(check: Outgoing, params: Params) -> list[Hit]:
    trip = check.proposal
    if trip.departs is None or trip.submitted is None:
        return [Hit({"missing": missing_of(trip, "departs", "submitted")})]
    last = check.calendar.subtract(trip.departs, params["working_days"])
    if trip.submitted <= last:
        return []
    days = {"working_days": params["working_days"], "last_good_day": iso(last)}
    return [Hit({"departs": iso(trip.departs), "submitted": iso(trip.submitted), **days})]


def passport_return(check: Outgoing, params: Params) -> list[Hit]:
    """Official passports of an earlier trip that are not back with their keeper in time."""
    n, as_of = params["working_days"], check.as_of
    out = [
        (entry.id, back)
        for entry in check.own_decided
        if (back := entry.returns) is not None
        and ((handed_in := entry.passports_returned) is None or handed_in > as_of)
    ]
    hits: list[Hit] = []
    for id_, back in sorted(out):
        due = check.calendar.add(back, n)
        if as_of > due:
            facts: Facts = {
                "activity": id_,
                "ended": iso(back),
                "due": iso(due),
                "working_days": n,
            }
            hits.append(Hit(facts))
    return hits
