"""Each pattern is found at its border and not beyond it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.oversight import finders
from portal.oversight.finders import Found, Supplement, Traveller, Trip

DAY = date(2026, 5, 4)
HOI_AN, NAM_GIANG, TAY_GIANG = 1, 2, 3
AN, BINH, CUC = Traveller(10, HOI_AN, True), Traveller(11, HOI_AN, True), Traveller(12, HOI_AN)
OTHER = Traveller(20, NAM_GIANG, True)


def trip(number: int, start: int = 0, days: int = 5, **facts: object) -> Trip:
    """A trip of Hội An to Sê Kông that departs `start` days after DAY."""
    departs = DAY + timedelta(days=start)
    known: dict[str, object] = {
        "agency": HOI_AN,
        "departs": departs,
        "returns": departs + timedelta(days=days - 1),
        "host": "Chính quyền tỉnh Sê Kông",
        "travellers": (CUC,),
        **facts,
    }
    return Trip(number, **known)  # type: ignore[arg-type]


def files(found: list[Found]) -> list[tuple[int, ...]]:
    return [one.files for one in found]


# One trip split in two.


@pytest.mark.parametrize(("start", "gap", "fires"), [(4, 0, True), (5, 0, False), (5, 1, True)])
def test_a_trip_is_split_when_the_second_departs_by_the_return_of_the_first(
    start: int, gap: int, fires: bool
) -> None:
    found = finders.split_trips([trip(1), trip(2, start)], gap_days=gap)
    assert files(found) == [(1, 2)] * fires


def test_a_trip_is_split_only_with_one_host_and_members_of_one_agency() -> None:
    same = trip(1)
    assert not finders.split_trips([same, trip(2, host="Tỉnh Chăm Pa Sắc")], gap_days=0)
    assert not finders.split_trips([same, trip(2, travellers=(OTHER,))], gap_days=0)
    assert not finders.split_trips([trip(1, host=" "), trip(2, host=" ")], gap_days=0)
    assert files(
        finders.split_trips([same, trip(2, host="CHÍNH QUYỀN, tỉnh Sê-Kông")], gap_days=0)
    ) == [(1, 2)], "accents, capitals and punctuation make no other host"


def test_the_members_agency_counts_and_not_the_one_that_proposes() -> None:
    borrowed = trip(2, agency=NAM_GIANG, travellers=(OTHER, AN))
    (found,) = finders.split_trips([trip(1, travellers=(CUC, AN)), borrowed], gap_days=0)
    assert found.agencies == (HOI_AN,)
    assert found.facts["people"] == [AN.person, CUC.person]


def test_three_overlapping_delegations_are_one_signal_of_all_their_agencies() -> None:
    both = (CUC, OTHER)
    group = [trip(3, 8, travellers=both), trip(1, travellers=both), trip(2, 4, travellers=both)]
    (found,) = finders.split_trips(group, gap_days=0)
    assert (found.files, found.agencies) == ((1, 2, 3), (HOI_AN, NAM_GIANG))
    assert (found.facts["first"], found.facts["last"]) == ("2026-05-04", "2026-05-16")


# The same again within three years.

FIRST = trip(1, countries=("LA",), content="Hội đàm thường niên về hợp tác biên giới")


def again(on: date, **facts: object) -> Trip:
    known: dict[str, object] = {"countries": FIRST.countries, "content": FIRST.content, **facts}
    return trip(2, (on - DAY).days, **known)


@pytest.mark.parametrize(
    ("on", "fires"), [(date(2029, 5, 3), True), (date(2029, 5, 4), False), (DAY, True)]
)
def test_the_same_content_counts_until_the_day_before_three_years_are_over(
    on: date, fires: bool
) -> None:
    found = finders.same_content([FIRST, again(on)], years=3, alike_percent=80)
    assert files(found) == [(1, 2)] * fires


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"countries": ("TH",)}, "another country"),
        ({"agency": NAM_GIANG}, "another agency"),
        ({"content": "Tham dự hội chợ du lịch quốc tế"}, "another content"),
        ({"content": ""}, "nothing said"),
    ],
)
def test_another_country_agency_or_content_is_not_the_same_again(
    facts: dict[str, object], why: str
) -> None:
    second = again(date(2027, 5, 4), **facts)
    assert not finders.same_content([FIRST, second], years=3, alike_percent=80), why


@pytest.mark.parametrize(("shared", "fires"), [(8, True), (7, False)])
def test_contents_are_the_same_from_the_percentage_of_shared_words(
    shared: int, fires: bool
) -> None:
    ten = [f"w{n}" for n in range(10)]
    first = trip(1, countries=("LA",), content=" ".join(ten))
    second = trip(2, 300, countries=("LA",), content=" ".join(ten[:shared]))
    assert bool(finders.same_content([first, second], years=3, alike_percent=80)) is fires


def test_one_pair_in_two_countries_is_one_signal() -> None:
    both = {"countries": ("DE", "CZ"), "content": "Thông tin đối ngoại"}
    (found,) = finders.same_content(
        [trip(1, **both), trip(2, 200, **both)], years=3, alike_percent=80
    )
    assert found.facts["countries"] == ["CZ", "DE"]


def test_three_years_from_a_leap_day_end_with_february() -> None:
    assert finders.years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)


# Urgent trips out of plan.

URGENT = {"urgent": True, "out_of_plan": True}


@pytest.mark.parametrize(("third", "fires"), [(364, True), (365, False)])
def test_a_chain_is_three_urgent_departures_within_a_year(third: int, fires: bool) -> None:
    chain = [trip(1, **URGENT), trip(2, 100, **URGENT), trip(3, third, **URGENT)]
    found = finders.urgent_chains(chain, trips_least=3, days=365)
    assert files(found) == [(1, 2, 3)] * fires


@pytest.mark.parametrize(
    "facts", [{"urgent": False}, {"out_of_plan": False}, {"agency": NAM_GIANG}]
)
def test_a_planned_or_unhurried_trip_or_another_agencys_is_no_link(
    facts: dict[str, object],
) -> None:
    chain = [trip(1, **URGENT), trip(2, 9, **URGENT), trip(3, 20, **{**URGENT, **facts})]
    assert not finders.urgent_chains(chain, trips_least=3, days=365)


def test_a_chain_grows_as_long_as_every_link_is_dense_enough() -> None:
    chain = [trip(n, n * 150, **URGENT) for n in range(1, 6)]
    assert files(finders.urgent_chains(chain, trips_least=3, days=365)) == [(1, 2, 3, 4, 5)]
    far = [*chain, trip(6, 3000, **URGENT), trip(7, 3001, **URGENT)]
    assert files(finders.urgent_chains(far, trips_least=3, days=365)) == [(1, 2, 3, 4, 5)]


# Two leaders, two delegations, one host.


@pytest.mark.parametrize(("start", "fires"), [(6, True), (7, False)])
def test_two_leaders_of_one_agency_at_one_host_within_a_week(start: int, fires: bool) -> None:
    pair = [trip(1, travellers=(AN,)), trip(2, start, travellers=(BINH, CUC))]
    found = finders.leaders_one_host(pair, days=7)
    assert files(found) == [(1, 2)] * fires
    assert [one.facts["people"] for one in found] == [[AN.person, BINH.person]] * fires


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"travellers": (AN,)}, "the same leader twice"),
        ({"travellers": (CUC,)}, "no leader"),
        ({"travellers": (OTHER,)}, "a leader of another agency"),
        ({"travellers": (BINH,), "host": "KOTRA"}, "another host"),
    ],
)
def test_one_leader_or_two_hosts_are_no_signal(facts: dict[str, object], why: str) -> None:
    assert not finders.leaders_one_host([trip(1, travellers=(AN,)), trip(2, 1, **facts)], days=7), (
        why
    )


# One inviter for many.


def invited(count: int, agencies: int, **facts: object) -> list[Trip]:
    return [
        trip(n, n, inviter="Công ty Du lịch Sao Mai", agency=1 + n % agencies, **facts)
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("count", "agencies", "fires"), [(6, 3, True), (5, 3, False), (6, 2, False)]
)
def test_one_inviter_counts_from_so_many_trips_of_so_many_agencies(
    count: int, agencies: int, fires: bool
) -> None:
    found = finders.one_inviter(invited(count, agencies), trips_least=6, agencies_least=3)
    assert files(found) == [tuple(range(1, count + 1))] * fires


def test_one_inviter_counts_by_calendar_year_and_never_when_nobody_is_named() -> None:
    over_new_year = [*invited(5, 3), trip(6, 250, inviter="Công ty Du lịch Sao Mai", agency=3)]
    assert not finders.one_inviter(over_new_year, trips_least=6, agencies_least=3)
    silent = [trip(n, n, inviter="", agency=n) for n in range(1, 9)]
    assert not finders.one_inviter(silent, trips_least=6, agencies_least=3)


# Added to the plan in mid-year.


@pytest.mark.parametrize(("count", "fires"), [(3, True), (2, False)])
def test_supplements_count_by_agency_and_year_of_the_plan(count: int, fires: bool) -> None:
    added = [Supplement(n, HOI_AN, 2026, (100 + n,)) for n in range(count)]
    other = [Supplement(50, NAM_GIANG, 2026), Supplement(51, HOI_AN, 2025)]
    found = finders.late_plan_items([*added, *other], items_least=3)
    assert [one.items for one in found] == [(0, 1, 2)] * fires
    assert [one.files for one in found] == [(100, 101, 102)] * fires


def test_what_is_found_does_not_depend_on_the_order_of_the_files() -> None:
    group = [trip(n, n, travellers=(AN, BINH), **URGENT) for n in range(1, 6)]
    for ordered in (group, group[::-1]):
        assert files(finders.split_trips(ordered, gap_days=0)) == [(1, 2, 3, 4, 5)]
        assert files(finders.urgent_chains(ordered, trips_least=3, days=365)) == [(1, 2, 3, 4, 5)]
