"""Stored verdicts: no names inside, the same bytes again, and no quiet change unnoticed."""

import dataclasses
import hashlib
import json

import pytest
from msgspec.structs import replace

from portal.compliance.engine import judge
from portal.compliance.facts import (
    Agency,
    Conference,
    Donor,
    Inbound,
    Member,
    Outbound,
    Person,
    Plan,
    PlanItem,
    ProgrammeItem,
    Waiver,
)
from portal.compliance.regulations import Regulations, default_regulations
from portal.compliance.verdicts import (
    ReplayError,
    SealedVerdict,
    replay,
    restore,
    seal,
    to_bytes,
)
from tests.unit.compliance.own_cases import OWN

ALL = list(OWN.values())
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
    with pytest.raises(ReplayError, match="^the stored verdict does not match its hash$"):
        replay(dataclasses.replace(sealed, facts=to_bytes(facts)))


def test_an_altered_result_is_noticed() -> None:
    sealed = seal(BLOCKED.case, judge(BLOCKED.case))
    result = json.loads(sealed.result)
    result["judgement"]["verdict"] = "pass"
    assert not dataclasses.replace(sealed, result=to_bytes(result)).is_intact


@pytest.mark.parametrize(
    "result",
    [b"not json", b"[]", b'{"judgement":{}}', b'{"judgement":{},"rules":null}',
     b'{"judgement":{},"rules":{"outbound.plan":"x"}}'],
)  # fmt: skip
def test_a_record_that_somebody_wrote_with_its_hash_is_named_and_no_crash(result: bytes) -> None:
    facts = seal(BLOCKED.case, judge(BLOCKED.case)).facts
    forged = SealedVerdict(facts, result, hashlib.sha256(b"[%b,%b]" % (facts, result)).digest())
    with pytest.raises(ReplayError, match="^the stored verdict makes no sense: "):
        replay(forged)


def test_facts_that_lack_their_people_are_named_and_no_crash() -> None:
    sealed = seal(BLOCKED.case, judge(BLOCKED.case))
    facts = json.loads(sealed.facts)
    facts["case"]["people"] = {}
    told, result = to_bytes(facts), sealed.result
    forged = SealedVerdict(told, result, hashlib.sha256(b"[%b,%b]" % (told, result)).digest())
    with pytest.raises(ReplayError, match="^the stored verdict makes no sense: KeyError"):
        replay(forged)


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
        with pytest.raises(ReplayError, match="^the stored facts cannot be read: "):
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


def _resealed(result: object) -> SealedVerdict:
    """As somebody would write it who can alter a row and its hash."""
    facts, text = seal(BLOCKED.case, judge(BLOCKED.case)).facts, to_bytes(result)
    return SealedVerdict(facts, text, hashlib.sha256(b"[%b,%b]" % (facts, text)).digest())


def test_a_result_that_its_facts_do_not_give_is_refused_whatever_its_hash_says() -> None:
    result = json.loads(seal(BLOCKED.case, judge(BLOCKED.case)).result)
    assert replay(_resealed(result)).verdict == "block"
    result["judgement"]["verdict"] = "pass"
    with pytest.raises(ReplayError, match="^the same facts and rules now give another result$"):
        replay(_resealed(result))


def test_a_rule_or_a_version_that_is_gone_is_named() -> None:
    result = json.loads(seal(BLOCKED.case, judge(BLOCKED.case)).result)
    rest = [v for v in default_regulations() if v.rule != "outbound.leader-trips"]
    id_, _ = result["rules"]["outbound.leader-trips"]
    gone = f"^outbound.leader-trips: version {id_} is gone or was altered$"
    with pytest.raises(ReplayError, match=gone):
        replay(_resealed(result), Regulations(rest))
    result["rules"]["outbound.of-another-time"] = [id_, "0"]
    with pytest.raises(ReplayError, match="^a rule of the stored verdict no longer exists$"):
        replay(_resealed(result))


def test_a_stored_row_is_read_as_it_was_written() -> None:
    sealed = seal(BLOCKED.case, judge(BLOCKED.case))
    row = sealed.facts.decode(), sealed.result.decode(), sealed.digest
    assert SealedVerdict.of(*row) == sealed


