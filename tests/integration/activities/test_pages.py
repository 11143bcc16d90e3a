"""The file page and the pages that ask for what a step needs, as the cast sees them."""

import re
from datetime import date
from io import BytesIO

import pytest
import segno

from portal.core.clock import frozen_at
from tests.integration.activities.conftest import Path, two_earlier_trips
from tests.support.signing_in import Enter
from tests.support.statements import counted


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer", 200),
        ("head", 200),
        ("outsider", 404),
        ("focal_officer", 404),
        ("police", 404),
        ("chair", 404),
        ("inspector", 200),
        ("administrator", 403),
    ],
)
def test_a_draft_is_its_tenants_own(path: Path, enter: Enter, who: str, status: int) -> None:
    assert enter(who).get(path.url()).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer", 200),
        ("outsider", 404),
        ("focal_officer", 200),
        ("police", 404),
        ("chair", 200),
        ("committee", 200),
        ("inspector", 200),
        ("administrator", 403),
    ],
)
def test_an_approved_file_is_seen_by_those_who_oversee(
    path: Path, enter: Enter, who: str, status: int
) -> None:
    path.to_approval()
    assert enter(who).get(path.url()).status_code == status


def test_the_button_of_the_page_takes_the_step(path: Path, enter: Enter) -> None:
    officer = enter("officer")
    page = officer.get(path.url())
    assert "Chuyển rà soát nội bộ" in page.text
    answer = officer.submit(
        path.url("steps", "send-for-review"), {"version": path.value("version")}, page=path.url()
    )
    assert answer.status_code == 303
    assert path.state == "in-review"
    assert "Chuyển rà soát nội bộ" not in officer.get(path.url()).text


def test_the_printed_file_leads_back_to_its_page(path: Path, enter: Enter) -> None:
    officer = enter("officer")
    assert f'src="{path.url("code.svg")}"' in officer.get(path.url()).text
    picture = officer.get(path.url("code.svg"))
    expected = BytesIO()
    segno.make(f"http://localhost{path.url()}", micro=False).save(
        expected, kind="svg", xmldecl=False, scale=3, border=0
    )
    assert picture.mimetype == "image/svg+xml"
    assert picture.data == expected.getvalue()
    assert enter("outsider").get(path.url("code.svg")).status_code == 404


def test_the_file_says_how_many_go_before_it_names_them(path: Path, enter: Enter) -> None:
    for number in range(1, 13):
        path.province.member(path.id, "hoi-an", path.province.person("hoi-an", f"Lê Thị {number}"))
    page = enter("officer").get(path.url()).text
    count = len(re.findall(r'<th scope="row" class="name">', page))
    assert count > 12
    assert f"Thành viên đoàn ({count})" in page


def test_nobody_is_offered_a_step_that_is_not_theirs(path: Path, enter: Enter) -> None:
    path.take("officer", "send-for-review")
    assert "Đồng ý và chuyển lãnh đạo" not in enter("officer").get(path.url()).text
    assert "Đồng ý và chuyển lãnh đạo" in enter("reviewer").get(path.url()).text


def test_a_decision_without_number_says_so_at_the_field_and_keeps_what_was_typed(
    path: Path, enter: Enter
) -> None:
    path.to_decision()
    chair = enter("chair")
    answer = chair.submit(
        path.url("steps", "reject"),
        {"version": path.value("version"), "reason": "Không phù hợp kế hoạch."},
    )
    assert answer.status_code == 422
    assert "Ghi số văn bản, ví dụ 123/QĐ-UBND." in answer.text
    assert "Không phù hợp kế hoạch." in answer.text
    assert path.state == "appraised"


def test_who_decides_reads_on_the_same_page_what_is_decided(path: Path, enter: Enter) -> None:
    path.to_decision()
    page = enter("chair").get(path.url("steps", "approve")).text
    for said in (
        "UBND thành phố Hội An",
        "Lào",
        "Trương Thị Lài",
        "đoàn 1 người",
        "Đề nghị phê duyệt",
    ):
        assert said in page


def test_the_wrong_role_is_told_who_may(path: Path, enter: Enter) -> None:
    path.to_decision()
    officer = enter("officer")
    answer = officer.submit(
        path.url("steps", "approve"), {"version": path.value("version")}, page=path.url()
    )
    assert answer.status_code == 403
    assert path.state == "appraised"


def test_an_unknown_step_is_no_page(path: Path, enter: Enter) -> None:
    officer = enter("officer")
    assert officer.get(path.url("steps", "fly")).status_code == 404
    answer = officer.submit(path.url("steps", "fly"), {}, page=path.url())
    assert answer.status_code == 404


def test_a_stale_page_is_told_so(path: Path, enter: Enter) -> None:
    officer = enter("officer")
    stale = path.value("version")
    path.take("officer", "send-for-review")
    answer = officer.submit(
        path.url("steps", "withdraw"), {"version": stale, "reason": "x"}, page=path.url()
    )
    assert answer.status_code in (403, 409)
    assert path.state == "in-review"


def test_a_blocked_submission_says_which_rule_and_by_whom_it_can_be_waived(
    path: Path, enter: Enter
) -> None:
    province = path.province
    for name in ("Trương Công Định", "Lý Văn Tâm"):
        leader = province.person("hoi-an", name, key_leader=True)
        province.member(path.id, "hoi-an", leader)
    path.take("officer", "send-for-review")
    path.take("reviewer", "endorse")
    head = enter("head")
    answer = head.submit(
        path.url("steps", "submit"), {"version": path.value("version")}, page=path.url()
    )
    assert answer.status_code == 422
    assert "Trương Công Định" in answer.text
    assert "Chuyển Sở Ngoại vụ xem xét" in answer.text
    assert path.state == "in-review"


