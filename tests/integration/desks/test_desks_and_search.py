"""The split desks, the search, and the plans: what each shows to whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.integration.desks.conftest import Files
from tests.support.pages import PageClient
from tests.support.province import Province, insert
from tests.support.signing_in import Enter
from tests.support.statements import counted

PAGES = {
    "/desks/appraisal": {"focal_officer", "focal_head"},
    "/desks/decisions": {"chair", "chair_officer", "committee"},
    "/desks/opinions": {"police"},
    "/desks/inspection": {"inspector"},
}


def found(browser: PageClient, text: str) -> list[str]:
    """What a search shows, files first."""
    page = browser.get("/search", query_string={"q": text}).text
    return re.findall(r'class="row-cell-main"[^>]*>([^<]+)<', page)


def for_decision(files: Files, title: str, **facts: object) -> int:
    """A file on the chair's desk, with members, an opinion and an appraisal."""
    activity_id = files.file(
        "hoi-an", title, state="appraised", starts_on=files.today + timedelta(days=30),
        ends_on=files.today + timedelta(days=33), authority="chair", **facts,
    )  # fmt: skip
    province = files.province
    leader = province.person("hoi-an", f"Trưởng đoàn {title}", key_leader=True)
    province.member(activity_id, "hoi-an", leader, "head")
    insert(
        province.connection, "opinion", tenant_id=province.tenants["hoi-an"],
        activity_id=activity_id, body="police", question="", asked_on=files.today,
        answer="object", text="Địa bàn phức tạp.", answered_on=files.today,
    )  # fmt: skip
    for kind, permission in (("decide", "decision:decide"), ("record-decision", "decision:record")):
        files.task(activity_id, kind, permission, "van-phong-ubnd", 2)
    return activity_id


@pytest.mark.parametrize("address", PAGES)
def test_a_desk_opens_only_for_those_who_work_at_it(enter: Enter, address: str) -> None:
    for who in ("officer", "focal_officer", "police", "chair", "inspector", "administrator"):
        expected = 200 if who in PAGES[address] else 403
        assert enter(who).get(address).status_code == expected, who


def test_an_empty_desk_says_what_comes_next(enter: Enter) -> None:
    assert "ngay khi một cơ quan trình" in enter("focal_officer").get("/desks/appraisal").text
    assert "báo cáo thẩm định được ký" in enter("chair").get("/desks/decisions").text


def test_the_chair_sees_what_decides_a_file_once(files: Files, enter: Enter) -> None:
    for_decision(files, "Đoàn thứ nhất")
    second = for_decision(files, "Đoàn thứ hai")
    browser = enter("chair")
    page = browser.get("/desks/decisions").text
    assert page.count("Đoàn thứ nhất</span>") == 1
    assert "Địa bàn phức tạp." in page
    assert "Trưởng đoàn Đoàn thứ nhất" in page
    assert "đã duyệt 0/2" in page
    page = browser.get(f"/desks/decisions?file={second}").text
    assert "Trưởng đoàn Đoàn thứ hai" in page
    assert 'aria-current="true"' in page


def test_a_file_that_is_not_in_the_queue_is_not_shown_on_the_desk(
    files: Files, enter: Enter
) -> None:
    for_decision(files, "Đoàn chờ")
    draft = files.file("nam-giang", "Nháp kín", state="draft")
    page = enter("chair").get(f"/desks/decisions?file={draft}").text
    assert "Nháp kín" not in page
    assert "Đoàn chờ" in page


def test_the_question_about_another_agencys_leader_is_audited(files: Files, enter: Enter) -> None:
    for_decision(files, "Đoàn")
    browser = enter("chair")
    browser.get("/desks/decisions")
    row = files.province.connection.execute(
        "SELECT count(*) FROM audit_event WHERE action = 'travel.looked_up'"
    ).fetchone()
    assert row == (1,)


def test_the_police_see_the_clock_the_file_and_no_leaders_trips(files: Files, enter: Enter) -> None:
    activity_id = for_decision(files, "Đoàn hỏi ý kiến", police_involved=True)
    files.task(activity_id, "give-opinion", "opinion:give", "cong-an-tinh", -2)
    browser = enter("police")
    page = browser.get("/desks/opinions").text
    assert "Đoàn hỏi ý kiến" in page
    assert "quá" in page
    assert "đã duyệt" not in page
    assert "Chưa cho ý kiến nào" in browser.get("/desks/opinions?view=given").text


def test_the_inspector_sees_the_late_the_refused_and_the_waived(files: Files, enter: Enter) -> None:
    late = files.file(
        "hoi-an", "Đoàn ghi sau", state="closed", after_the_fact=True,
        after_the_fact_reason="Đi gấp.", starts_on=files.today, ends_on=files.today,
    )  # fmt: skip
    files.file("hoi-an", "Đoàn bị từ chối", state="rejected")
    files.file("hoi-an", "Chưa báo cáo", state="completed", due_on=files.today - timedelta(days=1))
    insert(
        files.province.connection, "waiver", tenant_id=files.province.tenants["hoi-an"],
        activity_id=late, rule="outbound.leader-trips", by="standing-committee",
        document_no="99-TB/TU", document_date=files.today, reason="Cần thiết.",
        created_at="now",
    )  # fmt: skip
    page = enter("inspector").get("/desks/inspection").text
    for words in ("Đi gấp.", "Đoàn bị từ chối", "Chưa báo cáo", "99-TB/TU"):
        assert words in page


