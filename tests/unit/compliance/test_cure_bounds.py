"""Where a cure begins and ends: whom it names, which day, which item."""

from datetime import date
from typing import get_args

import pytest
from msgspec.structs import replace

from portal.compliance.cure_words import sentence
from portal.compliance.cures import cures
from portal.compliance.engine import judge
from portal.compliance.facts import (
    Authority,
    Case,
    Member,
    Outbound,
    Person,
    Plan,
    PlanItem,
    Waiver,
)
from portal.compliance.names import Names
from tests.unit.compliance.own_cases import CASES

THIRD_TRIP = CASES["a key leader's third trip is stopped"]
OUT_OF_PLAN = CASES["the third out-of-plan delegation of the year is stopped"]
TOO_MANY_COUNTRIES = CASES["four countries are one too many"]
RELATIVES = CASES["a relative of another member is stopped"]

Found = set[tuple[str, tuple[str, ...]]]


def _of(case: Case, rule: str) -> Found:
    return {(c.action, c.target) for c in cures(case, judge(case)) if c.finding.rule == rule}


def _with(case: Case, **changes: object) -> Case:
    return replace(case, proposal=replace(case.proposal, **changes))


def _trip(id_: str, departs: str, *members: str) -> Outbound:
    day = date.fromisoformat(departs)
    return Outbound(
        id=id_,
        agency="so-y-te",
        plan_item=f"X{id_}",
        status="reported",
        departs=day,
        returns=day,
        reported=day,
        passports_returned=day,
        members=tuple(map(Member, members)),
    )


def _staffed(case: Case, leaders: int, others: int = 0) -> Case:
    """The case with so many key leaders of its agency on the delegation, and so many others."""
    agency = case.proposal.agency
    people = [Person(f"l{n:02}", agency, key_leader=True) for n in range(leaders)]
    people += [Person(f"m{n:02}", agency) for n in range(others)]
    case = replace(case, people={**case.people, **{person.id: person for person in people}})
    return _with(case, members=tuple(Member(person.id) for person in people))


def test_a_button_carries_the_rule_the_subject_the_change_and_both_texts() -> None:
    case = _with(THIRD_TRIP, members=(Member("an", "head"), Member("lan")))
    buttons = [cure.as_dict() for cure in cures(case, judge(case))]
    assert buttons[0] == {
        "rule": "outbound.leader-trips",
        "subject": "lan",
        "action": "remove-member",
        "target": ["lan"],
        "text_vi": "Bỏ lan khỏi đoàn",
        "text_en": "Remove lan from the delegation",
    }


def test_of_two_leaders_each_is_cured_by_leaving_out_that_one() -> None:
    members = (Member("an", "head"), Member("lan"), Member("minh"))
    history = (*THIRD_TRIP.history, _trip("H8", "2024-03-04", "minh"))
    history = (*history, _trip("H9", "2024-04-04", "minh"))
    case = _with(replace(THIRD_TRIP, history=history), members=members)
    found = {
        (c.finding.subject, c.target) for c in cures(case, judge(case)) if "member" in c.action
    }
    assert found == {("lan", ("lan",)), ("minh", ("minh",))}


def test_a_finding_that_only_warns_does_not_hide_the_block_after_it() -> None:
    case = _with(RELATIVES, submitted=RELATIVES.proposal.departs.replace(day=31))
    assert judge(case).findings[0].rule == "any.after-the-fact"
    assert ("remove-member", ("lan",)) in _of(case, "outbound.relatives")


def test_a_change_that_turns_a_warning_into_a_block_is_no_cure() -> None:
    leader = {**OUT_OF_PLAN.people, "an": Person("an", "so-y-te", key_leader=True)}
    waiting = replace(_trip("W", "2024-11-04", "an"), status="submitted")
    history = (*OUT_OF_PLAN.history, _trip("H8", "2024-03-04", "an"), waiting)
    case = replace(OUT_OF_PLAN, people=leader, history=history)
    assert {f.severity for f in judge(case).findings if f.rule == "outbound.leader-trips"} == {
        "warn"
    }
    next_year = ("leave-on-or-after", ("2025-01-01",))
    assert next_year in _of(case, "outbound.supplement-quota")
    full = (_trip("F1", "2025-02-03", "an"), _trip("F2", "2025-03-03", "an"))
    case = replace(case, history=(*history, *(replace(t, status="approved") for t in full)))
    assert next_year not in _of(case, "outbound.supplement-quota")


