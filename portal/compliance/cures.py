"""What single change would make a blocked file pass: proposed by rule, proven by the engine.

Every candidate is judged again before it is named: the finding must be gone and no new block may
appear. Between people nobody chooses here: whoever could be left out is listed beside the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal, cast

from portal.compliance.engine import findings_by
from portal.compliance.facts import (
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
from portal.compliance.messages.words import BODIES, FACTS, GRANTORS, countries_of, day, said
from portal.compliance.names import NO_NAMES, Names
from portal.compliance.regulations import Regulations, default_regulations

Action = Literal[
    "remove-member",
    "leave-on-or-after",
    "return-on-or-before",
    "end-on-or-after",
    "link-plan-item",
    "unlink-plan-item",
    "fill-in",
    "leave-secrets-at-home",
    "drop-country",
    "no-enterprise",
    "start-on-or-after",
    "obtain-opinion",
    "ask-waiver",
]


@dataclass(frozen=True, slots=True)
class Cure:
    """One change that takes one blocking finding away. `target` is what the button acts on."""

    finding: Finding
    action: Action
    target: tuple[str, ...]

    def text_vi(self, names: Names = NO_NAMES) -> str:
        return _sentence(self, names)[0]

    def text_en(self, names: Names = NO_NAMES) -> str:
        return _sentence(self, names)[1]

    def as_dict(self, names: Names = NO_NAMES) -> dict[str, Any]:
        vi, en = _sentence(self, names)
        return {
            "rule": self.finding.rule,
            "subject": self.finding.subject,
            "action": self.action,
            "target": list(self.target),
            "text_vi": vi,
            "text_en": en,
        }


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


def _without_one(case: Case, finding: Finding) -> Iterator[Candidate]:
    """Leaving out any one of those the finding is about; for a size, any one but the head."""
    members = _trip(case).members
    facts = finding.facts
    named = {*facts.get("people", ()), facts.get("person")}
    named |= {person for pair in facts.get("pairs", ()) for person in pair.values()}
    if "size" in facts:
        named = {member.person for member in members if member.role != "head"}
    for member in members:
        if member.person in named:
            rest = tuple(other for other in members if other is not member)
            yield "remove-member", (member.person,), _with(case, members=rest)


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


def _secrets_at_home(case: Case, _finding: Finding) -> Iterator[Candidate]:
    changed = _with(case, secret_documents=NOTHING_CARRIED)
    yield "leave-secrets-at-home", (), changed


def _return_earlier(case: Case, finding: Finding) -> Iterator[Candidate]:
    last = finding.facts.get("last_day")
    if last is not None:
        yield "return-on-or-before", (last,), _with(case, returns=date.fromisoformat(last))


def _end_after_start(case: Case, finding: Finding) -> Iterator[Candidate]:
    start = finding.facts.get("start")
    if start is not None and not finding.facts["missing"]:
        last = _DAYS_OF[case.proposal.kind][1]
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


def _without_a_country(case: Case, _finding: Finding) -> Iterator[Candidate]:
    there = _trip(case).countries
    for country in sorted(set(there)):
        rest = tuple(other for other in there if other != country)
        yield "drop-country", (country,), _with(case, countries=rest)


def _fill_in(case: Case, finding: Finding) -> Iterator[Candidate]:
    """Giving what is missing; what is filled in stands for any good answer."""
    missing = tuple(finding.facts.get("missing", ()))
    if missing and all(isinstance(name, str) for name in missing):
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
    if name in ("start", "end", "departs", "returns", "starts", "ends", "arrives", "leaves"):
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
    first, last = _DAYS_OF[case.proposal.kind]
    proposal: Activity = case.proposal
    if name in ("start", first):
        day_ = proposal.end or (proposal.submitted or case.as_of) + timedelta(days=60)
        return _with(case, **{first: day_})
    return _with(case, **{last: proposal.start or case.as_of + timedelta(days=60)})


_DAYS_OF: Final = {
    "outbound": ("departs", "returns"),
    "inbound": ("arrives", "leaves"),
    "conference": ("starts", "ends"),
    "project": ("starts", "ends"),
    "agreement": ("signing", "signing"),
}


def _waiver(case: Case, judgement: Judgement, finding: Finding) -> Iterator[Candidate]:
    grantor = finding.version.waivable_by
    by: Authority | None = judgement.authority if grantor == "deciding-authority" else grantor
    if by is not None:
        granted = Waiver(rule=finding.rule, by=by, document=True, dated=case.as_of, reason=True)
        yield "ask-waiver", (by,), replace(case, waivers=(*case.waivers, granted))


_PROPOSERS: Final[dict[str, tuple[Proposer, ...]]] = {
    "any.dates": (_fill_in, _end_after_start),
    "outbound.plan": (_planned, _unplanned),
    "outbound.supplement-quota": (_planned, _next_year),
    "outbound.supplement-invitation": (_fill_in, _planned),
    "outbound.supplement-necessity": (_fill_in, _planned),
    "outbound.leader-trips": (_without_one, _next_year),
    "outbound.leaders-together": (_without_one,),
    "outbound.relatives": (_without_one,),
    "outbound.secret-documents": (_secrets_at_home,),
    "outbound.project-note": (_fill_in,),
    "outbound.enterprise-funded": (_fill_in, _no_enterprise),
    "outbound.size": (_fill_in, _without_one),
    "outbound.days-per-country": (_fill_in, _return_earlier),
    "outbound.countries": (_fill_in, _without_a_country),
    "conference.dossier": (_fill_in,),
    "project.dossier": (_fill_in,),
    "project.donor-registration": (_fill_in,),
    "agreement.dossier": (_fill_in,),
    "agreement.non-binding-clause": (_with_clause,),
    "inbound.plan": (_planned, _unplanned),
    "inbound.foreign-press": (_with_permit,),
    "conference.lead-time": (_start_later,),
    "conference.opinions": (_with_opinions,),
    "project.opinions": (_with_opinions,),
    "agreement.opinions": (_with_opinions,),
}

_ACTIONS: Final[dict[Action, tuple[str, str]]] = {
    "remove-member": ("Bỏ {} khỏi đoàn", "Remove {} from the delegation"),
    "leave-on-or-after": ("Dời ngày đi sang {} hoặc sau đó", "Leave on or after {}"),
    "return-on-or-before": ("Về chậm nhất ngày {}", "Return by {}"),
    "end-on-or-after": ("Sửa ngày kết thúc, từ ngày {} trở đi", "Let it end on or after {}"),
    "link-plan-item": ("Chọn mục kế hoạch {}", "Choose plan item {}"),
    "unlink-plan-item": ("Đề xuất là đoàn ngoài kế hoạch", "Propose it as out of plan"),
    "fill-in": ("Bổ sung {}", "Enter {}"),
    "leave-secrets-at-home": ("Không mang tài liệu mật", "Leave the secret documents at home"),
    "drop-country": ("Bỏ nước {} khỏi chuyến đi", "Leave out {}"),
    "no-enterprise": (
        "Không để doanh nghiệp tổ chức hoặc chi trả",
        "Let no enterprise organise or pay",
    ),
    "start-on-or-after": ("Dời ngày tổ chức sang {} hoặc sau đó", "Hold it on or after {}"),
    "obtain-opinion": ("Lấy ý kiến của {}", "Obtain the opinion of {}"),
    "ask-waiver": ("Đề nghị {} chấp thuận ngoại lệ", "Ask {} for a waiver"),
}
_AUTHORITIES: Final = {
    **GRANTORS,
    "central": ("cấp trung ương", "the central body"),
    "prime-minister": ("Thủ tướng Chính phủ", "the Prime Minister"),
    "party-rules": ("cấp có thẩm quyền của Đảng", "the competent Party body"),
    "managing-body": ("cơ quan quản lý", "the managing body"),
    "agency": ("thủ trưởng cơ quan", "the head of the agency"),
}


def _sentence(cure: Cure, names: Names) -> tuple[str, str]:
    vi, en = _ACTIONS[cure.action]
    what = _target(cure, names)
    return vi.format(what[0]), en.format(what[1])


def _target(cure: Cure, names: Names) -> tuple[str, str]:
    if not cure.target:
        return "", ""
    if cure.action == "fill-in":
        return said(FACTS, [_plain_name(cure.finding, name) for name in cure.target])
    if cure.action == "obtain-opinion":
        return said(BODIES, cure.target)
    first = cure.target[0]
    if cure.action == "ask-waiver":
        return _AUTHORITIES[first]
    if cure.action == "drop-country":
        return countries_of([first])
    shown = {
        "remove-member": names.person,
        "link-plan-item": names.item,
        "leave-on-or-after": day,
        "return-on-or-before": day,
        "end-on-or-after": day,
        "start-on-or-after": day,
    }.get(cure.action, str)(first)
    return shown, shown


def _plain_name(finding: Finding, name: str) -> str:
    if name in ("start", "end") and "kind" in finding.facts:
        return _DAYS_OF[finding.facts["kind"]][name == "end"]
    return name
