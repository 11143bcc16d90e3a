"""Every page of the running portal: axe at two sizes in Vietnamese and in English, no page wider
than a phone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.routing import Map

from portal.core import clock
from tests.browser.conftest import DEMO_PASSWORD, LAPTOP
from tests.support.page_tour import Visit, visits
from tests.support.pages import PageClient, serious_axe_problems

PHONE = {"width": 390, "height": 844}
DIRECTIVE = {
    "param_limit": "1",
    "number": "12-CT/TU",
    "title_vi": "Chỉ thị về đoàn ra",
    "title_en": "Directive on delegations",
    "dated": "01/11/2026",
    "level": "party",
    "clause": "điểm 2",
    "address": "https://quangnam.gov.vn/12-ct-tu",
    "valid_from": "01/01/2099",
}


@pytest.fixture
def portal(demo: str, app: Flask, superuser: psycopg.Connection) -> str:
    """The demo province with a version of a rule and an amendment being drafted, and a token."""
    focal, officer = signed_in(app, "sngv.cb"), signed_in(app, "sct.cb")
    until = (clock.today() + timedelta(days=30)).strftime("%d/%m/%Y")
    token = {"name": "eOffice của thành phố", "expires_on": until}
    answer = signed_in(app, "hoian.ld").submit("/api-tokens/new", token)
    assert answer.status_code == 200, answer.text
    answer = focal.submit("/regulations/outbound.leader-trips/draft", DIRECTIVE)
    assert answer.status_code == 303, answer.text
    ours = "SELECT tenant_id FROM membership JOIN user_account u ON u.id = user_id"
    approved = superuser.execute(
        "SELECT id, version FROM activity WHERE state = 'approved' AND tenant_id IN "
        f"({ours} WHERE username = 'sct.cb')"
    ).fetchone()
    assert approved, "the demo province has no approved file that sct.cb may amend"
    file = f"/activities/{approved[0]}"
    answer = officer.submit(f"{file}/amendment", {"version": approved[1]}, page=file)
    assert answer.status_code == 303, answer.text
    return demo


def signed_in(app: Flask, username: str) -> PageClient:
    client = PageClient(app)
    client.submit("/sign-in", {"username": username, "password": DEMO_PASSWORD})
    return client


@contextmanager
def someone(browser: Browser, address: str, username: str) -> Iterator[Page]:
    """A browser with this person signed in; nobody's for "-"."""
    context: BrowserContext = browser.new_context(viewport=LAPTOP, bypass_csp=True)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    if username != "-":
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", DEMO_PASSWORD)
        page.locator("main button[type=submit]").click()
        page.wait_for_url(f"{address}/")
    try:
        yield page
    finally:
        context.close()


def speak_english(page: Page) -> None:
    page.locator("form[action='/language'] button[value=en]").first.click()
    page.wait_for_selector("html[lang=en]", state="attached")


def too_wide(page: Page) -> list[str]:
    """What hangs over the edge of the screen, if the page scrolls sideways."""
    wide: list[str] = page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= room) return [];
            return [...document.body.querySelectorAll("*")]
                .filter(one => one.getBoundingClientRect().right > room + 1)
                .map(one => `${one.tagName.toLowerCase()}.${one.className} is too wide`)
                .slice(0, 5);
        }"""
    )
    return wide


def problems_at(page: Page, address: str, visit: Visit, urls: Map, language: str) -> list[str]:
    """What is wrong with this page at the sizes that are looked at in this language."""
    endpoint, _ = urls.bind("").match(visit.path.partition("?")[0])
    if endpoint != visit.endpoint:
        return [f"belongs to {endpoint}, not to {visit.endpoint}"]
    page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    answer = page.goto(address + visit.path)
    if answer is None or answer.status != 200 or not page.url.endswith(visit.path):
        return [f"answers {answer.status if answer else 'nothing'} at {page.url}"]
    vietnamese = language == "vi"  # in English the colours are the same
    seen = [*too_wide(page), *serious_axe_problems(page, contrast=vietnamese)]
    found = [f"{language}, laptop: {each}" for each in seen]
    if vietnamese:
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        found += [f"phone: {each}" for each in too_wide(page)]
        if visit.first:
            found += [f"phone: {each}" for each in serious_axe_problems(page, contrast=False)]
    return found


@pytest.mark.slow
def test_axe_finds_nothing_serious_on_any_page_and_no_page_is_wider_than_a_phone(
    portal: str, app: Flask, browser: Browser, superuser: psycopg.Connection
) -> None:
    problems = []
    for username, seen in visits(superuser).items():
        with someone(browser, portal, username) as page:
            for language in ("vi", "en"):
                if language == "en":
                    speak_english(page)
                for visit in seen:
                    if language == "en" and not visit.first:
                        continue
                    found = problems_at(page, portal, visit, app.url_map, language)
                    problems += [f"{username} {visit.path}: {each}" for each in found]
    assert not problems, "\n".join(problems)
