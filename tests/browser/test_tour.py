"""The tour of the README in a real browser: from a draft that cannot go to the decision."""

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page

from portal.cli_audit import audit
from portal.config import Settings
from tests.browser.conftest import DEMO_PASSWORD
from tests.support.pages import serious_axe_problems

OpenPage = Callable[..., Page]


class Person:
    """One demo account at its own browser."""

    def __init__(self, open_page: OpenPage, address: str, username: str) -> None:
        self.address = address
        self.page = open_page(f"{address}/sign-in")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", DEMO_PASSWORD)
        self.page.locator("main button[type=submit]").click()
        self.page.wait_for_url(f"{address}/")

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, words: str) -> None:
        """Press the button or the link with these words."""
        main = self.page.locator("main")
        button = main.get_by_role("button", name=words, exact=True)
        with self.page.expect_navigation():
            button.or_(main.get_by_role("link", name=words, exact=True)).first.click()

    def says(self, words: str) -> bool:
        return words in self.page.locator("main").inner_text()


def write_the_draft(officer: Person) -> str:
    """A planned delegation with everything but its members; the path of its file."""
    page = officer.page
    officer.open("/outbound/new")
    page.locator("main button", has_text="Soạn từ mục này").nth(1).click()
    page.wait_for_url("**/edit")
    page.fill("#departs", "21/12/2026")
    page.fill("#returns", "25/12/2026")
    page.fill("#purpose", "Giao lưu văn hóa, xúc tiến du lịch")
    page.fill("#host_partner", "Thành phố Osan")
    page.fill("#content", "Dự lễ hội đèn lồng, hội đàm với chính quyền thành phố")
    page.select_option("#funding", "state")
    page.select_option("#leader_rank", "department")
    page.locator("button[value=fill-days]").click()
    programme = page.locator("main textarea[name$=-item]")
    programme.nth(4).wait_for()
    for number in range(programme.count()):
        programme.nth(number).fill("Làm việc với chính quyền thành phố Osan")
    return (
        page.url.removeprefix(officer.address)
        .replace("/outbound/", "/activities/")
        .removesuffix("/edit")
    )


def add_member(officer: Person, who: str) -> str:
    """Add the person of the own agency whose row says `who`; the name."""
    page = officer.page
    page.fill("#people_query", "")
    with page.expect_navigation():
        page.locator("button[value=find-people]").click()
    row = page.locator(".people-found li", has_text=who).first
    name = row.locator("strong").inner_text()
    row.locator("button").click()
    page.locator("#members").get_by_text(name).locator("visible=true").first.wait_for()
    return name


def answer_warnings(officer: Person) -> None:
    answers = officer.page.locator("textarea[name^='answer-']")
    for number in range(answers.count()):
        answers.nth(number).fill("Đối tác ấn định thời gian; đơn vị đã chuẩn bị đủ hồ sơ.")


def draft_what_may_go(officer: Person) -> str:
    """Draft with a leader who has no trip left, read why it cannot go, cure it; the file's path."""
    file = write_the_draft(officer)
    add_member(officer, "Chánh Văn phòng")
    leader = add_member(officer, "2/2")
    panel = officer.page.locator("#check-panel, aside").first
    panel.get_by_text("đã có 2 chuyến").first.wait_for()
    assert leader in panel.inner_text()
    officer.page.locator(".btn-cure", has_text="Bỏ").first.click()
    officer.page.locator("button[value^='remove-member:']").nth(1).wait_for(state="detached")
    answer_warnings(officer)
    officer.press("Lưu và chuyển sang trình")
    return file


@pytest.mark.slow
def test_a_newcomer_takes_a_delegation_from_the_draft_to_the_decision(
    demo: str, open_page: OpenPage, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = Person(open_page, demo, "hoian.cb")
    file = draft_what_may_go(officer)
    officer.open(file)
    officer.press("Chuyển rà soát nội bộ")

    head = Person(open_page, demo, "hoian.ld")
    head.open(file)
    head.press("Đồng ý và chuyển lãnh đạo")
    head.press("Trình Sở Ngoại vụ")
    assert head.says("Sở Ngoại vụ")

    focal = Person(open_page, demo, "sngv.cb")
    focal.open(file)
    focal.press("Tiếp nhận thẩm định")
    focal.press("Lấy ý kiến Công an tỉnh")

    police = Person(open_page, demo, "ca.cb")
    police.open(file)
    police.press("Cho ý kiến")
    police.page.get_by_label("Thống nhất", exact=True).check()
    police.press("Cho ý kiến")

    focal.open(file)
    focal.press("Viết báo cáo thẩm định")
    focal.page.get_by_label("Đề nghị phê duyệt").check()
    focal.page.fill("#note", "Hồ sơ đầy đủ, phù hợp kế hoạch.")
    focal.press("Viết báo cáo thẩm định")
    focal_head = Person(open_page, demo, "sngv.ld")
    focal_head.open(file)
    focal_head.press("Ký báo cáo thẩm định")

    chair = Person(open_page, demo, "ubnd.ct")
    chair.open(file)
    chair.press("Phê duyệt")
    chair.page.fill("#document_no", "3120/QĐ-UBND")
    chair.page.fill("#document_date", "23/11/2026")
    chair.press("Phê duyệt")
    assert chair.says("3120/QĐ-UBND")
    assert not serious_axe_problems(chair.page)
    printed = chair.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", printed)) <= 2

    for name, value in settings.environ().items():
        monkeypatch.setenv(name, value)
    verified = CliRunner().invoke(audit, ["verify"])
    assert verified.exit_code == 0, verified.output
