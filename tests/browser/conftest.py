"""Debian's chromium, without a network, at the sizes people have."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from portal.core import clock
from portal.demo.load import load_if_empty
from portal.extensions import db

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}
#: What a laptop shows at 200 % zoom.
ZOOMED = {"width": 683, "height": 384}


DEMO_PASSWORD = "quang-nam-2024"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """CI must have the browser; elsewhere its absence is named as skipped."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and os.environ.get("CI") != "true":
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; every test gets a context of its own."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed day for every thread of the server: the demo province is dated relative to it."""
    monkeypatch.setattr(clock, "now", lambda: MONDAY.astimezone(ZoneInfo("UTC")))


@pytest.fixture
def demo(monday: None, app: Flask, live_server: str) -> str:
    """The demo province on a port of this machine; its address."""
    with app.app_context():
        load_if_empty()
        db.session.remove()
    return live_server


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """``open_page(url, viewport=LAPTOP, **context)``: fails when the page logs an error or breaks
    the content security policy. Further keywords go to Playwright's ``new_context``.
    """
    contexts = []
    complaints: list[str] = []

    def open_one(url: str, viewport: dict[str, int] = LAPTOP, **options: Any) -> Page:
        context = browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: m.type == "error" and complaints.append(m.text))
        page.goto(url)
        return page

    yield open_one
    for context in contexts:
        context.close()
    # What the portal refuses, and an autosave that leaving the page cut short.
    refused = (
        "status of 4", "status of 502", "Response Status Error Code", "htmx:sendAbort",
        "htmx:afterRequest",
    )  # fmt: skip
    assert not [text for text in complaints if not any(word in text for word in refused)]