def test_a_waiver_already_granted_stays_when_another_is_asked_for() -> None:
    granted = Waiver(
        rule="outbound.leader-trips",
        by="standing-committee",
        document=True,
        dated=RELATIVES.as_of,
        reason=True,
    )
    history = (_trip("H8", "2024-03-04", "lan"), _trip("H9", "2024-04-04", "lan"))
    case = replace(RELATIVES, history=history, waivers=(granted,))
    assert any(f.waived for f in judge(case).findings)
    assert ("ask-waiver", ("standing-committee",)) in _of(case, "outbound.relatives")


def test_free_is_an_item_of_the_agencys_approved_plan_of_the_year_that_no_trip_uses() -> None:
    items = tuple(PlanItem(id_, "outbound") for id_ in ("P1", "P2", "P3"))
    plans = (
        Plan("so-y-te", 2024, "approved", (*items, PlanItem("visit", "inbound"))),
        Plan("so-y-te", 2024, "draft", (PlanItem("draft", "outbound"),)),
        Plan("so-y-te", 2025, "approved", (PlanItem("later", "outbound"),)),
    )
    used = replace(_trip("H7", "2024-02-02"), plan_item="P2", status="approved")
    cancelled = replace(_trip("H8", "2024-02-02"), plan_item="P3", status="cancelled")
    case = replace(OUT_OF_PLAN, plans=plans, history=(*OUT_OF_PLAN.history, used, cancelled))
    links = {t for action, t in _of(case, "outbound.supplement-quota") if action.startswith("link")}
    assert links == {("P1",), ("P3",)}


@pytest.mark.parametrize("unknown", ["departs", "returns"])
def test_next_year_is_a_cure_also_while_a_day_is_not_known(unknown: str) -> None:
    case = replace(_with(OUT_OF_PLAN, **{unknown: None}), as_of=date(2024, 11, 1))
    assert ("leave-on-or-after", ("2025-01-01",)) in _of(case, "outbound.supplement-quota")


@pytest.mark.parametrize("returns", [date(2024, 12, 14), None])
@pytest.mark.parametrize(
    ("year", "cure"),
    [
        (2025, ("leave-on-or-after", ("2025-01-01",))),
        (2023, ("leave-on-or-before", ("2023-12-31",))),
    ],
)
def test_an_item_of_another_year_is_kept_by_leaving_on_its_nearest_day(
    returns: date | None, year: int, cure: tuple[str, tuple[str, ...]]
) -> None:
    other = Plan("so-y-te", 2020, "approved", (PlanItem("P0", "outbound"),))
    own = Plan(
        "so-y-te", year, "approved", (PlanItem("P9", "outbound"), PlanItem("P1", "outbound"))
    )
    case = replace(
        _with(OUT_OF_PLAN, plan_item="P1", returns=returns), plans=(other, own), history=()
    )
    assert cure in _of(case, "outbound.plan")
    undated = _with(case, departs=None)
    assert not any(action.startswith("leave") for action, _ in _of(undated, "outbound.plan"))


def test_up_to_twelve_ways_are_named_and_of_more_only_the_number() -> None:
    rule = "outbound.leaders-together"
    case = CASES["two key leaders of one agency may not go together"]
    twelve, thirteen = _of(_staffed(case, 12), rule), _of(_staffed(case, 13), rule)
    assert {(action, len(target)) for action, target in twelve} == {("remove-member", 11)}
    assert len(twelve) == 12
    assert thirteen == {("remove-members", ("12",))}


def test_of_a_large_delegation_only_the_two_relatives_are_named() -> None:
    case = _staffed(RELATIVES, 0, 20)
    members = (Member("m00", "head", "m01"), *case.proposal.members[1:])
    found = _of(_with(case, members=members), "outbound.relatives")
    assert {c for c in found if c[0].startswith("remove")} == {
        ("remove-member", ("m00",)),
        ("remove-member", ("m01",)),
    }


def test_for_the_size_the_head_is_never_left_out() -> None:
    case = _staffed(TOO_MANY_COUNTRIES, 0, 6)
    members = (Member("m00", "head"), *case.proposal.members[1:])
    case = _with(case, members=members, countries=("LA",), leader_rank="department")
    found = {target for action, target in _of(case, "outbound.size") if action == "remove-member"}
    assert found == {(f"m{n:02}",) for n in range(1, 6)}


