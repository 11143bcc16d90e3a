"""Without a mouse: every step of the officer's work, with the focus always in sight."""

from __future__ import annotations

import re
from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DEMO_PASSWORD

OpenPage = Callable[..., Page]

#: The focused element is on the screen and something shows that it is the one.
SEEN = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect();
    const on = [one, one.closest(".file-control"), one.closest("label")].filter(Boolean);
    const ringed = on.some(each => {
        const style = getComputedStyle(each);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1)
            || style.boxShadow !== "none";
    });
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0;
    const name = `${one.tagName} ${one.id || one.textContent.trim().slice(0, 40)}`;
    return ringed && inside ? "" : `${name}: ringed ${ringed}, on the screen ${inside}`;
}"""


class Keys:
    """Somebody at the keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, selector: str, *, most: int = 150) -> None:
        """Press Tab until this has the focus; every stop on the way must be visible."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                continue
            unseen = self.page.evaluate(SEEN)
            assert not unseen, unseen
            if self.page.evaluate(f"document.activeElement.matches({selector!r})"):
                return
        pytest.fail(f"{most} times Tab do not reach {selector}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)


def signed_in(demo: str, open_page: OpenPage) -> tuple[Page, Keys]:
    """The first page of Hội An's officer, reached without a mouse."""
    page = open_page(f"{demo}/sign-in", reduced_motion="reduce")
    keys = Keys(page)
    assert page.evaluate("document.activeElement.name") == "username"
    keys.type("hoian.cb")
    keys.go_to("[name=password]", most=1)
    keys.type(DEMO_PASSWORD)
    keys.press("Enter")
    page.wait_for_url(f"{demo}/")
    return page, keys


def draft_of_hoi_an(superuser: psycopg.Connection) -> tuple[int, int]:
    """(file, agency): a draft that nothing stops."""
    row = superuser.execute(
        "SELECT a.id, a.tenant_id FROM activity a JOIN membership m ON m.tenant_id = a.tenant_id "
        "JOIN user_account u ON u.id = m.user_id AND u.username = 'hoian.cb' "
        "WHERE a.state = 'draft' AND a.blocks = 0 ORDER BY a.id"
    ).fetchone()
    assert row, "the demo province has no draft of Hội An without a block"
    return row


@pytest.mark.slow
def test_an_officer_signs_in_picks_a_member_and_sends_the_file_on_by_keyboard_alone(
    demo: str, open_page: OpenPage, superuser: psycopg.Connection
) -> None:
    draft, tenant = draft_of_hoi_an(superuser)
    who = superuser.execute(
        "SELECT full_name FROM person WHERE tenant_id = %s AND active AND NOT key_leader "
        "AND id NOT IN (SELECT person_id FROM delegation_member WHERE activity_id = %s) "
        "ORDER BY id DESC",
        [tenant, draft],
    ).fetchone()
    assert who
    page, keys = signed_in(demo, open_page)

    keys.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    keys.press("Enter")
    keys.go_to(f"main a[href='/outbound/{draft}/edit']")
    keys.press("Enter")
    page.wait_for_url("**/edit")

    members = page.locator("button[value^='remove-member:']")
    before = members.count()
    keys.go_to("#people_query")
    keys.type(who[0])
    found = page.locator("#people-found li")
    expect(found).to_have_count(1)  # the answer to the whole name, not to its beginning
    expect(found).to_contain_text(who[0])
    keys.go_to("#people-found button", most=5)
    keys.press("Enter")
    expect(members).to_have_count(before + 1)
    expect(page.locator("#people_query")).to_be_focused()

    keys.go_to("button[value=finish]")
    keys.press("Enter")
    page.wait_for_url(re.compile(rf"/activities/{draft}$"))
    keys.go_to("main form[action$='/steps/send-for-review'] button")
    keys.press("Enter")
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Đang rà soát nội bộ")


def test_a_menu_opens_and_closes_by_keyboard_and_the_focus_returns_to_it(
    demo: str, open_page: OpenPage
) -> None:
    page, keys = signed_in(demo, open_page)
    keys.go_to(".menu-person > summary")
    keys.press("Enter")
    expect(page.locator(".menu-person .menu-list")).to_be_visible()
    keys.go_to(".menu-person .menu-list *", most=1)
    keys.press("Escape")
    expect(page.locator(".menu-person .menu-list")).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('.menu-person > summary')")


def test_an_answer_that_comes_late_does_not_push_what_has_the_focus_off_the_screen(
    demo: str, open_page: OpenPage, superuser: psycopg.Connection
) -> None:
    draft, _tenant = draft_of_hoi_an(superuser)
    page, keys = signed_in(demo, open_page)
    page.goto(f"{demo}/outbound/{draft}/edit")

    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile("/people"), hold)
    keys.go_to("#people_query")
    keys.go_to("#countries")
    found = page.locator("#people-found li")
    page.evaluate("document.activeElement.scrollIntoView({ block: 'end' })")
    assert held, "the search asked nothing"
    assert not found.count()
    for route in held:
        route.continue_()
    found.first.wait_for()
    assert not page.evaluate(SEEN)
