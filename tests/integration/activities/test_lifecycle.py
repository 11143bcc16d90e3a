"""One outbound delegation from its draft to the closed file, and every wrong turn on the way."""

from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest

from portal.core.clock import frozen_at
from portal.core.errors import Conflict, Denied, FieldErrors, NotFound
from tests.integration.activities.conftest import (
    DAY,
    DEPARTS,
    PAPER,
    RETURNS,
    Path,
    earlier_trip,
    led_by_a_key_leader,
    slots,
)


def steps(path: Path) -> list[str]:
    rows = path.province.connection.execute(
        "SELECT action FROM step WHERE activity_id = %s ORDER BY id", [path.id]
    )
    return [row[0] for row in rows]


def test_the_whole_way_from_the_draft_to_the_closed_file(path: Path) -> None:
    path.to_approval()
    assert path.state == "approved"
    with frozen_at(DEPARTS):
        assert path.sweep() == 1
    assert path.state == "under-way"
    with frozen_at(RETURNS + timedelta(days=1)):
        assert path.sweep() == 1
        assert path.state == "completed"
        assert path.open_tasks() == {("report", "hoi-an")}
        path.take(
            "officer",
            "report",
            extra={
                "departed_on": DEPARTS,
                "returned_on": RETURNS,
                "countries": ["LA"],
                "went": [path.value("lead_person_id")],
                "results": "Đã ký biên bản.",
            },
        )
        path.take("officer", "record-passports", extra={"returned_on": RETURNS})
        path.take("focal_officer", "close")
    assert path.state == "closed"
    assert path.open_tasks() == set()
    assert steps(path) == [
        "send-for-review",
        "endorse",
        "submit",
        "receive",
        "appraise",
        "sign-appraisal",
        "approve",
        "depart",
        "return-home",
        "report",
        "record-passports",
        "close",
    ]


def test_each_desk_gets_its_task_with_a_due_day(path: Path) -> None:
    path.take("officer", "send-for-review")
    assert path.open_tasks() == {("review", "hoi-an")}
    path.take("reviewer", "endorse")
    assert path.open_tasks() == {("submit", "hoi-an")}
    path.take("head", "submit")
    assert path.open_tasks() == {("receive", "so-ngoai-vu")}
    assert path.value("holder_tenant_id") == path.province.tenants["so-ngoai-vu"]
    # Three working days from Monday 7 September 2026.
    assert path.value("due_on") == date(2026, 9, 10)
    path.take("focal_officer", "receive")
    assert path.value("due_on") == date(2026, 9, 10)


def test_a_small_agency_may_switch_internal_review_off(path: Path) -> None:
    path.province.connection.execute(
        "UPDATE tenant SET internal_review = false WHERE code = 'hoi-an'"
    )
    path.take("head", "submit")
    assert path.state == "submitted"


def test_internal_review_cannot_be_jumped(path: Path) -> None:
    with pytest.raises(Conflict):
        path.take("head", "submit")
    path.take("officer", "send-for-review")
    with pytest.raises(Conflict):
        path.take("head", "submit")


@pytest.mark.parametrize(
    "who", ["officer", "reviewer", "focal_officer", "chair", "inspector", "police"]
)
def test_only_the_head_submits(path: Path, who: str) -> None:
    path.take("officer", "send-for-review")
    path.take("reviewer", "endorse")
    with pytest.raises((Denied, NotFound)):
        path.take(who, "submit")
    assert path.state == "in-review"


@pytest.mark.parametrize("who", ["outsider", "outside_head"])
def test_another_tenant_does_not_even_learn_that_the_file_exists(path: Path, who: str) -> None:
    with pytest.raises(NotFound):
        path.take(who, "withdraw", reason="x")


def test_who_wrote_the_appraisal_does_not_sign_it(path: Path) -> None:
    path.to_appraisal()
    path.take("focal_officer", "appraise", note="Phù hợp.", recommendation="approve")
    with pytest.raises(Denied):
        path.take("focal_officer", "sign-appraisal")


