"""One outbound delegation from its draft to the closed file, and every wrong turn on the way."""

from datetime import date, timedelta

import psycopg
import pytest

from portal.activities import waivers
from portal.activities.kinds.outbound import facts
from portal.core.clock import frozen_at
from portal.core.errors import Blocked, Conflict, Denied, FieldErrors, NotFound
from tests.integration.activities.conftest import DAY, DEPARTS, RETURNS, Path

PAPER = {"document_no": "45/QĐ-UBND", "document_date": DAY}


def steps(path: Path) -> list[str]:
    rows = path.province.connection.execute(
        "SELECT action FROM step WHERE activity_id = %s ORDER BY id", [path.id]
    )
    return [row[0] for row in rows]


def slots(path: Path) -> list[tuple[str, int]]:
    rows = path.province.connection.execute(
        "SELECT rule, slot FROM quota_use WHERE activity_id = %s ORDER BY 1, 2", [path.id]
    )
    return [(rule, slot) for rule, slot in rows]


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


def test_the_police_are_asked_when_the_programme_names_defence(path: Path) -> None:
    path.province.programme(path.id, "hoi-an", topics=("defence",))
    path.to_appraisal()
    with pytest.raises(Conflict):
        path.take("focal_officer", "appraise", note="x", recommendation="approve")
    path.take("focal_officer", "ask-opinion")
    assert ("give-opinion", "cong-an-tinh") in path.open_tasks()
    path.take("police", "give-opinion", opinion="agree")
    path.take("focal_officer", "appraise", note="x", recommendation="approve")


def test_the_police_see_the_file_only_once_they_are_asked(path: Path) -> None:
    path.to_appraisal()
    with pytest.raises(NotFound):
        path.take("police", "give-opinion", opinion="agree")


def test_an_objection_says_what_it_objects_to(path: Path) -> None:
    path.to_appraisal()
    path.take("focal_officer", "ask-opinion")
    with pytest.raises(FieldErrors):
        path.take("police", "give-opinion", opinion="object")
    path.take("police", "give-opinion", opinion="object", note="Địa bàn phức tạp.")


def test_an_urgent_file_asks_the_police_beside_the_focal_point(path: Path) -> None:
    path.province.programme(path.id, "hoi-an", topics=("security",))
    path.province.connection.execute(
        "UPDATE activity SET urgent = true, urgent_reason = 'Đoàn đi gấp' WHERE id = %s", [path.id]
    )
    path.take("officer", "send-for-review")
    path.take("reviewer", "endorse")
    path.take("head", "submit")
    assert path.open_tasks() == {("receive", "so-ngoai-vu"), ("give-opinion", "cong-an-tinh")}
    path.take("police", "give-opinion", opinion="agree")


def led_by_a_key_leader(path: Path) -> int:
    leader = path.province.person(
        "hoi-an", "Trương Công Định", key_leader=True, managed_by="standing-committee"
    )
    path.province.member(path.id, "hoi-an", leader)
    return leader


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


def test_an_approval_takes_the_leaders_slot_and_a_cancellation_gives_it_back(path: Path) -> None:
    led_by_a_key_leader(path)
    path.to_decision()
    path.take("committee", "consent", document_no="7-TB/TU", document_date=DAY)
    path.take("chair", "approve", **PAPER)
    assert slots(path) == [("outbound.leader-trips", 1)]
    path.take("head", "cancel", reason="Đối tác hoãn.")
    assert path.state == "cancelled"
    assert slots(path) == []


def earlier_trip(path: Path, leader: int, month: int) -> int:
    trip = path.province.activity(
        "so-ngoai-vu",
        state="closed",
        submitted_on=date(2026, 1, 5),
        starts_on=date(2026, month, 2),
        ends_on=date(2026, month, 6),
        reported_on=date(2026, month, 10),
        passports_returned_on=date(2026, month, 10),
    )
    path.province.member(trip, "so-ngoai-vu", leader, "head")
    return trip


def test_a_third_trip_goes_on_asking_for_a_waiver_and_stops_at_the_decision(path: Path) -> None:
    leader = led_by_a_key_leader(path)
    earlier_trip(path, leader, 2)
    earlier_trip(path, leader, 4)
    path.to_decision()
    path.take("committee", "consent", document_no="7-TB/TU", document_date=DAY)
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


def resubmit(path: Path) -> None:
    path.take("officer", "send-for-review")
    path.take("reviewer", "endorse")
    path.take("head", "submit")


def test_a_question_to_the_police_survives_a_return_and_is_answered_once(path: Path) -> None:
    path.province.programme(path.id, "hoi-an", topics=("defence",))
    path.to_appraisal()
    path.take("focal_officer", "ask-opinion")
    path.take("focal_officer", "return", reason="Thiếu chương trình chi tiết.")
    assert path.open_tasks() == {("correct", "hoi-an")}
    resubmit(path)
    assert ("give-opinion", "cong-an-tinh") in path.open_tasks()
    path.take("focal_officer", "receive")
    path.take("police", "give-opinion", opinion="agree")
    path.take("focal_officer", "appraise", note="x", recommendation="approve")
    assert path.open_tasks() == {("sign-appraisal", "so-ngoai-vu")}