def test_the_report_page_shows_the_plan_and_keeps_the_real_trip(path: Path, enter: Enter) -> None:
    path.to_approval()
    with frozen_at(date(2026, 11, 23)):
        path.sweep()
        path.sweep()
        assert path.state == "completed"
        officer = enter("officer")
        page = officer.get(path.url("report"))
        assert "16/11/2026" in page.text
        answer = officer.submit(
            path.url("report"),
            {
                "version": path.value("version"),
                "departed_on": "17/11/2026",
                "returned_on": "20/11/2026",
                "countries": "LA",
                "went": path.value("lead_person_id"),
                "results": "Đã ký biên bản ghi nhớ.",
            },
        )
        assert answer.status_code == 303
        text = officer.get(path.url()).text
        assert "Đã ký biên bản ghi nhớ." in text
        assert "17–20/11/2026" in text


def test_the_page_costs_a_constant_number_of_statements(path: Path, enter: Enter) -> None:
    path.to_approval()
    head = enter("head")
    head.get(path.url())
    with counted() as statements:
        head.get(path.url())
    assert len(statements) <= 10, "\n".join(statements)


def test_the_page_of_a_draft_says_what_the_law_says_of_it_now(path: Path, enter: Enter) -> None:
    for name in ("Trương Công Định", "Lý Văn Tâm"):
        leader = path.province.person("hoi-an", name, key_leader=True)
        path.province.member(path.id, "hoi-an", leader)
    page = enter("officer").get(path.url()).text
    assert "Trương Công Định" in page.partition('id="findings"')[2]
    assert "tính đến hôm nay" in page
    kept = path.province.connection.execute("SELECT count(*) FROM verdict").fetchone()
    assert kept == (0,), "looking keeps nothing"


def test_the_page_of_a_draft_says_since_when_who_has_it(path: Path, enter: Enter) -> None:
    path.province.connection.execute("UPDATE activity SET holder_since = '2026-09-07 09:05+07'")
    assert (
        "Đang ở UBND thành phố Hội An từ 07/09/2026 09:05" in enter("officer").get(path.url()).text
    )


def test_an_officer_copies_a_file_from_its_page(path: Path, enter: Enter) -> None:
    path.to_approval()
    assert "Sao chép" not in enter("focal_officer").get(path.url()).text
    officer = enter("officer")
    assert "Sao chép" in officer.get(path.url()).text
    answer = officer.submit(f"/outbound/{path.id}/copy", {}, page=path.url())
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/edit")


def test_the_stepper_names_who_took_each_step_and_the_page_what_comes_then(
    path: Path, enter: Enter
) -> None:
    path.to_appraisal()
    page = enter("officer").get(path.url()).text
    stepper = page.partition('class="stepper')[2].partition("</ol>")[0]
    drafted, submitted = stepper.index("Lê Thị Hạnh"), stepper.index("Nguyễn Đức Ân")
    assert stepper.index("Soạn") < drafted < stepper.index("Phan Văn Khôi") < submitted
    assert "Bước sau: Quyết định" in page


def test_the_stepper_says_on_whose_behalf_a_step_was_taken(path: Path, enter: Enter) -> None:
    path.to_appraisal()
    path.province.connection.execute("ALTER TABLE step DISABLE TRIGGER USER")
    path.province.connection.execute(
        "UPDATE step SET acting_for = 'Hồ Văn Sáng' WHERE action = 'submit'"
    )
    page = enter("officer").get(path.url()).text
    stepper = page.partition('class="stepper')[2].partition("</ol>")[0]
    assert "Nguyễn Đức Ân, thay mặt Hồ Văn Sáng" in stepper
    assert page.count("thay mặt Hồ Văn Sáng") == 2, "once more in what happened so far"


def travellers_looked_up(path: Path) -> list[tuple[str]]:
    return path.province.connection.execute(
        "SELECT u.username FROM audit_event e JOIN user_account u ON u.id = e.user_id"
        " WHERE e.action = 'travel.looked_up' ORDER BY 1"
    ).fetchall()


def a_foreign_leader_with_two_trips(path: Path) -> int:
    leader = path.province.person("nam-giang", "Zơrâm Văn Bốn", key_leader=True, managed_by="chair")
    two_earlier_trips(path, leader, "nam-giang")
    return leader


def test_a_draft_shows_another_agencys_leader_as_a_number_and_logs_who_sees_the_trips(
    path: Path, enter: Enter
) -> None:
    path.province.member(path.id, "hoi-an", a_foreign_leader_with_two_trips(path))
    findings = enter("officer").get(path.url()).text.partition('id="findings"')[2]
    assert "Zơrâm Văn Bốn đã có 2 chuyến" in findings
    assert "02/02/2026" not in findings
    assert travellers_looked_up(path) == []
    assert "02/02/2026" in enter("inspector").get(path.url()).text
    assert travellers_looked_up(path) == [("inspector",)]


def test_what_was_recorded_after_the_fact_shows_no_decision_and_stays_marked(
    path: Path, enter: Enter
) -> None:
    with frozen_at(date(2026, 11, 30)):
        path.take("officer", "record-after-fact", reason="Đi đột xuất.")
        path.sweep()
        officer = enter("officer")
        page = officer.get(path.url()).text
        stepper = page.partition('class="stepper')[2].partition("</ol>")[0]
        assert "Đã ghi nhận sau khi diễn ra" in stepper or "Ghi nhận sau" in stepper
        assert "Quyết định" not in stepper
        assert "Đi đột xuất." in page
        assert "Ghi nhận sau" in officer.get("/activities").text
