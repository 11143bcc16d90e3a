"""A change after approval: judged and decided as if it were new, and never a way round."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from portal.activities import amendments, waivers
from portal.activities.types import Input
from portal.core.clock import frozen_at
from portal.core.errors import Blocked, Conflict, Denied, FieldErrors
from tests.integration.activities.conftest import DAY, DEPARTS, Path, two_earlier_trips

PAPER = {"document_no": "99/QĐ-UBND", "document_date": DAY}
APPRAISAL = {"note": "Phù hợp.", "recommendation": "approve"}
CONSENT = {"consent_no": "7-TB/TU", "consent_date": DAY}


@pytest.fixture
def approved(path: Path) -> Path:
    path.to_approval()
    return path


def amend(path: Path, who: str, action: str, **given: Any) -> None:
    with path.app.app_context(), path.acting(path.province[who]):
        amendments.perform(path.id, action, Input(**given))


def ask_for(path: Path, **changes: Any) -> None:
    """The officer begins an amendment and writes `changes` into it."""
    with path.app.app_context(), path.acting(path.province["officer"]):
        amendments.begin(path.id, path.value("version"))
    path.province.connection.execute(
        "UPDATE amendment SET after = after || %s WHERE activity_id = %s",
        [psycopg.types.json.Jsonb(changes), path.id],
    )


def members(path: Path, *others: int) -> list[dict[str, Any]]:
    everybody = [(path.value("lead_person_id"), "head"), *((other, "member") for other in others)]
    return [{"person": id_, "role": role, "relative_of": None} for id_, role in everybody]


def amendment_of(path: Path, column: str = "state") -> Any:
    return path.province.connection.execute(
        f'SELECT "{column}" FROM amendment WHERE activity_id = %s', [path.id]
    ).fetchone()[0]


def a_cadre_of_the_committee(path: Path, **facts: Any) -> int:
    return path.province.person(
        "hoi-an", "Trương Công Định", managed_by="standing-committee", **facts
    )


def test_a_change_that_needs_the_committee_is_not_approved_without_its_consent(
    approved: Path,
) -> None:
    ask_for(approved, members=members(approved, a_cadre_of_the_committee(approved)))
    amend(approved, "head", "submit-amendment", reason="Thêm thành viên.")
    amend(approved, "focal_officer", "appraise-amendment", **APPRAISAL)
    with pytest.raises(FieldErrors) as refused:
        amend(approved, "chair", "approve-amendment", **PAPER)
    assert "consent_no" in refused.value.errors
    amend(approved, "chair", "approve-amendment", extra=CONSENT, **PAPER)
    acts = approved.province.connection.execute(
        "SELECT act FROM decision WHERE amendment_id IS NOT NULL ORDER BY act"
    ).fetchall()
    assert acts == [("consent",), ("decision",)]
    assert approved.value("authority") == "standing-committee"


def test_the_police_are_asked_about_a_change_that_names_defence(approved: Path) -> None:
    day = {"day": DEPARTS.isoformat(), "item": "thăm đồn biên phòng", "topics": ["defence"]}
    ask_for(approved, programme=[day])
    amend(approved, "head", "submit-amendment", reason="Đối tác đề nghị.")
    with pytest.raises(Conflict):
        amend(approved, "focal_officer", "appraise-amendment", **APPRAISAL)
    amend(approved, "focal_officer", "ask-opinion")
    assert approved.open_tasks() == {
        ("appraise-amendment", "so-ngoai-vu"),
        ("give-opinion", "cong-an-tinh"),
    }
    amend(approved, "police", "give-opinion", opinion="agree")
    amend(approved, "focal_officer", "appraise-amendment", **APPRAISAL)
    amend(approved, "chair", "approve-amendment", **PAPER)
    assert amendment_of(approved) == "applied"
    assert approved.open_tasks() == set()


def test_an_opinion_on_a_change_may_come_on_paper(approved: Path) -> None:
    day = {"day": DEPARTS.isoformat(), "item": "thăm đồn biên phòng", "topics": ["security"]}
    ask_for(approved, programme=[day])
    amend(approved, "head", "submit-amendment", reason="Đối tác đề nghị.")
    amend(approved, "focal_officer", "ask-opinion")
    amend(approved, "focal_officer", "record-opinion", document_no="15/CAT", document_date=DAY)
    amend(approved, "focal_officer", "appraise-amendment", **APPRAISAL)
    assert amendment_of(approved) == "appraised"


def full_leader(path: Path) -> int:
    """A key leader with two trips this year."""
    leader = path.province.person("hoi-an", "Lý Văn Tâm", key_leader=True, managed_by="chair")
    two_earlier_trips(path, leader)
    return leader


def test_a_third_trip_by_amendment_waits_for_its_waiver(approved: Path) -> None:
    ask_for(approved, members=members(approved, full_leader(approved)))
    amend(approved, "head", "submit-amendment", reason="Thêm trưởng đoàn.")
    amend(approved, "focal_officer", "appraise-amendment", **APPRAISAL)
    with pytest.raises(Blocked):
        amend(approved, "chair", "approve-amendment", **PAPER)
    with approved.app.app_context(), approved.acting(approved.province["committee"]):
        waivers.record(
            approved.id,
            version=approved.value("version"),
            rule="outbound.leader-trips",
            document_no="9-TB/TU",
            document_date=DAY,
            expires_on=DEPARTS,
            reason="Đối tác chỉ mời ông Tâm.",
        )
    amend(approved, "chair", "approve-amendment", **PAPER)
    slots = approved.province.connection.execute(
        "SELECT slot, waiver_id IS NOT NULL FROM quota_use WHERE activity_id = %s", [approved.id]
    ).fetchall()
    assert amendment_of(approved) == "applied"
    assert slots == [(1, True)] or slots == [(3, True)]


def test_a_warning_about_a_change_wants_its_answer(approved: Path) -> None:
    with frozen_at(date(2026, 11, 2)):
        ask_for(approved, departs="2026-11-12", returns="2026-11-17")
        with pytest.raises(Blocked) as stopped:
            amend(approved, "head", "submit-amendment", reason="Đi sớm hơn.")
        assert [f.rule for f in stopped.value.findings] == ["outbound.lead-time"]
        approved.province.connection.execute(
            "UPDATE amendment SET after = after || %s",
            [psycopg.types.json.Jsonb({"answers": {"outbound.lead-time": "Đối tác dời ngày."}})],
        )
        amend(approved, "head", "submit-amendment", reason="Đi sớm hơn.")


def test_a_later_start_keeps_the_first_submission_for_the_lead_time(approved: Path) -> None:
    with frozen_at(date(2026, 11, 2)):
        ask_for(approved, departs="2026-11-18", returns="2026-11-22")
        amend(approved, "head", "submit-amendment", reason="Đi muộn hơn.")
    assert amendment_of(approved, "size") == "large"


def test_a_decision_on_a_change_made_on_paper_is_recorded_with_its_scan_or_number(
    approved: Path,
) -> None:
    ask_for(approved, countries=["LA", "TH"])
    amend(approved, "head", "submit-amendment", reason="Thêm điểm đến.")
    amend(approved, "focal_officer", "appraise-amendment", **APPRAISAL)
    with pytest.raises(FieldErrors) as refused:
        amend(approved, "chair_officer", "record-amendment-approval", **PAPER)
    assert "upload" in refused.value.errors
    amend(approved, "chair_officer", "record-amendment-approval", sealed=True, **PAPER)
    assert approved.value("countries") == ["LA", "TH"]


def test_a_refusal_of_a_change_leaves_the_approved_version(approved: Path) -> None:
    ask_for(approved, countries=["LA", "TH"])
    amend(approved, "head", "submit-amendment", reason="Thêm điểm đến.")
    amend(approved, "focal_officer", "appraise-amendment", **APPRAISAL)
    amend(
        approved,
        "chair_officer",
        "record-amendment-refusal",
        sealed=True,
        reason="Chưa cần thiết.",
        **PAPER,
    )
    assert amendment_of(approved) == "refused"
    assert approved.value("countries") == ["LA"]
    assert approved.open_tasks() == set()


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_a_change_lapses_when_the_delegation_departs(approved: Path, state: str) -> None:
    ask_for(approved, countries=["LA", "TH"])
    if state == "submitted":
        amend(approved, "head", "submit-amendment", reason="Thêm điểm đến.")
    with frozen_at(DEPARTS):
        approved.sweep()
    assert approved.state == "under-way"
    assert amendment_of(approved) == "withdrawn"
    assert approved.open_tasks() == set()


def test_a_change_lapses_when_the_activity_is_cancelled(approved: Path) -> None:
    ask_for(approved, countries=["LA", "TH"])
    amend(approved, "head", "submit-amendment", reason="Thêm điểm đến.")
    approved.take("head", "cancel", reason="Đối tác hoãn.")
    assert amendment_of(approved) == "withdrawn"
    with pytest.raises(Conflict):
        amend(approved, "focal_officer", "appraise-amendment", **APPRAISAL)


def test_the_head_withdraws_a_change_and_the_approved_version_stays(approved: Path) -> None:
    ask_for(approved, countries=["LA", "TH"])
    amend(approved, "head", "submit-amendment", reason="Thêm điểm đến.")
    with pytest.raises(Denied):
        amend(approved, "officer", "withdraw-amendment")
    amend(approved, "head", "withdraw-amendment")
    assert amendment_of(approved) == "withdrawn"
    assert approved.value("countries") == ["LA"]
    assert approved.open_tasks() == set()


def test_a_change_of_nothing_is_not_submitted(approved: Path) -> None:
    ask_for(approved)
    with pytest.raises(FieldErrors):
        amend(approved, "head", "submit-amendment", reason="x")


@pytest.mark.parametrize(
    ("change", "size"),
    [
        ({"content": "hội đàm và thăm chợ biên giới"}, "small"),
        ({"host_partner": "huyện Kà Lừm"}, "large"),
        ({"invitation_from": "tỉnh Sê Kông"}, "large"),
    ],
)
def test_whom_they_meet_and_who_invites_is_decided_again(
    approved: Path, change: dict[str, str], size: str
) -> None:
    ask_for(approved, **change)
    amend(approved, "head", "submit-amendment", reason="Đối tác đề nghị.")
    assert amendment_of(approved, "size") == size


def test_a_small_change_with_a_new_topic_is_not_small(approved: Path) -> None:
    topics = [{"day": (DEPARTS + timedelta(1)).isoformat(), "item": "x", "topics": ["defence"]}]
    ask_for(approved, programme=topics)
    amend(approved, "head", "submit-amendment", reason="Đối tác đề nghị.")
    assert amendment_of(approved, "size") == "large"