def test_of_seven_countries_only_the_number_to_leave_out_is_said() -> None:
    case = _with(TOO_MANY_COUNTRIES, countries=("JP", "KR", "TH", "LA", "SG", "MY", "CN"))
    found = [c for c in cures(case, judge(case)) if c.action.startswith("drop")]
    assert [(c.action, c.target) for c in found] == [("drop-countries", ("4",))]
    assert found[0].text_vi() == "Bỏ bớt 4 nước khỏi chuyến đi"
    assert found[0].text_en() == "Leave out 4 of the countries"


def test_a_conference_without_any_day_is_given_days_that_are_in_time() -> None:
    case = _with(CASES["without a start the lead time is not known"], ends=None)
    assert ("fill-in", ("starts",)) in _of(case, "conference.lead-time")
    assert ("fill-in", ("start", "end")) in _of(case, "any.dates")
    late = _with(CASES["twenty-nine days before is too late"], ends=None)
    assert ("start-on-or-after", ("2024-12-20",)) in _of(late, "conference.lead-time")


def test_a_conference_of_one_day_is_held_later_as_one_of_one_day() -> None:
    late = CASES["twenty-nine days before is too late"]
    late = _with(late, ends=late.proposal.starts)
    assert ("start-on-or-after", ("2024-12-20",)) in _of(late, "conference.lead-time")


def test_a_visit_may_take_another_item_or_none() -> None:
    case = CASES["an outbound item of the plan does not carry a visit"]
    (plan,) = case.plans
    items = (*plan.items, PlanItem("P2", "inbound"))
    case = replace(case, plans=(replace(plan, items=items),))
    assert _of(case, "inbound.plan") == {("link-plan-item", ("P2",)), ("unlink-plan-item", ())}


@pytest.mark.parametrize("unknown", [("departs",), ("returns",), ("departs", "returns")])
def test_the_days_of_a_trip_are_asked_for_where_they_are_counted(unknown: tuple[str, ...]) -> None:
    case = _with(TOO_MANY_COUNTRIES, countries=("LA",), **dict.fromkeys(unknown))
    case = replace(case, as_of=date(2025, 9, 1))
    assert ("fill-in", unknown) in _of(case, "outbound.days-per-country")


def test_giving_what_is_missing_is_a_cure_of_every_block_that_only_asks() -> None:
    given, left = set(), set()
    for name, case in CASES.items():
        judgement = judge(case)
        fills = [c for c in cures(case, judgement) if c.action == "fill-in"]
        found = {(c.finding.rule, c.target) for c in fills}
        for finding in judgement.findings:
            if finding.stops and finding.says_missing and not finding.facts.get("enterprise"):
                rule, missing = finding.rule, tuple(finding.facts["missing"])
                (given if (rule, missing) in found else left).add((rule, name))
    assert len({rule for rule, _ in given}) >= 12
    # Who decides is then known, and that an opinion is missing: a new block.
    open_rank = "while the rank is not known no opinion is missing at the decision"
    assert left == {("conference.dossier", open_rank)}


def test_an_item_is_called_by_its_name_on_the_button() -> None:
    names = Names(items={"P1": "Mục 3: học tập kinh nghiệm"}, activities={"P1": "sai"})
    said = {c.text_vi(names) for c in cures(OUT_OF_PLAN, judge(OUT_OF_PLAN))}
    assert "Chọn mục kế hoạch Mục 3: học tập kinh nghiệm" in said


WHO_IS_ASKED = {
    "central": ("cấp trung ương", "the central body"),
    "standing-committee": ("Ban Thường vụ", "the standing committee"),
    "chair": ("Chủ tịch Ủy ban nhân dân", "the chair of the People's Committee"),
    "prime-minister": ("Thủ tướng Chính phủ", "the Prime Minister"),
    "party-rules": ("cấp có thẩm quyền của Đảng", "the competent Party body"),
    "managing-body": ("cơ quan quản lý", "the managing body"),
    "agency": ("thủ trưởng cơ quan", "the head of the agency"),
}


def test_everybody_who_may_decide_can_be_asked_by_name() -> None:
    finding = next(f for f in judge(RELATIVES).findings if f.stops)
    assert set(WHO_IS_ASKED) == set(get_args(Authority))
    for who, (vi, en) in WHO_IS_ASKED.items():
        said = sentence(finding, "ask-waiver", (who,), Names())
        assert said == (f"Đề nghị {vi} chấp thuận ngoại lệ", f"Ask {en} for a waiver")
