"""What smallest change would make a blocked file pass: proposed by rule, proven by the engine.

Every candidate is judged again before it is named: the finding must be gone and no new block may
appear. Between people nobody chooses here: whoever could be left out is listed beside the others,
and where there are too many ways to choose several, only their number is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from math import comb
from typing import Any, Final, cast

from msgspec.structs import replace

from portal.compliance.cure_words import Action, sentence
from portal.compliance.engine import findings_by
from portal.compliance.facts import (
    DAYS_OF,
    DECIDED,
    NOTHING_CARRIED,
    PENDING,
    Activity,
    Authority,
    Case,
    Donor,
    Invitation,
    Member,
    Opinion,
    Outbound,
    Person,
    Plan,
    PlanItem,
    ProgrammeItem,
    Waiver,
)
from portal.compliance.findings import Finding, Judgement
from portal.compliance.messages.words import Facts
from portal.compliance.names import NO_NAMES, Names
from portal.compliance.regulations import Regulations, default_regulations


@dataclass(frozen=True, slots=True)
class Cure:
    """One change that takes one blocking finding away. `target` is what the button acts on."""

    finding: Finding
    action: Action
    target: tuple[str, ...]

    def text_vi(self, names: Names = NO_NAMES) -> str:
        return sentence(self.finding, self.action, self.target, names)[0]

    def text_en(self, names: Names = NO_NAMES) -> str:
        return sentence(self.finding, self.action, self.target, names)[1]

    def as_dict(self, names: Names = NO_NAMES) -> dict[str, Any]:
        vi, en = sentence(self.finding, self.action, self.target, names)
        return {
            "rule": self.finding.rule,
            "subject": self.finding.subject,
            "action": self.action,
            "target": list(self.target),
            "text_vi": vi,
            "text_en": en,
        }


MOST_ALTERNATIVES: Final = 12
"""Ways to choose several that are all named; of more only the number to choose is said."""

Candidate = tuple[Action, tuple[str, ...], Case]
Proposer = Callable[[Case, Finding], Iterator[Candidate]]


def cures(case: Case, judgement: Judgement, regulations: Regulations | None = None) -> list[Cure]:
    """The proven single changes for every finding that stops the file, in the order of findings."""
    law = regulations if regulations is not None else default_regulations()
    blocks = {_key(finding) for finding in judgement.findings if finding.stops}
    found: list[Cure] = []
    for finding in judgement.findings:
        if not finding.stops:
            continue
        for action, target, changed in _candidates(case, judgement, finding):
            if _cures(changed, _key(finding), blocks, law):
                found.append(Cure(finding, action, target))
    return found


def _key(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.subject


def _cures(
    changed: Case, cured: tuple[str, str], before: set[tuple[str, str]], law: Regulations
) -> bool:
    segment, ids = law.in_force(changed.proposal.kind, changed.province, changed.event_date)
    blocking = tuple((spec, version) for spec, version in segment if version.severity == "block")
    found = findings_by(changed, blocking, ids, law)
    after = {_key(finding) for finding in found if finding.stops}
    return cured not in after and after <= before


def _candidates(case: Case, judgement: Judgement, finding: Finding) -> Iterator[Candidate]:
    for propose in _PROPOSERS.get(finding.rule, ()):
        yield from propose(case, finding)
    if finding.waivable and not finding.says_missing:
        yield from _waiver(case, judgement, finding)


def _with(case: Case, **changes: Any) -> Case:
    return replace(case, proposal=replace(case.proposal, **changes))


def _trip(case: Case) -> Outbound:
    return cast("Outbound", case.proposal)


def _fewer_members(case: Case, finding: Finding) -> Iterator[Candidate]:
    """Leaving out as few as suffices of those the finding is about; the head never for a size."""
    trip, facts = _trip(case), finding.facts
    named = {*facts.get("people", ()), facts.get("person")}
    named |= {person for pair in facts.get("pairs", ()) for person in pair.values()}
    if "size" in facts:
        named = {member.person for member in trip.members if member.role != "head"}
    chosen = [member.person for member in trip.members if member.person in named]
    if not chosen:  # the rank is not stated, so that nobody knows how many are too many
        return
    for out in _choices(chosen, _too_many(facts, chosen)):
        rest = tuple(member for member in trip.members if member.person not in out)
        yield _left_out("remove-member", "remove-members", out, chosen, _with(case, members=rest))


def _too_many(facts: Facts, chosen: Sequence[str]) -> int:
    """How many must stay at home at least."""
    if "size" in facts:
        return int(facts["size"] - facts["limit"])
    if "people" in facts:
        return len(chosen) - int(facts["limit"])
    pairs = [set(pair.values()) for pair in facts.get("pairs", ())]
    return next(
        n
        for n in range(1, len(chosen) + 1)
        if any(all(pair & set(out) for pair in pairs) for out in combinations(chosen, n))
    )


def _choices(those: Sequence[str], n: int) -> Iterator[tuple[str, ...]]:
    """All ways to choose n; only one, to be proven, where there are too many to name."""
    for number, chosen in enumerate(combinations(those, n)):
        if number and comb(len(those), n) > MOST_ALTERNATIVES:
            return
        yield chosen


def _left_out(
    one_by_one: Action, by_number: Action, out: tuple[str, ...], those: Sequence[str], changed: Case
) -> Candidate:
    if comb(len(those), len(out)) > MOST_ALTERNATIVES:
        return by_number, (str(len(out)),), changed
    return one_by_one, out, changed


def _next_year(case: Case, _finding: Finding) -> Iterator[Candidate]:
    """The same trip, just as long, leaving on the first day of the next year."""
    trip = _trip(case)
    leaves = date(case.event_date.year + 1, 1, 1)
    returns = trip.returns
    if trip.departs is not None and returns is not None:
        returns = leaves + (returns - trip.departs)
    changed = _with(case, departs=leaves, returns=returns)
    yield "leave-on-or-after", (leaves.isoformat(),), changed


def _free_items(case: Case) -> Iterator[tuple[Plan, PlanItem]]:
    used = {entry.plan_item for entry in case.history if entry.status in DECIDED | PENDING}
    for plan in case.plans:
        if plan.status == "approved" and plan.year == case.event_date.year:
            for item in plan.items:
                if item.kind == case.proposal.kind and item.id not in used:
                    yield plan, item


def _planned(case: Case, _finding: Finding) -> Iterator[Candidate]:
    for _plan, item in _free_items(case):
        if item.id != case.proposal.plan_item:
            yield "link-plan-item", (item.id,), _with(case, plan_item=item.id)


def _unplanned(case: Case, _finding: Finding) -> Iterator[Candidate]:
    yield "unlink-plan-item", (), _with(case, plan_item=None)


def _in_the_items_year(case: Case, finding: Finding) -> Iterator[Candidate]:
    """Leaving on the nearest day of the year for which the chosen item is planned."""
    trip = _trip(case)
    years = [p.year for p in case.plans if any(item.id == trip.plan_item for item in p.items)]
    if finding.facts["faults"] != ["year"] or trip.departs is None:
        return
    earlier = years[0] < trip.departs.year
    leaves = date(years[0], 12, 31) if earlier else date(years[0], 1, 1)
    returns = None if trip.returns is None else leaves + (trip.returns - trip.departs)
    action: Action = "leave-on-or-before" if earlier else "leave-on-or-after"
    yield action, (leaves.isoformat(),), _with(case, departs=leaves, returns=returns)


def _secrets_at_home(case: Case, _finding: Finding) -> Iterator[Candidate]:
    changed = _with(case, secret_documents=NOTHING_CARRIED)
    yield "leave-secrets-at-home", (), changed


def _return_earlier(case: Case, finding: Finding) -> Iterator[Candidate]:
    last = finding.facts.get("last_day")
    if last is not None:
        yield "return-on-or-before", (last,), _with(case, returns=date.fromisoformat(last))


def _end_after_start(case: Case, finding: Finding) -> Iterator[Candidate]:
    if not finding.facts["missing"]:
        start, last = finding.facts["start"], DAYS_OF[case.proposal.kind][1]
        yield "end-on-or-after", (start,), _with(case, **{last: date.fromisoformat(start)})


def _no_enterprise(case: Case, finding: Finding) -> Iterator[Candidate]:
    concerned = (*finding.facts["enterprise"], *finding.facts["missing"])
    if finding.facts["enterprise"]:
        yield "no-enterprise", concerned, _with(case, organiser="agency", funding="state")


def _start_later(case: Case, finding: Finding) -> Iterator[Candidate]:
    """Held just as long, from the first day for which the submission is in time."""
    submitted, start, end = case.proposal.submitted, case.proposal.start, case.proposal.end
    if submitted is None or start is None:
        return
    later = submitted + timedelta(days=finding.facts["days"])
    shifted = None if end is None else later + (end - start)
    yield "start-on-or-after", (later.isoformat(),), _with(case, starts=later, ends=shifted)


def _with_permit(case: Case, _finding: Finding) -> Iterator[Candidate]:
    yield "fill-in", ("press_permit",), _with(case, press_permit=True)


def _with_clause(case: Case, _finding: Finding) -> Iterator[Candidate]:
    yield "fill-in", ("non_binding_clause",), _with(case, non_binding_clause=True)


def _with_opinions(case: Case, finding: Finding) -> Iterator[Candidate]:
    bodies = tuple(str(entry["body"]) for entry in finding.facts["missing"])
    if bodies:
        came = tuple(Opinion(body=body, received=case.as_of) for body in bodies)
        opinions = (*getattr(case.proposal, "opinions", ()), *came)
        yield "obtain-opinion", bodies, _with(case, opinions=opinions)


def _fewer_countries(case: Case, finding: Finding) -> Iterator[Candidate]:
    facts = finding.facts
    if "limit" not in facts:
        return
    there: list[str] = facts["countries"]
    for out in _choices(there, len(there) - facts["limit"]):
        rest = tuple(country for country in _trip(case).countries if country not in out)
        yield _left_out("drop-country", "drop-countries", out, there, _with(case, countries=rest))


def _fill_in(case: Case, finding: Finding) -> Iterator[Candidate]:
    """Giving what is missing; what is filled in stands for any good answer."""
    missing = tuple(finding.facts.get("missing", ()))
    if missing:
        changed = case
        for name in missing:
            changed = _filled(changed, name)
        yield "fill-in", missing, changed


def _filled(case: Case, name: str) -> Case:
    proposal = case.proposal
    if name in ("inviter", "dated", "document"):
        invitation = _trip(case).invitation or Invitation()
        given: dict[str, Any] = {name: case.as_of if name == "dated" else True}
        return _with(case, invitation=replace(invitation, **given))
    if name == "members":
        anyone = Person(id="", agency=proposal.agency)
        people = {**case.people, anyone.id: anyone}
        return replace(_with(case, members=(Member(anyone.id, "head"),)), people=people)
    if name in ("donor", "donor.kind"):
        return _with(case, donor=Donor(kind="government"))
    if name == "highest_foreign_rank":
        return _with(case, highest_foreign_rank="below-minister")
    if name in ("start", "end", *DAYS_OF[proposal.kind]):
        return _dated(case, name)
    if not hasattr(proposal, name):
        return _with(case, documents=(*getattr(proposal, "documents", ()), name))
    fill = _FILLS.get(name)
    return _with(case, **{name: fill(case) if fill is not None else True})


_FILLS: Final[dict[str, Callable[[Case], object]]] = {
    "submitted": lambda case: min(case.as_of, case.proposal.start or case.as_of),
    "programme": lambda _case: (ProgrammeItem(),),
    "funding": lambda _case: "state",
    "organiser": lambda _case: "agency",
    "leader_rank": lambda _case: "province-leader",
    "countries": lambda _case: ("LA", "TH", "KH"),
}


def _dated(case: Case, name: str) -> Case:
    first, last = DAYS_OF[case.proposal.kind]
    proposal: Activity = case.proposal
    if name in ("start", first):
        day_ = proposal.end or (proposal.submitted or case.as_of) + timedelta(days=60)
        return _with(case, **{first: day_})
    return _with(case, **{last: proposal.start or case.as_of + timedelta(days=60)})


def _waiver(case: Case, judgement: Judgement, finding: Finding) -> Iterator[Candidate]:
    grantor = finding.version.waivable_by
    by: Authority | None = judgement.authority if grantor == "deciding-authority" else grantor
    if by is not None:
        granted = Waiver(rule=finding.rule, by=by, document=True, dated=case.as_of, reason=True)
        yield "ask-waiver", (by,), replace(case, waivers=(*case.waivers, granted))


_PROPOSERS: Final[dict[str, tuple[Proposer, ...]]] = {
    "any.dates": (_fill_in, _end_after_start),
    "outbound.plan": (_planned, _in_the_items_year, _unplanned),
    "outbound.supplement-quota": (_planned, _next_year),
    "outbound.supplement-invitation": (_fill_in, _planned),
    "outbound.supplement-necessity": (_fill_in, _planned),
    "outbound.leader-trips": (_fewer_members, _next_year),
    "outbound.leaders-together": (_fewer_members,),
    "outbound.relatives": (_fewer_members,),
    "outbound.secret-documents": (_secrets_at_home,),
    "outbound.project-note": (_fill_in,),
    "outbound.enterprise-funded": (_fill_in, _no_enterprise),
    "outbound.size": (_fill_in, _fewer_members),
    "outbound.days-per-country": (_fill_in, _return_earlier),
    "outbound.countries": (_fill_in, _fewer_countries),
    "conference.dossier": (_fill_in,),
    "project.dossier": (_fill_in,),
    "project.donor-registration": (_fill_in,),
    "agreement.dossier": (_fill_in,),
    "agreement.non-binding-clause": (_with_clause,),
    "inbound.plan": (_planned, _unplanned),
    "inbound.foreign-press": (_with_permit,),
    "conference.lead-time": (_fill_in, _start_later),
    "conference.opinions": (_with_opinions,),
    "project.opinions": (_with_opinions,),
    "agreement.opinions": (_with_opinions,),
}
