"""What holds for every case, not only for those somebody thought of."""

import random
from datetime import date
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.compliance.cures import cures
from portal.compliance.engine import judge
from portal.compliance.facts import Case, Member, Outbound
from portal.compliance.findings import Judgement
from portal.compliance.verdicts import replay, seal, to_bytes
from tests.unit.compliance.facts_strategies import cases

many = settings(max_examples=120, deadline=None)


def _answer(judgement: Judgement) -> bytes:
    return to_bytes(judgement.as_dict())


def _trip(case: Case) -> Outbound:
    return cast("Outbound", case.proposal)


@many
@given(cases(), st.randoms())
def test_order_of_members_history_plans_and_waivers_says_nothing(
    case: Case, chance: random.Random
) -> None:
    def mixed(things: tuple[object, ...]) -> tuple[object, ...]:
        shuffled = list(things)
        chance.shuffle(shuffled)
        return tuple(shuffled)

    changed = replace(
        case,
        history=mixed(case.history),
        plans=mixed(case.plans),
        waivers=mixed(case.waivers),
        proposal=replace(_trip(case), members=mixed(_trip(case).members)),
    )
    assert _answer(judge(changed)) == _answer(judge(case))
    assert seal(changed, judge(changed)).digest == seal(case, judge(case)).digest


@many
@given(cases())
def test_judging_twice_gives_the_same_bytes(case: Case) -> None:
    assert _answer(judge(case)) == _answer(judge(case))


@many
@given(cases(), st.sampled_from(["a", "b", "c"]), st.dates(date(2024, 1, 1), date(2025, 12, 31)))
def test_one_more_decided_trip_never_takes_a_quota_finding_away(
    case: Case, agency: str, departs: date
) -> None:
    counted = ("outbound.supplement-quota", "outbound.leader-trips")
    more = Outbound(
        id="more",
        agency=agency,
        status="approved",
        departs=departs,
        returns=departs,
        members=tuple(Member(m.person) for m in _trip(case).members),
    )
    before = {(f.rule, f.subject): f.severity for f in judge(case).findings if f.rule in counted}
    after = {
        (f.rule, f.subject): f.severity
        for f in judge(replace(case, history=(*case.history, more))).findings
    }
    for finding, severity in before.items():
        assert finding in after
        assert severity == "warn" or after[finding] == "block"


@many
@given(cases())
def test_leaving_out_the_leader_a_finding_names_takes_the_finding_away(case: Case) -> None:
    named = [f for f in judge(case).findings if f.rule == "outbound.leader-trips"]
    for finding in named:
        left = tuple(m for m in _trip(case).members if m.person != finding.subject)
        changed = replace(case, proposal=replace(_trip(case), members=left))
        after = {(f.rule, f.subject) for f in judge(changed).findings}
        assert (finding.rule, finding.subject) not in after


@many
@given(cases())
def test_drafts_and_refusals_and_the_proposal_itself_never_count(case: Case) -> None:
    idle = tuple(
        replace(entry, id=f"idle-{entry.id}", status=status)
        for entry in case.history
        for status in ("draft", "rejected", "withdrawn", "cancelled")
    )
    itself = replace(case.proposal, status="approved")
    changed = replace(case, history=(*case.history, *idle, itself))
    assert _answer(judge(changed)) == _answer(judge(case))


@many
@given(cases())
def test_the_verdict_follows_from_the_findings(case: Case) -> None:
    judgement = judge(case)
    severities = {f.severity for f in judgement.findings if not f.waived}
    expected = "block" if "block" in severities else "warn" if "warn" in severities else "pass"
    assert judgement.verdict == expected
    stopped = (*judgement.asks_for_waivers, *judgement.stops_submission)
    assert bool(stopped) == (judgement.verdict == "block")


@many
@given(cases())
def test_a_waiver_never_takes_a_finding_off_the_list(case: Case) -> None:
    with_waivers = [(f.rule, f.subject, f.severity) for f in judge(case).findings]
    without = [(f.rule, f.subject, f.severity) for f in judge(replace(case, waivers=())).findings]
    assert with_waivers == without


@many
@given(cases())
def test_a_sealed_verdict_is_judged_again_to_the_same_bytes(case: Case) -> None:
    judgement = judge(case)
    assert _answer(replay(seal(case, judgement))) == _answer(judgement)


@settings(max_examples=120, deadline=None)
@given(cases())
def test_every_cure_cures_and_a_case_that_passes_needs_none(case: Case) -> None:
    judgement = judge(case)
    found = cures(case, judgement)
    assert all(cure.finding.stops for cure in found)
    assert len({(c.finding.rule, c.finding.subject, c.action, c.target) for c in found}) == len(
        found
    )
    for cure in found:
        if cure.action == "remove-member":
            left = tuple(m for m in _trip(case).members if m.person not in cure.target)
            after = judge(replace(case, proposal=replace(_trip(case), members=left)))
            keys = {(f.rule, f.subject) for f in after.findings if f.stops}
            assert (cure.finding.rule, cure.finding.subject) not in keys
