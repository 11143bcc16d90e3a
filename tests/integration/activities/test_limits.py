"""The yearly limits at the decision, and what the real trip makes of them."""

from datetime import date, timedelta

import pytest

from portal.core.clock import frozen_at
from portal.core.errors import Blocked, Conflict, FieldErrors
from tests.integration.activities.conftest import (
    DAY,
    DEPARTS,
    PAPER,
    RETURNS,
    Path,
    a_third_trip,
    earlier_trip,
    led_by_a_key_leader,
    slots,
)


def test_an_approval_takes_the_leaders_slot_and_a_cancellation_gives_it_back(path: Path) -> None:
    led_by_a_key_leader(path)
    path.to_decision()
    path.take("committee", "consent", document_no="7-TB/TU", document_date=DAY)
    path.take("chair", "approve", **PAPER)
    assert slots(path) == [("outbound.leader-trips", 1)]
    path.take("head", "cancel", reason="Đối tác hoãn.")
    assert path.state == "cancelled"
    assert slots(path) == []


def test_a_third_trip_goes_on_asking_for_a_waiver_and_stops_at_the_decision(path: Path) -> None:
    a_third_trip(path)
    with pytest.raises(Blocked) as stopped:
        path.take("chair", "approve", **PAPER)
    assert [f.rule for f in stopped.value.findings] == ["outbound.leader-trips"]
    assert path.state == "appraised"


def test_two_leaders_of_one_agency_cannot_be_submitted_but_referred(path: Path) -> None:
    led_by_a_key_leader(path)
    second = path.province.person("hoi-an", "Lý Văn Tâm", key_leader=True)
    path.province.member(path.id, "hoi-an", second)
    path.take("officer", "send-for-review")
    path.take("reviewer", "endorse")
    with pytest.raises(Blocked) as stopped:
        path.take("head", "submit")
    assert "outbound.leaders-together" in {f.rule for f in stopped.value.findings}
    assert path.value("submitted_on") is None
    path.take("head", "refer", reason="Đề nghị cho ý kiến.")
    assert path.state == "submitted"
    path.take("focal_officer", "receive")
    path.take("focal_officer", "appraise", note="Không phù hợp.", recommendation="refuse")
    path.take("focal_head", "sign-appraisal")
    path.take("committee", "consent", document_no="7-TB/TU", document_date=DAY)
    with pytest.raises(Conflict):
        path.take("chair", "approve", **PAPER)
    path.take("chair", "reject", reason="Trái quy định.", **PAPER)
    assert path.state == "rejected"


def test_a_file_that_nothing_blocks_cannot_be_referred(path: Path) -> None:
    path.take("officer", "send-for-review")
    path.take("reviewer", "endorse")
    with pytest.raises(Conflict):
        path.take("head", "refer", reason="x")


def after_the_trip(path: Path, leaders: list[int], **extra: object) -> None:
    with frozen_at(RETURNS + timedelta(days=1)):
        path.sweep()
        path.sweep()
        went = [path.value("lead_person_id"), *leaders]
        path.take(
            "officer",
            "report",
            extra={
                "departed_on": DEPARTS,
                "returned_on": RETURNS,
                "countries": ["LA"],
                "went": went,
                "results": "Đã ký biên bản.",
                **extra,
            },
        )


def a_key_leader_whom_the_chair_decides_on(path: Path) -> int:
    leader = path.province.person("hoi-an", "Lý Văn Tâm", key_leader=True, managed_by="chair")
    path.province.member(path.id, "hoi-an", leader)
    return leader


def test_who_did_not_go_keeps_no_place_once_the_report_says_so(path: Path) -> None:
    a_key_leader_whom_the_chair_decides_on(path)
    path.to_approval()
    assert slots(path) == [("outbound.leader-trips", 1)]
    after_the_trip(path, [])
    assert slots(path) == []


def test_a_trip_counts_in_the_year_in_which_it_really_began(path: Path) -> None:
    leader = a_key_leader_whom_the_chair_decides_on(path)
    path.to_approval()
    with frozen_at(date(2027, 1, 20)):
        path.sweep()
        path.sweep()
        path.take(
            "officer",
            "report",
            extra={
                "departed_on": date(2027, 1, 4),
                "returned_on": date(2027, 1, 8),
                "countries": ["LA"],
                "went": [path.value("lead_person_id"), leader],
                "results": "Hoãn sang đầu năm.",
            },
        )
    connection = path.province.connection
    periods = connection.execute("SELECT period FROM quota_use WHERE activity_id = %s", [path.id])
    assert periods.fetchall() == [(2027,)]
    for year, trips in ((2026, 0), (2027, 1)):
        counted = connection.execute(
            "SELECT count(*) FROM facts_history(%s, '{}', '{}', %s, %s, current_date)"
            " WHERE extract(year FROM starts_on) = %s",
            [[leader], date(year, 1, 1), date(year, 12, 31), year],
        ).fetchone()
        assert counted == (trips,), year


def test_a_real_trip_above_the_limit_is_recorded_with_its_reason(path: Path) -> None:
    leader = a_key_leader_whom_the_chair_decides_on(path)
    path.to_approval()
    # Two units were merged meanwhile: the same person's other trips turned up in the ledger.
    for month in (2, 4):
        trip = earlier_trip(path, leader, month)
        path.province.connection.execute(
            "SELECT quota_take('outbound.leader-trips', %s, 2026::smallint, 9::smallint, %s,"
            " NULL, NULL)",
            [leader, trip],
        )
    with pytest.raises(FieldErrors) as refused:
        after_the_trip(path, [leader])
    assert set(refused.value.errors) == {"over_limit_reason"}
    after_the_trip(path, [leader], over_limit_reason="Sáp nhập hai đơn vị.")
    kept = path.province.connection.execute(
        "SELECT slot, over_reason FROM quota_use WHERE activity_id = %s", [path.id]
    ).fetchall()
    assert kept == [(4, "Sáp nhập hai đơn vị.")] or kept == [(3, "Sáp nhập hai đơn vị.")]
    assert path.state == "reported"
