"""An officer of Hội An in a browser, with people and a plan to draft from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import html5lib
import psycopg
import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.core.clock import frozen_at
from portal.identity.passwords import hash_password
from tests.support.pages import PageClient
from tests.support.province import Province, arrange

DAY = date(2026, 9, 7)
"""A Monday."""
PASSWORD = "sông Thu Bồn chảy"
_HASH = hash_password(PASSWORD)
COMPLETE = {
    "departs": "14/12/2026",
    "returns": "18/12/2026",
    "countries": ["LA"],
    "leader_rank": "department",
    "purpose": "giao lưu biên giới",
    "host_partner": "huyện Đắc Chưng",
    "content": "hội đàm thường niên",
    "funding": "state",
    "organiser": "agency",
}


@pytest.fixture(autouse=True)
def _a_fixed_day() -> Iterator[None]:
    with frozen_at(DAY):
        yield


@pytest.fixture
def province(superuser: psycopg.Connection) -> Province:
    arranged = arrange(superuser, today=DAY)
    superuser.execute("UPDATE user_account SET password_hash = %s", (_HASH,))
    return arranged


class Browser(PageClient):
    """A browser of one person, without JavaScript."""

    def sign_in(self, username: str) -> None:
        answer = self.submit("/sign-in", {"username": username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text


@pytest.fixture
def signed_in(app: Flask, province: Province) -> Callable[[str], Browser]:
    def enter(username: str) -> Browser:
        browser = Browser(app)
        browser.sign_in(username)
        return browser

    return enter


@dataclass(slots=True)
class Form:
    """The drafting form as a browser has it: read from the page, changed, posted whole."""

    browser: Browser
    id: int
    values: MultiDict[str, str] = field(default_factory=MultiDict)
    text: str = ""
    path: str = "edit"

    @property
    def url(self) -> str:
        return f"/outbound/{self.id}/{self.path}"

    def open(self, query: str = "") -> Form:
        answer = self.browser.get(self.url + query)
        assert answer.status_code == 200, answer.text
        return self.read(answer.text)

    def read(self, text: str) -> Form:
        self.text = text
        self.values = fields_of(text, "editor")
        return self

    def put(self, **values: Any) -> Form:
        for name, value in values.items():
            self.values.setlist(
                name.replace("__", "-"), value if isinstance(value, list) else [value]
            )
        return self

    def press(self, do: str, *, follow: bool = True, **files: Any) -> Any:
        """Post with a named button; the answer (after its redirect)."""
        data = MultiDict(self.values)
        data["do"] = do
        for name, file in files.items():
            data[name] = file
        answer = self.browser.post(self.url, data=data)
        if answer.status_code == 303 and follow:
            query = urlsplit(answer.headers["Location"]).query
            self.open(f"?{query}" if query else "")
        elif answer.status_code in (200, 422):
            self.read(answer.text)
        return answer

    def autosave(self) -> Any:
        """Post as htmx does while one types."""
        url = f"/outbound/{self.id}/save" if self.path == "edit" else f"{self.url}/save"
        return self.browser.htmx(url, method="POST", data=self.values)


def fields_of(text: str, form_id: str) -> MultiDict[str, str]:
    """What a browser would post of this form, buttons apart."""
    root = html5lib.parse(text, namespaceHTMLElements=False)
    form = next(e for e in root.iter("form") if e.get("id") == form_id)
    values: MultiDict[str, str] = MultiDict()
    for element in form.iter():
        name = element.get("name")
        if (
            element.tag not in ("input", "select", "textarea")
            or not name
            or element.get("disabled") is not None
        ):
            continue
        if element.tag == "textarea":
            # The parser has dropped the line break after the tag already.
            values.add(name, element.text or "")
        elif element.tag == "select":
            _add_selected(values, element)
        elif element.get("type") in ("checkbox", "radio"):
            if element.get("checked") is not None:
                values.add(name, element.get("value", "on"))
        elif element.get("type") != "file":
            values.add(name, element.get("value", ""))
    return values


def _add_selected(values: MultiDict[str, str], select: Any) -> None:
    options = list(select.iter("option"))
    chosen = [o for o in options if o.get("selected") is not None]
    if not chosen and select.get("multiple") is None:
        chosen = options[:1]
    for option in chosen:
        values.add(select.get("name"), option.get("value", option.text or ""))


Begin = Callable[..., Form]


@pytest.fixture
def begin(signed_in: Callable[[str], Browser]) -> Begin:
    """Begin a draft as the officer and open its form."""

    def start(username: str = "officer", plan_item: int | str = "") -> Form:
        browser = signed_in(username)
        answer = browser.submit("/outbound/new", {"classified": "none", "plan_item": plan_item})
        assert answer.status_code == 303, answer.text
        found = re.search(r"/outbound/(\d+)/edit", answer.headers["Location"])
        assert found
        return Form(browser, int(found.group(1))).open()

    return start


def row(province: Province, query: str, *params: Any) -> Any:
    """The first row of a question to the database."""
    return province.connection.execute(query, params).fetchone()


def leader(province: Province, name: str = "Trần Thị Bình", tenant: str = "hoi-an") -> int:
    """A key leader whom the standing committee manages."""
    return province.person(
        tenant, name, honorific="bà", key_leader=True, managed_by="standing-committee"
    )


def trip(province: Province, person: int, start: str, end: str, tenant: str = "hoi-an") -> int:
    """A reported trip that somebody headed."""
    made = province.activity(
        tenant,
        state="reported",
        submitted_on=DAY,
        starts_on=start,
        ends_on=end,
        reported_on=end,
        passports_returned_on=end,
    )
    province.member(made, tenant, person, "head")
    return made