def test_an_urgent_file_that_was_returned_asks_the_police_one_question(path: Path) -> None:
    path.province.programme(path.id, "hoi-an", topics=("security",))
    path.province.connection.execute(
        "UPDATE activity SET urgent = true, urgent_reason = 'Đoàn đi gấp' WHERE id = %s", [path.id]
    )
    path.to_appraisal()
    path.take("focal_officer", "return", reason="Thiếu chương trình chi tiết.")
    resubmit(path)
    asked = path.province.connection.execute(
        "SELECT count(*) FROM opinion WHERE activity_id = %s", [path.id]
    ).fetchone()
    assert asked == (1,)
    path.take("focal_officer", "receive")
    path.take("police", "give-opinion", opinion="agree")
    path.take("focal_officer", "appraise", note="x", recommendation="approve")


def test_an_opinion_received_on_paper_leaves_its_number_and_date_only(path: Path) -> None:
    path.to_appraisal()
    path.take("focal_officer", "ask-opinion", note="Xin ý kiến.")
    path.take(
        "focal_officer",
        "record-opinion",
        note="nội dung",
        document_no="15/CAT-PA01",
        document_date=DAY,
    )
    kept = path.province.connection.execute(
        "SELECT answer, text, document_no, document_date FROM opinion WHERE activity_id = %s",
        [path.id],
    ).fetchall()
    assert kept == [("received-on-paper", None, "15/CAT-PA01", DAY)]
    assert path.open_tasks() == {("appraise", "so-ngoai-vu")}


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


def waive(path: Path, who: str, **given: object) -> None:
    paper = {
        "document_no": "9-TB/TU",
        "document_date": DAY,
        "expires_on": DEPARTS,
        "reason": "Đối tác chỉ mời ông Định.",
    }
    with path.app.app_context(), path.acting(path.province[who]):
        waivers.record(
            path.id,
            version=path.value("version"),
            rule="outbound.leader-trips",
            **(paper | given),  # type: ignore[arg-type]
        )


def a_third_trip(path: Path) -> None:
    leader = led_by_a_key_leader(path)
    earlier_trip(path, leader, 2)
    earlier_trip(path, leader, 4)
    path.to_decision()
    path.take("committee", "consent", document_no="7-TB/TU", document_date=DAY)


def test_a_waiver_by_its_grantor_lets_the_third_trip_be_approved(path: Path) -> None:
    a_third_trip(path)
    waive(path, "committee")
    path.take("chair", "approve", **PAPER)
    kept = path.province.connection.execute(
        "SELECT waiver_id IS NOT NULL FROM quota_use WHERE activity_id = %s", [path.id]
    ).fetchall()
    assert kept == [(True,)]


@pytest.mark.parametrize("who", ["chair", "head", "focal_head", "inspector"])
def test_only_the_grantor_or_the_chairs_office_from_paper_waives(path: Path, who: str) -> None:
    a_third_trip(path)
    with pytest.raises(Denied):
        waive(path, who)
    waive(path, "chair_officer")


@pytest.mark.parametrize(
    ("lacking", "given"),
    [
        ("document_no", " "),
        ("document_date", None),
        ("document_date", DAY + timedelta(days=1)),
        ("expires_on", None),
        ("expires_on", DAY - timedelta(days=1)),
        ("reason", " "),
    ],
)
def test_a_waiver_needs_document_reason_and_a_last_day(
    path: Path, lacking: str, given: object
) -> None:
    a_third_trip(path)
    with pytest.raises(FieldErrors) as refused:
        waive(path, "committee", **{lacking: given})
    assert set(refused.value.errors) == {lacking}


def test_a_waiver_carries_the_decision_on_its_last_day_and_not_after(path: Path) -> None:
    a_third_trip(path)
    waive(path, "committee", expires_on=DAY)
    with frozen_at(DAY + timedelta(days=1)), pytest.raises(Blocked) as stopped:
        path.take("chair", "approve", **PAPER)
    assert [f.rule for f in stopped.value.findings] == ["outbound.leader-trips"]
    path.take("chair", "approve", **PAPER)
    assert path.state == "approved"


def test_what_was_decided_by_a_waiver_stands_when_it_has_run_out(path: Path) -> None:
    a_third_trip(path)
    waive(path, "committee", expires_on=DAY)
    path.take("chair", "approve", **PAPER)
    inspector = path.province["inspector"]
    with frozen_at(DAY + timedelta(days=3)), path.app.app_context(), path.acting(inspector):
        (waiver,) = facts.gather(path.id, stage="decision").case.waivers
    assert waiver.rule == "outbound.leader-trips"


def test_a_waiver_is_for_once_and_renewed_by_another_document(path: Path) -> None:
    a_third_trip(path)
    waive(path, "committee", expires_on=DAY)
    with pytest.raises(Conflict):
        waive(path, "committee", document_no="10-TB/TU")
    with frozen_at(DAY + timedelta(days=1)):
        with pytest.raises(FieldErrors):
            waive(path, "committee")
        waive(path, "committee", document_no="10-TB/TU")
        path.take("chair", "approve", **PAPER)
    kept = path.province.connection.execute(
        "SELECT w.document_no FROM quota_use q JOIN waiver w ON w.id = q.waiver_id"
        " WHERE q.activity_id = %s",
        [path.id],
    ).fetchall()
    assert kept == [("10-TB/TU",)]


def test_what_nobody_may_waive_is_not_waived(path: Path) -> None:
    path.to_decision()
    with pytest.raises(Conflict):
        waive(path, "committee")
