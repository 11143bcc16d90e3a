"""Drafting with JavaScript: it saves itself, says the law, and leaves the cursor alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, Route, expect

from portal.core import clock
from portal.identity.passwords import hash_password
from tests.browser.conftest import PHONE
from tests.support.pages import serious_axe_problems
from tests.support.province import Province, arrange

PASSWORD = "sông Thu Bồn chảy"


@pytest.fixture
def province(superuser: psycopg.Connection) -> Province:
    arranged = arrange(superuser, today=clock.today())
    superuser.execute("UPDATE user_account SET password_hash = %s", (hash_password(PASSWORD),))
    return arranged


@pytest.fixture
def draft(
    open_page: Callable[..., Page], live_server: str, province: Province
) -> Callable[..., Page]:
    """The form of a new draft out of plan, open before the officer."""

    def start(**options: Any) -> Page:
        page = open_page(f"{live_server}/sign-in", bypass_csp=True, **options)
        page.fill("#username", "officer")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_load_state()
        page.goto(f"{live_server}/outbound/new")
        page.click("#unplanned button")
        page.wait_for_url("**/edit")
        return page

    return start


def stored(province: Province, column: str) -> Any:
    row = province.connection.execute(f"SELECT {column} FROM outbound").fetchone()
    assert row is not None
    return row[0]


def test_what_is_typed_saves_itself_and_the_findings_follow(
    draft: Callable[..., Page], province: Province
) -> None:
    page = draft()
    expect(page.locator("#check-body")).to_contain_text("mục đích")
    page.fill("#purpose", "giao lưu biên giới")
    page.keyboard.press("Tab")
    expect(page.locator("#version")).to_have_value("2")
    assert stored(province, "purpose") == "giao lưu biên giới"
    page.fill("#necessity", "theo thỏa thuận đã ký")
    page.keyboard.press("Tab")
    expect(page.locator("#check-body")).not_to_contain_text("thuyết minh sự cần thiết")


def test_a_person_is_found_picked_and_counted_without_leaving_the_page(
    draft: Callable[..., Page], province: Province
) -> None:
    province.person(
        "hoi-an", "Trần Thị Bình", honorific="bà", key_leader=True, search_key="tran thi binh"
    )
    page = draft()
    page.fill("#purpose", "chưa kịp lưu")
    page.fill("#people_query", "binh")
    page.click("#people-found li:has-text('Trần Thị Bình') button")
    expect(page.locator(".members")).to_contain_text("bà Trần Thị Bình")
    expect(page.locator(".members .trips")).to_contain_text("đã đi 0/2 chuyến")
    expect(page.locator("#purpose")).to_have_value("chưa kịp lưu")
    expect(page.locator("#people_query")).to_be_focused()


def test_a_save_of_its_own_accord_does_not_cut_off_the_answer_to_a_button(
    draft: Callable[..., Page], province: Province
) -> None:
    """On a slow line the save began before the person was added, and the click was for nothing."""
    province.person("hoi-an", "Trần Thị Bình", search_key="tran thi binh")
    page = draft()
    page.fill("#people_query", "binh")
    expect(page.locator("#people-found li")).to_have_count(1)

    def slowly(route: Route) -> None:
        time.sleep(1.5)
        route.continue_()

    page.route("**/edit", slowly)
    page.fill("#purpose", "giao lưu")
    page.click("#people-found li:has-text('Trần Thị Bình') button")
    expect(page.locator(".members")).to_contain_text("Trần Thị Bình", timeout=10_000)
    expect(page.locator("#purpose")).to_have_value("giao lưu")
    page.fill("#purpose", "giao lưu biên giới")
    with page.expect_response("**/save"):
        page.keyboard.press("Tab")
    assert stored(province, "purpose") == "giao lưu biên giới"


def test_a_button_whose_answer_never_comes_leaves_the_form_to_write_in(
    draft: Callable[..., Page],
) -> None:
    page = draft()
    page.route("**/edit", lambda route: route.fulfill(status=502, body="Bad Gateway"))
    page.click("button[value=add-day]")
    page.locator("#flashes [role=alert]").wait_for()
    page.fill("#purpose", "giao lưu biên giới")
    page.locator("#purpose").click()
    expect(page.locator("#purpose")).to_be_focused()


def test_the_findings_change_beside_an_answer_without_taking_the_cursor(
    draft: Callable[..., Page], province: Province
) -> None:
    page = draft()
    today = clock.today()
    page.fill("#departs", f"{today:%d/%m/%Y}")
    page.fill("#returns", f"{today:%d/%m/%Y}")
    page.keyboard.press("Tab")
    answer = page.locator("#answer-outbound-lead-time")
    answer.click()
    answer.press_sequentially("thư mời đến muộn", delay=20)
    expect(page.locator("#check-body")).not_to_contain_text("(cần có khi trình)", timeout=8_000)
    expect(answer).to_be_focused()
    expect(answer).to_have_value("thư mời đến muộn")
    assert stored(province, "answers") == {"outbound.lead-time": "thư mời đến muộn"}


def test_a_second_tab_is_told_and_loses_nothing(
    draft: Callable[..., Page], province: Province
) -> None:
    first = draft()
    second = first.context.new_page()
    second.goto(first.url)
    first.fill("#purpose", "tab một")
    first.keyboard.press("Tab")
    expect(first.locator("#version")).to_have_value("2")
    second.fill("#purpose", "tab hai")
    second.keyboard.press("Tab")
    expect(second.locator("#clash")).to_contain_text("Hồ sơ này vừa được sửa ở nơi khác")
    expect(second.locator("#purpose")).to_have_value("tab hai")
    second.click("#clash button")
    expect(second.locator("h1")).to_have_text("Hồ sơ có hai bản khác nhau")
    second.click("button[value=resolve]")
    expect(second.locator("#purpose")).to_have_value("tab hai")


def test_on_a_phone_the_findings_are_a_bar_that_opens(draft: Callable[..., Page]) -> None:
    page = draft(viewport=PHONE)
    expect(page.locator("#check")).not_to_have_attribute("open", "")
    bar = page.locator("#check > summary")
    expect(bar).to_be_in_viewport()
    bar.click()
    expect(page.locator("#check-body .verdict")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("viewport", [{"width": 1366, "height": 768}, PHONE])
def test_axe_finds_nothing_serious_on_the_form(
    draft: Callable[..., Page], province: Province, viewport: dict[str, int]
) -> None:
    page = draft(viewport=viewport)
    page.fill("#departs", "31/02/2026")
    page.click("header button[value=save]")
    page.wait_for_load_state()
    assert serious_axe_problems(page) == []


def test_a_file_goes_up_by_its_button_alone_and_one_too_large_not_at_all(
    draft: Callable[..., Page], tmp_path: Path
) -> None:
    page = draft()
    small, large = tmp_path / "thu-moi.pdf", tmp_path / "phim.pdf"
    small.write_bytes(b"%PDF-1.4\n")
    with large.open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    page.set_input_files("#upload", large)
    expect(page.locator(".file-chosen")).to_contain_text("lớn hơn 20 MB")
    page.set_input_files("#upload", small)
    with page.expect_response("**/save") as saved:
        page.fill("#purpose", "giao lưu")
        page.keyboard.press("Tab")
    assert "thu-moi.pdf" not in (saved.value.request.post_data or "")
    expect(page.locator("#save-mark")).to_contain_text("Đã lưu")


def test_a_save_that_fails_says_so_and_the_warning_goes_with_the_next_one(
    draft: Callable[..., Page],
) -> None:
    page = draft()
    page.route("**/save", lambda route: route.fulfill(status=502))
    page.fill("#purpose", "giao lưu")
    page.keyboard.press("Tab")
    expect(page.locator("#save-mark")).to_have_text("Chưa lưu")
    expect(page.locator("#flashes")).to_contain_text("chưa phản hồi")
    page.unroute("**/save")
    page.fill("#purpose", "giao lưu biên giới")
    page.keyboard.press("Tab")
    expect(page.locator("#save-mark")).to_contain_text("Đã lưu")
    expect(page.locator("#flashes .notice")).to_have_count(0)