@pytest.mark.parametrize("who", ["chair", "focal_officer", "police"])
def test_a_desk_needs_at_most_ten_statements(files: Files, enter: Enter, who: str) -> None:
    for number in range(6):
        activity_id = for_decision(files, f"Đoàn {number}", police_involved=True)
        files.task(activity_id, "give-opinion", "opinion:give", "cong-an-tinh", 1)
        files.task(activity_id, "appraise", "appraisal:write", "so-ngoai-vu", 1)
    address = next(address for address, people in PAGES.items() if who in people)
    browser = enter(who)
    browser.get(address)
    with counted() as statements:
        browser.get(address)
    reading = [text for text in statements if text.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert len(reading) <= 10, reading


def test_a_search_finds_files_and_people_without_accents(files: Files, enter: Enter) -> None:
    files.province.person("hoi-an", "Trương Thị Lài", search_key="truong thi lai")
    files.file("hoi-an", "Xúc tiến đầu tư tại Nhật Bản")
    browser = enter("officer")
    assert found(browser, "nhat ban dau tu") == ["Xúc tiến đầu tư tại Nhật Bản"]
    assert found(browser, "LÀI") == ["Trương Thị Lài"]
    assert found(browser, "khong co gi") == []


def test_a_search_never_finds_another_agencys_draft(files: Files, enter: Enter) -> None:
    files.file("nam-giang", "Kế hoạch kín Sê Kông", state="draft")
    for who in ("officer", "focal_officer", "chair", "police", "administrator"):
        assert "Kế hoạch kín Sê Kông" not in found(enter(who), "ke hoach kin"), who
    assert found(enter("outsider"), "kin se kong") == ["Kế hoạch kín Sê Kông"]


def test_a_search_for_nothing_asks_for_words(enter: Enter) -> None:
    browser = enter("officer")
    for text in ("", "   ", "!!!", "'"):
        assert "Hãy gõ một từ" in browser.get("/search", query_string={"q": text}).text


def test_suggestions_are_names_only(enter: Enter) -> None:
    browser = enter("officer")
    assert "UBND huyện Nam Giang" in browser.get("/choices/agencies").text
    assert "Nhật Bản" in browser.get("/choices/countries").text
    assert browser.get("/choices/people").status_code == 404


def plan_of(province: Province, tenant: str) -> int:
    row = province.connection.execute(
        "SELECT id FROM plan WHERE tenant_id = %s", [province.tenants[tenant]]
    ).fetchone()
    assert row
    return int(row[0])


def test_a_plan_shows_which_file_uses_each_item(files: Files, enter: Enter) -> None:
    item = files.province.plan_item("hoi-an", files.today.year)
    files.file("hoi-an", "Đoàn theo kế hoạch", plan_item_id=item, state="approved")
    browser = enter("officer")
    plan = plan_of(files.province, "hoi-an")
    overview = browser.get("/plans").text
    assert f'href="/plans/{plan}"' in overview
    page = browser.get(f"/plans/{plan}").text
    assert "Đoàn theo kế hoạch" in page
    assert "Đã dùng 1/1 mục" in page


def test_a_file_that_was_given_up_does_not_use_its_item(files: Files, enter: Enter) -> None:
    item = files.province.plan_item("hoi-an", files.today.year)
    files.file("hoi-an", "Đoàn đã hủy", plan_item_id=item, state="cancelled")
    page = enter("officer").get(f"/plans/{plan_of(files.province, 'hoi-an')}").text
    assert "Đã dùng 0/1 mục" in page


def test_another_agencys_plan_does_not_exist_for_an_agency(files: Files, enter: Enter) -> None:
    files.province.plan_item("nam-giang", files.today.year)
    plan = plan_of(files.province, "nam-giang")
    browser = enter("officer")
    assert browser.get(f"/plans/{plan}").status_code == 404
    assert f"/plans/{plan}" not in browser.get("/plans?agency=nam-giang").text
    assert browser.get("/plans/999999999").status_code == 404


def test_overseers_choose_a_year_or_an_agency(files: Files, enter: Enter) -> None:
    files.province.plan_item("hoi-an", files.today.year)
    files.province.plan_item("nam-giang", files.today.year - 1)
    browser = enter("focal_officer")
    here, there = (f"/plans/{plan_of(files.province, code)}" for code in ("hoi-an", "nam-giang"))
    assert here in browser.get("/plans").text
    assert there not in browser.get("/plans").text
    assert there in browser.get(f"/plans?year={files.today.year - 1}").text
    assert there in browser.get("/plans?agency=nam-giang").text


def test_nonsense_on_the_plans_page_is_said(enter: Enter) -> None:
    browser = enter("inspector")
    for query in ("year=abc", "year=1900", "year=20262", "agency=Atlantis"):
        assert browser.get(f"/plans?{query}").status_code == 422, query
    assert browser.get("/plans?after=abc").status_code == 200
    assert browser.get("/plans?after=99999999").status_code == 200