def test_a_member_of_the_delegation_does_not_decide_on_it(path: Path) -> None:
    province = path.province
    province.member(path.id, "hoi-an", province.people["Hồ Quang Vinh"])
    path.to_decision()
    with pytest.raises(Denied):
        path.take("chair", "approve", **PAPER)


def test_a_decision_needs_number_and_date_of_its_document(path: Path) -> None:
    path.to_decision()
    with pytest.raises(FieldErrors) as refused:
        path.take("chair", "approve")
    assert set(refused.value.errors) == {"document_no", "document_date"}
    assert path.state == "appraised"


def test_a_stale_page_does_nothing(path: Path) -> None:
    stale = path.value("version")
    path.take("officer", "send-for-review", version=stale)
    with pytest.raises(Conflict):
        path.take("reviewer", "endorse", version=stale)
    assert path.open_tasks() == {("review", "hoi-an")}


def test_a_double_click_acts_once(path: Path) -> None:
    path.take("officer", "send-for-review")
    with pytest.raises((Conflict, Denied)):
        path.take("officer", "send-for-review")
    assert steps(path) == ["send-for-review"]


def test_returned_for_correction_comes_back_with_the_first_submission_day(path: Path) -> None:
    path.to_appraisal()
    path.take("focal_officer", "return", reason="Thiếu chương trình chi tiết.")
    assert path.state == "returned"
    assert path.open_tasks() == {("correct", "hoi-an")}
    with frozen_at(DAY + timedelta(days=3)):
        path.take("officer", "send-for-review")
        path.take("reviewer", "endorse")
        path.take("head", "submit")
    assert path.value("submitted_on") == DAY


def test_a_return_needs_a_reason(path: Path) -> None:
    path.to_appraisal()
    with pytest.raises(FieldErrors):
        path.take("focal_officer", "return", reason="   ")


def test_a_cadre_of_the_standing_committee_needs_its_consent_first(path: Path) -> None:
    led_by_a_key_leader(path)
    path.to_decision()
    assert ("consent", "ban-thuong-vu") in path.open_tasks()
    with pytest.raises(Conflict):
        path.take("chair", "approve", **PAPER)
    path.take("committee", "consent", document_no="7-TB/TU", document_date=DAY)
    assert ("decide", "van-phong-ubnd") in path.open_tasks()
    path.take("chair", "approve", **PAPER)
    assert path.state == "approved"
    acts = path.province.connection.execute(
        "SELECT act, document_no FROM decision WHERE activity_id = %s ORDER BY id", [path.id]
    ).fetchall()
    assert acts == [("consent", "7-TB/TU"), ("decision", "45/QĐ-UBND")]


def test_a_decision_made_on_paper_is_recorded_with_number_and_date_only(path: Path) -> None:
    path.to_decision()
    with pytest.raises(FieldErrors):
        path.take("chair_officer", "record-approval", **PAPER)
    path.take("chair_officer", "record-approval", sealed=True, **PAPER)
    assert path.state == "approved"


def test_what_happened_without_approval_is_recorded_and_marked(path: Path) -> None:
    leader = led_by_a_key_leader(path)
    earlier_trip(path, leader, 2)
    earlier_trip(path, leader, 4)
    with frozen_at(RETURNS + timedelta(days=2)):
        path.take("officer", "record-after-fact", reason="Đi đột xuất, chưa kịp trình.")
        assert path.value("after_the_fact") is True
        with pytest.raises(Conflict):
            path.take("head", "cancel", reason="Để khỏi tính chuyến đi.")
        path.sweep()
    assert path.state == "completed"
    reasons = path.province.connection.execute(
        "SELECT over_reason FROM quota_use WHERE activity_id = %s", [path.id]
    ).fetchall()
    assert reasons == [("Đi đột xuất, chưa kịp trình.",)]


