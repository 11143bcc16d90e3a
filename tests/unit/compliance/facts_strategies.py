"""Random outbound cases, small enough to collide with the rules often."""

from datetime import date, timedelta

from hypothesis import strategies as st

from portal.compliance.facts import (
    Agency,
    Case,
    Invitation,
    Member,
    Outbound,
    Person,
    Plan,
    PlanItem,
    ProgrammeItem,
    Waiver,
)

AGENCIES = {
    "a": Agency("a", "district", ("b",)),
    "b": Agency("b", "district"),
    "c": Agency("c", "department"),
}
PEOPLE = {
    "p1": Person("p1", "a", key_leader=True),
    "p2": Person("p2", "a", key_leader=True, managed_by="chair"),
    "p3": Person("p3", "c", key_leader=True, sensitive_post=True),
    "p4": Person("p4", "a"),
    "p5": Person("p5", "b", managed_by="central"),
}
PLANS = (
    Plan("a", 2024, "approved", (PlanItem("i1", "outbound"), PlanItem("i2", "outbound", month=5))),
    Plan("b", 2024, "approved", (PlanItem("i3", "outbound", origin="supplement"),)),
    Plan("c", 2025, "draft", (PlanItem("i4", "inbound"),)),
)
DAYS = st.dates(date(2024, 1, 1), date(2025, 2, 28))
ITEMS = st.sampled_from([None, None, "i1", "i2", "i3", "i4", "nowhere"])
MAYBE = st.one_of(st.none(), DAYS)
STATUSES = st.sampled_from(
    ["approved", "completed", "reported", "submitted", "appraised", "draft", "cancelled"]
)


@st.composite
def members(draw: st.DrawFn) -> tuple[Member, ...]:
    who = draw(st.lists(st.sampled_from(sorted(PEOPLE)), unique=True, max_size=4))
    roles = st.sampled_from(["head", "deputy", "member"])
    relatives = st.one_of(st.none(), st.sampled_from(sorted(PEOPLE)))
    return tuple(Member(person, draw(roles), draw(relatives)) for person in who)


@st.composite
def past_trips(draw: st.DrawFn, id_: str) -> Outbound:
    departs = draw(MAYBE)
    return Outbound(
        id=id_,
        agency=draw(st.sampled_from(sorted(AGENCIES))),
        plan_item=draw(ITEMS),
        status=draw(STATUSES),
        departs=departs,
        returns=None if departs is None else departs + timedelta(days=draw(st.integers(0, 9))),
        members=draw(members()),
        reported=draw(MAYBE),
        passports_returned=draw(MAYBE),
    )


@st.composite
def proposals(draw: st.DrawFn) -> Outbound:
    yes = st.booleans()
    return Outbound(
        id="n",
        agency=draw(st.sampled_from(["a", "c"])),
        plan_item=draw(ITEMS),
        stage=draw(st.sampled_from(["submission", "decision"])),
        classified=draw(st.sampled_from(["none", "none", "none", "mat"])),
        submitted=draw(MAYBE),
        departs=draw(MAYBE),
        returns=draw(MAYBE),
        countries=tuple(draw(st.lists(st.sampled_from(["LA", "TH", "KR", "JP"]), max_size=5))),
        members=draw(members()),
        purpose=draw(yes),
        host_partner=draw(yes),
        content=draw(yes),
        programme=draw(st.sampled_from([(), (ProgrammeItem(topics=("security",)),)])),
        invitation=draw(st.sampled_from([None, Invitation(True, date(2024, 1, 2), True)])),
        necessity=draw(yes),
        funding=draw(st.sampled_from([None, "state", "enterprise"])),
        organiser=draw(st.sampled_from([None, "agency", "enterprise"])),
        leader_rank=draw(st.sampled_from([None, "department"])),
        important_event=draw(yes),
        secret_documents=draw(st.sampled_from(["none", "without-permission", "permitted"])),
    )


WAIVERS = st.builds(
    Waiver,
    rule=st.sampled_from(["outbound.leader-trips", "outbound.supplement-quota", "outbound.size"]),
    by=st.sampled_from(["chair", "standing-committee", "central"]),
    document=st.booleans(),
    dated=MAYBE,
    reason=st.booleans(),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    count = draw(st.integers(0, 6))
    return Case(
        as_of=draw(DAYS),
        province=draw(st.sampled_from(["quang-nam", "quang-nam", "da-nang"])),
        agencies=AGENCIES,
        people=PEOPLE,
        plans=PLANS,
        history=tuple(draw(past_trips(f"h{i}")) for i in range(count)),
        proposal=draw(proposals()),
        waivers=tuple(draw(st.lists(WAIVERS, max_size=2))),
    )
