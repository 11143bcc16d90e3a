"""The file page and the pages that ask for what a step needs, as the cast sees them."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import psycopg
import pytest
import segno
from flask import Flask

from portal.core.clock import frozen_at
from tests.integration.activities.conftest import Path
from tests.support.browsers import Browser, give_passwords
from tests.support.statements import counted

SignIn = Callable[[str], Browser]


@pytest.fixture
def enter(app: Flask, path: Path, superuser: psycopg.Connection) -> SignIn:
    give_passwords(superuser)

    def sign_in(username: str) -> Browser:
        browser = Browser(app)
        assert browser.sign_in(username) == 303
        return browser

    return sign_in


def url(path: Path, *rest: str) -> str:
    return "/".join((f"/activities/{path.id}", *rest))


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
def test_a_draft_is_its_tenants_own(path: Path, enter: SignIn, who: str, status: int) -> None:
    assert enter(who).get(url(path)).status_code == status


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
    path: Path, enter: SignIn, who: str, status: int
) -> None:
    path.to_approval()
    assert enter(who).get(url(path)).status_code == status


def test_the_button_of_the_page_takes_the_step(path: Path, enter: SignIn) -> None:
    officer = enter("officer")
    page = officer.get(url(path))
    assert "Chuyển rà soát nội bộ" in page.text
    answer = officer.submit(
        url(path, "steps", "send-for-review"), {"version": path.value("version")}, page=url(path)
    )
    assert answer.status_code == 303
    assert path.state == "in-review"
    assert "Chuyển rà soát nội bộ" not in officer.get(url(path)).text


def test_the_printed_file_leads_back_to_its_page(path: Path, enter: SignIn) -> None:
    officer = enter("officer")
    assert f'src="{url(path, "code.svg")}"' in officer.get(url(path)).text
    picture = officer.get(url(path, "code.svg"))
    expected = BytesIO()
    segno.make(f"http://localhost{url(path)}", micro=False).save(
        expected, kind="svg", xmldecl=False, scale=3, border=0
    )
    assert picture.mimetype == "image/svg+xml"
    assert picture.data == expected.getvalue()
    assert enter("outsider").get(url(path, "code.svg")).status_code == 404


def test_nobody_is_offered_a_step_that_is_not_theirs(path: Path, enter: SignIn) -> None:
    path.take("officer", "send-for-review")
    assert "Đồng ý và chuyển lãnh đạo" not in enter("officer").get(url(path)).text
    assert "Đồng ý và chuyển lãnh đạo" in enter("reviewer").get(url(path)).text


def test_a_decision_without_number_says_so_at_the_field_and_keeps_what_was_typed(
    path: Path, enter: SignIn
) -> None:
    path.to_decision()
    chair = enter("chair")
    answer = chair.submit(
        url(path, "steps", "reject"),
        {"version": path.value("version"), "reason": "Không phù hợp kế hoạch."},
    )
    assert answer.status_code == 422
    assert "Ghi số văn bản, ví dụ 123/QĐ-UBND." in answer.text
    assert "Không phù hợp kế hoạch." in answer.text
    assert path.state == "appraised"


def test_who_decides_reads_on_the_same_page_what_is_decided(path: Path, enter: SignIn) -> None:
    path.to_decision()
    page = enter("chair").get(url(path, "steps", "approve")).text
    for said in (
        "UBND thành phố Hội An",
        "Lào",
        "Trương Thị Lài",
        "đoàn 1 người",
        "Đề nghị phê duyệt",
    ):
        assert said in page


def test_the_wrong_role_is_told_who_may(path: Path, enter: SignIn) -> None:
    path.to_decision()
    officer = enter("officer")
    answer = officer.submit(
        url(path, "steps", "approve"), {"version": path.value("version")}, page=url(path)
    )
    assert answer.status_code == 403
    assert path.state == "appraised"


def test_an_unknown_step_is_no_page(path: Path, enter: SignIn) -> None:
    officer = enter("officer")
    assert officer.get(url(path, "steps", "fly")).status_code == 404
    answer = officer.submit(url(path, "steps", "fly"), {}, page=url(path))
    assert answer.status_code == 404


def test_a_stale_page_is_told_so(path: Path, enter: SignIn) -> None:
    officer = enter("officer")
    stale = path.value("version")
    path.take("officer", "send-for-review")
    answer = officer.submit(
        url(path, "steps", "withdraw"), {"version": stale, "reason": "x"}, page=url(path)
    )
    assert answer.status_code in (403, 409)
    assert path.state == "in-review"


def test_a_blocked_submission_says_which_rule_and_by_whom_it_can_be_waived(
    path: Path, enter: SignIn
) -> None:
    province = path.province
    for name in ("Trương Công Định", "Lý Văn Tâm"):
        leader = province.person("hoi-an", name, key_leader=True)
        province.member(path.id, "hoi-an", leader)
    path.take("officer", "send-for-review")
    path.take("reviewer", "endorse")
    head = enter("head")
    answer = head.submit(
        url(path, "steps", "submit"), {"version": path.value("version")}, page=url(path)
    )
    assert answer.status_code == 422
    assert "Trương Công Định" in answer.text
    assert "Chuyển Sở Ngoại vụ xem xét" in answer.text
    assert path.state == "in-review"


def test_the_report_page_shows_the_plan_and_keeps_the_real_trip(path: Path, enter: SignIn) -> None:
    path.to_approval()
    with frozen_at(date(2026, 11, 23)):
        path.sweep()
        path.sweep()
        assert path.state == "completed"
        officer = enter("officer")
        page = officer.get(url(path, "report"))
        assert "16/11/2026" in page.text
        answer = officer.submit(
            url(path, "report"),
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
        text = officer.get(url(path)).text
        assert "Đã ký biên bản ghi nhớ." in text
        assert "17–20/11/2026" in text


def test_the_page_costs_a_constant_number_of_statements(path: Path, enter: SignIn) -> None:
    path.to_approval()
    head = enter("head")
    head.get(url(path))
    with counted() as statements:
        head.get(url(path))
    assert len(statements) <= 10, "\n".join(statements)


def test_an_amendment_is_compared_and_a_small_one_settled_by_the_focal_officer(
    path: Path, enter: SignIn
) -> None:
    path.to_approval()
    officer = enter("officer")
    answer = officer.submit(
        url(path, "amendment"), {"version": path.value("version")}, page=url(path)
    )
    assert answer.status_code == 303
    path.province.connection.execute(
        'UPDATE amendment SET after = after || \'{"content": "hội đàm mở rộng"}\''
    )
    head = enter("head")
    assert "hội đàm mở rộng" in head.get(url(path)).text
    answer = head.submit(
        url(path, "amendment", "submit-amendment"),
        {"version": path.value("version"), "reason": "Đối tác đề nghị."},
    )
    assert answer.status_code == 303
    focal = enter("focal_officer")
    answer = focal.submit(
        url(path, "amendment", "settle-amendment"), {"version": path.value("version")}
    )
    assert answer.status_code == 303
    assert path.state == "approved"
    assert "hội đàm mở rộng" in officer.get(url(path)).text


def test_a_large_amendment_is_decided_again(path: Path, enter: SignIn) -> None:
    path.to_approval()
    officer = enter("officer")
    officer.submit(url(path, "amendment"), {"version": path.value("version")}, page=url(path))
    path.province.connection.execute(
        'UPDATE amendment SET after = after || \'{"countries": ["LA", "TH"]}\''
    )
    head, focal, chair = enter("head"), enter("focal_officer"), enter("chair")
    for browser, action, data in (
        (head, "submit-amendment", {"reason": "Thêm điểm đến."}),
        (focal, "appraise-amendment", {"note": "Phù hợp.", "recommendation": "approve"}),
    ):
        answer = browser.submit(
            url(path, "amendment", action), {"version": path.value("version"), **data}
        )
        assert answer.status_code == 303, action
        assert path.value("countries") == ["LA"]
    answer = chair.submit(
        url(path, "amendment", "approve-amendment"),
        {
            "version": path.value("version"),
            "document_no": "99/QĐ-UBND",
            "document_date": "07/09/2026",
        },
    )
    assert answer.status_code == 303
    assert path.value("countries") == ["LA", "TH"]


def test_the_page_of_a_draft_says_what_the_law_says_of_it_now(path: Path, enter: SignIn) -> None:
    for name in ("Trương Công Định", "Lý Văn Tâm"):
        leader = path.province.person("hoi-an", name, key_leader=True)
        path.province.member(path.id, "hoi-an", leader)
    page = enter("officer").get(url(path)).text
    assert "Trương Công Định" in page.partition('id="findings"')[2]
    assert "tính đến hôm nay" in page
    kept = path.province.connection.execute("SELECT count(*) FROM verdict").fetchone()
    assert kept == (0,), "looking keeps nothing"


def test_the_page_of_a_draft_says_since_when_who_has_it(path: Path, enter: SignIn) -> None:
    path.province.connection.execute("UPDATE activity SET holder_since = '2026-09-07 09:05+07'")
    assert (
        "Đang ở UBND thành phố Hội An từ 07/09/2026 09:05" in enter("officer").get(url(path)).text
    )


def test_an_officer_copies_a_file_from_its_page(path: Path, enter: SignIn) -> None:
    path.to_approval()
    assert "Sao chép" not in enter("focal_officer").get(url(path)).text
    officer = enter("officer")
    assert "Sao chép" in officer.get(url(path)).text
    answer = officer.submit(f"/outbound/{path.id}/copy", {}, page=url(path))
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/edit")


def test_the_page_of_a_change_shows_its_check_and_asks_the_grantor_for_the_waiver(
    path: Path, enter: SignIn
) -> None:
    path.to_approval()
    leader = path.province.person("hoi-an", "Lý Văn Tâm", key_leader=True, managed_by="chair")
    for month in (2, 4):
        trip = path.province.activity(
            "so-ngoai-vu",
            state="closed",
            starts_on=date(2026, month, 2),
            ends_on=date(2026, month, 6),
            reported_on=date(2026, month, 9),
            passports_returned_on=date(2026, month, 9),
        )
        path.province.member(trip, "so-ngoai-vu", leader)
    officer, head, committee = enter("officer"), enter("head"), enter("committee")
    officer.submit(url(path, "amendment"), {"version": path.value("version")}, page=url(path))
    path.province.connection.execute(
        "UPDATE amendment SET after = jsonb_set(after, '{members}', after->'members' || %s::jsonb)",
        [f'[{{"person": {leader}, "role": "member", "relative_of": null}}]'],
    )
    answer = head.submit(
        url(path, "amendment", "submit-amendment"),
        {"version": path.value("version"), "reason": "Thêm thành viên."},
    )
    assert answer.status_code == 303
    page = committee.get(url(path)).text
    assert "Kiểm tra quy định đối với bản điều chỉnh" in page
    waiver = url(path, "waivers", "outbound.leader-trips")
    assert waiver in page
    answer = committee.submit(
        waiver,
        {
            "version": path.value("version"),
            "document_no": "9-TB/TU",
            "document_date": "07/09/2026",
            "expires_on": "16/11/2026",
            "reason": "Đối tác chỉ mời ông Tâm.",
        },
    )
    assert answer.status_code == 303
    text = committee.get(url(path)).text
    assert "Chấp thuận ngoại lệ: Số chuyến" in text
    assert ">Ban Thường vụ<" in text
    assert "có giá trị đến hết 16/11/2026" in text
    assert waiver not in text
    # It ran out before the change was decided: the file says so and asks for another one.
    path.province.connection.execute(
        "UPDATE waiver SET expires_on = '2026-09-06', created_at = created_at + interval '1 hour'"
    )
    text = committee.get(url(path)).text
    assert "đã hết giá trị ngày 06/09/2026" in text
    assert waiver in text
    assert committee.get(waiver).status_code == 200


def test_the_stepper_names_who_took_each_step_and_the_page_what_comes_then(
    path: Path, enter: SignIn
) -> None:
    path.to_appraisal()
    page = enter("officer").get(url(path)).text
    stepper = page.partition('class="stepper')[2].partition("</ol>")[0]
    drafted, submitted = stepper.index("Lê Thị Hạnh"), stepper.index("Nguyễn Đức Ân")
    assert stepper.index("Soạn") < drafted < stepper.index("Phan Văn Khôi") < submitted
    assert "Bước sau: Quyết định" in page


def travellers_looked_up(path: Path) -> list[tuple[str]]:
    return path.province.connection.execute(
        "SELECT u.username FROM audit_event e JOIN user_account u ON u.id = e.user_id"
        " WHERE e.action = 'travel.looked_up' ORDER BY 1"
    ).fetchall()


def a_foreign_leader_with_two_trips(path: Path) -> int:
    leader = path.province.person("nam-giang", "Zơrâm Văn Bốn", key_leader=True, managed_by="chair")
    for month in (2, 4):
        trip = path.province.activity(
            "nam-giang",
            state="closed",
            starts_on=date(2026, month, 2),
            ends_on=date(2026, month, 6),
            reported_on=date(2026, month, 9),
            passports_returned_on=date(2026, month, 9),
        )
        path.province.member(trip, "nam-giang", leader)
    return leader


def test_a_draft_shows_another_agencys_leader_as_a_number_and_logs_who_sees_the_trips(
    path: Path, enter: SignIn
) -> None:
    path.province.member(path.id, "hoi-an", a_foreign_leader_with_two_trips(path))
    findings = enter("officer").get(url(path)).text.partition('id="findings"')[2]
    assert "Zơrâm Văn Bốn đã có 2 chuyến" in findings
    assert "02/02/2026" not in findings
    assert travellers_looked_up(path) == []
    assert "02/02/2026" in enter("inspector").get(url(path)).text
    assert travellers_looked_up(path) == [("inspector",)]


def test_what_was_recorded_after_the_fact_shows_no_decision_and_stays_marked(
    path: Path, enter: SignIn
) -> None:
    with frozen_at(date(2026, 11, 30)):
        path.take("officer", "record-after-fact", reason="Đi đột xuất.")
        path.sweep()
        officer = enter("officer")
        page = officer.get(url(path)).text
        stepper = page.partition('class="stepper')[2].partition("</ol>")[0]
        assert "Đã ghi nhận sau khi diễn ra" in stepper or "Ghi nhận sau" in stepper
        assert "Quyết định" not in stepper
        assert "Đi đột xuất." in page
        assert "Ghi nhận sau" in officer.get("/activities").text