def test_equal_values_are_written_the_same_in_whatever_order_they_came() -> None:
    assert to_bytes({"b": "Hội An", "a": [2, 1]}) == '{"a":[2,1],"b":"Hội An"}'.encode()


def test_nobody_elses_trips_agencies_and_facts_are_kept() -> None:
    case = BLOCKED.case
    trip = case.proposal
    assert isinstance(trip, Outbound)
    (member,) = trip.members
    aide = Person(id="aide", agency=trip.agency)
    other = {"elsewhere": Agency(id="elsewhere", kind="department")}
    elsewhere = {
        "with-the-leader": (Member("p77"), Member(member.person)),
        "of-the-aide": (Member("aide"),),
        "of-nobody": (),
    }
    case = replace(
        case,
        agencies={**case.agencies, **other},
        people={**case.people, "aide": aide, "p77": Person(id="p77", agency="elsewhere")},
        proposal=replace(trip, members=(member, Member("aide"))),
        history=tuple(
            Outbound(id=id_, agency="elsewhere", members=members)
            for id_, members in elsewhere.items()
        ),
    )
    kept = restore(seal(case, judge(case)).facts)
    assert [entry.id for entry in kept.history] == ["with-the-leader"]
    assert sorted(kept.people) == sorted(["aide", member.person])
    assert "elsewhere" not in kept.agencies


def test_a_visit_to_another_agency_is_not_kept_with_a_visit() -> None:
    case = next(c for c in ALL if c.case.proposal.kind == "inbound").case
    case = replace(case, history=(Inbound(id="v", agency="elsewhere"),))
    assert restore(seal(case, judge(case)).facts).history == ()


@pytest.mark.parametrize(("own", "theirs"), [("item", "another"), (None, None)])
def test_of_another_agency_on_no_common_plan_item_nothing_is_kept(
    own: str | None, theirs: str | None
) -> None:
    trip = Outbound(id="other", agency="elsewhere", plan_item=theirs)
    case = replace(BLOCKED.case, proposal=replace(BLOCKED.case.proposal, plan_item=own))
    case = replace(case, history=(trip,), plans=())
    assert restore(seal(case, judge(case)).facts).history == ()


def test_what_came_in_another_order_is_kept_the_same() -> None:
    case, trip = BLOCKED.case, BLOCKED.case.proposal
    assert isinstance(trip, Outbound)
    items = [PlanItem(id="own", kind="outbound"), PlanItem(id="earlier", kind="outbound")]
    plans = [Plan(trip.agency, year, "approved", (item,)) for year, item in enumerate(items, 2023)]
    earlier = Outbound(id="e", agency=trip.agency, status="approved", plan_item="earlier")
    history = [earlier, *case.history]
    members = [*trip.members, Member("aide")]
    waivers = [Waiver("outbound.relatives"), Waiver("outbound.plan")]

    def kept(step: int) -> SealedVerdict:
        asked = replace(
            case,
            people={**case.people, "aide": Person(id="aide", agency=trip.agency)},
            proposal=replace(trip, plan_item="own", members=tuple(members[::step])),
            plans=tuple(plans[::step]),
            history=tuple(history[::step]),
            waivers=tuple(waivers[::step]),
        )
        return seal(asked, judge(asked))

    assert kept(1) == kept(-1)


def test_of_what_is_to_be_spoken_of_only_what_a_rule_names_is_kept() -> None:
    trip = BLOCKED.case.proposal
    spoken = ("sovereignty", "the mayor's health", "human-rights")
    trips = replace(trip, programme=(ProgrammeItem(topics=spoken),))
    meeting = Conference(id="c", agency=trip.agency, topics=spoken)
    kept = [
        restore(seal(case, judge(case)).facts).proposal
        for case in (replace(BLOCKED.case, proposal=p, history=()) for p in (trips, meeting))
    ]
    assert isinstance(kept[0], Outbound)
    assert isinstance(kept[1], Conference)
    assert (
        kept[0].programme[0].topics
        == kept[1].topics
        == (
            "human-rights",
            "sovereignty",
        )
    )