def test_what_has_not_begun_cannot_be_recorded_as_done(path: Path) -> None:
    with pytest.raises(Conflict):
        path.take("officer", "record-after-fact", reason="x")


def test_a_refused_step_leaves_nothing_behind(path: Path) -> None:
    connection: psycopg.Connection = path.province.connection
    path.to_decision()
    counts = """
        SELECT (SELECT count(*) FROM step), (SELECT count(*) FROM outbox),
               (SELECT count(*) FROM audit_event WHERE action NOT LIKE 'access%%')
    """
    before = connection.execute(counts).fetchone()
    with pytest.raises(FieldErrors):
        path.take("chair", "approve")
    with pytest.raises(Denied):
        path.take("focal_head", "approve", **PAPER)
    assert connection.execute(counts).fetchone() == before


def test_every_step_is_in_the_audit_log(path: Path) -> None:
    path.to_approval()
    events = path.province.connection.execute(
        "SELECT action FROM audit_event WHERE subject_id = %s ORDER BY chain_id, seq", [path.id]
    ).fetchall()
    assert [e[0] for e in events if e[0].startswith("activity.")] == [
        "activity.sent_to_review",
        "activity.reviewed",
        "activity.submitted",
        "activity.received",
        "activity.appraised",
        "activity.signed",
        "activity.approved",
    ]


def test_a_cadre_managed_by_the_centre_is_decided_there_and_recorded_here(path: Path) -> None:
    leader = path.province.person("hoi-an", "Huỳnh Tấn Đạt", key_leader=True, managed_by="central")
    path.province.member(path.id, "hoi-an", leader)
    path.to_decision()
    assert path.open_tasks() == {("record-decision", "van-phong-ubnd")}
    with pytest.raises(Conflict):
        path.take("chair", "approve", **PAPER)
    path.take("chair_officer", "record-approval", sealed=True, **PAPER)
    assert path.state == "approved"


def test_who_has_the_file_may_withdraw_it_with_a_reason_until_it_is_decided(path: Path) -> None:
    path.to_decision()
    with pytest.raises(Denied):
        path.take("officer", "withdraw", reason="Đối tác hoãn.")
    with pytest.raises(FieldErrors):
        path.take("head", "withdraw")
    path.take("head", "withdraw", reason="Đối tác hoãn.")
    assert path.state == "withdrawn"
    assert path.open_tasks() == set()


def test_an_approved_activity_is_cancelled_and_never_withdrawn(path: Path) -> None:
    path.to_approval()
    with pytest.raises(Conflict):
        path.take("head", "withdraw", reason="Đối tác hoãn.")
    path.take("head", "cancel", reason="Đối tác hoãn.")
    assert path.state == "cancelled"


def test_who_stayed_at_home_cancels_until_the_report_whatever_the_calendar_says(path: Path) -> None:
    led_by_a_key_leader(path)
    path.to_decision()
    path.take("committee", "consent", document_no="7-TB/TU", document_date=DAY)
    path.take("chair", "approve", **PAPER)
    with frozen_at(RETURNS + timedelta(days=1)):
        path.sweep()
        path.sweep()
        assert path.state == "completed"
        path.take("head", "cancel", reason="Bão, đoàn không đi.")
    assert (path.state, slots(path), path.open_tasks()) == ("cancelled", [], set())


def test_a_decision_names_who_signed_it_and_by_whose_authority(path: Path) -> None:
    path.to_decision()
    chair = path.province["chair"]
    path.province.actors["chair"] = replace(
        chair,
        user_id=path.province.users["chair_officer"],
        person_id=path.province["chair_officer"].person_id,
        name="Phan Thị Thu",
        acting_for=chair.name,
        acting_for_user_id=chair.user_id,
        acting_for_person_id=chair.person_id,
    )
    path.take("chair", "approve", **PAPER)
    row = path.province.connection.execute("SELECT signer FROM decision").fetchone()
    assert row == ("Phan Thị Thu (TUQ. Hồ Quang Vinh)",)
