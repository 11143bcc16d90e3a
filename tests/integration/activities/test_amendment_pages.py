"""The page of an approved file while a change of it is written, judged and decided."""

from tests.integration.activities.conftest import Path, two_earlier_trips
from tests.support.signing_in import Enter


def test_an_amendment_is_compared_and_a_small_one_settled_by_the_focal_officer(
    path: Path, enter: Enter
) -> None:
    path.to_approval()
    officer = enter("officer")
    answer = officer.submit(
        path.url("amendment"), {"version": path.value("version")}, page=path.url()
    )
    assert answer.status_code == 303
    path.province.connection.execute(
        'UPDATE amendment SET after = after || \'{"content": "hội đàm mở rộng"}\''
    )
    head = enter("head")
    assert "hội đàm mở rộng" in head.get(path.url()).text
    answer = head.submit(
        path.url("amendment", "submit-amendment"),
        {"version": path.value("version"), "reason": "Đối tác đề nghị."},
    )
    assert answer.status_code == 303
    focal = enter("focal_officer")
    answer = focal.submit(
        path.url("amendment", "settle-amendment"), {"version": path.value("version")}
    )
    assert answer.status_code == 303
    assert path.state == "approved"
    assert "hội đàm mở rộng" in officer.get(path.url()).text


def test_a_large_amendment_is_decided_again(path: Path, enter: Enter) -> None:
    path.to_approval()
    officer = enter("officer")
    officer.submit(path.url("amendment"), {"version": path.value("version")}, page=path.url())
    path.province.connection.execute(
        'UPDATE amendment SET after = after || \'{"countries": ["LA", "TH"]}\''
    )
    head, focal, chair = enter("head"), enter("focal_officer"), enter("chair")
    for browser, action, data in (
        (head, "submit-amendment", {"reason": "Thêm điểm đến."}),
        (focal, "appraise-amendment", {"note": "Phù hợp.", "recommendation": "approve"}),
    ):
        answer = browser.submit(
            path.url("amendment", action), {"version": path.value("version"), **data}
        )
        assert answer.status_code == 303, action
        assert path.value("countries") == ["LA"]
    asked = chair.get(path.url("amendment", "approve-amendment")).text
    assert "Lào, Thái Lan" in asked, "who decides reads what would change"
    assert "Thêm điểm đến." in asked
    answer = chair.submit(
        path.url("amendment", "approve-amendment"),
        {
            "version": path.value("version"),
            "document_no": "99/QĐ-UBND",
            "document_date": "07/09/2026",
        },
    )
    assert answer.status_code == 303
    assert path.value("countries") == ["LA", "TH"]


def test_the_page_of_a_change_shows_its_check_and_asks_the_grantor_for_the_waiver(
    path: Path, enter: Enter
) -> None:
    path.to_approval()
    leader = path.province.person("hoi-an", "Lý Văn Tâm", key_leader=True, managed_by="chair")
    two_earlier_trips(path, leader)
    officer, head, committee = enter("officer"), enter("head"), enter("committee")
    officer.submit(path.url("amendment"), {"version": path.value("version")}, page=path.url())
    path.province.connection.execute(
        "UPDATE amendment SET after = jsonb_set(after, '{members}', after->'members' || %s::jsonb)",
        [f'[{{"person": {leader}, "role": "member", "relative_of": null}}]'],
    )
    answer = head.submit(
        path.url("amendment", "submit-amendment"),
        {"version": path.value("version"), "reason": "Thêm thành viên."},
    )
    assert answer.status_code == 303
    page = committee.get(path.url()).text
    assert "Kiểm tra quy định đối với bản điều chỉnh" in page
    waiver = path.url("waivers", "outbound.leader-trips")
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
    text = committee.get(path.url()).text
    assert "Chấp thuận ngoại lệ: Số chuyến" in text
    assert ">Ban Thường vụ<" in text
    assert "có giá trị đến hết 16/11/2026" in text
    assert waiver not in text
    # It ran out before the change was decided: the file says so and asks for another one.
    path.province.connection.execute(
        "UPDATE waiver SET expires_on = '2026-09-06', created_at = created_at + interval '1 hour'"
    )
    text = committee.get(path.url()).text
    assert "đã hết giá trị ngày 06/09/2026" in text
    assert waiver in text
    assert committee.get(waiver).status_code == 200


def test_an_amendment_that_lacks_a_written_answer_says_so_and_where_to_write_it(
    path: Path, enter: Enter
) -> None:
    path.to_approval()
    officer, head = enter("officer"), enter("head")
    officer.submit(path.url("amendment"), {"version": path.value("version")}, page=path.url())
    soon = '{"departs": "2026-09-14", "returns": "2026-09-18"}'
    path.province.connection.execute("UPDATE amendment SET after = after || %s", [soon])
    page = officer.get(path.url()).text
    assert "Chưa giải trình bằng văn bản" in page
    assert f'href="/outbound/{path.id}/amend#answer-outbound-lead-time"' in page
    answer = head.submit(
        path.url("amendment", "submit-amendment"),
        {"version": path.value("version"), "reason": "Đối tác đề nghị đi sớm."},
    )
    assert answer.status_code == 422
    refused = answer.text.partition("Quy định chưa cho phép bước này")[2].partition("stepper")[0]
    assert "tại trang soạn điều chỉnh" in refused
    assert "chấp thuận ngoại lệ" not in refused
