"""The pages about people, offices and accounts, as a person meets them."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Page

from portal.core import clock
from portal.identity.passwords import hash_password
from tests.browser.conftest import LAPTOP, PHONE
from tests.support.pages import serious_axe_problems
from tests.support.province import Province, arrange, insert

PASSWORD = "sông Thu Bồn chảy"


@pytest.fixture
def province(superuser: psycopg.Connection) -> Province:
    arranged = arrange(superuser, today=clock.today())
    superuser.execute("UPDATE user_account SET password_hash = %s", (hash_password(PASSWORD),))
    superuser.execute(
        "UPDATE membership SET role = 'clerk' WHERE user_id = %s", (arranged.users["officer"],)
    )
    return arranged


def sign_in(page: Page, username: str) -> None:
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_form_that_outlived_its_session_is_sent_again_after_signing_in(
    live_server: str,
    open_page: Callable[..., Page],
    province: Province,
    superuser: psycopg.Connection,
    javascript: bool,
) -> None:
    page = open_page(f"{live_server}/people/new", java_script_enabled=javascript)
    sign_in(page, "officer")
    page.get_by_label("Họ và tên").fill("Đinh Thị Ánh Ngọc")
    superuser.execute("UPDATE user_session SET revoked_at = now()")
    page.get_by_role("button", name="Lưu").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Đăng nhập"
    sign_in(page, "officer")
    assert "Đinh Thị Ánh Ngọc" in page.get_by_role("main").inner_text()
    page.get_by_role("button", name="Gửi lại").click()
    page.wait_for_load_state()
    assert page.get_by_role("heading", level=1).inner_text() == "Đinh Thị Ánh Ngọc"


def test_somebody_with_two_offices_switches_in_the_head_of_the_page(
    live_server: str, open_page: Callable[..., Page], province: Province
) -> None:
    insert(
        province.connection,
        "membership",
        user_id=province.users["officer"],
        tenant_id=province.tenants["nam-giang"],
        role="viewer",
        fields=[],
        valid_from=clock.today(),
        created_at="now",
    )
    page = open_page(f"{live_server}/my/sessions")
    sign_in(page, "officer")
    head = page.locator(".topbar")
    assert "Hội An" in head.locator(".tenant-name").inner_text()
    head.locator(".menu-tenant summary").click()
    head.get_by_role("button", name="UBND huyện Nam Giang · Người xem").click()
    page.wait_for_load_state()
    assert "Nam Giang" in page.locator(".topbar .tenant-name").inner_text()


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE])
def test_axe_finds_nothing_serious_and_no_page_is_wider_than_the_screen(
    live_server: str,
    open_page: Callable[..., Page],
    province: Province,
    viewport: dict[str, int],
) -> None:
    leader = province.people["Nguyễn Đức Ân"]
    pages = {
        "head": ["/people", f"/people/{leader}", "/stand-ins", "/stand-ins/new", "/my/sessions",
                 "/my/password", "/agencies", f"/agencies/{province.tenants['hoi-an']}"],
        "administrator": ["/admin/users", f"/admin/users/{province.users['head']}",
                          "/admin/users/new", "/people/new"],
    }  # fmt: skip
    for username, addresses in pages.items():
        page = open_page(f"{live_server}/sign-in", viewport=viewport, bypass_csp=True)
        assert serious_axe_problems(page) == []
        sign_in(page, username)
        for address in addresses:
            page.goto(live_server + address)
            assert serious_axe_problems(page) == [], address
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= viewport["width"], address
