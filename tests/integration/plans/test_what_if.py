"""A year's plans judged beforehand: who sees what of whose plan."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import psycopg

from portal.core import clock
from tests.integration.plans.conftest import NEXT_YEAR
from tests.support.province import Province, insert
from tests.support.signing_in import Enter
from tests.support.statements import counted

PAGE = "/plans/what-if"


def sentences(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_focal_point_a_head_and_the_inspector_judge_plans(enter: Enter, leader: int) -> None:
    for who in ("head", "focal_officer", "inspector"):
        browser = enter(who)
        assert f'href="{PAGE}"' in browser.get("/plans").text
        assert browser.get(PAGE).status_code == 200
        assert browser.get(f"{PAGE}/sheet").status_code == 200
    for who in ("officer", "police", "chair", "committee", "administrator"):
        browser = enter(who)
        assert browser.get(PAGE).status_code == 403
        assert browser.get(f"{PAGE}/sheet").status_code == 403
    assert f'href="{PAGE}"' not in enter("officer").get("/plans").text


def test_the_focal_point_sees_every_line_of_a_leader(enter: Enter, leader: int) -> None:
    page = sentences(enter("focal_officer").get(PAGE).text)
    assert "Bà Tăng Thị Hiền sẽ có 3 chuyến" in page
    assert "(3 mục kế hoạch); mức tối đa là 2" in page
    assert "Chuyến riêng ĐR-07" in page
    assert "Chỉ thị 38-CT/TW" in page


def test_a_head_sees_the_own_line_and_of_other_agencies_the_number(
    enter: Enter, leader: int
) -> None:
    page = sentences(enter("head").get(PAGE).text)
    assert "(1 mục kế hoạch, 2 mục kế hoạch của cơ quan khác); mức tối đa là 2" in page
    assert "Kết nghĩa với Nhật Bản" in page
    assert "Chuyến riêng" not in page
    assert "ĐR-07" not in page


def test_a_head_who_borrows_a_leader_learns_no_more_than_the_number(
    enter: Enter, leader: int
) -> None:
    page = sentences(enter("outside_head").get(PAGE).text)
    assert "(2 mục kế hoạch, 1 mục kế hoạch của cơ quan khác)" in page
    assert "Nhật Bản" not in page


def test_a_head_cannot_ask_for_another_agency(enter: Enter, leader: int) -> None:
    page = enter("head").get(f"{PAGE}?agency=nam-giang")
    assert page.status_code == 200
    assert "Chuyến riêng" not in page.text
    whole = enter("focal_officer")
    assert "Kết nghĩa" in whole.get(f"{PAGE}?agency=nam-giang").text, "it is the same leader"
    assert "Tăng Thị Hiền" not in whole.get(f"{PAGE}?agency=cong-an-tinh").text


def test_lines_with_a_file_are_counted_as_the_file(
    enter: Enter, province: Province, leader: int
) -> None:
    item = province.plan_item("nam-giang", NEXT_YEAR, "ĐR-09", month=2)
    days = {"starts_on": date(NEXT_YEAR, 2, 3), "ends_on": date(NEXT_YEAR, 2, 6)}
    file = province.activity(
        "nam-giang", state="approved", submitted_on=clock.today(), plan_item_id=item, **days
    )
    province.member(file, "nam-giang", leader)
    page = sentences(enter("head").get(PAGE).text)
    assert "2 mục kế hoạch của cơ quan khác, 1 chuyến đã quyết định)" in page
    page = sentences(enter("focal_officer").get(PAGE).text)
    assert "1 mục đã có hồ sơ" in page
    assert "sẽ có 4 chuyến" in page


def test_a_trip_that_slipped_over_new_year_counts_in_the_year_in_which_it_began(
    enter: Enter, province: Province, leader: int
) -> None:
    days = {"starts_on": date(NEXT_YEAR - 1, 12, 29), "ends_on": date(NEXT_YEAR, 1, 2)}
    file = province.activity("hoi-an", state="reported", submitted_on=clock.today(), **days)
    province.member(file, "hoi-an", leader)
    browser = enter("focal_officer")
    assert "sẽ có 3 chuyến" in sentences(browser.get(PAGE).text)
    insert(
        province.connection,
        "trip_report",
        returning="activity_id",
        activity_id=file,
        tenant_id=province.tenants["hoi-an"],
        departed_on=date(NEXT_YEAR, 1, 2),
        returned_on=date(NEXT_YEAR, 1, 6),
        countries=["LA"],
        results="",
        follow_up="",
        reported_on=date(NEXT_YEAR, 1, 9),
    )
    assert "1 chuyến đã quyết định" in sentences(browser.get(PAGE).text)


def test_a_line_that_a_rejected_file_stood_on_is_a_plan_again(
    enter: Enter, province: Province, leader: int, superuser: psycopg.Connection
) -> None:
    superuser.execute("DELETE FROM plan_item WHERE code = 'ĐR-08'")
    assert "Tăng Thị Hiền" not in enter("focal_officer").get(PAGE).text
    item = province.plan_item("hoi-an", NEXT_YEAR, "ĐR-02", month=2, leader_id=leader)
    days = {"starts_on": date(NEXT_YEAR, 2, 3), "ends_on": date(NEXT_YEAR, 2, 6)}
    submitted = {"submitted_on": clock.today(), "plan_item_id": item}
    province.activity("hoi-an", state="rejected", **submitted, **days)
    assert "sẽ có 3 chuyến" in sentences(enter("focal_officer").get(PAGE).text)
    assert "sẽ có 3 chuyến" in sentences(enter("outside_head").get(PAGE).text)


def test_as_if_the_limit_were_another(enter: Enter, province: Province) -> None:
    deputy = province.person("hoi-an", "Trần Văn Nghĩa", key_leader=True)
    for month in (2, 8):
        province.plan_item("hoi-an", NEXT_YEAR, f"ĐR-{month}", month=month, leader_id=deputy)
    browser = enter("head")
    assert "Trần Văn Nghĩa" not in browser.get(PAGE).text
    tried = sentences(
        browser.get(PAGE, query_string={"number": "outbound.leader-trips:limit", "value": "1"}).text
    )
    assert "bằng 1: thêm 1 vấn đề, bớt 0 vấn đề so với mức 2" in tried
    assert "chỉ theo giả định" in tried
    assert "Ông Trần Văn Nghĩa sẽ có 2 chuyến" in tried
    looser = browser.get(f"{PAGE}?number=outbound.leader-trips:limit&value=3").text
    assert "nới lỏng quy định của Nhà nước" in looser
    own = browser.get(f"{PAGE}?number=outbound.supplement-quota:limit&value=3").text
    assert "nới lỏng quy định của Nhà nước" not in own


def test_what_was_asked_for_alone_says_nothing_of_all_else(enter: Enter, leader: int) -> None:
    page = enter("head").get(f"{PAGE}?about=duplicates").text
    assert "Không có vấn đề thuộc loại này" in page
    assert "trái quy định." not in page


def test_a_number_that_is_tried_stands_on_the_spreadsheet_too(enter: Enter, leader: int) -> None:
    asked = f"{PAGE}/sheet?year={NEXT_YEAR}&number=outbound.leader-trips:limit&value=1"
    book = openpyxl.load_workbook(io.BytesIO(enter("head").get(asked).data))
    assert "mức tối đa” bằng 1" in str(book[str(NEXT_YEAR)].cell(1, 4).value)


NOT_UNDERSTOOD = {
    "year=1999": "Năm phải từ 2000 đến 2099.",
    "year=abc": "",
    "year=99999999999999999999": "Năm phải từ 2000 đến 2099.",
    "number=outbound.leader-trips:limit": "Nhập con số muốn thử.",
    "value=1": "Hãy chọn thông số",
    "number=outbound.plan:x&value=1": "",
    "number=outbound.leader-trips:limit&value=0": "Nhập số nguyên từ 1 đến 10000.",
    "about=nothing": "",
    "agency=no such agency": "Không có cơ quan",
}


def test_what_is_not_understood_is_said_at_its_field(enter: Enter) -> None:
    browser = enter("focal_officer")
    for asked, said in NOT_UNDERSTOOD.items():
        answer = browser.get(f"{PAGE}?{asked}")
        assert answer.status_code == 422, asked
        assert "field-error" in answer.text, asked
        assert said in answer.text, asked


def test_a_foolish_address_is_no_error(enter: Enter, leader: int) -> None:
    browser = enter("head")
    for asked in ("after=-1", "after=99999999999999999999", "_external=1"):
        answer = browser.get(f"{PAGE}?{asked}")
        assert answer.status_code == 200, asked
        assert "Tăng Thị Hiền" in answer.text, asked
    for year in (2000, 2099):
        assert "Không có mục nào để soát" in browser.get(f"{PAGE}?year={year}").text


def test_an_empty_year_and_one_without_concerns_say_so(enter: Enter, province: Province) -> None:
    browser = enter("head")
    assert f"Không có mục nào để soát trong năm {NEXT_YEAR}" in browser.get(PAGE).text
    province.plan_item("hoi-an", NEXT_YEAR, "ĐR-01")
    page = browser.get(PAGE).text
    assert "Không có gì cần làm rõ" in page
    assert "1 mục chưa ghi tháng" in sentences(page)
    assert "1 đoàn ra chưa ghi trưởng đoàn" in sentences(page)


def test_months_that_are_over_are_left_out(enter: Enter, province: Province) -> None:
    with clock.frozen_at(date(NEXT_YEAR, 3, 1)):
        province.plan_item("hoi-an", NEXT_YEAR, "ĐR-01", month=2)
        province.plan_item("hoi-an", NEXT_YEAR, "ĐR-02", month=3)
        page = sentences(enter("head").get(f"{PAGE}?year={NEXT_YEAR}").text)
    assert "1 mục không xét vì đã qua tháng dự kiến" in page
    assert "Mục đã soát 1" in page


def test_counting_other_agencies_leaders_leaves_a_trace(
    enter: Enter, leader: int, superuser: psycopg.Connection
) -> None:
    def traces() -> list[dict[str, object]]:
        rows = superuser.execute(
            "SELECT data FROM audit_event WHERE action = 'travel.counted' ORDER BY seq"
        ).fetchall()
        return [row[0] for row in rows]

    enter("head").get(PAGE)
    assert traces() == [], "the leader is the head's own"
    enter("outside_head").get(PAGE)
    assert traces() == [{"year": NEXT_YEAR, "people": 1, "person_ids": [leader]}]
    enter("focal_officer").get(PAGE)
    assert traces()[1:] == [{"year": NEXT_YEAR, "people": 1}]


def test_the_number_of_statements_does_not_depend_on_the_number_of_lines(
    enter: Enter, province: Province, leader: int
) -> None:
    browser = enter("focal_officer")
    browser.get(PAGE)
    with counted() as few:
        browser.get(PAGE)
    plan = province.plan_item("hoi-an", NEXT_YEAR, "X")
    province.connection.execute(
        "INSERT INTO plan_item (tenant_id, plan_id, code, kind, origin, title, countries, month,"
        " leader_id) SELECT i.tenant_id, i.plan_id, 'Y' || n, 'outbound', 'supplement',"
        " 'Đoàn ' || n, '{LA}', 1 + n %% 12, %s"
        " FROM plan_item i, generate_series(1, 200) n WHERE i.id = %s",
        (leader, plan),
    )
    with counted() as many:
        assert "sẽ có 203 chuyến" in sentences(browser.get(PAGE).text)
    assert len(many) == len(few)


def test_the_spreadsheet_holds_what_the_page_shows_and_no_formula(
    enter: Enter, province: Province, leader: int
) -> None:
    title = "=HYPERLINK(1)"
    for code in ("ĐR-11", "ĐR-12"):
        province.plan_item("hoi-an", NEXT_YEAR, code, month=4, title=title)
    answer = enter("head").get(f"{PAGE}/sheet?year={NEXT_YEAR}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = list(book[str(NEXT_YEAR)].iter_rows(values_only=True))
    abouts = [row[2] for row in rows[1:]]
    assert abouts == ["Lãnh đạo vượt số chuyến", "Mục trùng nhau"]
    assert title in str(rows[2][4])
    assert all(cell.data_type != "f" for row in book[str(NEXT_YEAR)] for cell in row)
    assert "Chuyến riêng" not in str(rows)
    assert enter("head").get(f"{PAGE}/sheet?value=1").status_code == 422
