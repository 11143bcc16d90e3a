"""The look: nothing serious for axe, at every size, in both languages, with and without JS."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route
from werkzeug.serving import make_server

from tests.browser.conftest import LAPTOP, PHONE, ZOOMED
from tests.support.pages import serious_axe_problems
from tests.support.web_room import make_web_room

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def room() -> Iterator[str]:
    """The web room on a port of this machine; its address."""
    server = make_server("127.0.0.1", 0, make_web_room(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)
    server.server_close()


def signed_in(language: str = "vi") -> dict[str, object]:
    return {"extra_http_headers": {"X-Actor": language}}


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE, ZOOMED], ids=["laptop", "phone", "zoomed"])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", ["/_/style-guide", "/status/404"])
def test_axe_finds_nothing_serious_and_nothing_hangs_over_the_edge(
    room: str, open_page: OpenPage, path: str, language: str, viewport: dict[str, int]
) -> None:
    page = open_page(room + path, viewport, bypass_csp=True, **signed_in(language))
    assert serious_axe_problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_the_signed_out_frame_is_as_good(room: str, open_page: OpenPage) -> None:
    page = open_page(room + "/status/404", PHONE, bypass_csp=True)
    assert serious_axe_problems(page) == []


def test_every_error_page_is_ours_and_as_good(room: str, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, bypass_csp=True, **signed_in())  # type: ignore[arg-type]
    page = context.new_page()
    for code in (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503):
        page.goto(f"{room}/status/{code}")
        assert page.locator("main h1").count() == 1
        assert page.locator("main a, main button").count() >= 1, f"{code} leads nowhere"
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert serious_axe_problems(page) == [], code
    context.close()


def test_a_laptop_shows_twenty_four_rows_of_a_table(room: str, open_page: OpenPage) -> None:
    page = open_page(room + "/_/style-guide", **signed_in())
    heights = page.evaluate(
        "[...document.querySelectorAll('tbody tr:not(.group)')].map(row => row.offsetHeight)"
    )
    # 768 less bar, title, filters and the head of the table.
    assert min(heights) * 24 <= 768 - 44 - 40 - 24 - 24


def test_the_first_tab_skips_to_the_content(room: str, open_page: OpenPage) -> None:
    page = open_page(room + "/status/404", **signed_in())
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_ctrl_k_goes_to_the_search_box(room: str, open_page: OpenPage) -> None:
    page = open_page(room + "/status/404", **signed_in())
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "top-search"


def test_a_menu_opens_without_javascript_and_closes_with_escape(
    room: str, open_page: OpenPage
) -> None:
    bare = open_page(room + "/_/style-guide", java_script_enabled=False, **signed_in())
    bare.locator(".menu-person summary").click()
    assert bare.locator(".menu-person .menu-list").is_visible()
    page = open_page(room + "/_/style-guide", **signed_in())
    page.locator(".menu-person summary").click()
    page.keyboard.press("Escape")
    assert not page.locator(".menu-person .menu-list").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_phone_reaches_every_place_from_the_bar_at_the_bottom(
    room: str, open_page: OpenPage
) -> None:
    page = open_page(room + "/_/style-guide", PHONE, **signed_in())
    places = page.locator(".rail > ul > li:visible")
    assert places.count() >= 2
    box = page.locator(".rail").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == pytest.approx(PHONE["height"], abs=1)


def test_the_error_summary_is_focused_and_leads_to_the_field(
    room: str, open_page: OpenPage
) -> None:
    page = open_page(room + "/_/style-guide", **signed_in())
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "purpose"


def test_a_double_click_sends_one_form(room: str, open_page: OpenPage) -> None:
    page = open_page(room + "/_/style-guide", **signed_in())
    sent: list[str] = []

    def stay(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)

    page.route("**/_/style-guide", stay)
    page.locator("#sample button.btn-primary").dblclick()
    page.wait_for_timeout(300)
    assert sent == ["POST"]
    assert page.locator("#sample button.btn-primary").is_disabled()


def test_leaving_unsaved_text_asks_first(room: str, open_page: OpenPage) -> None:
    page = open_page(room + "/_/style-guide", **signed_in())
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.fill("#purpose", "Ký biên bản")
    page.goto(room + "/status/404")
    assert asked == ["beforeunload"]


def test_countries_are_picked_by_typing_and_dropped_by_a_click(
    room: str, open_page: OpenPage
) -> None:
    page = open_page(room + "/_/style-guide", **signed_in())
    page.fill("#country", "Nhật Bản")
    page.fill("#country", "tha")
    page.keyboard.press("Enter")
    page.locator("#country").press_sequentially("dai loan")
    page.keyboard.press("Tab")
    chosen = "[...document.querySelector('[name=country]').selectedOptions].map(o => o.value)"
    assert sorted(page.evaluate(chosen)) == ["JP", "TH", "TW"]
    page.locator(".picker-chosen button").first.click()
    assert len(page.evaluate(chosen)) == 2


def test_without_javascript_countries_are_an_ordinary_list(room: str, open_page: OpenPage) -> None:
    page = open_page(room + "/_/style-guide", java_script_enabled=False, **signed_in())
    page.select_option("#country", ["JP", "LA"])
    assert page.locator("#country option:checked").count() == 2


def test_paper_has_no_frame_and_all_facts(room: str, open_page: OpenPage) -> None:
    page = open_page(room + "/_/style-guide", **signed_in())
    page.emulate_media(media="print")
    for hidden in (".topbar", ".rail", ".page-actions", ".finding-cures"):
        assert not page.locator(hidden).first.is_visible()
    assert page.locator(".finding-message").first.is_visible()


def test_the_page_loads_in_less_than_two_hundred_kilobytes(room: str, open_page: OpenPage) -> None:
    page = open_page(room + "/status/404", **signed_in())
    page.wait_for_load_state("networkidle")
    sizes = page.evaluate(
        "performance.getEntriesByType('resource').map(entry => entry.encodedBodySize)"
    )
    assert len(sizes) >= 6
    assert sum(sizes) < 180_000


def answering(*answers: dict[str, object]) -> tuple[Callable[[Route], None], list[str]]:
    """A server that gives these answers to POSTs in turn, and what it was sent."""
    left, sent = list(answers), []

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        sent.append(route.request.post_data or "")
        route.fulfill(**(left.pop(0) if left else {"status": 200, "body": ""}))  # type: ignore[arg-type]

    return answer, sent


def test_an_expired_session_takes_nothing_from_a_page_with_unsaved_text(
    room: str, open_page: OpenPage
) -> None:
    page = open_page(room + "/_/style-guide", **signed_in())
    answer, _ = answering({"status": 401, "headers": {"HX-Redirect": "/sign-in?next=/x"}})
    page.route("**/_/style-guide", answer)
    page.fill("#purpose", "Ký biên bản")
    notice = page.locator("#flashes [role=alert]")
    notice.wait_for()
    assert notice.locator("a").get_attribute("href") == "/sign-in?next=/x"
    assert page.url.endswith("/_/style-guide")
    assert page.input_value("#purpose") == "Ký biên bản"


def test_after_signing_in_elsewhere_the_autosave_goes_on_with_a_fresh_token(
    room: str, open_page: OpenPage
) -> None:
    page = open_page(room + "/_/style-guide", **signed_in())
    answer, sent = answering({"status": 400, "headers": {"X-Fresh-Token": "fresh-token"}})
    page.route("**/_/style-guide", answer)
    page.fill("#purpose", "Ký biên bản")
    page.wait_for_selector("#sample [name=csrf_token][value=fresh-token]", state="attached")
    page.wait_for_timeout(800)
    assert len(sent) == 2
    assert "fresh-token" in sent[1]


def test_a_save_that_is_refused_leaves_the_cursor_where_one_writes(
    room: str, open_page: OpenPage
) -> None:
    page = open_page(room + "/_/style-guide", **signed_in())
    headers = {"HX-Retarget": "#flashes", "HX-Reswap": "innerHTML"}
    refusal = '<div role="alert" tabindex="-1" data-focus>Hệ thống đang bận</div>'
    answer, _ = answering({"status": 429, "headers": headers, "body": refusal})
    page.route("**/_/style-guide", answer)
    page.fill("#purpose", "Ký biên bản")
    page.locator("#flashes [role=alert]").wait_for()
    page.keyboard.type(" ghi nhớ")
    assert page.input_value("#purpose") == "Ký biên bản ghi nhớ"


def test_a_proxys_page_is_never_shown_inside_ours(room: str, open_page: OpenPage) -> None:
    page = open_page(room + "/_/style-guide", **signed_in())
    answer, _ = answering({"status": 502, "body": "<h1>Bad Gateway</h1>"})
    page.route("**/_/style-guide", answer)
    page.fill("#purpose", "Ký biên bản")
    page.locator("#flashes [role=alert]").wait_for()
    assert "Bad Gateway" not in page.content()
    assert page.locator("h1").count() == 1
