"""Stored verdicts: no names inside, the same bytes again, and no quiet change unnoticed."""

import dataclasses
import json
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from portal.compliance.cases import LoadedCase, load_file
from portal.compliance.engine import judge
from portal.compliance.facts import Conference, Donor, Member, Outbound, Plan, PlanItem
from portal.compliance.regulations import DEFAULT_FOLDER, Regulations, default_regulations
from portal.compliance.verdicts import (
    ReplayError,
    replay,
    restore,
    seal,
    to_bytes,
)


def _all() -> Iterator[LoadedCase]:
    for file in sorted((DEFAULT_FOLDER / "cases").glob("*.yaml")):
        yield from load_file(file)


ALL = list(_all())
BLOCKED = next(c for c in ALL if c.name.startswith("a key leader's third trip is stopped"))


@pytest.mark.parametrize("kind", ["outbound", "inbound", "conference", "project", "agreement"])
def test_every_case_of_the_kind_is_judged_again_to_the_same_bytes(kind: str) -> None:
    of_kind = [loaded for loaded in ALL if loaded.case.proposal.kind == kind]
    assert of_kind
    for loaded in of_kind:
        judgement = judge(loaded.case)
        again = replay(seal(loaded.case, judgement))
        assert to_bytes(again.as_dict()) == to_bytes(judgement.as_dict()), loaded.name


def test_what_is_restored_is_written_down_the_same_again() -> None:
    for loaded in ALL:
        judgement = judge(loaded.case)
        sealed = seal(loaded.case, judgement)
        assert seal(restore(sealed.facts), judgement) == sealed, loaded.name


def test_no_name_and_no_passport_number_of_a_guest_is_stored() -> None:
    for loaded in ALL:
        sealed = seal(loaded.case, judge(loaded.case))
        text = (sealed.facts + sealed.result).decode()
        assert "Somchai" not in text
        assert "P1234567" not in text
        assert "message" not in text


def test_a_donor_of_whom_nothing_is_known_is_not_the_same_as_no_donor() -> None:
    loaded = next(c for c in ALL if c.name == "an unknown donor is asked about")
    case = replace(loaded.case, proposal=replace(loaded.case.proposal, donor=Donor()))
    judgement = judge(case)
    assert to_bytes(replay(seal(case, judgement)).as_dict()) == to_bytes(judgement.as_dict())


def test_an_altered_fact_is_noticed() -> None:
    sealed = seal(BLOCKED.case, judge(BLOCKED.case))
    facts = json.loads(sealed.facts)
    facts["case"]["history"].pop()
    with pytest.raises(ReplayError, match="hash"):
        replay(dataclasses.replace(sealed, facts=to_bytes(facts)))


def test_an_altered_result_is_noticed() -> None:
    sealed = seal(BLOCKED.case, judge(BLOCKED.case))
    result = json.loads(sealed.result)
    result["judgement"]["verdict"] = "pass"
    assert not dataclasses.replace(sealed, result=to_bytes(result)).is_intact


def test_an_altered_rule_is_noticed() -> None:
    sealed = seal(BLOCKED.case, judge(BLOCKED.case))
    versions = [
        dataclasses.replace(v, params={"limit": 5}) if v.rule == "outbound.leader-trips" else v
        for v in default_regulations()
    ]
    with pytest.raises(ReplayError, match="outbound.leader-trips"):
        replay(sealed, Regulations(versions))


def test_a_version_added_later_does_not_disturb_what_was_judged_before() -> None:
    sealed = seal(BLOCKED.case, judge(BLOCKED.case))
    versions = []
    for version in default_regulations():
        if version.rule == "outbound.leader-trips":
            last = BLOCKED.case.event_date.replace(month=6)
            versions.append(dataclasses.replace(version, valid_to=last))
            versions.append(
                dataclasses.replace(version, valid_from=last, severity="warn", waivable_by=None)
            )
        else:
            versions.append(version)
    assert replay(sealed, Regulations(versions)).verdict == "block"


def test_the_digest_changes_with_every_deciding_fact() -> None:
    case = BLOCKED.case
    other = replace(case, proposal=replace(case.proposal, stage="decision"))
    assert seal(case, judge(case)).digest != seal(other, judge(other)).digest


def test_facts_that_no_reader_knows_are_told_and_never_half_read() -> None:
    sealed = seal(BLOCKED.case, judge(BLOCKED.case))
    known = json.loads(sealed.facts)
    for unknown in (
        {**known, "mood": "good"},
        {**known, "case": {**known["case"], "province": "hue"}},
        {**known, "case": {**known["case"], "as_of": "31/02/2024"}},
        [],
    ):
        with pytest.raises(ReplayError, match="cannot be read"):
            restore(to_bytes(unknown))


def test_a_text_that_equals_a_default_is_left_out_wherever_it_came_from() -> None:
    case = BLOCKED.case
    typed = replace(case, proposal=replace(case.proposal, classified="-none-".strip("-")))
    assert seal(typed, judge(typed)) == seal(case, judge(case))
    assert b"classified" not in seal(typed, judge(typed)).facts


def test_a_trip_of_another_agency_is_kept_only_where_a_rule_can_ask_for_it() -> None:
    case = BLOCKED.case
    trip = case.proposal
    assert isinstance(trip, Outbound)
    leader = trip.members[0].person
    others = {
        "of-the-leader": Outbound(
            id="of-the-leader", agency="elsewhere", members=(Member(leader),)
        ),
        "on-the-item": Outbound(id="on-the-item", agency="elsewhere", plan_item="item"),
        "of-somebody": Outbound(id="of-somebody", agency="elsewhere", members=(Member("p77"),)),
        "meeting": Conference(id="meeting", agency=trip.agency),
    }
    case = replace(
        case, proposal=replace(trip, plan_item="item"), history=tuple(others.values()), plans=()
    )
    kept = restore(seal(case, judge(case)).facts)
    assert [entry.id for entry in kept.history] == ["of-the-leader", "on-the-item"]


def test_of_a_plan_only_the_lines_are_kept_on_which_something_stands() -> None:
    case = BLOCKED.case
    lines = tuple(PlanItem(id=id_, kind="outbound") for id_ in ("own", "earlier", "free"))
    plan = Plan(case.proposal.agency, case.event_date.year, "approved", lines)
    earlier = Outbound(id="e", agency=case.proposal.agency, status="approved", plan_item="earlier")
    case = replace(
        case,
        plans=(plan, Plan("elsewhere", 2020, "draft", lines[2:])),
        history=(earlier,),
        proposal=replace(case.proposal, plan_item="own"),
    )
    (kept,) = restore(seal(case, judge(case)).facts).plans
    assert [item.id for item in kept.items] == ["own", "earlier"]
