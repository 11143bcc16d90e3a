"""A quota: its limit holds, a file has one place at most, what is given back is free again."""

from datetime import date

import pytest

from portal.compliance import quota
from portal.compliance.quota import QuotaFull
from portal.core.context import acting_as
from portal.core.unit_of_work import unit_of_work
from tests.support.province import arrange

RULE = "outbound.leader-trips"
SUPPLEMENT = "outbound.supplement-quota"
YEAR = 2027


@pytest.fixture
def office(app_context, superuser):
    """The focal point's officer, and seven files of a district."""
    province = arrange(superuser, today=date(2026, 1, 1))
    files = [province.activity("hoi-an", submitted_on=date(2026, 1, 1)) for _ in range(7)]
    with acting_as(province["focal_officer"]):
        yield files, province.tenants["hoi-an"]


def take(file: int, subjects: list[int], **more: object) -> dict[int, int]:
    with unit_of_work():
        return dict(quota.take(RULE, subjects, YEAR, 2, file, **more))


def test_places_are_numbered_and_end_at_the_limit(office):
    files, _ = office
    assert take(files[0], [5, 6]) == {5: 1, 6: 1}
    assert take(files[1], [5]) == {5: 2}
    with pytest.raises(QuotaFull) as full:
        take(files[2], [6, 5])
    told = full.value
    assert (told.rule, told.subject_id, told.period, told.limit) == (RULE, 5, YEAR, 2)
    assert str(told).startswith("The yearly limit of 2 for 2027 is used up meanwhile")
    assert quota.used(RULE, 6, YEAR) == 1, "a file that was refused keeps no place"


def test_subjects_are_taken_in_ascending_order_so_that_no_two_files_wait_in_a_circle(office):
    files, _ = office
    for file in files[:2]:
        assert list(take(file, [1025, 5, 1025])) == [5, 1025]
    with pytest.raises(QuotaFull) as full:
        take(files[2], [1025, 5])
    assert full.value.subject_id == 5


def test_a_file_that_has_its_place_keeps_it(office):
    files, _ = office
    assert take(files[0], [5]) == take(files[0], [5]) == {5: 1}


def test_another_year_or_rule_is_another_quota(office):
    files, district = office
    take(files[0], [district])
    take(files[1], [district])
    with unit_of_work():
        quota.take(RULE, [district], YEAR + 1, 2, files[2])
        quota.take(SUPPLEMENT, [district], YEAR, 2, files[2])
    assert quota.used(RULE, district, YEAR) == 2


def test_what_a_cancelled_file_gives_back_is_free(office):
    files, _ = office
    take(files[0], [5])
    take(files[1], [5])
    with unit_of_work():
        assert quota.release(files[0]) == 1
        assert quota.release(files[0]) == 0
    assert take(files[2], [5]) == {5: 1}


def test_a_reason_carries_a_real_trip_above_the_limit(office, superuser):
    files, _ = office
    take(files[0], [5])
    take(files[1], [5])
    assert take(files[2], [5], over_reason="went before the merger") == {5: 3}
    row = superuser.execute("SELECT slot, over_reason FROM quota_use WHERE slot > 2").fetchall()
    assert row == [(3, "went before the merger")]


def test_a_place_given_back_below_a_waived_one_lets_no_third_trip_through(office):
    files, _ = office
    take(files[0], [5])
    take(files[1], [5])
    take(files[2], [5], over_reason="after the fact")
    with unit_of_work():
        quota.release(files[0])
    with pytest.raises(QuotaFull):
        take(files[3], [5])
    assert quota.used(RULE, 5, YEAR) == 2


def test_an_amended_file_takes_anew_in_the_same_transaction(office):
    files, _ = office
    take(files[0], [5, 6])
    with unit_of_work():
        quota.release(files[0])
        quota.take(RULE, [6, 7], YEAR + 1, 2, files[0])
    assert [quota.used(RULE, who, YEAR) for who in (5, 6, 7)] == [0, 0, 0]
    assert [quota.used(RULE, who, YEAR + 1) for who in (5, 6, 7)] == [0, 1, 1]


def test_the_places_of_a_merged_agency_count_for_its_successor(office, superuser):
    files, district = office
    successor = superuser.execute(
        "INSERT INTO tenant (code, kind, name_vi, name_en, search_key, valid_from, internal_review)"
        " VALUES ('NEW', 'commune', 'x', 'x', 'x', '2025-07-01', false) RETURNING id"
    ).fetchone()[0]
    superuser.execute(
        "INSERT INTO tenant_succession (predecessor_id, successor_id, on_date, basis)"
        " VALUES (%s, %s, '2025-07-01', 'x')",
        (district, successor),
    )
    with unit_of_work():
        quota.take(SUPPLEMENT, [district], YEAR, 2, files[0])
        quota.take(SUPPLEMENT, [successor], YEAR, 2, files[1])
    assert quota.used(SUPPLEMENT, successor, YEAR) == 2
    with pytest.raises(QuotaFull), unit_of_work():
        quota.take(SUPPLEMENT, [successor], YEAR, 2, files[2])


def test_a_place_is_taken_and_given_back_only_inside_a_unit_of_work(office):
    files, _ = office
    with pytest.raises(RuntimeError):
        quota.take(RULE, [5], YEAR, 2, files[0])
    with pytest.raises(RuntimeError):
        quota.release(files[0])
